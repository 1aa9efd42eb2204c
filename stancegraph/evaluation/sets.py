"""The development sets, and how each is scored."""

from __future__ import annotations

import importlib.util
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from spacy.language import Language

from stancegraph.corpora import json_lines, universal_dependencies
from stancegraph.evaluation.comparison import beside_textacy
from stancegraph.evaluation.names import named_sentences, score_names
from stancegraph.evaluation.positions import Records, predictions, read, score_positions, score_sources
from stancegraph.evaluation.trees import score_trees
from stancegraph.pipeline import load

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


@cache
def _shipped() -> Language:
    return load()


def score_set(data: Path, name: str, *, nlp: Language | None = None, workers: int = 1) -> Figures:
    """Score a pipeline on one development set.

    Args:
        data: Folder that holds `gold/` and `data/`.
        name: One of `SETS`.
        nlp: The pipeline; the shipped one if not given.
        workers: Number of processes that read.

    Returns:
        Figures by name, some of them in groups by name; shares and F1 in [0, 1].

    Raises:
        FileNotFoundError: If the set or the scorer is not there.
    """
    path, nlp = data / SETS[name], nlp or _shipped()
    if not path.exists():
        raise FileNotFoundError(f"{path}: not there; --data must name the folder that holds gold/ and data/")
    if path.suffix == ".conllu":
        return score_trees(nlp, universal_dependencies(path))
    if path.suffix == ".iob2":
        return score_names(nlp, list(named_sentences(path)))
    score = scorer(data / "gold/score.py")
    gold = [json.loads(path.read_text(encoding="utf8"))] if path.suffix == ".json" else list(json_lines(path))
    if "tokens" in gold[0]:
        return dict(score.sentences(predictions(read(nlp, score.texts(gold), workers), only_reported=True), gold))
    if "sentences" in gold[0]:
        texts = [{"id": row["id"], "text": " ".join(row["sentences"])} for row in gold]
        return dict(score.entities(predictions(read(nlp, texts, workers)), gold))
    if "attributions" in gold[0]:
        return _score_attributions(nlp, score, gold, data / SETS["positions-dev"], workers)
    return score_positions(score, predictions(read(nlp, gold, workers)), gold)


def _score_attributions(nlp: Language, score: ModuleType, gold: Records, holders: Path, workers: int) -> Figures:
    """Score attributions, of words and attitudes alone, since PolNeAR labels no deeds.

    Articles whose holders are known from a file of positions are scored for their holders too.
    """
    docs = list(read(nlp, gold, workers))
    predicted = predictions(docs, only_reported=True)
    figures = dict(score.attribution(predicted, gold))
    figures["with deeds, as extracted"] = dict(score.attribution(predictions(docs), gold))
    ids = {row["id"] for row in gold}
    known = [row for row in json_lines(holders) if row["id"] in ids] if holders.exists() else []
    if known:
        figures["holder by kind of source, on the articles of positions-dev, stance or none"] = {
            "articles": len(known),
            **score_sources(score, predicted, known, without_stance=True),
        }
    figures["beside textacy"] = beside_textacy(score, docs, predicted, gold)
    return figures


def scorer(path: Path) -> ModuleType:
    """Return the scorer that lies beside the gold files.

    Raises:
        FileNotFoundError: If it is not there.
    """
    spec = importlib.util.spec_from_file_location("stancegraph_scorer", path)
    if not path.exists() or spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path}: no scorer there; --data must name the folder that holds gold/ and data/")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
