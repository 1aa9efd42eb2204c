"""No document of a development set is among those that training keeps.

These need the development data beside the repository and are skipped, visibly, where it is not there.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path

import pytest

from stancegraph.corpora import json_lines
from stancegraph.evaluation import SETS
from stancegraph.training.leakage import MOST, Held, development_texts, shingles

DATA = Path(os.environ.get("STANCEGRAPH_DATA", Path(__file__).parents[2] / "shared"))
OWN = Path(__file__).parents[1] / "data/training"

TRAINING = (
    "gold/positions-train.jsonl",
    "gold/statements-train.jsonl",
    "gold/wires-train.jsonl",
    "data/attribution/polnear-train.jsonl",
    "data/silver/polnear-train-corenlp.jsonl.gz",
    "data/ud/ewt-train.conllu",
    "data/ud/gum-train.conllu",
    "data/ner/re3d-train.jsonl",
)
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (DATA / "gold").exists(), reason=f"development data not found in {DATA}"),
]


@cache
def texts(path: Path) -> dict[str, str]:
    """The documents of a file by id; a file of sentences without ids is one document."""
    found: dict[str, list[str]] = {}
    if path.suffix in (".conllu", ".iob2"):
        name = ""
        for line in path.read_text(encoding="utf8").splitlines():
            if line.startswith("# newdoc id = "):
                name = line.split(" = ", 1)[1]
            elif line.startswith("# text = "):
                found.setdefault(name, []).append(line.split(" = ", 1)[1])
    elif path.suffix == ".tsv":  # labels alone, without the words around them
        return {line.split("\t")[0]: "" for line in path.read_text(encoding="utf8").splitlines()}
    else:
        for row in json_lines(path) if ".jsonl" in path.name else [json.loads(path.read_text("utf8"))]:
            parts = (
                row.get("sentences") or row.get("tokens") or [row.get(k, "") for k in ("text", "sentence", "perspective")]
            )
            found.setdefault(row.get("id", ""), []).extend(parts)
    return {name: " ".join(parts) for name, parts in found.items()}


@cache
def held() -> Held:
    return Held(text for name in SETS.values() for text in development_texts(DATA / name))


@cache
def trained_on(path: Path) -> dict[str, str]:
    """The documents of a training file that training keeps."""
    return {name: text for name, text in texts(path).items() if not held().has(text)}


@cache
def all_shingles(path: Path) -> frozenset[tuple[str, ...]]:
    return frozenset().union(*(shingles(text) for text in trained_on(path).values()))


def name_of(document: str) -> str:
    """A document's id without what its corpus hangs before or after it."""
    return re.sub(r"^(gum|re3d)_|_[0-9a-f]{4}$", "", document.casefold())


def training_files() -> list[Path]:
    return [
        *(DATA / name for name in TRAINING),
        *(p for p in sorted(OWN.glob("**/*")) if p.suffix in (".jsonl", ".gz", ".tsv")),
    ]


@pytest.mark.parametrize("file", training_files(), ids=lambda p: p.name)
@pytest.mark.parametrize("name", SETS)
def test_no_document_is_trained_on(name, file):
    development = texts(DATA / SETS[name])
    assert not {name_of(d) for d in development} & {name_of(d) for d in trained_on(file)} - {""}
    known = all_shingles(file)
    shared = {d: len(own & known) / len(own) for d, text in development.items() if (own := shingles(text))}
    assert not {d: round(share, 2) for d, share in shared.items() if share >= MOST}


def test_what_is_left_out_is_little():
    for file in training_files():
        if file.suffix == ".jsonl":
            assert len(trained_on(file)) >= 0.5 * len(texts(file)), file
