"""World knowledge: countries, international bodies, news media and titles, and every name they go by.

The tables are TSV files beside this module; README.md there gives their sources and format. Look-ups are by
dictionary.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from typing import TYPE_CHECKING, Literal

from stancegraph.knowledge import _read
from stancegraph.knowledge._phrases import core, fold, tokens
from stancegraph.knowledge._read import KnowledgeFileError, Record
from stancegraph.knowledge._titles import (
    gender_of_name,
    gender_of_role,
    given_name,
    is_local,
    is_role,
    role_name,
    seat_in_congress,
    split_title,
)
from stancegraph.models import ActorType

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

__all__ = [
    "Entry",
    "Knowledge",
    "KnowledgeFileError",
    "Mention",
    "demonym",
    "fold",
    "gender_of_name",
    "gender_of_role",
    "given_name",
    "is_local",
    "is_role",
    "look_up",
    "mentions",
    "represented",
    "role_name",
    "seat_in_congress",
    "split_title",
    "stand_in",
    "using",
    "with_extra",
]

Form = Literal["name", "adjective", "people", "seat"]


@dataclass(frozen=True)
class Entry:
    """One actor known to the world.

    Args:
        name: Canonical name, as the international press writes it.
        type: What kind of actor it is.
        aliases: Every other name of it, places that stand for it included.
    """

    name: str
    type: ActorType
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Mention:
    """A known name inside a longer phrase.

    Args:
        start: Offset of its first character.
        end: Offset after its last character.
        entry: Whom it names.
        form: Whether the phrase uses a name ("Finland"), an adjective ("Finnish"), the people ("Finns") or a
            seat ("Helsinki").
    """

    start: int
    end: int
    entry: Entry
    form: Form


_Sequences = dict[str, list[tuple[tuple[str, ...], "Entry | None", Form]]]


@dataclass(frozen=True)
class Knowledge:
    """Names and whom they mean. Built by `with_extra`; the module's own functions read the shipped one.

    Args:
        records: What is known, later records extending or overruling earlier ones.
    """

    records: tuple[Record, ...]
    _names: dict[str, Entry] = field(init=False, repr=False, compare=False)
    _any_case: dict[str, Entry] = field(init=False, repr=False, compare=False)
    _demonyms: dict[str, Entry] = field(init=False, repr=False, compare=False)
    _stand_ins: dict[str, Entry] = field(init=False, repr=False, compare=False)
    _sequences: _Sequences = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        entries = _entries(self.records)
        names: dict[str, Entry] = {}
        demonyms: dict[str, Entry] = {}
        stand_ins: dict[str, Entry] = {}
        forms: dict[tuple[str, ...], tuple[Entry | None, Form]] = {
            tuple(t for _, _, t in tokens(phrase)): (None, "name") for phrase in _read.other_names()
        }
        for record in self.records:
            entry = entries[record.name]
            form: Form
            for form, phrases in (
                ("seat", record.seats),
                ("people", record.people),
                ("adjective", record.adjectives),
                ("name", (record.name, *record.aliases)),
            ):
                for phrase in map(fold, phrases):
                    if form in ("name", "seat"):
                        names[phrase] = entry
                    else:
                        demonyms[phrase] = entry
                    if record.type is not ActorType.MEDIA or " " in phrase:
                        forms[tuple(t for _, _, t in tokens(phrase))] = (entry, form)
            stand_ins.update((phrase.casefold(), entry) for phrase in record.stand_ins)
        object.__setattr__(self, "_names", names)
        object.__setattr__(self, "_any_case", {name.casefold(): names[name] for name in reversed(names)})
        object.__setattr__(self, "_demonyms", demonyms)
        object.__setattr__(self, "_stand_ins", stand_ins)
        object.__setattr__(self, "_sequences", _by_first_word(forms))

    @cached_property
    def _sequences_any_case(self) -> _Sequences:
        forms = {s: (entry, form) for group in self._sequences.values() for s, entry, form in group}
        lower = {tuple(map(str.casefold, s)): forms[s] for s in sorted(forms)}
        return _by_first_word({s: found for s, found in lower.items() if s not in _EVERYDAY})

    def look_up(self, phrase: str, *, any_case: bool = False) -> Entry | None:
        """Return whom a phrase names; see the function `look_up`."""
        text, determined = core(phrase)
        return self._named(text, determined, any_case) or self._government(text, any_case)

    def demonym(self, word: str) -> Entry | None:
        """Return the country of a demonym; see the function `demonym`."""
        return self._demonyms.get(core(word)[0])

    def stand_in(self, phrase: str) -> Entry | None:
        """Return whom a common noun may stand for; see the function `stand_in`."""
        return self._stand_ins.get(core(phrase)[0].casefold())

    def mentions(self, phrase: str, *, any_case: bool = False) -> tuple[Mention, ...]:
        """Return the known names inside a phrase; see the function `mentions`."""
        found: list[Mention] = []
        words = tokens(phrase)
        sequences = self._sequences
        if any_case:
            words = [(start, end, text.casefold()) for start, end, text in words]
            sequences = self._sequences_any_case
        at = 0
        while at < len(words):
            match = _longest(sequences, words, at)
            if match is None:
                at += 1
                continue
            sequence, entry, form = match
            after = at + len(sequence)
            if entry is not None:
                found.append(Mention(words[at][0], words[after - 1][1], entry, form))
            at = after
        return tuple(found)

    def _named(self, text: str, determined: bool, any_case: bool) -> Entry | None:
        exact = (determined and (self._names.get(f"the {text}") or self._names.get(f"The {text}"))) or None
        exact = exact or self._names.get(text)
        if exact is not None:
            return exact
        # Only capitals tell single words from common ones ("Turkey", "US"), unless everything is in capitals.
        loose = any_case or (" " in text and text[0].isupper()) or (text.isupper() and len(text) > _SHORT)
        if not loose:
            return None
        folded = text.casefold()
        return (determined and self._any_case.get(f"the {folded}")) or self._any_case.get(folded)

    def _government(self, text: str, any_case: bool) -> Entry | None:
        match = _GOVERNMENT_OF.fullmatch(text)
        if match:
            found = self._named(*core(match["of"]), any_case)
        else:
            match = _ITS_GOVERNMENT.fullmatch(text)
            whose = match["whose"] if match else ""
            # "the new Iraqi government", but "the Federal Republic's".
            found = self._country(whose, any_case) or self._country(_KINDS.sub("", whose), any_case)
        return found if found is not None and found.type is ActorType.COUNTRY else None

    def _country(self, whose: str, any_case: bool) -> Entry | None:
        demonym = self._demonyms.get(whose) or (self._demonyms.get(whose.title()) if any_case else None)
        return demonym or self._named(whose, False, any_case)


_EVERYDAY = frozenset((word,) for word in ("who", "ice", "sec", "spa", "quad", "fed", "lords", "commons", "amnesty"))
_SHORT = 4
_BODY = "(?:government|administration|authorities|leadership|side|regime|cabinet)"
_KIND = "(?:new|current|outgoing|incoming|federal|central|national|coalition|interim|transitional|caretaker)"
_KINDS = re.compile(rf"^(?:{_KIND} )+", re.IGNORECASE)
_GOVERNMENT_OF = re.compile(rf"(?:{_KIND} )*{_BODY} (?:of|in) (?P<of>.+)", re.IGNORECASE)
_ITS_GOVERNMENT = re.compile(rf"(?P<whose>.+?)(?:'s|(?<=s)')?(?: {_KIND})* {_BODY}", re.IGNORECASE)


def _by_first_word(forms: Mapping[tuple[str, ...], tuple[Entry | None, Form]]) -> _Sequences:
    """Return sequences of words and whom they mean by their first word, longest first."""
    sequences: _Sequences = {}
    for sequence in sorted(forms, key=lambda words: (-len(words), words)):
        sequences.setdefault(sequence[0], []).append((sequence, *forms[sequence]))
    return sequences


def _longest(
    sequences: _Sequences, words: Sequence[tuple[int, int, str]], at: int
) -> tuple[tuple[str, ...], Entry | None, Form] | None:
    for candidate in sequences.get(words[at][2], ()):
        if tuple(word[2] for word in words[at : at + len(candidate[0])]) == candidate[0]:
            return candidate
    return None


def _entries(records: Iterable[Record]) -> dict[str, Entry]:
    """Return one entry for each name, with the aliases of all its records."""
    entries: dict[str, Entry] = {}
    for record in records:
        before = entries.get(record.name)
        known = before.aliases if before else ()
        aliases = dict.fromkeys(known + record.aliases + record.seats)
        entries[record.name] = (
            replace(before, aliases=tuple(aliases)) if before else Entry(record.name, record.type, tuple(aliases))
        )
    return entries


@cache
def _shipped() -> Knowledge:
    return Knowledge(tuple(_read.shipped()))


_current: ContextVar[Knowledge | None] = ContextVar("stancegraph_knowledge", default=None)


def _knowledge() -> Knowledge:
    return _current.get() or _shipped()


def with_extra(path: str | Path) -> Knowledge:
    """Return the shipped knowledge extended by a YAML file.

    Args:
        path: A YAML list of entries with `name`, `type` and optional lists `aliases`, `adjectives`, `people`,
            `seats`, `stand_ins`. An entry under a shipped name extends it; a name that meant somebody else
            means the new entry.

    Raises:
        KnowledgeFileError: If the file cannot be read as such a list; names file and line.
    """
    return Knowledge((*_shipped().records, *_read.added(path)))


@contextmanager
def using(knowledge: Knowledge) -> Iterator[Knowledge]:
    """Let the functions of this module read `knowledge` inside a `with` block (this thread or task alone).

    Args:
        knowledge: What they are to know, as `with_extra` gives it.
    """
    token = _current.set(knowledge)
    try:
        yield knowledge
    finally:
        _current.reset(token)


def look_up(phrase: str, *, any_case: bool = False) -> Entry | None:
    """Return the country, body or news medium that a whole phrase names, or None.

    A leading determiner, a possessive ending, accents and forms of apostrophes make no difference. Capitals
    do in single words ("US", never "us"); phrases all in capitals are read too. A seat stands for its
    government ("the Kremlin", "Kyiv"), as do "the Ukrainian government", "government of Ukraine" and
    "Ukraine's leadership".

    Args:
        phrase: The whole phrase.
        any_case: Take any spelling of capitals, as for names that a person types.
    """
    return _knowledge().look_up(phrase, any_case=any_case)


def demonym(word: str) -> Entry | None:
    """Return the country that a demonym belongs to ("Lithuanian", "Finns"), or None.

    Args:
        word: The word, with or without a determiner; capitals count.
    """
    return _knowledge().demonym(word)


def stand_in(phrase: str) -> Entry | None:
    """Return whom a common noun means in texts that also name them ("the bloc" → European Union), or None.

    Args:
        phrase: The noun, with or without a determiner, in any case.
    """
    return _knowledge().stand_in(phrase)


def represented(body: str) -> Entry | None:
    """Return the country for which a ministry, government or embassy speaks ("Indian Foreign Ministry"), or None.

    Only bodies whose word is their country's: of a parliament or an agency it is not.

    Args:
        body: The name of the body.
    """
    if not _SPEAKS_FOR_COUNTRY.search(body):
        return None
    found = [m for m in mentions(body) if m.entry.type is ActorType.COUNTRY]
    for named in ([m for m in found if m.form != "seat"], found):  # "Embassy of Iceland, London"
        countries = {m.entry.name: m.entry for m in named}
        if len(countries) == 1:
            return next(iter(countries.values()))
    known = look_up(body)
    country = _read.speaks_for().get(known.name) if known else None
    return look_up(country) if country else None


_SPEAKS_FOR_COUNTRY = re.compile(
    r"\b(?:foreign|external)\b.*\b(?:affairs|relations|ministry|office|trade)\b"
    r"|\b(?:ministry|department|office) (?:of|for) (?:foreign|external|state)\b|\bforeign (?:ministry|office)\b"
    r"|\bstate department\b|\bgovernment\b|\bembassy\b|\bministry of defen[cs]e\b|\bcabinet office\b",
    re.IGNORECASE,
)


def mentions(phrase: str, *, any_case: bool = False) -> tuple[Mention, ...]:
    """Return every known name inside a phrase, in text order, longest first where names lie within names.

    Args:
        phrase: The phrase.
        any_case: Take any spelling of capitals, as for phrases that a person types; abbreviations that are
            everyday words ("who") are then not read as names.
    """
    return _knowledge().mentions(phrase, any_case=any_case)
