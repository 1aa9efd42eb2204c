"""Where each node of the page stands: camps left and right, outcomes between them.

The drawing has five layers. Outcomes stand in the middle, actors on either side, and each position between
its holder and its outcome. Sides are chosen so that, as far as the positions allow, those who support an
outcome face those who oppose it across it; with nothing to contradict it, support is on the left. Within each
layer nodes are ordered so that few lines cross. Everything is computed from the positions alone, without
random numbers, so equal graphs look equal.

References:
    - Harary, F. (1953). On the notion of balance of a signed graph. Michigan Mathematical Journal 2, 143-146:
      the two sides are the best balanced split found.
    - Sugiyama, K., Tagawa, S., Toda, M. (1981). Methods for visual understanding of hierarchical system
      structures. IEEE Transactions on Systems, Man, and Cybernetics 11, 109-125: layers ordered by
      barycentres, here run to convergence.
    - Barlow, R. E. et al. (1972). Statistical Inference under Order Restrictions. Wiley: pooling adjacent
      violators, which moves the nodes of a column apart by the least total (squared) way.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import networkx as nx
import numpy as np

from stancegraph.models import Stance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.int64]
    Node = tuple[str, int]

_WEIGHT = {Stance.SUPPORTS: 1.0, Stance.OPPOSES: -1.0}
_GAP = 110.0
_MARGIN = 26.0
_ASPECT = 1.45


class Size(NamedTuple):
    """Room that a node takes, label included, in canvas units (CSS pixels at zoom 1)."""

    width: float
    height: float


_POSITION = Size(30.0, 26.0)


class Holding(NamedTuple):
    """One position as the layout sees it.

    Args:
        actor: Index of its holder.
        outcome: Index of its outcome.
        stance: The attitude.
        via: Indices of the actors who pass it on.
    """

    actor: int
    outcome: int
    stance: Stance
    via: tuple[int, ...] = ()


@dataclass(frozen=True)
class Layout:
    """Centres of all nodes as arrays of shape (n, 2), in canvas units, y downwards."""

    actors: Numbers
    outcomes: Numbers
    positions: Numbers


def arrange(holdings: Sequence[Holding], actors: Sequence[Size], outcomes: Sequence[Size], *, single: bool = True) -> Layout:
    """Place all nodes of a graph.

    Args:
        holdings: The positions.
        actors: Size of each actor that a holding names by index.
        outcomes: Size of each outcome that a holding names by index.
        single: Whether each position is a node of its own; if not, none is given a place.

    Returns:
        The centres, in the order of the arguments, around (0, 0).
    """
    side = _sides(holdings, len(actors), len(outcomes))
    held = np.array([h.actor for h in holdings], dtype=np.int64)
    about = np.array([h.outcome for h in holdings], dtype=np.int64)
    beside = side[held] if single else np.zeros(0)
    layers = {
        "left": [size for size, x in zip(actors, side, strict=True) if x < 0],
        "left positions": [_POSITION] * int(np.count_nonzero(beside < 0)),
        "outcomes": list(outcomes),
        "right positions": [_POSITION] * int(np.count_nonzero(beside > 0)),
        "right": [size for size, x in zip(actors, side, strict=True) if x > 0],
    }
    columns = _columns(layers)
    strips = {name: _Strip(layer, columns[name]) for name, layer in layers.items()}

    y_actor, y_outcome = _levels(holdings, side, actors, outcomes, columns)
    leaning = np.bincount(about, weights=side[held], minlength=len(outcomes)).astype(np.float64)
    lean = leaning / np.maximum(np.bincount(about, minlength=len(outcomes)), 1)
    centre = strips["outcomes"]
    x_outcome, y_outcome = centre.fill(y_outcome, start=-centre.width / 2, lean=lean)

    x_actor, x_position, y_position = np.zeros(len(actors)), np.zeros(len(beside)), np.zeros(len(beside))
    for direction, name in ((-1.0, "left"), (1.0, "right")):
        inner, outer = strips[f"{name} positions"], strips[name]
        start = centre.width / 2 + _GAP
        members = np.flatnonzero(side == direction)
        x, y_actor[members] = outer.fill(y_actor[members], start=start + inner.width + _GAP)
        x_actor[members] = direction * x
        between = np.flatnonzero(beside == direction)
        halfway = (y_actor[held[between]] + y_outcome[about[between]]) / 2
        x, y_position[between] = inner.fill(halfway, start=start)
        x_position[between] = direction * x
    return Layout(
        np.column_stack((x_actor, y_actor)),
        np.column_stack((x_outcome, y_outcome)),
        np.column_stack((x_position, y_position)),
    )


def _sides(holdings: Sequence[Holding], n_actors: int, n_outcomes: int) -> Numbers:
    """Return -1 (left) or 1 (right) for each actor: the best balanced split that local search finds.

    An outcome pulls its supporters to one side and its opponents to the other; which side that is may differ
    from outcome to outcome, for a camp may support one thing and oppose another. Each connected part is
    turned so that most positions of support are on the left.
    """
    weights: dict[tuple[int, int], float] = {}
    for holding in holdings:
        pair = (holding.actor, holding.outcome)
        weights[pair] = weights.get(pair, 0.0) + _WEIGHT.get(holding.stance, 0.0)
    signed: nx.Graph[Node] = nx.Graph()
    for (actor, outcome), weight in sorted(weights.items()):
        if weight:
            signed.add_edge(("actor", actor), ("outcome", outcome), weight=weight)

    sign: dict[Node, float] = {}
    for part in sorted(nx.connected_components(signed), key=min):
        found = _balance(signed, part)
        lean = sum(found[n] * signed.degree(n) for n in part if n[0] == "outcome")
        sign.update({node: value if lean >= 0 else -value for node, value in found.items()})

    # Supporters of an outcome whose sign is 1 have sign 1 themselves: these stand on the left.
    side = np.array([-sign.get(("actor", i), 0.0) for i in range(n_actors)])
    for i in sorted({h.actor for h in holdings if side[h.actor] == 0}):
        # Those whose positions lean neither way fill the emptier side.
        side[i] = 1.0 if np.count_nonzero(side > 0) < np.count_nonzero(side < 0) else -1.0
    near = np.zeros(n_actors)
    for holding in holdings:
        near[list(holding.via)] += side[holding.actor]
    # Those who only pass positions on stand where these are, so that the lines to them are short.
    return np.where(side == 0, np.where(near > 0, 1.0, -1.0), side)


def _balance(signed: nx.Graph[Node], part: set[Node]) -> dict[Node, float]:
    """Split one connected part of a signed graph in two so that few edges contradict the split."""
    root = max(part, key=lambda n: (n[0] == "outcome", signed.degree(n), -n[1]))
    sign = {root: 1.0}
    queue = deque([root])
    while queue:
        node = queue.popleft()
        for other in sorted(signed[node], key=lambda n: (-abs(signed[node][n]["weight"]), n)):
            if other not in sign:
                sign[other] = sign[node] * float(np.sign(signed[node][other]["weight"]))
                queue.append(other)
    # Each flip lowers the weight of contradicting edges, so this ends; the bound is for rounding only.
    for _ in range(len(part)):
        flipped = False
        for node in sorted(part):
            pull = sum(sign[other] * edge["weight"] for other, edge in signed[node].items())
            if pull * sign[node] < 0:
                sign[node] = -sign[node]
                flipped = True
        if not flipped:
            break
    return sign


def _columns(layers: dict[str, list[Size]]) -> dict[str, int]:
    """Choose how many columns each layer is folded into, so that the whole is shaped like a screen."""
    heights = {name: sum(size.height for size in layer) for name, layer in layers.items()}
    widths = {name: max((size.width for size in layer), default=0.0) for name, layer in layers.items()}
    best, error = dict.fromkeys(layers, 1), np.inf
    for folds in range(1, len(layers["outcomes"]) + 1):
        limit = heights["outcomes"] / folds
        columns = {name: min(max(1, round(heights[name] / limit)), max(1, len(layer))) for name, layer in layers.items()}
        width = sum(columns[name] * widths[name] + _GAP for name in layers if layers[name])
        height = max(heights[name] / columns[name] for name in layers)
        found = abs(np.log(width / height / _ASPECT))
        if found < error:
            best, error = columns, found
    return best


class _Strip:
    """One layer folded into columns of equal width, its nodes dealt to them in turn from top to bottom."""

    def __init__(self, sizes: Sequence[Size], columns: int) -> None:
        self._heights = np.array([s.height for s in sizes], dtype=np.float64)
        self._column = max((s.width for s in sizes), default=0.0)
        self._columns = columns
        self.width = columns * self._column

    def fill(self, wanted: Numbers, start: float, lean: Numbers | None = None) -> tuple[Numbers, Numbers]:
        """Return x and y of each node, as near to the wanted y as the others of its column let it be.

        Args:
            wanted: The wanted y of each node.
            start: The x at which the first column begins.
            lean: Which column each node would rather be in, the least in the first; without it, none minds.
        """
        order = np.argsort(wanted, kind="stable")
        column_of = self._deal(order, np.zeros(len(wanted)) if lean is None else lean)
        x = start + (column_of.astype(np.float64) + 0.5) * self._column
        y = np.zeros(len(wanted))
        for column in range(self._columns):
            members = order[column_of[order] == column]
            y[members] = _apart(wanted[members], self._heights[members])
        return x, y

    def _deal(self, order: Indices, lean: Numbers) -> Indices:
        """Give each node a column: by lean, and in turn from top to bottom to those of one lean."""
        column_of = np.zeros(len(order), dtype=np.int64)
        share = (np.arange(len(order)) * self._columns) // max(1, len(order))
        first = 0
        for value in np.unique(lean):
            members = order[lean[order] == value]
            room = np.bincount(share[first : first + len(members)], minlength=self._columns)
            left = room.copy()
            for node in members:
                column_of[node] = np.argmax(left / np.maximum(room, 1))
                left[column_of[node]] -= 1
            first += len(members)
        return column_of


def _apart(wanted: Numbers, heights: Numbers) -> Numbers:
    """Move ascending centres apart until no nodes of the given heights overlap, by the least squared way."""
    offsets = np.cumsum(heights) - heights / 2
    pools: list[tuple[float, int]] = []
    for value in wanted - offsets:
        mean, count = float(value), 1
        while pools and pools[-1][0] > mean:
            before, n = pools.pop()
            mean, count = (before * n + mean * count) / (n + count), n + count
        pools.append((mean, count))
    return offsets + np.repeat([m for m, _ in pools], [n for _, n in pools]) if pools else offsets


def _levels(
    holdings: Sequence[Holding],
    side: Numbers,
    actors: Sequence[Size],
    outcomes: Sequence[Size],
    columns: dict[str, int],
) -> tuple[Numbers, Numbers]:
    """Return a first y for actors and outcomes that keeps connected parts together and crosses few lines."""
    graph: nx.Graph[Node] = nx.Graph()
    graph.add_nodes_from(("actor", i) for i in range(len(actors)))
    graph.add_nodes_from(("outcome", i) for i in range(len(outcomes)))
    graph.add_edges_from((("actor", h.actor), ("outcome", h.outcome)) for h in holdings)
    graph.add_edges_from((("actor", via), ("outcome", h.outcome)) for h in holdings for via in h.via)

    y_actor, y_outcome, top = np.zeros(len(actors)), np.zeros(len(outcomes)), 0.0
    for part in sorted(nx.connected_components(graph), key=lambda p: (-len(p), min(p))):
        order = _ordered(graph, part)
        layers: dict[str, list[int]] = {"left": [], "right": [], "outcomes": []}
        for kind, i in order:
            layers["outcomes" if kind == "outcome" else "left" if side[i] < 0 else "right"].append(i)
        extent = {
            name: sum((outcomes if name == "outcomes" else actors)[i].height for i in layer) / columns[name]
            for name, layer in layers.items()
        }
        height = max(extent.values())
        for name, layer in layers.items():
            target = y_outcome if name == "outcomes" else y_actor
            target[layer] = top + height * (np.arange(len(layer)) + 0.5) / max(1, len(layer))
        top += height + _MARGIN
    middle = top / 2
    return y_actor - middle, y_outcome - middle


def _ordered(graph: nx.Graph[Node], part: set[Node]) -> list[Node]:
    """Order the nodes of one connected part so that neighbours are near: barycentres iterated to convergence.

    Replacing each node by the mean of its neighbours, again and again, converges to a constant; what remains
    when the constant is taken away is the second eigenvector of the random walk, the smoothest order.
    """
    nodes = sorted(part)
    if len(nodes) < 3:
        return nodes
    index = {node: i for i, node in enumerate(nodes)}
    edges = np.array([(index[a], index[b]) for a, b in graph.edges(nodes)], dtype=np.int64)
    ends, others = np.concatenate((edges[:, 0], edges[:, 1])), np.concatenate((edges[:, 1], edges[:, 0]))
    degree = np.bincount(ends, minlength=len(nodes)).astype(np.float64)
    level = np.zeros(len(nodes))
    # Breadth first from a far end is a fair first guess, and fixes which end is up.
    far = list(nx.bfs_tree(graph, nodes[0]))[-1]
    for i, node in enumerate(nx.bfs_tree(graph, far)):
        level[index[node]] = i
    for _ in range(300):
        # Half of the old value keeps the two kinds of node from swapping sides at each step.
        level = level / 2 + np.bincount(ends, weights=level[others], minlength=len(nodes)) / degree / 2
        level -= (level * degree).sum() / degree.sum()
        level /= np.sqrt((level**2).sum()) or 1.0
    # Rounding makes ties of equal nodes exact, so that their order is that of their names.
    return sorted(nodes, key=lambda n: (round(float(level[index[n]]), 9), n))
