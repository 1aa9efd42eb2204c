"""Names of persons, organizations and places from `doc.tensor`, into `doc.ents`.

A document that writes a name twice means the same by it (one sense per discourse: Gale, Church and Yarowsky 1992), so what
speaks for each label is averaged over all places where the same words stand, as in Krishnan and Manning (2006, "An Effective
Two-Stage Model for Exploiting Non-Local Dependencies in Named Entity Recognition").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, Span, Token
from spacy.training import Example

from stancegraph.pipeline.encoder import visible_tokens
from stancegraph.pipeline.tagging import bio_spans
from stancegraph.pipeline.weights import Floats, HeadWeights, softmax, vectors_of

_FAINTEST = 1e-6  # probability below which a label counts as impossible, so that one place does not outweigh all others


class Names:
    """Sets `doc.ents` with the labels PERSON, ORG and LOC."""

    def __init__(self, name: str, caution: float) -> None:
        self.name = name
        self.caution = caution
        self.weights = HeadWeights()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a document that the encoder has read."""
        tokens = visible_tokens(doc)
        if tokens:
            labels = self.weights.labels["name"]
            scores = np.log(softmax(self.weights.linear("name", vectors_of(doc, tokens))) + _FAINTEST)
            scores[:, labels.index("O")] += self.caution
            spans = agreed(tokens, scores, labels)
            doc.ents = tuple(Span(doc, tokens[b].i, tokens[e - 1].i + 1, label) for b, e, label in spans)
        return doc

    def score(self, examples: Iterable[Example], **_: object) -> dict[str, Any]:
        """Score names with spaCy's scorer."""
        return dict(Scorer.score_spans(list(examples), "ents"))

    def to_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Write the weights into a folder."""
        self.weights.to_disk(path)

    def from_disk(self, path: Path, exclude: Sequence[str] = ()) -> Names:
        """Read the weights from a folder."""
        self.weights.from_disk(path)
        return self


def agreed(tokens: Sequence[Token], scores: Floats, labels: Sequence[str]) -> list[tuple[int, int, str]]:
    """Return names on whose labels all places with the same words agree.

    Args:
        tokens: The tokens of a document, without white space.
        scores: Log-probabilities, shape (tokens, labels).
        labels: "O", and "B-x" or "I-x" for each kind x of name.

    Returns:
        Names as (first token, token after the last, kind), left to right. A place where no name was seen becomes one if its
        words begin with a capital and are a name elsewhere.
    """
    kinds = sorted({label[2:] for label in labels if label != "O"})
    odds = scores - scores[:, [labels.index("O")]]
    begins, goes_on = (odds[:, [labels.index(f"{part}-{kind}") for kind in kinds]] for part in "BI")
    agreed_on = list[tuple[int, int, str]]()
    for places in _places(tokens, bio_spans(scores[None], labels)[0]):
        favour = np.mean([begins[b] + goes_on[b + 1 : e].sum(0) for b, e in places], axis=0)
        if favour.max() > 0:
            agreed_on += [(b, e, kinds[int(favour.argmax())]) for b, e in places]
    return sorted(agreed_on)


def _places(tokens: Sequence[Token], names: Iterable[tuple[int, int, str]]) -> list[list[tuple[int, int]]]:
    """Return for each wording of the names all places where it stands and no longer name does, as spans of tokens."""
    words = [token.text for token in tokens]
    taken = np.zeros(len(words), dtype=bool)
    places: dict[tuple[str, ...], list[tuple[int, int]]] = {}
    for begin, end, _ in names:
        for b, e in _within_lines(tokens, begin, end):
            taken[b:e] = True
            places.setdefault(tuple(words[b:e]), []).append((b, e))
    at: dict[str, list[int]] = {}
    for i, word in enumerate(words):
        at.setdefault(word, []).append(i)
    for wording, seen in sorted(places.items(), key=lambda p: (-len(p[0]), p[0])):
        for b in at[wording[0]] if wording[0][:1].isupper() else ():
            e = b + len(wording)
            whole = tuple(words[b:e]) == wording and list(_within_lines(tokens, b, e)) == [(b, e)]
            if whole and not taken[b:e].any():
                taken[b:e] = True
                seen.append((b, e))
    return list(places.values())


def _within_lines(tokens: Sequence[Token], begin: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a name where a line or, if sentences are known, a sentence ends: lists and signatures hold one name a line."""
    first = begin
    for i in range(begin + 1, end):
        doc, at = tokens[i].doc, tokens[i].i
        new_line = at - 1 > tokens[i - 1].i and "\n" in doc[at - 1].text
        if new_line or (doc.has_annotation("SENT_START") and tokens[i].is_sent_start):
            yield first, i
            first = i
    yield first, end


@Language.factory("stancegraph_names", assigns=["doc.ents"], requires=["doc.tensor"], default_config={"caution": 1.0})
def make_names(nlp: Language, name: str, caution: float) -> Names:
    """Create the component for names.

    Args:
        nlp: The pipeline.
        name: The component's name.
        caution: By how much a word must be likelier part of a name than not, in log-odds.
    """
    return Names(name, caution)
