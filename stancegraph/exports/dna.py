"""The graph as a database of Discourse Network Analyzer 3, to be corrected there and read again with `read_dna`.

What DNA has a place for is where its users look for it: actors as persons or organizations with their attributes Type
(the role), Alias and Actor type; outcomes as concepts with Type, Alias and Notes; one statement a position, from the first
character of its evidence to the last, with agreement. The rest is in further variables of the statement type
(`stancegraph.imports.dna.FURTHER`): stance where it is mixed or undecided, act, confidence in per cent, reported, via; and
what is left, such as several spans of evidence, as JSON in the variable `stancegraph` and in the setting of that name.
What is said without an attitude becomes statements of a type of its own, which is left out of DNA's networks.

DNA shows names of at most 190 characters, cut if need be, a document without a date on 1970-01-01, and one with a month or
a year on its first day. The reader knows better, as long as nobody changed what is shown.
"""

from __future__ import annotations

import base64
import datetime
import errno
import hashlib
import json
import re
import sqlite3
import unicodedata
from contextlib import closing
from functools import cache
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

from stancegraph.imports.dna import (
    CORRECTABLE,
    FURTHER,
    REPORTS,
    SETTING,
    Coding,
    fields_of,
    kept,
    plain_reading,
    utf16_offsets,
)
from stancegraph.models import Actor, ActorType, Document, Outcome, Position, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancegraph.graph import StanceGraph

_LONGEST = 190
_NOBODY = "(nobody)"
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")
_ATTRIBUTES = ("Type", "Alias", "Notes", "Actor type")

# The tables of DNA 3, named and typed as its own files have them.
_SHORT = "TEXT NOT NULL CHECK (LENGTH({0}) < 191)"
_SHORT_OR_EMPTY = "TEXT NOT NULL DEFAULT '' CHECK (LENGTH({0}) < 191)"
_COLOR = tuple(f"{c} INTEGER NOT NULL DEFAULT 0 CHECK ({c} BETWEEN 0 AND 255)" for c in ("Red", "Green", "Blue"))
_KEY = "ID INTEGER NOT NULL PRIMARY KEY"
_VALUE_KEY = "ID INTEGER PRIMARY KEY NOT NULL"
_PERMISSIONS = tuple(
    f"Permission{name} INTEGER NOT NULL CHECK (Permission{name} BETWEEN 0 AND 1) DEFAULT 1"
    for name in (
        *("AddDocuments", "EditDocuments", "DeleteDocuments", "ImportDocuments", "AddStatements", "EditStatements"),
        *("DeleteStatements", "EditAttributes", "EditRegex", "EditStatementTypes", "EditCoders", "EditCoderRelations"),
        *("ViewOthersDocuments", "EditOthersDocuments", "ViewOthersStatements", "EditOthersStatements"),
    )
)


def _column(name: str, kind: str) -> str:
    return f"{name} {kind.format(name)}"


def _refers(column: str, table: str) -> str:
    return f"FOREIGN KEY({column}) REFERENCES {table}(ID) ON DELETE CASCADE"


def _value_table(value: str, *more: str) -> tuple[str, ...]:
    return (
        *(_VALUE_KEY, "StatementId INTEGER NOT NULL", "VariableId INTEGER NOT NULL", value),
        *(
            _refers("StatementId", "STATEMENTS"),
            _refers("VariableId", "VARIABLES"),
            *more,
            "UNIQUE (StatementId, VariableId)",
        ),
    )


def _truth(name: str, default: int | None = 1) -> str:
    return f"{name} INTEGER NOT NULL DEFAULT {default} CHECK({name} BETWEEN 0 AND 1)"


_TABLES = {
    "SETTINGS": ("Property TEXT PRIMARY KEY", "Value TEXT NOT NULL"),
    "CODERS": (
        *(_KEY, _column("Name", _SHORT), *_COLOR),
        "Refresh INTEGER NOT NULL CHECK (Refresh BETWEEN 0 AND 9999) DEFAULT 0",
        "FontSize INTEGER NOT NULL CHECK (FontSize BETWEEN 1 AND 99) DEFAULT 14",
        _column("Password", _SHORT),
        "PopupWidth INTEGER CHECK (PopupWidth BETWEEN 100 AND 9999) DEFAULT 300",
        "ColorByCoder INTEGER NOT NULL CHECK (ColorByCoder BETWEEN 0 AND 1) DEFAULT 0",
        "PopupDecoration INTEGER NOT NULL CHECK (PopupDecoration BETWEEN 0 AND 1) DEFAULT 0",
        "PopupAutoComplete INTEGER NOT NULL CHECK (PopupAutoComplete BETWEEN 0 AND 1) DEFAULT 1",
        *_PERMISSIONS,
    ),
    "DOCUMENTS": (
        *(_KEY, _column("Title", _SHORT), "Text TEXT NOT NULL", "Coder INTEGER"),
        *(_column("Author", _SHORT_OR_EMPTY), _column("Source", _SHORT_OR_EMPTY), _column("Section", _SHORT_OR_EMPTY)),
        *("Notes TEXT NOT NULL DEFAULT ''", _column("Type", _SHORT_OR_EMPTY), "Date INTEGER NOT NULL"),
        _refers("Coder", "CODERS"),
    ),
    "STATEMENTTYPES": (_KEY, _column("Label", _SHORT), *_COLOR),
    "VARIABLES": (
        *(_KEY, _column("Variable", _SHORT)),
        "DataType TEXT NOT NULL CHECK (DataType = 'boolean' OR DataType = 'integer' OR DataType = 'long text'"
        " OR DataType = 'short text') DEFAULT 'short text'",
        *("StatementTypeId INTEGER", _refers("StatementTypeId", "STATEMENTTYPES"), "UNIQUE (Variable, StatementTypeId)"),
    ),
    "VARIABLELINKS": (
        *(_KEY, "SourceVariableId INTEGER", "TargetVariableId INTEGER", "CHECK (TargetVariableId != SourceVariableId)"),
        *(_refers("SourceVariableId", "VARIABLES"), _refers("TargetVariableId", "VARIABLES")),
    ),
    "REGEXES": ("Label TEXT PRIMARY KEY CHECK (LENGTH(Label) < 191)", *_COLOR),
    "CODERRELATIONS": (
        *(_KEY, "Coder INTEGER CHECK(Coder > 0)", "OtherCoder INTEGER CHECK(OtherCoder > 0)"),
        *(_truth("viewStatements"), _truth("editStatements"), _truth("viewDocuments"), _truth("editDocuments")),
        *("CHECK (Coder != OtherCoder)", _refers("Coder", "CODERS"), _refers("OtherCoder", "CODERS")),
    ),
    "STATEMENTS": (
        *(_KEY, "StatementTypeId INTEGER", "DocumentId INTEGER"),
        *("Start INTEGER NOT NULL CHECK(Start >= 0)", "Stop INTEGER NOT NULL CHECK(Stop >= 0)", "Coder INTEGER"),
        *("CHECK (Start < Stop)", _refers("StatementTypeId", "STATEMENTTYPES"), _refers("Coder", "CODERS")),
        _refers("DocumentId", "DOCUMENTS"),
    ),
    "DATABOOLEAN": _value_table("Value INTEGER NOT NULL DEFAULT 1"),
    "DATAINTEGER": _value_table("Value INTEGER NOT NULL DEFAULT 0"),
    "ENTITIES": (
        *(_VALUE_KEY, "VariableId INTEGER NOT NULL", _column("Value", _SHORT_OR_EMPTY)),
        *(f"{c} INTEGER CHECK ({c} BETWEEN 0 AND 255)" for c in ("Red", "Green", "Blue")),
        *("ChildOf INTEGER CHECK(ChildOf > 0)", "UNIQUE (VariableId, Value)"),
        *(_refers("ChildOf", "ENTITIES"), _refers("VariableId", "VARIABLES")),
    ),
    "DATASHORTTEXT": _value_table("Entity INTEGER NOT NULL", _refers("Entity", "ENTITIES")),
    "DATALONGTEXT": _value_table("Value TEXT DEFAULT ''"),
    "ATTRIBUTEVARIABLES": (
        *(_VALUE_KEY, "VariableId INTEGER NOT NULL", _column("AttributeVariable", _SHORT)),
        *("UNIQUE(VariableId, AttributeVariable)", _refers("VariableId", "VARIABLES")),
    ),
    "ATTRIBUTEVALUES": (
        *(_VALUE_KEY, "EntityId INTEGER NOT NULL", "AttributeVariableId INTEGER NOT NULL"),
        *(_column("AttributeValue", _SHORT_OR_EMPTY), "UNIQUE (EntityId, AttributeVariableId)"),
        *(_refers("EntityId", "ENTITIES"), _refers("AttributeVariableId", "ATTRIBUTEVARIABLES")),
    ),
}
_SETTINGS = (("version", "3.0.7"), ("date", "2022-06-10"))
_VARIABLES = {"person": "short text", "organization": "short text", "concept": "short text"}
_TYPES = {"DNA Statement": {**_VARIABLES, "agreement": "boolean", **FURTHER}, REPORTS: {**_VARIABLES, **FURTHER}}
_TABLE_OF = {"short text": "DATASHORTTEXT", "long text": "DATALONGTEXT", "boolean": "DATABOOLEAN", "integer": "DATAINTEGER"}


def write_dna(graph: StanceGraph, path: str | Path, *, password: str = "stancegraph") -> None:  # noqa: S107 - of a local file
    """Write a database that DNA 3 opens and `read_dna` turns into an equal graph; the same graph gives the same bytes.

    Args:
        graph: The graph; positions should come in the order of documents and of their text, as in all graphs made here.
        path: The file to write; DNA wants a name that ends in ".dna".
        password: What DNA asks for when it opens the file as its one coder, Admin.

    Raises:
        OSError: If the file cannot be written.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    # A broken-off export must not destroy what was there.
    beside = path.with_name(path.name + ".part")
    try:
        beside.write_bytes(b"")  # a folder that cannot be written to is an OSError, as with every other export
        with closing(sqlite3.connect(beside)) as database:
            # What is broken off is thrown away, so nothing need survive it.
            database.execute("PRAGMA synchronous = OFF")
            database.execute("PRAGMA journal_mode = OFF")
            with database:
                _write(database, graph, password)
            with database:
                _keep(database, graph)
        beside.replace(path)
    except sqlite3.OperationalError as error:  # the disk is full
        raise OSError(errno.EIO, str(error), str(path)) from error
    finally:
        beside.unlink(missing_ok=True)


def _write(database: sqlite3.Connection, graph: StanceGraph, password: str) -> None:
    """Write all that DNA shows."""
    for table, columns in _TABLES.items():
        database.execute(f"CREATE TABLE {table}({', '.join(columns)})")
    database.executemany("INSERT INTO SETTINGS VALUES (?, ?)", (*_SETTINGS, (SETTING, _dumped(_setting(graph)))))
    database.execute(
        "INSERT INTO CODERS (ID, Name, Red, Green, Password) VALUES (1, 'Admin', 255, 255, ?)", (_hash(password),)
    )
    numbers = {id_: number for number, id_ in enumerate(graph.documents, start=1)}
    database.executemany(
        "INSERT INTO DOCUMENTS (ID, Title, Text, Coder, Source, Notes, Date) VALUES (?, ?, ?, 1, ?, ?, ?)",
        ((numbers[document.id], *_document(document)) for document in graph.documents.values()),
    )
    actors, outcomes = _shown_actors(graph), _shown_outcomes(graph)
    statements = [
        _statement(p.position, p.actor, actors[p.actor], outcomes[p.outcome], [actors[via] or _NOBODY for via in p.via])
        for p in graph.placed
    ]
    reports = [
        _statement(
            r.position, r.actor, actors[r.actor], _cut(r.position.target), [_cut(v) or _NOBODY for v in r.position.via]
        )
        for r in graph.reports
    ]
    offsets = {id_: utf16_offsets(document.text) for id_, document in graph.documents.items()}
    said = (*(p.position for p in graph.placed), *(r.position for r in graph.reports))
    types = (*(1 for _ in statements), *(2 for _ in reports))
    database.executemany(
        "INSERT INTO STATEMENTS VALUES (?, ?, ?, ?, ?, 1)",
        (
            (id_, type_, numbers[position.document.id], *_place(position, offsets[position.document.id]))
            for id_, (type_, position) in enumerate(zip(types, said, strict=True), start=1)
        ),
    )
    attributes = {
        "person": {name: _actor_attributes(a) for a, name in actors.items() if a.type is ActorType.PERSON},
        "organization": {name: _actor_attributes(a) for a, name in actors.items() if a.type is not ActorType.PERSON},
        "concept": {name: _outcome_attributes(outcome) for outcome, name in outcomes.items()},
    }
    _write_values(database, 1, 1, statements, attributes)
    if reports:
        _write_values(database, 2, len(statements) + 1, reports, attributes)


def _write_values(
    database: sqlite3.Connection,
    type_: int,
    first: int,
    statements: Sequence[Mapping[str, object]],
    attributes: Mapping[str, Mapping[str, Mapping[str, str]]],
) -> None:
    """Write a statement type, its variables, their entities with attributes, and what each statement says in each."""
    label = list(_TYPES)[type_ - 1]
    database.execute("INSERT INTO STATEMENTTYPES VALUES (?, ?, 239, 208, 51)", (type_, label))
    for variable, kind in _TYPES[label].items():
        query = "INSERT INTO VARIABLES (Variable, DataType, StatementTypeId) VALUES (?, ?, ?)"
        variable_id = database.execute(query, (variable, kind, type_)).lastrowid
        values = [statement[variable] for statement in statements]
        column = "Value"
        if kind == "short text":
            column = "Entity"
            # DNA has an empty entity in every variable, for what is not coded.
            texts = {"", *attributes.get(variable, {}), *map(str, values)}
            ids = _write_entities(database, variable_id, sorted(texts), attributes.get(variable, {}))
            values = [ids[str(value)] for value in values]
        database.executemany(
            f"INSERT INTO {_TABLE_OF[kind]} (StatementId, VariableId, {column}) VALUES (?, ?, ?)",  # noqa: S608 - names of ours
            ((id_, variable_id, value) for id_, value in enumerate(values, start=first)),
        )


def _write_entities(
    database: sqlite3.Connection, variable: int | None, names: Iterable[str], attributes: Mapping[str, Mapping[str, str]]
) -> dict[str, int]:
    query = "INSERT INTO ATTRIBUTEVARIABLES (VariableId, AttributeVariable) VALUES (?, ?)"
    kinds = {kind: database.execute(query, (variable, kind)).lastrowid for kind in _ATTRIBUTES}
    ids: dict[str, int] = {}
    for name in names:
        query = "INSERT INTO ENTITIES (VariableId, Value, Red, Green, Blue) VALUES (?, ?, 0, 0, 0)"
        ids[name] = database.execute(query, (variable, name)).lastrowid or 0
        database.executemany(
            "INSERT INTO ATTRIBUTEVALUES (EntityId, AttributeVariableId, AttributeValue) VALUES (?, ?, ?)",
            ((ids[name], kinds[kind], attributes.get(name, {}).get(kind, "")) for kind in _ATTRIBUTES),
        )
    return ids


def _keep(database: sqlite3.Connection, graph: StanceGraph) -> None:
    """Read back what DNA shows, and write beside it whatever is otherwise in the graph."""
    shown = plain_reading(database, "export", Coding())
    by_number = {one.id: one for one in shown.statements}
    actors, outcomes = _shown_actors(graph), _shown_outcomes(graph)
    positions = [(p.position, p.id, p.position.document.id) for p in graph.placed]
    numbers: dict[str, int] = {}
    for statement, (position, id_, document) in enumerate(positions, start=1):
        numbers[document] = numbers.get(document, 0) + 1
        usual = f"{document}#{numbers[document]}"
        also = {} if id_ == usual else {"id": [numbers[document], id_]}
        _keep_statement(database, statement, _kept(by_number[statement].position, position) | also)
    for statement, report in enumerate(graph.reports, start=len(positions) + 1):
        _keep_statement(database, statement, _kept(by_number[statement].position, report.position))
    everything = _setting(graph) | {
        "documents": _differing(
            {str(number): (shown.documents[number], d) for number, d in enumerate(graph.documents.values(), start=1)}
        ),
        "actors": _differing(
            {
                name: (shown.actors[name], actor)
                for actor, plain in actors.items()
                for name in (plain, plain or _NOBODY)
                if name in shown.actors
            }
        ),
        "outcomes": _differing({name: (shown.outcomes[name], o) for o, name in outcomes.items() if name in shown.outcomes}),
    }
    database.execute("UPDATE SETTINGS SET Value = ? WHERE Property = ?", (_dumped(everything), SETTING))


def _setting(graph: StanceGraph) -> dict[str, Any]:
    """Return what the setting holds before anything is kept: by it the reader knows a database of ours."""
    outcomes = _shown_outcomes(graph)
    return {"format": 1, "listed": [outcomes[outcome] for outcome in graph.listed]}


def _kept(shown: Position, true: Position) -> dict[str, Any]:
    """Return what is kept of a position, and what DNA shows of it, by which corrections made there are known."""
    fields = fields_of(shown)
    return {**kept(fields, fields_of(true)), "shown": {name: fields[name] for name in CORRECTABLE}}


def _keep_statement(database: sqlite3.Connection, id_: int, values: Mapping[str, object]) -> None:
    database.execute(
        "UPDATE DATALONGTEXT SET Value = ? WHERE StatementId = ?"
        " AND VariableId IN (SELECT ID FROM VARIABLES WHERE Variable = 'stancegraph')",
        (_dumped(values), id_),
    )


def _differing(pairs: Mapping[str, tuple[Any, Any]]) -> dict[str, object]:
    found = {name: kept(fields_of(shown), fields_of(true)) for name, (shown, true) in pairs.items()}
    return {name: values for name, values in found.items() if values}


def _dumped(values: Mapping[str, object]) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True)


# What DNA shows


def _shown_actors(graph: StanceGraph) -> dict[Actor, str]:
    """Return a name for each actor that DNA can hold, different for each; nothing for one without a name."""
    actors = sorted(graph.actors(), key=lambda actor: (actor.name, actor.model_dump_json()))
    return _different(actors, lambda actor: actor.name, {_NOBODY})


def _shown_outcomes(graph: StanceGraph) -> dict[Outcome, str]:
    outcomes = sorted(graph.outcomes(), key=lambda outcome: (outcome.label, outcome.model_dump_json()))
    return _different(outcomes, lambda outcome: outcome.label, {""})


def _different(things: Iterable[Any], name_of: Any, taken: set[str]) -> dict[Any, str]:  # noqa: ANN401 - of either kind
    found = {}
    for thing in things:
        name = _cut(name_of(thing))
        name = next(
            tried for n in count(1) if (tried := name if n == 1 else f"{name[: _LONGEST - 12]} ({n})".strip()) not in taken
        )
        taken.add(name)
        found[thing] = name
    return found


def _cut(text: str) -> str:
    line = " ".join(_CONTROL.sub(" ", text).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1].rstrip() + "…"


def _document(document: Document) -> tuple[object, ...]:
    date = document.date or ""
    whole = date + "1970-01-01"[len(date) :]
    seconds = (datetime.date.fromisoformat(whole) - datetime.date(1970, 1, 1)).days * 86_400
    title, source = _cut(document.title or document.id), _cut(document.source or "")
    return title, document.text, source, document.url or "", seconds


def _statement(position: Position, actor: Actor, name: str, concept: str, via: Iterable[str]) -> dict[str, object]:
    """Return what a statement says in each variable, for an actor under the name that DNA shows."""
    is_person = actor.type is ActorType.PERSON
    affiliation = _cut(position.holder_affiliation or actor.affiliation) if name else ""
    for_or_against = position.stance in (Stance.SUPPORTS, Stance.OPPOSES)
    return {
        "person": name if is_person else "",
        "organization": affiliation if is_person else name,
        "concept": concept,
        "agreement": int(position.stance is not Stance.OPPOSES),
        "stance": "" if for_or_against else position.stance.value,
        "act": position.act.value,
        "confidence": round(100 * position.confidence),
        "reported": int(position.reported),
        "via": "\n".join(via),
        "stancegraph": "",
    }


def _place(position: Position, offsets: Sequence[int]) -> tuple[int, int]:
    """Return where evidence begins and ends, in UTF-16 units."""
    return offsets[min(s.start for s in position.evidence)], offsets[max(s.end for s in position.evidence)]


def _actor_attributes(actor: Actor) -> dict[str, str]:
    return {"Type": _cut(actor.role), "Alias": _cut(" | ".join(actor.aliases)), "Actor type": actor.type.value}


def _outcome_attributes(outcome: Outcome) -> dict[str, str]:
    others = [wording for wording in outcome.wordings if wording != outcome.label]
    return {"Type": outcome.kind.value, "Alias": _cut(" | ".join(others)), "Notes": _cut(outcome.description)}


@cache
def _hash(password: str) -> str:
    """Return a password as DNA stores it: jasypt's StrongPasswordEncryptor, 16 bytes of salt and 100,000 times SHA-256."""
    data = unicodedata.normalize("NFC", password).encode()
    salt = hashlib.sha256(b"stancegraph" + data).digest()[:16]  # the same password gives the same bytes
    digest = hashlib.sha256(salt + data).digest()
    for _ in range(99_999):
        digest = hashlib.sha256(digest).digest()
    return base64.b64encode(salt + digest).decode("ascii")
