"""The weights of one component: named arrays and label sets, kept in the component's own folder of a saved pipeline."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load, save
from spacy.tokens import Doc, Token

Floats = NDArray[np.float32]


class HeadWeights:
    """Small linear heads over `doc.tensor`, as plain arrays.

    Saved in half precision: the vectors they read come from an 8-bit network, which is coarser than that.
    """

    def __init__(self) -> None:
        self.arrays: dict[str, Floats] = {}
        self.labels: dict[str, list[str]] = {}
        self._sets: dict[str, tuple[list[str], frozenset[str]]] = {}

    def label_set(self, name: str) -> frozenset[str]:
        """Return the labels called `name` for looking them up."""
        labels = self.labels.get(name, [])
        kept, found = self._sets.get(name, ([], frozenset()))
        if kept is not labels:
            found = frozenset(labels)
            self._sets[name] = (labels, found)
        return found

    def linear(self, name: str, x: Floats) -> Floats:
        """Return `x` of shape (…, width) through the head called `name`."""
        weight = self.arrays.get(f"{name}.weight")
        if weight is None:
            raise RuntimeError("the pipeline has no weights: load it with stancegraph.load() or spacy.load()")
        out: Floats = x @ weight.T
        bias = self.arrays.get(f"{name}.bias")
        return out if bias is None else out + bias

    def to_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Write arrays and labels into a folder."""
        path.mkdir(parents=True, exist_ok=True)
        halves = {k: np.ascontiguousarray(v.astype(np.float16)) for k, v in sorted(self.arrays.items())}
        (path / "heads.safetensors").write_bytes(save(halves))
        (path / "labels.json").write_text(json.dumps(self.labels, indent=0, ensure_ascii=False), encoding="utf8")

    def from_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Read arrays and labels from a folder."""
        stored = load((path / "heads.safetensors").read_bytes())
        self.arrays = {k: v.astype(np.float32) for k, v in stored.items()}
        self.labels = json.loads((path / "labels.json").read_text(encoding="utf8"))


def vectors_of(doc: Doc, tokens: Sequence[Token]) -> Floats:
    """Return the encoder's vectors of some tokens, shape (tokens, width)."""
    return np.asarray(doc.tensor[[t.i for t in tokens]], dtype=np.float32)


def softmax(x: Floats) -> Floats:
    """Return the softmax over the last axis."""
    e = np.exp(x - x.max(-1, keepdims=True))
    out: Floats = e / e.sum(-1, keepdims=True)
    return out
