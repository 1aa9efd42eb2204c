"""Positions as discourse events: who said yes or no to what, where and when.

An event is what Discourse Network Analyzer (DNA) calls a statement: an actor, an outcome (DNA: concept) and an agreement.
In DNA the agreement is yes or no (manual, "Notation": K = {0; 1}). A stance becomes an agreement as follows.

| stance | agreement |
| --- | --- |
| `supports` | 1 |
| `opposes` | 0 |
| `mixed` | none by default; two events, 1 and 0, with `mixed="both"`; ½ with `mixed="between"` |
| `undecided` | none by default; ½ with `undecided="between"` |

An agreement of ½ makes the qualifier a scale of three levels, for which the manual's formulas for integer qualifiers hold.

Source: Leifeld, Gruber & Bossner (2018), Discourse Network Analyzer Manual, chapter "Methods for Network Construction".
"""

from __future__ import annotations

import datetime
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Literal, TypedDict

from stancegraph.graph._selecting import By, Weights
from stancegraph.models import Act, ActorType, Stance, TargetKind, day_range, days_of
from stancegraph.networks._choices import check_choice

if TYPE_CHECKING:
    from stancegraph.graph import StanceGraph
    from stancegraph.models import PlacedPosition

LEVELS = (0.0, 0.5, 1.0)

Duplicates = Literal["all", "document", "week", "month", "year", "range"]
Values = Mapping[str, "str | Iterable[str]"]


class EventSettings(TypedDict, total=False):
    """The settings of `events`, which every function of this package takes as well."""

    by: By
    duplicates: Duplicates
    exclude: Values
    only: Values
    since: str | None
    until: str | None
    mixed: Literal["leave out", "both", "between"]
    undecided: Literal["leave out", "between"]
    weights: Weights


@dataclass(frozen=True)
class Event:
    """Somebody's agreement or disagreement with an outcome, once.

    Args:
        id: The id of the position in the graph, by which its evidence is found.
        actor: Who holds it, or whom its holder speaks for.
        outcome: What it is toward.
        agreement: 1 for support, 0 for opposition, 0.5 for what lies between.
        weight: How much it counts.
        document: The id of the document that states it.
        date: When it was stated, of any precision, of a range of days the first; None if not known.
    """

    id: str
    actor: str
    outcome: str
    agreement: float
    weight: float
    document: str
    date: str | None


def events(
    graph: StanceGraph,
    *,
    by: By = "actor",
    duplicates: Duplicates = "document",
    exclude: Values | None = None,
    only: Values | None = None,
    since: str | None = None,
    until: str | None = None,
    mixed: Literal["leave out", "both", "between"] = "leave out",
    undecided: Literal["leave out", "between"] = "leave out",
    weights: Weights = "count",
) -> list[Event]:
    """Return the positions of a graph as discourse events, by date, document and place in the text.

    Source: the export settings of DNA; `dna_network` of rDNA calls them `duplicates`, `excludeValues`, `invertValues`,
    `start.date` and `stop.date`.

    Args:
        graph: The graph.
        by: Whose events they are: the "actor", or the "affiliation", the country or body that the holder speaks for.
            Who speaks for none stands for himself.
        duplicates: Of events with the same actor, outcome and agreement, keep "all", or the first of each "document",
            calendar "week" (Monday to Sunday), "month" or "year", or of the whole "range". Where a date does not tell
            the period, the first of each document is kept.
        exclude: What to leave out, as `{"outcome": ["tax cuts"], "actor_type": "media"}`. The keys are actor,
            actor_type, affiliation, outcome, outcome_kind, stance, act, via, document and source; actors and outcomes
            are found under any of their names.
        only: What to keep, as `exclude`; of several keys, all must hold.
        since: The first day, or the month or year that begins with it; events without a date are then left out.
        until: The last day, or the month or year that ends with it.
        mixed: What becomes of mixed positions; see above.
        undecided: What becomes of undecided positions; see above.
        weights: What an event counts: 1 ("count") or the "confidence" of its position, in [0, 1].

    Raises:
        ValueError: If a setting has no such value, or nothing has an excluded value; names what comes nearest.
        UnknownName: If there is no such actor or outcome.
        AmbiguousName: If several are meant equally well.
    """
    check_choice("by", by, ("actor", "affiliation"))
    check_choice("duplicates", duplicates, ("all", "document", "week", "month", "year", "range"))
    check_choice("mixed", mixed, ("leave out", "both", "between"))
    check_choice("undecided", undecided, ("leave out", "between"))
    check_choice("weights", weights, ("count", "confidence"))
    wanted = _filter(graph, exclude or {}, only or {}, day_range(since, until))
    name_of = graph.speaks_for if by == "affiliation" else _holder
    agreements = {
        Stance.SUPPORTS: (1.0,),
        Stance.OPPOSES: (0.0,),
        Stance.MIXED: {"leave out": (), "both": (1.0, 0.0), "between": (0.5,)}[mixed],
        Stance.UNDECIDED: {"leave out": (), "between": (0.5,)}[undecided],
    }
    found = [
        Event(
            id=placed.id,
            actor=name_of(placed),
            outcome=placed.outcome.label,
            agreement=agreement,
            weight=placed.position.confidence if weights == "confidence" else 1.0,
            document=placed.position.document.id,
            date=placed.position.day,
        )
        for placed in sorted(graph.placed, key=_place)
        if wanted(placed)
        for agreement in agreements[placed.position.stance]
    ]
    return found if duplicates == "all" else list(_first_of_each(found, duplicates))


def _holder(placed: PlacedPosition) -> str:
    return placed.actor.name


def _place(placed: PlacedPosition) -> tuple[object, ...]:
    position = placed.position
    day = position.day or "9999-99"
    return day, position.document.id, position.evidence[0].start, placed.actor.name, placed.outcome.label, placed.id


def _first_of_each(found: Iterable[Event], duplicates: Duplicates) -> Iterator[Event]:
    seen = set()
    for event in found:
        key = (event.actor, event.outcome, event.agreement, _period(event, duplicates))
        if key not in seen:
            seen.add(key)
            yield event


def _period(event: Event, duplicates: Duplicates) -> object:
    date = event.date or ""
    if duplicates == "range":
        return None
    if duplicates == "week" and len(date) == len("2023-07-11"):
        return datetime.date.fromisoformat(date).isocalendar()[:2]
    length = {"month": len("2023-07"), "year": len("2023")}.get(duplicates)
    # Document ids and periods must not be taken for one another.
    return date[:length] if length and len(date) >= length else ("document", event.document)


_Readers = dict[str, Callable[["PlacedPosition"], tuple[str, ...]]]
_VALUES: _Readers = {
    "actor": lambda placed: (placed.actor.name,),
    "actor_type": lambda placed: (placed.actor.type.value,),
    "outcome": lambda placed: (placed.outcome.label,),
    "outcome_kind": lambda placed: (placed.outcome.kind.value,),
    "stance": lambda placed: (placed.position.stance.value,),
    "act": lambda placed: (placed.position.act.value,),
    "via": lambda placed: tuple(actor.name for actor in placed.via),
    "document": lambda placed: (placed.position.document.id,),
    "source": lambda placed: (placed.position.document.source or "",),
}
_KINDS: dict[str, type[Enum]] = {"actor_type": ActorType, "outcome_kind": TargetKind, "stance": Stance, "act": Act}


def _filter(
    graph: StanceGraph,
    exclude: Values,
    only: Values,
    days: tuple[datetime.date | None, datetime.date | None],
) -> Callable[[PlacedPosition], bool]:
    read: _Readers = {**_VALUES, "affiliation": lambda placed: (graph.speaks_for(placed),)}
    unwanted = {key: _meant(graph, read, f"exclude {key}", key, values) for key, values in exclude.items()}
    needed = {key: _meant(graph, read, f"only {key}", key, values) for key, values in only.items()}

    def wanted(placed: PlacedPosition) -> bool:
        return (
            _in_range(placed.position.day, *days)
            and all(values.isdisjoint(read[key](placed)) for key, values in unwanted.items())
            and not any(values.isdisjoint(read[key](placed)) for key, values in needed.items())
        )

    return wanted


def _in_range(date: str | None, first: datetime.date | None, last: datetime.date | None) -> bool:
    if first is None and last is None:
        return True
    day = days_of(date)[0] if date else None
    return day is not None and (first is None or first <= day) and (last is None or day <= last)


def _meant(graph: StanceGraph, read: _Readers, setting: str, key: str, values: str | Iterable[str]) -> set[str]:
    """Return the values of the graph that a user's words for them mean."""
    check_choice("the key of exclude or only", key, sorted(read))
    words = [values] if isinstance(values, str) else list(values)
    if key in ("actor", "via"):
        return {graph.actor(word).name for word in words}
    if key == "outcome":
        return {graph.outcome(word).label for word in words}
    known = [str(kind.value) for kind in _KINDS[key]] if key in _KINDS else []
    known = known or sorted({value for placed in graph.placed for value in read[key](placed)})
    for word in words:
        if word not in known:
            nearest = difflib.get_close_matches(str(word), known, n=3, cutoff=0)
            raise ValueError(f"{setting}: nothing is called {word!r}; nearest are {', '.join(map(repr, nearest)) or 'none'}")
    return set(words)
