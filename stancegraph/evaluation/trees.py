"""Trees, scored as in the CoNLL 2018 shared task (Zeman et al. 2018).

From raw text, tokens aligned by their characters, relations without their subtypes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc, Token

from stancegraph.corpora import AnnotatedText
from stancegraph.pipeline.encoder import visible_tokens
from stancegraph.pipeline.lemmas import apply_edit


def f1(right: int, predicted: int, gold: int) -> float:
    """Return F1 of counts."""
    return round(2 * right / (predicted + gold), 4) if predicted + gold else 0.0


def score_trees(nlp: Language, texts: Iterable[AnnotatedText]) -> dict[str, Any]:
    """Return F1 of tokens, sentences, tags, lemmas, and labelled and unlabelled attachments.

    Args:
        nlp: The pipeline.
        texts: Texts with trees.
    """
    right, predicted, gold = Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        doc = nlp.make_doc(text.text)
        for component in ("stancegraph_encoder", "stancegraph_syntax"):
            doc = nlp.get_pipe(component)(doc)
        for key, ours, theirs in _tree_facts(doc, text):
            right[key] += len(ours & theirs)
            predicted[key] += len(ours)
            gold[key] += len(theirs)
    return {key: f1(right[key], predicted[key], gold[key]) for key in gold}


def _tree_facts(doc: Doc, text: AnnotatedText) -> Iterator[tuple[str, set[Any], set[Any]]]:
    tokens = visible_tokens(doc)

    def at(token: Token) -> tuple[int, int]:
        return token.idx, token.idx + len(token)

    offsets = text.offsets
    assert text.heads and text.deps and text.tags and text.pos and text.lemma_rules and text.sentence_starts
    heads = {at(t): at(t.head) for t in tokens}
    gold_heads = {offsets[i]: offsets[h] for i, h in enumerate(text.heads)}
    labels = {at(t): t.dep_.lower().split(":")[0] for t in tokens}
    gold_labels = {offsets[i]: d.split(":")[0] for i, d in enumerate(text.deps)}
    yield "tokens", set(heads), set(gold_heads)
    ours = _sentence_spans([at(t) for t in tokens], [bool(t.is_sent_start) for t in tokens])
    yield "sentences", ours, _sentence_spans(offsets, text.sentence_starts)
    yield "UPOS", {(at(t), t.pos_) for t in tokens}, set(zip(offsets, text.pos, strict=True))
    yield "XPOS", {(at(t), t.tag_) for t in tokens}, set(zip(offsets, text.tags, strict=True))
    edits = zip(offsets, text.words, text.lemma_rules, strict=True)
    yield "lemmas", {(at(t), t.lemma_) for t in tokens}, {(place, apply_edit(word, rule)) for place, word, rule in edits}
    yield "UAS", set(heads.items()), set(gold_heads.items())
    yield (
        "LAS",
        {(k, h, labels[k]) for k, h in heads.items()},
        {(k, h, gold_labels[k]) for k, h in gold_heads.items()},
    )


def _sentence_spans(tokens: Sequence[tuple[int, int]], starts: Sequence[bool]) -> set[tuple[int, int]]:
    firsts = [i for i, start in enumerate(starts) if start or not i]
    ends = [*firsts[1:], len(tokens)]
    return {(tokens[b][0], tokens[e - 1][1]) for b, e in zip(firsts, ends, strict=True)}
