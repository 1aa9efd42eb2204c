"""The words around a position: the paragraphs its spans lie in, cut to what a reader needs."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from stancegraph.models import Position

_REACH = 600
_ROLES = ("evidence", "cue", "source")
# A blank line ends a paragraph; so does a line end after a sentence, while any other only wraps the line.
_PARAGRAPH_END = re.compile(r"[.!?…:][\"'”’»)\]]?[^\S\n]*\n\s*|\n\s*\n\s*")
_FIRST_SPACE = re.compile(r"\s+")
_LAST_SPACE = re.compile(r"\s+\S*$")


class Mark(NamedTuple):
    """A stretch of a passage that plays a role in a position.

    Args:
        start: Offset of its first character in the passage.
        end: Offset after its last character.
        role: `evidence`, `cue` or `source`.
    """

    start: int
    end: int
    role: str


class Passage(NamedTuple):
    """A stretch of a document around some spans of a position.

    Args:
        start: Offset of its first character in the document.
        end: Offset after its last character.
        marks: The spans in it, in text order; marks of different roles may overlap.
    """

    start: int
    end: int
    marks: tuple[Mark, ...]


def passages_of(position: Position) -> tuple[Passage, ...]:
    """Return the paragraphs that hold a position's spans, in text order.

    Of a paragraph longer than a screen only the words within 600 characters of a span are kept, so that a
    text without line breaks does not land in the page whole, once for each of its positions.
    """
    text = position.document.text
    spans = sorted((span.start, span.end, role) for role in _ROLES for span in getattr(position, role))
    starts = _paragraph_starts(text)
    merged: list[tuple[int, int]] = []
    for start, end in sorted(_surroundings(text, starts, start, end) for start, end, _ in spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(
        Passage(start, end, tuple(Mark(s - start, e - start, role) for s, e, role in spans if start <= s < end))
        for start, end in merged
    )


@lru_cache(maxsize=64)
def _paragraph_starts(text: str) -> tuple[int, ...]:
    """Return the offsets at which the paragraphs of a text begin, and that of its end."""
    return (0, *(match.end() for match in _PARAGRAPH_END.finditer(text)), len(text))


def _surroundings(text: str, paragraphs: tuple[int, ...], start: int, end: int) -> tuple[int, int]:
    """Return the stretch of whole words around a span within its paragraph (or paragraphs) and reach."""
    left = paragraphs[bisect_right(paragraphs, start) - 1]
    right = paragraphs[bisect_left(paragraphs, end)]
    if start - left > _REACH:
        left = start - _REACH
        cut = _FIRST_SPACE.search(text, left, start)
        left = cut.end() if cut else left
    if right - end > _REACH:
        right = end + _REACH
        cut = _LAST_SPACE.search(text, end, right)
        right = cut.start() if cut else right
    return left, end + len(text[end:right].rstrip())
