"""Words in a plot: taken literally, on one line, and cut to the room there is.

Widths are in inches and measured with the type they are drawn in.
"""

from __future__ import annotations

import unicodedata
import warnings
from contextlib import contextmanager
from functools import lru_cache
from typing import TYPE_CHECKING

import matplotlib as mpl
from matplotlib.textpath import text_to_path

from stancegraph.plots._style import font

if TYPE_CHECKING:
    from collections.abc import Iterator

    from stancegraph.plots._style import Weight

# Of marks piled on one letter, so many are drawn; more would run into the line above.
_MOST_MARKS = 2
_JOINERS = "\u200c\u200d"
_LONGEST = 400


def literal(text: str) -> str:
    """Return a text as it can be drawn: on one line, without characters that control or turn it."""
    kept: list[str] = []
    marks = 0
    for letter in text:
        category = unicodedata.category(letter)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if category in ("Cc", "Zl", "Zp"):
            kept.append(" ")
        elif letter in _JOINERS or (category not in ("Cf", "Cs") and marks <= _MOST_MARKS and not _selects(letter)):
            kept.append(letter)
    return " ".join("".join(kept).split()) or "(unnamed)"


def _selects(letter: str) -> bool:
    """Whether it only selects a variant of the letter before it, for which no type has a shape of its own."""
    return "\ufe00" <= letter <= "\ufe0f" or "\U000e0100" <= letter <= "\U000e01ef"


def width_of(text: str, size: float, weight: Weight = "normal") -> float:
    """Return the width of a line of text."""
    return _width(text, size, weight, tuple(mpl.rcParams["font.family"]))


@lru_cache(maxsize=20_000)
def _width(text: str, size: float, weight: Weight, families: tuple[str, ...]) -> float:
    with quiet_about_letters():
        width, _, _ = text_to_path.get_text_width_height_descent(text, font(size, weight), ismath=False)
    return float(width) / 72


def fitted(text: str, room: float, size: float, weight: Weight = "normal") -> str:
    """Return a text, cut with an ellipsis if need be, that is no wider than the room there is."""
    line = literal(text)[:_LONGEST]
    if width_of(line, size, weight) <= room:
        return line
    return _cut(line, room, size, weight)


def wrapped(text: str, room: float, size: float, weight: Weight = "normal", *, lines: int) -> list[str]:
    """Return a text in at most so many lines, broken between words; the last is cut with an ellipsis if need be."""
    words = literal(text).split(" ")
    found: list[str] = []
    while words:
        if len(found) == lines - 1:
            found.append(fitted(" ".join(words), room, size, weight))
            break
        number = 1
        while number < len(words) and width_of(" ".join(words[: number + 1]), size, weight) <= room:
            number += 1
        found.append(fitted(" ".join(words[:number]), room, size, weight))
        words = words[number:]
    return found


def _cut(line: str, room: float, size: float, weight: Weight) -> str:
    least, most = 0, len(line)
    while least < most:
        middle = (least + most + 1) // 2
        if width_of(_shortened(line, middle), size, weight) <= room:
            least = middle
        else:
            most = middle - 1
    return _shortened(line, least)


def _shortened(line: str, length: int) -> str:
    # A mark stays with its letter, or goes with it.
    while length and length < len(line) and unicodedata.combining(line[length]):
        length -= 1
    return line[:length].rstrip() + "…"


@contextmanager
def quiet_about_letters() -> Iterator[None]:
    """Let letters that no installed type has be drawn as boxes, without a warning for each."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=r"Glyph \d+ .* missing from")
        warnings.filterwarnings("ignore", message="Matplotlib currently does not support")
        yield
