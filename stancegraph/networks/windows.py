"""Time windows, by which a debate is looked at piece by piece."""

from __future__ import annotations

import datetime
from bisect import bisect_right
from typing import TYPE_CHECKING, Literal, NamedTuple

from stancegraph.models import day_range, days_of
from stancegraph.networks._choices import check_choice, check_count
from stancegraph.networks.events import EventSettings, events

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph

Unit = Literal["days", "weeks", "months", "years", "events"]
_LAST = datetime.date.max.toordinal()


class Window(NamedTuple):
    """A stretch of time.

    Args:
        since: Its first day, in ISO 8601.
        until: Its last day.
    """

    since: str
    until: str


def windows(
    graph: StanceGraph,
    *,
    unit: Unit = "months",
    size: int = 1,
    step: int | None = None,
    **settings: Unpack[EventSettings],
) -> list[Window]:
    """Return time windows that cover all dated events, the earliest first.

    Days, weeks, months and years are those of the calendar. A window by number of events holds at least `size` of them:
    those of one day cannot be told apart, so it ends with a whole day. What falls into a window is asked for by its dates,
    `actor_network(graph, since=window.since, until=window.until)`; events repeated within it are then found within it, while
    DNA looks for them in the whole range before it moves the window.

    Source: Leifeld (2016), Policy Debates as Dynamic Networks, on the time window algorithm; `timeWindow` and `windowSize`
    of `dna_network` in rDNA, which moves by one unit (here `step=1`) and numbers windows by their middle.

    Args:
        graph: The graph.
        unit: What windows are counted in.
        size: How many units a window has.
        step: By how many units it moves on, at most `size`; by default `size`, so that windows do not overlap.
        settings: As in `events`; windows keep within `since` and `until`.

    Raises:
        ValueError: If size or step make no sense; or as in `events`.
    """
    check_choice("unit", unit, ("days", "weeks", "months", "years", "events"))
    check_count("size", size)
    step = size if step is None else step
    check_count("step", step)
    if step > size:
        raise ValueError(f"step={step} is more than size={size} and would leave gaps; choose at most {size}")
    days = sorted(days_of(event.date)[0] for event in events(graph, **settings) if event.date)
    if not days:
        return []
    first, last = day_range(settings.get("since"), settings.get("until"))
    start, end = first or days[0], last or days[-1]
    if unit == "events":
        return _by_events(days, start, end, size, step)
    found = []
    number, until = 0, 0
    while until < end.toordinal():
        since = _moved(_begin(start, unit), number, unit)
        until = min(_moved(_begin(start, unit), number + size, unit) - 1, _LAST)
        found.append((max(since, start.toordinal()) if first else since, min(until, end.toordinal()) if last else until))
        number += step
    return [_window(*bounds) for bounds in found]


def _by_events(
    days: Sequence[datetime.date], start: datetime.date, end: datetime.date, size: int, step: int
) -> list[Window]:
    bounds: list[tuple[int, int]] = []
    number = 0
    while True:
        until = days[min(number + size, len(days)) - 1]
        bounds.append((days[number].toordinal(), until.toordinal()))
        if until == days[-1]:
            break
        # Windows that are not to overlap begin with the next day, the others with the next event.
        number = bisect_right(days, until) if step == size else number + step
    # Days without events belong to the window before them.
    begins = [start.toordinal(), *(since for since, _ in bounds[1:])]
    ends = [*(max(until, since - 1) for (_, until), since in zip(bounds, begins[1:], strict=False)), end.toordinal()]
    return list(dict.fromkeys(_window(*both) for both in zip(begins, ends, strict=True)))


def _begin(day: datetime.date, unit: Unit) -> datetime.date:
    if unit == "weeks":
        return day - datetime.timedelta(days=day.weekday())
    if unit == "months":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if unit == "years" else day


def _moved(day: datetime.date, number: int, unit: Unit) -> int:
    """Return the ordinal of the day so many units later, or of the day after the last one that there is."""
    if unit in ("days", "weeks"):
        return min(day.toordinal() + number * (7 if unit == "weeks" else 1), _LAST + 1)
    months = day.month - 1 + number * (12 if unit == "years" else 1)
    year = day.year + months // 12
    return day.replace(year=year, month=months % 12 + 1).toordinal() if year <= datetime.MAXYEAR else _LAST + 1


def _window(since: int, until: int) -> Window:
    return Window(datetime.date.fromordinal(since).isoformat(), datetime.date.fromordinal(until).isoformat())
