"""JSON: one file with one document, or a list of them, as objects like those of JSON Lines."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from stancegraph.documents.source import BadInputError, Read, Skipped, Source, decoded, document_from

if TYPE_CHECKING:
    from collections.abc import Iterator


def read_json(source: Source) -> Iterator[Read | Skipped]:
    """Read a JSON file; a bad object costs that object alone."""
    content = _parsed(decoded(source.read()))
    if isinstance(content, dict):
        yield Read(source.name, document_from(content))
        return
    if not isinstance(content, list):
        raise BadInputError("not a JSON object or list of objects", "Write documents as objects with id and text.")
    if not content:
        raise BadInputError("holds no documents", "Fill it or leave it out.")
    for number, fields in enumerate(content, start=1):
        place = f", object {number}"
        try:
            if not isinstance(fields, dict):
                raise BadInputError("not a JSON object", "Fix it or take it out of the list.")
            yield Read(source.name + place, document_from(fields))
        except BadInputError as bad:
            yield bad.skipped(source, place)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        reason = f"not JSON ({error.msg}, column {error.colno})"
        raise BadInputError(reason, "Fix the file; one object a line goes in a .jsonl file.", f":{error.lineno}") from error
    except (ValueError, RecursionError) as error:  # a number of thousands of digits; brackets thousands deep
        raise BadInputError("not JSON that can be read", "Fix the file.") from error
