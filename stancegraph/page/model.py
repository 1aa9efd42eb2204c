"""What the page knows: a graph as plain values, ready to be written as JSON.

Actors, outcomes, documents and passages are listed once and referred to by their place in the list. Those
with most positions come first. Positions come newest first, so that any selection from them is in order of
date.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, TypedDict

from stancegraph.page.passages import Mark, passages_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import networkx as nx

    from stancegraph.graph import StanceGraph
    from stancegraph.models import Document, Position

_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)
_DIRECTION_CONTROLS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


class ActorEntry(TypedDict):
    """An actor; `id` is its node's, `office` what is known of its role and affiliation."""

    id: str
    name: str
    type: str
    aliases: list[str]
    office: str


class OutcomeEntry(TypedDict):
    """An outcome; `id` is its node's."""

    id: str
    label: str
    kind: str
    wordings: list[str]
    description: str


class DocumentEntry(TypedDict):
    """A document that positions were read in; `link` says whether its `url` may become a link."""

    title: str
    date: str | None
    source: str | None
    url: str | None
    link: bool


class PositionEntry(TypedDict):
    """A position; `id` is its node's, numbers are places in the model's lists.

    `passages` pairs the place of a passage with the marks in it: (start, end, role), counted in code points.
    """

    id: str
    holder: int
    outcome: int
    via: list[int]
    stance: str
    act: str
    target: str
    confidence: float
    document: int
    passages: list[tuple[int, list[Mark]]]


class Model(TypedDict):
    """All that the page shows, apart from where and how it is drawn."""

    actors: list[ActorEntry]
    outcomes: list[OutcomeEntry]
    documents: list[DocumentEntry]
    passages: list[str]
    positions: list[PositionEntry]


def describe(graph: StanceGraph) -> Model:
    """Turn a graph into the page's model.

    Args:
        graph: The graph; the order of its documents does not matter.

    Returns:
        The model; equal graphs give equal models.
    """
    network = graph.network
    positions = _newest_first(_with_nodes(graph))
    actors = _by_use(network, "actor", "holds")
    outcomes = _by_use(network, "outcome", "toward")
    documents = {position.document.id: position.document for _, position in positions}
    place_of = {node: place for nodes in (actors, outcomes) for place, node in enumerate(nodes)}
    document_places = {name: place for place, name in enumerate(sorted(documents))}
    passage_places: dict[tuple[str, int, int], int] = {}

    def entry(node: str, position: Position) -> PositionEntry:
        ends = {key: other for _, other, key in network.out_edges(node, keys=True)}
        via = sorted((edge["rank"], other) for _, other, edge in network.out_edges(node, data=True) if "rank" in edge)
        marked = [
            (passage_places.setdefault((position.document.id, start, end), len(passage_places)), list(marks))
            for start, end, marks in passages_of(position)
        ]
        return {
            "id": node,
            "holder": place_of[next(iter(network.predecessors(node)))],
            "outcome": place_of[ends["toward"]],
            "via": [place_of[actor] for _, actor in via],
            "stance": position.stance.value,
            "act": position.act.value,
            "target": readable(position.target),
            "confidence": round(position.confidence, 3),
            "document": document_places[position.document.id],
            "passages": marked,
        }

    entries = [entry(node, position) for node, position in positions]
    return {
        "actors": [_actor(node, network.nodes[node]) for node in actors],
        "outcomes": [_outcome(node, network.nodes[node]) for node in outcomes],
        "documents": [_document(documents[name]) for name in sorted(documents)],
        "passages": [documents[name].text[start:end] for name, start, end in passage_places],
        "positions": entries,
    }


def readable(text: str) -> str:
    """Return a name on one line, without the invisible characters that turn the direction of writing."""
    return " ".join(text.translate(_DIRECTION_CONTROLS).split())


def _with_nodes(graph: StanceGraph) -> list[tuple[str, Position]]:
    """Pair each position with its node: both are counted per document, in text order."""
    nodes: defaultdict[str, list[str]] = defaultdict(list)
    for node, attributes in graph.network.nodes(data=True):
        if attributes["kind"] == "position":
            nodes[attributes["document"]].append(node)
    positions: defaultdict[str, list[Position]] = defaultdict(list)
    for position in graph.positions():
        positions[position.document.id].append(position)
    return [
        pair
        for document in sorted(nodes)
        for pair in zip(sorted(nodes[document], key=_number), positions[document], strict=True)
    ]


def _number(node: str) -> int:
    return int(node.rpartition("#")[2])


def _newest_first(positions: list[tuple[str, Position]]) -> list[tuple[str, Position]]:
    """Sort by date, newest first and undated last; those of one day stay by document and in text order."""
    return sorted(positions, key=lambda pair: pair[1].document.date or "", reverse=True)


def _by_use(network: nx.MultiDiGraph[str], kind: str, edge: str) -> list[str]:
    """Return the nodes of a kind, those with most edges of a kind first, then by name."""
    uses = Counter(node for source, target, key in network.edges(keys=True) if key == edge for node in (source, target))
    nodes = [node for node, attributes in network.nodes(data=True) if attributes["kind"] == kind]
    return sorted(nodes, key=lambda node: (-uses[node], node))


def _actor(node: str, attributes: Mapping[str, Any]) -> ActorEntry:
    return {
        "id": node,
        "name": readable(attributes["label"]),
        "type": attributes["type"],
        "aliases": [readable(alias) for alias in attributes["aliases"]],
        "office": readable(", ".join(filter(None, (attributes["role"], attributes["affiliation"])))),
    }


def _outcome(node: str, attributes: Mapping[str, Any]) -> OutcomeEntry:
    return {
        "id": node,
        "label": readable(attributes["label"]),
        "kind": attributes["target_kind"],
        "wordings": [readable(wording) for wording in attributes["wordings"]],
        "description": readable(attributes["description"] or ""),
    }


def _document(document: Document) -> DocumentEntry:
    url = document.url or ""
    return {
        "title": readable(document.title or document.id),
        "date": document.date,
        "source": readable(document.source) if document.source else None,
        "url": document.url,
        "link": _WEB_ADDRESS.fullmatch(url) is not None,
    }
