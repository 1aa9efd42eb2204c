"""How each node and line is drawn: shapes, dashes, sizes, labels and places, as a pyvis network."""

from __future__ import annotations

import unicodedata
from math import sqrt
from typing import TYPE_CHECKING, NamedTuple

from pyvis.network import Network

from stancegraph.models import ActorType, Stance
from stancegraph.page.layout import Holding, Size, arrange

if TYPE_CHECKING:
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

_POSITION_SIZE = 7
_ACTOR_FONT = 14
_OPTIONS = {
    "physics": {"enabled": False},
    "layout": {"improvedLayout": False},
    "interaction": {
        "hover": True,
        "hoverConnectedEdges": False,
        "selectConnectedEdges": False,
        "multiselect": False,
        "keyboard": {"enabled": True, "bindToWindow": False},
    },
    "nodes": {"borderWidth": 1.5, "borderWidthSelected": 3, "labelHighlightBold": False},
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


def draw(model: Model) -> Network:
    """Draw a model.

    Nodes are named by kind and place in the model ("a0", "o3", "p12"), edges by their position and kind
    ("p12h", "p12t", "p12v0"). Colours are left to the page, which knows whether it is light or dark: each
    node's `group` and each edge's `group` say which it takes.

    Args:
        model: What to draw.

    Returns:
        The network, each node with its place and physics switched off.
    """
    held = _counts(len(model["actors"]), [position["holder"] for position in model["positions"]])
    meant = _counts(len(model["outcomes"]), [position["outcome"] for position in model["positions"]])
    actor_labels = [label(actor["name"] or "(unnamed)", 20, 3, _ACTOR_FONT) for actor in model["actors"]]
    actor_sizes = [9 + 4 * sqrt(min(count, 36)) for count in held]
    fonts = [round(12.5 + 1.5 * sqrt(min(count, 25)), 1) for count in meant]
    outcome_labels = [
        label(outcome["label"] or "(unnamed)", 24, 4, font) for outcome, font in zip(model["outcomes"], fonts, strict=True)
    ]
    layout = arrange(
        [Holding(p["holder"], p["outcome"], Stance(p["stance"]), tuple(p["via"])) for p in model["positions"]],
        [
            Size(max(text.width, 2 * size) + 26, text.height + 2 * size + 24)
            for text, size in zip(actor_labels, actor_sizes, strict=True)
        ],
        [Size(text.width + 56, text.height + 38) for text in outcome_labels],
    )

    network = Network(directed=True, cdn_resources="in_line")
    network.options = _OPTIONS
    for i, actor in enumerate(model["actors"]):
        network.add_node(
            f"a{i}",
            label=actor_labels[i].text,
            shape=SHAPES[ActorType(actor["type"])],
            group=actor["type"],
            size=round(actor_sizes[i], 1),
            font={"size": _ACTOR_FONT, "strokeWidth": 4},
            **_place(layout.actors[i]),
        )
    for i in range(len(model["outcomes"])):
        network.add_node(
            f"o{i}",
            label=outcome_labels[i].text,
            shape=OUTCOME_SHAPE,
            group="outcome",
            font={"size": fonts[i]},
            margin=10,
            shapeProperties={"borderRadius": 5},
            **_place(layout.outcomes[i]),
        )
    for i, position in enumerate(model["positions"]):
        network.add_node(
            f"p{i}",
            shape=POSITION_SHAPE,
            group=position["stance"],
            size=_POSITION_SIZE,
            **_place(layout.positions[i]),
        )
        # Positions go without a label, where pyvis would write the node's name.
        del network.node_map[f"p{i}"]["label"]
    for i, position in enumerate(model["positions"]):
        line = {
            "group": position["stance"],
            "dashes": list(DASHES[Stance(position["stance"])]) or False,
            "width": 1.8,
        }
        network.add_edge(f"a{position['holder']}", f"p{i}", id=f"p{i}h", arrows="", **line)
        arrow = {"to": {"enabled": True, "scaleFactor": 0.55}}
        network.add_edge(f"p{i}", f"o{position['outcome']}", id=f"p{i}t", arrows=arrow, **line)
        for rank, via in enumerate(position["via"]):
            network.add_edge(f"p{i}", f"a{via}", id=f"p{i}v{rank}", group="via", arrows="", width=0.8)
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


def _fitting(text: str, width: int) -> int:
    """Return how many characters of a text fit into a width given in letters; at least one."""
    room = width
    for i, character in enumerate(text[: width + 1]):
        room -= _letters(character)
        if room < 0:
            return max(i, 1)
    return min(len(text), width + 1)


def _letters(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


def _counts(size: int, places: list[int]) -> list[int]:
    counts = [0] * size
    for place in places:
        counts[place] += 1
    return counts


def _place(point: NDArray[np.float64]) -> dict[str, int]:
    x, y = point.tolist()
    return {"x": round(x), "y": round(y)}
