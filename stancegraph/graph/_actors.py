"""Which names mean the same actor, within a document and across documents.

Within a document a surname means the one person who bears it there, an abbreviation the body it abbreviates.
Across documents, names are joined by world knowledge ("Kyiv", "the Ukrainian government"), persons by their
full names up to spelling, all others by their words. Where two actors answer to a name equally well, the name
stays an actor of its own.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from stancegraph import knowledge
from stancegraph.graph._persons import (
    PersonName,
    given_key,
    is_short_for,
    read_name,
    rough_spelling,
    same_middle,
    spelling,
)
from stancegraph.models import Actor, ActorType

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

UNNAMED = "unnamed source"
_PARTICLES = frozenset(("von", "van", "de", "der", "den", "la", "le", "du", "di", "da", "dos", "bin", "ben", "ter"))
_PARENTHESIS = re.compile(r"\s*\([^)]*\)\s*$")
_DETERMINER = re.compile(r"^(?:the|a|an)\s+", re.IGNORECASE)
_WORDS = re.compile(r"\w+(?:-\w+)*")
_JOINTS = frozenset(("the", "a", "an", "of", "s"))
_ACRONYM = re.compile(r"[A-Z][A-Za-z]*[A-Z]s?")
# How many times as often one of two namesakes must occur to be meant by the shared name alone: in the same
# document, which names whom it means; in others.
_CLEARLY = 2
_BY_FAR = 5
_Key = tuple[str, ...]


@dataclass(frozen=True, order=True)
class Named:
    """One name in one document.

    Args:
        document: Id of the document.
        name: The name as written.
        type: What kind of actor the text takes it for; "" if it does not say.
    """

    document: str
    name: str
    type: str = ""


@dataclass
class _Local:
    """A name of a document on its way to an actor."""

    document: str
    raw: str
    name: str
    type: str
    title: str
    count: int
    key: _Key = ()
    person: PersonName | None = None


def resolve_actors(
    named: Iterable[Named], text_of: Callable[[str], str]
) -> tuple[dict[tuple[str, str], Actor], list[Actor]]:
    """Find out whom names mean.

    Args:
        named: Every occurrence of a name; repetitions count.
        text_of: Gives a document's text by its id.

    Returns:
        The actor by document id and name as written, and all actors sorted by name.
    """
    by_document: dict[str, list[_Local]] = defaultdict(list)
    for local in _locals(named):
        by_document[local.document].append(local)
    bearers = [n for names in by_document.values() for n in names if n.type == ActorType.PERSON.value]
    read = {read_name(n.name) for n in bearers if " " in n.name}
    person_names = {name.words for name in read} | {(name.last,) for name in read if _has_given_name(name)}
    for document in sorted(by_document):
        _resolve_within(by_document[document], person_names, partial(text_of, document))
    every = [local for document in sorted(by_document) for local in by_document[document]]
    _join_persons([local for local in every if local.person is not None])
    return _actors(every)


def _locals(named: Iterable[Named]) -> list[_Local]:
    votes: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for one in named:
        votes[one.document, one.name][one.type] += 1
    found = []
    for (document, raw), types in sorted(votes.items()):
        told = Counter({kind: n for kind, n in types.items() if kind})
        kind = min(told, key=lambda k: (-told[k], k)) if told else ""
        name = _clean(raw)
        title = ""
        if kind in ("", ActorType.PERSON.value, ActorType.UNKNOWN.value):
            title, rest = knowledge.split_title(_PARENTHESIS.sub("", name))
            name = rest or name
            title = title if rest else ""
        found.append(_Local(document, raw, name, kind, title, sum(types.values())))
    return found


def _clean(name: str) -> str:
    name = " ".join(name.split()).strip(' ,;:"“”')
    name = re.sub(r"['’]s$", "", name)
    return _DETERMINER.sub("", name) if not knowledge.look_up(name) else name


def _resolve_within(names: list[_Local], person_names: set[_Key], text: Callable[[], str]) -> None:
    """Give every name of one document its key; persons get a full name instead."""
    people = [n for n in names if _is_person(n, person_names)]
    for local in people:
        local.person = read_name(local.name)
    occurrences: Counter[PersonName] = Counter()
    for local in people:
        if local.person is not None and len(local.person.words) > 1:
            occurrences[local.person] += local.count + text().count(local.name)
    for local in people:
        if local.person is not None:
            local.person = _full_name(local.person, occurrences) or local.person
    others = [n for n in names if n.person is None]
    for local in others:
        local.key = _known(local, text) or _words_key(local.name)
    _join_abbreviations(others, text)


def _is_person(local: _Local, person_names: set[_Key]) -> bool:
    if not local.name or knowledge.is_role(local.name):
        return False
    known = knowledge.look_up(local.raw)
    if local.type == ActorType.PERSON.value:
        # A one-word name of a country may be a surname ("Jordan"); abbreviations and longer names are none.
        one_word = " " not in local.name and not local.name.isupper()
        return known is None or one_word or bool(local.title)
    if known is not None or local.type not in ("", ActorType.UNKNOWN.value) or _DETERMINER.match(local.raw):
        return False
    return local.name[0].isupper() and (bool(local.title) or read_name(local.name).words in person_names)


def _full_name(name: PersonName, occurrences: Counter[PersonName]) -> PersonName | None:
    """Return the full name that a shorter name of the same document stands for, if it is clear which."""
    for fits in (is_short_for, _is_given_name_of):
        found = Counter({full: n for full, n in occurrences.items() if fits(name, full)})
        # The son is called by his suffix.
        seniors = Counter({full: n for full, n in found.items() if full.suffix == name.suffix})
        families = _families(seniors or found)
        if families:
            return _dominant(families, _CLEARLY)
    return None


def _families(counts: Counter[PersonName]) -> Counter[PersonName]:
    """Join the counts of spellings of one person; the most frequent spelling stands for it."""
    families: Counter[PersonName] = Counter()
    for name in sorted(counts, key=lambda n: (-counts[n], n.words)):
        same = next((f for f in families if _same_person(f, name)), name)
        families[same] += counts[name]
    return families


def _same_person(a: PersonName, b: PersonName) -> bool:
    same_last = spelling(a.last) == spelling(b.last)
    return given_key(a) == given_key(b) and same_last and a.suffix == b.suffix and same_middle(a, b)


def _is_given_name_of(short: PersonName, full: PersonName) -> bool:
    return short.words == full.words[: len(short.words)] and len(short.words) < len(full.words)


def _dominant(counts: Counter[PersonName], factor: int) -> PersonName | None:
    """Return the name that occurs `factor` times as often as any other, None if there is none."""
    ranked = sorted(counts, key=lambda n: (-counts[n], n.words))
    clear = len(ranked) == 1 or counts[ranked[0]] >= factor * counts[ranked[1]]
    return ranked[0] if clear else None


def _known(local: _Local, text: Callable[[], str]) -> _Key:
    """Return the key of an actor of world knowledge, () if it is none."""
    if not local.name:
        return ("", "")
    entry = knowledge.look_up(local.raw) or knowledge.look_up(local.name)
    if entry is None:
        stands_for = knowledge.stand_in(local.name)
        if stands_for and any(name in text() for name in (stands_for.name, *stands_for.aliases)):
            entry = stands_for
    return ("known", entry.name) if entry else ()


def _words_key(name: str) -> _Key:
    """Return the words of a name in an order of their own: "members of NATO" is "NATO members"."""
    plain = name
    for mention in reversed(knowledge.mentions(name)):
        # A seat in a longer name is the place itself: "White House officials" are not all American officials.
        if mention.form != "seat":
            plain = f"{plain[: mention.start]} {mention.entry.name} {plain[mention.end :]}"
    words = [w for w in _WORDS.findall(knowledge.fold(plain).casefold()) if w not in _JOINTS]
    return ("words", *sorted(set(words)), *(() if words else (name,)))


def _join_abbreviations(names: Sequence[_Local], text: Callable[[], str]) -> None:
    """Join "OSF" with "Open Society Foundations (OSF)", "Brookings" with "Brookings Institution"."""
    bodies = [n for n in names if n.key[0] == "words" and n.type != ActorType.GROUP.value]
    for short in bodies:
        if " " in short.name:
            continue
        if _ACRONYM.fullmatch(short.name):
            longer = _spelt_out(short.name, text())
            keys = {_words_key(longer)} if longer else set()
        else:
            start = short.name + " "
            keys = {n.key for n in bodies if n.name.startswith(start) and n.name[len(start)].isupper()}
        if len(keys) == 1:
            short.key = keys.pop()


def _spelt_out(acronym: str, text: str) -> str | None:
    """Return the capitalised words before "(ACRONYM)" whose initials it is made of, if the text has them."""
    at = text.find(f"({acronym})")
    if at < 0:
        return None
    words = text[max(0, at - 200) : at].split()
    letters = [c for c in acronym if c.isupper()]
    for start in range(len(words) - len(letters), max(-1, len(words) - 2 * len(letters) - 3), -1):
        candidate = words[start:] if start >= 0 else []
        if candidate and [w[0] for w in candidate if w[0].isupper()] == letters and candidate[0][0].isupper():
            return " ".join(candidate)
    return None


def _join_persons(people: Sequence[_Local]) -> None:
    """Give every person a key that is equal for all names of that person in all documents."""
    counts: Counter[PersonName] = Counter()
    for local in people:
        if local.person is not None:
            counts[local.person] += local.count
    by_frequency = sorted(counts, key=lambda n: (-counts[n], n.words, n.suffix))
    full = [n for n in by_frequency if _has_given_name(n)]
    stands_for = _join_full_names(full, counts)
    heads = Counter(dict.fromkeys(stands_for.values(), 0))
    for name, head in stands_for.items():
        heads[head] += counts[name]
    index = _by_surname(stands_for)
    for name in by_frequency:
        if name not in stands_for:
            stands_for[name] = _bearer(name, index, heads) or name
    for local in people:
        if local.person is not None:
            head = stands_for[local.person]
            local.key = ("person", *(head.words or ("",)), head.suffix)


def _has_given_name(name: PersonName) -> bool:
    return len(name.given) > 1 and name.words[0] not in _PARTICLES


def _join_full_names(full: Sequence[PersonName], counts: Counter[PersonName]) -> dict[PersonName, PersonName]:
    """Return for each full name the most frequent name of the same person."""
    stands_for: dict[PersonName, PersonName] = {}
    for surname in (spelling, rough_spelling):
        buckets: dict[Hashable, list[PersonName]] = defaultdict(list)
        for name in full:
            head = stands_for.get(name, name)
            last = surname(head.last)
            if last is not None and head not in buckets[given_key(head), last, head.suffix]:
                buckets[given_key(head), last, head.suffix].append(head)
        joined = {n: h for heads in buckets.values() for n, h in _split_by_middle(heads, counts).items()}
        stands_for = {n: joined.get(stands_for.get(n, n), stands_for.get(n, n)) for n in full}
    return stands_for


def _split_by_middle(names: Sequence[PersonName], counts: Counter[PersonName]) -> dict[PersonName, PersonName]:
    """Tell apart namesakes by their middle names; a name without any goes to the only or dominant one."""
    heads: dict[_Key, PersonName] = {}
    sums: Counter[PersonName] = Counter()
    for name in names:
        if name.middle:
            head = heads.setdefault(name.middle, name)
            sums[head] += counts[name]
    bare: PersonName | None = next((n for n in names if not n.middle), None)
    default = bare
    if sums:
        default = _dominant(sums, _BY_FAR) or bare
    return {n: heads[n.middle] if n.middle else default or n for n in names}


def _by_surname(stands_for: Mapping[PersonName, PersonName]) -> dict[str, set[PersonName]]:
    index: dict[str, set[PersonName]] = defaultdict(set)
    for name, head in stands_for.items():
        index[spelling(name.last)].add(head)
        for start in range(1, len(name.words)):
            index[" ".join(name.words[start:])].add(head)
    return index


def _bearer(name: PersonName, index: Mapping[str, set[PersonName]], counts: Counter[PersonName]) -> PersonName | None:
    """Return the person meant by a surname, or a surname with an initial; None if several may be."""
    found = index.get(" ".join(name.words), set())
    if len(name.words) == 1 or len(name.given) == 1:
        found = found | index.get(spelling(name.last), set())
    if len(name.given) == 1:
        found = {h for h in found if h.given[:1] == name.given and h.middle[: len(name.middle)] == name.middle}
    seniors = {head for head in found if head.suffix == name.suffix} or found
    return _dominant(Counter({head: counts[head] for head in seniors}), _BY_FAR) if found else None


def _actors(every: Sequence[_Local]) -> tuple[dict[tuple[str, str], Actor], list[Actor]]:
    """Return the actor of each name in each document, and all actors."""
    members: dict[_Key, list[_Local]] = defaultdict(list)
    for local in every:
        members[local.key].append(local)
    taken: set[str] = set()
    actor_of: dict[_Key, Actor] = {}
    # Known actors keep their names; whoever shares one is told apart by its type.
    for key in sorted(members, key=lambda k: (k[0] != "known", k)):
        kind = _type(key, members[key])
        label = _label(key, members[key])
        name = label if label not in taken else f"{label} ({kind.value})"
        number = 2
        while name in taken:
            name, number = f"{label} ({kind.value} {number})", number + 1
        taken.add(name)
        aliases = sorted({local.raw for local in members[key]} - {name, ""})
        actor_of[key] = Actor(name=name, type=kind, aliases=tuple(aliases))
    found = {(local.document, local.raw): actor_of[local.key] for local in every}
    return found, sorted(actor_of.values(), key=lambda actor: actor.name)


def _type(key: _Key, members: Sequence[_Local]) -> ActorType:
    if key[0] == "person":
        return ActorType.PERSON
    entry = knowledge.look_up(key[1]) if key[0] == "known" else None
    if entry is not None:
        return entry.type
    counts: Counter[str] = Counter()
    for local in members:
        if local.type:
            counts[local.type] += local.count
    return ActorType(min(counts, key=lambda kind: (-counts[kind], kind))) if counts else ActorType.UNKNOWN


def _label(key: _Key, members: Sequence[_Local]) -> str:
    """Return the canonical name, or the most frequent of the fullest names."""
    if key[0] == "known":
        return key[1]
    counts: Counter[str] = Counter()
    for local in members:
        counts[local.name] += local.count
    if not any(counts):
        return UNNAMED
    if key[0] == "person":
        # A surname alone never names somebody whose full name is known.
        full = [name for name in counts if _has_given_name(read_name(name))]
        counts = Counter({name: counts[name] for name in full}) if full else counts
        return min(counts, key=lambda name: (-counts[name], -len(name), name))
    # A name that its document spells out elsewhere is no label ("OSF", "Brookings").
    whole = {name: counts[name] for name in counts if _words_key(name) == key} or counts
    return min(whole, key=lambda name: (-whole[name], len(name), name))
