"""Positions in the order of time: what somebody held when, who changed, and how the balance moved."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, get_args

from stancegraph.graph._sides import Said, day_text, words_of
from stancegraph.graph.answers import Answer, Balance, Shift, Step
from stancegraph.models import Stance
from stancegraph.store import SHIFTS, STEPS

if TYPE_CHECKING:
    from stancegraph.graph._selecting import Chosen
    from stancegraph.store import Store

Unit = Literal["days", "weeks", "months", "years"]
_TIMES = ("first_day", "last_day", "earlier")


def steps(store: Store, chosen: Chosen, title: str) -> Answer[Step]:
    """Return what was held when, the newest last; what is only recalled, and then what has no date, comes first."""
    found = chosen.rows(
        store,
        f"""
        SELECT who, outcome, first_day, last_day, earlier, stance FROM ({STEPS})
        ORDER BY (first_day IS NULL AND last_day NOTNULL) DESC, first_day NULLS FIRST, last_day, earlier DESC, who, outcome
        """,
    )
    return Answer(title, found, lambda items: _steps(store, chosen, items), columns=Step.SHOWN)


def shifts(
    store: Store, chosen: Chosen, title: str, range_: tuple[datetime.date | None, datetime.date | None]
) -> Answer[Shift]:
    """Return the changes of stance whose new stance was first stated within a range of days, the newest first.

    Args:
        store: The store.
        chosen: The positions among which to look, whatever their dates.
        title: The question.
        range_: The first and the last day, None for any.
    """
    given = {name: day for name, day in zip(("from_day", "to_day"), range_, strict=True) if day is not None}
    within = {"from_day": "first_day >= $from_day", "to_day": "first_day <= $to_day"}
    columns = ", ".join(["who", "outcome", *_TIMES, "stance", *(f"{name}_before" for name in _TIMES), "stance_before"])
    found = store.columns(
        f"""
        WITH chosen AS ({chosen.sql}) SELECT {columns} FROM {chosen.summary("shifts") if chosen.stored else f"({SHIFTS})"}
        WHERE {" AND ".join(within[name] for name in given) or "true"}
        ORDER BY first_day DESC, last_day DESC, earlier, who, outcome
        """,
        **chosen.values,
        **given,
    )

    def made(items: Sequence[tuple[Any, ...]]) -> list[Shift]:
        both = [_day_items(item) for item in items]
        before = _steps(store, chosen, [(*item[:2], *item[6:10]) for item in both])
        after = _steps(store, chosen, [item[:6] for item in both])
        return [Shift(actor=a.actor, outcome=a.outcome, before=b, after=a) for b, a in zip(before, after, strict=True)]

    return Answer(title, found, made, columns=Shift.SHOWN, cells=_shift_cells)


def _shift_cells(shift: Shift) -> dict[str, object]:
    cells = shift.cells()
    return {name: cells[name] for name in Shift.SHOWN}


def _day_items(item: Sequence[Any]) -> tuple[Any, ...]:
    """Return an item with days for the times of day that numpy makes of them."""
    return tuple(value.date() if isinstance(value, datetime.datetime) else value for value in item)


def _steps(store: Store, chosen: Chosen, items: Sequence[tuple[Any, ...]]) -> list[Step]:
    """Return the steps of (who, outcome, first day, last day, earlier, stance), with the positions that make them up."""
    rows = chosen.rows(
        store,
        """
        , wanted AS (
            SELECT unnest($place) AS place, unnest($who) AS who, unnest($outcome) AS outcome, unnest($first) AS first_day,
                   unnest($last) AS last_day, unnest($earlier) AS earlier, unnest($stance) AS stance
        )
        SELECT place, chosen.number FROM chosen JOIN wanted
        ON chosen.who = wanted.who AND chosen.outcome = wanted.outcome AND chosen.earlier = wanted.earlier
        AND chosen.first_day IS NOT DISTINCT FROM wanted.first_day::DATE
        AND chosen.last_day IS NOT DISTINCT FROM wanted.last_day::DATE
        ORDER BY place, chosen.stance = wanted.stance DESC, confidence DESC, chosen.number
        """,
        place=list(range(len(items))),
        **{
            name: [item[k] for item in items]
            for k, name in enumerate(("who", "outcome", "first", "last", "earlier", "stance"))
        },
    )
    numbers: defaultdict[int, list[int]] = defaultdict(list)
    for place, number in rows:
        numbers[place].append(number)
    said = words_of(store, [number for _, number in rows])
    return [_step(store, item, [said[n] for n in numbers[place]]) for place, item in enumerate(items)]


def _step(store: Store, item: tuple[Any, ...], said: Sequence[Said]) -> Step:
    who, outcome, first, last, _, stance = item
    return Step(
        actor=store.actors[who],
        outcome=store.outcomes[outcome],
        date=day_text(first, last),
        since=first.isoformat() if first else None,
        until=last.isoformat() if last else None,
        stance=Stance(stance),
        positions=tuple(one.id for one in said),
        evidence=said[0].evidence,
        document=said[0].document,
        recalled=first is None and last is not None,
    )


def timeline(store: Store, chosen: Chosen, unit: Unit, title: str) -> Answer[Balance]:
    """Return for each period, from the first to the last position, how many actors stood where at its end."""
    if unit not in get_args(Unit):
        raise ValueError(f"unit={unit!r} is no unit; choose one of {', '.join(get_args(Unit))}")
    one = unit.removesuffix("s")
    counts = ", ".join(
        f"coalesce(sum(sum(change) FILTER (stance = '{stance}')) OVER (ORDER BY begin), 0)::INTEGER"
        for stance in ("supports", "opposes", "mixed", "undecided")
    )
    found = chosen.rows(
        store,
        f"""
        , steps AS (
            SELECT stance, first_day, date_trunc('{one}', first_day)::DATE AS begin, lag(stance) OVER history AS before
            FROM ({STEPS}) WHERE first_day NOTNULL
            WINDOW history AS (PARTITION BY who ORDER BY first_day, last_day, earlier DESC)
        ), changes AS (
            SELECT begin, stance, 1 AS change FROM steps
            UNION ALL SELECT begin, before, -1 FROM steps WHERE before NOTNULL
        ), periods AS (
            SELECT unnest(generate_series(min(begin), max(begin), INTERVAL 1 {one}))::DATE AS begin FROM steps
        )
        SELECT begin, {counts} FROM periods LEFT JOIN changes USING (begin) GROUP BY begin ORDER BY begin
        """,
    )
    length = {"years": len("2022"), "months": len("2022-07")}.get(unit)

    def made(items: Sequence[tuple[Any, ...]]) -> list[Balance]:
        return [
            Balance(period=begin.isoformat()[:length], supports=s, opposes=o, mixed=m, undecided=u)
            for begin, s, o, m, u in items
        ]

    return Answer(title, found, made, columns=Balance.SHOWN)
