"""Least figures on the development sets, by the scorer that judges everyone.

These need the development data beside the repository and are skipped, visibly, where it is not there.
"""

import os
from pathlib import Path

import pytest

from stancegraph.evaluation import score_set

DATA = Path(os.environ.get("STANCEGRAPH_DATA", Path(__file__).parents[2] / "shared"))

pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not (DATA / "gold/score.py").exists(), reason=f"development data not found in {DATA}"),
]


def test_positions_of_the_seed():
    figures = score_set(DATA, "seed")
    assert figures["found"]["f1"] >= 0.65
    assert figures["all"]["f1"] >= 0.25


def test_attribution():
    figures = score_set(DATA, "polnear-dev")
    assert figures["exact"]["cue"]["f1"] >= 0.70
    assert figures["exact"]["source"]["f1"] >= 0.78
    assert figures["exact"]["content"]["f1"] >= 0.62
    assert figures["overlap (characters)"]["content"]["f1"] >= 0.88


@pytest.mark.parametrize(("name", "found"), [("positions-dev", 0.70), ("statements-dev", 0.60), ("track", 0.70)])
def test_positions_are_found(name, found):
    figures = score_set(DATA, name)
    assert figures["found"]["f1"] >= found
    assert figures["stance accuracy on overlapping attributions, none included"] >= 0.74
    assert figures["of those found"]["holder"] >= 0.65
    assert figures["all"]["f1"] >= 0.20


def test_trees_and_sentences():
    figures = score_set(DATA, "gum-dev")
    assert figures["LAS"] >= 0.86
    assert figures["sentences"] >= 0.94


def test_names():
    figures = score_set(DATA, "uner-ewt-dev")
    assert figures["all"]["f1"] >= 0.76
    assert figures["in documents"]["all"]["f1"] >= 0.78
