"""Who is named where in a document: persons under their fullest name, bodies and countries."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from rapidfuzz.distance import DamerauLevenshtein
from spacy.tokens import Doc, Span

from stancegraph import knowledge
from stancegraph.models import ActorType

LONGEST_ROLE = 6
LEAST_MISSPELT = 5
ABBREVIATED = 2
_BODY_TYPES = {"ORG": ActorType.ORGANIZATION, "LOC": ActorType.ORGANIZATION}
_EDGES = " \t\n\"'“”‘’,.;:()[]–—-"

Gender = str  # "feminine", "masculine" or ""
Chooser = Callable[[int, dict[int, str]], str | None]


class Holder(TypedDict):
    """Whose position it is: the fullest name in the document and the kind of actor (a value of `ActorType`)."""

    name: str
    type: str


@dataclass
class Mentions:
    """Everybody a document names: for each token that is part of a mention, who is meant."""

    person_at: dict[int, str] = field(default_factory=dict)
    roles: list[tuple[frozenset[str], str]] = field(default_factory=list)
    gender: dict[str, Gender] = field(default_factory=dict)
    body_at: dict[int, Holder] = field(default_factory=dict)


def clean(phrase: str) -> str:
    """Return a phrase on one line, without possessive ending, brackets' contents and marks around it."""
    phrase = re.sub(r"\s*[(\[][^)\]]*[)\]]", "", " ".join(phrase.split()))
    return re.sub(r"['’]s?$", "", phrase.strip(_EDGES)).strip(_EDGES)


def find_mentions(doc: Doc, choose: Chooser) -> Mentions:
    """Return who is named where.

    Args:
        doc: A document with names.
        choose: Picks, for a token and the persons mentioned so far (token index → name), the one it most likely means;
            asked where several persons of a document share a surname.
    """
    mentions = Mentions()
    persons = _person_names(doc)
    named = [(ent.start, name) for ent, name in persons]
    for ent, name in persons:
        full = _fullest(name, ent, named, mentions.person_at, choose)
        mentions.person_at.update(dict.fromkeys(range(ent.start, ent.end), full))
        mentions.roles += [(words, full) for words in _roles_of(ent)]
    mentions.gender = _genders(persons, mentions)
    bodies = [ent for ent in doc.ents if ent.label_ in _BODY_TYPES]
    fullest = _fullest_bodies(bodies)
    for ent in bodies:
        if ent.start in mentions.person_at:
            continue  # a person's surname that is also a place ("Paris claims")
        mentions.body_at.update(dict.fromkeys(range(ent.start, ent.end), _body(ent, bodies, fullest)))
    return mentions


# --- persons ---------------------------------------------------------------------------------------------------------


def _person_names(doc: Doc) -> list[tuple[Span, str]]:
    found = []
    for ent in doc.ents:
        if ent.label_ == "PERSON":
            _, name = knowledge.split_title(clean(ent.text))
            if name:
                found.append((ent, name))
    full_names = [name for _, name in found if " " in name]
    found += _surnames_among_bodies(doc, full_names)
    found += _surnames_unnamed(doc, full_names)
    taken = {i for ent, _ in found for i in range(ent.start, ent.end)}
    for token in doc[:-1] if len(doc) else ():  # who speaks in a transcript: "PENCE: …"
        label = token.i not in taken and token.is_alpha and doc[token.i + 1].text == ":"
        if label and any(_same_word(token.text, n.split()[-1]) for n in full_names if token.is_upper):
            found.append((doc[token.i : token.i + 1], token.text))
    return sorted(found, key=lambda f: f[0].start)


def _surnames_among_bodies(doc: Doc, full_names: Sequence[str]) -> Iterator[tuple[Span, str]]:
    """Yield the surnames alone that were taken for a body or place."""
    for ent in doc.ents:
        name = clean(ent.text)
        if ent.label_ in _BODY_TYPES and len(name.split()) == 1 and not name.isupper() and _is_surname(name, full_names):
            yield ent, name


def _surnames_unnamed(doc: Doc, full_names: Sequence[str]) -> Iterator[tuple[Span, str]]:
    """Yield the surnames alone that were not taken for a name at all, perhaps for a slip in them."""
    for token in doc:
        if not token.ent_type_ and token.pos_ == "PROPN" and token.is_title and _is_surname(token.text, full_names):
            yield doc[token.i : token.i + 1], token.text


def _is_surname(word: str, full_names: Sequence[str]) -> bool:
    if any(n.split()[-1] == word for n in full_names):
        return True
    return knowledge.look_up(word) is None and _spelt_alike(word, full_names) != word


def _fullest(name: str, ent: Span, named: Sequence[tuple[int, str]], so_far: dict[int, str], choose: Chooser) -> str:
    """Return the fullest name in the document that `name` is short for.

    A surname or given name alone is read as the full name that has it; where several persons do, the links choose among
    those mentioned before, else it is the one whom the document names most.
    """
    parts = name.split()
    if len(parts) > 1:
        longer = [n for _, n in named if _short_for(parts, n.split())]
        return max([name, *longer], key=lambda n: (len(n.split()), len(n), n))
    fits = [(i, n) for i, n in named if " " in n and _same_word(name, n.split()[-1])]
    fits = fits or [(i, n) for i, n in named if " " in n and _same_word(name, n.split()[0])]
    if not fits:
        return _spelt_alike(name, [n for _, n in named])
    uses = Counter(n for _, n in fits)
    if len(uses) > 1:
        before = {i: n for i, n in so_far.items() if n in uses}
        chosen = choose(ent.root.i, before) if before else None
        if chosen:
            return chosen
    return max(fits, key=lambda f: (uses[f[1]], f[0] <= ent.start, -abs(ent.start - f[0])))[1]


def _same_word(a: str, b: str) -> bool:
    """Tell whether two words are the same, one of them perhaps in capitals ("PENCE:")."""
    return a == b or (a.isupper() and len(a) > ABBREVIATED and a == b.upper())


def _spelt_alike(name: str, named: Sequence[str]) -> str:
    """Return the one full name whose surname is `name` but for one letter (a slip, another transliteration)."""
    if len(name) < LEAST_MISSPELT:
        return name
    near = {
        full
        for full in named
        if " " in full
        and (last := full.split()[-1])[:1] == name[:1]
        and len(last) >= LEAST_MISSPELT
        and DamerauLevenshtein.distance(last.casefold(), name.casefold(), score_cutoff=1) <= 1
    }
    return max(sorted(near), key=len) if len({n.split()[-1] for n in near}) == 1 else name


def _short_for(parts: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether a name of several parts is another with middle names or initials left out."""
    rest = iter(other)
    return len(parts) < len(other) and parts[0] == other[0] and parts[-1] == other[-1] and all(p in rest for p in parts)


def _roles_of(ent: Span) -> Iterator[frozenset[str]]:
    """Yield the words of the roles that stand before a person's name, in it, or set off by a comma after it."""
    doc = ent.doc
    for length in range(LONGEST_ROLE, 0, -1):
        before = doc[max(0, ent.start - length) : ent.start]
        if before and knowledge.is_role(before.text):
            yield role_words(before.text)
            break
    title, _ = knowledge.split_title(clean(ent.text))
    if title:
        yield role_words(title)
    if ent.end < len(doc) and doc[ent.end].text == ",":
        for length in range(LONGEST_ROLE, 0, -1):
            after = doc[ent.end + 1 : ent.end + 1 + length]
            if after and knowledge.is_role(after.text):
                yield role_words(after.text)
                break


def role_words(phrase: str) -> frozenset[str]:
    """Return the words of a role that tell it from others."""
    return frozenset(w for w in re.findall(r"\w+", phrase.lower()) if w not in ("the", "a", "an", "former", "his", "her"))


def _genders(persons: Sequence[tuple[Span, str]], mentions: Mentions) -> dict[str, Gender]:
    """Return the gender of each person whose titles, roles or given name tell it."""
    votes: dict[str, Counter[Gender]] = {}
    for ent, name in persons:
        full = mentions.person_at[ent.start]
        before = ent.doc[ent.start - 1].text if ent.start else ""
        told = knowledge.gender_of_role(f"{before} {ent.text[: -len(name)]}")
        votes.setdefault(full, Counter())[told] += 1
    for words, full in mentions.roles:
        votes[full][knowledge.gender_of_role(" ".join(sorted(words)))] += 1
    out = {}
    for full, counted in votes.items():
        counted.pop("", None)
        out[full] = max(sorted(counted), key=counted.__getitem__) if counted else knowledge.gender_of_name(full)
    return out


# --- bodies ----------------------------------------------------------------------------------------------------------


def _bare(ent: Span) -> str:
    return clean(re.sub(r"^[Tt]he\s+", "", ent.text))


def _fullest_bodies(bodies: Sequence[Span]) -> dict[str, str]:
    """Return for each known organization the fullest of the names by which the document calls it.

    An organization keeps the words of its document ("AK Party"); a country always has its usual name, because texts call
    it by its capital or its people, and so have the EU and the UN.
    """
    names: dict[str, Counter[str]] = {}
    for ent in bodies:
        known = knowledge.look_up(clean(ent.text))
        if known and known.type is not ActorType.COUNTRY and _is_name_of(_bare(ent), known.name):
            names.setdefault(known.name, Counter())[_bare(ent)] += 1
    return {
        known: known if known in seen else max(sorted(seen), key=lambda n: (len(n.split()), len(n)))
        for known, seen in names.items()
    }


def _is_name_of(phrase: str, known: str) -> bool:
    found = knowledge.mentions(phrase)
    return len(phrase) > ABBREVIATED and bool(found) and found[0].entry.name == known and found[0].form == "name"


def _body(ent: Span, bodies: Sequence[Span], fullest: dict[str, str]) -> Holder:
    name = _bare(ent)
    known = knowledge.look_up(clean(ent.text))
    if known:
        return Holder(name=fullest.get(known.name, known.name), type=known.type.value)
    if name.isupper() and 2 <= len(name) <= 6:
        for other in bodies:
            full = _bare(other)
            initials = "".join(w[0] for w in full.replace("-", " ").split() if w[0].isupper())
            if initials == name and full != name:
                return Holder(name=full, type=ActorType.ORGANIZATION.value)
    return Holder(name=name or ent.text, type=_BODY_TYPES[ent.label_].value)
