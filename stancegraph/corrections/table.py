"""Tables of corrections: a CSV or Excel table with one correction a row, or a YAML list of the same.

Columns and fields are called as the fields of `Correction` are, but for the first, `correction`, which says what it does.
Places are written "12..40 | 51..60", because a spreadsheet takes "3-12" for a day. Several names are joined by " | "; a
backslash in front keeps a bar that belongs to a name. "(none)" as new_via says that nobody passes it on.
"""

from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError

from stancegraph.corrections.correction import FIELDS, Correction
from stancegraph.corrections.judging import Clash, check
from stancegraph.documents.source import Skipped
from stancegraph.models import Span
from stancegraph.spreadsheet import cell_text, read_rows, said_in
from stancegraph.yaml_list import ListFile

COLUMNS = ("correction", *FIELDS[1:])
NAMES = ("corrections.csv", "corrections.yaml", "corrections.yml")
"""What a table beside a graph is called."""

_LISTS = ("names", "new_via")
_LEFT_ALONE = ("at", "new_confidence", "date")
_NOBODY = "(none)"
_YAML = (".yaml", ".yml")
_PLACE = re.compile(r"(\d{1,18})(?:\.\.|-)(\d{1,18})")
_BAR = re.compile(r"(?<!\\)((?:\\\\)*)\|")
_ESCAPED = re.compile(r"\\([\\|(])")
# What a spreadsheet would take for a number, a day or a truth, and write otherwise; behind apostrophes as in `cell_text`.
_COUNTED = re.compile(
    r"'*(?:true|false|(?=.*\d)[\d\s.,:/%$€£()-]*(?:(?:e|am|pm|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*[\d\s.,:/+-]*)?)",
    re.IGNORECASE,
)


class CorrectionsFileError(ValueError):
    """A table of corrections cannot be used; the message names the file, the line and the fix."""


class ReadCorrections(NamedTuple):
    """What a table of corrections holds.

    Args:
        corrections: The corrections, each with its line.
        skipped: Rows that are none, each with what is wrong with it and the fix.
    """

    corrections: tuple[Correction, ...]
    skipped: tuple[Skipped, ...]


def read_corrections(path: str | Path) -> ReadCorrections:
    """Read a table of corrections.

    Args:
        path: A table with a row of headings, .csv or .tsv (UTF-8; comma, semicolon or tab) or .xlsx (which needs the extra
            `excel`), or a list in .yaml.

    Raises:
        CorrectionsFileError: If it cannot be used at all, or two rows say different things of one position; names the file,
            the line and the fix.
    """
    found = rows_in(Path(path))
    try:
        check(found.corrections)
    except Clash as clash:
        raise CorrectionsFileError(f"{clash.rows[1].where}: {clash.reason}; keep one") from None
    return found


def rows_in(path: Path, called: str = "") -> ReadCorrections:
    """Read a table of corrections that may contradict each other; messages call it by another name if one is given."""
    skipped: list[Skipped] = []
    found = []
    for line, fields in _yaml_entries(path) if is_list(path) else _table_rows(path, skipped):
        where = f"{called or path}:{line}"
        try:
            found.append(correction_in(fields, where))
        except ValueError as error:
            reason, fix = said_of(error)
            skipped.append(Skipped(where, reason, fix))
    return ReadCorrections(tuple(found), tuple(skipped))


def is_list(path: Path) -> bool:
    """Tell whether a table of this name is a list in YAML."""
    return path.suffix.lower() in _YAML


def write_corrections(corrections: Iterable[Correction], path: str | Path) -> None:
    """Write a table of corrections; what was there is replaced at once or not at all.

    Cells that a spreadsheet would run as a formula, or take for a number or a day, get an apostrophe in front, which
    `read_corrections` takes off again.

    Args:
        corrections: The corrections, in the order of rows.
        path: The file to write: a list if it ends in .yaml, else a CSV, UTF-8 with byte order mark.
    """
    path = Path(path)
    if is_list(path):
        replace(path, yaml_text(corrections))
    else:
        replace(path, "\ufeff" + csv_lines([COLUMNS, *(map(_cell, COLUMNS, row(one)) for one in corrections)]))


def replace(path: Path, text: str) -> None:
    """Write a file at once or not at all, through to the disk; a link stays a link."""
    path = Path(os.path.realpath(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


# Rows


def correction_in(fields: Mapping[str, Any], where: str) -> Correction:
    """Return the correction of a row; raises ValueError, of which `said_of` makes words."""
    values = {name: value for name, value in fields.items() if value not in ("", None)}
    if "correction" not in values:
        raise ValueError("says not what to correct; write accept, reject, change … in correction")
    kind, at = values.pop("correction"), _spans(values.pop("at", ""))
    return Correction(kind=kind, at=at, where=where, **values)


def said_of(error: ValueError) -> tuple[str, str]:
    """Return what is wrong with a row and the fix, as a sentence."""
    if not isinstance(error, ValidationError):
        reason, _, fix = str(error).partition("; ")
        return reason, f"{fix[:1].upper()}{fix[1:]}."
    first = error.errors()[0]
    if first["type"] == "value_error":
        return said_of(ValueError(first["msg"].removeprefix("Value error, ")))
    name = str(first["loc"][0]) if first["loc"] else ""
    name = "correction" if name == "kind" else name
    return f"{name} {str(first['input'])!r} cannot be used", f"{first['msg'].removesuffix('.').replace('Input', 'It')}."


def row(correction: Correction) -> list[str]:
    """Return the text of each cell of a correction, in the order of columns."""
    cells = []
    for name in FIELDS:
        value = getattr(correction, name)
        if name == "at":
            value = " | ".join(f"{span.start}..{span.end}" for span in value)
        elif name in _LISTS:
            value = "" if value is None else _joined(value) if value or name == "names" else _NOBODY
        elif isinstance(value, float):
            value = repr(value)
        cells.append("" if value is None else str(getattr(value, "value", value)))
    return cells


def _joined(names: Sequence[str]) -> str:
    text = " | ".join(name.replace("\\", "\\\\").replace("|", "\\|") for name in names)
    return f"\\{text}" if text == _NOBODY else text


def _names(cell: str) -> tuple[str, ...]:
    if cell == _NOBODY:
        return ()
    # An even number of backslashes before a bar are backslashes, and the bar parts.
    parts = _BAR.sub(r"\1\n", cell).split("\n")
    return tuple(name for part in parts if (name := _ESCAPED.sub(r"\1", part.strip())))


def _spans(text: str) -> tuple[Span, ...]:
    spans = []
    for part in filter(None, (part.strip() for part in text.split("|"))):
        found = _PLACE.fullmatch(part)
        if found is None or int(found[1]) >= int(found[2]):
            raise ValueError(f"at {text!r} is no place; write it as 12..40, or leave it empty")
        spans.append(Span(start=int(found[1]), end=int(found[2])))
    return tuple(spans)


# Tables


def _table_rows(path: Path, skipped: list[Skipped]) -> Iterable[tuple[int, Mapping[str, Any]]]:
    rows = iter(read_rows(path, skipped, CorrectionsFileError))
    headings = headings_of(path, next(rows, (0, []))[1])
    for number, cells in rows:
        if not any(cell.strip() for cell in cells):
            continue
        if any(cell.strip() for cell in cells[len(headings) :]):
            reason = f"has {len(cells)} cells, the headings are {len(headings)}"
            skipped.append(Skipped(f"{path}:{number}", reason, "Put cells that hold the delimiter in quotation marks."))
            continue
        yield number, {name: _value(name, cell) for name, cell in zip(headings, cells, strict=False)}


def headings_of(path: Path, cells: Sequence[str]) -> list[str]:
    """Return the names of the columns of a table, which must be known and include `correction`."""
    headings = [cell.strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    known = ", ".join(COLUMNS)
    if not headings:
        raise CorrectionsFileError(f"{path}: is empty; give it a row of headings: {known}")
    for heading in headings:
        if heading not in COLUMNS:
            raise CorrectionsFileError(f"{path}:1: unknown column {heading!r}; use {known}")
        if headings.count(heading) > 1:
            raise CorrectionsFileError(f"{path}:1: two columns are called {heading!r}; keep one")
    if "correction" not in headings:
        raise CorrectionsFileError(
            f"{path}:1: no column is called 'correction'; add it, with accept, reject, change … in it"
        )
    return headings


def _value(name: str, cell: str) -> Any:  # noqa: ANN401 - a text or several
    text = cell.strip()
    text = text[1:] if text.startswith("'") and _COUNTED.fullmatch(text) else said_in(text)
    return (_names(text) if text else None) if name in _LISTS else text


def _cell(name: str, text: str) -> str:
    counted = _COUNTED.fullmatch(text) and (name not in _LEFT_ALONE or text.startswith("'"))
    return f"'{text}" if counted else cell_text(text)


def csv_lines(rows: Iterable[Iterable[str]], delimiter: str = ",", end: str = "\n") -> str:
    """Return rows as lines of a CSV."""
    written = StringIO(newline="")
    csv.writer(written, delimiter=delimiter, lineterminator=end).writerows(rows)
    return written.getvalue()


def cells_of(correction: Correction, columns: Iterable[str]) -> list[str]:
    """Return the cells of a correction under these columns, safe for spreadsheets."""
    of = dict(zip(COLUMNS, row(correction), strict=True))
    return [_cell(name, of[name]) for name in columns]


# Lists


def _yaml_entries(path: Path) -> Iterable[tuple[int, Mapping[str, Any]]]:
    texts = tuple(name for name in COLUMNS if name not in _LISTS)
    for entry in ListFile(path, texts, _LISTS, CorrectionsFileError).entries():
        yield entry.line, {name: v if name in _LISTS else v[0] for name, v in entry.fields.items()}


def yaml_text(corrections: Iterable[Correction]) -> str:
    """Return corrections as a list in YAML, empty fields left out."""
    entries = [_yaml_entry(one) for one in corrections]
    if not entries:
        return "[]\n"
    return yaml.safe_dump(entries, allow_unicode=True, sort_keys=False, width=1_000_000)


def _yaml_entry(correction: Correction) -> dict[str, Any]:
    entry: dict[str, Any] = {}
    for name, text in zip(COLUMNS, row(correction), strict=True):
        if text:
            entry[name] = list(getattr(correction, name)) if name in _LISTS else text
    return entry
