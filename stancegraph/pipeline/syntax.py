"""Sentences, tags, morphology, lemmas and dependency trees (Universal Dependencies) from `doc.tensor`.

Trees are scored as in Dozat and Manning (2017, "Deep Biaffine Attention for Neural Dependency Parsing") and the best tree
with one root is found as in Chu and Liu (1965) and Edmonds (1967).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import DEP, HEAD, LEMMA, MORPH, POS, TAG
from spacy.language import Language
from spacy.scorer import Scorer
from spacy.symbols import NAMES
from spacy.tokens import Doc
from spacy.training import Example

from stancegraph.pipeline.encoder import gaps_of, visible_tokens
from stancegraph.pipeline.lemmas import best_lemma
from stancegraph.pipeline.punctuation import with_punctuation
from stancegraph.pipeline.weights import Floats, HeadWeights, softmax, vectors_of

LONGEST_SENTENCE = 300
LIKELY_ROOTS = 5
PARAGRAPH_GAP = 3
_POS_NUMBERS = {name: number for number, name in enumerate(NAMES)}


def best_tree(scores: Floats) -> list[int]:
    """Return the best tree with one root, the root being one of the `LIKELY_ROOTS` best roots.

    Args:
        scores: Shape (words, words): how well word j (column) suits as parent of word i (row); the diagonal is the root.

    Returns:
        The parent of each word; the root is its own parent.
    """
    greedy = scores.argmax(1)
    if _is_tree(greedy):
        return [int(h) for h in greedy]
    n = len(scores)
    best, best_total = list(range(n)), -np.inf
    for root in np.argsort(-np.diag(scores), kind="stable")[:LIKELY_ROOTS]:
        arcs = np.full((n + 1, n + 1), -np.inf)
        arcs[1:, 1:] = scores
        np.fill_diagonal(arcs, -np.inf)
        arcs[root + 1, :] = -np.inf
        arcs[root + 1, 0] = scores[root, root]
        parents = _edmonds(arcs)
        total = sum(arcs[i, parents[i]] for i in range(1, n + 1))
        if total > best_total:
            best_total, best = total, [int(p) - 1 if p else i for i, p in enumerate(parents[1:].tolist())]
    return best


def _is_tree(parents: NDArray[Any]) -> bool:
    own = parents == np.arange(len(parents))
    if own.sum() != 1:
        return False
    at = parents
    for _ in range(int(np.ceil(np.log2(len(parents) + 1))) + 1):
        at = at[at]
    return bool((at == int(np.flatnonzero(own)[0])).all())


def _cycle(parents: NDArray[Any]) -> list[int]:
    colour = [0] * len(parents)
    for start in range(1, len(parents)):
        path, at = [], start
        while at and not colour[at]:
            colour[at] = start
            path.append(at)
            at = int(parents[at])
        if at and colour[at] == start:
            return path[path.index(at) :]
    return []


def _edmonds(arcs: NDArray[Any]) -> NDArray[Any]:
    """Return the best parents; node 0 is the root's parent. `arcs[i, j]` scores j as parent of i."""
    parents: NDArray[Any] = arcs.argmax(1)
    parents[0] = 0
    cycle = _cycle(parents)
    if not cycle:
        return parents
    inside = np.zeros(len(arcs), bool)
    inside[cycle] = True
    outside = np.flatnonzero(~inside)
    ring = np.array(cycle)
    into = arcs[np.ix_(ring, outside)] - arcs[ring, parents[ring]][:, None]
    enter = ring[into.argmax(0)]
    leave = ring[arcs[np.ix_(outside, ring)].argmax(1)]
    k = len(outside)
    smaller = np.full((k + 1, k + 1), -np.inf)
    smaller[:k, :k] = arcs[np.ix_(outside, outside)]
    smaller[k, :k] = into.max(0)
    smaller[:k, k] = arcs[outside, leave]
    smaller[0, :] = -np.inf
    solved = _edmonds(smaller)
    out: NDArray[Any] = parents.copy()
    for i in range(1, k):
        out[outside[i]] = leave[i] if solved[i] == k else outside[solved[i]]
    broken = int(enter[solved[k]])
    out[broken] = outside[solved[k]]
    return out


class Syntax:
    """Sets sentences, tags, morphology, lemmas, heads and dependency labels."""

    def __init__(self, nlp: Language, name: str, sentence_threshold: float) -> None:
        self.name = name
        self.sentence_threshold = sentence_threshold
        self.vocab = nlp.vocab
        self.weights = HeadWeights()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate a document that the encoder has read."""
        tokens = visible_tokens(doc)
        if not tokens:
            return doc
        at = np.array([t.i for t in tokens])
        x = vectors_of(doc, tokens)
        gaps = gaps_of(doc.text, [(t.idx, t.idx + len(t)) for t in tokens])
        sentences = self.sentences(x, gaps)
        parents, deps = self.trees(x, sentences)
        punct = self.weights.labels["dep"].index("punct")
        for b, e in sentences:
            inside = [p - b for p in parents[b:e]]
            marks = [k == punct for k in deps[b:e]]
            parents[b:e] = [b + p for p in with_punctuation([t.text for t in tokens[b:e]], inside, marks)]
        self.set_annotations(doc, at, x, parents, deps)
        return doc

    def sentences(self, x: Floats, gaps: Sequence[int]) -> list[tuple[int, int]]:
        """Return the sentences as spans of visible tokens; an empty line always ends one."""
        starts = softmax(self.weights.linear("start", x))[:, 1] > self.sentence_threshold
        starts |= np.array(gaps) == PARAGRAPH_GAP
        starts[0] = True
        begins = [int(i) for i in np.flatnonzero(starts)]
        cut = [
            (b, min(b + LONGEST_SENTENCE, e))
            for begin, e in zip(begins, [*begins[1:], len(x)], strict=True)
            for b in range(begin, e, LONGEST_SENTENCE)
        ]
        return cut

    def trees(self, x: Floats, sentences: Iterable[tuple[int, int]]) -> tuple[list[int], list[int]]:
        """Return the parent of each visible token (the root its own) and the index of its label."""
        w = self.weights
        one = np.ones((len(x), 1), np.float32)
        arc_child = np.hstack([np.maximum(w.linear("arc_child", x), 0), one]) @ w.arrays["arc"]
        arc_parent = np.maximum(w.linear("arc_parent", x), 0)
        dep_child = np.hstack([np.maximum(w.linear("dep_child", x), 0), one])
        dep_parent = np.hstack([np.maximum(w.linear("dep_parent", x), 0), one])
        count, width, _ = w.arrays["dep"].shape
        label_child = np.ascontiguousarray(w.arrays["dep"].transpose(1, 0, 2)).reshape(width, count * width)
        parents, deps = list[int](), list[int]()
        for b, e in sentences:
            tree = best_tree(arc_child[b:e] @ arc_parent[b:e].T)
            parents += [b + p for p in tree]
            projected = (dep_child[b:e] @ label_child).reshape(e - b, count, width)
            labels = (projected @ dep_parent[[b + p for p in tree]][:, :, None])[:, :, 0]
            deps += self._labels(labels, tree)
        return parents, deps

    def _labels(self, scores: Floats, tree: Sequence[int]) -> list[int]:
        """Choose labels; "root" for the root and for no other word."""
        root = self.weights.labels["dep"].index("root")
        own = np.array(tree) == np.arange(len(tree))
        scores[~own, root] = -np.inf
        best = scores.argmax(1)
        best[own] = root
        return [int(b) for b in best]

    def set_annotations(self, doc: Doc, at: NDArray[Any], x: Floats, parents: list[int], deps: list[int]) -> None:
        """Write everything into the document; white space hangs on the token before it."""
        w, strings = self.weights, self.vocab.strings
        n = len(doc)
        tags = [w.labels["tag"][k] for k in w.linear("tag", x).argmax(1)]
        pos = [w.labels["pos"][k] for k in w.linear("pos", x).argmax(1)]
        morphs = [w.labels["morph"][k] for k in w.linear("morph", x).argmax(1)]
        rules, known = w.linear("lemma", x), w.label_set("known_lemmas")
        rows = np.zeros((n, 6), dtype=np.uint64)
        visible = {int(i): k for k, i in enumerate(at)}
        before = int(at[0])
        for i in range(n):
            k = visible.get(i)
            if k is None:
                head, values = before, ("dep", "_SP", "SPACE", "", doc[i].text)
            else:
                before, head = i, int(at[parents[k]])
                dep = "ROOT" if head == i else w.labels["dep"][deps[k]]
                values = (
                    dep,
                    tags[k],
                    pos[k],
                    "" if morphs[k] == "_" else morphs[k],
                    best_lemma(doc[i].text, rules[k], w.labels["lemma"], known),
                )
            dep, tag, upos, morph, lemma = values
            rows[i] = (
                np.int64(head - i).astype(np.uint64), strings.add(dep), strings.add(tag), _POS_NUMBERS[upos],
                self.vocab.morphology.add(morph), strings.add(lemma),
            )  # fmt: skip
        doc.from_array([HEAD, DEP, TAG, POS, MORPH, LEMMA], rows)  # type: ignore[arg-type] # declared narrower than it is

    def score(self, examples: Iterable[Example], **_: object) -> dict[str, Any]:
        """Score tags, trees, sentences and lemmas with spaCy's scorer."""
        examples = list(examples)

        def dep(token: Any, _: str) -> str:  # noqa: ANN401 - spaCy's getter protocol
            return str(token.dep_).lower()

        return {
            **Scorer.score_token_attr(examples, "tag"),
            **Scorer.score_token_attr(examples, "pos"),
            **Scorer.score_token_attr(examples, "lemma"),
            **Scorer.score_spans(examples, "sents"),
            **Scorer.score_deps(examples, "dep", getter=dep, ignore_labels=("punct", "dep")),
        }

    def to_disk(self, path: Path, exclude: Sequence[str] = ()) -> None:
        """Write the weights into a folder."""
        self.weights.to_disk(path)

    def from_disk(self, path: Path, exclude: Sequence[str] = ()) -> Syntax:
        """Read the weights from a folder."""
        self.weights.from_disk(path)
        return self


@Language.factory(
    "stancegraph_syntax",
    assigns=["token.tag", "token.pos", "token.morph", "token.lemma", "token.head", "token.dep", "doc.sents"],
    requires=["doc.tensor"],
    default_config={"sentence_threshold": 0.4},
)
def make_syntax(nlp: Language, name: str, sentence_threshold: float) -> Syntax:
    """Create the component for sentences, tags, lemmas and trees.

    Args:
        nlp: The pipeline.
        name: The component's name.
        sentence_threshold: Least probability at which a token starts a sentence.
    """
    return Syntax(nlp, name, sentence_threshold)
