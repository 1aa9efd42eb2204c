"""The discourse network: who is tied to whom, in the colours of their coalitions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import networkx as nx
import numpy as np
from matplotlib.collections import LineCollection

from stancegraph.models import Stance
from stancegraph.networks import actor_network, affiliation_network, coalitions, events, outcome_network
from stancegraph.networks._choices import check_choice, check_count
from stancegraph.networks.strongest import strongest_ties
from stancegraph.plots import _style as style
from stancegraph.plots._camps import activity, camps
from stancegraph.plots._figure import Plot, Sign, Words, axes_in, drawn, mark, sheet, source_note_of
from stancegraph.plots._places import Label, place_labels, push_apart
from stancegraph.plots._text import width_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.congruence import Normalisation
    from stancegraph.networks.events import EventSettings
    from stancegraph.plots._places import Floats
    from stancegraph.plots._style import Camp

NetworkKind = Literal["congruence", "conflict", "subtract", "affiliation", "outcomes"]
_KINDS = ("congruence", "conflict", "subtract", "affiliation", "outcomes")
_TITLES = {
    "congruence": "Who agrees with whom",
    "conflict": "Who contradicts whom",
    "subtract": "Allies and opponents",
    "affiliation": "Who takes which side",
    "outcomes": "What is taken alike",
}
_TIES = {
    "congruence": "tied where they take the same side",
    "conflict": "tied where they take opposite sides",
    "subtract": "tied by agreement less disagreement",
    "affiliation": "tied to what they support or oppose",
    "outcomes": "tied where the same actors take the same side on both",
}
# Ties a node, above which only the strongest are drawn; opponents have none between themselves.
_DENSE = {"congruence": 2.5, "conflict": 1.5, "subtract": 2.5, "affiliation": 2.0, "outcomes": 2.0}
_LEAST_HEAVY = {"congruence": 0.0, "conflict": 0.0, "subtract": 0.0, "affiliation": 3.0, "outcomes": 0.0}
_LABEL_ROOM = 1.25  # inches of one line of a label
_LINE = style.LABEL * 1.15 / 72
_CONFLICT = style.tint(style.COLOURS[Stance.OPPOSES], 0.75)
_BETWEEN = "#c9cdd1"


class _Node(NamedTuple):
    id: str
    label: str
    outcome: bool
    events: float
    camp: Camp


@drawn
def plot_network(
    graph: StanceGraph,
    kind: NetworkKind = "congruence",
    *,
    normalisation: Normalisation = "average",
    most: int = 40,
    most_ties: int | None = None,
    title: str | None = None,
    width: float = style.WIDTH,
    height: float | None = None,
    **settings: Unpack[EventSettings],
) -> Plot:
    """Draw a discourse network: nodes by size of what they say, ties by strength, actors in the colours of coalitions.

    Actors who agree are drawn together, whichever ties are shown; a tie is the wider the greater its weight. Of a dense
    network the strongest ties are drawn, as `stancegraph.networks.strongest` finds them.

    Args:
        graph: The graph.
        kind: "congruence", "conflict" or "subtract" for actors, as in `actor_network`; "affiliation" for actors and outcomes;
            "outcomes" for outcomes that are taken alike.
        normalisation: As in `actor_network`; an affiliation network has none.
        most: How many nodes to draw, those with most events.
        most_ties: How many ties to draw, by default two and a half a node; those that hold the network together always are.
        title: What to write above.
        width: The width in inches.
        height: The height in inches.
        settings: As in `stancegraph.networks.events`.

    Raises:
        ValueError: If nobody is tied to anybody; or as in `events`.
    """
    check_choice("kind", kind, _KINDS)
    check_count("most", most)
    whole = _network(graph, kind, normalisation, settings)
    tied = whole.subgraph(node for node, degree in whole.degree() if degree)
    if not len(tied):
        raise ValueError(f"nothing to draw: no two are {_TIES[kind]}; choose another kind, or other settings")
    shown = _largest(tied, most)
    number = shown.number_of_edges()
    shown = _thinned(shown, int(_DENSE[kind] * len(shown)) if most_ties is None else most_ties)
    coloured = camps(coalitions(graph, **settings).to_dict(), activity(graph, **settings))
    nodes = [_node(shown, node, coloured.of) for node in shown]
    key = [*coloured.key(node.label for node in nodes if not node.outcome), *_tie_key(kind)]
    words = _words(graph, kind, whole, shown, number, key, title, settings)
    figure, box = sheet(words, body=min(5.2, 2.2 + 0.12 * len(nodes)), width=width, height=height)
    axes = axes_in(figure, box)
    axes.set_xlim(0, box.width)  # inches
    axes.set_ylim(0, box.height)
    axes.set_xticks([])
    axes.set_yticks([])
    labels = [_label(node) for node in nodes]
    radii = _radii(nodes)
    places = _places(_pull(graph, kind, shown, normalisation, settings), radii, labels, (box.width, box.height))
    lines = _draw_ties(axes, kind, shown, places, nodes)
    for node, (x, y), radius in zip(nodes, places, radii, strict=True):
        axes.add_line(mark(x, y, _sign(node), 2 * 72 * radius, zorder=4))
    _draw_labels(axes, labels, places, radii, lines, (box.width, box.height), [node.events for node in nodes])
    return figure


def _largest(network: nx.Graph[str], most: int) -> nx.Graph[str]:
    """Return the part of a network with most events, without those who are tied to nobody in it."""
    names = sorted(network, key=lambda node: (-network.nodes[node]["events"], node))[:most]
    part: nx.Graph[str] = nx.MultiGraph() if network.is_multigraph() else nx.Graph()
    within = network.subgraph(names)
    part.add_nodes_from((node, network.nodes[node]) for node in sorted(names) if within.degree(node))
    part.add_edges_from(sorted(within.edges(data=True), key=lambda tie: (tie[:2], str(tie[2].get("agreement")))))
    return part


def _thinned(network: nx.Graph[str], most: int) -> nx.Graph[str]:
    """Return a network with its strongest ties; what two nodes agree and disagree on stays or goes together."""
    if not network.is_multigraph():
        return strongest_ties(network, most=most)
    joint: nx.Graph[str] = nx.Graph()
    for one, other, weight in network.edges(data="weight"):
        joint.add_edge(one, other, weight=weight + (joint.edges[one, other]["weight"] if joint.has_edge(one, other) else 0))
    kept = strongest_ties(joint, most=most)
    thin = network.copy()
    thin.remove_edges_from([tie for tie in network.edges(keys=True) if not kept.has_edge(*tie[:2])])
    return thin


def _network(graph: StanceGraph, kind: NetworkKind, normalisation: Normalisation, settings: EventSettings) -> nx.Graph[str]:
    if kind == "affiliation":
        return affiliation_network(graph, **settings)
    if kind == "outcomes":
        return outcome_network(graph, normalisation=normalisation, **settings)
    return actor_network(graph, kind=kind, normalisation=normalisation, **settings)


def _node(network: nx.Graph[str], node: str, camp_of: Mapping[str, Camp]) -> _Node:
    attributes = network.nodes[node]
    camp = camp_of.get(attributes["label"], style.ALONE)
    return _Node(node, attributes["label"], attributes["kind"] == "outcome", attributes["events"], camp)


def _sign(node: _Node) -> Sign:
    return Sign("", style.OUTLINE, "s", hollow=True) if node.outcome else Sign("", node.camp.colour, node.camp.marker)


def _words(
    graph: StanceGraph,
    kind: NetworkKind,
    whole: nx.Graph[str],
    shown: nx.Graph[str],
    number: int,
    key: Sequence[Sign],
    title: str | None,
    settings: EventSettings,
) -> Words:
    note = [source_note_of(graph, events(graph, **settings))]
    if shown.number_of_edges() < number:
        note.append(f"Ties: the strongest {shown.number_of_edges():,} of {number:,}.")
    alone = sum(not degree for _, degree in whole.degree())
    left = len(whole) - alone - len(shown)
    if left:
        note.append(f"Left out: {left:,} with as few positions or fewer.")
    if alone:
        note.append(f"Not tied to anybody: {alone:,}.")
    who = "Outcomes" if kind == "outcomes" else "Actors"
    return Words(
        title=_TITLES[kind] if title is None else title,
        subtitle=f"{who}, {_TIES[kind]}; larger: more positions, wider: a stronger tie",
        note=" ".join(note),
        key=key,
    )


def _tie_key(kind: NetworkKind) -> list[Sign]:
    if kind == "affiliation":
        sides = [Sign(s.value, style.COLOURS[s], dashes=style.DASHES[s]) for s in (Stance.SUPPORTS, Stance.OPPOSES)]
        return [Sign("outcome", style.OUTLINE, "s", hollow=True), *sides]
    if kind == "subtract":
        return [
            Sign("agree", _BETWEEN, dashes=style.DASHES[Stance.SUPPORTS]),
            Sign("disagree", _CONFLICT, dashes=style.DASHES[Stance.OPPOSES]),
        ]
    return []


def _label(node: _Node) -> str:
    return "\n".join(wrapped(node.label, _LABEL_ROOM, style.LABEL, lines=2))


def _radii(nodes: Sequence[_Node]) -> Floats:
    most = max(node.events for node in nodes)
    return np.array([0.045 + 0.085 * np.sqrt(node.events / most) for node in nodes])


def _pull(
    graph: StanceGraph, kind: NetworkKind, shown: nx.Graph[str], normalisation: Normalisation, settings: EventSettings
) -> Floats:
    """Return how much each two nodes attract each other."""
    source: nx.Graph[str] = shown
    if kind in ("conflict", "subtract"):
        source = actor_network(graph, kind="subtract", normalisation=normalisation, **settings)
    place = {node: number for number, node in enumerate(shown)}
    pull = np.zeros((len(place), len(place)))
    for one, other, attributes in source.edges(data=True):
        if one in place and other in place:
            against = attributes.get("agreement") == "opposes"
            weight = max(attributes["weight"], 0.0) * (0.5 if against else 1.0)
            pull[place[one], place[other]] += weight
            pull[place[other], place[one]] += weight
    return pull


def _places(pull: Floats, radii: Floats, labels: Sequence[str], room: tuple[float, float]) -> Floats:
    """Return where nodes stand, in inches: those that attract each other near, none on another."""
    number = len(pull)
    pull = pull / pull.max() if pull.max() else pull
    # A weak pull between all keeps what is not tied from drifting off.
    network = nx.from_numpy_array(np.sqrt(pull) + 0.02 * (1 - np.eye(number)))
    found = nx.spring_layout(network, k=1.6 / np.sqrt(number), iterations=400, seed=1, weight="weight")
    points = np.array([found[node] for node in range(number)], dtype=float)
    points -= points.mean(axis=0)
    _, _, axes = np.linalg.svd(points, full_matrices=False)
    points = points @ axes.T
    points *= np.where((points**3).sum(axis=0) < 0, -1, 1)
    margin = np.array([0.75, 0.25])
    return push_apart(margin + _filling(points) * (np.array(room) - 2 * margin), radii + 0.09, room)


def _filling(points: Floats) -> Floats:
    """Return points that fill the unit square: half as they are, half evenly in their order, lest one far off crowds the rest."""
    low, high = points.min(axis=0), points.max(axis=0)
    span = np.where(high > low, high - low, 1.0)
    evenly = points.argsort(axis=0, kind="stable").argsort(axis=0) / max(len(points) - 1, 1)
    filled: Floats = np.where(high > low, ((points - low) / span + evenly) / 2, 0.5)
    return filled


def _draw_ties(axes: Axes, kind: NetworkKind, network: nx.Graph[str], places: Floats, nodes: Sequence[_Node]) -> Floats:
    place = {node.id: number for number, node in enumerate(nodes)}
    ties = sorted(network.edges(data=True), key=lambda tie: (abs(tie[2]["weight"]), tie[0], tie[1]))
    most = max([_LEAST_HEAVY[kind], *(abs(attributes["weight"]) for _, _, attributes in ties)])
    lines = []
    for one, other, attributes in ties:
        a, b = place[one], place[other]
        colour, dashes = _tie_look(kind, attributes, nodes[a], nodes[b])
        ends = np.array([places[a], places[b]])
        if kind == "affiliation" and network.number_of_edges(one, other) > 1:
            ends = ends + _aside(ends) * (0.02 if attributes["agreement"] == "supports" else -0.02)
        wide = 0.5 + (1.8 if kind == "conflict" else 2.8) * abs(attributes["weight"]) / most
        axes.add_collection(
            LineCollection([ends], colors=[colour], linewidths=[wide], linestyles=[dashes], zorder=2), autolim=False
        )
        lines.append(ends.ravel())
    return np.array(lines)


def _aside(ends: Floats) -> Floats:
    along = ends[1] - ends[0]
    across: Floats = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
    return across


def _tie_look(
    kind: NetworkKind, attributes: Mapping[str, object], one: _Node, other: _Node
) -> tuple[str, tuple[float, tuple[float, ...]]]:
    solid = style.DASHES[Stance.SUPPORTS]
    if kind == "affiliation":
        stance = {"supports": Stance.SUPPORTS, "opposes": Stance.OPPOSES}.get(str(attributes["agreement"]), Stance.MIXED)
        return style.tint(style.COLOURS[stance], 0.7), style.DASHES[stance]
    if kind == "conflict":
        return _CONFLICT, solid
    if float(str(attributes["weight"])) < 0:
        return _CONFLICT, style.DASHES[Stance.OPPOSES]
    if one.camp == other.camp and one.camp != style.ALONE:
        return style.tint(one.camp.colour, 0.5), solid
    return _BETWEEN, solid


def _draw_labels(
    axes: Axes,
    labels: Sequence[str],
    places: Floats,
    radii: Floats,
    lines: Floats,
    room: tuple[float, float],
    importance: Sequence[float],
) -> None:
    order = sorted(range(len(labels)), key=lambda number: (-importance[number], labels[number]))
    boxes = [
        Label(
            float(places[n][0]),
            float(places[n][1]),
            float(radii[n]) + 0.01,
            max(width_of(line, style.LABEL) for line in labels[n].split("\n")) + 0.04,
            _LINE * (labels[n].count("\n") + 1) + 0.02,
        )
        for n in order
    ]
    for number, box, place in zip(order, boxes, place_labels(boxes, room, lines), strict=True):
        if place is None:
            continue
        middle = place.left + box.width / 2, place.bottom + box.height / 2
        if place.far:
            axes.plot([box.x, middle[0]], [box.y, middle[1]], color=style.MUTED, linewidth=0.6, zorder=3)
        side = "left" if place.left >= box.x else "right" if place.left + box.width <= box.x else "center"
        x = {"left": place.left + 0.02, "right": place.left + box.width - 0.02, "center": middle[0]}[side]
        text = axes.text(x, middle[1], labels[number], ha=side, va="center", multialignment=side, zorder=6, linespacing=1.05)
        text.set(fontproperties=style.font(style.LABEL), color=style.INK, path_effects=style.HALO)
