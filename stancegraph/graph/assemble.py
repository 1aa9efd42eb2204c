"""Positions → graph: resolves whom names mean and which targets are the same outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancegraph import knowledge
from stancegraph.graph._actors import Named, resolve_actors
from stancegraph.graph._outcomes import Target, resolve_outcomes
from stancegraph.graph.queries import PlacedPosition, Report, StanceGraph
from stancegraph.models import Document, Position, Stance, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def assemble(documents_and_positions: Iterable[tuple[Document, Sequence[Position]]]) -> StanceGraph:
    """Assemble a graph from documents and the positions read in them.

    The result does not depend on the order of documents. Positions with stance `none` are kept apart, as reports;
    documents without positions stay.

    Args:
        documents_and_positions: Each document with its positions; a document may come more than once.

    Raises:
        ValueError: If two different documents have one id, or a position belongs to another document.
    """
    documents: dict[str, Document] = {}
    positions: dict[str, list[Position]] = {}
    for document, found in documents_and_positions:
        if documents.setdefault(document.id, document) != document:
            raise ValueError(f"two different documents have the id {document.id!r}; give each its own")
        seen = set(positions.setdefault(document.id, []))
        for position in found:
            if position.document.id != document.id:
                raise ValueError(f"a position of document {position.document.id!r} was given with document {document.id!r}")
        positions[document.id] += [p for p in found if not seen or p not in seen]
    order = sorted(documents, key=lambda id_: (documents[id_].date or "9999", id_))
    ordered = [p for id_ in order for p in sorted(positions[id_], key=_place_in_text)]
    return StanceGraph({id_: documents[id_] for id_ in order}, *_place(documents, ordered))


def _place_in_text(position: Position) -> tuple[tuple[int, int], ...]:
    spans = (*position.evidence, *position.cue, *position.source)
    return tuple((span.start, span.end) for span in spans)


def _place(documents: dict[str, Document], positions: Sequence[Position]) -> tuple[list[PlacedPosition], list[Report]]:
    """Return every position with the actors and the outcome that its words mean, and what is said without attitude."""
    actor_named, _ = resolve_actors(
        [named for position in positions for named in _named(position)], lambda id_: documents[id_].text
    )
    targets = []
    reports = [Report(p, actor_named[p.document.id, p.holder]) for p in positions if p.stance is Stance.NONE and p.holder]
    positions = [p for p in positions if p.stance is not Stance.NONE]
    for position in positions:
        id_, text = position.document.id, position.target
        actor = actor_named.get((id_, text))
        targets.append(Target(id_, text, position.target_kind.value, actor.name if actor else ""))
    outcome_of, _ = resolve_outcomes(targets, {id_: d.title or id_ for id_, d in documents.items()})
    placed = []
    numbers: dict[str, int] = {}
    for position in positions:
        id_ = position.document.id
        numbers[id_] = numbers.get(id_, 0) + 1
        placed.append(
            PlacedPosition(
                id=f"{id_}#{numbers[id_]}",
                position=position,
                actor=actor_named[id_, position.holder],
                outcome=outcome_of[id_, position.target],
                via=tuple(actor_named[id_, name] for name in position.via),
            )
        )
    return placed, reports


def _named(position: Position) -> list[Named]:
    """Return whom a position names: its holder, those who pass it on, and a target that is an actor."""
    id_ = position.document.id
    found = [Named(id_, position.holder, position.holder_type.value), *(Named(id_, v) for v in position.via)]
    if position.target and (position.target_kind is TargetKind.ACTOR or knowledge.look_up(position.target)):
        found.append(Named(id_, position.target))
    return found
