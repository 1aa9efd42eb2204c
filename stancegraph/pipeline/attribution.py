"""Attributions: cues, and what each cue attributes to whom.

Cues are tagged; then, for each cue, every token around it is scored as part of the source or the content of that cue.
So two attributions may share words, or one may stand inside the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, NamedTuple, TypedDict

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Token
from spacy.training import Example

from stancegraph.pipeline.encoder import gaps_of, visible_tokens
from stancegraph.pipeline.tagging import bio_spans
from stancegraph.pipeline.weights import Floats, HeadWeights, softmax, vectors_of

ROLE_LABELS = ("O", "B-source", "I-source", "B-content", "I-content")
CUE_LABELS = ("O", "B-cue", "I-cue")
DISTANCE_BUCKETS = 24
CUES_AT_ONCE = 64
WIDEST_CRACK = 2
MOST_CLAIMED = 0.5
LANDMARKS = {"sentence": 3, "quote": 4, "line": 2}  # counted up to so many in either direction
_SENTENCE_ENDS = frozenset(".?!")
_QUOTES = frozenset('"\u201c\u201d\u201e\u00ab\u00bb')

CharSpans = list[tuple[int, int]]


class AttributionRow(TypedDict):
    """One attribution; spans are character offsets, end exclusive, in text order.

    `reported` tells words and attitudes, which a cue of speech or thought attributes, from what deeds and nouns show.
    """

    cue: CharSpans
    source: CharSpans
    content: CharSpans
    confidence: float
    reported: bool


class Cue(NamedTuple):
    """A cue: first token, token after the last, probability, and whether it is one of speech or attitude."""

    begin: int
    end: int
    confidence: float
    reported: bool


def distance_bucket(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort signed distances (in words) into `DISTANCE_BUCKETS` classes: finer near zero, in powers of two further away."""
    size = np.abs(distance)
    far = np.floor(1.25 * np.log2(np.maximum(size, 1))).astype(np.int64)
    rank = np.minimum(np.where(size < 1, 0, 1 + np.minimum(far, 10)), 11)
    return np.where(distance < 0, DISTANCE_BUCKETS // 2 + rank, rank)


def landmarks(words: Sequence[str], gaps: Sequence[int]) -> NDArray[np.int64]:
    """Count what a reader steers by before each word: sentence ends, quotation marks, line breaks.

    Args:
        words: The words of a text.
        gaps: The gap before each, as `gaps_of` gives them.

    Returns:
        Shape (landmarks, words), in the order of `LANDMARKS`.
    """
    ends = np.array([w in _SENTENCE_ENDS for w in words], dtype=np.int64)
    quotes = np.array([w in _QUOTES for w in words], dtype=np.int64)
    lines = np.array([g in (2, 3) for g in gaps], dtype=np.int64)
    return np.stack([np.cumsum(ends) - ends, np.cumsum(quotes) - quotes, np.cumsum(lines)])


class Attributions:
    """Sets `doc._.attributions`, a list of `AttributionRow` in text order."""

    def __init__(self, name: str, cue_threshold: float, deed_threshold: float, reach: int) -> None:
        self.name = name
        self.cue_threshold = cue_threshold
        self.deed_threshold = deed_threshold
        self.reach = reach
        self.weights = HeadWeights()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a document that the encoder has read."""
        tokens = visible_tokens(doc)
        doc._.attributions = []
        if not tokens:
            return doc
        x = vectors_of(doc, tokens)
        cues = self.cues(x)
        starts = [t.idx for t in tokens]
        ends = [t.idx + len(t) for t in tokens]
        marks = landmarks_of(doc, tokens)

        def chars(spans: Iterable[tuple[int, int]]) -> CharSpans:
            return [(starts[b], ends[e - 1]) for b, e in spans]

        for (begin, end, confidence, reported), (sources, contents) in zip(cues, self.roles(x, cues, marks), strict=True):
            if contents:
                doc._.attributions.append(
                    AttributionRow(
                        cue=chars([(begin, end)]),
                        source=chars(sources),
                        content=chars(contents),
                        confidence=confidence,
                        reported=reported,
                    )
                )
        self._run_on(doc, [(starts[b], ends[e - 1]) for b, e in self.contents(x)])
        return doc

    def contents(self, x: Floats) -> list[tuple[int, int]]:
        """Return the token spans that are content of some cue, near or far."""
        scores = self.weights.linear("role_any", x)
        return [(b, e) for b, e, kind in bio_spans(scores[None], ROLE_LABELS)[0] if kind == "content"]

    @staticmethod
    def _run_on(doc: Doc, contents: CharSpans) -> None:
        """Give content that no cue claims, as when a quotation runs on, to the attribution of speech before it."""
        rows: list[AttributionRow] = doc._.attributions
        claimed = np.zeros(len(doc.text), dtype=bool)
        for row in rows:
            if row["reported"]:
                for b, e in (*row["content"], *row["cue"]):
                    claimed[b:e] = True
        for b, e in contents:
            if claimed[b:e].mean() < MOST_CLAIMED:
                before = [row for row in rows if row["reported"] and row["cue"][0][0] < b]
                if before:
                    row = max(before, key=lambda row: row["cue"][0][0])
                    row["content"] = sorted([*row["content"], (b, e)])

    def cues(self, x: Floats) -> list[Cue]:
        """Return the cues, left to right.

        Two heads were trained: one on reported speech and attitude, one on everything that can carry a position, deeds
        and nouns too. Each has its own threshold; the second adds those cues that the first does not touch.
        """
        found: list[Cue] = []
        for head, threshold in (("cue", self.cue_threshold), ("cue_full", self.deed_threshold)):
            p = softmax(self.weights.linear(head, x))
            shifted = np.log(np.maximum(p, 1e-9))
            shifted[:, 0] += np.log(threshold / (1 - threshold))
            before = list(found)
            for b, e, _ in bio_spans(shifted[None].astype(np.float32), CUE_LABELS)[0]:
                if all(e <= cue.begin or cue.end <= b for cue in before):
                    found.append(Cue(b, e, round(float(1 - p[b, 0]), 6), head == "cue"))
        return sorted(found)

    def roles(
        self, x: Floats, cues: Sequence[Cue], marks: NDArray[np.int64]
    ) -> list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
        """Return for each cue the token spans of its source and of its content."""
        if not cues:
            return []
        w = self.weights
        any_role, token = w.linear("role_any", x), w.linear("role_token", x)
        first = w.linear("role_cue_first", x[[cue.begin for cue in cues]])
        last = w.linear("role_cue_last", x[[cue.end - 1 for cue in cues]])
        distances = w.arrays["role_distance"]
        tables = [(n, w.arrays[f"role_{name}"]) for name, n in LANDMARKS.items()]
        out = []
        for k in range(0, len(cues), CUES_AT_ONCE):
            chunk = cues[k : k + CUES_AT_ONCE]
            lows = [max(0, b - self.reach) for b, *_ in chunk]
            highs = [min(len(x), e + self.reach) for _, e, *_ in chunk]
            scores = np.full((len(chunk), max(h - lo for lo, h in zip(lows, highs, strict=True)), len(ROLE_LABELS)), -1e6)
            scores[:, :, 0] = 0  # beyond the reach of a cue there is nothing of it
            for i, ((b, *_), lo, hi) in enumerate(zip(chunk, lows, highs, strict=True)):
                hidden = first[k + i] + last[k + i] + token[lo:hi] + distances[distance_bucket(np.arange(lo, hi) - b)]
                for counts, (n, table) in zip(marks, tables, strict=True):
                    hidden += table[np.clip(counts[lo:hi] - counts[b], -n, n) + n]
                scores[i, : hi - lo] = w.linear("role_out", np.maximum(hidden, 0)) + any_role[lo:hi]
            for lo, spans in zip(lows, bio_spans(scores.astype(np.float32), ROLE_LABELS), strict=True):
                out.append((one_span(_parts(spans, "source", lo)), _parts(spans, "content", lo)))
        return out

    def score(self, examples: Iterable[Example], **_: object) -> dict[str, Any]:
        """Score exact cue, source and content spans against the examples' own attributions."""
        scores: dict[str, Any] = {}
        examples = list(examples)
        for role in ("cue", "source", "content"):
            right = predicted = gold = 0
            for example in examples:
                p = {tuple(s) for a in example.predicted._.attributions for s in a[role]}
                g = {tuple(s) for a in example.reference._.attributions for s in a[role]}
                right, predicted, gold = right + len(p & g), predicted + len(p), gold + len(g)
            scores[f"attribution_{role}_f"] = 2 * right / (predicted + gold) if predicted + gold else None
        return scores

    def to_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Write the weights into a folder."""
        self.weights.to_disk(path)

    def from_disk(self, path: Path, exclude: Sequence[str] = ()) -> Attributions:
        """Read the weights from a folder."""
        self.weights.from_disk(path)
        return self


def landmarks_of(doc: Doc, tokens: Sequence[Token]) -> NDArray[np.int64]:
    """Return the landmarks of a document's visible tokens."""
    offsets = [(t.idx, t.idx + len(t)) for t in tokens]
    return landmarks([t.text for t in tokens], gaps_of(doc.text, offsets))


def one_span(parts: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the one span of a source: its pieces joined over a comma or such, and of several the longest."""
    joined: list[tuple[int, int]] = []
    for begin, end in parts:
        if joined and begin - joined[-1][1] <= WIDEST_CRACK:
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((begin, end))
    return [max(joined, key=lambda s: (s[1] - s[0], -s[0]))] if joined else []


def _parts(spans: Sequence[tuple[int, int, str]], kind: str, low: int) -> list[tuple[int, int]]:
    """Return the spans of one kind, those that touch joined into one."""
    parts: list[tuple[int, int]] = []
    for begin, end, of in spans:
        if of == kind and parts and parts[-1][1] == low + begin:
            parts[-1] = (parts[-1][0], low + end)
        elif of == kind:
            parts.append((low + begin, low + end))
    return parts


if not Doc.has_extension("attributions"):
    Doc.set_extension("attributions", default=[])


@Language.factory(
    "stancegraph_attribution",
    assigns=["doc._.attributions"],
    requires=["doc.tensor"],
    default_config={"cue_threshold": 0.5, "deed_threshold": 0.8, "reach": 250},
)
def make_attribution(nlp: Language, name: str, cue_threshold: float, deed_threshold: float, reach: int) -> Attributions:
    """Create the component for attributions.

    Args:
        nlp: The pipeline.
        name: The component's name.
        cue_threshold: Least probability of a cue of speech or attitude.
        deed_threshold: Least probability of a cue by the head trained on the full scheme (deeds, nouns, nested ones).
        reach: Most words between a cue and what it attributes.
    """
    return Attributions(name, cue_threshold, deed_threshold, reach)
