"""A graph with a reviewer's corrections.

They are applied to the graph as it was read, which the corrected one keeps: so the same table gives the same graph however
often it is applied, and an empty one gives back what was read. Nothing is resolved anew, so that nothing changes but what a
correction says: names that a person writes are taken at their word, as the actor or outcome that is called so, or else as
a new one. Positions keep their ids; what is added gets the next numbers of its document.
"""

from __future__ import annotations

import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from stancegraph import knowledge
from stancegraph.corrections.correction import Kind
from stancegraph.corrections.judging import (
    Addition,
    Readings,
    Unmatched,
    Verdict,
    canonical,
    equal,
    judge,
    place_of,
    plain,
)
from stancegraph.corrections.table import ReadCorrections, read_corrections
from stancegraph.documents.source import Skipped
from stancegraph.graph._calling import Directory, Thing, final_names, name_of
from stancegraph.graph.assemble import usual_role
from stancegraph.graph.queries import StanceGraph
from stancegraph.models import Act, Actor, ActorType, Document, Outcome, PlacedPosition, Position, Report, Stance, TargetKind

if TYPE_CHECKING:
    from stancegraph.corrections import Correction

Kind_ = TypeVar("Kind_", ActorType, TargetKind)
_Told = dict[str, set[tuple[int, int, str]]]


@dataclass(frozen=True)
class Revision:
    """What a reviewer's corrections made of a graph.

    Args:
        read: The graph as it was read.
        corrections: All corrections, in the order given.
        rejected: The positions that were taken out, as they were read.
        skipped: Corrections that could not be applied, and rows of their table that are none.
    """

    read: StanceGraph
    corrections: tuple[Correction, ...]
    rejected: tuple[Position, ...] = ()
    skipped: tuple[Skipped, ...] = ()


class SkippedCorrection(UserWarning):
    """A correction could not be applied and was left out; the message names the file, the line and the fix."""


@dataclass
class _Place:
    """A position on its way.

    Args:
        number: Its place in the order of reading; what was added comes after.
        position: The position.
        actor: Who holds it.
        outcome: What it is toward; None for what is said without attitude.
        via: Who passes it on, outermost first.
        id: Its id in the graph; "" for what has none yet.
        said: What a person says of it, by the names of its fields.
    """

    number: int
    position: Position
    actor: Actor
    outcome: Outcome | None
    via: tuple[Actor, ...] = ()
    id: str = ""
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class _Work:
    """What corrections are at work on."""

    read: StanceGraph
    before: list[_Place]
    places: list[_Place]
    actors: Directory[Actor]
    outcomes: Directory[Outcome]
    skipped: list[Skipped]

    def skip(self, row: Correction, reason: str, fix: str) -> None:
        """Note a correction that cannot be applied."""
        self.skipped.append(Skipped(place_of(row), reason, fix))


def with_corrections(graph: StanceGraph, corrections: str | Path | ReadCorrections | Iterable[Correction]) -> StanceGraph:
    """Return a graph with corrections that are given as such or as a table; see `StanceGraph.with_corrections`."""
    if isinstance(corrections, (str, Path)):
        corrections = read_corrections(corrections)
    given, skipped = corrections if isinstance(corrections, ReadCorrections) else (corrections, ())
    found = corrected(graph, given, skipped)
    for one in found.revision.skipped if found.revision else ():
        warnings.warn(str(one), SkippedCorrection, stacklevel=3)
    return found


def corrected(graph: StanceGraph, corrections: Iterable[Correction], skipped: Iterable[Skipped] = ()) -> StanceGraph:
    """Return what was read of a graph with these corrections, in place of any before.

    Args:
        graph: The graph.
        corrections: The corrections; their order makes no difference.
        skipped: Rows of their table that are none.
    """
    given, no_rows, read = tuple(corrections), tuple(skipped), graph.as_read
    if not given and not no_rows:
        return read
    rows = sorted(given, key=canonical)
    before = _places(read)
    actors, outcomes = Directory(read.actors(), "actor"), Directory(read.outcomes(), "outcome")
    work = _Work(read, before, [replace(place) for place in before], actors, outcomes, list(no_rows))
    readings = Readings(read.documents.values(), [place.position for place in before])
    _split(work, readings, rows)
    judged = judge(rows, readings)
    work.skipped += judged.skipped
    _decide(work, judged.verdicts, judged.additions)
    listed = _rename(work, rows)
    placed, reports = _in_order(work)
    rejected = tuple(readings.positions[number] for number, verdict in judged.verdicts.items() if verdict.rejected)
    problems = sorted(set(work.skipped), key=lambda one: (len(one.where), one.where, one.reason))
    revision = Revision(read, given, rejected, tuple(problems))
    return StanceGraph(read.documents, placed, reports, listed, revision)


def _places(graph: StanceGraph) -> list[_Place]:
    placed = [_Place(n, p.position, p.actor, p.outcome, p.via, p.id) for n, p in enumerate(graph.placed)]
    return placed + [_Place(n, r.position, r.actor, None) for n, r in enumerate(graph.reports, start=len(placed))]


def _actor_slots(place: _Place) -> list[tuple[str, Actor]]:
    """Return the names in a position and whom they mean, its holder first."""
    return [(place.position.holder, place.actor), *zip(place.position.via, place.via, strict=False)]


def _outcome_slots(place: _Place) -> list[tuple[str, Outcome]]:
    return [(place.position.target, place.outcome)] if place.outcome else []


# Splitting


def _split(work: _Work, readings: Readings, rows: Sequence[Correction]) -> None:
    """Give an actor or outcome of its own to what rows say is another than it was read as."""
    moves: dict[tuple[int, int, bool], tuple[str, Correction]] = {}
    clashing: set[tuple[int, int, bool]] = set()
    for row in rows:
        if row.kind not in (Kind.SPLIT_ACTOR, Kind.SPLIT_OUTCOME):
            continue
        for move in _split_off(work, readings, row):
            before, by = moves.setdefault(move, (row.name, row))
            if before != row.name and move not in clashing:
                clashing.add(move)
                reason = f"what is to be {row.name!r} is to be {before!r} by {place_of(by)}"
                work.skip(row, reason, "Neither counts there; keep one.")
    for (number, slot, of_actors), (name, _) in sorted(moves.items(), key=lambda move: move[0]):
        if (number, slot, of_actors) in clashing:
            continue
        place = work.places[number]
        if not of_actors:
            place.outcome = work.outcomes.by_name.get(name) or work.outcomes.add(_new_outcome(name))
            continue
        actor = work.actors.by_name.get(name) or work.actors.add(_new_actor(name))
        place.actor = actor if slot == 0 else place.actor
        place.via = tuple(actor if at == slot else via for at, via in enumerate(place.via, start=1))


def _split_off(work: _Work, readings: Readings, row: Correction) -> list[tuple[int, int, bool]]:
    """Return where what a row splits off stands: number of the position, slot in it, whether an actor."""
    try:
        id_ = readings.document(row.document).id if row.document else ""
        numbers = readings.find(row)[0] if row.evidence else range(len(work.before))
    except Unmatched as problem:
        work.skip(row, problem.reason, problem.fix)
        return []
    names = {plain(name) for name in row.names}
    found = []
    for number in numbers:
        place = work.before[number]
        if id_ and place.position.document.id != id_:
            continue
        for slot, (said, thing) in enumerate(_slots(row, place)):
            # In one document or position, whatever means the actor; everywhere, the name as it is written.
            if plain(said) in names or (id_ and name_of(thing) in row.names):
                found.append((number, slot, row.kind.of_actors))
    if not found:
        where = f" in {id_!r}" if id_ else ""
        directory = work.actors if row.kind.of_actors else work.outcomes
        nearest = directory.nearest(row.names[0])
        work.skip(row, f"no {directory.what}{where} is called {' or '.join(map(repr, row.names))}", nearest)
    return found


def _slots(row: Correction, place: _Place) -> Sequence[tuple[str, Actor | Outcome]]:
    return _actor_slots(place) if row.kind.of_actors else _outcome_slots(place)


def _new_actor(name: str) -> Actor:
    return Actor(name=name, type=ActorType.UNKNOWN)


def _new_outcome(label: str) -> Outcome:
    return Outcome(label=label, kind=TargetKind.OUTCOME)


# Positions


def _decide(work: _Work, verdicts: Mapping[int, Verdict], additions: Sequence[Addition]) -> None:
    """Take out, confirm, change and add positions."""
    documents = {work.before[number].position.document.id for number, verdict in verdicts.items() if verdict.said}
    documents |= {addition.document.id for addition in additions}
    named = _named_in_documents(place for place in work.places if place.position.document.id in documents)
    kept = []
    for place in work.places:
        verdict = verdicts.get(place.number)
        if verdict is None:
            kept.append(place)
        elif not verdict.rejected:
            kept.append(_confirmed(work, named, place, verdict))
    for number, addition in enumerate(additions, start=len(work.before)):
        added = _added(work, named, number, addition)
        kept += [added] if added else []
    work.places = kept


_Named = Mapping[tuple[str, str], set[str]]


def _named_in_documents(places: Iterable[_Place]) -> _Named:
    """Return the actors and outcomes by the id of a document and what it calls them."""
    named: dict[tuple[str, str], set[str]] = defaultdict(set)
    for place in places:
        id_ = place.position.document.id
        for said, actor in _actor_slots(place):
            named[f"actor {id_}", plain(said)].add(actor.name)
        for said, outcome in _outcome_slots(place):
            named[f"outcome {id_}", plain(said)].add(outcome.label)
    return named


def _find(directory: Directory[Thing], named: _Named, name: str, document: Document) -> Thing | None:
    """Return whom or what a person means by a name in a document, None if nothing is called so.

    Raises:
        Unmatched: If several are.
    """
    own = directory.by_name.get(name)
    there = named.get((f"{directory.what} {document.id}", plain(name)), set())
    if own is not None or len(there) == 1:
        return own if own is not None else directory.by_name[next(iter(there))]
    meant = directory.meant(name)
    entry = knowledge.look_up(name)
    if not meant and entry is not None:
        meant = [thing for thing in [directory.by_name.get(entry.name)] if thing is not None]
    if len(meant) > 1:
        several = " or ".join(repr(name_of(thing)) for thing in meant)
        raise Unmatched(f"{name!r} may be {several}", "Write the whole name.")
    return meant[0] if meant else None


def _confirmed(work: _Work, named: _Named, place: _Place, verdict: Verdict) -> _Place:
    """Return a position as a person has confirmed or changed it; as it was read where that cannot be done."""
    position = place.position
    said = {name: value for name, value in verdict.said.items() if not _says_so(work, place, name, value)}
    if verdict.seen not in (None, position.stance) and "stance" not in verdict.said:
        said["stance"] = verdict.seen
    try:
        return _as_said(work, named, place, said, sorted({*position.changed, *said}))
    except Unmatched as problem:
        for row in verdict.by:
            work.skip(row, problem.reason, problem.fix)
        return place


def _says_so(work: _Work, place: _Place, name: str, value: object) -> bool:
    """Tell whether a position says already what a person says; a name may be written so and mean another."""
    own: Actor | Outcome | None = None
    if name == "holder":
        own = work.actors.by_name.get(str(value))
    elif name == "target":
        own = work.outcomes.by_name.get(str(value))
    return equal(getattr(place.position, name), value) and own in (None, place.actor, place.outcome)


def _added(work: _Work, named: _Named, number: int, addition: Addition) -> _Place | None:
    said = addition.said
    position = Position(
        document=addition.document,
        holder="",
        holder_type=ActorType.UNKNOWN,
        target="",
        target_kind=TargetKind.OUTCOME,
        stance=said["stance"],
        act=Act.ASSERTS,
        evidence=addition.evidence,
        confidence=1.0,
    )
    try:
        return _as_said(work, named, _Place(number, position, _new_actor(""), None), said, sorted({*said, "evidence"}))
    except Unmatched as problem:
        for row in addition.by:
            work.skip(row, problem.reason, problem.fix)
        return None


def _as_said(work: _Work, named: _Named, place: _Place, said: Mapping[str, Any], changed: Sequence[str]) -> _Place:
    """Return a position with what a person says of it; raises Unmatched."""
    position, document = place.position, place.position.document
    updates: dict[str, Any] = {**said, "confirmed": True, "changed": tuple(changed)}
    stance = said.get("stance", position.stance)
    target = said.get("target", position.target)
    if stance is not Stance.NONE and not target:
        raise Unmatched("what is said there has no target", "Say in new_target what it is toward.")
    # All names are looked up before any new one is taken in.
    actor = _find(work.actors, named, said["holder"], document) if "holder" in said else place.actor
    via = [(name, _find(work.actors, named, name, document)) for name in said.get("via", ())]
    outcome = None
    if stance is not Stance.NONE:
        outcome = place.outcome if "target" not in said and place.outcome else _outcome(work, named, said, target, document)
        if outcome is not place.outcome or outcome is None:
            updates = {"target_kind": _kind_of(work, outcome, position.target_kind), **updates}
        outcome = outcome or work.outcomes.add(_new_outcome(target))
    elif position.stance is not Stance.NONE:
        updates |= {"target": said.get("target", ""), "target_kind": TargetKind.NONE}
    if "holder" in said:
        updates = {"holder_type": _type_of(work, actor, said["holder"], position.holder_type), **updates}
        if actor is None or actor != place.actor:
            updates |= {"holder_role": "", "holder_affiliation": ""}  # those of whom it was taken for
        actor = actor or work.actors.add(_new_actor(said["holder"]))
    return replace(
        place,
        position=position.model_copy(update=updates),
        actor=actor or place.actor,
        outcome=outcome,
        via=tuple(found or _taken_in(work, name) for name, found in via) if "via" in said else place.via,
        said=said,
    )


def _taken_in(work: _Work, name: str) -> Actor:
    return work.actors.by_name.get(name) or work.actors.add(_new_actor(name))


def _kind_of(work: _Work, outcome: Outcome | None, before: TargetKind) -> TargetKind:
    if outcome and outcome.label in work.outcomes.read:
        return outcome.kind
    return TargetKind.OUTCOME if before is TargetKind.NONE else before


def _type_of(work: _Work, actor: Actor | None, name: str, before: ActorType) -> ActorType:
    if actor and actor.name in work.actors.read:
        return actor.type
    entry = knowledge.look_up(name)
    return entry.type if entry else before


def _outcome(work: _Work, named: _Named, said: Mapping[str, Any], target: str, document: Document) -> Outcome | None:
    """Return the outcome that a target means; what is toward an actor is called as the actor is."""
    found = _find(work.outcomes, named, target, document)
    if found is None and said.get("target_kind") is TargetKind.ACTOR:
        actor = _find(work.actors, named, target, document)
        found = work.outcomes.by_name.get(actor.name) if actor else None
    return found


# Names


def _rename(work: _Work, rows: Sequence[Correction]) -> tuple[Outcome, ...]:
    """Merge and rename actors and outcomes, and give each its names, kind and role anew where something has changed.

    Returns:
        The outcomes of the user's list.
    """
    called = _final(rows, work.actors, work.skipped)
    labelled = _final(rows, work.outcomes, work.skipped)
    for label in work.outcomes.read & set(called):  # what is toward an actor is called as it is
        labelled.setdefault(label, called[label])
    types = {
        called.get(row.name, row.name): row.new_holder_type for row in rows if row.kind.of_actors and row.new_holder_type
    }
    kinds = {
        labelled.get(row.name, row.name): row.new_target_kind for row in rows if row.kind.of_outcomes and row.new_target_kind
    }
    actors, outcomes = _actors(work, called, types), _outcomes(work, labelled, kinds)
    listed = tuple(dict.fromkeys(outcomes[outcome.label] for outcome in work.read.listed))
    for place in work.places:
        place.actor = actors[place.actor.name]
        place.via = tuple(actors[via.name] for via in place.via)
        if place.outcome is not None:
            place.outcome = outcomes[place.outcome.label]
            before = work.before[place.number].outcome if place.number < len(work.before) else None
            same = before is not None and outcomes[before.label] == place.outcome
            place.position = _with_similarity(place.position, place.outcome in listed, same)
    return listed


def _final(rows: Sequence[Correction], directory: Directory[Thing], skipped: list[Skipped]) -> dict[str, str]:
    actors = directory.what == "actor"
    splits = (Kind.SPLIT_ACTOR, Kind.SPLIT_OUTCOME)
    own = [row for row in rows if (row.kind.of_actors if actors else row.kind.of_outcomes) and row.kind not in splits]
    return final_names(own, directory, skipped)


def _actors(work: _Work, called: Mapping[str, str], types: Mapping[str, ActorType]) -> dict[str, Actor]:
    """Return every actor as it is now, by the name it had."""
    was, now = _told(work.before, _actor_slots, {}), _told(work.places, _actor_slots, called)
    held = _held(work.places, called)
    targets = {place.position.target for place in work.places}
    found: dict[str, Actor] = {}
    for name, members in _groups(work.actors, called).items():
        places = held[name]
        given = types.get(name) or _most(place.said["holder_type"] for place in places if "holder_type" in place.said)
        if not given and _as_before(work.actors, name, members, was, now):
            found[name] = members[0]
            continue
        read = [member for member in members if member.name in work.actors.read]
        gone = _raw(was[member.name] for member in read) - _raw([now[name]]) - targets
        aliases = {alias for member in read for alias in (member.name, *member.aliases)} - gone | _raw([now[name]])
        first = next((member for member in read if member.name == name), read[0] if read else None)
        kind = given or _own_kind([(m.name, m.type) for m in read], name, was)
        kind = kind or _most(place.position.holder_type for place in places) or _type_of(work, None, name, ActorType.UNKNOWN)
        actor = Actor(name=name, type=kind, aliases=tuple(sorted(aliases - {name, ""})))
        role = {"role": first.role, "affiliation": first.affiliation} if first else {}
        actor = actor.model_copy(update=usual_role(place.position for place in places) or role)
        found |= {member.name: actor for member in members}
    return found


def _outcomes(work: _Work, called: Mapping[str, str], kinds: Mapping[str, TargetKind]) -> dict[str, Outcome]:
    """Return every outcome as it is now, by the label it had."""
    was, now = _told(work.before, _outcome_slots, {}), _told(work.places, _outcome_slots, called)
    toward: dict[str, list[_Place]] = defaultdict(list)
    for place in work.places:
        if place.outcome is not None:
            toward[called.get(place.outcome.label, place.outcome.label)].append(place)
    found: dict[str, Outcome] = {}
    for label, members in _groups(work.outcomes, called).items():
        places = toward[label]
        given = kinds.get(label) or _most(place.said["target_kind"] for place in places if "target_kind" in place.said)
        if not given and _as_before(work.outcomes, label, members, was, now):
            found[label] = members[0]
            continue
        read = [member for member in members if member.label in work.outcomes.read]
        gone = _raw(was[member.label] for member in read) - _raw([now[label]])
        wordings = {w for member in read for w in member.wordings} | {m.label for m in read if m.label != label}
        first = [member for member in read if member.label == label] + read
        kind = given or _own_kind([(m.label, m.kind) for m in read], label, was)
        outcome = Outcome(
            label=label,
            kind=kind or _most(place.position.target_kind for place in places) or TargetKind.OUTCOME,
            wordings=tuple(sorted(wordings - gone - {""} | _raw([now[label]]))),
            description=next((member.description for member in first if member.description), ""),
        )
        found |= {member.label: outcome for member in members}
    return found


def _told(
    places: Iterable[_Place], slots: Callable[[_Place], Sequence[tuple[str, Thing]]], final: Mapping[str, str]
) -> _Told:
    """Return where actors or outcomes are named, by their name: number of the position, slot in it, the name as written."""
    told: _Told = defaultdict(set)
    for place in places:
        for slot, (said, thing) in enumerate(slots(place)):
            told[final.get(name_of(thing), name_of(thing))].add((place.number, slot, said))
    return told


def _held(places: Iterable[_Place], final: Mapping[str, str]) -> dict[str, list[_Place]]:
    held: dict[str, list[_Place]] = defaultdict(list)
    for place in places:
        held[final.get(place.actor.name, place.actor.name)].append(place)
    return held


def _raw(told: Iterable[set[tuple[int, int, str]]]) -> set[str]:
    return {said for one in told for _, _, said in one if said}


def _groups(directory: Directory[Thing], final: Mapping[str, str]) -> dict[str, list[Thing]]:
    """Return by each name those that are to be called so."""
    groups: dict[str, list[Thing]] = defaultdict(list)
    for name, thing in sorted(directory.by_name.items()):
        groups[final.get(name, name)].append(thing)
    return groups


def _as_before(directory: Directory[Thing], name: str, members: Sequence[Thing], was: _Told, now: _Told) -> bool:
    """Tell whether an actor or outcome is the one that was read, named in the same places."""
    return len(members) == 1 and name_of(members[0]) == name and name in directory.read and was[name] == now[name]


def _own_kind(members: Sequence[tuple[str, Kind_]], name: str, was: _Told) -> Kind_ | None:
    """Return the kind of the one that keeps its name, or else the most frequent."""
    kinds = dict(members)
    if name in kinds:
        return kinds[name]
    counts: Counter[Kind_] = Counter()
    for own, kind in members:
        counts[kind] += len(was[own])
    return _most(counts.elements()) or (members[0][1] if members else None)


def _most(kinds: Iterable[Kind_]) -> Kind_ | None:
    """Return what is said most often, of several the first by name; None if nothing is said."""
    counts = Counter(kinds)
    return min(counts, key=lambda kind: (-counts[kind], kind.value)) if counts else None


def _with_similarity(position: Position, listed: bool, same: bool) -> Position:
    """Return a position with the similarity that belongs to its outcome: what a person assigns is the same."""
    similarity = position.similarity if same else None
    similarity = 1.0 if listed and similarity is None else similarity
    return position if position.similarity == similarity else position.model_copy(update={"similarity": similarity})


# The graph


def _in_order(work: _Work) -> tuple[list[PlacedPosition], list[Report]]:
    """Return positions and reports in the order of documents and of their text, new positions with ids of their own."""
    rank = {id_: number for number, id_ in enumerate(work.read.documents)}
    places = work.places
    if any(bool(place.id) != (place.outcome is not None) for place in places):
        places = sorted(places, key=lambda p: (rank[p.position.document.id], p.position.evidence[0].start))
    last: Counter[str] = Counter()
    for before in work.before:
        number = before.id.rpartition("#")[2]
        last[before.position.document.id] = max(last[before.position.document.id], int(number) if number.isdecimal() else 0)
    placed, reports = [], []
    for place in places:
        id_ = place.position.document.id
        if place.outcome is None:
            reports.append(Report(place.position, place.actor))
            continue
        if not place.id:
            last[id_] += 1
        placed.append(
            PlacedPosition(place.id or f"{id_}#{last[id_]}", place.position, place.actor, place.outcome, place.via)
        )
    return placed, reports
