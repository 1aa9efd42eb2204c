"""What every reader takes and gives: a source of bytes in, documents or reasons for their absence out."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError

from stancegraph.models import Document

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


@dataclass(frozen=True)
class Source:
    """One stream of bytes to read documents from.

    Args:
        name: What messages call it: the path as the user gave it, or "standard input".
        id: The id of its document, for formats whose documents bring none.
        lines: Its bytes, line by line, as a binary file gives them.
    """

    name: str
    id: str
    lines: Iterable[bytes]

    def read(self) -> bytes:
        """Return all its bytes at once."""
        return b"".join(self.lines)


@dataclass(frozen=True)
class Read:
    """A document and the place it was read from, as messages name it ("news.jsonl:17")."""

    where: str
    document: Document


@dataclass(frozen=True)
class Skipped:
    """One input that gave no document.

    Args:
        where: File, and line where there is one ("news.jsonl:17").
        reason: What is wrong with it.
        fix: What the user can do about it, as a sentence.
    """

    where: str
    reason: str
    fix: str

    def __str__(self) -> str:
        """One line for a person; control characters of hostile names and texts are shown escaped."""
        return _printable(f"{self.where}: {self.reason}; skipped. {self.fix}")


class BadInputError(ValueError):
    """What a reader raises when it finds no document where one should be.

    Args:
        reason: What is wrong.
        fix: What the user can do about it, as a sentence.
        place: Where in the source, as it follows the source's name (":17"); empty for the whole of it.
    """

    def __init__(self, reason: str, fix: str, place: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.fix = fix
        self.place = place

    def skipped(self, source: Source, place: str = "") -> Skipped:
        """Return this as the fate of `source`, or of the `place` in it that a reader was at."""
        return Skipped(source.name + (self.place or place), self.reason, self.fix)


Reader = Callable[[Source], Iterator[Read | Skipped]]


def decoded(data: bytes) -> str:
    """Decode the bytes of a whole text file.

    A byte order mark is dropped. Nothing else is changed, line endings neither: offsets into the result
    count the characters of the file.

    Raises:
        BadInputError: If the file is empty, not UTF-8, or holds nothing but white space.
    """
    if not data:
        raise BadInputError("is empty", "Fill it or leave it out.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # `error.object` and not `data`: the codec counts from after the byte order mark.
        raise not_utf8(error, line=bytes(error.object).count(b"\n", 0, error.start) + 1) from error
    if not text.strip():
        raise BadInputError("holds no text", "Fill it or leave it out.")
    return text


def not_utf8(error: UnicodeDecodeError, line: int) -> BadInputError:
    """Say at which line and byte a file stops being UTF-8."""
    data = bytes(error.object)
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return BadInputError("is UTF-16, not UTF-8", "Save it as UTF-8.", f":{line}")
    return BadInputError(f"not UTF-8 (byte 0x{data[error.start]:02x})", "Save the file as UTF-8.", f":{line}")


def document_from(fields: Mapping[str, object]) -> Document:
    """Make a document of named values, of which those that are no field of `Document` are ignored.

    Raises:
        BadInputError: If `id` or `text` is missing or empty, a value has the wrong type, or `date` is none.
    """
    known = {field: value for field, value in fields.items() if field in Document.model_fields}
    for field, value in known.items():
        if isinstance(value, str) and _SURROGATE.search(value):
            reason = f'"{field}" holds half a character (a lone surrogate)'
            raise BadInputError(reason, "Write the character whole.")
    try:
        document = Document.model_validate(known)
    except ValidationError as error:
        raise _bad_field(error.errors(include_url=False)[0]) from error
    if not document.text.strip():
        raise BadInputError('"text" holds no words', "Fill it or leave the document out.")
    return document


# JSON can spell what no encoding can write.
_SURROGATE = re.compile("[\ud800-\udfff]")

_FIX_DATE = "Write it as 2023-07-11, 2023-07 or 2023, or leave it out."


def _bad_field(error: ErrorDetails) -> BadInputError:
    """Say what is wrong with a field in words for whoever wrote the file."""
    field, kind, value = str(error["loc"][0]), error["type"], error["input"]
    if kind == "missing":
        return BadInputError(f'has no "{field}"', f'Give it a "{field}".')
    if kind == "string_too_short":
        return BadInputError(f'"{field}" is empty', f'Give it a "{field}".')
    if field == "date":
        return BadInputError(f'"date" {shortened(value)} is not a date', _FIX_DATE)
    return BadInputError(f'"{field}" is {_json_type(value)}, not a string', f'Write "{field}" as a string.')


def _json_type(value: object) -> str:
    names = {bool: "a truth value", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "null")


def shortened(value: object) -> str:
    """Quote a value of the user's in a message, or its beginning if it is long."""
    quoted = json.dumps(value, ensure_ascii=False)
    return quoted if len(quoted) <= 60 else f"{quoted[:59]}…"


def _printable(line: str) -> str:
    """Escape whatever would break the line or steer a terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode("ascii") for c in line)
