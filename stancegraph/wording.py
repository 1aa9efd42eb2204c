"""The meaning of short phrases, by static vectors.

Each piece of the vocabulary has one vector, distilled from the sentence encoder all-MiniLM-L6-v2 in the
manner of model2vec (Minish Lab 2024); a phrase is the sum of its pieces. `stancegraph.training.phrases`
makes them.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tokenizers import Tokenizer

Floats = NDArray[np.float32]


def vectors(phrases: Sequence[str]) -> Floats:
    """Return the meaning of phrases; the product of two rows is their cosine similarity.

    Args:
        phrases: Any texts; made for noun phrases of a few words. Capitals make no difference.

    Returns:
        An array of shape (number of phrases, width); rows have length one, or are zero where a phrase has no
        known piece.
    """
    table, scales = _table()
    found = np.zeros((len(phrases), table.shape[1]), np.float32)
    for row, encoded in zip(found, _tokenizer().encode_batch(list(phrases), add_special_tokens=False), strict=True):
        pieces = encoded.ids
        row[:] = scales[pieces] @ table[pieces].astype(np.float32)
    lengths = np.linalg.norm(found, axis=1, keepdims=True)
    np.divide(found, lengths, out=found, where=lengths > 0)
    return found


@cache
def _table() -> tuple[NDArray[np.int8], Floats]:
    """Return the vectors of all pieces in 8 bits (pieces, width) and their scales (pieces,)."""
    from safetensors.numpy import load

    stored = load((files("stancegraph") / "weights" / "phrases.safetensors").read_bytes())
    return stored["vectors"], stored["scales"].astype(np.float32)


@cache
def _tokenizer() -> Tokenizer:
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_str(
        (files("stancegraph") / "weights" / "tokenizer.json").read_text(encoding="utf8")
    )
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
