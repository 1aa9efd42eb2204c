"""How honest probabilities are."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

BINS = 10


def calibration(judged: Sequence[tuple[float, bool]], bins: int = BINS) -> dict[str, Any]:
    """Return the expected calibration error: over bins of equal width, the mean distance of confidence and accuracy.

    After Guo et al. 2017, "On Calibration of Modern Neural Networks": each bin is open below and closed above, and
    weighs as many as fall in it.

    Args:
        judged: For each judgement its probability, in [0, 1], and whether it was right.
        bins: Number of bins.

    Returns:
        The error in [0, 1] (None if nothing was judged), the number of judgements, and every bin that is not empty.
    """
    filled: dict[int, list[tuple[float, bool]]] = {}
    for probability, right in judged:
        filled.setdefault(max(0, math.ceil(probability * bins) - 1), []).append((probability, right))
    rows = [
        {
            "above": k / bins,
            "up to": (k + 1) / bins,
            "n": len(members),
            "confidence": round(sum(p for p, _ in members) / len(members), 4),
            "accuracy": round(sum(right for _, right in members) / len(members), 4),
        }
        for k, members in sorted(filled.items())
    ]
    error = sum(abs(sum(p - right for p, right in members)) for members in filled.values())
    return {
        "expected calibration error": round(error / len(judged), 4) if judged else None,
        "n": len(judged),
        "bins": rows,
    }
