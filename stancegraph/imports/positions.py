"""Positions that were read or labelled before, one a line of JSON, with the documents that state them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from stancegraph.documents import Skipped, read_documents
from stancegraph.models import DERIVED, Document, Position

# The words of the evidence are read as well, so that they are checked against the document.
_FIELDS = (frozenset(Position.model_fields) - DERIVED - {"document"}) | {"evidence_text"}


class ReadPositions(NamedTuple):
    """Documents with their positions, as `stancegraph.graph.assemble` takes them.

    Args:
        results: Each document with its positions, in the order of the documents.
        skipped: What could not be read, each with its place and the fix.
    """

    results: tuple[tuple[Document, tuple[Position, ...]], ...]
    skipped: tuple[Skipped, ...]


def read_positions(path: str | Path, documents: str | Path | Iterable[Document]) -> ReadPositions:
    """Read positions as `positions.jsonl` of a built graph has them, or as they were labelled by hand.

    A line has the fields of a `Position` and, as `document` or `document_id`, the id of its document. An `evidence_text`
    must be what the document says there. Other fields, as the resolved actor, are left out: a graph resolves them anew.

    Args:
        path: The file of positions, UTF-8.
        documents: The documents, or the file or folder that holds them.

    Returns:
        Each document with its positions, and what was skipped.

    Raises:
        OSError: If the file of positions cannot be read.
    """
    skipped: list[Skipped] = []
    given: dict[str, Document] = {}
    for item in read_documents([documents]) if isinstance(documents, (str, Path)) else documents:
        if isinstance(item, Skipped):
            skipped.append(item)
        else:
            given[item.id] = item
    found: dict[str, list[Position]] = {id_: [] for id_ in given}
    for number, line in enumerate(Path(path).read_bytes().splitlines(), 1):
        if line.strip():
            try:
                position = _position(line, given)
            except _Broken as error:
                skipped.append(Skipped(f"{path}:{number}", error.reason, error.fix))
            else:
                found[position.document.id].append(position)
    return ReadPositions(tuple((given[id_], tuple(positions)) for id_, positions in found.items()), tuple(skipped))


class _Broken(Exception):  # noqa: N818 - it never leaves this file
    def __init__(self, reason: str, fix: str) -> None:
        self.reason = reason
        self.fix = fix


def _position(line: bytes, documents: dict[str, Document]) -> Position:
    try:
        fields: Any = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # of bytes, of JSON, of a number with thousands of digits
        raise _Broken(f"not a line of JSON ({error})", "Write one position a line, in UTF-8.") from None
    if not isinstance(fields, dict):
        raise _Broken("not an object", 'Write {"document": …, "holder": …, …}.')
    id_ = fields.get("document", fields.get("document_id"))
    if not isinstance(id_, str) or id_ not in documents:
        raise _Broken(f"no document has the id {id_!r}", "Give the documents that the positions were read in.")
    try:
        return Position.model_validate(
            {**{name: fields[name] for name in _FIELDS & fields.keys()}, "document": documents[id_]}
        )
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"])) or "the position"
        said = first["msg"].removeprefix("Value error, ")
        raise _Broken(f"{where}: {said}", "See the fields of a position in the reference.") from None
