"""What a target phrase says, apart from how it says it: names, numbers, direction, turns, content words."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from stancegraph import knowledge

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = re.compile(r"\w+")
_GENITIVE = re.compile(r"['’]s?(?!\w)")
_SPELLINGS = (
    (re.compile(r"is(e|ed|es|er|ers|ing|ation|ations)$"), r"iz\1"),
    (re.compile(r"our(s|ed|ing|ite|ites|able)?$"), r"or\1"),
    (re.compile(r"ence$"), "ense"),
    (re.compile(r"mme(s?)$"), r"m\1"),
    (re.compile(r"tre(s?)$"), r"ter\1"),
    (re.compile(r"ll(ed|ing|er|ers)$"), r"l\1"),
)
_SUFFIXES = (
    *("ations", "ation", "ings", "ing", "ments", "ment", "ships", "ship", "ities", "ity", "ions", "ion"),
    *("ies", "ied", "als", "al", "ers", "er", "ed", "es", "s", "e", "y"),
)
# "admitting", "admit"; "supplying", "supply", "supplies".
_AFTER_SUFFIX = re.compile(r"([bdgmnprt])\1$|(?<=\w{3}[^aeiou])()y$")
_INFLECTIONS = frozenset(("ing", "ed", "es", "s", "e"))
_VOWEL = re.compile("[aeiouy]")
_SHORTEST_STEM = 4
_SOURCE = frozenset(("by", "from"))
_TARGET = frozenset(("to", "against", "on", "onto", "upon", "toward", "towards"))
_PLACE = frozenset(("in", "at", "near", "around", "outside", "over", "of", "from", "through", "inside"))
_ASSAULTS = frozenset(
    ("attack", "attacks", "assault", "assaults", "strike", "strikes", "march", "advance", "offensive", "raid")
)
# Word classes that turn a thing into another one: "the ban on X" is not "X".
_TURNS = frozenset(
    (
        "ban",
        "end",
        "exit",
        "more",
        "less",
        "delay",
        "early",
        "block",
        "not",
        "again",
        "return",
        "open",
        "close",
    )
)
_COMMON_ENDINGS = ("tion", "ing", "ment", "sal", "ance")

Kind = Literal["name", "proper", "number", "common"]
Role = Literal["source", "target", "adjective", ""]


@dataclass(frozen=True)
class Unit:
    """One content word of a phrase, or several that mean one thing.

    Args:
        stem: What it is compared by: a canonical name, a concept, or a stem.
        text: As written, in lower case.
        kind: Whether it is a known name, another capitalised word, a number or a common word.
        turn: The class of words that turn a thing into another one, if it is of one.
        role: Whether the phrase has it act ("by Russia", "Russia's") or be acted upon ("on Russia"), or names
            it by an adjective, which may be either.
        follows: Whether nothing stands between it and the unit before.
    """

    stem: str
    text: str
    kind: Kind
    turn: str = ""
    role: Role = ""
    follows: bool = False


@dataclass(frozen=True)
class Phrase:
    """One target phrase, read for comparison.

    Args:
        text: The phrase as written.
        units: Its content in text order, function words left out.
        generic: Whether it means something only in its own document ("the plan", "this").
    """

    text: str
    units: tuple[Unit, ...]
    generic: bool

    @cached_property
    def key(self) -> tuple[str, ...]:
        """What it says in an order of its own: equal for "Ukraine's accession" and "accession of Ukraine"."""
        return tuple(sorted({unit.stem for unit in self.units}))

    @cached_property
    def words(self) -> frozenset[str]:
        """Its words and their stems."""
        return frozenset(word for unit in self.units for word in (unit.stem, unit.text))

    @cached_property
    def anchors(self) -> frozenset[str]:
        """The stems of its capitalised words that are no known names."""
        return frozenset(unit.stem for unit in self.units if unit.kind == "proper")

    @cached_property
    def guard(self) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
        """Known names, numbers and turns: where these differ, phrases mean different things."""
        return (
            frozenset(unit.stem for unit in self.units if unit.kind == "name"),
            frozenset(unit.stem for unit in self.units if unit.kind == "number"),
            frozenset(unit.turn for unit in self.units if unit.turn),
        )

    @cached_property
    def direction(self) -> frozenset[tuple[Role, str]]:
        """Which names act and which are acted upon."""
        return frozenset((unit.role, unit.stem) for unit in self.units if unit.role)

    @cached_property
    def content(self) -> tuple[Unit, ...]:
        """The units that are no known names."""
        return tuple(unit for unit in self.units if unit.kind != "name")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """Return the stem of a word in lower case, the same for British and American spellings."""
    for pattern, american in _SPELLINGS:
        word = pattern.sub(american, word)
    for suffix in _SUFFIXES:
        rest = word[: -len(suffix)]
        least = 3 if suffix in _INFLECTIONS and _VOWEL.search(rest) else _SHORTEST_STEM
        is_ending = word.endswith(suffix) and word != "news" and not word.endswith(("ay", "ey", "oy"))
        if is_ending and len(rest) >= least:
            return _AFTER_SUFFIX.sub(r"\1", rest) if suffix[0] in "ei" else rest
    return word


def read_phrase(text: str, *, any_case: bool = False) -> Phrase:
    """Read a target phrase.

    Args:
        text: The phrase.
        any_case: Find names however they are capitalised, as in what a person types.
    """
    text = " ".join(text.split())
    words = list(_WORD.finditer(text))
    lower = [knowledge.fold(word.group()).casefold() for word in words]
    stems = [stem(word) for word in lower]
    names = _names(text, words, lower, stems, any_case)
    classes = _word_classes()
    units: list[Unit] = []
    at, after = 0, -1
    while at < len(words):
        end, meaning = names.get(at) or _longest(_concepts(), stems, at) or (at + 1, "")
        if at not in names and any(i in names for i in range(at, end)):
            end, meaning = at + 1, ""
        if meaning or not (classes.get(lower[at]) == "function" or _is_possessive(text, words[at])):
            kind: Kind = "name" if at in names else _kind(words, lower, at, end)
            follows = at == after
            role = _role(text, words, lower, at, end) if kind in ("name", "proper") else ""
            if not role and follows and kind == units[-1].kind == "proper" and units[-1].role == "target":
                role = "target"
            turn = "" if kind == "name" else _turn(lower[at:end], meaning)
            units.append(Unit(meaning or stems[at], " ".join(lower[at:end]), kind, turn, role, follows))
            after = end
        at = end
    units = [unit for unit in units if "light" not in (classes.get(unit.text), classes.get(unit.stem))] or units
    return Phrase(text, tuple(units), all(_is_generic(unit, classes) for unit in units))


def compatible(a: Phrase, b: Phrase) -> bool:
    """Tell whether no name, number, direction or turn of meaning tells two phrases apart."""
    return a.guard == b.guard and not reversed_(a, b) and extra_first_words(a, b) is not None


def reversed_(a: Phrase, b: Phrase) -> bool:
    """Tell whether somebody acts in one phrase and is acted upon in the other."""
    if not a.direction or not b.direction:
        return False
    sources, targets, adjectives = (
        [{name for role, name in phrase.direction if role == wanted} for phrase in (a, b)]
        for wanted in ("source", "target", "adjective")
    )
    if sources[0] & targets[1] or sources[1] & targets[0]:
        return True
    return bool(adjectives[0] & targets[1]) and bool(adjectives[1] & targets[0])


def extra_first_words(a: Phrase, b: Phrase) -> frozenset[Unit] | None:
    """Return the given names and other first words that one phrase alone has before a name that both have.

    Returns:
        "Pedro" for "Pedro Costa's diaries" and "Costa's diaries"; None if capitalised words
        disagree in any other way.
    """
    extra = [_extra(a, b), _extra(b, a)]
    if extra[0] is None or extra[1] is None or (extra[0] and extra[1]):
        return None
    return extra[0] | extra[1]


def _extra(a: Phrase, b: Phrase) -> frozenset[Unit] | None:
    if not a.anchors:
        return frozenset()
    others, anchors = b.words, b.anchors
    found: set[Unit] = set()
    pending = False
    for unit in a.units:
        proper = unit.kind == "proper"
        if pending and not (proper and unit.follows):
            return None
        if not proper:
            continue
        missing = unit.stem not in others and unit.text not in others
        if missing:
            found.add(unit)
        elif pending and unit.stem not in anchors:
            return None
        pending = missing
    return None if pending else frozenset(found)


def _names(
    text: str, words: Sequence[re.Match[str]], lower: Sequence[str], stems: Sequence[str], any_case: bool
) -> dict[int, tuple[int, str]]:
    """Return for the first word of every known name where the name ends and whom it means."""
    names = _things_in(stems)
    taken = {i for first, (end, _) in names.items() for i in range(first, end)}
    for mention in knowledge.mentions(text, any_case=any_case):
        inside = [i for i, w in enumerate(words) if w.start() < mention.end and w.end() > mention.start]
        if not inside or taken.intersection(inside):
            continue
        # A city in which something happens is not the government in it.
        is_city = mention.form == "seat" and len(inside) == 1 and not _GENITIVE.match(text, mention.end)
        if not (is_city and _is_place(lower, inside[0])):
            names[inside[0]] = (inside[-1] + 1, mention.entry.name)
    return names


def _is_place(lower: Sequence[str], at: int) -> bool:
    before = _before(lower, at)
    return before in _PLACE or (before == "on" and bool(_ASSAULTS.intersection(lower[:at])))


def _before(lower: Sequence[str], at: int) -> str:
    return next((word for word in reversed(lower[:at]) if word not in ("the", "a", "an")), "")


def _role(text: str, words: Sequence[re.Match[str]], lower: Sequence[str], at: int, end: int) -> Role:
    before = _before(lower, at)
    if _GENITIVE.match(text, words[end - 1].end()) or before in _SOURCE:
        return "source"
    if before in _TARGET:
        return "target"
    return "adjective" if knowledge.demonym(text[words[at].start() : words[end - 1].end()]) else ""


def _things_in(stems: Sequence[str]) -> dict[int, tuple[int, str]]:
    found: dict[int, tuple[int, str]] = {}
    at = 0
    while at < len(stems):
        match = _longest(_things(), stems, at)
        if match:
            found[at] = match
        at = match[0] if match else at + 1
    return found


def _kind(words: Sequence[re.Match[str]], lower: Sequence[str], at: int, end: int) -> Kind:
    word_class = _word_classes().get(lower[at], "") if end - at == 1 else ""
    if any(c.isdigit() for c in lower[at]) or word_class == "number":
        return "number"
    return "proper" if end - at == 1 and not word_class and _is_proper(words, at) else "common"


def _turn(texts: Sequence[str], concept: str) -> str:
    """Return the turn of a single word, else of the concept that it or several words mean."""
    classes = _word_classes()
    for word in (texts[0] if len(texts) == 1 else "", concept):
        if classes.get(word) in _TURNS:
            return classes[word]
    return ""


def _is_proper(words: Sequence[re.Match[str]], at: int) -> bool:
    word = words[at].group()
    if not word[0].isupper() or knowledge.is_role(word):
        return False
    next_is_capital = at + 1 < len(words) and words[at + 1].group()[0].isupper()
    return at > 0 or next_is_capital or not word.casefold().endswith(_COMMON_ENDINGS)


def _is_possessive(text: str, word: re.Match[str]) -> bool:
    return word.group() in ("s", "S") and text[word.start() - 1 : word.start()] in ("'", "’")


def _is_generic(unit: Unit, classes: dict[str, str]) -> bool:
    return unit.kind == "common" and all(classes.get(word) in ("generic", "function") for word in unit.text.split())


def is_concept(stem_: str) -> bool:
    """Tell whether a stem is a concept of `concepts.tsv`, told apart there from all others."""
    return stem_ in _concept_names()


_Sequences = dict[str, list[tuple[tuple[str, ...], str]]]


def _longest(sequences: _Sequences, stems: Sequence[str], at: int) -> tuple[int, str] | None:
    """Return where the longest sequence that starts at a word ends, and what it means."""
    for sequence, meaning in sequences.get(stems[at], ()):
        if tuple(stems[at : at + len(sequence)]) == sequence:
            return at + len(sequence), meaning
    return None


@cache
def _word_classes() -> dict[str, str]:
    return {row["word"]: row["class"] for row in _table("words.tsv")}


@cache
def _concepts() -> _Sequences:
    return _by_first_stem(_table("concepts.tsv"))


@cache
def _concept_names() -> frozenset[str]:
    return frozenset(row["name"] for row in _table("concepts.tsv"))


@cache
def _things() -> _Sequences:
    return _by_first_stem(_table("things.tsv"))


def _by_first_stem(rows: Iterator[dict[str, str]]) -> _Sequences:
    """Return for each first stem the sequences of stems that mean something, longest first."""
    meanings: dict[tuple[str, ...], str] = {}
    for row in rows:
        for words in filter(None, (row["name"], *row["words"].split(";"))):
            stems = tuple(stem(knowledge.fold(w).casefold()) for w in _WORD.findall(words))
            meanings.setdefault(stems, row["name"])
    found: _Sequences = {}
    for stems in sorted(meanings, key=lambda words: (-len(words), words)):
        found.setdefault(stems[0], []).append((stems, meanings[stems]))
    return found


def _table(name: str) -> Iterator[dict[str, str]]:
    with (Path(__file__).parent / name).open(encoding="utf8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t")
