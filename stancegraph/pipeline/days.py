"""Intervals of days: weeks, months, years and their parts, so far from each other.

A time is as wide as the unit it is counted in, as in TimeML (Pustejovsky et al. 2003, "TimeML: Robust Specification of Event
and Temporal Expressions in Text"): three weeks before a day is the whole of that week, from Monday to Sunday.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

LENGTH = {"hour": 1, "day": 1, "week": 7, "month": 31, "year": 366, "decade": 3653}  # days, at most
_MONTHS_IN = {"month": 1, "year": 12, "decade": 120}
_HOURS_IN_A_DAY = 24

Part = tuple[int, int]  # which of how many


class Days(NamedTuple):
    """An interval of days.

    Args:
        since: The first day; None if that is not known.
        until: The last day.
        earlier: Whether it is before other things that are told of the same days.
    """

    since: date | None
    until: date
    earlier: bool = False


class Offset(NamedTuple):
    """How far something comes after something else, or before it if negative: from `low` to `high` units."""

    low: int
    high: int
    unit: str


def period(unit: str, day: date) -> Days:
    """Return the day, week (from Monday), month, year or decade that a day is in."""
    if unit == "week":
        monday = day - timedelta(days=day.weekday())
        return Days(monday, monday + timedelta(days=6))
    if unit == "month":
        return months(day.year, day.month, 1)
    if unit == "year":
        return months(day.year, 1, 12)
    if unit == "decade":
        return months(day.year - day.year % 10, 1, 120)
    return Days(day, day)


def moved(day: date, unit: str, count: int) -> date:
    """Return the same day so many units later; in a month that is too short its last day."""
    if unit in _MONTHS_IN:
        year, month = divmod(day.year * 12 + day.month - 1 + count * _MONTHS_IN[unit], 12)
        return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
    if unit == "hour":
        count = int(count / _HOURS_IN_A_DAY)
    return day + timedelta(days=7 * count if unit == "week" else count)


def months(year: int, month: int, count: int) -> Days:
    """Return so many months from the first of a month."""
    first = date(year, month, 1)
    last = moved(first, "month", count - 1)
    return Days(first, last.replace(day=calendar.monthrange(last.year, last.month)[1]))


def part_of(days: Days, part: Part | None) -> Days:
    """Return the early, middle or late part of a period, or a half or quarter of it.

    Of a month these are ten days each (the last to its end), of a season or year its thirds, of a week Monday to Wednesday,
    Tuesday to Thursday and Thursday to Sunday, of a decade its first four, middle three and last three years.
    """
    since, until = days.since, days.until
    if since is None or part is None:
        return days
    nth, of = part
    length = (until - since).days + 1
    if length <= LENGTH["week"]:
        first, end = {(1, 3): (0, 3), (2, 3): (1, 4), (1, 2): (0, 3)}.get(part, (3, 7))
        return Days(since + timedelta(days=first), since + timedelta(days=end - 1))
    if length <= LENGTH["month"]:
        last = until if nth == of else since.replace(day=30 * nth // of)
        return Days(since.replace(day=30 * (nth - 1) // of + 1), last)
    count = (until.year - since.year) * 12 + until.month - since.month + 1
    first, end = count * (nth - 1) // of, count * nth // of
    if count == _MONTHS_IN["decade"]:
        first, end = 12 * -(-10 * (nth - 1) // of), 12 * -(-10 * nth // of)  # whole years
    begin = moved(since, "month", first)
    return months(begin.year, begin.month, end - first)


def last_of(in_year: Callable[[int], Days], today: date, *, ended: bool = False) -> Days:
    """Return the last of the days that come once a year that has begun by today, or that has ended before."""
    for year in range(today.year + 1, today.year - 9, -1):  # from one 29 February to the next it is at most eight years
        try:
            days = in_year(year)
        except ValueError:
            continue
        if days.until < today or (not ended and (days.since or days.until) <= today):
            return days
    raise ValueError("there is no such day")


def shifted(days: Days, by: Offset) -> Days:
    """Return the days that are so far after (or before) other days; those within the day before it are `earlier`."""
    ends = sorted((by.low, by.high))
    since = period(by.unit, moved(days.since, by.unit, ends[0])).since if days.since else None
    until = period(by.unit, moved(days.until, by.unit, ends[1])).until
    return Days(since, until, ends[1] <= 0 and ends[0] < 0 and until == days.until)
