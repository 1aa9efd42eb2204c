"""What a tree tells of clauses: their tense, their subject, what belongs to them; and which sentence goes before which."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Literal

import numpy as np
from spacy.tokens import Doc, Span, Token

CharSpans = Sequence[tuple[int, int]]
Tense = Literal["past", "pluperfect", "perfect", "present", "future", "none"]

ADJUNCTS = frozenset(
    {"obl", "obl:unmarked", "obl:agent", "nmod", "nmod:unmarked", "nmod:poss", "advmod", "appos", "compound", "amod"}
)
SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj"})
COMPLEMENTS = frozenset({"ccomp", "xcomp", "csubj", "csubj:pass"})
_ENDS = frozenset('.?!:;"”’)')
_PARAGRAPH = re.compile(r"\n\s*\n")
_FARTHEST = 20  # sentences
_JOINED = 2  # words from a verb to another that is joined to it by "and" alone


def tense(verb: Token) -> Tense:
    """Return the tense of a clause by its verb or other predicate; "none" where it has none of its own."""
    helpers = [c for c in verb.children if c.dep_ in ("aux", "aux:pass", "cop")]
    if any(c.tag_ == "MD" for c in helpers) or (verb.tag_ == "VB" and any(c.lemma_ == "be" for c in helpers)):
        return "future"  # "will vote", "is to vote"
    have = next((c for c in helpers if c.lemma_ == "have"), None)
    if have is not None:
        return "pluperfect" if have.tag_ == "VBD" else "perfect"
    tag = next((c.tag_ for c in helpers if c.tag_ in ("VBD", "VBZ", "VBP")), verb.tag_)
    if tag == "VBD" or (tag == "VBN" and subject(verb) is not None):
        return "past"
    return "present" if tag in ("VBZ", "VBP") else "none"


def subject(verb: Token) -> Token | None:
    """Return the subject of a clause."""
    return next((c for c in verb.children if c.dep_ in SUBJECTS), None)


def is_clause(token: Token) -> bool:
    """Tell whether a word is the predicate of a clause."""
    return token.pos_ in ("VERB", "AUX") or any(c.dep_ in SUBJECTS or c.dep_ == "cop" for c in token.children)


def is_root(token: Token) -> bool:
    """Tell whether a word is the root of its sentence."""
    return token.head.i == token.i


def is_one_of(token: Token, words: Collection[str]) -> bool:
    """Tell whether a word, or its lemma, is among some words."""
    return token.lemma_.lower() in words or token.lower_ in words


def mark(verb: Token) -> str:
    """Return the word that makes a clause subordinate: "when", "after"; "" if there is none."""
    return next((c.lower_ for c in verb.children if c.i < verb.i and (c.dep_ == "mark" or c.tag_ == "WRB")), "")


def top(tokens: Sequence[Token], *, adjunct: bool = False) -> Token:
    """Return the word that the others of some words hang on; of several a verb, or an adjunct if that is wanted."""
    among = {t.i for t in tokens}
    tops = [t for t in tokens if (t.head.i not in among or is_root(t)) and not t.is_punct]
    wanted = (t for t in tops if (t.dep_ in ADJUNCTS if adjunct else t.pos_ in ("VERB", "AUX")))
    return next(wanted, tops[0] if tops else tokens[0])


def main_verb(sentence: Span) -> Token:
    """Return the main verb of a sentence, which a dateline may precede."""
    root = sentence.root
    return root if is_clause(root) else next((c for c in root.children if c.dep_ == "parataxis" and is_clause(c)), root)


def set_apart(one: Token, other: Token) -> bool:
    """Tell whether a colon or semicolon stands between two words."""
    return any(t.text in (":", ";") for t in one.doc[min(one.i, other.i) : max(one.i, other.i)])


def sharing(verb: Token, place: int) -> list[Token]:
    """Return the verbs that share what hangs on one and stands at a place: "met and agreed on Monday".

    What stands after a later one belongs to that, and to the first only if nothing but "and" is between them; what stands
    after the clause around it or right after a relative clause belongs there, whatever the tree says.

    Args:
        verb: What it hangs on.
        place: The index of its first word.
    """
    around = [w for w in verb.ancestors if verb.i < w.i < place and is_clause(w)]
    if around:
        return [around[-1]]
    before = verb.doc[max(place - 1, 0)]
    if any(c.dep_ == "acl:relcl" and verb.i < c.i and c.right_edge.i == before.i for c in (before, *before.ancestors)):
        return []
    later = [c for c in verb.children if c.dep_ in ("conj", "parataxis") and verb.i < c.i < place and is_clause(c)]
    return [*([verb] if all(c.i - verb.i <= _JOINED for c in later) else []), *later[-1:]]


def overlap(start: int, end: int, spans: CharSpans) -> bool:
    """Tell whether a span shares characters with some spans."""
    return any(start < e and b < end for b, e in spans)


def tokens_of(doc: Doc, spans: CharSpans) -> list[Token]:
    """Return the visible tokens that some characters are part of."""
    found = (doc.char_span(b, e, alignment_mode="expand") for b, e in spans)
    return [t for span in found if span is not None for t in span if not t.is_space]


class Sentences:
    """The sentences of a document, of which some are nothing but what somebody says.

    Args:
        doc: The document.
        evidence: By the index of a cue's main word, spans of what it says.
    """

    def __init__(self, doc: Doc, evidence: Mapping[int, CharSpans]) -> None:
        self._text = doc.text
        self._all = list(doc.sents)
        self._number = {t.i: k for k, sentence in enumerate(self._all) for t in sentence}
        self._cues = {self._number[i] for i in evidence}
        self._is_said = np.zeros(len(doc.text) + 1, dtype=bool)
        for spans in evidence.values():
            for start, end in spans:
                self._is_said[start:end] = True

    def number_of(self, token: Token) -> int:
        """Return the number of a word's sentence."""
        return self._number[token.i]

    def of(self, token: Token) -> Span:
        """Return a word's sentence."""
        return self._all[self._number[token.i]]

    def has_cue(self, sentence: Span) -> bool:
        """Tell whether anybody says anything in a sentence."""
        return self._number[sentence.start] in self._cues

    def after_fragment(self, token: Token) -> Span | None:
        """Return the next sentence if a word's own is but its beginning: "On Friday" before "she proposed …"."""
        number = self._number[token.i]
        return self._all[number + 1] if number + 1 < len(self._all) and _is_fragment(self._all[number]) else None

    def before(self, token: Token) -> Span | None:
        """Return the sentence before a word's own, if it is of the same paragraph or of the one before.

        Fragments and what is only said, by the cue of another sentence, are passed over.
        """
        number = self._number[token.i]
        nearest = range(number - 1, max(-1, number - 1 - _FARTHEST), -1)
        before = next((n for n in nearest if not _is_fragment(self._all[n]) and not self._is_quoted(n)), None)
        if before is None or len(_PARAGRAPH.findall(self._text, self._all[before].start_char, self._begins(number))) > 1:
            return None
        return self._all[before]

    def in_one_paragraph(self, sentence: Span, token: Token) -> bool:
        """Tell whether a sentence is of the same paragraph as a word after it."""
        return not _PARAGRAPH.search(self._text, sentence.start_char, self._begins(self._number[token.i]))

    def _begins(self, number: int) -> int:
        return self._all[number].start_char + 1

    def _is_quoted(self, number: int) -> bool:
        words = [t for t in self._all[number] if not t.is_space and not t.is_punct]
        return number not in self._cues and bool(words) and all(self._is_said[t.idx] for t in (words[0], words[-1]))


def last_mark(sentence: Span) -> str:
    """Return what a sentence ends with."""
    return next((t.text for t in reversed(sentence) if not t.is_space), "")


def _is_fragment(sentence: Span) -> bool:
    """Tell whether what was taken for a sentence is a part of the next one."""
    return last_mark(sentence) not in _ENDS and not any(map(is_clause, sentence))
