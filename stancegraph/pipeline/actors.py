"""Holders: from the words of each source to the actor's fullest name in the document.

Names are matched within the document and with world knowledge. Pronouns, titles and other common nouns are linked to
what they stand for by two small heads over `doc.tensor`, trained on coreference chains.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypedDict

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from stancegraph import knowledge
from stancegraph.models import ActorType
from stancegraph.pipeline.attribution import AttributionRow
from stancegraph.pipeline.links import Antecedents, Links, Spoken
from stancegraph.pipeline.mentions import Holder, clean, find_mentions, role_words
from stancegraph.pipeline.roles import Role
from stancegraph.pipeline.stance import Judgement
from stancegraph.pipeline.weights import HeadWeights
from stancegraph.pipeline.words import WordList, word_list

_PART_OF_NAME = frozenset({"flat", "flat:name", "compound", "nmod:desc"})
_NOT_THE_PHRASE = frozenset({"acl", "acl:relcl", "appos", "parataxis", "punct", "advcl", "advmod:emph"})
_SHARES_SUBJECT = frozenset({"conj", "xcomp", "advcl", "aux", "cop"})


CharSpans = Sequence[tuple[int, int]]


class Holding(TypedDict):
    """The holders of one attribution, and who passes it on, outermost first.

    `others` has for each judgement on the attribution the one whose position the holder passes on, if it is not his own;
    nobody, without a name, where an attribution within this one tells that position.
    """

    holders: list[Holder]
    via: list[str]
    others: list[Holder | None]


UNTOLD = Role(role="", affiliation="")
NOBODY = Holder(name="", type=ActorType.UNKNOWN.value)


# --- resolution ------------------------------------------------------------------------------------------------------


class Resolver:
    """Finds the holders of one document's sources."""

    def __init__(self, doc: Doc, weights: HeadWeights, spoken: Spoken, words: WordList, reach: int) -> None:
        self._doc, self._words = doc, words
        self._links = Links(weights, doc, reach)
        self._mentions = find_mentions(doc, lambda i, who_at: (self._links.best_of(i, who_at) or (None,))[0])
        self._bodies = {i: h["name"] for i, h in self._mentions.body_at.items()}
        self._types = {h["name"]: h["type"] for h in self._mentions.body_at.values()}
        self.antecedents = Antecedents(doc, self._links, self._mentions, spoken, weights)
        self._link_person_pronouns()

    def _link_person_pronouns(self) -> None:
        """Let every "he" and "she" join the mentions of the person it stands for, from left to right."""
        for token in self._doc:
            if token.lower_ in self._words["pronouns_of_persons"]:
                person = self.antecedents.pronoun(token.i)
                if person:
                    self._mentions.person_at[token.i] = person

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
        known = self._holder_of_known(phrase, head)
        if known:
            return known
        person = self._person_in(head, tokens)
        if person:
            return Holder(name=person, type=ActorType.PERSON.value)
        part_of = next((t for t in tokens if t.head == head and t.pos_ == "PRON" and t.dep_.startswith("nmod")), None)
        if part_of is not None and head.pos_ not in ("NOUN", "PROPN"):  # "most of whom", "some of them"
            return self._pronoun(part_of)
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

    def holder_of(self, head: Token) -> Holder:
        """Return the holder that a noun names."""
        return self._holder(head, phrase_of(head))

    def _holder_of_known(self, phrase: str, head: Token) -> Holder | None:
        known = knowledge.look_up(phrase)
        if known is None or (head.i in self._mentions.person_at and len(phrase.split()) == 1):
            return None  # a person's surname may be a place's name too
        named = self._mentions.body_at.get(head.i)
        return named if named and named["type"] == known.type.value else Holder(name=known.name, type=known.type.value)

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
            if ancestor.dep_ == "advcl:relcl":  # a clause that was hung on the verb: the noun before it
                nouns = [t for t in self._doc[ancestor.sent.start : ancestor.left_edge.i] if t.pos_ in ("NOUN", "PROPN")]
                return self._holder(nouns[-1], phrase_of(nouns[-1])) if nouns else NOBODY
        return NOBODY

    def _linked(self, head: Token) -> Holder | None:
        """Return what a pronoun or a definite noun stands for, if the links say it stands for something."""
        first, scores, none = self._links.scores(head.i)
        body = self._links.best_of(head.i, self._bodies)
        if head.pos_ != "PRON" and head.lemma_.lower() not in self._words["collectives"]:
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

    def _issued_by(self, head: Token, tokens: Sequence[Token]) -> Holder | None:
        """Return the one person or body whose document a phrase names: "a report by Politico", "Davis' commentary"."""
        inside = [t.i for t in tokens if t.i != head.i]
        found = [self._mentions.body_at[i] for i in inside if i in self._mentions.body_at]
        people = dict.fromkeys(self._mentions.person_at[i] for i in inside if i in self._mentions.person_at)
        found += [Holder(name=name, type=ActorType.PERSON.value) for name in people]
        names = {h["name"] for h in found}
        return found[0] if len(names) == 1 else None

    def _common_noun(self, head: Token, tokens: Sequence[Token]) -> Holder:
        plural = "Plur" in head.morph.get("Number", [])
        if head.lemma_.lower() in self._words["documents"]:
            issuer = self._issued_by(head, tokens)
            if issuer:
                return issuer
        definite = any(t.head == head and t.tag_ in ("DT", "PRP$") and t.lower_ not in ("a", "an") for t in tokens)
        short = sum(not t.is_punct for t in tokens) <= 4
        phrase = clean(self._doc[tokens[0].i : tokens[-1].i + 1].text)
        if not plural and knowledge.is_role(phrase):
            person = self._person_in_role(phrase, head) or self.antecedents.title(head.i, phrase)
            if person:
                return Holder(name=person, type=ActorType.PERSON.value)
        if not plural and (definite or knowledge.is_role(head.text)) and short:
            linked = self._linked(head)
            if linked and (linked["type"] == ActorType.PERSON.value or not knowledge.is_role(head.text)):
                return linked
            stand_in = knowledge.stand_in(phrase)
            if stand_in:
                return Holder(name=stand_in.name, type=stand_in.type.value)
        kind = ActorType.UNKNOWN if knowledge.is_role(phrase) and not plural else self._type_of(head, plural)
        return Holder(name=group_name(head, tokens), type=kind.value)

    def _person_in_role(self, phrase: str, head: Token) -> str | None:
        """Return the one person whom the document gives this role, or of several the one linked best."""
        words = role_words(phrase)
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
        first = heads[0]
        # "officials and analysts" are one group, but "Smith and his aides" are Smith's; only names are counted one by one
        if _stands_alone(first) or "Plur" not in first.morph.get("Number", []):
            joint = min((t.i for t in tokens if t.dep_ == "cc" and t.i > first.i), default=tokens[-1].i + 1)
            tokens = [t for t in tokens if t.i < joint] or tokens
        yield first, tokens
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
    spoken = [j for j in range(len(rows)) if rows[j]["source"] and rows[j]["source"][0][0] < start and j != k]
    for j in sorted(spoken, key=lambda j: -rows[j]["source"][0][0]):
        if holders[j] and holders[j][0]["type"] == ActorType.PERSON.value:
            return list(holders[j])
    return _issuer(doc)


def _issuer(doc: Doc) -> list[Holder]:
    issuer = (doc._.document or {}).get("source")
    known = knowledge.look_up(issuer) if issuer else None
    if not issuer or (known and known.type is ActorType.MEDIA):
        return []
    country = knowledge.represented(issuer)
    if country:
        return [Holder(name=country.name, type=country.type.value)]
    kind = known.type if known else ActorType.ORGANIZATION
    return [Holder(name=known.name if known else issuer, type=kind.value)]


class Actors:
    """Sets `doc._.holdings`, for each attribution a `Holding`, `doc._.mentions`, everybody mentioned, and `doc._.roles`."""

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
        resolver = Resolver(doc, self.weights, Spoken.of(doc, rows), words, self.reach)
        sources = [source_spans(doc, row) for row in rows]
        holders = [[h for span in spans for h in resolver.holders(span)] for spans in sources]
        for k in sorted(range(len(rows)), key=lambda k: (-length(rows[k]["content"]), k)):
            if not holders[k]:
                first_person = any(span.text.lower() in words["speakers"] for span in sources[k])
                holders[k] = _speaker(doc, rows, holders, k, first_person=first_person)
        _fill_ellipses(doc, rows, holders, resolver)
        _fill_headline(doc, rows, holders, sources)
        for k, judgements in enumerate(doc._.judgements or [[]] * len(rows)):
            others = [_other(doc, rows, holders, k, judgement, resolver, words) for judgement in judgements]
            doc._.holdings.append(Holding(holders=holders[k] or [NOBODY], via=via_chain(rows, holders, k), others=others))
        doc._.mentions = resolver.mentions()
        doc._.roles = resolver.antecedents.roles
        return doc

    def to_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Write the weights into a folder."""
        self.weights.to_disk(path)

    def from_disk(self, path: Path, exclude: Sequence[str] = ()) -> Actors:
        """Read the weights from a folder."""
        self.weights.from_disk(path)
        return self


def _other(
    doc: Doc,
    rows: Sequence[AttributionRow],
    holders: Sequence[Sequence[Holder]],
    k: int,
    judgement: Judgement,
    resolver: Resolver,
    words: WordList,
) -> Holder | None:
    """Return whose position the holder of an attribution only passes on, if that is all it is.

    "The minister said that her country would not accept the deal" is the country's position, passed on by the minister.
    """
    if len(holders[k]) != 1 or not holders[k][0]["name"]:
        return None
    speaker = holders[k][0]
    span = doc.char_span(*judgement["other"], alignment_mode="expand") if judgement["other"] else None
    found = _country_of(span.root, speaker["name"], resolver, words) if span is not None else None
    if span is not None and found is None:
        found = next(iter(resolver.holders(span)), None)
    if span is None and speaker["type"] == ActorType.PERSON.value:
        found = _voiced(doc, rows[k]["content"], speaker["name"], resolver, words)
    if found is None or found["type"] == ActorType.UNKNOWN.value or found["name"] == speaker["name"]:
        return None
    around = (rows[k]["content"][0][0], rows[k]["content"][-1][1])
    own = (j for j, row in enumerate(rows) if j != k and _inside(row["content"][0], around))
    if any(found["name"] == h["name"] for j in own for h in holders[j]):
        return NOBODY  # told by an attribution of its own
    return found


def _voiced(doc: Doc, content: CharSpans, speaker: str, resolver: Resolver, words: WordList) -> Holder | None:
    """Return the country or body whose attitude a person reports in words of his own."""
    span = doc.char_span(*content[0], alignment_mode="expand") if len(content) == 1 else None
    owner = _owner(span.root, words) if span is not None else None
    if span is None or owner is None or not span.start <= owner.i < span.end or span[0].is_quote:
        return None  # in a quotation others are judged more often than spoken for
    country = _country_of(owner, speaker, resolver, words)
    if country:
        return country
    found = resolver.holder_of(owner)
    return found if found["type"] not in (ActorType.UNKNOWN.value, ActorType.GROUP.value) else None


def _country_of(head: Token, speaker: str, resolver: Resolver, words: WordList) -> Holder | None:
    """Return the speaker's country, where a noun phrase says "her country", "our government"."""
    if phrase_of(head)[0].lower_ not in words["possessives"] or head.lower_ not in words["own_countries"]:
        return None
    known = knowledge.look_up(resolver.antecedents.roles.get(speaker, UNTOLD)["affiliation"])
    country = known and known.type is ActorType.COUNTRY
    return Holder(name=known.name, type=known.type.value) if known and country else None


def _owner(root: Token, words: WordList) -> Token | None:
    """Return the word for whoever holds the attitude that a clause or noun phrase is about."""
    if root.pos_ in ("VERB", "AUX") and root.lemma_.lower() in words["attitudes"]:
        own = words["speakers"] | words["pronouns_of_persons"]  # "he said he supports": mostly himself
        return next((c for c in root.children if c.dep_ == "nsubj" and c.lower_ not in own), None)
    if root.pos_ == "NOUN" and root.lower_ in words["attitude_nouns"]:
        return next((c for c in root.children if c.dep_ in ("nmod:poss", "compound", "amod") and c.ent_type_), None)
    return None


def _inside(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _fill_ellipses(doc: Doc, rows: Sequence[AttributionRow], holders: list[list[Holder]], resolver: Resolver) -> None:
    """Give the items of a list that leave out their subject ("Calls for lower taxes.") to whom the list is about."""
    before: list[Holder] = []
    for k in sorted(range(len(rows)), key=lambda k: rows[k]["content"][0][0]):
        verb = None if holders[k] or rows[k]["source"] else _opening_verb(doc, rows[k]["cue"])
        if verb is not None:
            person = None if before else resolver.antecedents.pronoun(verb.i)
            holders[k] = before or ([Holder(name=person, type=ActorType.PERSON.value)] if person else [])
            before = holders[k]
        else:
            before = []


def _opening_verb(doc: Doc, cue: Sequence[tuple[int, int]]) -> Token | None:
    """Return the finite verb without a subject that opens a line, if a cue is such a verb."""
    span = doc.char_span(*cue[0], alignment_mode="expand") if cue else None
    if span is None or span[0].tag_ not in ("VBZ", "VBD") or any(c.dep_.startswith("nsubj") for c in span[0].children):
        return None
    line = doc.text.rfind("\n", 0, span.start_char) + 1
    return span[0] if not any(c.isalnum() for c in doc.text[line : span.start_char]) else None


def _fill_headline(
    doc: Doc, rows: Sequence[AttributionRow], holders: list[list[Holder]], sources: Sequence[Sequence[Span]]
) -> None:
    """Give what the headline says of somebody by title alone to the first person whose words the text below reports."""
    end = doc.text.find("\n")
    title = doc.text[: max(end, 0)]
    below = sorted((k for k in range(len(rows)) if rows[k]["content"][0][0] > end), key=lambda k: rows[k]["content"][0][0])
    people = [h for k in below for h in holders[k] if h["type"] == ActorType.PERSON.value]
    named = next((h for h in people if h["name"].split()[-1] not in title), None)
    for k in range(len(rows)):
        in_title = rows[k]["content"][0][0] < end and len(holders[k]) == 1
        if named and in_title and any(_nameless_role(span) for span in sources[k]):
            holders[k] = [named]


def _nameless_role(span: Span) -> bool:
    """Tell whether words of a headline, where everything may be capitalised, are one unnamed person's role."""
    plural = "Plur" in span.root.morph.get("Number", [])
    return knowledge.is_role(span.text.lower()) and not plural and not any(t.ent_type_ == "PERSON" for t in span)


def source_spans(doc: Doc, row: AttributionRow) -> list[Span]:
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


for _name, _default in (("holdings", []), ("mentions", []), ("roles", {}), ("document", None)):
    if not Doc.has_extension(_name):
        Doc.set_extension(_name, default=_default)


@Language.factory(
    "stancegraph_actors",
    assigns=["doc._.holdings", "doc._.mentions", "doc._.roles"],
    requires=["doc.tensor", "doc.ents", "token.dep", "doc._.attributions", "doc._.judgements"],
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
