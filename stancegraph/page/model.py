"""What the page knows: a graph as plain values, ready to be written as JSON.

Actors, outcomes and documents are listed once and referred to by their place in the list. Those with most
positions come first. Positions come newest first, so that any selection from them is in order of date. The
words around positions, most of what a large page weighs, come in parts, of which the page reads only those
that somebody looks at.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, TypedDict, TypeVar

from stancegraph.graph.passages import Mark, passages_of
from stancegraph.models import Actor, ActorType, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stancegraph.graph import StanceGraph
    from stancegraph.models import Document, PlacedPosition, Position

    Node = TypeVar("Node", Actor, Outcome)

PART = 200
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

    `date` is that by which it is put in order, `stated` when it was stated, "" if that is the document's date;
    `speaks_for` is the country or body that it counts for, "" if it is only the holder's own. `changed`
    names what a person changed of a position that is `confirmed`.
    """

    id: str
    holder: int
    outcome: int
    via: list[int]
    stance: str
    act: str
    target: str
    confidence: float
    confirmed: bool
    changed: list[str]
    document: int
    date: str | None
    stated: str
    speaks_for: str


class Part(TypedDict):
    """The words around `PART` positions one after another.

    `passages` are stretches of documents; `marks` pairs, for each position, the place of a passage in that list
    with the marks in it: (start, end, role), counted in code points.
    """

    passages: list[str]
    marks: list[list[tuple[int, list[Mark]]]]


class Model(TypedDict):
    """All that the page shows at first sight, apart from where and how it is drawn."""

    actors: list[ActorEntry]
    outcomes: list[OutcomeEntry]
    documents: list[DocumentEntry]
    positions: list[PositionEntry]


def describe(graph: StanceGraph) -> tuple[Model, list[Part]]:
    """Turn a graph into the page's model and the words around its positions.

    Args:
        graph: The graph; the order of its documents does not matter.

    Returns:
        The model and its parts, of `PART` positions each; equal graphs give equal ones.
    """
    placed = _newest_first(graph.placed)
    actors = _by_use((actor for one in placed for actor in {one.actor, *one.via}), {r.actor for r in graph.reports})
    outcomes = _by_use(one.outcome for one in placed)
    documents = {one.position.document.id: one.position.document for one in placed}
    actor_places = {actor: place for place, actor in enumerate(actors)}
    outcome_places = {outcome: place for place, outcome in enumerate(outcomes)}
    document_places = {name: place for place, name in enumerate(sorted(documents))}

    def entry(one: PlacedPosition) -> PositionEntry:
        position = one.position
        return {
            "id": f"position:{one.id}",
            "holder": actor_places[one.actor],
            "outcome": outcome_places[one.outcome],
            "via": [actor_places[actor] for actor in dict.fromkeys(one.via)],
            "stance": position.stance.value,
            "act": position.act.value,
            "target": readable(position.target),
            "confidence": round(position.confidence, 3),
            "confirmed": position.confirmed,
            "changed": list(map(readable, position.changed)),
            "document": document_places[position.document.id],
            "date": position.day,
            "stated": (position.date or "") if position.date != position.document.date else "",
            "speaks_for": readable(_body(graph, one)),
        }

    model: Model = {
        "actors": [_actor(actor) for actor in actors],
        "outcomes": [_outcome(outcome) for outcome in outcomes],
        "documents": [_document(documents[name]) for name in sorted(documents)],
        "positions": [entry(one) for one in placed],
    }
    return model, [_part(placed[start : start + PART]) for start in range(0, len(placed), PART)]


def readable(text: str) -> str:
    """Return a name on one line, without the invisible characters that turn the direction of writing."""
    return " ".join(text.translate(_DIRECTION_CONTROLS).split())


def _newest_first(placed: Iterable[PlacedPosition]) -> list[PlacedPosition]:
    """Sort by date, newest first and undated last; those of one day stay by document and in text order."""
    in_order = sorted(placed, key=lambda one: (one.position.document.id, int(one.id.rpartition("#")[2])))
    return sorted(in_order, key=lambda one: (one.position.day or "", not _earlier(one.position)), reverse=True)


def _earlier(position: Position) -> bool:
    return position.stated is not None and position.stated.earlier


def _part(placed: Sequence[PlacedPosition]) -> Part:
    places: dict[str, int] = {}
    marks = [
        [
            (places.setdefault(one.position.document.text[start:end], len(places)), list(found))
            for start, end, found in passages_of(one.position)
        ]
        for one in placed
    ]
    return {"passages": list(places), "marks": marks}


def _by_use(uses: Iterable[Node], others: Iterable[Node] = ()) -> list[Node]:
    """Return actors or outcomes, those with most positions first, then by name."""
    counts = Counter(uses)
    counts.update(dict.fromkeys(others, 0))
    return sorted(counts, key=lambda node: (-counts[node], _id(node)))


def _id(node: Actor | Outcome) -> str:
    return f"actor:{node.name}" if isinstance(node, Actor) else f"outcome:{node.label}"


def _body(graph: StanceGraph, placed: PlacedPosition) -> str:
    """Return the country or body that a position counts for; "" for what people and groups hold as such."""
    name = graph.speaks_for(placed)
    itself = placed.actor.type in (ActorType.COUNTRY, ActorType.ORGANIZATION)
    return name if itself or name != placed.actor.name else ""


def _actor(actor: Actor) -> ActorEntry:
    return {
        "id": _id(actor),
        "name": readable(actor.name),
        "type": actor.type.value,
        "aliases": [readable(alias) for alias in actor.aliases],
        "office": readable(", ".join(filter(None, (actor.role, actor.affiliation)))),
    }


def _outcome(outcome: Outcome) -> OutcomeEntry:
    return {
        "id": _id(outcome),
        "label": readable(outcome.label),
        "kind": outcome.kind.value,
        "wordings": [readable(wording) for wording in outcome.wordings],
        "description": readable(outcome.description or ""),
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
