"""Positions → graph: resolves whom names mean and which targets are the same outcome."""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from stancegraph import knowledge
from stancegraph.graph._actors import Named, resolve_actors
from stancegraph.graph._listed import Assignment, assign, listed_outcomes
from stancegraph.graph._outcomes import Target, resolve_outcomes
from stancegraph.graph.queries import StanceGraph
from stancegraph.models import (
    LEAST_SIMILARITY,
    Actor,
    Document,
    ListedOutcome,
    Outcome,
    PlacedPosition,
    Position,
    Report,
    Stance,
    TargetKind,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancegraph.corrections import Correction, ReadCorrections


def assemble(
    documents_and_positions: Iterable[tuple[Document, Sequence[Position]]],
    *,
    outcomes: str | Path | Iterable[ListedOutcome] = (),
    only_listed: bool = False,
    least_similarity: float = LEAST_SIMILARITY,
    corrections: str | Path | ReadCorrections | Iterable[Correction] = (),
) -> StanceGraph:
    """Assemble a graph from documents and the positions read in them.

    The result does not depend on the order of documents. Positions with stance `none` are kept apart, as reports;
    documents without positions stay.

    Args:
        documents_and_positions: Each document with its positions; a document may come more than once.
        outcomes: A list of outcomes, or the YAML file that holds it, to which positions are assigned whose targets are
            near enough; the others keep outcomes of their own. The order of the list makes no difference.
        only_listed: Leave out the positions that are assigned to none of the list.
        least_similarity: Similarity below which a target is not assigned, in (0, 1].
        corrections: Corrections, or the table that holds them, to apply to what is assembled; see
            `StanceGraph.with_corrections`.

    Raises:
        CorrectionsFileError: If the table of corrections cannot be used; names file and line.
        OutcomesFileError: If the file of outcomes cannot be used; names file and line.
        ValueError: If two different documents have one id, a position belongs to another document, two listed outcomes
            share a phrase, or the other options make no sense.

    Warns:
        SkippedCorrection: For each correction that cannot be applied; the others are.
    """
    listed = listed_outcomes(outcomes)
    if only_listed and not listed:
        raise ValueError("only_listed needs a list of outcomes; give one as outcomes=…")
    if not 0 < least_similarity <= 1:
        raise ValueError(f"least_similarity {least_similarity} is not above 0 and at most 1")
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
    placed, reports, own = _place(documents, ordered, listed, least_similarity)
    if only_listed:
        placed = [one for one in placed if one.position.similarity is not None]
    return StanceGraph({id_: documents[id_] for id_ in order}, placed, reports, own).with_corrections(corrections)


def _place_in_text(position: Position) -> tuple[tuple[int, int], ...]:
    spans = (*position.evidence, *position.cue, *position.source)
    return tuple((span.start, span.end) for span in spans)


def _place(
    documents: dict[str, Document], positions: Sequence[Position], listed: Sequence[ListedOutcome], least_similarity: float
) -> tuple[list[PlacedPosition], list[Report], list[Outcome]]:
    """Return every position with the actors and the outcome that its words mean.

    Returns:
        The positions, what is said without attitude, and the listed outcomes.
    """
    bare, _ = resolve_actors(
        [named for position in positions for named in _named(position)], lambda id_: documents[id_].text
    )
    actor_named = with_roles(bare, positions)
    reports = [Report(p, actor_named[p.document.id, p.holder]) for p in positions if p.stance is Stance.NONE and p.holder]
    positions = [p for p in positions if p.stance is not Stance.NONE]
    targets = []
    for position in positions:
        id_, text = position.document.id, position.target
        actor = actor_named.get((id_, text))
        targets.append(Target(id_, text, position.target_kind.value, actor.name if actor else ""))
    assigned = assign(targets, listed, least_similarity)
    listed_as = _listed_as(listed, assigned, targets)
    found, _ = resolve_outcomes(
        [target for target in targets if target not in assigned],
        {id_: d.title or id_ for id_, d in documents.items()},
        taken=listed_as,
    )
    placed = []
    numbers: Counter[str] = Counter()
    for position, target in zip(positions, targets, strict=True):
        id_ = position.document.id
        numbers[id_] += 1
        assignment = assigned.get(target)
        placed.append(
            PlacedPosition(
                id=f"{id_}#{numbers[id_]}",
                position=_with_similarity(position, assignment),
                actor=actor_named[id_, position.holder],
                outcome=listed_as[assignment.outcome.label] if assignment else found[id_, position.target],
                via=tuple(actor_named[id_, name] for name in position.via),
            )
        )
    return placed, reports, list(listed_as.values())


def _listed_as(
    listed: Iterable[ListedOutcome], assigned: Mapping[Target, Assignment], targets: Iterable[Target]
) -> dict[str, Outcome]:
    """Return the listed outcomes by label, with the targets that are assigned to each."""
    wordings: dict[str, set[str]] = defaultdict(set)
    kinds: dict[str, Counter[str]] = defaultdict(Counter)
    for target in targets:
        if target in assigned:
            label = assigned[target].outcome.label
            wordings[label].add(target.text)
            kinds[label][target.kind] += 1
    found = {}
    for one in listed:
        counts = kinds[one.label]
        kind = min(counts, key=lambda k: (-counts[k], k != TargetKind.OUTCOME.value, k), default=TargetKind.OUTCOME.value)
        found[one.label] = Outcome(
            label=one.label,
            kind=TargetKind(kind),
            wordings=tuple(sorted(wordings[one.label])),
            description=one.description,
        )
    return found


def _with_similarity(position: Position, assignment: Assignment | None) -> Position:
    similarity = assignment.similarity if assignment else None
    # Positions of a graph that was assembled before carry what they were given there.
    return position if position.similarity == similarity else position.model_copy(update={"similarity": similarity})


def with_roles(actor_named: Mapping[tuple[str, str], Actor], positions: Iterable[Position]) -> dict[tuple[str, str], Actor]:
    """Return the actors with the role and the affiliation that most of their positions give, of several the newest."""
    held: dict[Actor, list[Position]] = defaultdict(list)
    for position in positions:
        if position.holder_role or position.holder_affiliation:
            held[actor_named[position.document.id, position.holder]].append(position)
    full = {actor: actor.model_copy(update=usual_role(own)) for actor, own in held.items()}
    return {name: full.get(actor, actor) for name, actor in actor_named.items()}


def usual_role(positions: Iterable[Position]) -> dict[str, str]:
    """Return the role and the affiliation that most of an actor's positions give, of several the newest; {} if none does."""
    given: dict[tuple[str, str], tuple[int, str]] = {}
    for position in positions:
        said = (position.holder_role, position.holder_affiliation)
        if any(said):
            count, newest = given.get(said, (0, ""))
            given[said] = (count + 1, max(newest, position.document.date or ""))
    if not given:
        return {}
    role, affiliation = max(given, key=lambda said: (given[said], said))
    return {"role": role, "affiliation": affiliation}


def _named(position: Position) -> list[Named]:
    """Return whom a position names: its holder, those who pass it on, and a target that is an actor."""
    id_ = position.document.id
    found = [Named(id_, position.holder, position.holder_type.value), *(Named(id_, v) for v in position.via)]
    if position.target and (position.target_kind is TargetKind.ACTOR or knowledge.look_up(position.target)):
        found.append(Named(id_, position.target))
    return found
