"""The discourse network: who is tied to whom, in the colours of their coalitions."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, NamedTuple

import networkx as nx
import numpy as np
from matplotlib.collections import LineCollection

from stancegraph.models import Stance
from stancegraph.networks import actor_network, affiliation_network, coalitions, events, outcome_network
from stancegraph.networks._choices import check_choice, check_count
from stancegraph.networks.strongest import strongest_ties
from stancegraph.plots import _style as style
from stancegraph.plots._axes import axes_in, write
from stancegraph.plots._camps import activity, camps
from stancegraph.plots._figure import Plot, Words, drawn, sheet, source_note_of
from stancegraph.plots._marks import Sign, mark
from stancegraph.plots._places import Label, Place, place_labels, push_apart, spread_out
from stancegraph.plots._text import width_of, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from matplotlib.axes import Axes
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.congruence import Normalisation
    from stancegraph.networks.events import EventSettings
    from stancegraph.plots._axes import Box
    from stancegraph.plots._places import Floats
    from stancegraph.plots._style import Camp

NetworkKind = Literal["congruence", "conflict", "subtract", "affiliation", "outcomes"]


class _Look(NamedTuple):
    """How a kind of network is drawn.

    Args:
        title: What it shows.
        tied: What ties two nodes.
        dense: Ties a node, above which only the strongest are drawn; opponents have none between themselves.
        wide: Points of the widest line.
        heaviest: The weight that it has at least; only where weights are counts.
    """

    title: str
    tied: str
    dense: float = 2.5
    wide: float = 3.3
    heaviest: float = 0.0


_LOOKS: dict[NetworkKind, _Look] = {
    "congruence": _Look("Who agrees with whom", "Actors, tied where they take the same side"),
    "conflict": _Look("Who contradicts whom", "Actors, tied where they take opposite sides", dense=1.5, wide=2.3),
    "subtract": _Look("Allies and opponents", "Actors, tied by agreement less disagreement"),
    "affiliation": _Look("Who takes which side", "Actors, tied to what they support or oppose", dense=2.0, heaviest=3.0),
    "outcomes": _Look("What is taken alike", "Outcomes, tied where the same actors take the same side on both", dense=2.0),
}
_THINNEST = 0.5  # points
_LABEL_ROOM = 1.25  # inches of one line of a label
_LINE = style.LABEL * 1.15 / 72
_SUPPORT, _OPPOSITION = style.DASHES[Stance.SUPPORTS], style.DASHES[Stance.OPPOSES]
_AGREE, _DISAGREE = "#c9cdd1", style.tint(style.COLOURS[Stance.OPPOSES], 0.75)
_OUTCOME = Sign("outcome", style.OUTLINE, "s", hollow=True)
_KEYS: dict[NetworkKind, tuple[Sign, ...]] = {
    "affiliation": (
        _OUTCOME,
        Sign("supports", style.COLOURS[Stance.SUPPORTS], dashes=_SUPPORT),
        Sign("opposes", style.COLOURS[Stance.OPPOSES], dashes=_OPPOSITION),
    ),
    "subtract": (Sign("agree", _AGREE, dashes=_SUPPORT), Sign("disagree", _DISAGREE, dashes=_OPPOSITION)),
}


class _Node(NamedTuple):
    id: str
    label: str
    outcome: bool
    events: float
    camp: Camp


class _Name(NamedTuple):
    """A node's name in lines, the mark that it stands beside, and its place."""

    lines: list[str]
    label: Label
    place: Place


class _Drawing(NamedTuple):
    """Where everything is, in inches; a name is None where there is no room for it."""

    nodes: list[_Node]
    places: Floats
    radii: Floats
    ties: list[_Tie]
    names: list[_Name | None]


class _Tie(NamedTuple):
    one: _Node
    other: _Node
    weight: float
    agreement: str
    ends: Floats


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
    """Draw a discourse network: nodes by how much is said, ties by strength, actors in the colours of their coalitions.

    Actors who agree are drawn together, whichever ties are shown; a tie is the wider the greater its weight. Of a dense
    network the strongest ties are drawn, as `stancegraph.networks.strongest_ties` finds them. No label lies on another or on
    a node; where there is no room for one, the note says how many are left out.

    Args:
        graph: The graph.
        kind: "congruence", "conflict" or "subtract" for actors, as in `actor_network`; "affiliation" for actors and
            outcomes; "outcomes" for outcomes that are taken alike.
        normalisation: As in `actor_network`; an affiliation network has none.
        most: How many nodes to draw, those with most events.
        most_ties: How many ties to draw, by default about two a node; those that hold the network together always are.
        title: What to write above.
        width: The width in inches.
        height: The height in inches.
        settings: As in `stancegraph.networks.events`.

    Raises:
        ValueError: If nobody is tied to anybody; or as in `events`.
    """
    check_choice("kind", kind, _LOOKS)
    check_count("most", most)
    look = _LOOKS[kind]
    whole = _network(graph, kind, normalisation, settings)
    part = _largest(whole, most)
    if not len(part):
        raise ValueError(f"nothing to draw: {look.tied.lower()}, but none are; choose another kind, or other settings")
    shown = _thinned(part, int(look.dense * len(part)) if most_ties is None else most_ties)
    coloured = camps(coalitions(graph, **settings), activity(graph, **settings))
    nodes = [_node(shown, id_, coloured.of) for id_ in shown]
    key = [*coloured.key(node.label for node in nodes if not node.outcome), *_KEYS.get(kind, ())]
    words = Words(
        title=look.title if title is None else title,
        subtitle=f"{look.tied}; larger: more positions, wider: a stronger tie",
        note=" ".join([source_note_of(graph, events(graph, **settings)), *_left_out(whole, part, shown)]),
        key=key,
    )
    pull = _pull(graph, kind, shown, normalisation, settings)
    body = min(5.2, 2.2 + 0.12 * len(nodes))
    figure, box = sheet(words, body=body, width=width, height=height)
    drawing = _laid_out(nodes, pull, shown, (box.width, box.height))
    if None in drawing.names:
        words = replace(words, note=f"{words.note} Some names are left out for want of room.")
        figure, box = sheet(words, body=body, width=width, height=height)
        drawing = _laid_out(nodes, pull, shown, (box.width, box.height))
    _draw(figure, box, kind, drawing)
    return figure


def _network(graph: StanceGraph, kind: NetworkKind, normalisation: Normalisation, settings: EventSettings) -> nx.Graph[str]:
    if kind == "affiliation":
        return affiliation_network(graph, **settings)
    if kind == "outcomes":
        return outcome_network(graph, normalisation=normalisation, **settings)
    return actor_network(graph, kind=kind, normalisation=normalisation, **settings)


def _largest(network: nx.Graph[str], most: int) -> nx.Graph[str]:
    """Return the part of a network with most events, without those who are tied to nobody in it."""
    tied = sorted((id_ for id_, degree in network.degree() if degree), key=lambda id_: (-network.nodes[id_]["events"], id_))
    part = network.subgraph(tied[:most]).copy()
    part.remove_nodes_from(list(nx.isolates(part)))
    ordered: nx.Graph[str] = part.__class__()
    ordered.add_nodes_from(sorted(part.nodes(data=True)))
    ordered.add_edges_from(part.edges(data=True))
    return ordered


def _thinned(network: nx.Graph[str], most: int) -> nx.Graph[str]:
    """Return a network with its strongest ties; what two nodes agree and disagree on stays or goes together."""
    if not network.is_multigraph():
        return strongest_ties(network, most=most)
    joint: nx.Graph[str] = nx.Graph()
    joint.add_nodes_from(network)
    for one, other, attributes in network.edges(data=True):
        before = joint.edges[one, other]["weight"] if joint.has_edge(one, other) else 0.0
        joint.add_edge(one, other, weight=before + attributes["weight"])
    kept = strongest_ties(joint, most=most)
    thin = network.copy()
    for one, other in joint.edges:
        if not kept.has_edge(one, other):
            thin.remove_edges_from([(one, other)] * network.number_of_edges(one, other))
    return thin


def _left_out(whole: nx.Graph[str], part: nx.Graph[str], shown: nx.Graph[str]) -> list[str]:
    alone = nx.number_of_isolates(whole)
    found = []
    if shown.number_of_edges() < part.number_of_edges():
        found.append(f"Ties: the strongest {shown.number_of_edges():,} of {part.number_of_edges():,}.")
    if len(whole) - alone > len(part):
        found.append(f"Left out: {len(whole) - alone - len(part):,} with as few positions or fewer.")
    if alone:
        found.append(f"Not tied to anybody: {alone:,}.")
    return found


def _node(network: nx.Graph[str], id_: str, camp_of: Mapping[str, Camp]) -> _Node:
    attributes = network.nodes[id_]
    camp = camp_of.get(attributes["label"], style.ALONE)
    return _Node(id_, attributes["label"], attributes["kind"] == "outcome", attributes["events"], camp)


def _pull(
    graph: StanceGraph, kind: NetworkKind, shown: nx.Graph[str], normalisation: Normalisation, settings: EventSettings
) -> Floats:
    """Return how much each two nodes attract each other: by what they agree on, in a network of conflict as well."""
    source: nx.Graph[str] = shown
    if kind in ("conflict", "subtract"):
        source = actor_network(graph, kind="subtract", normalisation=normalisation, **settings)
    place = {id_: number for number, id_ in enumerate(shown)}
    pull = np.zeros((len(place), len(place)))
    for one, other, attributes in source.edges(data=True):
        if one in place and other in place:
            # Who opposes something stands further from it than who supports it.
            share = 0.5 if attributes.get("agreement") == "opposes" else 1.0
            pull[place[one], place[other]] += share * max(attributes["weight"], 0.0)
    both: Floats = pull + pull.T
    return both


def _laid_out(nodes: list[_Node], pull: Floats, network: nx.Graph[str], room: tuple[float, float]) -> _Drawing:
    """Place nodes so that those that attract each other are near, the whole fills the room, and none lies on another."""
    number = len(nodes)
    strength = np.sqrt(pull / pull.max()) if pull.any() else pull
    # A weak pull between all keeps what is not tied from drifting off.
    attraction = nx.from_numpy_array(strength + 0.02 * (1 - np.eye(number)))
    found = nx.spring_layout(attraction, k=1.6 / np.sqrt(number), iterations=400, seed=1, weight="weight")
    points = np.array([found[place] for place in range(number)], dtype=float)
    points -= points.mean(axis=0)
    points = points @ np.linalg.svd(points, full_matrices=False)[2].T  # the longest way lies across
    points *= np.where((points**3).sum(axis=0) < 0, -1, 1)
    most = max(node.events for node in nodes)
    radii = np.array([0.045 + 0.085 * np.sqrt(node.events / most) for node in nodes])
    margin = np.array([0.75, 0.25])
    places = push_apart(margin + spread_out(points) * (np.array(room) - 2 * margin), radii + 0.09, room)
    ties = _ties(nodes, places, network)
    return _Drawing(nodes, places, radii, ties, _names(nodes, places, radii, ties, room))


def _ties(nodes: Sequence[_Node], places: Floats, network: nx.Graph[str]) -> list[_Tie]:
    """Return the ties with their ends, the heaviest last; of two between the same nodes neither covers the other."""
    number_of = {node.id: number for number, node in enumerate(nodes)}
    found = []
    for one, other, attributes in network.edges(data=True):
        first, second = sorted((number_of[one], number_of[other]))
        agreement = attributes.get("agreement", "")
        ends = places[[first, second]]
        if network.number_of_edges(one, other) > 1:
            along = ends[1] - ends[0]
            across = np.array([-along[1], along[0]]) / max(float(np.hypot(*along)), 1e-9)
            ends = ends + across * (0.02 if agreement == "supports" else -0.02)
        found.append(_Tie(nodes[first], nodes[second], attributes["weight"], agreement, ends))
    return sorted(found, key=lambda tie: (abs(tie.weight), tie.one.id, tie.other.id, tie.agreement))


def _names(
    nodes: Sequence[_Node], places: Floats, radii: Floats, ties: Sequence[_Tie], room: tuple[float, float]
) -> list[_Name | None]:
    """Return the names with their places; those of nodes with most events are placed first."""
    order = sorted(range(len(nodes)), key=lambda number: (-nodes[number].events, nodes[number].id))
    texts = [wrapped(nodes[number].label, _LABEL_ROOM, style.LABEL, lines=2) for number in order]
    labels = [
        Label(
            x=float(places[number, 0]),
            y=float(places[number, 1]),
            radius=float(radii[number]) + 0.01,
            width=max(width_of(line, style.LABEL) for line in lines) + 0.04,
            height=_LINE * len(lines) + 0.02,
        )
        for number, lines in zip(order, texts, strict=True)
    ]
    found = place_labels(labels, room, np.array([tie.ends for tie in ties]).reshape(-1, 4))
    return [
        None if place is None else _Name(lines, label, place)
        for lines, label, place in zip(texts, labels, found, strict=True)
    ]


def _draw(figure: Plot, box: Box, kind: NetworkKind, drawing: _Drawing) -> None:
    axes = axes_in(figure, box)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(0, box.width)  # inches
    axes.set_ylim(0, box.height)
    look = _LOOKS[kind]
    heaviest = max([look.heaviest, *(abs(tie.weight) for tie in drawing.ties)])
    for tie in drawing.ties:
        colour, dashes = _look_of(kind, tie)
        wide = _THINNEST + (look.wide - _THINNEST) * abs(tie.weight) / heaviest
        line = LineCollection([tie.ends], colors=[colour], linewidths=[wide], linestyles=[dashes], zorder=2)
        axes.add_collection(line, autolim=False)
    for node, (x, y), radius in zip(drawing.nodes, drawing.places, drawing.radii, strict=True):
        sign = _OUTCOME if node.outcome else Sign("", node.camp.colour, node.camp.marker)
        axes.add_line(mark(x, y, sign, 2 * 72 * radius, zorder=4))
    for name in drawing.names:
        if name:
            _draw_name(axes, name)


def _look_of(kind: NetworkKind, tie: _Tie) -> tuple[str, style.Dashes]:
    if kind == "affiliation":
        stance = {"supports": Stance.SUPPORTS, "opposes": Stance.OPPOSES}.get(tie.agreement, Stance.MIXED)
        return style.tint(style.COLOURS[stance], 0.7), style.DASHES[stance]
    if kind == "conflict":
        return _DISAGREE, _SUPPORT
    if tie.weight < 0:
        return _DISAGREE, _OPPOSITION
    same = tie.one.camp == tie.other.camp != style.ALONE
    return (style.tint(tie.one.camp.colour, 0.5) if same else _AGREE), _SUPPORT


def _draw_name(axes: Axes, name: _Name) -> None:
    lines, label, place = name
    x, y = place.left + label.width / 2, place.bottom + label.height / 2
    if place.far:
        axes.plot([label.x, x], [label.y, y], color=style.MUTED, linewidth=0.6, zorder=3)
    side = "left" if place.left >= label.x else "right" if place.left + label.width <= label.x else "center"
    x += {"left": 0.02 - label.width / 2, "right": label.width / 2 - 0.02, "center": 0.0}[side]
    write(axes, x, y, "\n".join(lines), halo=True, ha=side, va="center", multialignment=side, linespacing=1.05)
