"""Where time expressions belong: to a verb they date, or to the letter, meeting or deed through which they date it."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from spacy.tokens import Doc, Token

from stancegraph.pipeline.clauses import (
    ADJUNCTS,
    SUBJECTS,
    CharSpans,
    Sentences,
    is_clause,
    is_one_of,
    is_root,
    main_verb,
    mark,
    overlap,
    sharing,
    subject,
    tense,
    tokens_of,
    top,
)
from stancegraph.pipeline.days import Days
from stancegraph.pipeline.times import TimeExpression, find_times
from stancegraph.pipeline.words import word_list

_TAKEN_FOR = frozenset({"obj", "iobj", "xcomp", "dep"})  # what times without a preposition are taken for
_COUNTED_FROM = frozenset({"advcl", "obl", "nmod"})
_HEAD = 600  # characters in which a text says when it was written
_LONGEST_PLACE = 60
_PLACE = re.compile(r"[^\W\d_a-z][^\n.;:!?]*[,(]\s*")  # "VIENNA, 13 May 2022 –", "GENEVA (March 3, 2016) —"
_DASH = re.compile(r"\)?(?: ?\([^()\n]{1,30}\))?:? ?(?:[–—]|-{1,2}\s)")
_LINE_END = re.compile(r"\.?[ \t]{0,9}(?:\n|$)")
_LABEL = re.compile(r"[^\W_]+")


class Reach(NamedTuple):
    """That a time expression belongs to a word.

    Args:
        time: The expression.
        steps: Over how many words; 0 if it is part of a cue.
        said_in: Whether over the letter or meeting that the word's clause is said in.
        when: Whether over another clause, of the same time: "when they came on Monday".
    """

    time: TimeExpression
    steps: int
    said_in: bool = False
    when: bool = False


def dateline(text: str) -> TimeExpression | None:
    """Return the first full date that says at the head of a text when it was written."""
    head = find_times(text[:_HEAD], None)
    return next((t for t in head if t.days and t.days.since == t.days.until and _in_dateline(text, t)), None)


def _in_dateline(text: str, time: TimeExpression) -> bool:
    """Tell whether a date stands before a report, after its place or in a line of its own."""
    line = text.rfind("\n", max(0, time.start - _LONGEST_PLACE), time.start) + 1
    if not line and time.start > _LONGEST_PLACE:
        return False
    before = text[line : time.start]
    if _DASH.match(text, time.end):
        return _PLACE.fullmatch(before) is not None
    labels = word_list("dates")["labels"]
    return _LINE_END.match(text, time.end) is not None and all(w in labels for w in _LABEL.findall(before.lower()))


class PlacedTimes:
    """The time expressions of a document, by what they date.

    Args:
        doc: The parsed document.
        published: The days on one of which it was published, if that is known.
        evidence: By the index of a cue's main word, spans of what it says.
        sentences: The document's sentences.
    """

    def __init__(self, doc: Doc, published: Days | None, evidence: Mapping[int, CharSpans], sentences: Sentences) -> None:
        self._doc, self._evidence, self._sentences, self._words = doc, evidence, sentences, word_list("dates")
        self._times: list[TimeExpression] = []
        self._reach: dict[int, list[Reach]] = {}
        self.base: dict[TimeExpression, Token] = {}  # what "a day after" counts from
        self.offset: dict[int, TimeExpression] = {}  # by the index of what it counts from
        for time in find_times(doc.text, published):
            tokens = tokens_of(doc, [(time.start, time.end)])
            if tokens and self._is_time(time, tokens) and not _in_dateline(doc.text, time):
                self._place(time, tokens)
        self._starts = [t.start for t in self._times]

    def reaching(self, token: Token) -> Sequence[Reach]:
        """Return the time expressions that belong to a word."""
        return self._reach.get(token.i, ())

    def between(self, start: int, end: int) -> list[TimeExpression]:
        """Return the time expressions that begin in a stretch of the text."""
        return self._times[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def is_said_in(self, noun: Token) -> bool:
        """Tell whether a word is for something in or at which people say things."""
        return is_one_of(noun, self._words["vehicles"]) or is_one_of(noun, self._words["occasions"])

    def _is_time(self, time: TimeExpression, tokens: Sequence[Token]) -> bool:
        first, last, words = tokens[0], tokens[-1], self._words
        if first.lower_ == "that" and first.tag_ in ("IN", "WDT"):
            return False  # "said that day care …"
        if any(t.ent_type_ == "PERSON" for t in tokens) or (first.i and first.nbor(-1).lower_ == "as"):
            return False  # "Theresa May", "as recently as in that speech"
        if any(t.is_title and not t.is_sent_start and t.lower_ in words["no_names"] for t in tokens):
            return False  # the programme "This Week"
        if last.lower_ == "once":
            after = last.nbor().lower_ if last.i + 1 < len(self._doc) else ""
            conjunction = last.dep_ == "mark" and last.head.pos_ in ("VERB", "AUX")
            return first.i == last.i and after not in words["after_once"] and not conjunction
        if last.lower_ == "time" and any(c.dep_ == "acl:relcl" for c in last.children):
            return False  # "at the time they were sent"
        if time.kind in ("recalled", "later") and len(tokens) == 1:
            return first.pos_ == "ADV"
        return not (last.pos_ == "NUM" and last.dep_ == "nummod")  # "in 2000 villages"

    def _place(self, time: TimeExpression, tokens: Sequence[Token]) -> None:
        self._times.append(time)
        base = self._counted_from(tokens[-1]) if time.kind == "offset" else None
        if base is not None:
            self.base[time] = base
            self.offset[base.i] = time
        root = top(tokens, adjunct=True)
        for word, reach in self._belongs_to(root, time, unmarked=tokens[0].pos_ != "ADP"):
            for verb in sharing(word, tokens[0].i):
                self._reach.setdefault(verb.i, []).append(reach)
        following = self._sentences.after_fragment(root)
        if following is not None:
            self._reach.setdefault(main_verb(following).i, []).append(Reach(time, 1))

    def _counted_from(self, last: Token) -> Token | None:
        """Return the clause or noun that "a day after" or "on the eve of" counts from."""
        if last.lower_ == "eve":
            return next((c for c in last.children if c.dep_ == "nmod"), None)
        if last.dep_ not in ("mark", "case") or last.i + 1 >= len(self._doc) or last.nbor().is_punct:
            return None
        word = last.nbor()
        while word.head.i > last.i and not is_root(word) and word.dep_ not in _COUNTED_FROM:
            word = word.head
        if last.lower_ == "before" and tense(word) == "pluperfect":
            return None  # "In a letter the day before he had promised …"
        return word if word.dep_ in _COUNTED_FROM or (last.head.i == word.i and not is_root(word)) else None

    def _belongs_to(self, root: Token, time: TimeExpression, *, unmarked: bool) -> Iterator[tuple[Token, Reach]]:
        """Yield the words that a time expression dates."""
        node, reach = root, Reach(time, 1)
        attributive = time.attributive or root.dep_ in ("compound", "nmod:poss", "amod")
        if node.dep_ not in ADJUNCTS and node.dep_ not in _TAKEN_FOR:
            return
        while not is_root(node):
            node = node.head
            yield node, reach
            if overlap(time.start, time.end, self._evidence.get(node.i, ())):
                return
            clause = is_clause(node) or node.dep_ == "acl"
            if not (self._passes_clause(node) if clause else self._passes_noun(node, attributive, unmarked)):
                return
            said_in = reach.said_in or (not clause and self.is_said_in(node))
            when = reach.when or (clause and tense(node) == "past")
            reach = Reach(time, reach.steps + (2 if node.dep_ == "advcl" else 1), said_in, when)
            attributive = False

    def _passes_clause(self, verb: Token) -> bool:
        """Tell whether a time in a clause is that of the clause around it: "when he came on Monday", "dated 1 July"."""
        words = self._words
        if verb.dep_ == "acl" and verb.tag_ == "VBG" and verb.head.dep_ in SUBJECTS:
            return verb.left_edge.i > 0 and verb.left_edge.nbor(-1).text == ","  # "the ministers, meeting on Sunday, agreed"
        if verb.dep_ == "acl":
            return self.is_said_in(verb.head) and is_one_of(verb, words["issued"])
        who = subject(verb)
        if verb.dep_ == "acl:relcl":  # "after a meeting that ended on Sunday"
            return who is not None and who.tag_ == "WDT" and is_one_of(verb.head, words["occasions"])
        if verb.dep_ != "advcl":
            return False
        if who is not None:
            return mark(verb) in ("when", "as")
        return mark(verb) in ("", *words["same_time"], *words["with_participles"])

    def _passes_noun(self, noun: Token, attributive: bool, unmarked: bool) -> bool:
        """Tell whether a time that belongs to a noun is that of the clause: "at a meeting on Sunday"."""
        vehicle = is_one_of(noun, self._words["vehicles"])
        if noun.dep_ in ("nsubj", "nsubj:pass"):
            return vehicle or any(c.dep_ == "acl" and c.tag_ == "VBG" for c in noun.children)
        if noun.dep_ == "obj":
            return vehicle or (not attributive and (unmarked or is_one_of(noun.head, self._words["deeds"])))
        if noun.dep_ not in ADJUNCTS:
            return False
        if self.is_said_in(noun) or is_one_of(noun, self._words["hours"]):
            return True
        return not attributive and (noun.pos_ == "PROPN" or is_one_of(noun, self._words["audiences"]))
