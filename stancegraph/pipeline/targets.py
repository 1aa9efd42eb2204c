"""Targets as neutral noun phrases: from the words that a judgement points at to the name of an outcome."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from spacy.tokens import Doc, Span, Token

from stancegraph.pipeline.actors import phrase_of
from stancegraph.pipeline.mentions import clean
from stancegraph.pipeline.stance import Judgement
from stancegraph.pipeline.words import WordList, word_list

CharSpans = Sequence[tuple[int, int]]
_QUOTATION_MARKS = re.compile(r'["“”«»]')  # one of a pair is often left outside


class TargetNamer:
    """Turns the words that a judgement points at into a noun phrase."""

    def __init__(self, doc: Doc, words: WordList) -> None:
        self._doc, self._words = doc, words
        self._who_at = {i: name for b, e, name in doc._.mentions for i in range(b, e)}

    def name(self, judgement: Judgement, content: CharSpans) -> str:
        """Return the target's name; where no words were pointed at, the first noun phrase of the content."""
        span = self._doc.char_span(*judgement["target"], alignment_mode="expand") if judgement["target"] else None
        phrase = self.phrase(span) if span is not None else ""
        return phrase or self._first_noun_phrase(content)

    def phrase(self, span: Span) -> str:
        """Return the noun phrase that some words make, without what stands idly at its ends."""
        tokens = [t for t in self._with_possessor(span) if not t.is_space]
        while tokens and (tokens[0].is_punct or tokens[0].lower_ in self._words["before_targets"]):
            tokens = tokens[1:]
        while tokens and (tokens[-1].is_punct or tokens[-1].lower_ in self._words["after_targets"]):
            tokens = tokens[:-1]
        if not tokens:
            return ""
        names = {self._who_at.get(t.i) for t in tokens if not t.is_punct}
        if len(names) == 1 and (name := next(iter(names))):
            return str(name)
        return clean(_QUOTATION_MARKS.sub("", self._spelled_out(tokens)))

    def _with_possessor(self, span: Span) -> Span:
        """Return a span with the possessor of its head before it: an invitation is somebody's."""
        for child in span.root.children:
            if child.dep_ == "nmod:poss" and child.right_edge.i + 1 == span.start:
                return self._doc[child.left_edge.i : span.end]
        return span

    def _spelled_out(self, tokens: Sequence[Token]) -> str:
        """Return the words with possessive pronouns replaced by the names they stand for."""
        out = ""
        for i, token in enumerate(tokens):
            name = self._who_at.get(token.i)
            spelled = f"{name}'s" if name and token.tag_ == "PRP$" else name if name and token.tag_ == "PRP" else token.text
            out += spelled + (token.whitespace_ if i + 1 < len(tokens) else "")
        return out

    def _first_noun_phrase(self, content: CharSpans) -> str:
        for start, end in content:
            span = self._doc.char_span(start, end, alignment_mode="expand")
            for token in span or ():
                if token.pos_ in ("NOUN", "PROPN"):
                    inside = [t for t in phrase_of(token) if start <= t.idx < end]
                    if inside:
                        return self.phrase(self._doc[inside[0].i : inside[-1].i + 1])
        return ""


def content_words(phrase: str) -> frozenset[str]:
    """Return the words that carry a phrase's meaning, in lower case and without a plural's s."""
    words = re.findall(r"[^\W_]+", phrase.casefold())
    function = word_list("outcomes")["function_words"]
    return frozenset(re.sub(r"(?<=\w{3})s$", "", w) for w in words if w not in function) or frozenset(words)


def same_words(targets: Sequence[str]) -> dict[str, str]:
    """Return one wording for all those targets of a document that differ only in function words, case or number."""
    groups: dict[frozenset[str], Counter[str]] = {}
    for target in targets:
        groups.setdefault(content_words(target), Counter())[target] += 1
    chosen = {key: min(forms, key=lambda f: (-forms[f], len(f), f)) for key, forms in groups.items()}
    return {target: chosen[content_words(target)] for target in targets}
