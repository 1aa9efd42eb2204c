"""JSON Lines: one document a line, read as it comes, so that a file may be larger than memory.

A document has `id` and `text`, and may have `title`, `date`, `source` and `url`; other keys are ignored.
Id and text are taken as they are: offsets are into the `text` given.
"""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING

from stancegraph.documents.source import BadInputError, Read, Skipped, Source, document_from, not_utf8

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stancegraph.models import Document


def read_json_lines(source: Source) -> Iterator[Read | Skipped]:
    """Read a JSON Lines file; a bad line costs that line alone."""
    number, found = 0, False
    for number, line in enumerate(source.lines, start=1):
        data = line.removeprefix(codecs.BOM_UTF8) if number == 1 else line
        if not data.strip():
            continue
        found = True
        try:
            yield Read(f"{source.name}:{number}", _document(data, number))
        except BadInputError as bad:
            yield bad.skipped(source, f":{number}")
    if not found:
        raise BadInputError("is empty" if number == 0 else "holds no documents", "Fill it or leave it out.")


def _document(line: bytes, number: int) -> Document:
    try:
        fields = json.loads(line.decode("utf-8").rstrip())
    except UnicodeDecodeError as error:
        raise not_utf8(error, number) from error
    except json.JSONDecodeError as error:
        raise BadInputError(f"not a JSON object ({error.msg}, column {error.colno})", _FIX) from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets thousands deep
        raise BadInputError("not a JSON object that can be read", _FIX) from error
    if not isinstance(fields, dict):
        raise BadInputError("not a JSON object", _FIX)
    return document_from(fields)


_FIX = "Fix the line or take it out."
