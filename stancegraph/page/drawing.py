"""How each node and line is drawn: shapes, dashes, sizes, labels and places, as a pyvis network.

A small graph is drawn whole, each position a node between its holder and its outcome. In a larger one the
positions of one actor on one outcome with one stance are gathered into one line, which the page opens on demand.
Of a graph with more actors or lines than can be told apart on a screen only the core is drawn, the lines with most
positions.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from pyvis.network import Network

from stancegraph.models import ActorType, Stance
from stancegraph.page.layout import Holding, Size, arrange

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

    from stancegraph.page.model import Model

SHAPES = {
    ActorType.PERSON: "dot",
    ActorType.COUNTRY: "square",
    ActorType.ORGANIZATION: "hexagon",
    ActorType.MEDIA: "triangle",
    ActorType.GROUP: "star",
    ActorType.UNKNOWN: "triangleDown",
}
POSITION_SHAPE = "diamond"
OUTCOME_SHAPE = "box"
DASHES: dict[Stance, tuple[int, ...]] = {
    Stance.SUPPORTS: (),
    Stance.OPPOSES: (9, 6),
    Stance.MIXED: (12, 4, 2, 4),
    Stance.UNDECIDED: (2, 5),
}
MOST_POSITIONS = 300  # drawn each as a node of its own
MOST_ACTORS = 2000  # of a graph that is drawn whole
MOST_LINES = 4000  # likewise
CORE_LINES = 1200  # of the core of a larger one

_POSITION_SIZE = 7
_ACTOR_FONT = 14
# Lines of different stances between the same two nodes part from each other by how early they turn.
_ROUNDNESS = {Stance.SUPPORTS: 0.45, Stance.OPPOSES: 0.33, Stance.MIXED: 0.58, Stance.UNDECIDED: 0.7}
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "multiselect": False,
        "hideEdgesOnDrag": False,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
    "nodes": {
        "borderWidth": 1.5,
        "borderWidthSelected": 3,
        "labelHighlightBold": False,
        # The page writes the names itself, so that none is too small to read; the library only keeps room for them.
        "scaling": {"label": {"drawThreshold": 1e9}},
    },
    "edges": {
        "smooth": {"enabled": True, "type": "cubicBezier", "forceDirection": "horizontal", "roundness": 0.45},
        "selectionWidth": 1,
        "hoverWidth": 1,
    },
}


class Label(NamedTuple):
    """A name broken into lines, and the room it takes in canvas units.

    Args:
        text: The lines, joined by line ends.
        width: Width of the longest line.
        height: Height of all lines.
    """

    text: str
    width: float
    height: float


class Line(NamedTuple):
    """The positions of one actor on one outcome with one stance."""

    actor: int
    outcome: int
    stance: Stance


def draw(model: Model) -> Network:
    """Draw a model.

    Nodes are named by kind and place in the model ("a0", "o3", "p12"), edges by their position and kind
    ("p12h", "p12t", "p12v0"), gathered lines by what they gather ("l0,3,supports"). Colours are left to the page,
    which knows whether it is light or dark: each node's and each edge's `paint` says which it takes.

    Args:
        model: What to draw.

    Returns:
        The network, each node with its place and physics switched off.
    """
    network = Network(directed=True, cdn_resources="in_line")
    network.options = _OPTIONS
    holdings = [Holding(p["holder"], p["outcome"], Stance(p["stance"]), tuple(p["via"])) for p in model["positions"]]
    gathered = len(holdings) > MOST_POSITIONS
    lines = Counter(Line(h.actor, h.outcome, h.stance) for h in holdings)
    actors, outcomes = list(range(len(model["actors"]))), list(range(len(model["outcomes"])))
    if gathered and (len(actors) > MOST_ACTORS or len(lines) > MOST_LINES):
        lines = _core(lines)
        actors, outcomes = sorted({line.actor for line in lines}), sorted({line.outcome for line in lines})
    _add_nodes(network, model, holdings, actors, outcomes, single=not gathered)
    if gathered:
        _add_lines(network, lines)
    else:
        _add_positions(network, model)
    return network


def label(text: str, width: int, lines: int, font: float) -> Label:
    """Break a name into at most so many lines of at most so many letters, and measure it.

    Args:
        text: The name, on one line.
        width: Letters a line may hold; East Asian wide ones count twice.
        lines: Lines the label may have; what does not fit is cut off and marked by "…".
        font: Height of a letter in canvas units.
    """
    rows: list[str] = []
    rest = text
    while rest and len(rows) < lines:
        end = _fitting(rest, width)
        if end < len(rest) and (space := rest.rfind(" ", 1, end + 1)) > 0:
            end = space
        rows.append(rest[:end])
        rest = rest[end:].lstrip()
    if rest:
        rows[-1] = rows[-1][: _fitting(rows[-1], width - 1)].rstrip() + "…"
    longest = max(map(_letters, rows), default=0)
    return Label("\n".join(rows), round(0.56 * font * longest, 1), round(1.2 * font * len(rows), 1))


def _core(lines: Counter[Line]) -> Counter[Line]:
    """Keep the lines that gather most positions; of equal ones those of actors and outcomes with most."""
    strongest = sorted(lines, key=lambda line: (-lines[line], line.actor + line.outcome, line))
    return Counter({line: lines[line] for line in strongest[:CORE_LINES]})


def _add_nodes(
    network: Network, model: Model, holdings: list[Holding], actors: list[int], outcomes: list[int], *, single: bool
) -> None:
    """Add the given actors and outcomes, and each position among them if these are to be nodes too."""
    held = Counter(h.actor for h in holdings)
    meant = Counter(h.outcome for h in holdings)
    actor_labels = [label(model["actors"][i]["name"] or "(unnamed)", 20, 3, _ACTOR_FONT) for i in actors]
    actor_sizes = [9 + 4 * sqrt(min(held[i], 36)) for i in actors]
    fonts = [round(12.5 + 1.5 * sqrt(min(meant[i], 25)), 1) for i in outcomes]
    outcome_labels = [
        label(model["outcomes"][i]["label"] or "(unnamed)", 24, 4, font) for i, font in zip(outcomes, fonts, strict=True)
    ]
    layout = arrange(
        _among(holdings, actors, outcomes),
        [
            Size(max(text.width, 2 * size) + 26, text.height + 2 * size + 24)
            for text, size in zip(actor_labels, actor_sizes, strict=True)
        ],
        [Size(text.width + 56, text.height + 38) for text in outcome_labels],
        single=single,
    )
    for place, i in enumerate(actors):
        actor = model["actors"][i]
        network.add_node(
            f"a{i}",
            label=actor_labels[place].text,
            shape=SHAPES[ActorType(actor["type"])],
            paint=actor["type"],
            size=round(actor_sizes[place], 1),
            font={"size": _ACTOR_FONT, "strokeWidth": 4},
            **_place(layout.actors[place]),
        )
    for place, i in enumerate(outcomes):
        network.add_node(
            f"o{i}",
            label=outcome_labels[place].text,
            shape=OUTCOME_SHAPE,
            paint="outcome",
            font={"size": fonts[place]},
            margin=10,
            shapeProperties={"borderRadius": 5},
            **_place(layout.outcomes[place]),
        )
    for i, point in enumerate(layout.positions if single else ()):
        stance = model["positions"][i]["stance"]
        network.add_node(f"p{i}", shape=POSITION_SHAPE, paint=stance, size=_POSITION_SIZE, **_place(point))
        # Positions go without a label, where pyvis would write the node's name.
        del network.node_map[f"p{i}"]["label"]


def _among(holdings: list[Holding], actors: list[int], outcomes: list[int]) -> list[Holding]:
    """Return the holdings among some actors and outcomes, who are counted anew."""
    actor_place = {i: place for place, i in enumerate(actors)}
    outcome_place = {i: place for place, i in enumerate(outcomes)}
    return [
        Holding(
            actor_place[h.actor],
            outcome_place[h.outcome],
            h.stance,
            tuple(actor_place[v] for v in h.via if v in actor_place),
        )
        for h in holdings
        if h.actor in actor_place and h.outcome in outcome_place
    ]


def _add_positions(network: Network, model: Model) -> None:
    for i, position in enumerate(model["positions"]):
        line = _line(Stance(position["stance"])) | {"width": 1.8}
        network.add_edge(f"a{position['holder']}", f"p{i}", id=f"p{i}h", arrows="", **line)
        arrow = {"to": {"enabled": True, "scaleFactor": 0.55}}
        network.add_edge(f"p{i}", f"o{position['outcome']}", id=f"p{i}t", arrows=arrow, **line)
        for rank, via in enumerate(position["via"]):
            network.add_edge(f"p{i}", f"a{via}", id=f"p{i}v{rank}", paint="via", arrows="", width=0.8)


def _add_lines(network: Network, lines: Counter[Line]) -> None:
    for line, count in sorted(lines.items()):
        network.add_edge(
            f"a{line.actor}",
            f"o{line.outcome}",
            id=f"l{line.actor},{line.outcome},{line.stance.value}",
            arrows="",
            width=round(1 + 1.1 * sqrt(min(count, 36) - 1), 1),
            smooth={"roundness": _ROUNDNESS[line.stance]},
            **_line(line.stance),
        )


def _line(stance: Stance) -> dict[str, object]:
    return {"paint": stance.value, "dashes": list(DASHES[stance]) or False}


def _fitting(text: str, width: int) -> int:
    """Return how many characters of a text fit into a width given in letters; at least one."""
    room = width
    for i, character in enumerate(text[: width + 1]):
        room -= _letters(character)
        if room < 0:
            return max(i, 1)
    return min(len(text), width + 1)


def _letters(text: Iterable[str]) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _place(point: NDArray[np.float64]) -> dict[str, int]:
    x, y = point.tolist()
    return {"x": round(x), "y": round(y)}
