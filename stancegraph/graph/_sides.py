"""Who takes which side on an outcome, who agrees with whom, and what divides most."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, get_args

from stancegraph.graph._selecting import NEWEST_FIRST, Chosen, Weights
from stancegraph.graph.answers import Answer, Consensus, Contest, Holder, Relation, Shared
from stancegraph.models import Outcome, Stance, Stated

if TYPE_CHECKING:
    import datetime

    from stancegraph.store import Store

_STANCES = {1: Stance.SUPPORTS, -1: Stance.OPPOSES}
_LISTED = 5
# Sums of decimals are the same in any order, those of floating-point numbers are not.
_EXACT = "DECIMAL(18, 9)"


def holders(store: Store, chosen: Chosen, title: str, weights: Weights) -> Answer[Holder]:
    """Return everybody who holds one of the chosen positions, those that weigh most first, then by name."""
    if weights not in get_args(Weights):
        raise ValueError(f'weights={weights!r} is no way to weigh; choose "count" or "confidence"')
    weight = "count(*)::DOUBLE" if weights == "count" else f"sum(confidence::{_EXACT})::DOUBLE"
    found = chosen.rows(
        store,
        f"""
        , ranked AS (
            SELECT *, row_number() OVER (PARTITION BY who ORDER BY {NEWEST_FIRST}, number DESC) AS place FROM chosen
        )
        SELECT who, count(*) AS positions, {weight} AS weight, min(number) FILTER (place = 1) AS newest,
               min(row(first_day, last_day)) FILTER (first_day NOTNULL) AS earliest
        FROM ranked GROUP BY who ORDER BY weight DESC, who
        """,
    )

    def made(items: Sequence[tuple[Any, ...]]) -> list[Holder]:
        said = words_of(store, [newest for _, _, _, newest, _ in items])
        return [
            Holder(
                actor=store.actors[who],
                positions=positions,
                weight=weight,
                first=day_text(*earliest) if earliest else None,
                last=said[newest].date,
                evidence=said[newest].evidence,
                document=said[newest].document,
                position=said[newest].id,
            )
            for who, positions, weight, newest, earliest in items
        ]

    return Answer(title, found, made, columns=Holder.SHOWN)


class Said(NamedTuple):
    """What is shown of a position where not all of it is needed."""

    id: str
    evidence: str
    document: str
    date: str | None


def words_of(store: Store, numbers: Sequence[int]) -> dict[int, Said]:
    """Return what positions say, by their numbers."""
    rows = store.rows(
        """
        SELECT positions.number, positions.id, evidence_text, documents.id, first_day, last_day
        FROM positions JOIN documents ON document = documents.number
        WHERE positions.number IN (SELECT unnest($numbers))
        """,
        numbers=list(numbers),
    )
    return {number: Said(id_, words, document, day_text(*days)) for number, id_, words, document, *days in rows}


def relations(store: Store, chosen: Chosen, who: int, kind: Literal["allies", "opponents"], title: str) -> Answer[Relation]:
    """Return the actors that agree with one more often than not, or less; those with the largest difference first."""
    sign = 1 if kind == "allies" else -1
    found = chosen.rows(
        store,
        f"""
        , {_both(chosen)}
        SELECT who, count(*) FILTER (same) AS agreed, count(*) FILTER (NOT same) AS disagreed FROM both_sides GROUP BY who
        HAVING $sign * (agreed - disagreed) > 0 ORDER BY abs(agreed - disagreed) DESC, agreed + disagreed, who
        """,
        me=who,
        sign=sign,
    )

    def made(items: Sequence[tuple[Any, ...]]) -> list[Relation]:
        labels = _labels(store, chosen, who, kind == "allies", [item[0] for item in items])
        return [
            Relation(
                actor=store.actors[other],
                agreed=agreed,
                disagreed=disagreed,
                score=(agreed - disagreed) / (agreed + disagreed),
                outcomes=tuple(store.outcomes[number].label for number in labels[other]),
            )
            for other, agreed, disagreed in items
        ]

    return Answer(title, found, made, columns=Relation.SHOWN)


def _both(chosen: Chosen, others: str = "who <> $me") -> str:
    """Return the tables by which those who take sides where somebody does are compared with him."""
    return f"""
        all_sides AS ({chosen.sides}),
        mine AS MATERIALIZED (SELECT outcome, side, positions FROM all_sides WHERE who = $me AND side <> 0),
        both_sides AS (
            SELECT who, outcome, theirs.side = mine.side AS same, theirs.positions + mine.positions AS positions
            FROM all_sides AS theirs JOIN mine USING (outcome) WHERE {others} AND theirs.side <> 0
        )
    """


def _labels(store: Store, chosen: Chosen, who: int, same: bool, others: Sequence[int]) -> dict[int, list[int]]:
    rows = chosen.rows(
        store,
        f"""
        , {_both(chosen, "who IN (SELECT unnest($others))")}
        SELECT who, list(outcome ORDER BY positions DESC, outcome)[1:$most] FROM both_sides WHERE same = $same GROUP BY who
        """,
        me=who,
        same=same,
        others=list(others),
        most=_LISTED,
    )
    return dict(rows)


def common_ground(store: Store, chosen: Chosen, a: int, b: int, title: str) -> Answer[Shared]:
    """Return the outcomes on which two actors take the same side, most positions first, then by label."""
    found = chosen.rows(
        store,
        f"""
        , pair AS (SELECT * FROM chosen WHERE who IN ($a, $b)),
        sides AS (SELECT * FROM {chosen.sides} WHERE who IN ($a, $b)),
        newest AS (
            SELECT who, outcome, side, number FROM pair QUALIFY row_number() OVER (
                PARTITION BY who, outcome, side ORDER BY {NEWEST_FIRST}, number DESC) = 1
        )
        SELECT one.outcome, one.side, words_a.number, words_b.number
        FROM sides AS one JOIN sides AS other ON one.outcome = other.outcome AND one.side = other.side
        JOIN newest AS words_a ON words_a.who = $a AND words_a.outcome = one.outcome AND words_a.side = one.side
        JOIN newest AS words_b ON words_b.who = $b AND words_b.outcome = one.outcome AND words_b.side = one.side
        WHERE one.who = $a AND other.who = $b AND one.side <> 0
        ORDER BY one.positions + other.positions DESC, one.outcome
        """,
        a=a,
        b=b,
    )

    def made(items: Sequence[tuple[Any, ...]]) -> list[Shared]:
        said = words_of(store, [number for item in items for number in item[2:]])
        return [
            Shared(
                outcome=store.outcomes[outcome],
                stance=_STANCES[int(side)],
                evidence_a=said[of_a].evidence,
                position_a=said[of_a].id,
                evidence_b=said[of_b].evidence,
                position_b=said[of_b].id,
            )
            for outcome, side, of_a, of_b in items
        ]

    return Answer(title, found, made, columns=Shared.SHOWN)


def _camps(chosen: Chosen) -> str:
    """Return how many stand where on each outcome."""
    return f"""
        (SELECT outcome, count(*) FILTER (side > 0) AS s, count(*) FILTER (side < 0) AS o, count(*) FILTER (side = 0) AS m,
                count(*) FILTER (side IS NULL) AS u FROM {chosen.sides} GROUP BY outcome)
    """


def contested(store: Store, chosen: Chosen, min_actors: int, title: str) -> Answer[Contest]:
    """Return the outcomes on which enough actors take sides, the most evenly divided first, then the most spoken on."""
    found = chosen.rows(
        store,
        f"""
        SELECT outcome, s, o, m, u, 4.0 * s * o / ((s + o) * (s + o)) AS balance FROM {_camps(chosen)}
        WHERE s + o >= $least AND s > 0 AND o > 0 ORDER BY round(balance, 2) DESC, s + o DESC, outcome
        """,
        least=min_actors,
    )

    def made(items: Sequence[tuple[Any, ...]]) -> list[Contest]:
        return [
            Contest(outcome=store.outcomes[outcome], supporters=s, opponents=o, mixed=m, undecided=u, balance=float(balance))
            for outcome, s, o, m, u, balance in items
        ]

    return Answer(title, found, made, columns=Contest.SHOWN)


def consensus(store: Store, chosen: Chosen, outcome: Outcome) -> Consensus:
    """Return how far those who hold the chosen positions, all on one outcome, agree."""
    found = chosen.rows(store, f"SELECT s, o, m, u FROM {_camps(chosen)}")
    s, o, m, u = found[0] if found else (0, 0, 0, 0)
    counts = {Stance.SUPPORTS: s, Stance.OPPOSES: o, Stance.MIXED: m}
    most = max(counts.values())
    leading = [stance for stance, count in counts.items() if count == most]
    total = s + o + m
    return Consensus(
        outcome=outcome,
        supporters=s,
        opponents=o,
        mixed=m,
        undecided=u,
        leaning=leading[0] if len(leading) == 1 else Stance.MIXED,
        share=most / total if total else 0.0,
        index=_index(s, o, m),
    )


def _index(s: int, o: int, m: int) -> float:
    total = s + o + m
    if not total:
        return 0.0
    mean = (s - o) / total
    # Nobody stands two away from the mean unless all stand there, so no logarithm is of zero.
    parts = ((s, 1.0), (m, 0.0), (o, -1.0))
    return 1 + math.fsum(count / total * math.log2(1 - abs(x - mean) / 2) for count, x in parts if count)


def day_text(first: datetime.date | None, last: datetime.date | None) -> str | None:
    """Return when something was stated, as `Position.date` has it."""
    return str(Stated(since=first, until=last)) if last else None
