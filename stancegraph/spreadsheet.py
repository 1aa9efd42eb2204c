"""Tables that spreadsheets write and open: cells that none of them runs, and the rows of CSV and Excel files."""

from __future__ import annotations

import csv
import datetime
import re
import sys
import zipfile
from io import StringIO
from typing import TYPE_CHECKING

from stancegraph.documents.source import Skipped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What spreadsheets take for the beginning of a formula, in its full-width forms too (OWASP, "CSV Injection"). Behind
# apostrophes as well, so that one more can be taken off again.
_FORMULA = re.compile(r"'*[=+\-@＝＋－＠\t\r]")
_DISARMED = re.compile(r"'(?='*[=+\-@＝＋－＠])")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_DELIMITERS = (",", ";", "\t")


def cell_text(value: object) -> str:
    """Return a value as a cell that no spreadsheet runs and that stays on its line; `said_in` undoes it."""
    text = "" if value is None else _CONTROL.sub(" ", str(value)).strip()
    return f"'{text}" if _FORMULA.match(text) else text


def said_in(cell: str) -> str:
    """Return the text of a cell, without the apostrophe that only keeps a spreadsheet from running it."""
    text = cell.strip()
    return text[1:] if _DISARMED.match(text) else text


def delimiter_of(text: str) -> str:
    """Return what separates the cells of a CSV: comma, semicolon or tab."""
    first = text.split("\n", 1)[0]
    return max(_DELIMITERS, key=first.count)


def read_rows(
    path: Path, skipped: list[Skipped], error: type[ValueError], sheet: str | None = None
) -> Iterator[tuple[int, list[str]]]:
    """Give the line and the cells of each row of a table, headings first.

    Args:
        path: A .csv or .tsv (UTF-8; comma, semicolon or tab), or an .xlsx, which needs the extra `excel`.
        skipped: Where to add rows that are none.
        error: What to raise if the file cannot be used at all.
        sheet: Name of the sheet of an Excel file; by default the first.
    """
    suffix = path.suffix.lower()
    if suffix == ".xls":
        raise error(f"{path}: an old Excel file; save it as .xlsx or as CSV")
    if suffix in (".xlsx", ".xlsm"):
        return _excel_rows(path, error, sheet)
    return ((first, cells) for first, _, cells in csv_rows(path, csv_text(path, error), skipped))


def csv_text(path: Path, error: type[ValueError]) -> str:
    """Return what a CSV file holds, without a byte order mark."""
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise error(f"{path}: not UTF-8 (byte {problem.start}); save it as CSV UTF-8") from problem
    except OSError as problem:
        raise error(f"{path}: cannot be read ({problem.strerror or problem})") from problem
    except ValueError as problem:  # a null character in the name
        raise error(f"{path}: cannot be read ({problem})") from problem


def csv_rows(path: Path, text: str, skipped: list[Skipped]) -> Iterator[tuple[int, int, list[str]]]:
    """Give the first and the last line and the cells of each row; what is none is added to `skipped`."""
    limit = csv.field_size_limit(sys.maxsize)
    try:
        reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter_of(text))
        while True:
            number = reader.line_num + 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as problem:
                fix = "Save the table as CSV anew."
                skipped.append(Skipped(f"{path}:{number}", f"not a row of a table ({problem})", fix))
                continue
            yield number, reader.line_num, cells
    finally:
        csv.field_size_limit(limit)


def _excel_rows(path: Path, error: type[ValueError], sheet: str | None) -> Iterator[tuple[int, list[str]]]:
    if not path.exists():
        raise error(f"{path}: cannot be read (no such file)")
    try:
        from openpyxl import load_workbook
        from openpyxl.utils.exceptions import InvalidFileException
    except ImportError as problem:
        raise error(
            f"{path}: reading Excel needs openpyxl; pip install 'stancegraph[excel]', or save the sheet as CSV"
        ) from problem
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, InvalidFileException) as problem:
        raise error(f"{path}: not an Excel file that can be read ({problem}); save it anew, or as CSV") from problem
    try:
        if sheet is not None and sheet not in book.sheetnames:
            raise error(f"{path}: no sheet is called {sheet!r}; there are {', '.join(book.sheetnames)}")
        cells = book[sheet] if sheet is not None else book.worksheets[0]
        for number, row in enumerate(cells.iter_rows(values_only=True), start=1):
            yield number, [_cell(value) for value in row]
    finally:
        book.close()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime.date):  # and a datetime, which is one
        return value.isoformat()[:10]
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
