"""The one network of the pipeline: windows of text → a vector for every token, in `doc.tensor`.

A small transformer reads the text once; the components after it are light heads over its vectors. Its vocabulary has no
capitals and no line breaks, so each piece also carries its word's shape and the gap before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from spacy.language import Language
from spacy.tokens import Doc, Token
from tokenizers import Tokenizer

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

SHAPES = ("lower", "title", "capitals", "mixed", "digits", "other", "initial", "continued")
GAPS = ("none", "space", "line", "paragraph", "start")
MAX_PIECES_OF_A_WORD = 16


def visible_tokens(doc: Doc) -> list[Token]:
    """Return the tokens that are not white space."""
    return [token for token in doc if not token.is_space]


def shape_of(word: str) -> int:
    """Return the index in `SHAPES` of a word's shape."""
    if any(c.isdigit() for c in word):
        return 4
    if not any(c.isalpha() for c in word):
        return 5
    if word.islower():
        return 0
    if word.isupper():
        return 2 if len(word) > 1 else 6
    return 1 if word[0].isupper() and word[1:].islower() else 3


def gaps_of(text: str, offsets: Sequence[tuple[int, int]]) -> list[int]:
    """Return for each token the index in `GAPS` of what stands between it and the token before."""
    gaps, before = [], None
    for start, end in offsets:
        if before is None:
            gaps.append(4)
        elif start == before:
            gaps.append(0)
        else:
            lines = text.count("\n", before, start)
            gaps.append(min(lines, 2) + 1)
        before = end
    return gaps


class PieceReader:
    """Cuts words into the pieces of the encoder's vocabulary."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self._tokenizer = tokenizer
        self.start, self.end, self._unknown = (tokenizer.token_to_id(m) or 0 for m in ("[CLS]", "[SEP]", "[UNK]"))
        self.pieces = lru_cache(maxsize=100_000)(self._pieces)

    def _pieces(self, word: str) -> tuple[int, ...]:
        """Return the pieces of one word; at least one, at most `MAX_PIECES_OF_A_WORD`."""
        found = self._tokenizer.encode(word[:200], add_special_tokens=False).ids[:MAX_PIECES_OF_A_WORD]
        return tuple(found or [self._unknown])

    def vocabulary(self) -> str:
        """Return the tokenizer in its own JSON form."""
        return str(self._tokenizer.to_str())

    def window(self, words: Sequence[str], gaps: Sequence[int]) -> tuple[Ints, Ints, Ints, Ints]:
        """Return the encoder's input for a stretch of words.

        Returns:
            Piece ids, shapes and gaps, each of shape (pieces,), with start and end marks; and the index of the first
            piece of each word, of shape (words,).
        """
        ids, shapes, spaces, firsts = [self.start], [5], [0], list[int]()
        for word, gap in zip(words, gaps, strict=True):
            pieces = self.pieces(word)
            firsts.append(len(ids))
            ids.extend(pieces)
            more = len(pieces) - 1
            shapes.extend([shape_of(word)] + [7] * more)
            spaces.extend([gap] + [0] * more)
        ids.append(self.end)
        shapes.append(5)
        spaces.append(0)
        return np.array(ids), np.array(shapes), np.array(spaces), np.array(firsts)


def windows(lengths: Sequence[int], size: int, overlap: int) -> Iterator[tuple[int, int]]:
    """Cut a text into overlapping windows.

    Args:
        lengths: Number of pieces of each word.
        size: Most pieces of a window.
        overlap: Pieces that neighbouring windows share, if a window has room for them and one more word.

    Yields:
        First word and the word after the last of each window, from left to right, covering every word.
    """
    begin = 0
    while begin < len(lengths):
        end, pieces = begin, 0
        while end < len(lengths) and (end == begin or pieces + lengths[end] <= size):
            pieces += lengths[end]
            end += 1
        yield begin, end
        if end == len(lengths):
            return
        back, after = 0, end
        while end - 1 > begin and back < overlap and back + lengths[end - 1] + lengths[after] <= size:
            end -= 1
            back += lengths[end]
        begin = end


def _session(model: bytes) -> onnxruntime.InferenceSession:
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1  # one thread a process: the same sums in the same order on every machine
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


class OnnxModel:
    """A network in ONNX form that can be saved with the pipeline."""

    def __init__(self) -> None:
        self._bytes = b""
        self._run: onnxruntime.InferenceSession | None = None

    def load(self, model: bytes) -> None:
        """Take over a serialised network."""
        self._bytes, self._run = model, _session(model)

    def __call__(self, **inputs: NDArray[Any]) -> list[NDArray[Any]]:
        """Run the network on named inputs and return its outputs in order.

        Raises:
            RuntimeError: If no network was loaded.
        """
        if self._run is None:
            raise RuntimeError("the pipeline has no weights: load it with stancegraph.load() or spacy.load()")
        return list(self._run.run(None, inputs))

    def __getstate__(self) -> bytes:
        return self._bytes

    def __setstate__(self, state: bytes) -> None:
        self.__init__()  # type: ignore[misc]
        if state:
            self.load(state)

    def to_bytes(self) -> bytes:
        """Return the serialised network."""
        return self._bytes


class Encoder:
    """Fills `doc.tensor` with one row for each token; rows of white space are zero.

    A token near the edge of one window lies further inside its neighbour, and is read from there. Windows are run one at
    a time: the network's 8-bit scales depend on everything in a run, and a text must not be read differently for the
    company it keeps.
    """

    def __init__(self, name: str, window: int, overlap: int) -> None:
        self.name = name
        self.window = window
        self.overlap = overlap
        self.network = OnnxModel()
        self.reader: PieceReader | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Set `doc.tensor`."""
        tokens = visible_tokens(doc)
        tensor: Floats = np.zeros((len(doc), 0), dtype=np.float32)
        if tokens:
            offsets = [(t.idx, t.idx + len(t)) for t in tokens]
            rows = self.vectors([t.text for t in tokens], gaps_of(doc.text, offsets))
            tensor = np.zeros((len(doc), rows.shape[1]), dtype=np.float32)
            tensor[[t.i for t in tokens]] = rows
        doc.tensor = tensor  # type: ignore[assignment] # spaCy declares float64 and keeps what it is given
        return doc

    def vectors(self, words: Sequence[str], gaps: Sequence[int]) -> Floats:
        """Return the vectors of a whole text's words, of shape (words, width)."""
        if self.reader is None:
            raise RuntimeError("the pipeline has no weights: load it with stancegraph.load() or spacy.load()")
        lengths = [len(self.reader.pieces(w)) for w in words]
        parts: list[Floats] = []
        spans = list(windows(lengths, self.window - 2, self.overlap))
        for k, (begin, end) in enumerate(spans):
            ids, shapes, spaces, firsts = self.reader.window(words[begin:end], gaps[begin:end])
            (out,) = self.network(ids=ids[None], shapes=shapes[None], gaps=spaces[None], firsts=firsts[None])
            first = begin if k == 0 else (begin + spans[k - 1][1]) // 2
            last = end if k + 1 == len(spans) else (spans[k + 1][0] + end) // 2
            parts.append(out[0, first - begin : last - begin])
        return np.concatenate(parts)

    def to_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Write the network and its vocabulary into a folder."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "encoder.onnx").write_bytes(self.network.to_bytes())
        if self.reader:
            (path / "tokenizer.json").write_text(self.reader.vocabulary(), encoding="utf8")

    def from_disk(self, path: Path, exclude: Sequence[str] = ()) -> Encoder:
        """Read the network and its vocabulary from a folder."""
        self.network.load((path / "encoder.onnx").read_bytes())
        self.reader = PieceReader(Tokenizer.from_file(str(path / "tokenizer.json")))
        return self


@Language.factory("stancegraph_encoder", assigns=["doc.tensor"], default_config={"window": 254, "overlap": 80})
def make_encoder(nlp: Language, name: str, window: int, overlap: int) -> Encoder:
    """Create the encoder.

    Args:
        nlp: The pipeline.
        name: The component's name.
        window: Most pieces of text in one run of the network, marks included.
        overlap: Pieces that neighbouring windows share.
    """
    return Encoder(name, window, overlap)
