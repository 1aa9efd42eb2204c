"""The time expressions of news, and the days they mean: "on Tuesday", "in late October", "three weeks ago", "the day after".

Texts tell days mostly by how far they are from the day of the text, or from another day that was told before. Libraries
that read dates give one instant, not days, do not know the second kind, and take "may" and "march" for months; so this is a
grammar of its own.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import cache
from operator import itemgetter
from typing import Literal, NamedTuple

from stancegraph.pipeline.days import LENGTH, Days, Offset, Part, last_of, months, moved, part_of, period, shifted
from stancegraph.pipeline.words import word_list

# What an expression tells: days; days until now; something earlier without saying when; something later than what was told
# before; for how long; how far from the clause or noun that follows; or nothing that can be known.
Kind = Literal["days", "since", "recalled", "later", "lasting", "offset", "unknown"]

_NUMBERS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_ORDINALS = ("first", "second", "third", "fourth")
_SEASONS = {"winter": 12, "spring": 3, "summer": 6, "autumn": 9, "fall": 9}  # the month in which each begins
# How many "a few" and bare plurals can be before one would count in the next unit.
_MOST = {"hour": 23, "day": 9, "week": 8, "fortnight": 4, "month": 11, "year": 9, "decade": 5}
_SATURDAY = 5
_FARTHEST_TOLD = 50  # time expressions before one that counts from them


class TimeExpression(NamedTuple):
    """A time expression of a text.

    Args:
        start: Offset of its first character, a preposition before it included.
        end: Offset after the last character.
        kind: What it tells.
        days: The days it means; None if they cannot be known or come after the text.
        words: Spans of the words that tell them: its own, and those of the expression it counts from.
        attributive: Whether it belongs to the noun after it ("Tuesday's debate").
        offset: How far it is from what follows it, if it is of that kind.
    """

    start: int
    end: int
    kind: Kind
    days: Days | None
    words: Words
    attributive: bool
    offset: Offset | None


class _Read(NamedTuple):
    """What a rule makes of the words it matches."""

    days: Days | None
    kind: Kind = "days"
    offset: Offset | None = None


Words = tuple[tuple[int, int], ...]
_NOTHING = _Read(None, "unknown")
_Match = re.Match[str]
_Reading = Callable[[_Match, date, "_ToldBefore"], _Read]


class _ToldBefore:
    """What a text has told before an expression that may count from it."""

    def __init__(self, told: list[tuple[int, Days, Words]], paragraph: int) -> None:
        self._told, self._paragraph = told, paragraph
        self.words: Words = ()

    def last(self, unit: str, *, paragraphs: int = 1) -> Days | None:
        """Return the last days that are no longer than a unit, told in the same paragraph or so many before."""
        for paragraph, days, words in reversed(self._told[-_FARTHEST_TOLD:]):
            if self._paragraph - paragraph > paragraphs:
                break
            if days.since and (days.until - days.since).days < LENGTH[unit]:
                self.words = words
                return days
        return None


# --- words -----------------------------------------------------------------------------------------------------------
# In these patterns a space stands for any white space.


def _any(words: Iterable[str]) -> str:
    return "|".join(re.escape(w).replace("\\ ", " ") for w in sorted(words, key=lambda w: (-len(w), w)))


def _i(pattern: str) -> str:
    return f"(?i:{pattern})"


# Names of days and months count only as they are written in print: "may" and "march" are verbs, "the Sun" is a paper.
_DAY_NAMES = {form: n for n, name in enumerate(_WEEKDAYS) for form in (name, name.upper())}
_DAY_NAMES |= {"Tues.": 1, "Wed.": 2, "Thurs.": 3, "Fri.": 4}
_SHORT_DAYS = [name[:3] + dot for name in _WEEKDAYS for dot in ("", ".")]
_WHOLE_MONTHS = {form: n for n, name in enumerate(_MONTHS, 1) for form in (name, name.upper())}
_WHOLE_MONTHS |= {f"{name[:3]}.": n for n, name in enumerate(_MONTHS, 1) if len(name) > len("May")} | {"Sept.": 9}
_MONTH_NAMES = {**{name[:3]: n for n, name in enumerate(_MONTHS, 1)}, "Sept": 9, **_WHOLE_MONTHS}
_NO_DAYS = "".join(rf"(?<!\b{word} )" for word in ("Super", "Black", "Bloody", "Good", "Easter", "Palm", "Ash", "Maundy"))
_PARTS: dict[str, Part] = {
    **dict.fromkeys(("early", "beginning", "start"), (1, 3)),
    **dict.fromkeys(("mid", "middle"), (2, 3)),
    **dict.fromkeys(("late", "end"), (3, 3)),
    **{f"{number} half": (n, 2) for n, number in enumerate(_ORDINALS[:2], 1)},
    **{f"{number} quarter": (n, 4) for n, number in enumerate(_ORDINALS, 1)},
}
_PARTS_OF = _any(name for name in _PARTS if name not in ("early", "mid", "late"))

_WEEKDAY = rf"{_NO_DAYS}(?P<weekday>{_any(_DAY_NAMES)})(?!\w)"
_SOME_WEEKDAY = rf"(?:(?:{_any([*_DAY_NAMES, *_SHORT_DAYS])}),? (?:the )?)?"
_MONTH = rf"(?P<month>{_any(_MONTH_NAMES)})(?!\w)"
_WHOLE_MONTH = rf"(?P<month>{_any(_WHOLE_MONTHS)})(?!\w)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?(?:\s?[–-]\s?(?P<day2>\d{1,2})(?:st|nd|rd|th)?)?"
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)(?![\w%])(?![.,]\d)"
_YEAR_AFTER = rf"(?:,? (?:of )?(?:{_YEAR}|{_i(r'(?P<which>last|this|that|the same) year')}(?!\w)))?"
_UNIT = r"(?P<unit>hour|day|morning|afternoon|evening|night|week|fortnight|month|year|decade)"
_NO_AMOUNT = r"(?![\w%])(?![.,:]\d)(?! (?:percent|per cent|million|billion|points|people))"
_SOME = r"(?:a )?couple(?: of)?|(?:a )?few|several|some|many|a dozen|half a|an?"
_COUNT = rf"(?P<count>\d{{1,3}}|{_any(_NUMBERS)}|{_SOME})(?P<half> and a half)?"
_ABOUT = r"(?:(?P<about>more than|over|nearly|almost|less than|about|around|roughly|some|just|only|exactly|barely) )?"
_COUNTED = rf"{_ABOUT}(?:{_COUNT} )?{_UNIT}(?P<many>s)?"
_TIME_OF_DAY = _i(r"(?: (?:morning|afternoon|evening|night|lunchtime|midday|noon))?")
_SOME_PART = _i(rf"(?:(?P<part>early|mid|late|(?:the )?(?:{_PARTS_OF}) of)(?: |-))?")
_SEASON = _i(rf"(?P<season>{_any(_SEASONS)})(?!\w)(?! of (?!\d{{4}}|last year|this year))")  # but not "in the fall of Kabul"
_PREPOSITION = re.compile(
    r"(?<!\w)(since|until|till|by|before|after|from|as early as|as late as|as recently as|back in|back on|"
    r"in|on|at|during|over|through|throughout|within|of|for|to) {1,2}(?:the )?$".replace(" ", r"\s"),
    re.IGNORECASE,
)
_LONGEST_PREPOSITION = 24


def _word(match: _Match, group: str) -> str:
    """Return what a group of a match holds, in lower case with single spaces; "" if nothing."""
    return " ".join((match[group] or "").lower().split())


def _unit(match: _Match) -> str:
    unit = _word(match, "unit")
    return "day" if unit in ("morning", "afternoon", "evening", "night") else unit


def _part(match: _Match) -> Part | None:
    """Return which part of a period is meant; None for the whole."""
    return _PARTS.get(_word(match, "part").removeprefix("the ").removesuffix(" of"))


def _counted(match: _Match) -> tuple[int, int, str]:
    """Return the least and greatest count, and the unit, of an expression such as "nearly two years"."""
    unit, about, count = _unit(match), _word(match, "about"), _word(match, "count") or ("" if match["many"] else "a")
    low, high = _number(count, unit)
    if about in ("more than", "over"):
        high += 1
    elif about in ("nearly", "almost", "less than"):
        low = max(low - 1, 0)
    if match["half"]:
        high += 1
    if count == "half a":
        return (6, 6, "month") if unit == "year" else (0, 1, unit)
    if unit == "fortnight":
        return 2 * low, 2 * high, "week"
    return (10 * low, 10 * high, "year") if unit == "decade" else (low, high, unit)


def _number(word: str, unit: str) -> tuple[int, int]:
    """Return how few and how many a count can be; of "a few", "several" and a bare plural nobody knows."""
    exact = {"a": 1, "an": 1, "a dozen": 12, **{w: n for n, w in enumerate(_NUMBERS, 1)}}
    if word.isdecimal() or word in exact or "couple" in word:
        number = int(word) if word.isdecimal() else exact.get(word, 2)
        return number, number
    return 2, _MOST[unit]


# --- rules -----------------------------------------------------------------------------------------------------------


def _year_named(match: _Match, today: date, told: _ToldBefore) -> int | None:
    if match["year"]:
        return int(match["year"])
    which = _word(match, "which")
    before = told.last("year") if which in ("that", "the same") else None
    return before.until.year if before else {"last": today.year - 1, "this": today.year}.get(which)


def _date(match: _Match, today: date, told: _ToldBefore) -> _Read:
    month, first, last = _MONTH_NAMES[match["month"]], int(match["day"]), int(match["day2"] or match["day"])

    def in_year(year: int) -> Days:
        return Days(date(year, month, first), date(year, month, last))

    year = _year_named(match, today, told)
    if not year and match["which"]:
        return _NOTHING
    return _Read(in_year(year) if year else last_of(in_year, today))


def _iso_date(match: _Match, today: date, told: _ToldBefore) -> _Read:
    return _Read(period("day", date.fromisoformat(match[0])))


def _date_in_figures(match: _Match, today: date, told: _ToldBefore) -> _Read:
    """Read 12/08/2021; where both orders make a date, it is the one that is not after the text."""
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    orders = {(second, first)} if match["mark"] == "." else {(second, first), (first, second)}
    days = [date(year, m, d) for m, d in sorted(orders) if 0 < m <= 12 and 0 < d <= calendar.monthrange(year, m)[1]]
    possible = days if len(days) == 1 else [day for day in days if day <= today]
    return _Read(period("day", possible[0])) if len(possible) == 1 else _NOTHING


def _month(match: _Match, today: date, told: _ToldBefore) -> _Read:
    number, which = _MONTH_NAMES[match["month"]], _word(match, "rel")
    year = _year_named(match, today, told) or (today.year if which == "this" else None)
    if which == "next" or (not year and match["which"]):
        return _NOTHING

    def in_year(year: int) -> Days:
        return months(year, number, 1)

    days = in_year(year) if year else last_of(in_year, today, ended=which == "last")
    week = _word(match, "week")
    return _Read(_week_of(days, week) if week else part_of(days, _part(match)))


def _week_of(month: Days, which: str) -> Days:
    if which == "last" or month.since is None:
        return Days(month.until - timedelta(days=6), month.until)
    first = month.since + timedelta(days=7 * _ORDINALS.index(which))
    return Days(first, first + timedelta(days=6))


def _year(match: _Match, today: date, told: _ToldBefore) -> _Read:
    return _Read(part_of(months(int(match["year"]), 1, 12), _part(match)))


def _years(match: _Match, today: date, told: _ToldBefore) -> _Read:
    return _Read(Days(date(int(match["year"]), 1, 1), date(int(match["last"]), 12, 31)))


def _decade(match: _Match, today: date, told: _ToldBefore) -> _Read:
    year = int(match["decade"])
    if year < 100:
        year += 2000 if 2000 + year <= today.year else 1900
    return _Read(part_of(months(year, 1, 120), _part(match)))


def _season(match: _Match, today: date, told: _ToldBefore) -> _Read:
    begins, which = _SEASONS[_word(match, "season")], _word(match, "rel")
    before = told.last("year") if which.startswith("th") and which != "this" else None

    def in_year(year: int) -> Days:
        return months(year, begins, 3)

    if match["year"]:
        days = in_year(int(match["year"]))
    elif which in ("next", "coming"):
        return _NOTHING
    elif which.startswith(("that", "the ")):
        if before is None:
            return _NOTHING
        after = which in ("the following", "the next")
        days = in_year(before.until.year + (in_year(before.until.year).until <= before.until if after else 0))
        if which in ("the previous", "the preceding"):
            days = last_of(in_year, before.since or before.until, ended=True)
    elif which == "this" and begins != _SEASONS["winter"]:
        days = in_year(today.year)
    else:
        days = last_of(in_year, today, ended=which in ("last", "past"))
    return _Read(part_of(days, _part(match)))


def _weekday(match: _Match, today: date, told: _ToldBefore) -> _Read:
    number, which, week = _DAY_NAMES[match["weekday"]], _word(match, "rel"), _word(match, "week")
    before, start = told.last("day") if which.startswith("the ") else None, today
    if which in ("next", "coming", "this coming") or week == "next week":
        return _NOTHING
    if which in ("the following", "the next"):
        if before is None:
            return _NOTHING
        day = before.until + timedelta(days=(number - before.until.weekday() - 1) % 7 + 1)
    elif which == "this" or week:
        day = today + timedelta(days=number - today.weekday() - (7 if week == "last week" else 0))
    else:
        if which.startswith("the "):
            start = before.until if before else today
        day = start - timedelta(days=(start.weekday() - number) % 7 or (7 if which else 0))
    return _Read(Days(day, day, _word(match, "when").startswith("earlier")))


def _near_day(match: _Match, today: date, told: _ToldBefore) -> _Read:
    words = match[0].lower().split()
    if "tomorrow" in words:
        return _NOTHING
    before = 2 if "before" in words else 1 if "yesterday" in words or words[0] == "last" else 0
    if words[0] == "overnight":
        return _Read(Days(today - timedelta(days=1), today))
    day = today - timedelta(days=before)
    return _Read(Days(day, day, words[0] == "earlier"))


def _near_period(match: _Match, today: date, told: _ToldBefore) -> _Read:
    """Read "last week", "earlier this month", "late last year": periods counted from the day of the text."""
    unit, which, part = _unit(match), _word(match, "rel"), _word(match, "part")
    if which in ("next", "coming"):
        return _NOTHING
    if which in ("this", "of the"):
        return _within(period(unit, today), part, Days(today, today))
    return _Read(part_of(period(unit, moved(today, unit, -1)), _part(match)))


def _before_last(match: _Match, today: date, told: _ToldBefore) -> _Read:
    return _Read(period(_unit(match), moved(today, _unit(match), -2)))


def _within(period: Days, part: str, reference: Days) -> _Read:
    """Read what is earlier or later in a period than some days in it; the whole of it where there is nothing."""
    first = reference.since or reference.until
    if part == "earlier" and period.since and period.since < first:
        return _Read(Days(period.since, first - timedelta(days=1)))
    if part == "later" and reference.until < period.until:
        return _Read(Days(reference.until + timedelta(days=1), period.until))
    return _Read(part_of(period, _PARTS.get(part.removeprefix("the ").removesuffix(" of"))))


def _weekend(match: _Match, today: date, told: _ToldBefore) -> _Read:
    which = _word(match, "rel")
    before = told.last("week") if which in ("that", "that same", "the same") else None
    if which in ("next", "coming", "this coming") or (which == "this" and 0 < today.weekday() < _SATURDAY):
        return _NOTHING
    if which in ("that", "that same", "the same"):
        if before is None:
            return _NOTHING
        today = period("week", before.until).until
    saturday = today - timedelta(days=(today.weekday() - _SATURDAY) % 7)
    if which in ("last", "past") and today.weekday() >= _SATURDAY:
        saturday -= timedelta(days=7)
    return _Read(Days(saturday, saturday + timedelta(days=1)))


def _midweek(match: _Match, today: date, told: _ToldBefore) -> _Read:
    tuesday = today - timedelta(days=(today.weekday() - 1) % 7)
    return _Read(Days(tuesday, tuesday + timedelta(days=2)))


def _told_period(match: _Match, today: date, told: _ToldBefore) -> _Read:
    """Read "the following day", "later that month", "earlier in the week": periods counted from days told before."""
    unit, which, part = _unit(match), _word(match, "rel"), _word(match, "part")
    before, now = told.last(unit, paragraphs=int(which != "the" or unit == "day")), Days(today, today)
    if which in ("the following", "the next"):
        return _Read(period(unit, moved(before.until, unit, 1))) if before else _NOTHING
    if which in ("the previous", "the preceding", "the prior"):
        start = before or now
        return _Read(period(unit, moved(start.since or start.until, unit, -1)))
    if before is None and which != "the" and not (part == "earlier" and unit == "day"):
        return _NOTHING
    reference = before or now
    if unit in ("hour", "day"):
        return _Read(reference._replace(earlier=part == "earlier"))
    return _within(period(unit, reference.since or reference.until), part, reference)


def _ago(match: _Match, today: date, told: _ToldBefore) -> _Read:
    low, high, unit = _counted(match)
    days = shifted(Days(today, today), Offset(-low, -high, unit))._replace(earlier=False)
    if not match["count"] and unit == "year":  # "years ago": nobody knows how many
        return _Read(days._replace(since=None), "recalled")
    return _Read(days)


def _apart(match: _Match, today: date, told: _ToldBefore) -> _Read:
    """Read "two days later", "a week earlier", "the day before": so far from days told before, or from what follows."""
    low, high, unit = _counted(match)
    way = _word(match, "way")
    sign = 1 if way in ("later", "after", "afterwards") else -1
    offset, before = Offset(sign * low, sign * high, unit), told.last(unit)
    kind: Kind = "offset" if way in ("before", "after") else "days"
    if before is None and sign > 0:
        return _Read(None, kind, offset)
    return _Read(shifted(before or Days(today, today), offset), kind, offset)


def _at_once(match: _Match, today: date, told: _ToldBefore) -> _Read:
    """Read "shortly before", "moments later", which are no other day."""
    way, before = _word(match, "way"), told.last("day")
    offset = Offset(-1, -1, "hour") if way in ("before", "earlier", "beforehand") else Offset(1, 1, "hour")
    return _Read(shifted(before, offset) if before else None, "offset" if way in ("before", "after") else "days", offset)


def _recent(match: _Match, today: date, told: _ToldBefore) -> _Read:
    _, high, unit = _counted(match)
    return _Read(Days(moved(today, unit, -high), today), "since")


def _eve(match: _Match, today: date, told: _ToldBefore) -> _Read:
    before, offset = told.last("day") or Days(today, today), Offset(-1, 0, "day")
    return _Read(shifted(before, offset), "offset", offset)


def _at_the_time(match: _Match, today: date, told: _ToldBefore) -> _Read:
    return _Read(told.last("decade"))


def _lasting(match: _Match, today: date, told: _ToldBefore) -> _Read:
    return _Read(None, "lasting")


def _recalled(match: _Match, today: date, told: _ToldBefore) -> _Read:
    return _Read(Days(None, date.max, match[0].lower() == "earlier"), "recalled")


def _later(match: _Match, today: date, told: _ToldBefore) -> _Read:
    return _Read(None, "later")


_NEAR = "last|this|next|coming|past|this coming|this past"
_TOLD = "the following|the next|the previous|the preceding|the prior|the same|that same|that"
_WITHIN = "(?P<part>earlier|later|early|late) "
_WAY = "(?P<way>earlier|later|before|after|afterwards|previously|beforehand)"


class _Rule(NamedTuple):
    """What to look for, and how to read it.

    Unless a preposition stands before them, the words count only if one of the groups in `enough` is among them.
    """

    pattern: str
    reading: _Reading
    enough: tuple[str, ...] | None = None


_RULES = (
    _Rule(rf"{_SOME_WEEKDAY}(?<![\d.,/]){_DAY} (?:of )?{_MONTH}{_YEAR_AFTER}", _date),
    _Rule(rf"{_SOME_WEEKDAY}{_MONTH} {_DAY}{_NO_AMOUNT}{_YEAR_AFTER}", _date),
    _Rule(r"(?<!-)\d{4}-\d{2}-\d{2}(?!-)", _iso_date),
    _Rule(r"(?<![./])(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?P=mark)(?P<year>\d{4})(?!/)", _date_in_figures),
    _Rule(
        _i("(?:the )?(?:(?P<week>first|second|third|fourth|last) week (?:of|in) )?")
        + rf"{_SOME_PART}{_i('(?:(?P<rel>last|this|next) )?')}{_WHOLE_MONTH}{_YEAR_AFTER}",
        _month,
        ("week", "part", "rel", "year", "which"),
    ),
    _Rule(rf"{_SOME_PART}{_YEAR}", _year, ("part",)),
    _Rule(rf"(?:[Tt]he )?{_SOME_PART}['’]?(?P<decade>(?:1[5-9]|20)?\d0)s", _decade, ("part",)),
    _Rule(
        rf"{_SOME_PART}{_i(rf'(?:(?P<rel>{_NEAR}|{_TOLD}) |the )?')}{_SEASON}(?: (?:of )?{_YEAR})?",
        _season,
        ("part", "rel", "year"),
    ),
    _Rule(
        rf"{_i('(?:(?P<when>earlier|later|early|late) (?:on )?)?')}{_i(rf'(?:(?P<rel>{_NEAR}|{_TOLD}) )?')}{_WEEKDAY}"
        rf"{_TIME_OF_DAY}{_i('(?: (?:of )?(?P<week>last week|this week|next week))?')}",
        _weekday,
    ),
    _Rule(
        _i(
            "(?:earlier |later |early |late )?(?:the day before yesterday|the day after tomorrow|yesterday|tomorrow|"
            "today|tonight|last night|this morning|this afternoon|this evening|overnight)"
        )
        + _TIME_OF_DAY,
        _near_day,
    ),
    _Rule(
        _i(rf"(?:(?P<part>early|earlier|late|later|mid|(?:the )?(?:{_PARTS_OF}) of) )?")
        + _i(rf"(?P<rel>{_NEAR}) (?P<unit>week|month|year|decade)"),
        _near_period,
    ),
    _Rule(_i(rf"(?:the )?(?P<part>{_PARTS_OF}) (?P<rel>of the) (?P<unit>week|month|year|decade)"), _near_period),
    _Rule(_i("the (?P<unit>night|week|month|year) before last"), _before_last),
    _Rule(_i(rf"(?:from|between|during|in) {_YEAR}(?: to | and | until | till |[-–])(?P<last>(?:1[5-9]|20)\d\d)"), _years),
    _Rule(_i(rf"(?:(?P<rel>{_NEAR}|{_TOLD}) |the )?weekend"), _weekend, ("rel",)),
    _Rule(_i("midweek"), _midweek),
    _Rule(_i(rf"(?:{_WITHIN}(?:in |on )?)?(?P<rel>{_TOLD}) {_UNIT}"), _told_period),
    _Rule(_i(rf"{_WITHIN}(?:on )?in (?P<rel>the) {_UNIT}"), _told_period),
    _Rule(_i(rf"{_COUNTED} ago"), _ago),
    _Rule(_i(rf"(?:the )?{_COUNTED} {_WAY}"), _apart),
    _Rule(_i(f"(?:shortly|minutes|moments|soon|immediately) {_WAY}"), _at_once),
    _Rule(_i(rf"(?:in|over|during|within|through|throughout) (?:the )?(?:last|past|previous|recent) {_COUNTED}"), _recent),
    _Rule(_i("the eve"), _eve, ()),
    _Rule(_i("at (?:the|that) time(?! of )|back then|in those days"), _at_the_time),
    _Rule(_i(rf"for (?:the (?:last|past) )?{_ABOUT}(?:{_COUNT} )?(?:week|fortnight|month|year|decade)s?"), _lasting),
    _Rule(_i("later|subsequently|afterwards"), _later),
)


# --- texts -----------------------------------------------------------------------------------------------------------

_LONG_AGO, _LONG_AHEAD = date(1600, 1, 1), date(2400, 12, 31)
_BREAK = re.compile(r"\n\s*\n")
_POSSESSIVE = re.compile(r"['’]s?(?!\w)")


@cache
def _compiled() -> tuple[tuple[re.Pattern[str], _Rule], ...]:
    recalled = _Rule(_i(_any(word_list("dates")["recalling"])), _recalled)
    return tuple((re.compile(rf"(?<!\w)(?:{rule.pattern})(?!\w)".replace(" ", r"\s")), rule) for rule in (*_RULES, recalled))


def find_times(text: str, published: Days | None) -> list[TimeExpression]:
    """Return the time expressions of a text, in text order; they do not overlap.

    Args:
        text: The text.
        published: The days on one of which it was published; None if that is not known, and then only what is dated in full
            has days. Days are given only where they are the same for each day on which it may have been published, and none
            is after the last.
    """
    first, last = (_LONG_AGO, _LONG_AHEAD) if published is None else (published.since or published.until, published.until)
    breaks = [m.start() for m in _BREAK.finditer(text)]
    found: list[TimeExpression] = []
    told: list[tuple[int, Days, Words]] = []
    for match, rule, start in _matches(text):
        before = _ToldBefore(told, bisect(breaks, match.start()))
        read, other = (_read(rule, match, today, before) for today in (first, last))
        preposition = text[start : match.start()].lower().split()
        read = _after(preposition[0] if preposition else "", read if read == other else read._replace(days=None), published)
        words = tuple(sorted({(start, match.end()), *(before.words if read.days else ())}))
        attributive = bool(_POSSESSIVE.match(text, match.end()))
        found.append(TimeExpression(start, match.end(), read.kind, read.days, words, attributive, read.offset))
        if read.kind in ("days", "offset") and read.days and preposition != ["by"]:
            told.append((bisect(breaks, match.start()), read.days._replace(earlier=False), words))
    return found


def _matches(text: str) -> Iterator[tuple[_Match, _Rule, int]]:
    """Yield what the rules match, with where it begins; of what overlaps the first, and of those the longest."""
    every = [
        (match.start(), -match.end(), number, match, rule)
        for number, (pattern, rule) in enumerate(_compiled())
        for match in pattern.finditer(text)
    ]
    end = 0
    for begin, _, _, match, rule in sorted(every, key=itemgetter(0, 1, 2)):
        if begin < end:
            continue
        before = _PREPOSITION.search(text, max(end, begin - _LONGEST_PREPOSITION), begin)
        if before or rule.enough is None or any(match[group] for group in rule.enough):
            yield match, rule, before.start() if before else begin
            end = match.end()


def _read(rule: _Rule, match: _Match, today: date, told: _ToldBefore) -> _Read:
    try:
        read = rule.reading(match, today, told)
    except (ValueError, OverflowError):  # 31 June, or before the first of years
        return _NOTHING
    backwards = read.days and read.days.since and read.days.since > read.days.until  # "from 2010 to 2000"
    return _NOTHING if backwards else read


def _after(word: str, read: _Read, published: Days | None) -> _Read:
    """Return what an expression tells after a preposition, and before the text is published."""
    days = read.days
    if days is None or read.kind not in ("days", "recalled", "later"):
        return read._replace(days=_past(days, published))
    if word in ("to", "for"):  # where something is put off to, or set for
        return _NOTHING
    if word in ("since", "from", "after") and days.since:
        return _Read(_past(Days(days.since if word != "after" else days.until, date.max), published), "since")
    if word in ("until", "till") or (word == "by" and days.since != days.until):
        return _Read(_past(Days(None, days.until), published), "recalled")
    if word == "before" and days.since:
        return _Read(_past(Days(None, days.since - timedelta(days=1)), published), "recalled")
    return read._replace(days=_past(days, published))


def _past(days: Days | None, published: Days | None) -> Days | None:
    """Return the part of some days that is not after the text."""
    if days is None:
        return None
    if published is None:
        return None if days.until == date.max else days
    if days.since and days.since > published.until:
        return None
    return days._replace(until=min(days.until, published.until))
