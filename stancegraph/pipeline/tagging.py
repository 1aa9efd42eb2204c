"""From scores of begin–inside–outside tags to spans."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from stancegraph.pipeline.weights import Floats


def bio_spans(scores: Floats, labels: Sequence[str]) -> list[list[tuple[int, int, str]]]:
    """Return the spans of the best lawful tag sequences.

    A sequence is lawful when every `I-x` follows `B-x` or `I-x`; the best one is found as in Viterbi (1967).

    Args:
        scores: Shape (sequences, tokens, labels), a score for each label; sequences are independent.
        labels: "O", and "B-x" or "I-x" for each kind x of span.

    Returns:
        For each sequence its spans as (first token, token after the last, kind), left to right.
    """
    allowed = np.array([[0.0 if _may_follow(a, b) else -1e9 for b in labels] for a in labels], dtype=np.float32)
    first = np.array([-1e9 if label.startswith("I-") else 0.0 for label in labels], dtype=np.float32)
    rows, length, _ = scores.shape
    if not length:
        return [[] for _ in range(rows)]
    total = scores[:, 0] + first
    back = np.zeros((length, rows, len(labels)), dtype=np.int64)
    for t in range(1, length):
        ways = total[:, :, None] + allowed
        back[t] = ways.argmax(1)
        total = ways.max(1) + scores[:, t]
    path = np.zeros((rows, length), dtype=np.int64)
    path[:, -1] = total.argmax(1)
    for t in range(length - 1, 0, -1):
        path[:, t - 1] = back[t, np.arange(rows), path[:, t]]
    return [_spans(row, labels) for row in path]


def _may_follow(before: str, label: str) -> bool:
    return not label.startswith("I-") or before in (f"B-{label[2:]}", label)


def _spans(path: NDArray[np.int64], labels: Sequence[str]) -> list[tuple[int, int, str]]:
    spans: list[tuple[int, int, str]] = []
    start, kind = 0, ""
    for i, label in enumerate([*(labels[k] for k in path), "O"]):
        if kind and not label.startswith("I-"):
            spans.append((start, i, kind))
            kind = ""
        if label.startswith("B-"):
            start, kind = i, label[2:]
    return spans
