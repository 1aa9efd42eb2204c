"""What a question is about: the conditions of a query as SQL over the positions of a store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypedDict, TypeVar, get_args

from stancegraph.models import Act, Actor, Outcome, Stance, day_range
from stancegraph.store.steps import SIDES

if TYPE_CHECKING:
    from stancegraph.graph.queries import StanceGraph
    from stancegraph.store import Store

By = Literal["actor", "affiliation"]
Weights = Literal["count", "confidence"]
Choice = TypeVar("Choice", Stance, Act)

# What was stated last comes first: dated before undated, and what is only recalled last. Equal ranks are one time.
NEWEST_FIRST = "(first_day IS NULL AND last_day NOTNULL), first_day DESC NULLS LAST, last_day DESC NULLS LAST, earlier"


class Timeless(TypedDict, total=False):
    """What positions a question is about, whenever they were stated.

    Args:
        act: Only those with this act.
        via: Only those that this actor passes on.
        source: Only those in documents of this publisher, in any case of letters.
        min_confidence: Only those whose confidence is at least this, in [0, 1].
        confirmed: Only those that a person has confirmed, or only those that none has.
        by: Whose positions they are: the "actor" who holds them, or the "affiliation", the country or body spoken for.
        latest: Only those of the newest time at which their holder took a position on their outcome.
    """

    act: Act | str | None
    via: Actor | str | None
    source: str | None
    min_confidence: float
    confirmed: bool | None
    by: By
    latest: bool


class Conditions(Timeless, total=False):
    """What positions a question is about; every query takes these, and those of `Timeless`.

    Args:
        since: Only those stated on this day or later, or in the month or year that begins with it. What texts only
            recall, and what has no date, is in no range of dates.
        until: Only those stated on this day or before, or before the end of this month or year.
    """

    since: str | None
    until: str | None


class Chosen(NamedTuple):
    """Positions that a question is about.

    Args:
        sql: A table expression with the columns `number`, `id`, `document`, `who` (the number of the actor), `outcome`,
            `stance`, `side`, `confidence`, `first_day`, `last_day` and `earlier`.
        values: The values of the parameters in it, whose names begin with `is_`.
        stored: By whom they are counted, if they are all positions of `who` and `outcome`, of which summaries are stored.
    """

    sql: str
    values: dict[str, Any]
    stored: By | None = None

    @property
    def sides(self) -> str:
        """A table expression with the columns `who`, `outcome`, `positions` and `side`: who stands where on balance."""
        if self.stored is None:
            return f"({SIDES})"
        return f"(SELECT * EXCLUDE counted_by FROM {self.summary('sides')})"

    def summary(self, table: Literal["sides", "shifts"]) -> str:
        """Return the rows of a stored table that are of the chosen positions."""
        only = "".join(f" AND {name.removeprefix('is_')} = ${name}" for name in self.values)
        return f"(SELECT * FROM {table} WHERE counted_by = '{self.stored}'{only})"

    def rows(self, store: Store, query: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query over the table `chosen`."""
        return store.rows(f"WITH chosen AS ({self.sql}) {query}", **self.values, **values)


def chosen(
    graph: StanceGraph,
    *,
    actor: Actor | str | None = None,
    outcome: Outcome | str | None = None,
    stance: Stance | str | None = None,
    act: Act | str | None = None,
    via: Actor | str | None = None,
    source: str | None = None,
    since: str | None = None,
    until: str | None = None,
    min_confidence: float = 0.0,
    confirmed: bool | None = None,
    by: By = "actor",
    latest: bool = False,
) -> Chosen:
    """Return the positions that meet all conditions; see `Conditions`.

    Raises:
        UnknownName: If nobody or nothing is called so; names what comes nearest.
        AmbiguousName: If several are meant equally well; names them.
        ValueError: If a condition makes no sense.
    """
    if by not in get_args(By):
        raise ValueError(f'by={by!r} is no way to count; choose "actor" or "affiliation"')
    if not 0 <= min_confidence <= 1:
        raise ValueError(f"min_confidence={min_confidence} is not between 0 and 1")
    wanted = None if stance is None else stance_of(stance)
    first, last = day_range(since, until)
    who = "body" if by == "affiliation" else "actor"
    conditions: dict[str, tuple[str, object]] = {
        "is_who": (f"{who} = $is_who", graph.number_of_actor(actor, by) if actor is not None else None),
        "is_outcome": ("outcome = $is_outcome", graph.number_of_outcome(outcome) if outcome is not None else None),
        "is_act": ("act = $is_act", None if act is None else _choice(Act, act, "act").value),
        "is_via": _passed_on(graph, via, wanted),
        "is_source": (
            "document IN (SELECT number FROM documents WHERE lower(source) = lower($is_source))",
            graph.publisher(source) if source is not None else None,
        ),
        "is_since": ("first_day >= $is_since", first),
        "is_until": ("first_day <= $is_until", last),
        "is_confidence": ("confidence >= $is_confidence", min_confidence or None),
        "is_confirmed": ("confirmed = $is_confirmed", confirmed),
    }
    stance_condition = ("stance = $is_stance", wanted.value if wanted and wanted is not Stance.NONE else None)
    # Whether somebody's newest position has a stance can be told only when it is known which is the newest.
    after = {"is_stance": stance_condition} if latest else {}
    before = conditions if latest else {**conditions, "is_stance": stance_condition}
    table, columns = ("reports", "'' AS id, NULL AS outcome") if wanted is Stance.NONE else ("positions", "id, outcome")
    if wanted is Stance.NONE and before["is_outcome"][1] is not None:
        return Chosen(_sql("reports", "'' AS id, NULL AS outcome", who, ["false"]), {})
    sql = _sql(table, columns, who, _used(before))
    if latest:
        newest = f"rank() OVER (PARTITION BY who, outcome ORDER BY {NEWEST_FIRST}) = 1"
        sql = f"SELECT * FROM ({sql} QUALIFY {newest}) WHERE {' AND '.join(_used(after)) or 'true'}"
    values = {name: v for name, (_, v) in {**before, **after}.items() if v is not None}
    free = not graph.is_part and not latest and values.keys() <= {"is_who", "is_outcome"}
    return Chosen(sql, values, by if free else None)


def _sql(table: str, columns: str, who: str, conditions: list[str]) -> str:
    where = " AND ".join(conditions) or "true"
    return (
        f"SELECT number, {columns}, document, {who} AS who, stance, side, confidence, first_day, last_day, earlier "
        f"FROM {table} WHERE {where}"
    )


def _passed_on(graph: StanceGraph, via: Actor | str | None, stance: Stance | None) -> tuple[str, object]:
    """Return the condition that somebody passes it on; of what is said without attitude only the names are known."""
    if via is None:
        return "true", None
    if stance is not Stance.NONE:
        return "list_contains(via_actors, $is_via)", graph.number_of_actor(via, "actor")
    actor = graph.actor(via) if isinstance(via, str) else via
    return "list_has_any(via, $is_via)", [actor.name, *actor.aliases]


def _used(conditions: dict[str, tuple[str, object]]) -> list[str]:
    return [sql for sql, value in conditions.values() if value is not None]


def stance_of(stance: Stance | str) -> Stance:
    """Return the stance of that name; raises ValueError if there is none."""
    return _choice(Stance, stance, "stance")


def _choice(choices: type[Choice], wanted: Choice | str, what: str) -> Choice:
    try:
        return choices(wanted)
    except ValueError:
        names = ", ".join(choice.value for choice in choices)
        raise ValueError(f"{wanted!r} is no {what}; choose one of {names}") from None
