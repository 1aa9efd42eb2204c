"""Personal names: which ones are spellings or shorter forms of one another."""

from __future__ import annotations

import re
from dataclasses import dataclass

from stancegraph import knowledge

_SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "ii": "ii", "iii": "iii", "iv": "iv"}
_ARTICLES = frozenset(("al", "el", "as", "ad", "ar", "ash", "at", "an"))
_VOWELS = re.compile("[aeiou]")
_SAME_LETTERS = (
    (re.compile("(?:iy|yi|yy|ii|ij|yj|y|j)$"), "i"),
    (re.compile("sch"), "sh"),
    (re.compile("ts"), "c"),
    (re.compile("kh"), "h"),
    (re.compile("ph"), "f"),
    (re.compile("ou"), "u"),
    (re.compile("ks"), "x"),
    (re.compile("[yj]"), "i"),
    (re.compile("w"), "v"),
    (re.compile("i+e"), "e"),
    (re.compile(r"(.)\1+"), r"\1"),
)
# Short names tell people apart by one letter (Meier, Meyer); long ones that agree so far are respellings.
_LONG = 6
_OWN_SPELLING = re.compile("s[eo]n$|mann?$")
_CONSONANT_CLASSES = str.maketrans("zckqgdf", "skkkktv")


@dataclass(frozen=True)
class PersonName:
    """A person's name in parts, folded to lower case without accents.

    Args:
        given: First given name; "" if the name is a surname alone.
        middle: Initials of middle names and surnames before the last.
        last: Last surname, without articles joined to it.
        suffix: "jr", "iii" and so on, or "".
        words: All words.
    """

    given: str
    middle: tuple[str, ...]
    last: str
    suffix: str
    words: tuple[str, ...]


def read_name(name: str) -> PersonName:
    """Read a person's name without titles."""
    plain = knowledge.fold(name).casefold().replace(".", ". ")
    parts = [part.strip(".,'\"()") for part in plain.split()]
    parts = [part for part in parts if part]
    suffix = _SUFFIXES.get(parts[-1], "") if len(parts) > 1 else ""
    if suffix:
        parts = parts[:-1]
    words = tuple(parts)
    bare = [_bare(part) for part in parts if part not in _ARTICLES] or list(parts) or [""]
    if len(bare) == 1:
        return PersonName("", (), bare[0], suffix, words)
    return PersonName(bare[0], tuple(part[:1] for part in bare[1:-1]), bare[-1], suffix, words)


def given_key(name: PersonName) -> str:
    """Return what the given name is compared by: equal for spellings and common short forms of one name."""
    return knowledge.given_name(name.given) or spelling(name.given)


def spelling(word: str) -> str:
    """Return a surname in one spelling for all usual transliterations; short ones stay as they are."""
    if len(word) < _LONG:
        return word
    for pattern, letters in _SAME_LETTERS:
        word = pattern.sub(letters, word)
    return word


def rough_spelling(word: str) -> str | None:
    """Return what remains of a long surname where transliterations differ in vowels too, else None."""
    if len(word) < _LONG or _OWN_SPELLING.search(word):
        return None
    consonants = _VOWELS.sub("", spelling(word)).replace("h", "").translate(_CONSONANT_CLASSES)
    return consonants if len(consonants) > 2 else None


def same_middle(a: PersonName, b: PersonName) -> bool:
    """Tell whether middle names agree as far as both are given."""
    return not a.middle or not b.middle or a.middle == b.middle


def is_short_for(short: PersonName, full: PersonName) -> bool:
    """Tell whether `short` is the end of `full`, up to spelling: "von der Leyen", "Zelenskyy"."""
    n = len(short.words)
    if n >= len(full.words) or (short.suffix and short.suffix != full.suffix):
        return False
    return full.words[-n:] == short.words or _ends_alike(short, full)


def _ends_alike(short: PersonName, full: PersonName) -> bool:
    return not short.given and bool(short.last) and spelling(short.last) == spelling(full.last)


def _bare(word: str) -> str:
    """Return a surname without an article joined to it ("al-Assad")."""
    article, hyphen, rest = word.partition("-")
    return rest if hyphen and article in _ARTICLES and rest else word
