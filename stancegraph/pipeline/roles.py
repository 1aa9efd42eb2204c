"""The role and the affiliation that a text gives to the persons it names: "the Lithuanian foreign minister".

A role stands before the name ("NATO Secretary General Jens Stoltenberg"), beside it between commas ("Ylva Johansson, the
Swedish home affairs commissioner"; "Kristersson's foreign minister, Tobias Billström"), or is said of it ("Landsbergis
is Lithuania's foreign minister"). Words are read from left and right of the name, so that headlines need no tree; where
there is one, it tells an apposition from a list.
"""

from __future__ import annotations

import calendar
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypedDict

from spacy.tokens import Doc, Span, Token

from stancegraph import knowledge

# The most words in a role, in the phrase around it, and in what belongs to it by "of" or "for".
_LONGEST_ROLE = 5
_LONGEST_PHRASE = 12
_LONGEST_COMPLEMENT = 7
_NOMINAL = frozenset({"NOUN", "PROPN", "ADJ", "NUM"})
_NAMED = frozenset({"ORG", "LOC"})
_BEFORE_OFFICE = frozenset(
    {"former", "ex", "then", "acting", "interim", "outgoing", "incoming", "deputy", "vice", "assistant", "chief", "retired"}
)
_BELONGS = frozenset({"of", "for", "at", "from", "with", "in"})
_ALSO_BELONGS = _BELONGS | {"to", "on"}  # as in "ambassador to Ukraine", whose holder speaks for somebody else
_ENDS_APPOSITION = frozenset({"PUNCT", "VERB", "AUX", "ADP", "SCONJ", "PRON", "CCONJ", "PART", "SPACE", "ADV"})
_BRACKETS = re.compile(r"\s*(?:\(([^()]{1,20})\)|,\s*([RDI]-[A-Z][A-Za-z.]+)(?=[,\s]))")
_CAMPAIGN = "campaign"
_HYPHENS = frozenset("-–")
_WITH_PORTFOLIO = frozenset({"minister", "secretary", "commissioner", "undersecretary"})
_KIN = frozenset(
    {"wife", "husband", "son", "daughter", "mother", "father", "brother", "sister", "friend", "neighbor", "neighbour"}
)
_DAYS = frozenset(word.casefold() for word in (*calendar.month_name, *calendar.day_name) if word)


class Role(TypedDict):
    """What a text says somebody is.

    `role` is in lower case and without the affiliation ("foreign minister"). `affiliation` is the country or body that the
    role belongs to, under its canonical name where it is known, else as the text names it. Either is "" if not given.
    """

    role: str
    affiliation: str


@dataclass(frozen=True)
class _Text:
    """A document, whom its tokens mean, and which tokens are names of persons."""

    doc: Doc
    who_at: Mapping[int, str]
    persons: frozenset[int]


@dataclass(frozen=True)
class _Person:
    """One place where a person is named; tokens `start` to `end` are the name without titles."""

    name: str
    start: int
    end: int


@dataclass(frozen=True)
class _Given:
    """A role given at one place; `boss` is a person through whom the affiliation would be known."""

    role: str
    affiliation: str = ""
    boss: str = ""


def roles(doc: Doc, who_at: Mapping[int, str]) -> dict[str, Role]:
    """Return what a document says about the roles of the persons it names.

    Args:
        doc: The document, with names, tags and trees.
        who_at: The full name of the person meant by each token that is part of a mention. Tokens of pronouns may be
            among them, and those of other names, which are left aside.

    Returns:
        By full name, the role that the document gives a person most often (the first of several), with the affiliation
        named most often with it. Persons of whom nothing is said are left out.
    """
    # A role in capitals may pass for a name: "Lithuanian Foreign Minister".
    people = [ent for ent in doc.ents if ent.label_ == "PERSON" and not knowledge.is_role(ent.text)]
    text = _Text(doc, who_at, frozenset(token.i for ent in people for token in ent))
    said: dict[str, list[_Given]] = {}
    for ent in people:
        name = who_at.get(ent.end - 1) or who_at.get(ent.start)
        if name:
            person = _Person(name, _start_of_name(ent), ent.end)
            said.setdefault(name, []).extend(_given(text, person))
    found = {name: _chosen(given) for name, given in said.items() if given}
    out: dict[str, Role] = {}
    for name, one in found.items():
        boss = found.get(one.boss) if one.boss != name else None
        affiliation = one.affiliation or (boss.affiliation if boss else "")
        if one.role or affiliation:
            out[name] = Role(role=one.role, affiliation=affiliation)
    return out


def _start_of_name(ent: Span) -> int:
    """Return the first token of a person's mention that is no title."""
    _, name = knowledge.split_title(" ".join(ent.text.split()))
    start = ent.start
    while name and start < ent.end - 1 and len(" ".join(ent.doc[start : ent.end].text.split())) > len(name):
        start += 1
    return start


def _chosen(given: Sequence[_Given]) -> _Given:
    """Return the role that is given most often, the first of several, with the affiliation given most often with it."""
    counts = Counter(g.role for g in given if g.role)
    role = max(counts, key=lambda r: counts[r]) if counts else ""
    same = [g for g in given if g.role == role]
    for some in (same, given):
        places = Counter(g.affiliation for g in some if g.affiliation)
        if places:
            return _Given(role, max(places, key=lambda p: places[p]))
    return _Given(role, boss=next((g.boss for g in same if g.boss), ""))


def _given(text: _Text, person: _Person) -> Iterator[_Given]:
    """Yield what is said about a person at one place, nearest words first."""
    behind = _affiliation_behind(text, person)
    title = _read(text, _phrase_before(text, person.start), person.start, followed=True)
    if title:
        # "Republican Sen. Ted Cruz of Texas": whom an office is held for is more than the party.
        own = "" if behind and _is_party(title.affiliation) else title.affiliation
        yield title if own or title.boss else replace(title, affiliation=behind)
    elif behind:
        yield _Given("", behind)
    for start, end in (*_beside(text, person), *_said_of(text, person)):
        given = _read(text, start, end, followed=False)
        if given:
            yield given


def _is_party(name: str) -> bool:
    return name.endswith(" Party")


# --- where roles stand -----------------------------------------------------------------------------------------------


def _phrase_before(text: _Text, end: int) -> int:
    """Return where the noun phrase begins that ends before a token, "of" and the like included after a role."""
    doc, at = text.doc, end
    while at > max(0, end - _LONGEST_PHRASE):
        token = doc[at - 1]
        if token.i in text.persons and at == end:
            break  # another name directly before this one
        links = token.lower_ in _ALSO_BELONGS and _core(doc, max(0, at - 1 - _LONGEST_ROLE), at - 1, exact=True)
        if not (_nominal(token) or links):
            break
        at -= 1
    return at


def _nominal(token: Token) -> bool:
    """Tell whether a token may stand within a role and what belongs to it."""
    word = token.pos_ in _NOMINAL or token.tag_ in ("POS", "PRP$") or _is_hyphen(token) or token.ent_type_ in _NAMED
    return word or (token.text.endswith(".") and knowledge.role_name(token.text) is not None)


def _is_hyphen(token: Token) -> bool:
    return token.text in _HYPHENS and token.i > 0 and not token.whitespace_ and not token.nbor(-1).whitespace_


def _affiliation_behind(text: _Text, person: _Person) -> str:
    """Return what brackets or "of" directly behind a name say: "(R-Texas)", "of the European Commission"."""
    doc, at = text.doc, person.end
    match = _BRACKETS.match(doc.text[doc[at - 1].idx + len(doc[at - 1]) :][:30])
    seat = knowledge.seat_in_congress(match[1] or match[2]) if match else None
    if seat:
        return seat
    if at + 1 < len(doc) and doc[at].lower_ in ("of", "from", "with", "at"):
        allowed = _NAMED if doc[at].lower_ == "of" else {"ORG"}
        at += 1 + (doc[at + 1].lower_ == "the")
        ent = next((e for e in doc.ents if e.start <= at < e.end), None)
        if ent is not None and ent.label_ in allowed:
            return _name_of(ent)
    return ""


def _beside(text: _Text, person: _Person) -> Iterator[tuple[int, int]]:
    """Yield the words set off by a comma or dash right behind a name, then those right before it."""
    doc, at = text.doc, person.end
    if at < len(doc) and doc[at].text == "(":  # brackets do not part a name from its role
        at = next((i for i in range(at, min(at + 8, len(doc))) if doc[i].text == ")"), at) + 1
    if at + 1 < len(doc) and doc[at].text in (",", "–", "—"):
        end = _phrase_after(text, at + 1)
        if end is not None and not _joined_to(doc, person, at + 1, end):
            yield at + 1, end
    comma = person.start - 1
    if comma > 0 and doc[comma].text == "," and _closed(doc, person.end):
        begin = _phrase_before(text, comma)
        determined = begin > 0 and doc[begin - 1].pos_ == "DET" and doc[begin - 1].dep_ != "obj"
        possessed = any(t.tag_ in ("POS", "PRP$") or knowledge.demonym(t.text) for t in doc[begin:comma])
        if (determined or possessed) and not _joined_to(doc, person, begin, comma):
            yield begin, _end_of_role(doc, begin, comma)


def _end_of_role(doc: Doc, begin: int, end: int) -> int:
    """Return where a phrase is cut off by "of" and the like."""
    return next((i for i in range(begin, end) if doc[i].lower_ in _ALSO_BELONGS), end)


def _phrase_after(text: _Text, begin: int) -> int | None:
    """Return where the noun phrase after a comma ends; None if it does not end as an apposition does."""
    doc, at = text.doc, begin
    while at < min(len(doc), begin + _LONGEST_PHRASE) and (_nominal(doc[at]) or doc[at].pos_ == "DET"):
        if at in text.persons and not _possessor(text, at):
            return None  # the title of somebody else: "Duda, President Macron and …"
        at += 1
    return at if at > begin and (at == len(doc) or doc[at].pos_ in _ENDS_APPOSITION) else None


def _possessor(text: _Text, at: int) -> bool:
    """Tell whether the person named at a token is one to whom the words behind belong."""
    after = next((t for t in text.doc[at:] if t.i not in text.persons), None)
    return after is not None and (after.tag_ == "POS" or (after.pos_ == "NOUN" and text.doc[after.i - 1].dep_ == "compound"))


def _closed(doc: Doc, at: int) -> bool:
    """Tell whether what stands at a token closes an apposition."""
    return at >= len(doc) or doc[at].is_punct or doc[at].is_space or doc[at].is_sent_start is True


def _joined_to(doc: Doc, person: _Person, begin: int, end: int) -> bool:
    """Tell whether the tree takes the words beside a name for another item of a list."""
    words, name = range(begin, end), range(person.start, person.end)
    joined = [t for t in (*doc[begin:end], *doc[person.start : person.end]) if t.dep_ == "conj"]
    return any((t.i in words and t.head.i in name) or (t.i in name and t.head.i in words) for t in joined)


def _said_of(text: _Text, person: _Person) -> Iterator[tuple[int, int]]:
    """Yield the words said of a name with a form of "be": "Landsbergis is …", "Landsbergis, who was …"."""
    name = range(person.start, person.end)
    for token in text.doc[person.start : person.end]:
        for noun in (token.head, *(c for c in token.children if c.dep_ in ("acl:relcl", "appos"))):
            copula = next((c for c in noun.children if c.dep_ == "cop" and c.i < noun.i), None)
            subject = any(c.dep_ == "nsubj" and (c.i in name or c.tag_ == "WP") for c in noun.children)
            denied = any(c.lower_ in ("not", "n't", "never", "no") or c.tag_ == "MD" for c in noun.children)
            if copula is not None and subject and not denied and noun.pos_ in ("NOUN", "PROPN"):
                end = _phrase_after(text, copula.i + 1)
                if end is not None:
                    yield copula.i + 1, end


# --- what they say ---------------------------------------------------------------------------------------------------


def _core(doc: Doc, begin: int, end: int, *, exact: bool) -> tuple[int, int] | None:
    """Return the longest known role that ends at a token or, unless `exact`, beyond it ("secretary | of state")."""
    for last in range(end if exact else min(len(doc), end + _LONGEST_ROLE), end - 1, -1):
        for first in range(max(begin, last - _LONGEST_ROLE), min(last, end)):
            role = knowledge.role_name(doc[first:last].text)
            if role and role not in _KIN:
                return first, last
    return None


def _read(text: _Text, begin: int, end: int, *, followed: bool) -> _Given | None:
    """Return the role in which some words end, None if they do not.

    Args:
        text: The text.
        begin: First token.
        end: Token after the last.
        followed: Whether the person's name follows at `end`, so that nothing behind belongs to the role.
    """
    doc = text.doc
    core = _core(doc, begin, end, exact=followed)
    if core is None and followed:  # "President of Ukraine Volodymyr Zelensky"
        link = _end_of_role(doc, begin, end)
        core = _core(doc, begin, link, exact=True) if link < end - 1 else None
    elif core is not None and followed:  # "a former adviser to President Trump": the former is somebody else
        begin = max([begin, *(i + 1 for i in range(begin, core[0]) if doc[i].lower_ in _ALSO_BELONGS)])
    if core is None:
        return None
    names = [n for n in _names_in(doc, begin, core[1]) if n.end < core[1] and (n.start < core[0] or _known(n))]
    if doc[core[1] - 1].lower_ in _WITH_PORTFOLIO:  # "Enlargement Commissioner": what no body is called, names the field
        names = [n for n in names if n.label_ == "LOC" or len(n) > 1 or _known(n)]
    first = max([core[0], *(n.end for n in names)])
    role, first = _role_words(text, begin, first, core[1], names)
    complement, affiliation, boss = _complement(text, core[1], end if followed else len(doc))
    if not affiliation and names and knowledge.is_local(role):
        affiliation = " ".join(names[-1].text.split())  # the town itself, not the government that sits there
    if not affiliation and not boss:
        affiliation, boss = _owner(text, begin, first, names)
    return _Given(f"{role} {complement}".strip(), affiliation, boss)


def _names_in(doc: Doc, begin: int, end: int) -> list[Span]:
    """Return the countries, bodies and demonyms named in a phrase, of names within names the longer."""
    offset = doc[begin].idx
    known = [(offset + m.start, offset + m.end) for m in knowledge.mentions(doc[begin:end].text)]
    found = [span for b, e in known if (span := doc.char_span(b, e)) is not None]
    found += [e for e in doc.ents if begin <= e.start and e.end <= end and e.label_ in _NAMED]
    found += [doc[i : i + 1] for i in range(begin, end) if doc[i].is_title and _known(doc[i : i + 1])]
    names: list[Span] = []
    taken: set[int] = set()
    for span in sorted(found, key=lambda s: (-len(s), s.start)):
        if taken.isdisjoint(range(span.start, span.end)):
            taken.update(range(span.start, span.end))
            names.append(span)
    return sorted(names, key=lambda s: s.start)


def _role_words(text: _Text, begin: int, first: int, last: int, names: Sequence[Span]) -> tuple[str, int]:
    """Return a role with the nouns that narrow it down ("home affairs commissioner"), and where it begins."""
    doc = text.doc
    core = doc[first:last].text
    words = [knowledge.role_name(core) or " ".join(core.lower().split())]
    named = text.persons | {t.i for span in names for t in span}
    start = first
    while start > begin and start - 1 not in named:
        token = doc[start - 1]
        noun = token.pos_ in ("NOUN", "PROPN") and token.tag_ != "POS"
        narrows = start < first and token.pos_ == "ADJ" and token.lower_ not in _BEFORE_OFFICE
        # "rival Sen. …" has two roles, "in December Secretary of State …" a date before the only one.
        other = token.lower_ in _DAYS or knowledge.role_name(token.text) is not None
        if other or not (noun or narrows or _is_hyphen(token)):
            break
        words.insert(0, token.lower_)
        start -= 1
    before = [t.lower_ for t in doc[begin:start] if t.i not in named and t.lower_ in _BEFORE_OFFICE]
    return re.sub(r"\s*([-–])\s*", r"\1", " ".join([*before, *words])).strip("-– "), start


def _complement(text: _Text, at: int, end: int) -> tuple[str, str, str]:
    """Return what follows a role: words that are part of it ("for European affairs"), whom it serves, and which person."""
    doc, words = text.doc, ""
    while at + 1 < end and doc[at].lower_ in _BELONGS:
        stop = at + 1
        while stop < min(end, at + _LONGEST_COMPLEMENT) and (_nominal(doc[stop]) or doc[stop].pos_ == "DET"):
            stop += 1
        names = _names_in(doc, at + 1, stop) if stop > at + 1 else []
        person = next((i for i in range(at + 1, stop) if i in text.persons), None)
        if person is not None and not any(n.end <= person for n in names):
            return words, _campaign(text, person, stop), text.who_at.get(person, "")
        if doc[at].lower_ == "in":  # a minister in Kyiv is of no body, one in the Polish government is
            names = [n for n in names if n.label_ == "ORG"]
        field = doc[at - 1].lower_ in _WITH_PORTFOLIO and names and not _known(names[0]) and doc[at].lower_ == "for"
        if names and not field:
            return words, _name_of(names[0]), ""
        bare = doc[at].lower_ in ("of", "for") and stop > at + 1 and doc[at + 1].pos_ != "DET"
        if bare and not words and not any(t.tag_ in ("POS", "PRP$") for t in doc[at:stop]):
            words = " ".join(t.lower_ for t in doc[at:stop])
        at = stop
    return words, "", ""


def _campaign(text: _Text, person: int, end: int) -> str:
    """Return the campaign that is called after a person: "Clinton campaign", or ""."""
    rest = [t for t in text.doc[person:end] if t.i not in text.persons and t.tag_ != "POS" and t.pos_ != "ADJ"]
    named = [t.text for t in text.doc[person:end] if t.i in text.persons]
    return " ".join([*named, _CAMPAIGN]) if rest and rest[0].lower_ == _CAMPAIGN else ""


def _owner(text: _Text, begin: int, first: int, names: Sequence[Span]) -> tuple[str, str]:
    """Return to whom a role belongs by the words before it: a country or body, or a person."""
    doc = text.doc
    own = [n for n in names if n.end <= first]
    if own:
        possessors = [n for n in own if n.end < len(doc) and doc[n.end].tag_ == "POS"]
        places = [n for n in own if not _is_party(_name_of(n))]
        return _name_of((possessors or places or own)[-1]), ""
    persons = [i for i in range(begin, first) if i in text.persons or (doc[i].tag_ == "PRP$" and i in text.who_at)]
    if not persons:
        return "", ""
    start = next(i for i in persons if all(k in persons for k in range(i, persons[-1] + 1)))
    campaign = _campaign(text, start, first + 1) if persons[-1] in text.persons else ""
    return campaign, "" if campaign else text.who_at.get(persons[-1], "")


def _name_of(span: Span) -> str:
    """Return the canonical name of a country, body or party, else the words of the text."""
    known = _known(span)
    return known.name if known else re.sub(r"^[Tt]he\s+|['’]s?$", "", " ".join(span.text.split()))


def _known(span: Span) -> knowledge.Entry | None:
    words = " ".join(span.text.split())
    return knowledge.look_up(words) or knowledge.demonym(words) or knowledge.look_up(f"{words} Party")
