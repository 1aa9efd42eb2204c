"""Files of Discourse Network Analyzer 3, which are SQLite databases, read as a graph.

| in DNA | in the graph |
| --- | --- |
| document: ID, Title, Text, Source, Notes if it is an address, Date (seconds since 1970, UTC) | `id`, `title`, `text`, `source`, `url`, `date` |
| statement: Start, Stop (UTF-16 units, as Java counts) | evidence, one span, in characters |
| person | the actor, with organization as affiliation |
| organization, where no person is coded | the actor |
| attributes Type, Alias (a semicolon or a bar between several) and Actor type of either | `role`, `aliases`, `type` of the actor |
| concept, with its attributes Type (outcome, actor, claim), Alias and Notes | the outcome, `kind`, `wordings`, `description` |
| agreement 1, 0 | supports, opposes |

Names are taken as they were coded. A name that is both a person and an organization is one actor, a person. What DNA
has no word for is the plainest there is: the act is `asserts`, the confidence 1, nothing is said of source and cue. Who
codes a statement stands for it: it is confirmed, unless the file says otherwise.

A database that `write_dna` wrote has further variables (`FURTHER`), which are read as well, and remembers what DNA shows
otherwise than it was ("kept"): each such value comes back as long as what DNA shows in its place is unchanged, so that
what somebody corrects in DNA always counts; it is confirmed, too, and says what was changed.

Source of the format: Leifeld, P., Discourse Network Analyzer 3 (https://github.com/leifeld/dna), and its public sample database.
"""  # noqa: E501 - a table

from __future__ import annotations

import datetime
import json
import re
import sqlite3
from bisect import bisect_left, bisect_right
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import ValidationError

from stancegraph.documents import Skipped
from stancegraph.graph.assemble import with_roles
from stancegraph.imports._coded import Coded, Imported, graph_of
from stancegraph.models import DERIVED, Act, Actor, ActorType, Document, Outcome, Position, Span, Stance, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import pandas as pd

SETTING = "stancegraph"
REPORTS = "Report"
FURTHER = {
    "stance": "short text",
    "act": "short text",
    "confidence": "integer",
    "reported": "boolean",
    "via": "long text",
    "stancegraph": "long text",
}
"""Further variables of the statement type, with their DNA data types.

`stance` says mixed or undecided, and is empty where agreement says it; `confidence` is in per cent; `via` has one name
a line, outermost first; `stancegraph` is what is kept, as JSON.
"""

CORRECTABLE = ("holder", "target", "stance", "act", "via", "evidence")
"""What of a position can be corrected in DNA and is therefore remembered as DNA shows it."""

_COLUMNS = {
    "SETTINGS": ("Property", "Value"),
    "DOCUMENTS": ("ID", "Title", "Text", "Source", "Notes", "Date"),
    "STATEMENTTYPES": ("ID", "Label"),
    "VARIABLES": ("ID", "Variable", "DataType", "StatementTypeId"),
    "STATEMENTS": ("ID", "StatementTypeId", "DocumentId", "Start", "Stop"),
    "ENTITIES": ("ID", "VariableId", "Value"),
    "DATASHORTTEXT": ("StatementId", "VariableId", "Entity"),
    "DATALONGTEXT": ("StatementId", "VariableId", "Value"),
    "DATABOOLEAN": ("StatementId", "VariableId", "Value"),
    "DATAINTEGER": ("StatementId", "VariableId", "Value"),
    "ATTRIBUTEVARIABLES": ("ID", "VariableId", "AttributeVariable"),
    "ATTRIBUTEVALUES": ("EntityId", "AttributeVariableId", "AttributeValue"),
}
_AGREEMENT = {"1": Stance.SUPPORTS, "0": Stance.OPPOSES}
_ADDRESS = re.compile(r"[a-z][a-z0-9+.-]*://\S+", re.IGNORECASE)
_BETWEEN_ALIASES = re.compile(r"\s*[|;]\s*")
_EPOCH = datetime.datetime(1970, 1, 1)
_FIX = "Correct it in DNA."

Value = TypeVar("Value", Document, Actor, Outcome, Position)


class DnaFileError(ValueError):
    """A file is no database of DNA that can be read; the message names the file, what is wrong and the fix."""


@dataclass(frozen=True)
class Coding:
    """Which statements are read, and what their variables mean.

    Args:
        statement_type: Label of the statement type; None for the first that has the variables.
        person: Name of the variable that holds persons; "" if there is none.
        organization: The same for organizations.
        concept: Name of the variable that holds what positions are about.
        agreement: Name of the variable that says for or against.
        stances: What the values of agreement mean; needed where it is not a boolean variable.
    """

    statement_type: str | None = None
    person: str = "person"
    organization: str = "organization"
    concept: str = "concept"
    agreement: str = "agreement"
    stances: Mapping[str, Stance] | None = None

    @property
    def variables(self) -> tuple[str, ...]:
        """The names of the variables that are needed."""
        names = (self.person, self.organization, self.concept, self.agreement)
        return tuple(name for name in names if name)


@dataclass(frozen=True)
class Statement:
    """A statement as DNA shows it, before anything kept comes back.

    Args:
        id: Its number in the database.
        document: The number of its document.
        position: What it says.
        actor: The name of who holds it; of `Plain.actors`.
        outcome: The concept, of `Plain.outcomes`; None for what is said without an attitude.
        kept: What DNA shows otherwise than it was.
    """

    id: int
    document: int
    position: Position
    actor: str
    outcome: str | None
    kept: dict[str, Any]


@dataclass
class Plain:
    """All that a database shows, before anything kept comes back; see `Statement`."""

    documents: dict[int, Document] = field(default_factory=dict)
    actors: dict[str, Actor] = field(default_factory=dict)
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    statements: list[Statement] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)


def read_dna(
    path: str | Path,
    *,
    statement_type: str | None = None,
    person: str = "person",
    organization: str = "organization",
    concept: str = "concept",
    agreement: str = "agreement",
    stances: Mapping[str, Stance | str] | None = None,
) -> Imported:
    """Read the coded statements of a DNA 3 database, which is opened read-only, as a graph.

    Args:
        path: The database, a file that ends in ".dna".
        statement_type: Label of the statement type to read; by default the first that has the variables below.
        person: Name of the variable that holds persons; "" to leave persons out.
        organization: Name of the variable that holds organizations; "" to leave them out.
        concept: Name of the variable that holds what positions are about.
        agreement: Name of the variable that says for or against.
        stances: What the values of `agreement` mean, `{"1": "supports", "0": "opposes"}` by default; must be given where
            it is not a boolean variable, as in `{"-1": "opposes", "0": "undecided", "1": "supports"}`.

    Returns:
        The graph, and what of the file was skipped: statements without a concept, spans outside their document, …

    Raises:
        DnaFileError: If the file is no database of DNA 3 with such a statement type.
        ValueError: If `stances` names something that is no stance.
    """
    coding = Coding(statement_type, person, organization, concept, agreement, _stances(stances))
    with closing(_opened(Path(path))) as database, _reading(path):
        return _built(plain_reading(database, str(path), coding))


def read_dna_attributes(path: str | Path) -> pd.DataFrame:
    """Return every entity of a DNA 3 database with all its attributes, of which a graph holds only some.

    Args:
        path: The database.

    Returns:
        One row for each entity: `statement_type`, `variable`, `entity`, and one column for each attribute.

    Raises:
        DnaFileError: If the file is no database of DNA 3.
    """
    import pandas as pd

    with closing(_opened(Path(path))) as database, _reading(path):
        _check(database, str(path))
        types = dict(database.execute("SELECT ID, Label FROM STATEMENTTYPES"))
        rows = [
            {"statement_type": types.get(type_), "variable": variable, "entity": _text(value), **attributes}
            for type_, id_, variable in database.execute("SELECT StatementTypeId, ID, Variable FROM VARIABLES ORDER BY ID")
            for value, attributes in _entities(database, id_).items()
        ]
    frame: pd.DataFrame = pd.DataFrame(rows, columns=None if rows else ["statement_type", "variable", "entity"]).fillna("")
    return frame


def kept(shown: Mapping[str, Any], true: Mapping[str, Any]) -> dict[str, Any]:
    """Return each value that is shown otherwise than it is: what is shown, and what is true."""
    return {name: [shown[name], value] for name, value in true.items() if shown[name] != value}


def fields_of(value: Document | Actor | Outcome | Position) -> dict[str, Any]:
    """Return the fields that are kept apart from one another, ready for JSON."""
    return value.model_dump(mode="json", exclude=DERIVED if isinstance(value, Position) else None)


def utf16_offsets(text: str) -> Sequence[int]:
    """Return for each character, and for the end, the UTF-16 units before it."""
    if text.isascii() or max(text) <= "\uffff":
        return range(len(text) + 1)
    return list(accumulate((2 if character > "\uffff" else 1 for character in text), initial=0))


def plain_reading(database: sqlite3.Connection, name: str, coding: Coding) -> Plain:
    """Return what an open database shows; raises as `read_dna`, and sqlite3.Error where it is damaged."""
    _check(database, name)
    plain = Plain()
    plain.kept = _kept_setting(database, name, plain.skipped)
    _read_documents(database, name, plain)
    type_, data_types = _statement_type(database, name, coding)
    _read_statements(database, name, coding, type_, data_types, plain)
    if plain.kept:
        reports = [r for (r,) in database.execute("SELECT ID FROM STATEMENTTYPES WHERE Label = ? ORDER BY ID", (REPORTS,))]
        for report_type in reports[:1]:
            _read_statements(database, name, coding, report_type, {}, plain)
    _add_roles(plain)
    return plain


# From what is shown to the graph


def _built(plain: Plain) -> Imported:
    """Return the graph, with everything kept back in its place."""
    of = {part: found if isinstance(found, dict) else {} for part, found in plain.kept.items()}
    documents = {id_: _restored(d, of.get("documents", {}).get(str(id_))) for id_, d in plain.documents.items()}
    if len({d.id for d in documents.values()}) < len(documents):
        documents = plain.documents
    actors = {name: _restored(actor, of.get("actors", {}).get(name)) for name, actor in plain.actors.items()}
    outcomes = {label: _restored(o, of.get("outcomes", {}).get(label)) for label, o in plain.outcomes.items()}
    coded = [
        Coded(
            position=_corrected(_restored(one.position, one.kept, document=documents[one.document]), one),
            actor=actors[one.actor],
            outcome=None if one.outcome is None else outcomes[one.outcome],
            via=() if one.outcome is None else tuple(actors[via] for via in one.position.via),
            kept=_kept_id(one.kept.get("id")),
        )
        for one in plain.statements
    ]
    listed = [outcomes[label] for label in _listed(plain.kept) if label in outcomes]
    return Imported(graph_of(documents.values(), coded, listed), tuple(plain.skipped))


def _restored(value: Value, kept_values: object, **given: Document) -> Value:
    """Return a value with what was kept of it, as far as what is shown in its place is unchanged."""
    shown = fields_of(value)
    back = {
        name: pair[1]
        for name, pair in (kept_values.items() if isinstance(kept_values, dict) else ())
        if isinstance(pair, list) and len(pair) == 2 and name in shown and shown[name] == pair[0]
    }
    if back:
        try:
            return type(value).model_validate({**shown, **back, **given})
        except ValidationError:  # a text was changed in DNA, and a span kept for it lies outside now
            pass
    return value.model_copy(update=given) if given else value


def _corrected(position: Position, statement: Statement) -> Position:
    """Return a position as confirmed where DNA shows something else than was written there."""
    written = statement.kept.get("shown")
    shown = fields_of(statement.position)
    changed = {name for name in CORRECTABLE if isinstance(written, dict) and written.get(name, shown[name]) != shown[name]}
    if not changed:
        return position
    return position.model_copy(update={"confirmed": True, "changed": tuple(sorted(changed | set(position.changed)))})


def _listed(kept_values: Mapping[str, Any]) -> list[str]:
    """Return the concepts that are outcomes of a list."""
    found = kept_values.get("listed")
    return [label for label in found if isinstance(label, str)] if isinstance(found, list) else []


def _kept_id(pair: object) -> tuple[int, str] | None:
    if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], int) and isinstance(pair[1], str):
        return pair[0], pair[1]
    return None


def _add_roles(plain: Plain) -> None:
    """Give each actor the affiliation that most of its statements have."""
    positions = [statement.position for statement in plain.statements]
    named = {(one.position.document.id, one.position.holder): plain.actors[one.actor] for one in plain.statements}
    for (_, name), actor in with_roles(named, positions).items():
        plain.actors[name] = actor


# Opening


def _opened(path: Path) -> sqlite3.Connection:
    if not path.exists():
        raise DnaFileError(f"{path}: no such file; give a database of DNA, a file that ends in .dna")
    try:
        database = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
    except sqlite3.Error as error:
        raise DnaFileError(f"{path}: cannot be opened ({error})") from error
    # Bytes that are no UTF-8 must not cost the rest.
    database.text_factory = lambda data: data.decode("utf8", "replace")
    return database


@contextmanager
def _reading(path: str | Path) -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise DnaFileError(f"{path}: not a database of DNA, or damaged ({error}); save it anew with DNA") from error


def _check(database: sqlite3.Connection, name: str) -> None:
    """See that the tables of DNA 3 are there, as tables."""
    database.execute("PRAGMA trusted_schema = OFF")
    there = {table for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "SETTINGS" in there:
        version = database.execute("SELECT Value FROM SETTINGS WHERE Property = 'version'").fetchone()
        if version and _text(version[0]).startswith(("1", "2")):
            raise DnaFileError(f"{name}: of DNA {_text(version[0])}; import it into a new database with DNA 3")
    for table, columns in _COLUMNS.items():
        if table not in there:
            raise DnaFileError(f"{name}: not a database of DNA 3 (it has no table {table}); save it anew with DNA")
        found = {column for (column,) in database.execute("SELECT name FROM pragma_table_info(?)", (table,))}
        missing = [column for column in columns if column not in found]
        if missing:
            raise DnaFileError(
                f"{name}: not a database of DNA 3 (table {table} has no column {missing[0]}); save it anew with DNA"
            )


def _kept_setting(database: sqlite3.Connection, name: str, skipped: list[Skipped]) -> dict[str, Any]:
    row = database.execute("SELECT Value FROM SETTINGS WHERE Property = ?", (SETTING,)).fetchone()
    return {"format": 1, **_json(row[0], f"{name}: setting {SETTING!r}", skipped)} if row else {}


def _json(value: object, where: str, skipped: list[Skipped]) -> dict[str, Any]:
    """Return what was kept; what cannot be read as such counts as nothing."""
    text = _text(value)
    if not text.strip():
        return {}
    try:
        found = json.loads(text)
        json.dumps(found, ensure_ascii=False).encode()  # halves of characters, which JSON can spell
        if isinstance(found, dict):
            return found
    except (ValueError, RecursionError):
        pass
    skipped.append(Skipped(where, "not what stancegraph wrote there", "Export the graph anew, or take it out."))
    return {}


# Documents


def _read_documents(database: sqlite3.Connection, name: str, plain: Plain) -> None:
    for row in database.execute("SELECT ID, Title, Text, Source, Notes, Date FROM DOCUMENTS ORDER BY ID"):
        id_, title, text, source, notes, date = row
        where = f"{name}: document {_text(id_)}"
        if not isinstance(id_, int) or id_ in plain.documents or not isinstance(text, str):
            plain.skipped.append(Skipped(where, "has no number of its own, or no text", _FIX))
            continue
        notes = _text(notes)
        day = _day(date)
        if day is None:
            plain.skipped.append(Skipped(f"{where}: Date", f"{_text(date)!r} is no day", _FIX))
        plain.documents[id_] = Document(
            id=str(id_),
            text=text,
            title=_text(title) or None,
            date=day,
            source=_text(source) or None,
            url=notes if _ADDRESS.fullmatch(notes) else None,
        )


def _day(seconds: object) -> str | None:
    if not isinstance(seconds, int):
        return None
    try:
        return (_EPOCH + datetime.timedelta(seconds=seconds)).date().isoformat()
    except OverflowError:
        return None


# Statements


def _statement_type(database: sqlite3.Connection, name: str, coding: Coding) -> tuple[int, dict[str, str]]:
    """Return the number of the statement type to read, and the data types of its variables."""
    if not (coding.concept and coding.agreement and (coding.person or coding.organization)):
        raise DnaFileError(f"{name}: name the variables for concept, agreement, and for person or organization")
    types = [(id_, _text(label)) for id_, label in database.execute("SELECT ID, Label FROM STATEMENTTYPES ORDER BY ID")]
    of_type: dict[int, dict[str, str]] = {id_: {} for id_, _ in types}
    for type_, variable, data_type in database.execute(
        "SELECT StatementTypeId, Variable, DataType FROM VARIABLES ORDER BY ID"
    ):
        of_type.setdefault(type_, {})[_text(variable)] = _text(data_type)
    for id_, label in types:
        if coding.statement_type in (None, label) and set(coding.variables) <= set(of_type[id_]):
            found = of_type[id_]
            if coding.stances is None and found[coding.agreement] != "boolean":
                raise DnaFileError(
                    f"{name}: variable {coding.agreement!r} is {found[coding.agreement]}, not boolean; "
                    "say what its values mean, as in 1=supports"
                )
            return id_, found
    there = (
        "; ".join(f"{label!r} has {', '.join(of_type[id_]) or 'no variables'}" for id_, label in types) or "there is none"
    )
    wanted = f"{coding.statement_type!r}" if coding.statement_type is not None else "that"
    raise DnaFileError(f"{name}: no statement type {wanted} has {', '.join(coding.variables)}; {there}")


def _read_statements(
    database: sqlite3.Connection, name: str, coding: Coding, type_: int, data_types: Mapping[str, str], plain: Plain
) -> None:
    """Add the statements of one type; without `data_types` they are reports, which have no agreement."""
    values = _values(database, type_)
    entities = {
        variable: _entities(database, id_)
        for id_, variable in database.execute("SELECT ID, Variable FROM VARIABLES WHERE StatementTypeId = ?", (type_,))
    }
    offsets: dict[int, Sequence[int]] = {}
    query = "SELECT ID, DocumentId, Start, Stop FROM STATEMENTS WHERE StatementTypeId = ? ORDER BY ID"
    for id_, document_id, start, stop in database.execute(query, (type_,)).fetchall():
        where = f"{name}: statement {_text(id_)}"
        document = plain.documents.get(document_id)
        try:
            if document is None:
                raise _Broken(f"its document {_text(document_id)} is not there", "Take the statement out.")
            if document_id not in offsets:
                offsets[document_id] = utf16_offsets(document.text)
            row = _Row(values.get(id_, {}), entities, coding, further=bool(plain.kept), report=not data_types)
            evidence = _span(offsets[document_id], start, stop)
            plain.statements.append(_statement(id_, document_id, document, evidence, row, where, plain))
        except _Broken as broken:
            plain.skipped.append(Skipped(where, broken.reason, broken.fix))
    nothing = _Row({}, entities, coding, further=True, report=False)
    for label in _listed(plain.kept):
        if label in entities.get(coding.concept, {}):  # else it was taken out in DNA
            plain.outcomes.setdefault(label, _outcome(label, nothing))


class _Broken(Exception):  # noqa: N818 - it never leaves this file
    def __init__(self, reason: str, fix: str = _FIX) -> None:
        self.reason = reason
        self.fix = fix


@dataclass(frozen=True)
class _Row:
    """The values of a statement, and what is known of its entities."""

    values: Mapping[str, object]
    entities: Mapping[str, Mapping[str, Mapping[str, str]]]
    coding: Coding
    further: bool
    report: bool

    def text(self, variable: str) -> str:
        """Return a text; "" where nothing is coded."""
        found = _text(self.values.get(variable)) if variable else ""
        return found if found.strip() else ""

    def attributes(self, variable: str, entity: str) -> Mapping[str, str] | None:
        """Return the attributes of an entity, None if there is no such entity."""
        return self.entities.get(variable, {}).get(entity) if entity else None

    def also(self, variable: str) -> str:
        """Return the text of a further variable; "" in databases that others made."""
        return self.text(variable).strip() if self.further else ""


def _statement(
    id_: int, document_id: int, document: Document, evidence: Span, row: _Row, where: str, plain: Plain
) -> Statement:
    coding = row.coding
    person, organization, concept = row.text(coding.person), row.text(coding.organization), row.text(coding.concept)
    stance = Stance.NONE if row.report else _stance(row)
    if not concept and stance is not Stance.NONE:
        raise _Broken("no concept is coded", "Code it in DNA, or take the statement out.")
    actor = _actor(person or organization, row)
    via = tuple(line for line in row.also("via").split("\n") if line.strip())
    outcome = None if stance is Stance.NONE else _outcome(concept, row)
    try:
        position = Position(
            document=document,
            holder=actor.name,
            holder_type=actor.type,
            via=via,
            target=concept,
            target_kind=outcome.kind if outcome else TargetKind.OUTCOME if concept else TargetKind.NONE,
            stance=stance,
            act=_one_of(Act, row.also("act"), Act.ASSERTS),
            evidence=(evidence,),
            confidence=_confidence(row),
            reported=not row.further or _text(row.values.get("reported")) != "0",
            holder_role=actor.role,
            holder_affiliation=organization if person else "",
            confirmed=True,
        )
    except ValidationError as error:
        raise _Broken(error.errors()[0]["msg"].removeprefix("Value error, ")) from None
    for one in (actor, *(_actor(name, row) for name in via)):
        plain.actors.setdefault(one.name, one)
    if outcome:
        plain.outcomes[concept] = outcome
    found = _json(row.also("stancegraph"), f"{where}: variable {SETTING!r}", plain.skipped)
    return Statement(id_, document_id, position, actor.name, concept if outcome else None, found)


def _span(offsets: Sequence[int], start: object, stop: object) -> Span:
    """Return the characters under UTF-16 units; half a character counts as the whole."""
    if not (isinstance(start, int) and isinstance(stop, int) and 0 <= start < stop <= offsets[-1]):
        raise _Broken(f"Start {_text(start)} and Stop {_text(stop)} are no place in its document of {offsets[-1]} units")
    return Span(start=bisect_right(offsets, start) - 1, end=bisect_left(offsets, stop))


def _stance(row: _Row) -> Stance:
    further = row.also("stance")
    if further:
        return _one_of(Stance, further, Stance.NONE)
    value = row.values.get(row.coding.agreement)
    found = (row.coding.stances or _AGREEMENT).get(_text(value).strip())
    if found is None:
        what = "no agreement is coded" if value is None else f"agreement {_text(value)!r} is no stance"
        raise _Broken(what, "Code it in DNA, or say what the value means, as in 1=supports.")
    return found


Kind = TypeVar("Kind", Stance, Act)


def _one_of(kind: type[Kind], value: str, default: Kind) -> Kind:
    try:
        return kind(value) if value else default
    except ValueError:
        choices = ", ".join(choice.value for choice in kind)
        raise _Broken(f"{value!r} is no {kind.__name__.lower()}", f"Choose one of {choices}.") from None


def _confidence(row: _Row) -> float:
    value = row.values.get("confidence") if row.further else None
    if value is None:
        return 1.0
    if not isinstance(value, int) or not 0 <= value <= 100:
        raise _Broken(f"confidence {_text(value)} is no per cent", "Give a number from 0 to 100.")
    return value / 100


def _actor(name: str, row: _Row) -> Actor:
    person = row.attributes(row.coding.person, name)
    organization = row.attributes(row.coding.organization, name)
    known = person if person is not None else organization
    attributes: Mapping[str, str] = known or {}
    usual = ActorType.UNKNOWN if known is None else ActorType.ORGANIZATION if person is None else ActorType.PERSON
    given = attributes.get("Actor type", "")
    return Actor(
        name=name,
        type=ActorType(given) if given in list(ActorType) else usual,
        aliases=_aliases(attributes),
        role=attributes.get("Type", ""),
    )


def _outcome(concept: str, row: _Row) -> Outcome:
    attributes = row.attributes(row.coding.concept, concept) or {}
    kind = attributes.get("Type", "")
    return Outcome(
        label=concept,
        kind=TargetKind(kind) if kind and kind in list(TargetKind) else TargetKind.OUTCOME,
        wordings=tuple(sorted({concept, *_aliases(attributes)})),
        description=attributes.get("Notes", ""),
    )


def _aliases(attributes: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({alias for alias in _BETWEEN_ALIASES.split(attributes.get("Alias", "").strip()) if alias}))


# Tables


def _values(database: sqlite3.Connection, type_: int) -> dict[int, dict[str, object]]:
    """Return the values of every statement by variable."""
    found: dict[int, dict[str, object]] = {}
    for query in (
        "SELECT d.StatementId, v.Variable, e.Value FROM DATASHORTTEXT d JOIN VARIABLES v ON v.ID = d.VariableId"
        " JOIN ENTITIES e ON e.ID = d.Entity AND e.VariableId = v.ID WHERE v.StatementTypeId = ?",
        *(
            f"SELECT d.StatementId, v.Variable, d.Value FROM {table} d JOIN VARIABLES v ON v.ID = d.VariableId"  # noqa: S608
            " WHERE v.StatementTypeId = ?"
            for table in ("DATALONGTEXT", "DATABOOLEAN", "DATAINTEGER")
        ),
    ):
        for statement, variable, value in database.execute(query, (type_,)):
            found.setdefault(statement, {})[_text(variable)] = value
    return found


def _entities(database: sqlite3.Connection, variable: int) -> dict[str, dict[str, str]]:
    """Return the entities of a variable, in the order of their numbers, with their attributes."""
    found: dict[str, dict[str, str]] = {
        _text(value): {}
        for (value,) in database.execute("SELECT Value FROM ENTITIES WHERE VariableId = ? ORDER BY ID", (variable,))
    }
    query = (
        "SELECT e.Value, a.AttributeVariable, v.AttributeValue FROM ATTRIBUTEVALUES v JOIN ENTITIES e ON e.ID = v.EntityId"
        " JOIN ATTRIBUTEVARIABLES a ON a.ID = v.AttributeVariableId AND a.VariableId = e.VariableId WHERE e.VariableId = ?"
        " ORDER BY a.ID"
    )
    for entity, attribute, value in database.execute(query, (variable,)):
        found[_text(entity)][_text(attribute)] = _text(value)
    return found


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf8", "replace")
    return "" if value is None else str(value)


def _stances(stances: Mapping[str, Stance | str] | None) -> dict[str, Stance] | None:
    if stances is None:
        return None
    held = [kind.value for kind in Stance if kind is not Stance.NONE]
    for stance in stances.values():
        if stance not in held:
            raise ValueError(f"{stance!r} is no stance; choose one of {', '.join(held)}")
    return {str(value): Stance(stance) for value, stance in stances.items()}
