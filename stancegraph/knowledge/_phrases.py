"""Comparing names as texts write them: accents, apostrophes, determiners, possessives."""

from __future__ import annotations

import re
import unicodedata

_UNDECOMPOSED = str.maketrans(
    {
        "ı": "i",
        "ł": "l",
        "Ł": "L",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "Th",
    }
    | {
        "ß": "ss",
        "æ": "ae",
        "Æ": "Ae",
        "œ": "oe",
        "Œ": "Oe",
        "’": "'",
        "‘": "'",
        "ʼ": "'",
        "ʻ": "'",
        "`": "'",
        "–": "-",
    }
)
_TOKEN = re.compile(r"[\w\u0300-\u036f]+|[^\w\s]")
_DETERMINER = re.compile(r"the\s+", re.IGNORECASE)
_POSSESSIVE = re.compile(r"(?:'s|(?<=s)')$")


def fold(text: str) -> str:
    """Return a text without accents, with plain apostrophes and single spaces; case is kept.

    Args:
        text: Any text.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_UNDECOMPOSED))
        text = "".join(c for c in text if not unicodedata.combining(c)).translate(_UNDECOMPOSED)
    return " ".join(text.split())


def core(phrase: str) -> tuple[str, bool]:
    """Return a phrase folded, without determiner and possessive ending, and whether it had the determiner."""
    text = _POSSESSIVE.sub("", fold(phrase).strip(' ,;:!?"“”«»()[]'))
    rest = _DETERMINER.sub("", text, count=1) if _DETERMINER.match(text) else text
    return rest, rest is not text


def tokens(text: str) -> list[tuple[int, int, str]]:
    """Return the words and single punctuation marks of `text` as (start, end, folded form)."""
    return [(m.start(), m.end(), fold(m.group())) for m in _TOKEN.finditer(text)]
