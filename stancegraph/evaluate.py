"""Predictions and gold → figures.

Positions and attributions are scored by the scorer that lies beside the gold files (`gold/score.py`), the same that
scores the held-out sets. Trees are scored as in the CoNLL 2018 shared task (Zeman et al. 2018): from raw text, tokens
aligned by their characters, relations without their subtypes.
"""

from __future__ import annotations

import importlib.util
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

from spacy.tokens import Doc, Token

from stancegraph.corpora import NAME_LABELS, AnnotatedText, json_lines, universal_dependencies
from stancegraph.exports import extraction
from stancegraph.models import Document
from stancegraph.pipeline import load, read
from stancegraph.pipeline.encoder import visible_tokens

Figures = dict[str, Any]

SETS = {
    "polnear-dev": "data/attribution/polnear-dev.jsonl",
    "polnear-dev-sentences": "data/attribution/polnear-dev-sentences.jsonl",
    "positions-dev": "gold/positions-dev.jsonl",
    "statements-dev": "gold/statements-dev.jsonl",
    "track": "gold/track.jsonl",
    "seed": "gold/seed.json",
    "seesaw-dev": "data/entity-stance/seesaw-dev.jsonl",
    "ewt-dev": "data/ud/ewt-dev.conllu",
    "gum-dev": "data/ud/gum-dev.conllu",
    "uner-ewt-dev": "data/ner/uner-ewt-dev.iob2",
}


def score_set(data: Path, name: str, *, workers: int = 1) -> Figures:
    """Score the shipped pipeline on one development set.

    Args:
        data: Folder that holds `gold/` and `data/`.
        name: One of `SETS`.
        workers: Number of processes that read.

    Raises:
        FileNotFoundError: If the set or the scorer is not there.
    """
    path = data / SETS[name]
    if not path.exists():
        raise FileNotFoundError(f"{path}: not there; --data must name the folder that holds gold/ and data/")
    if path.suffix == ".conllu":
        return score_trees(universal_dependencies(path))
    if path.suffix == ".iob2":
        return score_names(named_sentences(path))
    score = _scorer(data / "gold/score.py")
    rows = [json.loads(path.read_text(encoding="utf8"))] if path.suffix == ".json" else list(json_lines(path))
    return _score_documents(score, rows, workers)


def _scorer(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("stancegraph_scorer", path)
    if not path.exists() or spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path}: no scorer there; --data must name the folder that holds gold/ and data/")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _predict(rows: Iterable[dict[str, Any]], workers: int) -> list[dict[str, Any]]:
    documents = (
        Document(
            id=r["id"],
            text=r["text"],
            title=r.get("title") or None,
            date=r.get("date"),
            source=r.get("publisher"),
        )
        for r in rows
    )
    return [extraction(document, found) for document, found in read(documents, workers=workers)]


def _score_documents(score: ModuleType, gold: list[dict[str, Any]], workers: int) -> Figures:
    first = gold[0]
    if "tokens" in first:
        return dict(score.sentences(_predict(score.texts(gold), workers), gold))
    if "sentences" in first:
        texts = [{"id": row["id"], "text": " ".join(row["sentences"])} for row in gold]
        return dict(score.entities(_predict(texts, workers), gold))
    if "attributions" in first:
        return dict(score.attribution(_predict(gold, workers), gold))
    gold = [_with_spans(row) for row in gold]
    return dict(score.positions(_predict(gold, workers), gold))


def _with_spans(row: dict[str, Any]) -> dict[str, Any]:
    """The seed's gold gives one span and its words for each role; the scorer wants lists of spans."""
    for p in row["positions"]:
        for role in ("cue", "evidence"):
            if f"{role}_span" in p:
                span = p.pop(f"{role}_span")
                p[role] = [span] if span else []
    return row


# --- trees and names -------------------------------------------------------------------------------------------------


def _f1(right: int, predicted: int, gold: int) -> float:
    return round(2 * right / (predicted + gold), 4) if predicted + gold else 0.0


def score_trees(texts: Iterable[AnnotatedText]) -> Figures:
    """Return F1 of tokens, sentences, tags, lemmas, and labelled and unlabelled attachments."""
    nlp, right, predicted, gold = load(), Counter[str](), Counter[str](), Counter[str]()
    for text in texts:
        doc = nlp.make_doc(text.text)
        for component in ("stancegraph_encoder", "stancegraph_syntax"):
            doc = nlp.get_pipe(component)(doc)
        for key, ours, theirs in _tree_facts(doc, text):
            right[key] += len(ours & theirs)
            predicted[key] += len(ours)
            gold[key] += len(theirs)
    return {key: _f1(right[key], predicted[key], gold[key]) for key in gold}


def _tree_facts(doc: Doc, text: AnnotatedText) -> Iterator[tuple[str, set[Any], set[Any]]]:
    tokens = visible_tokens(doc)

    def at(token: Token) -> tuple[int, int]:
        return token.idx, token.idx + len(token)

    offsets = text.offsets
    assert text.heads and text.deps and text.tags and text.pos and text.sentence_starts
    heads = {at(t): at(t.head) for t in tokens}
    gold_heads = {offsets[i]: offsets[h] for i, h in enumerate(text.heads)}
    labels = {at(t): t.dep_.lower().split(":")[0] for t in tokens}
    gold_labels = {offsets[i]: d.split(":")[0] for i, d in enumerate(text.deps)}
    yield "tokens", set(heads), set(gold_heads)
    ours = _sentence_spans([at(t) for t in tokens], [bool(t.is_sent_start) for t in tokens])
    yield "sentences", ours, _sentence_spans(offsets, text.sentence_starts)
    yield "UPOS", {(at(t), t.pos_) for t in tokens}, set(zip(offsets, text.pos, strict=True))
    yield "XPOS", {(at(t), t.tag_) for t in tokens}, set(zip(offsets, text.tags, strict=True))
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


def named_sentences(path: Path) -> Iterator[tuple[list[str], set[tuple[int, int, str]]]]:
    """Yield the sentences of an IOB2 file: words, and names as (first word, word after the last, label)."""
    words, names = list[str](), list[tuple[int, int, str]]()
    for line in [*path.read_text(encoding="utf8").splitlines(), ""]:
        cells = line.split("\t")
        if line.startswith("# ") and len(cells) == 1:
            continue
        if not line:
            if words:
                yield words, {(b, e, NAME_LABELS.get(n) or n) for b, e, n in names}
            words, names = [], []
        else:
            tag = cells[2]
            if tag.startswith("B-"):
                names.append((len(words), len(words) + 1, tag[2:]))
            elif tag.startswith("I-") and names:
                names[-1] = (names[-1][0], len(words) + 1, names[-1][2])
            words.append(cells[1])


def score_names(sentences: Iterable[tuple[list[str], set[tuple[int, int, str]]]]) -> Figures:
    """Return precision, recall and F1 of exact names with labels PERSON, ORG and LOC, on pre-tokenised sentences."""
    nlp = load()
    right, predicted, gold = Counter[str](), Counter[str](), Counter[str]()
    for words, names in sentences:
        doc = Doc(nlp.vocab, words=words)
        for component in ("stancegraph_encoder", "stancegraph_names"):
            doc = nlp.get_pipe(component)(doc)
        found = {(e.start, e.end, e.label_) for e in doc.ents if e.label_ != "MISC"}
        for label in ("PERSON", "ORG", "LOC"):
            ours, theirs = {n for n in found if n[2] == label}, {n for n in names if n[2] == label}
            for key in (label, "all"):
                right[key] += len(ours & theirs)
                predicted[key] += len(ours)
                gold[key] += len(theirs)
    return {
        key: {
            "precision": round(right[key] / max(1, predicted[key]), 4),
            "recall": round(right[key] / max(1, gold[key]), 4),
            "f1": _f1(right[key], predicted[key], gold[key]),
        }
        for key in ("all", "PERSON", "ORG", "LOC")
    }
