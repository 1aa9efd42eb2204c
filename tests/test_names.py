"""Names: one label for all places of a document that write the same words."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stancegraph
from stancegraph.pipeline.encoder import visible_tokens
from stancegraph.pipeline.names import agreed
from stancegraph.pipeline.tokens import blank

LABELS = ["B-LOC", "B-ORG", "B-PERSON", "I-LOC", "I-ORG", "I-PERSON", "O"]


@pytest.fixture(scope="module")
def nlp():
    return stancegraph.load()


def names_in(text, scores):
    """Names of a text from log-odds given by word; every other word is no name."""
    tokens = visible_tokens(blank().tokenizer(text))
    table = np.full((len(tokens), len(LABELS)), -8.0, dtype=np.float32)
    table[:, LABELS.index("O")] = 0
    for n, label, value in scores:
        table[n, LABELS.index(label)] = value
    return [(" ".join(t.text for t in tokens[b:e]), kind) for b, e, kind in agreed(tokens, table, LABELS)]


def test_the_clear_place_decides_for_the_doubtful_one():
    assert (
        names_in("Harlan spoke . We met Harlan", [(0, "B-PERSON", 5), (5, "B-PERSON", 0), (5, "B-LOC", 1)])
        == [("Harlan", "PERSON")] * 2
    )


def test_a_name_overlooked_at_one_place_is_found_there():
    assert names_in("Harlan spoke . We met Harlan", [(0, "B-PERSON", 5), (5, "B-PERSON", -1)]) == [("Harlan", "PERSON")] * 2


def test_what_is_hardly_ever_a_name_is_none():
    text = "Visit us . Visit them . Visit her"
    assert names_in(text, [(0, "B-PERSON", 1), (3, "B-PERSON", -4), (6, "B-PERSON", -4)]) == []


def test_a_word_without_its_capital_is_left_alone():
    assert names_in("Hope said so . I hope", [(0, "B-PERSON", 9), (5, "B-PERSON", -1)]) == [("Hope", "PERSON")]


def test_part_of_a_longer_name_keeps_its_place_in_it():
    text = "Paris Hilton went to Paris"
    scores = [(0, "B-PERSON", 9), (1, "I-PERSON", 9), (4, "B-LOC", 9)]
    assert names_in(text, scores) == [("Paris Hilton", "PERSON"), ("Paris", "LOC")]


def test_no_name_goes_over_the_end_of_a_line():
    assert names_in("Anna Holm\nBerlin", [(0, "B-PERSON", 9), (1, "I-PERSON", 9), (2, "I-PERSON", 2), (2, "B-LOC", 1)]) == [
        ("Anna Holm", "PERSON"),
        ("Berlin", "LOC"),
    ]


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_equal_words_get_equal_labels_and_names_never_overlap(data):
    words = data.draw(st.lists(st.sampled_from(["Oslo", "Anna", "Bank", "of", "and", "."]), min_size=1, max_size=14))
    draw = np.random.default_rng(data.draw(st.integers(0, 999)))
    tokens = visible_tokens(blank().tokenizer(" ".join(words)))
    table = draw.normal(0, 4, (len(tokens), len(LABELS))).astype(np.float32)
    spans = agreed(tokens, table, LABELS)
    assert all(e <= b for (_, e, _), (b, _, _) in itertools.pairwise(spans))
    kinds = {}
    for b, e, kind in spans:
        assert kinds.setdefault(tuple(t.text for t in tokens[b:e]), kind) == kind


def test_a_document_calls_a_name_the_same_everywhere(nlp):
    text = "Marlow agreed. The village of Marlow is small; people in Marlow vote late. Marlow again."
    assert [(e.text, e.label_) for e in nlp(text).ents] == [("Marlow", "LOC")] * 4
