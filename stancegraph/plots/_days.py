"""Days on an axis: counted from the first day of year 1, with ticks at the beginnings of days, months or years."""

from __future__ import annotations

import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from stancegraph.models import days_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_ROOM = 0.5  # inches from tick to tick, at least
_STEPS = (
    *(("days", number) for number in (1, 2, 7, 14)),
    *(("months", number) for number in (1, 2, 3, 6)),
    *(("years", number) for number in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000)),
)
_FINEST = {"days": 0, "weeks": 2, "months": 4, "years": 8}  # places in the steps


class Tick(NamedTuple):
    """A tick on an axis of days.

    Args:
        day: The day.
        label: Its name, in two lines where a year begins.
    """

    day: int
    label: str


def ticks(first: int, last: int, room: float, unit: str = "days") -> list[Tick]:
    """Return ticks from a day to a day, as many as find room for their names.

    Args:
        first: The first day of the axis.
        last: The last one.
        room: The length of the axis in inches.
        unit: The shortest stretch of time with a tick of its own: days, weeks, months or years.
    """
    begin, end = datetime.date.fromordinal(first), datetime.date.fromordinal(last)
    found: list[datetime.date] = []
    of = unit
    for of, number in _STEPS[_FINEST[unit] :]:
        found = list(_beginnings(begin, end, of, number))
        if len(found) * _ROOM <= room + _ROOM and _apart(found) * room >= _ROOM * (last - first):
            break
    named = []
    year = None
    for day in found:
        name = {"days": f"{day.day} {_MONTHS[day.month - 1]}", "months": _MONTHS[day.month - 1], "years": str(day.year)}[of]
        named.append(Tick(day.toordinal(), name if of == "years" or day.year == year else f"{name}\n{day.year}"))
        year = day.year
    return named


def ordinal(date: str | None) -> int:
    """Return the number of the first day of a date in ISO 8601."""
    return days_of(date or "0001")[0].toordinal()


def _apart(days: list[datetime.date]) -> int:
    gaps = ((later - day).days for day, later in pairwise(days))
    return min(gaps, default=10**7)


def _beginnings(first: datetime.date, last: datetime.date, unit: str, number: int) -> Iterator[datetime.date]:
    if unit == "days":
        start = first.toordinal()
        if number % 7 == 0:  # weeks begin on Monday
            start += -first.weekday() % 7
        yield from (datetime.date.fromordinal(day) for day in range(start, last.toordinal() + 1, number))
        return
    step = number * (12 if unit == "years" else 1)
    begin, end = first.year * 12 + first.month - 1, last.year * 12 + last.month - 1
    for months in range(-(-begin // step) * step, end + 1, step):
        if months // 12 >= 1 and (day := datetime.date(months // 12, months % 12 + 1, 1)) >= first:
            yield day


def day_words(date: str) -> str:
    """Return when something was stated in words: "12 Jul 2022", "2022", "4–10 Jul 2022" or "before 12 Jul 2022"."""
    since, _, until = date.rpartition("/")
    if not since:
        return _one_day(date)
    return f"before {_one_day(until)}" if since == ".." else span_words(since, until)


def short_day(date: str, *, with_year: bool) -> str:
    """Return when something was stated in few words, of a longer time its beginning: "12 Jul", "Jul 2022", "2022"."""
    words = _one_day(date.partition("/")[0])
    return words if with_year else words.rpartition(" ")[0] or words


def span_words(since: str, until: str) -> str:
    """Return a stretch of time in words, without saying twice what both ends share: "4–10 Jul 2022"."""
    first, last = _one_day(since).split(), _one_day(until).split()
    if first == last:
        return " ".join(last)
    if len(first) == len(last):
        while first[-1] == last[len(first) - 1]:
            first.pop()
    return " ".join(first) + ("–" if len(first) == 1 else " – ") + " ".join(last)


def _one_day(date: str) -> str:
    day = days_of(date)[0]
    return {4: f"{day.year}", 7: f"{_MONTHS[day.month - 1]} {day.year}"}.get(
        len(date), f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    )
