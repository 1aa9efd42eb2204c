"""Names of persons, organizations and places from `doc.tensor`, into `doc.ents`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.scorer import Scorer
from spacy.tokens import Doc, Span, Token
from spacy.training import Example

from stancegraph.pipeline.encoder import visible_tokens
from stancegraph.pipeline.tagging import bio_spans
from stancegraph.pipeline.weights import HeadWeights, vectors_of


class Names:
    """Sets `doc.ents` with the labels PERSON, ORG and LOC."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.weights = HeadWeights()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a document that the encoder has read."""
        tokens = visible_tokens(doc)
        if tokens:
            scores = self.weights.linear("name", vectors_of(doc, tokens))
            spans = bio_spans(scores[None], self.weights.labels["name"])[0]
            doc.ents = tuple(
                Span(doc, tokens[b].i, tokens[e - 1].i + 1, label)
                for begin, end, label in spans
                for b, e in _within_lines(tokens, begin, end)
            )
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


@Language.factory("stancegraph_names", assigns=["doc.ents"], requires=["doc.tensor"])
def make_names(nlp: Language, name: str) -> Names:
    """Create the component for names.

    Args:
        nlp: The pipeline.
        name: The component's name.
    """
    return Names(name)
