"""Stance, act and the words of the target: a second small network reads each attribution in its context.

The network sees the first line of the document and the passage around the attribution; source, cue and content are marked
by role embeddings, so that no word of the text is changed. It answers for two positions, the second of which is mostly
absent: what the stance is, what the holder does by saying it, what kind of thing the target is, and where its words stand;
and whether the source only passes on the position of somebody else, and where that one is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

import numpy as np
from spacy.language import Language
from spacy.tokens import Doc
from tokenizers import Tokenizer

from stancegraph.models import Act, Stance, TargetKind
from stancegraph.pipeline.attribution import AttributionRow
from stancegraph.pipeline.encoder import (
    Floats,
    Ints,
    OnnxModel,
    PieceReader,
    gaps_of,
    shape_of,
    visible_tokens,
)
from stancegraph.pipeline.weights import softmax

PASSAGE_ROLES = ("context", "source", "cue", "content", "title")
STANCES = tuple(s.value for s in Stance)
ACTS = tuple(a.value for a in Act)
KINDS = (TargetKind.OUTCOME.value, TargetKind.ACTOR.value, TargetKind.CLAIM.value)
SLOTS = 2
TITLE_PIECES = 24
LONGEST_TARGET = 14
NETWORK_INPUTS = ("ids", "shapes", "gaps", "roles", "firsts")
NETWORK_OUTPUTS = ("stances", "acts", "kinds", "starts", "ends", "others", "other_starts", "other_ends")

TokenSpans = Sequence[tuple[int, int]]
_ToTokens = Callable[[Sequence[tuple[int, int]]], list[tuple[int, int]]]


class Judgement(TypedDict):
    """What the network made of one attribution, for one of its positions.

    `target` holds the character offsets of the target's words (end exclusive), or None where none stand out; `other` those
    of the words for the holder, where the source only passes on somebody else's position; `certainty` is the calibrated
    probability of the stance.
    """

    stance: str
    act: str
    kind: str
    target: tuple[int, int] | None
    other: tuple[int, int] | None
    certainty: float


@dataclass(frozen=True)
class Passage:
    """The network's input for one attribution.

    Args:
        ids: Piece ids, shape (pieces,).
        shapes: Word shapes, shape (pieces,).
        gaps: Gaps before words, shape (pieces,).
        roles: Indices in `PASSAGE_ROLES`, shape (pieces,).
        firsts: Index of the first piece of each word, shape (words,).
        tokens: Index of each word among the document's visible tokens, shape (words,).
    """

    ids: Ints
    shapes: Ints
    gaps: Ints
    roles: Ints
    firsts: Ints
    tokens: Ints


class PassageMaker:
    """Cuts passages out of one document."""

    def __init__(self, words: Sequence[str], gaps: Sequence[int], reader: PieceReader, size: int) -> None:
        self._words, self._gaps, self._reader, self._size = words, gaps, reader, size
        self._lengths = [len(reader.pieces(w)) for w in words]
        self._title = self._first_line()

    def _first_line(self) -> list[int]:
        chosen, pieces = list[int](), 0
        for i, length in enumerate(self._lengths):
            pieces += length
            if pieces > TITLE_PIECES or (i and self._gaps[i] in (2, 3)):
                break
            chosen.append(i)
        return chosen

    def passage(self, source: TokenSpans, cue: TokenSpans, content: TokenSpans) -> Passage:
        """Return the passage for one attribution, its parts given as spans of visible tokens."""
        role = {i: 3 for b, e in content for i in range(b, e)}
        role |= {i: 1 for b, e in source for i in range(b, e)}
        role |= {i: 2 for b, e in cue for i in range(b, e)}
        tokens = self._choose(sorted(role))
        title = [] if tokens and tokens[0] <= (self._title[-1] if self._title else -1) else self._title
        ids, shapes, gaps, roles, firsts = [self._reader.start], [5], [0], [0], list[int]()
        for part, fixed in ((title, 4), (tokens, None)):
            for i in part:
                pieces = self._reader.pieces(self._words[i])
                firsts.append(len(ids))
                ids.extend(pieces)
                shapes.extend([shape_of(self._words[i])] + [7] * (len(pieces) - 1))
                gaps.extend([self._gaps[i]] + [0] * (len(pieces) - 1))
                roles.extend([role.get(i, 0) if fixed is None else fixed] * len(pieces))
            if part:
                ids.append(self._reader.end)
                shapes.append(5)
                gaps.append(0)
                roles.append(0)
        return Passage(
            np.array(ids),
            np.array(shapes),
            np.array(gaps),
            np.array(roles),
            np.array(firsts),
            np.array([*title, *tokens]),
        )

    def _choose(self, marked: Sequence[int]) -> list[int]:
        """Return the words of the passage: everything marked, or its two ends if that is too long; then what is around."""
        room = self._size - TITLE_PIECES - 3
        lengths = self._lengths
        if sum(lengths[i] for i in marked) > room:
            return self._ends(marked, room)
        low, high = marked[0], marked[-1] + 1
        used = sum(lengths[low:high])
        if used > room:  # the parts stand far from each other: only their own words
            return list(marked)
        while used < room and (low > 0 or high < len(lengths)):  # two words before for each word after
            before = used
            for _ in range(2):
                if low > 0 and used + lengths[low - 1] <= room:
                    low -= 1
                    used += lengths[low]
            if high < len(lengths) and used + lengths[high] <= room:
                used += lengths[high]
                high += 1
            if used == before:
                break
        return list(range(low, high))

    def _ends(self, marked: Sequence[int], room: int) -> list[int]:
        left, right, used = 0, len(marked) - 1, 0
        while left <= right:
            i = left if left <= 2 * (len(marked) - 1 - right) else right
            used += self._lengths[marked[i]]
            if used > room:
                break
            left, right = (left + 1, right) if i == left else (left, right - 1)
        return [*marked[:left], *marked[right + 1 :]]


def best_span(start: Floats, end: Floats) -> tuple[int, int] | None:
    """Return the likeliest span of at most `LONGEST_TARGET` words as (first, after the last); None if there is no word."""
    best, span = -np.inf, None
    for i in range(len(start)):
        stop = min(len(end), i + LONGEST_TARGET)
        j = i + int(end[i:stop].argmax())
        if start[i] + end[j] > best:
            best, span = start[i] + end[j], (int(i), j + 1)
    return span


class Stances:
    """Sets `doc._.judgements`, for each attribution a list of `Judgement`, the most important first."""

    def __init__(self, name: str, passage: int, second_threshold: float, other_threshold: float, temperature: float) -> None:
        self.name = name
        self.passage = passage
        self.second_threshold = second_threshold
        self.other_threshold = other_threshold
        self.temperature = temperature
        self.network = OnnxModel()
        self.reader: PieceReader | None = None

    def __call__(self, doc: Doc) -> Doc:
        """Judge a document's attributions."""
        doc._.judgements = []
        if not doc._.attributions:
            return doc
        if self.reader is None:
            raise RuntimeError("the pipeline has no weights: load it with stancegraph.load() or spacy.load()")
        tokens = visible_tokens(doc)
        offsets = [(t.idx, t.idx + len(t)) for t in tokens]
        maker = PassageMaker([t.text for t in tokens], gaps_of(doc.text, offsets), self.reader, self.passage)
        starts = np.array([b for b, _ in offsets])
        ends = np.array([e for _, e in offsets])

        def spans(chars: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
            return [(int(np.searchsorted(ends, b, "right")), int(np.searchsorted(starts, e, "left"))) for b, e in chars]

        for row in doc._.attributions:
            doc._.judgements.append(self.judge(maker, row, spans, offsets))
        return doc

    def judge(self, maker: PassageMaker, row: AttributionRow, spans: _ToTokens, offsets: TokenSpans) -> list[Judgement]:
        """Return the judgements on one attribution."""
        p = maker.passage(spans(row["source"]), spans(row["cue"]), spans(row["content"]))
        answers = self.network(**{name: getattr(p, name)[None] for name in NETWORK_INPUTS})
        stances, acts, kinds, starts, ends, others, other_starts, other_ends = (a[0] for a in answers)
        found = list[Judgement]()
        for slot in range(SLOTS):
            probabilities = softmax(stances[slot] / self.temperature)
            stance = int(probabilities[: len(STANCES)].argmax())
            if slot and (probabilities[-1] > 1 - self.second_threshold or STANCES[stance] == Stance.NONE.value):
                break
            words = best_span(starts[slot], ends[slot])
            told = softmax(others[slot])[1] >= self.other_threshold
            other = best_span(other_starts[slot], other_ends[slot]) if told else None
            found.append(
                Judgement(
                    stance=STANCES[stance],
                    act=ACTS[int(acts[slot].argmax())],
                    kind=KINDS[int(kinds[slot].argmax())],
                    target=_chars(words, p, offsets),
                    other=_chars(other, p, offsets),
                    certainty=round(float(probabilities[stance]), 4),
                )
            )
            if STANCES[stance] == Stance.NONE.value:
                break
        return found

    def to_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Write the network and its vocabulary into a folder."""
        path.mkdir(parents=True, exist_ok=True)
        (path / "judge.onnx").write_bytes(self.network.to_bytes())
        if self.reader:
            (path / "tokenizer.json").write_text(self.reader.vocabulary(), encoding="utf8")

    def from_disk(self, path: Path, exclude: Sequence[str] = ()) -> Stances:
        """Read the network and its vocabulary from a folder."""
        self.network.load((path / "judge.onnx").read_bytes())
        self.reader = PieceReader(Tokenizer.from_file(str(path / "tokenizer.json")))
        return self


def _chars(words: tuple[int, int] | None, passage: Passage, offsets: TokenSpans) -> tuple[int, int] | None:
    """Return where the words of a passage stand in the text; None unless they stand together."""
    if words is None:
        return None
    tokens = passage.tokens[words[0] : words[1]]
    if tokens[-1] - tokens[0] != len(tokens) - 1:
        return None
    return offsets[int(tokens[0])][0], offsets[int(tokens[-1])][1]


if not Doc.has_extension("judgements"):
    Doc.set_extension("judgements", default=[])


@Language.factory(
    "stancegraph_stance",
    assigns=["doc._.judgements"],
    requires=["doc._.attributions"],
    default_config={"passage": 160, "second_threshold": 0.5, "other_threshold": 0.5, "temperature": 1.0},
)
def make_stance(
    nlp: Language, name: str, passage: int, second_threshold: float, other_threshold: float, temperature: float
) -> Stances:
    """Create the component for stances.

    Args:
        nlp: The pipeline.
        name: The component's name.
        passage: Most pieces of text that the network sees of one attribution.
        second_threshold: Least probability that an attribution carries a second position.
        other_threshold: Least probability that a position is passed on from somebody else.
        temperature: Divides the scores of the stances, so that their probabilities are honest.
    """
    return Stances(name, passage, second_threshold, other_threshold, temperature)
