"""What actors have said on one outcome in the order of days, and where that leaves each of them.

Who says several things on one day stands, at its end, where the last of them puts him: the last in its text, of several
texts the last by id. A change is a stance other than the one at the end of an earlier day, since the order of what is said
on one day is not known.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from stancegraph.models import Stance, days_of
from stancegraph.networks._choices import check_choice
from stancegraph.networks.windows import periods

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancegraph.graph import StanceGraph
    from stancegraph.graph.queries import PlacedPosition
    from stancegraph.models import Outcome
    from stancegraph.networks.events import By
    from stancegraph.networks.windows import Unit


class Step(NamedTuple):
    """One position of an actor in time.

    Args:
        day: The day it was stated, counted from the first of year 1; of a longer time the first.
        until: The last day on which it may have been stated.
        date: The date in ISO 8601.
        stance: The stance.
        placed: The position.
    """

    day: int
    until: int
    date: str
    stance: Stance
    placed: PlacedPosition


class Standing(NamedTuple):
    """Where an actor stands from one day on.

    Args:
        day: The day.
        stance: The stance at its end.
        steps: All that was said that day.
        changes: Those of them that depart from the stance before.
    """

    day: int
    stance: Stance
    steps: tuple[Step, ...]
    changes: tuple[Step, ...]

    @property
    def at_once(self) -> int:
        """How many different stances were taken that day."""
        return len({step.stance for step in self.steps})


def steps_on(graph: StanceGraph, outcome: Outcome, by: By) -> dict[str, list[Step]]:
    """Return the dated positions on an outcome by actor, or by whom the actors speak for, in the order of days."""
    check_choice("by", by, ("actor", "affiliation"))
    found: dict[str, list[Step]] = defaultdict(list)
    for placed in graph.placed:
        if placed.outcome == outcome and (step := _step(placed)):
            found[graph.speaks_for(placed) if by == "affiliation" else placed.actor.name].append(step)
    for steps in found.values():
        steps.sort(key=lambda step: (step.day, step.placed.position.document.id, step.placed.position.evidence[0].start))
    return dict(sorted(found.items()))


def _step(placed: PlacedPosition) -> Step | None:
    position = placed.position
    if position.stated and position.stated.since:
        since, until = position.stated.since, position.stated.until
    elif position.document.date and not position.stated:
        since, until = days_of(position.document.date)
    else:
        return None
    return Step(since.toordinal(), until.toordinal(), position.date or "", position.stance, placed)


def standings(steps: Sequence[Step]) -> list[Standing]:
    """Return where an actor stands, day by day on which something is said."""
    found: list[Standing] = []
    for day, said in groupby(steps, key=lambda step: step.day):
        today = tuple(said)
        changes = tuple(step for step in today if found and step.stance is not found[-1].stance)
        found.append(Standing(day, today[-1].stance, today, changes))
    return found


class Period(NamedTuple):
    """How many actors stand where at the end of a stretch of time.

    Args:
        since: Its first day.
        until: Its last day.
        counts: The number of actors of each stance.
    """

    since: int
    until: int
    counts: dict[Stance, int]


def balance_on(graph: StanceGraph, outcome: Outcome, unit: Unit, by: By) -> list[Period]:
    """Return where actors stand at the end of each day, week, month or year, from the first to the last position."""
    histories = [standings(steps) for steps in steps_on(graph, outcome, by).values()]
    if not histories:
        return []
    first = min(history[0].day for history in histories)
    last = max(history[-1].day for history in histories)
    found = []
    for since, until in periods(datetime.date.fromordinal(first), datetime.date.fromordinal(last), unit):
        at_end = [stance_at(history, until) for history in histories]
        found.append(Period(since, until, {stance: at_end.count(stance) for stance in Stance}))
    return found


def stance_at(history: Sequence[Standing], day: int) -> Stance | None:
    """Return where an actor stands at the end of a day; None if nothing has been said by then."""
    return next((standing.stance for standing in reversed(history) if standing.day <= day), None)


def last_words_on(graph: StanceGraph, outcome: Outcome, by: By) -> dict[str, list[PlacedPosition]]:
    """Return by actor the positions of the stance that stands in the end, the last one last.

    Where nothing has a date, the stance that stands is that of the last position in order of documents and of their text.
    """
    check_choice("by", by, ("actor", "affiliation"))
    dated = steps_on(graph, outcome, by)
    said: dict[str, list[PlacedPosition]] = defaultdict(list)
    for placed in graph.placed:
        name = graph.speaks_for(placed) if by == "affiliation" else placed.actor.name
        if placed.outcome == outcome and name not in dated:
            said[name].append(placed)
    said.update({name: [step.placed for step in steps] for name, steps in dated.items()})
    return {
        name: [placed for placed in all_said if placed.position.stance is all_said[-1].position.stance]
        for name, all_said in sorted(said.items())
    }
