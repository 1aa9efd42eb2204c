"""A graph → the tables of its store."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb
import pandas as pd

from stancegraph import __version__
from stancegraph.models import Actor, Document, Outcome, PlacedPosition, Position, Report, Span, Stance, days_of
from stancegraph.store.steps import SHIFTS, SIDES

Thing = TypeVar("Thing", Actor, Outcome)

VERSION = 1
SCHEMA = Path(__file__).with_name("schema.sql").read_text(encoding="utf8")
_SIDES = {Stance.SUPPORTS: 1, Stance.OPPOSES: -1, Stance.MIXED: 0}
# Rows that are handed over at once: enough to be fast, few enough to hold twice.
_AT_ONCE = 20_000


class Contents(NamedTuple):
    """What a graph consists of.

    Args:
        documents: Every document once, in the order of the graph.
        placed: Every position with its place, in the order of the graph.
        reports: Everything said without an attitude, in the same order.
        listed: The outcomes of a user's list, in its order.
        body_of: For the name of each country or body that somebody speaks for, the actor that it is.
        speaks_for: For each of `placed` and then of `reports`, the name of whom its holder speaks for.
        revision: What corrections changed, as JSON; None if there were none.
    """

    documents: Sequence[Document]
    placed: Sequence[PlacedPosition]
    reports: Sequence[Report]
    listed: Sequence[Outcome]
    body_of: Mapping[str, Actor]
    speaks_for: Sequence[str]
    revision: str | None = None


def connect(**config: str | int) -> duckdb.DuckDBPyConnection:
    """Return an empty database in memory that fetches nothing from anywhere."""
    never = {"autoinstall_known_extensions": "false", "autoload_known_extensions": "false"}
    return duckdb.connect(":memory:", config={**never, **config})


def attach(connection: duckdb.DuckDBPyConnection, path: Path, name: str, mode: str) -> None:
    """Make a database file known to a connection; DuckDB takes no parameters here."""
    quoted = str(path).replace("'", "''")
    connection.execute(f"ATTACH '{quoted}' AS {name} ({mode})")


def write_store(path: Path, contents: Contents) -> None:
    """Write a graph into a file of DuckDB; one that is there is replaced when all is written.

    The same graph gives the same tables. The bytes differ by a number that DuckDB draws for each file.

    Args:
        path: The file, whose folder must be there.
        contents: What the graph consists of.

    Raises:
        OSError: If the file cannot be written; names it.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    beside.unlink(missing_ok=True)
    try:
        with closing(connect(threads=1)) as connection:
            attach(connection, beside, "written", "READ_WRITE")
            connection.execute("USE written")
            fill(connection, contents)
            connection.execute("CHECKPOINT written; USE memory; DETACH written")
        beside.replace(path)
    except (duckdb.IOException, duckdb.TransactionException) as error:
        reason = str(error).strip().splitlines()[0]
        raise OSError(f"{path}: cannot be written ({reason})") from error
    finally:
        beside.unlink(missing_ok=True)


def fill(connection: duckdb.DuckDBPyConnection, contents: Contents) -> None:
    """Create the tables of a graph and fill them."""
    # The types of columns are told from all rows: of a sample that holds only empty lists, no type of list could be told.
    connection.execute("SET GLOBAL pandas_analyze_sample = $rows", {"rows": _AT_ONCE})
    connection.execute(SCHEMA)
    connection.execute("INSERT INTO stancegraph VALUES (?, ?)", [VERSION, __version__])
    if contents.revision is not None:
        connection.execute("INSERT INTO revision VALUES (?)", [contents.revision])
    documents = {document.id: number for number, document in enumerate(contents.documents)}
    actors = _actors(contents)
    outcomes = in_order({p.outcome for p in contents.placed} | set(contents.listed))
    listed = {outcome: number for number, outcome in enumerate(contents.listed)}
    _insert(connection, "documents", (_document(n, d) for n, d in enumerate(contents.documents)))
    mentioned = _mentioned(contents)
    _insert(connection, "actors", (_actor(n, a, a not in mentioned) for n, a in enumerate(actors)))
    _insert(connection, "outcomes", (_outcome(n, o, listed.get(o)) for n, o in enumerate(outcomes)))
    number_of: dict[Actor | Outcome, int] = {actor: n for n, actor in enumerate(actors)}
    number_of |= {outcome: n for n, outcome in enumerate(outcomes)}
    bodies = [number_of[contents.body_of[name]] for name in contents.speaks_for]
    held = zip(contents.placed, bodies, strict=False)
    _insert(connection, "positions", (_placed(n, p, body, documents, number_of) for n, (p, body) in enumerate(held)))
    said = zip(contents.reports, bodies[len(contents.placed) :], strict=True)
    _insert(connection, "reports", (_report(n, r, body, documents, number_of) for n, (r, body) in enumerate(said)))
    summarise(connection)


def summarise(connection: duckdb.DuckDBPyConnection) -> None:
    """Fill the tables that follow from the positions."""
    for counted_by, who in (("actor", "actor"), ("affiliation", "body")):
        chosen = f"SELECT {who} AS who, outcome, stance, side, first_day, last_day, earlier FROM positions"
        for table, query, order in (
            ("sides", SIDES, "who, outcome"),
            ("shifts", SHIFTS, "who, outcome, first_day, last_day, earlier DESC"),
        ):
            insert = f"INSERT INTO {table} WITH chosen AS ({chosen}) SELECT $counted_by, * FROM ({query}) ORDER BY {order}"
            connection.execute(insert, {"counted_by": counted_by})


def _mentioned(contents: Contents) -> set[Actor]:
    return {a for p in contents.placed for a in (p.actor, *p.via)} | {r.actor for r in contents.reports}


def _actors(contents: Contents) -> list[Actor]:
    return in_order(_mentioned(contents) | set(contents.body_of.values()))


def in_order(things: Iterable[Thing]) -> list[Thing]:
    """Return actors by name or outcomes by label; several that are called alike in an order of their own too.

    Args:
        things: The actors, or the outcomes.
    """
    return sorted(things, key=lambda one: (one.name if isinstance(one, Actor) else one.label, one.model_dump_json()))


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: Iterator[dict[str, Any]]) -> None:
    while some := list(islice(rows, _AT_ONCE)):
        frame = pd.DataFrame(some).astype(object)
        connection.register("rows_to_insert", frame)
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows_to_insert")
        connection.unregister("rows_to_insert")


def _document(number: int, document: Document) -> dict[str, Any]:
    return {"number": number, **document.model_dump()}


def _actor(number: int, actor: Actor, only_spoken_for: bool) -> dict[str, Any]:
    return {
        "number": number,
        **actor.model_dump(mode="json"),
        "only_spoken_for": only_spoken_for,
    }


def _outcome(number: int, outcome: Outcome, listed: int | None) -> dict[str, Any]:
    return {"number": number, **outcome.model_dump(mode="json"), "listed": listed}


def _placed(
    number: int, placed: PlacedPosition, body: int, documents: Mapping[str, int], number_of: Mapping[Actor | Outcome, int]
) -> dict[str, Any]:
    return {
        "number": number,
        "id": placed.id,
        "actor": number_of[placed.actor],
        "outcome": number_of[placed.outcome],
        "body": body,
        "via_actors": [number_of[actor] for actor in placed.via],
        **_position(placed.position, documents),
    }


def _report(
    number: int, report: Report, body: int, documents: Mapping[str, int], number_of: Mapping[Actor | Outcome, int]
) -> dict[str, Any]:
    position = _position(report.position, documents)
    return {"number": number, "actor": number_of[report.actor], "body": body, **position}


def _position(position: Position, documents: Mapping[str, int]) -> dict[str, Any]:
    stated, date = position.stated, position.document.date
    first, last = (stated.since, stated.until) if stated else days_of(date) if date else (None, None)
    return {
        "document": documents[position.document.id],
        "first_day": first,
        "last_day": last,
        "earlier": bool(stated and stated.earlier),
        "stance": position.stance.value,
        "side": _SIDES.get(position.stance),
        "act": position.act.value,
        "confidence": position.confidence,
        "evidence_text": position.evidence_text,
        "holder": position.holder,
        "holder_type": position.holder_type.value,
        "holder_role": position.holder_role,
        "holder_affiliation": position.holder_affiliation,
        "via": list(position.via),
        "target": position.target,
        "target_kind": position.target_kind.value,
        "similarity": position.similarity,
        "reported": position.reported,
        "confirmed": position.confirmed,
        "changed": list(position.changed),
        "source": _offsets(position.source),
        "cue": _offsets(position.cue),
        "evidence": _offsets(position.evidence),
        "stated_since": stated.since if stated else None,
        "stated_until": stated.until if stated else None,
        "stated_words": _offsets(stated.words if stated else ()),
    }


def _offsets(spans: Iterable[Span]) -> list[int]:
    return [offset for span in spans for offset in (span.start, span.end)]
