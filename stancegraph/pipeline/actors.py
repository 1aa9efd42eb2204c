"""Holders: from the words of each source to the actor's fullest name in the document.

Names are matched within the document and with world knowledge. Pronouns, titles and other common nouns are linked to
what they stand for by two small heads over `doc.tensor`, trained on coreference chains.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypedDict

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from stancegraph import knowledge
from stancegraph.models import ActorType
from stancegraph.pipeline.attribution import AttributionRow, distance_bucket
from stancegraph.pipeline.weights import Floats, HeadWeights, vectors_of
from stancegraph.pipeline.words import WordList, word_list

_NAME_TYPES = {"PERSON": ActorType.PERSON, "ORG": ActorType.ORGANIZATION, "LOC": ActorType.ORGANIZATION}
_PART_OF_NAME = frozenset({"flat", "flat:name", "compound", "nmod:desc"})
_NOT_THE_PHRASE = frozenset({"acl", "acl:relcl", "appos", "parataxis", "punct", "advcl", "advmod:emph"})
_SHARES_SUBJECT = frozenset({"conj", "xcomp", "advcl", "aux", "cop"})
_EDGES = " \t\n\"'“”‘’,.;:()[]–—-"


LONGEST_ROLE = 6


class Holder(TypedDict):
    """Whose position it is: the fullest name in the document and the kind of actor (a value of `ActorType`)."""

    name: str
    type: str


class Holding(TypedDict):
    """The holders of one attribution, and who passes it on, outermost first."""

    holders: list[Holder]
    via: list[str]


NOBODY = Holder(name="", type=ActorType.UNKNOWN.value)


@dataclass
class Mentions:
    """Everybody a document names: for each token that is part of a mention, who is meant."""

    person_at: dict[int, str] = field(default_factory=dict)
    roles: list[tuple[frozenset[str], str]] = field(default_factory=list)
    body_at: dict[int, Holder] = field(default_factory=dict)


def clean(phrase: str) -> str:
    """Return a phrase on one line, without possessive ending, brackets' contents and marks around it."""
    phrase = re.sub(r"\s*[(\[][^)\]]*[)\]]", "", " ".join(phrase.split()))
    return re.sub(r"['’]s?$", "", phrase.strip(_EDGES)).strip(_EDGES)


# --- persons ---------------------------------------------------------------------------------------------------------


def _person_names(doc: Doc) -> list[tuple[Span, str]]:
    found = []
    for ent in doc.ents:
        if ent.label_ == "PERSON":
            _, name = knowledge.split_title(clean(ent.text))
            if name:
                found.append((ent, name))
    return found


def _fullest(name: str, at: int, named: Sequence[tuple[int, str]]) -> str:
    """Return the fullest name in the document that `name`, standing at token `at`, is short for.

    A surname or given name alone is read as the full name that the document uses most, the nearest before it if several.
    """
    parts = name.split()
    if len(parts) == 1:
        fits = [(i, n) for i, n in named if " " in n and (parts[0] == n.split()[-1] or parts[0] == n.split()[0])]
        by_surname = [(i, n) for i, n in fits if parts[0] == n.split()[-1]] or fits
        uses = Counter(n for _, n in by_surname)
        return max(by_surname, key=lambda f: (uses[f[1]], f[0] <= at, -abs(at - f[0])))[1] if by_surname else name
    longer = [n for _, n in named if _short_for(parts, n.split())]
    return max([name, *longer], key=lambda n: (len(n.split()), len(n), n))


def _short_for(parts: Sequence[str], other: Sequence[str]) -> bool:
    """Tell whether a name of several parts is another with middle names or initials left out."""
    rest = iter(other)
    return len(parts) < len(other) and parts[0] == other[0] and parts[-1] == other[-1] and all(p in rest for p in parts)


def find_mentions(doc: Doc) -> Mentions:
    """Return who is named where."""
    mentions = Mentions()
    persons = _person_names(doc)
    named = [(ent.start, name) for ent, name in persons]
    for ent, name in persons:
        full = _fullest(name, ent.start, named)
        mentions.person_at.update(dict.fromkeys(range(ent.start, ent.end), full))
        mentions.roles += [(words, full) for words in _roles_of(ent)]
    bodies = [ent for ent in doc.ents if ent.label_ in ("ORG", "LOC")]
    for ent in bodies:
        mentions.body_at.update(dict.fromkeys(range(ent.start, ent.end), _body(ent, bodies)))
    return mentions


def _roles_of(ent: Span) -> Iterator[frozenset[str]]:
    """Yield the words of the roles that stand before a person's name, in it, or set off by a comma after it."""
    doc = ent.doc
    for length in range(LONGEST_ROLE, 0, -1):
        before = doc[max(0, ent.start - length) : ent.start]
        if before and knowledge.is_role(before.text):
            yield _role_words(before.text)
            break
    title, _ = knowledge.split_title(clean(ent.text))
    if title:
        yield _role_words(title)
    if ent.end < len(doc) and doc[ent.end].text == ",":
        for length in range(LONGEST_ROLE, 0, -1):
            after = doc[ent.end + 1 : ent.end + 1 + length]
            if after and knowledge.is_role(after.text):
                yield _role_words(after.text)
                break


def _role_words(phrase: str) -> frozenset[str]:
    return frozenset(w for w in re.findall(r"\w+", phrase.lower()) if w not in ("the", "a", "an", "former", "his", "her"))


def _body(ent: Span, bodies: Sequence[Span]) -> Holder:
    name = clean(re.sub(r"^[Tt]he\s+", "", ent.text))
    known = knowledge.look_up(clean(ent.text))
    if known:
        return Holder(name=known.name, type=known.type.value)
    if name.isupper() and 2 <= len(name) <= 6:
        for other in bodies:
            full = clean(re.sub(r"^[Tt]he\s+", "", other.text))
            initials = "".join(w[0] for w in full.replace("-", " ").split() if w[0].isupper())
            if initials == name and full != name:
                return Holder(name=full, type=ActorType.ORGANIZATION.value)
    return Holder(name=name or ent.text, type=_NAME_TYPES[ent.label_].value)


# --- links -----------------------------------------------------------------------------------------------------------


class Links:
    """How well each earlier token suits as that which a token stands for."""

    def __init__(self, weights: HeadWeights, doc: Doc, reach: int) -> None:
        self._doc, self._reach = doc, reach
        x = vectors_of(doc, list(doc))
        self._query = weights.linear("link_query", x)
        self._key = weights.linear("link_key", x)
        self._none = weights.linear("link_none", x)[:, 0]
        self._distance = weights.arrays["link_distance"][:, 0]

    def scores(self, i: int) -> tuple[int, Floats, float]:
        """Return the first token in reach, the scores from there up to token i, and the score of no link."""
        first = max(0, i - self._reach)
        scores = self._key[first:i] @ self._query[i] / np.sqrt(self._key.shape[1])
        scores = scores + self._distance[distance_bucket(np.arange(first, i) - i)]
        return first, scores, float(self._none[i])

    def best_of(self, i: int, who_at: dict[int, str]) -> tuple[str, float] | None:
        """Return the likeliest of those mentioned before token i, with its score less that of no link."""
        first, scores, none = self.scores(i)
        sums: dict[str, float] = {}
        for k, score in enumerate(scores):
            who = who_at.get(first + k)
            if who:
                sums[who] = float(np.logaddexp(sums.get(who, -np.inf), score))
        if not sums:
            return None
        best = max(sorted(sums), key=lambda w: sums[w])
        return best, sums[best] - none


# --- resolution ------------------------------------------------------------------------------------------------------


class Resolver:
    """Finds the holders of one document's sources."""

    def __init__(self, doc: Doc, links: Links, words: WordList) -> None:
        self._doc, self._links, self._words = doc, links, words
        self._mentions = find_mentions(doc)
        self._bodies = {i: h["name"] for i, h in self._mentions.body_at.items()}
        self._types = {h["name"]: h["type"] for h in self._mentions.body_at.values()}
        self._link_person_pronouns()

    def _link_person_pronouns(self) -> None:
        """Let every "he" and "she" join the mentions of the person it stands for, from left to right."""
        for token in self._doc:
            if token.lower_ in self._words["pronouns_of_persons"]:
                best = self._links.best_of(token.i, self._mentions.person_at)
                if best:
                    self._mentions.person_at[token.i] = best[0]

    def mentions(self) -> list[tuple[int, int, str]]:
        """Return everybody mentioned: first token, token after the last, name; left to right."""
        at = {**self._bodies, **self._mentions.person_at}
        runs: list[tuple[int, int, str]] = []
        for i in sorted(at):
            if runs and runs[-1][1] == i and runs[-1][2] == at[i]:
                runs[-1] = (runs[-1][0], i + 1, at[i])
            else:
                runs.append((i, i + 1, at[i]))
        return runs

    def holders(self, span: Span) -> list[Holder]:
        """Return the holders that the words of a source name."""
        found: list[Holder] = []
        for head, tokens in joined(span):
            holder = self._holder(head, tokens)
            if holder["name"] and holder not in found:
                found.append(holder)
        return found

    def _holder(self, head: Token, tokens: Sequence[Token]) -> Holder:
        phrase = clean(self._doc[tokens[0].i : tokens[-1].i + 1].text)
        known = knowledge.look_up(phrase)
        if known:
            return Holder(name=known.name, type=known.type.value)
        person = self._person_in(head, tokens)
        if person:
            return Holder(name=person, type=ActorType.PERSON.value)
        if head.pos_ == "PRON" or head.lower_ in self._words["pronouns_of_persons"]:
            return self._pronoun(head)
        if head.i in self._mentions.body_at and self._name_ends_inside(head, tokens):
            return self._mentions.body_at[head.i]
        if head.ent_type_ == "PERSON":  # a name that only says whose the holder is: "Clinton aides"
            head = next((t for t in tokens if t.i > head.i and t.pos_ == "NOUN"), head)
        return self._common_noun(head, tokens)

    def _name_ends_inside(self, head: Token, tokens: Sequence[Token]) -> bool:
        """Tell whether the name at a head ends with the source; in headlines names are often taken too far."""
        return any(e.start <= head.i < e.end <= tokens[-1].i + 1 for e in self._doc.ents)

    def _person_in(self, head: Token, tokens: Sequence[Token]) -> str | None:
        at, inside = self._mentions.person_at, {t.i for t in tokens}
        if head.ent_type_ != "PERSON" and head.i in at:
            return at[head.i]
        persons = [e for e in self._doc.ents if e.label_ == "PERSON" and e.start in inside and e.start in at]
        named = [e for e in persons if self._is_holder(e, inside)]
        named.sort(key=lambda e: (not e.start <= head.i < e.end, e.start))
        return at[named[0].start] if named else None

    def _is_holder(self, ent: Span, inside: set[int]) -> bool:
        """Tell whether a person named in a source is the one it names, not one whom it only mentions."""
        after = self._doc[ent.end] if ent.end < len(self._doc) else None
        if self._doc[ent.end - 1].tag_ == "POS" or (after is not None and after.i in inside and after.tag_ == "POS"):
            return False
        if after is not None and after.i in inside and after.pos_ in ("NOUN", "PROPN"):
            return False  # "Clinton aides", "Cruz constituent Dan Golvach"
        if any(t.pos_ in ("VERB", "AUX") or t.lower_ in self._words["relative_pronouns"] for t in self._before(ent, inside)):
            return False
        i = ent.start - 1
        while i in inside and (knowledge.is_role(self._doc[i].text) or knowledge.demonym(self._doc[i].text)):
            i -= 1
        return i not in inside or self._doc[i].pos_ != "ADP"

    def _before(self, ent: Span, inside: set[int]) -> list[Token]:
        return [self._doc[i] for i in range(min(inside), ent.start)]

    def _pronoun(self, head: Token) -> Holder:
        word = head.lower_
        if word in self._words["relative_pronouns"]:
            return self._relative(head)
        if word in self._words["pronouns_of_persons"]:
            name = self._mentions.person_at.get(head.i)
            return Holder(name=name, type=ActorType.PERSON.value) if name else NOBODY
        if word in self._words["pronouns_of_things"]:
            return self._linked(head) or NOBODY
        if word in self._words["speakers"] or word in self._words["pronouns_of_nobody"]:
            return NOBODY
        return Holder(name=head.text.lower(), type=ActorType.GROUP.value)

    def _relative(self, head: Token) -> Holder:
        for ancestor in head.ancestors:
            if ancestor.dep_ in ("acl:relcl", "acl"):
                antecedent = ancestor.head
                return self._holder(antecedent, phrase_of(antecedent))
        return NOBODY

    def _linked(self, head: Token) -> Holder | None:
        """Return what a pronoun or a definite noun stands for, if the links say it stands for something."""
        first, scores, none = self._links.scores(head.i)
        body = self._links.best_of(head.i, self._bodies)
        if head.pos_ != "PRON":
            person = self._links.best_of(head.i, self._mentions.person_at)
            if person and person[1] > 0 and (body is None or person[1] > body[1]):
                return Holder(name=person[0], type=ActorType.PERSON.value)
        if body and body[1] > 0:
            return Holder(name=body[0], type=self._types[body[0]])
        if head.pos_ == "PRON" and len(scores):
            noun = self._doc[first + int(scores.argmax())]
            if noun.pos_ in ("NOUN", "PROPN") and float(scores.max()) > none:
                return self._holder(noun, phrase_of(noun))
        return None

    def _common_noun(self, head: Token, tokens: Sequence[Token]) -> Holder:
        plural = "Plur" in head.morph.get("Number", [])
        definite = any(t.head == head and t.tag_ in ("DT", "PRP$") and t.lower_ not in ("a", "an") for t in tokens)
        short = sum(not t.is_punct for t in tokens) <= 4
        phrase = clean(self._doc[tokens[0].i : tokens[-1].i + 1].text)
        if not plural and knowledge.is_role(phrase):
            person = self._person_in_role(phrase, head)
            if person:
                return Holder(name=person, type=ActorType.PERSON.value)
        if not plural and (definite or knowledge.is_role(head.text)) and short:
            linked = self._linked(head)
            if linked:
                return linked
            stand_in = knowledge.stand_in(phrase)
            if stand_in:
                return Holder(name=stand_in.name, type=stand_in.type.value)
        kind = ActorType.UNKNOWN if knowledge.is_role(phrase) and not plural else self._type_of(head, plural)
        return Holder(name=group_name(head, tokens), type=kind.value)

    def _person_in_role(self, phrase: str, head: Token) -> str | None:
        """Return the one person whom the document gives this role, or of several the one linked best."""
        words = _role_words(phrase)
        fitting = dict.fromkeys(name for role, name in self._mentions.roles if words and words <= role)
        if len(fitting) > 1:
            best = self._links.best_of(head.i, {i: n for i, n in self._mentions.person_at.items() if n in fitting})
            return best[0] if best else None
        return next(iter(fitting), None)

    def _type_of(self, head: Token, plural: bool) -> ActorType:
        if head.lemma_.lower() in self._words["collectives"]:
            return ActorType.ORGANIZATION
        if plural or head.pos_ in ("NUM", "ADJ", "DET"):
            return ActorType.GROUP
        return ActorType.ORGANIZATION if head.pos_ == "PROPN" else ActorType.UNKNOWN


def phrase_of(head: Token) -> list[Token]:
    """Return the noun phrase of a head as consecutive tokens, up to what only explains it."""
    inside = [t for t in head.subtree if t == head or not _set_apart(t, head)]
    left, right = head.i, head.i
    places = {t.i for t in inside}
    while left - 1 in places:
        left -= 1
    while right + 1 in places:
        right += 1
    return list(head.doc[left : right + 1])


def _set_apart(token: Token, head: Token) -> bool:
    while token != head and token.head != token:
        if token.dep_ in _NOT_THE_PHRASE and not (token.dep_ == "punct" and token.head != head):
            return True
        token = token.head
    return False


def group_name(head: Token, tokens: Sequence[Token]) -> str:
    """Return the head phrase of an unnamed holder without determiner and without clauses."""
    allowed = {t.i for t in tokens}
    phrase = [t for t in phrase_of(head) if t.i in allowed]
    while len(phrase) > 1 and phrase[0] != head and (phrase[0].dep_ in ("det", "det:predet", "nmod:poss", "case", "advmod")):
        if phrase[0].lower_ in ("no", "many", "several", "some", "few", "most"):
            break
        phrase = phrase[1:]
    return clean(head.doc[phrase[0].i : phrase[-1].i + 1].text) if phrase else head.text


def joined(span: Span) -> Iterator[tuple[Token, list[Token]]]:
    """Split a source into the holders joined in it: yields each head with its own tokens."""
    tokens = [t for t in span if not t.is_space]
    inside = {t.i for t in tokens}
    tops = [t for t in tokens if (t.head.i not in inside or t.head == t) and t.dep_ not in ("punct", "cc", "case", "mark")]
    tops = [t for t in tops if t.pos_ in ("NOUN", "PROPN", "PRON", "ADJ", "NUM", "DET")] or tops or tokens[:1]
    if not tops:
        return
    heads = [tops[0]]
    heads += [
        t for t in tokens if t.dep_ == "conj" and t.head in heads and t.pos_ in ("NOUN", "PROPN", "PRON") and _apart(t)
    ]
    if len(heads) > 1 and not all(_stands_alone(h) for h in heads):
        heads = heads[:1]  # "officials and analysts" are one group; only names are counted one by one
        yield heads[0], tokens
        return
    others = {h.i for h in heads}
    for head in heads:
        own = {t.i for t in head.subtree} & inside
        for other in heads:
            if other != head and other in head.subtree:
                own -= {t.i for t in other.subtree}
        mine = [t for t in tokens if t.i in own and not (t.dep_ in ("cc", "punct") and t.head.i in others)] or [head]
        yield head, mine if len(heads) > 1 else tokens


def _apart(token: Token) -> bool:
    """Tell whether a joined noun is not part of the same name ("Johnson & Johnson")."""
    return not any(e.start <= token.i < e.end and e.start <= token.head.i < e.end for e in token.doc.ents)


def _stands_alone(token: Token) -> bool:
    return token.pos_ in ("PROPN", "PRON") or any(t.ent_type_ for t in token.subtree if t.dep_ in _PART_OF_NAME)


# --- component -------------------------------------------------------------------------------------------------------


def enclosing(rows: Sequence[AttributionRow], k: int) -> list[int]:
    """Return the attributions in whose content attribution k stands, outermost first."""
    inner = [*rows[k]["cue"], *rows[k]["content"]]
    outer = [
        j
        for j, row in enumerate(rows)
        if length(row["content"]) > length(rows[k]["content"])
        and all(any(b <= s and e <= t for b, t in row["content"]) for s, e in inner)
    ]
    return sorted(outer, key=lambda j: (-length(rows[j]["content"]), j))


def length(spans: Sequence[tuple[int, int]]) -> int:
    """Return how many characters some spans hold."""
    return sum(e - b for b, e in spans)


def via_chain(rows: Sequence[AttributionRow], holders: Sequence[Sequence[Holder]], k: int) -> list[str]:
    """Return those in whose words attribution k stands, outermost first, its own holders aside."""
    own = {h["name"] for h in holders[k]}
    names = [holders[j][0]["name"] for j in enclosing(rows, k) if holders[j]]
    return [n for n in dict.fromkeys(names) if n and n not in own]


def _speaker(
    doc: Doc, rows: Sequence[AttributionRow], holders: Sequence[Sequence[Holder]], k: int, *, first_person: bool
) -> list[Holder]:
    """Return whose words an attribution stands in that names no holder of its own.

    Words inside an attribution are those of its holder. "I" and "we" outside of any are those of the person who spoke
    last, as in a statement that runs on after "the minister said:", else of whoever issued the document.
    """
    for j in reversed(enclosing(rows, k)):
        if holders[j]:
            return list(holders[j])
    if not first_person:
        return []
    start = rows[k]["content"][0][0]
    spoken = [j for j in range(len(rows)) if rows[j]["cue"][0][0] < start and j != k and rows[j]["source"]]
    for j in sorted(spoken, key=lambda j: -rows[j]["cue"][0][0]):
        if holders[j] and holders[j][0]["type"] == ActorType.PERSON.value:
            return list(holders[j])
    return _issuer(doc)


def _issuer(doc: Doc) -> list[Holder]:
    issuer = (doc._.document or {}).get("source")
    known = knowledge.look_up(issuer) if issuer else None
    if not issuer or (known and known.type is ActorType.MEDIA):
        return []
    kind = known.type if known else ActorType.ORGANIZATION
    return [Holder(name=known.name if known else issuer, type=kind.value)]


class Actors:
    """Sets `doc._.holdings`, for each attribution a `Holding`, and `doc._.mentions`, everybody mentioned."""

    def __init__(self, name: str, reach: int) -> None:
        self.name = name
        self.reach = reach
        self.weights = HeadWeights()

    def __call__(self, doc: Doc) -> Doc:
        """Find the holders of a document's attributions."""
        rows: list[AttributionRow] = doc._.attributions
        doc._.holdings = []
        if not rows:
            return doc
        words = word_list("actors")
        resolver = Resolver(doc, Links(self.weights, doc, self.reach), words)
        sources = [_source_spans(doc, row) for row in rows]
        holders = [[h for span in spans for h in resolver.holders(span)] for spans in sources]
        for k in sorted(range(len(rows)), key=lambda k: (-length(rows[k]["content"]), k)):
            if not holders[k]:
                first_person = any(span.text.lower() in words["speakers"] for span in sources[k])
                holders[k] = _speaker(doc, rows, holders, k, first_person=first_person)
        for k in range(len(rows)):
            doc._.holdings.append(Holding(holders=holders[k] or [NOBODY], via=via_chain(rows, holders, k)))
        doc._.mentions = resolver.mentions()
        return doc

    def to_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Write the weights into a folder."""
        self.weights.to_disk(path)

    def from_disk(self, path: Path, exclude: Sequence[str] = ()) -> Actors:
        """Read the weights from a folder."""
        self.weights.from_disk(path)
        return self


def _source_spans(doc: Doc, row: AttributionRow) -> list[Span]:
    """Return the words that name the holder: the source, or where there is none the subject of the cue."""
    spans = [doc.char_span(start, end, alignment_mode="expand") for start, end in row["source"]]
    spans = [_whole(span) for span in spans if span is not None]
    if not spans:
        spans = [subject_of_cue(doc, row["cue"])]
    return [span for span in spans if span is not None]


def _whole(span: Span) -> Span:
    """Return the noun phrase of which a source holds nothing but the determiner, else the source itself."""
    token = span.root
    if token.pos_ != "DET" or token.dep_ != "det" or span.start <= token.head.i < span.end:
        return span
    phrase = phrase_of(token.head)
    return span.doc[phrase[0].i : phrase[-1].i + 1]


def subject_of_cue(doc: Doc, cue: Sequence[tuple[int, int]]) -> Span | None:
    """Return the subject of a cue that is an active verb, or of the verb it depends on and shares its subject with."""
    span = doc.char_span(*cue[0], alignment_mode="expand") if cue else None
    if span is None:
        return None
    verb = span.root
    if verb.pos_ not in ("VERB", "AUX", "ADJ"):
        return None
    for _ in range(4):
        kinds = {child.dep_: child for child in reversed(list(verb.children))}
        if "nsubj" in kinds:
            phrase = phrase_of(kinds["nsubj"])
            return doc[phrase[0].i : phrase[-1].i + 1]
        passive = {"nsubj:pass", "expl", "csubj", "aux:pass"} & kinds.keys()
        if passive or verb.dep_ not in _SHARES_SUBJECT or verb.head == verb:
            return None
        verb = verb.head
    return None


for _name, _default in (("holdings", []), ("mentions", []), ("document", None)):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_default)


@Language.factory(
    "stancegraph_actors",
    assigns=["doc._.holdings", "doc._.mentions"],
    requires=["doc.tensor", "doc.ents", "token.dep", "doc._.attributions"],
    default_config={"reach": 400},
)
def make_actors(nlp: Language, name: str, reach: int) -> Actors:
    """Create the component for holders.

    Args:
        nlp: The pipeline.
        name: The component's name.
        reach: Most words between a mention and the mention it stands for.
    """
    return Actors(name, reach)
