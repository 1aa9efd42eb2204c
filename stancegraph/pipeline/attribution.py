"""Attributions: cues, and what each cue attributes to whom.

Cues are tagged; then, for each cue, every token around it is scored as part of the source or the content of that cue.
So two attributions may share words, or one may stand inside the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc
from spacy.training import Example

from stancegraph.pipeline.encoder import visible_tokens
from stancegraph.pipeline.tagging import bio_spans
from stancegraph.pipeline.weights import Floats, HeadWeights, softmax, vectors_of

ROLE_LABELS = ("O", "B-source", "I-source", "B-content", "I-content")
CUE_LABELS = ("O", "B-cue", "I-cue")
DISTANCE_BUCKETS = 24
CUES_AT_ONCE = 64
WIDEST_CRACK = 2

CharSpans = list[tuple[int, int]]


class AttributionRow(TypedDict):
    """One attribution; spans are character offsets, end exclusive, in text order."""

    cue: CharSpans
    source: CharSpans
    content: CharSpans
    confidence: float


def distance_bucket(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    """Sort signed distances (in words) into `DISTANCE_BUCKETS` classes: finer near zero, in powers of two further away."""
    size = np.abs(distance)
    far = np.floor(1.25 * np.log2(np.maximum(size, 1))).astype(np.int64)
    rank = np.minimum(np.where(size < 1, 0, 1 + np.minimum(far, 10)), 11)
    return np.where(distance < 0, DISTANCE_BUCKETS // 2 + rank, rank)


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

        def chars(spans: Iterable[tuple[int, int]]) -> CharSpans:
            return [(starts[b], ends[e - 1]) for b, e in spans]

        for (begin, end, confidence), (sources, contents) in zip(cues, self.roles(x, cues), strict=True):
            if contents:
                doc._.attributions.append(
                    AttributionRow(
                        cue=chars([(begin, end)]),
                        source=chars(sources),
                        content=chars(contents),
                        confidence=confidence,
                    )
                )
        return doc

    def cues(self, x: Floats) -> list[tuple[int, int, float]]:
        """Return cues as (first token, token after the last, probability), left to right.

        Two heads were trained: one on reported speech and attitude, one on everything that can carry a position, deeds
        and nouns too. Each has its own threshold; where cues of both overlap, the likelier one stays.
        """
        found: list[tuple[float, int, int]] = []
        for head, threshold in (("cue", self.cue_threshold), ("cue_full", self.deed_threshold)):
            p = softmax(self.weights.linear(head, x))
            shifted = np.log(np.maximum(p, 1e-9))
            shifted[:, 0] += np.log(threshold / (1 - threshold))
            for b, e, _ in bio_spans(shifted[None].astype(np.float32), CUE_LABELS)[0]:
                found.append((round(float(1 - p[b, 0]), 6), b, e))
        chosen: list[tuple[int, int, float]] = []
        for p_cue, b, e in sorted(found, key=lambda c: (-c[0], c[1], c[2])):
            if all(e <= b2 or e2 <= b for b2, e2, _ in chosen):
                chosen.append((b, e, p_cue))
        return sorted(chosen)

    def roles(
        self, x: Floats, cues: Sequence[tuple[int, int, float]]
    ) -> list[tuple[list[tuple[int, int]], list[tuple[int, int]]]]:
        """Return for each cue the token spans of its source and of its content."""
        if not cues:
            return []
        w = self.weights
        any_role, token = w.linear("role_any", x), w.linear("role_token", x)
        first = w.linear("role_cue_first", x[[b for b, _, _ in cues]])
        last = w.linear("role_cue_last", x[[e - 1 for _, e, _ in cues]])
        distances = w.arrays["role_distance"]
        out = []
        for k in range(0, len(cues), CUES_AT_ONCE):
            chunk = cues[k : k + CUES_AT_ONCE]
            lows = [max(0, b - self.reach) for b, _, _ in chunk]
            highs = [min(len(x), e + self.reach) for _, e, _ in chunk]
            scores = np.full((len(chunk), max(h - lo for lo, h in zip(lows, highs, strict=True)), len(ROLE_LABELS)), -1e6)
            scores[:, :, 0] = 0  # beyond the reach of a cue there is nothing of it
            for i, ((b, _, _), lo, hi) in enumerate(zip(chunk, lows, highs, strict=True)):
                hidden = first[k + i] + last[k + i] + token[lo:hi] + distances[distance_bucket(np.arange(lo, hi) - b)]
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
    default_config={"cue_threshold": 0.5, "deed_threshold": 0.65, "reach": 250},
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
