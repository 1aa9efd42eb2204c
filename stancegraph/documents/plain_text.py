"""Plain text: the whole file is one document's text, character for character."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from stancegraph.documents.source import Read, Source, decoded, document_from

if TYPE_CHECKING:
    from collections.abc import Iterator

# A first line with a blank line under it and more text to follow, whatever the line endings.
_HEADLINE = re.compile(r"\s*(?P<line>\S[^\r\n]*)(?:\r\n|\r|\n)[^\S\r\n]*(?:\r\n|\r|\n)\s*\S")

# In characters. Of 1,554 headlines of news and statements, 1,552 are shorter.
_LONGEST_HEADLINE = 160


def read_plain_text(source: Source) -> Iterator[Read]:
    """Read a text file as one document, its headline as title."""
    text = decoded(source.read())
    yield Read(source.name, document_from({"id": source.id, "text": text, "title": headline(text)}))


def headline(text: str) -> str | None:
    """Return the first line if it stands like a headline: short, and set off by a blank line."""
    match = _HEADLINE.match(text)
    line = match["line"].rstrip() if match else ""
    return line if 0 < len(line) <= _LONGEST_HEADLINE else None
