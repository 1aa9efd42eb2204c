"""One correction more in a table, or one in the place of others: everything else in the file stays as it is.

What comes out is read again before it takes the place of the file, so that nothing in it is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from textwrap import indent

import yaml

from stancegraph.corrections.correction import Correction
from stancegraph.corrections.table import (
    COLUMNS,
    CorrectionsFileError,
    ReadCorrections,
    cells_of,
    csv_lines,
    is_list,
    replace,
    rows_in,
    yaml_text,
)
from stancegraph.spreadsheet import csv_rows, csv_text, delimiter_of

_BOM = "\ufeff"


def edit(path: Path, correction: Correction, without: Sequence[Correction] = ()) -> None:
    """Add a correction to a table at once or not at all; a table that is not there is made.

    Args:
        path: The table, in CSV or YAML.
        correction: What to add as the last row.
        without: Corrections that were read from this table and are to go.

    Raises:
        CorrectionsFileError: If the file cannot be read or cannot be added to; it stays as it is.
    """
    suffix = path.suffix.lower()
    if suffix in (".xlsx", ".xlsm", ".xls"):
        raise CorrectionsFileError(f"{path}: rows cannot be added to an Excel file; give a .csv or .yaml")
    if not path.exists():
        replace(path, yaml_text([correction]) if is_list(path) else _BOM + _table([correction]))
        return
    before = rows_in(path)
    lines = {int(one.where.rpartition(":")[2]) for one in without}
    text = _list_with(path, correction, lines) if is_list(path) else _table_with(path, correction, lines)
    gone = set(map(id, (one for one in before.corrections if int(one.where.rpartition(":")[2]) in lines)))
    expected = [*(one for one in before.corrections if id(one) not in gone), correction]
    beside = path.with_name(f".{path.stem}.edited{path.suffix}")
    try:
        replace(beside, text)
        after = _read(beside, path)
        if list(after.corrections) != expected or len(after.skipped) != len(before.skipped):
            raise CorrectionsFileError(f"{path}: a row cannot be added without losing others; write to another file")
        replace(path, text)
    finally:
        beside.unlink(missing_ok=True)


def put_back(path: Path, before: bytes | None, after: bytes) -> None:
    """Put back what a table held before it was edited; None if there was none.

    Args:
        path: The table.
        before: What it held before.
        after: What it has held since.

    Raises:
        CorrectionsFileError: If it holds something else by now; it stays as it is.
    """
    if not path.exists() or path.read_bytes() != after:
        raise CorrectionsFileError(f"{path}: has been changed by another program since; correct it there")
    if before is None:
        path.unlink()
    else:
        replace(path, before.decode("utf-8"))


def _read(beside: Path, path: Path) -> ReadCorrections:
    try:
        return rows_in(beside, str(path))
    except CorrectionsFileError:
        return ReadCorrections((), ())


def _table(corrections: Sequence[Correction]) -> str:
    return csv_lines([COLUMNS, *(cells_of(one, COLUMNS) for one in corrections)])


def _table_with(path: Path, correction: Correction, without: set[int]) -> str:
    text = csv_text(path, CorrectionsFileError)
    lines, delimiter = list(StringIO(text, newline="")), delimiter_of(text)
    end = "\r\n" if lines and lines[0].endswith("\r\n") else "\n"
    rows = list(csv_rows(path, text, []))
    _, last, headings = rows[0]
    headings = [heading.strip() for heading in headings]
    while headings and not headings[-1]:
        headings.pop()
    missing = [name for name in COLUMNS if name not in headings and name in correction.given]
    kept = lines[:last] if not missing else list(csv_lines([[*headings, *missing]], delimiter, end))
    for first, last_, _ in rows[1:]:
        if first not in without:
            kept += lines[first - 1 : last_]
    if kept and not kept[-1].endswith(("\n", "\r")):
        kept.append(end)
    kept += csv_lines([cells_of(correction, [*headings, *missing])], delimiter, end)
    mark = _BOM if path.read_bytes().startswith(_BOM.encode()) else ""
    return mark + "".join(kept)


def _list_with(path: Path, correction: Correction, without: set[int]) -> str:
    text = path.read_text(encoding="utf8")
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    if root is None:  # nothing but comments
        return text + ("" if not text or text.endswith("\n") else "\n") + yaml_text([correction])
    if not root.value:
        return yaml_text([correction])
    lines = text.splitlines(keepends=True)
    for node in reversed(root.value):
        if node.start_mark.line + 1 in without:
            del lines[node.start_mark.line : _last_line(node)]
    kept = "".join(lines)
    if kept and not kept.endswith("\n"):
        kept += "\n"
    return kept + indent(yaml_text([correction]), " " * root.start_mark.column)


def _last_line(node: yaml.Node) -> int:
    """Return the number of lines up to the end of an entry, without the comments that follow it."""
    if isinstance(node, yaml.ScalarNode):
        return node.end_mark.line + 1 if node.end_mark.column else node.end_mark.line
    parts = [part for pair in node.value for part in (pair if isinstance(pair, tuple) else (pair,))]
    return max(map(_last_line, parts), default=node.end_mark.line + 1)
