"""The tables of a store → rows, positions, actors, outcomes and documents."""

from __future__ import annotations

import weakref
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, overload

import duckdb
from pydantic import ValidationError

from stancegraph.models import Actor, Document, Outcome, PlacedPosition, Position, Report
from stancegraph.store.writing import SCHEMA, VERSION, Contents, attach, connect, fill

if TYPE_CHECKING:
    import pandas as pd

Made = TypeVar("Made")
_HERE = "memory.main"
# What tables of positions have that no position is made of.
_PLACE = ("number", "id", "document", "actor", "outcome", "body", "via_actors", "first_day", "last_day", "earlier", "side")

_REFERENCES = (
    *(("positions", column, of) for column, of in (("document", "documents"), ("actor", "actors"), ("body", "actors"))),
    *(("reports", column, of) for column, of in (("document", "documents"), ("actor", "actors"), ("body", "actors"))),
    ("positions", "outcome", "outcomes"),
)


class GraphFileError(ValueError):
    """A saved graph cannot be read; the message names the file and what is wrong with it."""


class Columns(Sequence[tuple[Any, ...]]):
    """Rows that are kept as columns of numpy until they are looked at."""

    def __init__(self, columns: Mapping[str, Any]) -> None:
        self._columns = dict(columns)

    def __len__(self) -> int:
        return len(next(iter(self._columns.values())))

    @overload
    def __getitem__(self, index: int) -> tuple[Any, ...]: ...
    @overload
    def __getitem__(self, index: slice) -> Columns: ...
    def __getitem__(self, index: int | slice) -> tuple[Any, ...] | Columns:
        if isinstance(index, slice):
            return Columns({name: column[index] for name, column in self._columns.items()})
        return tuple(column[[index]].tolist()[0] for column in self._columns.values())

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return zip(*(column.tolist() for column in self._columns.values()), strict=True)


class Store:
    """Everything a graph consists of, or a part of it, as tables that questions are asked of in SQL.

    See schema.sql for the tables. A part has the same tables, with fewer positions and no reports.

    Args:
        connection: The database.
        schema: Where in it the tables are.
        name: What messages call it.
    """

    def __init__(self, connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> None:
        self._connection = connection
        self._schema = schema
        self._name = name
        self._parts = count()
        self._given_up: deque[str] = deque()
        self._documents: dict[int, Document] = {}
        self._whole: Store | None = None

    @classmethod
    def of(cls, contents: Contents) -> Store:
        """Return a store in memory."""
        connection = connect()
        fill(connection, contents)
        connection.execute("SET enable_external_access = false")
        return cls(connection, _HERE, "the graph")

    @classmethod
    def opened(cls, path: Path) -> Store:
        """Return a store that reads a file, a little at a time.

        Raises:
            GraphFileError: If there is no such file, or it is none that can be read.
        """
        if not path.is_file():
            raise GraphFileError(f"{path}: no saved graph here; build one or give another folder")
        connection = connect()
        store = cls(connection, "saved.main", str(path))
        try:
            attach(connection, path, "saved", "READ_ONLY")
            # A file from elsewhere must not lead to other files.
            connection.execute("SET enable_external_access = false")
            _check(connection, path)
        except duckdb.Error as error:
            connection.close()
            locked = "Could not set lock" in str(error)
            what = "in use by a program that may change it; close it there" if locked else "not a saved graph or broken"
            raise GraphFileError(f"{path}: {what} ({_first_line(error)})") from None
        return store

    def rows(self, sql: str, **values: object) -> list[tuple[Any, ...]]:
        """Return the rows that answer a question; names of tables are those of this part."""
        with self._asked(sql, values) as asked:
            return asked.fetchall()

    def frame(self, sql: str, **values: object) -> pd.DataFrame:
        """Return the same as a table of pandas."""
        with self._asked(sql, values) as asked:
            return asked.df()

    def columns(self, sql: str, **values: object) -> Columns:
        """Return the same column by column, for answers with many rows."""
        with self._asked(sql, values) as asked:
            return Columns(asked.fetchnumpy())

    @property
    def is_part(self) -> bool:
        """Whether some positions are left out; what is stored of all of them together does not hold for a part."""
        return self._whole is not None

    def part(self, sql: str, **values: object) -> Store:
        """Return the part with those positions whose numbers a question gives."""
        whole = self._whole or self
        schema = f"memory.part_{next(whole._parts)}"
        with self._cursor() as cursor:
            while whole._given_up:
                with suppress(IndexError):  # another thread was faster
                    cursor.execute(f"DROP SCHEMA {whole._given_up.popleft()} CASCADE")
            numbers = cursor.execute(sql, values or None).df()
            cursor.execute(f"CREATE SCHEMA {schema}")
            cursor.register("chosen_numbers", numbers)
            cursor.execute(f"CREATE TABLE {schema}.chosen AS SELECT number FROM chosen_numbers ORDER BY number")
            cursor.execute(
                f"CREATE VIEW {schema}.positions AS SELECT * FROM {whole._schema}.positions "
                f"SEMI JOIN {schema}.chosen USING (number)"
            )
            cursor.execute(f"CREATE VIEW {schema}.reports AS SELECT * FROM {whole._schema}.reports LIMIT 0")
            # What is stored of all positions together does not hold for a part.
            for table in ("shifts", "sides"):
                cursor.execute(f"CREATE VIEW {schema}.{table} AS SELECT * FROM {whole._schema}.{table} LIMIT 0")
            for table in ("actors", "outcomes"):
                cursor.execute(f"CREATE VIEW {schema}.{table} AS SELECT * FROM {whole._schema}.{table}")
            cursor.execute(
                f"CREATE VIEW {schema}.documents AS SELECT * FROM {whole._schema}.documents "
                f"WHERE number IN (SELECT document FROM {schema}.positions)"
            )
        part = Store(self._connection, schema, self._name)
        part._whole, part._documents = whole, whole._documents
        # Parts that nobody asks any more are dropped when the next is made: no query may run while Python tidies up.
        weakref.finalize(part, whole._given_up.append, schema).atexit = False
        return part

    @cached_property
    def actors(self) -> tuple[Actor, ...]:
        """All actors by number, those of the whole graph in a part too."""
        if self._whole:
            return self._whole.actors
        rows = self.rows("SELECT name, type, aliases, role, affiliation FROM actors ORDER BY number")
        with self._reading("actors"):
            return tuple(Actor(name=n, type=t, aliases=tuple(a), role=r, affiliation=f) for n, t, a, r, f in rows)

    @cached_property
    def outcomes(self) -> tuple[Outcome, ...]:
        """All outcomes by number, those of the whole graph in a part too."""
        if self._whole:
            return self._whole.outcomes
        rows = self.rows("SELECT label, kind, wordings, description FROM outcomes ORDER BY number")
        with self._reading("outcomes"):
            return tuple(Outcome(label=la, kind=k, wordings=tuple(w), description=d) for la, k, w, d in rows)

    def listed(self) -> list[Outcome]:
        """Return the outcomes of a user's list, in its order."""
        return [self.outcomes[n] for (n,) in self.rows("SELECT number FROM outcomes WHERE listed NOTNULL ORDER BY listed")]

    def documents(self, numbers: Sequence[int] | None = None) -> list[Document]:
        """Return documents by their numbers, or all in the order of the graph."""
        if numbers is None:
            numbers = [number for (number,) in self.rows("SELECT number FROM documents ORDER BY number")]
        missing = [number for number in dict.fromkeys(numbers) if number not in self._documents]
        if missing:
            columns = ("id", "title", "date", "source", "url", "text")
            sql = f"SELECT number, {', '.join(columns)} FROM documents WHERE number IN (SELECT unnest($numbers))"
            with self._reading("documents"):
                for number, *fields in (self._whole or self).rows(sql, numbers=missing):
                    self._documents[number] = Document.model_validate(dict(zip(columns, fields, strict=True)))
        with self._reading("documents"):
            return [self._documents[number] for number in numbers]

    def placed(self, numbers: Sequence[int] | None = None) -> list[PlacedPosition]:
        """Return positions with their places by their numbers, in the order given; or all in the order of the graph."""
        with self._reading("positions"):
            found = {
                row["number"]: PlacedPosition(
                    id=row["id"],
                    position=position,
                    actor=self.actors[row["actor"]],
                    outcome=self.outcomes[row["outcome"]],
                    via=tuple(self.actors[number] for number in row["via_actors"]),
                )
                for row, position in self._positions("positions", numbers)
            }
        return [found[number] for number in numbers] if numbers is not None else list(found.values())

    def reports(self) -> list[Report]:
        """Return everything said without an attitude, in the order of the graph."""
        with self._reading("reports"):
            return [Report(position, self.actors[row["actor"]]) for row, position in self._positions("reports", None)]

    def _positions(self, table: str, numbers: Sequence[int] | None) -> Iterator[tuple[dict[str, Any], Position]]:
        chosen, values = "", {}
        if numbers is not None:
            chosen, values = "WHERE number IN (SELECT unnest($numbers))", {"numbers": list(numbers)}
        sql = f"SELECT * FROM {table} {chosen} ORDER BY number"
        with self._asked(sql, values) as asked:
            columns = [name for name, *_ in asked.description or ()]
            rows = [dict(zip(columns, row, strict=True)) for row in asked.fetchall()]
        self.documents([row["document"] for row in rows])
        for row in rows:
            yield row, _position(row, self._documents[row["document"]])

    def revision(self) -> str | None:
        """Return what corrections changed, as JSON; None if there were none."""
        return next((str(content) for (content,) in self.rows("SELECT content FROM revision")), None)

    def valid(self, what: str, made: Callable[[], Made]) -> Made:
        """Return what a function makes of stored values; raises GraphFileError if they are not valid."""
        with self._reading(what):
            return made()

    @contextmanager
    def _asked(self, sql: str, values: dict[str, Any]) -> Iterator[duckdb.DuckDBPyConnection]:
        with self._cursor() as cursor:
            yield cursor.execute(sql, values or None)

    @contextmanager
    def _cursor(self) -> Iterator[duckdb.DuckDBPyConnection]:
        """Give a connection of one's own, so that threads may ask side by side."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(f"USE {self._schema}")
            yield cursor
        except duckdb.Error as error:
            raise GraphFileError(f"{self._name}: broken ({_first_line(error)})") from error
        finally:
            cursor.close()

    @contextmanager
    def _reading(self, table: str) -> Iterator[None]:
        try:
            yield
        except GraphFileError:
            raise
        except (ValidationError, KeyError, IndexError, TypeError, ValueError, RecursionError) as error:
            reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else f"{error!r}"
            raise GraphFileError(f"{self._name}: {table} holds something that is not valid ({reason})") from None


def _check(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a file that is no graph of this version; raises duckdb.Error where there is not even a version."""
    version = connection.execute("SELECT min(version) FROM saved.main.stancegraph").fetchone()
    if version != (VERSION,):
        number = version[0] if version else None
        raise GraphFileError(f"{path}: saved by another version (format {number!r}, not {VERSION}); build the graph anew")
    with connection.cursor() as other:
        other.execute("CREATE SCHEMA memory.expected; USE memory.expected")
        other.execute(SCHEMA)
        columns = (
            "SELECT table_name, column_name, data_type FROM duckdb_columns() WHERE database_name = ? AND schema_name = ?"
        )
        wanted = set(other.execute(columns, ["memory", "expected"]).fetchall())
        there = set(other.execute(columns, ["saved", "main"]).fetchall())
        other.execute("USE memory.main; DROP SCHEMA memory.expected CASCADE")
    if missing := sorted(wanted - there):
        table, column, type_ = missing[0]
        raise GraphFileError(f"{path}: not a saved graph or broken (no column {column!r} of type {type_} in {table!r})")
    _check_numbers(connection, path)


def _check_numbers(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Refuse a file whose tables refer to each other by numbers that mean nothing, or something else."""
    for table in ("documents", "actors", "outcomes", "positions", "reports"):
        asked = f"SELECT count(*), coalesce(min(number), 0), coalesce(max(number) + 1, 0) FROM saved.main.{table}"
        rows, first, after = connection.execute(asked).fetchall()[0]
        if first != 0 or after != rows:
            raise GraphFileError(f"{path}: {table} holds something that is not valid (numbers are not 0 to {rows - 1})")
    for table, column, other in _REFERENCES:
        known = f"(SELECT count(*) FROM saved.main.{other})"
        asked = f"SELECT count(*) FROM saved.main.{table} WHERE {column} < 0 OR {column} >= {known}"
        ((wrong,),) = connection.execute(asked).fetchall()
        if wrong:
            raise GraphFileError(f"{path}: {table} holds something that is not valid ({column} is none of {other})")


def _position(row: dict[str, Any], document: Document) -> Position:
    until = row.pop("stated_until")
    stated = {
        "since": row.pop("stated_since"),
        "until": until,
        "words": _spans(row.pop("stated_words")),
        "earlier": row["earlier"],
    }
    fields = {name: value for name, value in row.items() if name not in _PLACE}
    for name in ("source", "cue", "evidence"):
        fields[name] = _spans(fields[name])
    return Position.model_validate({**fields, "document": document, "stated": stated if until else None})


def _spans(offsets: Sequence[int]) -> list[dict[str, int]]:
    return [{"start": start, "end": end} for start, end in zip(offsets[::2], offsets[1::2], strict=True)]


def _first_line(error: Exception) -> str:
    return str(error).strip().splitlines()[0]
