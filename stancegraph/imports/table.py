"""Statements coded elsewhere, one a row of a CSV or Excel table, read as a graph.

A mapping says which column holds which field, as a mapping of Python or as YAML:

    actor: Speaker                    # the field, and the column that holds it
    outcome: Claim
    stance:
      column: Position
      values: {agree: supports, disagree: opposes}
    actor_type: {constant: person}    # the same for every row
    date: {column: Day, format: "%d.%m.%Y"}

Fields that are not mapped are left out; without any mapping, columns are taken to be called as the fields are, which is so
in the tables that `write_table` writes. `FIELDS` says what each is.
"""

from __future__ import annotations

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, ValidationError, model_validator

from stancegraph.documents import Skipped
from stancegraph.graph.assemble import with_roles
from stancegraph.graph.queries import StanceGraph
from stancegraph.imports._coded import Coded, Imported, graph_of
from stancegraph.models import Act, Actor, ActorType, Document, Outcome, Position, Span, Stance, TargetKind
from stancegraph.spreadsheet import read_rows, said_in

FIELDS = {
    "actor": "who holds the position, under the name that it is to have in the graph; must be mapped",
    "outcome": "what it is toward; must be mapped",
    "stance": "supports, opposes, mixed, undecided or none; must be mapped",
    "actor_type": "person, country, organization, media, group or unknown (the default)",
    "role": "what the actor is",
    "affiliation": "the country or body that it speaks for",
    "outcome_kind": "outcome (the default), actor or claim",
    "act": "what the actor does by saying it; asserts by default",
    "confidence": "from 0 to 1; 1 by default",
    "confirmed": "whether a person stands for it, yes (the default) or no",
    "changed": "names of the fields that a person changed, with | between several",
    "via": "who passes it on, outermost first, with | between several",
    "evidence": "the words that prove it; by default the row itself, which no given text holds",
    "document": "the id of the document; by default each row is one of its own",
    "text": "the text of the document, in which the evidence is looked up; by default the evidence of its rows",
    "title": "its title",
    "date": "its date, 2023-07-11, 2023-07 or 2023, or as `format` says",
    "publisher": "who published it",
    "url": "where",
}
_REQUIRED = ("actor", "outcome", "stance")
_OF_DOCUMENT = ("title", "date", "publisher", "url", "text")
_BETWEEN = re.compile(r"\s*[|;]\s*")
_TRUTH = {"": True, "yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}

Kind = TypeVar("Kind", Stance, Act, ActorType, TargetKind)


class TableFileError(ValueError):
    """A table or its mapping cannot be used; the message names the file, what is wrong and the fix."""


class _Field(BaseModel):
    """Where a field comes from."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    column: str | None = None
    constant: str | None = None
    values: dict[str, str] = {}
    format: str | None = None

    @model_validator(mode="after")
    def _from_one_place(self) -> _Field:
        if (self.column is None) == (self.constant is None):
            raise ValueError("give either a column or a constant")
        return self


@dataclass(frozen=True)
class _Row:
    """A row: its place for messages, and its fields."""

    where: str
    table: str
    number: int
    fields: Mapping[str, str]

    def get(self, field: str) -> str:
        """Return a field, "" where it is not given."""
        return self.fields.get(field, "")

    @property
    def document(self) -> str:
        """The id of its document: where none is given, one of its own."""
        return self.get("document") or f"{self.table} row {self.number}"

    @property
    def quote(self) -> str:
        """The words that prove it: where none are quoted, what the row itself says."""
        return self.get("evidence") or " ".join(self.get(field) for field in ("actor", "stance", "outcome")).strip()


class _Broken(Exception):  # noqa: N818 - it never leaves this file
    def __init__(self, reason: str, fix: str) -> None:
        self.reason = reason
        self.fix = fix


def read_table(
    path: str | Path, mapping: str | Path | Mapping[str, Any] | None = None, *, sheet: str | None = None
) -> Imported:
    """Read a table of coded statements as a graph; names of actors and outcomes stay as they are.

    Args:
        path: A table with a row of headings: .csv or .tsv (UTF-8; comma, semicolon or tab) or .xlsx (which needs the
            extra `excel`).
        mapping: Which column holds which of `FIELDS`: a mapping, or the YAML file that holds it; see the module. By
            default columns are called as the fields are.
        sheet: Name of the sheet of an Excel file; by default the first.

    Returns:
        The graph, and the rows that were skipped, each with what is wrong with it and the fix.

    Raises:
        TableFileError: If the table or the mapping cannot be used at all; names the file and the fix.
    """
    path = Path(path)
    skipped: list[Skipped] = []
    rows = list(read_rows(path, skipped, TableFileError, sheet))
    if not rows:
        raise TableFileError(f"{path}: is empty; give it a row of headings and one row a statement")
    (_, headings), *rest = rows
    headings = [heading.strip() for heading in headings]
    fields = _fields(path, mapping, headings)
    at = {heading: number for number, heading in reversed(list(enumerate(headings)))}
    coded: list[tuple[_Row, dict[str, Any]]] = []
    documents: dict[str, tuple[int, dict[str, str]]] = {}
    for number, cells in rest:
        if not any(cell.strip() for cell in cells):
            continue
        where = f"{path}:{number}"
        try:
            row = _Row(where, path.stem, number, _mapped(fields, at, headings, cells))
            values = _values(row)
            _add_to_document(row, documents)
            coded.append((row, values))
        except _Broken as broken:
            skipped.append(Skipped(where, broken.reason, broken.fix))
    return Imported(_graph(coded, documents, skipped), tuple(skipped))


# Mappings


def _fields(path: Path, mapping: str | Path | Mapping[str, Any] | None, headings: list[str]) -> dict[str, _Field]:
    """Return where each field comes from, all of it checked against the table."""
    if mapping is None:
        name, given = str(path), {field: field for field in FIELDS if field in headings}
    elif isinstance(mapping, Mapping):
        name, given = "mapping", dict(mapping)
    else:
        name, given = str(mapping), _mapping_file(Path(mapping))
    fields = {str(field): _field(name, str(field), value) for field, value in given.items()}
    for field in _REQUIRED:
        if field not in fields:
            raise TableFileError(f'{name}: {field} comes from nowhere; map it to a column, as in "{field}: …"')
    for field, source in fields.items():
        if source.column is not None and headings.count(source.column) != 1:
            how = "two columns are" if source.column in headings else "no column is"
            there = ", ".join(repr(heading) for heading in headings)
            raise TableFileError(f"{path}: {how} called {source.column!r}; {name} wants it for {field}; there are {there}")
    return fields


def _field(name: str, field: str, value: object) -> _Field:
    if field not in FIELDS:
        raise TableFileError(f"{name}: unknown field {field!r}; use {', '.join(FIELDS)}")
    try:
        return _Field.model_validate({"column": value} if isinstance(value, str) else value)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, (field, *first["loc"])))
        reason = first["msg"].removeprefix("Value error, ")
        raise TableFileError(
            f'{name}: {place}: {reason}; write it as "{field}: Column", or with column and values'
        ) from None


def _mapping_file(path: Path) -> dict[Any, Any]:
    try:
        # Every scalar stays the text that it is: "yes", "1" and dates are values of cells here.
        found = yaml.load(path.read_text(encoding="utf8"), Loader=yaml.BaseLoader)  # noqa: S506 - makes texts only
    except OSError as error:
        raise TableFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError as error:
        raise TableFileError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise TableFileError(f"{path}:{line}: not valid YAML ({error.problem})") from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise TableFileError(f"{path}: not valid YAML ({' '.join(str(error).split())})") from error
    if not isinstance(found, dict):
        raise TableFileError(f'{path}: must be a mapping; write one line a field, as in "actor: Speaker"')
    return found


def _mapped(fields: Mapping[str, _Field], at: Mapping[str, int], headings: list[str], cells: list[str]) -> dict[str, str]:
    """Return the fields of a row."""
    if len(cells) > len(headings) and any(cell.strip() for cell in cells[len(headings) :]):
        reason = f"has {len(cells)} cells, the headings are {len(headings)}"
        raise _Broken(reason, "Put cells that hold the delimiter in quotation marks.")
    found = {}
    for field, source in fields.items():
        cell = source.constant
        if source.column is not None:
            place = at[source.column]
            cell = said_in(cells[place]) if place < len(cells) else ""
        value = source.values.get(cell or "", cell or "")
        found[field] = _date(value, source.format) if field == "date" and source.format and value else value
    return found


def _date(value: str, form: str) -> str:
    try:
        return datetime.datetime.strptime(value, form).date().isoformat()
    except ValueError:
        raise _Broken(f"date {value!r} is not written as {form}", "Correct it, or the format in the mapping.") from None


# Rows


def _values(row: _Row) -> dict[str, Any]:
    """Return what of a row is checked by itself."""
    for field in _REQUIRED:
        if not row.get(field).strip() and not (field == "outcome" and row.get("stance") == Stance.NONE):
            raise _Broken(f"has no {field}", "Fill the cell, or take the row out.")
    return {
        "stance": _one_of(Stance, row, "stance", Stance.NONE),
        "act": _one_of(Act, row, "act", Act.ASSERTS),
        "actor_type": _one_of(ActorType, row, "actor_type", ActorType.UNKNOWN),
        "outcome_kind": _one_of(TargetKind, row, "outcome_kind", TargetKind.OUTCOME),
        "confidence": _confidence(row.get("confidence")),
        "confirmed": _truth(row.get("confirmed")),
        "changed": tuple(sorted({name for name in _BETWEEN.split(row.get("changed")) if name})),
        "via": tuple(name for name in _BETWEEN.split(row.get("via")) if name),
    }


def _one_of(kind: type[Kind], row: _Row, field: str, default: Kind) -> Kind:
    value = row.get(field)
    try:
        return kind(value.lower()) if value else default
    except ValueError:
        choices = ", ".join(choice.value for choice in kind if choice.value)
        fix = f"Write one of {choices}, or say under values of {field} in the mapping what it means."
        raise _Broken(f"{field} {value!r} is not known", fix) from None


def _confidence(value: str) -> float:
    try:
        number = float(value or 1)
    except ValueError:
        number = -1
    if not 0 <= number <= 1:
        raise _Broken(f"confidence {value!r} is no number from 0 to 1", "Write it as 0.75, or leave the cell empty.")
    return number


def _truth(value: str) -> bool:
    try:
        return _TRUTH[value.strip().lower()]
    except KeyError:
        raise _Broken(f"confirmed {value!r} is neither yes nor no", "Write yes or no, or leave the cell empty.") from None


def _add_to_document(row: _Row, documents: dict[str, tuple[int, dict[str, str]]]) -> None:
    """Note what a row says of its document; what rows of one document say must agree."""
    id_ = row.document
    first, known = documents.get(id_, (row.number, {}))
    said = {field: row.get(field) for field in _OF_DOCUMENT if row.get(field)}
    for field, value in said.items():
        if known.get(field, value) != value:
            raise _Broken(f"{field} of document {id_!r} is otherwise in row {first} or after it", "Give both the same.")
    try:
        Document(id=id_, text="", date=said.get("date"))
    except ValidationError:
        raise _Broken(f"date {said.get('date')!r} is no date", "Write it as 2023-07-11, 2023-07 or 2023.") from None
    documents[id_] = (first, known | said)


# From rows to the graph


def _graph(
    coded: Iterable[tuple[_Row, dict[str, Any]]], noted: Mapping[str, tuple[int, Mapping[str, str]]], skipped: list[Skipped]
) -> StanceGraph:
    """Return the graph of the rows; adds those whose evidence is not in their document to `skipped`."""
    coded = list(coded)
    documents, places = _documents([row for row, _ in coded], {id_: said for id_, (_, said) in noted.items()})
    types: defaultdict[str, Counter[ActorType]] = defaultdict(Counter)
    kinds: defaultdict[str, Counter[TargetKind]] = defaultdict(Counter)
    for row, values in coded:
        # A default that stands for an empty cell gives way to what any other row says.
        types[row.get("actor")][values["actor_type"]] += bool(row.get("actor_type"))
        kinds[row.get("outcome")][values["outcome_kind"]] += bool(row.get("outcome_kind"))
        for name in values["via"]:
            types[name][ActorType.UNKNOWN] += 0
    actors = {name: Actor(name=name, type=_most(counts)) for name, counts in types.items()}
    outcomes = {label: Outcome(label=label, kind=_most(counts), wordings=(label,)) for label, counts in kinds.items()}
    found = []
    for row, values in coded:
        place = places.get((row.document, row.quote))
        if place is None:
            reason = f"its evidence is not in the text of document {row.document!r}"
            skipped.append(Skipped(row.where, reason, "Quote the text word for word in the column of evidence."))
        else:
            found.append((_position(row, values, documents[row.document], place, actors, outcomes), values["via"]))
    named = {(p.document.id, p.holder): actors[p.holder] for p, _ in found}
    actors |= {name: actor for (_, name), actor in with_roles(named, [position for position, _ in found]).items()}
    statements = [
        Coded(
            position=position,
            actor=actors[position.holder],
            outcome=None if position.stance is Stance.NONE else outcomes[position.target],
            via=tuple(actors[name] for name in via),
        )
        for position, via in found
    ]
    return graph_of(documents.values(), statements)


def _documents(
    rows: Iterable[_Row], noted: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, Document], dict[tuple[str, str], Span]]:
    """Return the documents, and where each quotation of a row stands in its document."""
    quoted: dict[str, dict[str, None]] = {id_: {} for id_ in noted}
    for row in rows:
        quoted[row.document][row.quote] = None
    documents, places = {}, {}
    for id_, said in noted.items():
        text = said.get("text") or "\n".join(quoted[id_])
        start = 0
        for quote in quoted[id_]:
            span = _find(quote, text) if said.get("text") else Span(start=start, end=start + len(quote))
            start += len(quote) + 1
            if span:
                places[id_, quote] = span
        documents[id_] = Document(
            id=id_,
            text=text,
            title=said.get("title"),
            date=said.get("date"),
            source=said.get("publisher"),
            url=said.get("url"),
        )
    return documents, places


def _find(quote: str, text: str) -> Span | None:
    """Return where a quotation first stands, however its words are spaced."""
    found = re.search(r"\s+".join(map(re.escape, quote.split())), text)
    return Span(start=found.start(), end=found.end()) if found else None


def _most(counts: Counter[Any]) -> Any:  # noqa: ANN401 - of either kind
    """Return what is said most often, of several the first by name."""
    return min(counts, key=lambda kind: (-counts[kind], kind.value))


def _position(
    row: _Row,
    values: Mapping[str, Any],
    document: Document,
    place: Span,
    actors: Mapping[str, Actor],
    outcomes: Mapping[str, Outcome],
) -> Position:
    outcome = row.get("outcome")
    return Position(
        document=document,
        holder=row.get("actor"),
        holder_type=actors[row.get("actor")].type,
        via=values["via"],
        target=outcome,
        target_kind=outcomes[outcome].kind if outcome else TargetKind.NONE,
        stance=values["stance"],
        act=values["act"],
        evidence=(place,),
        confidence=values["confidence"],
        confirmed=values["confirmed"],
        changed=values["changed"],
        holder_role=row.get("role"),
        holder_affiliation=row.get("affiliation"),
    )
