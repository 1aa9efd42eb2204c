"""Exchanging names in training texts: what changes, and what stays."""

import random

from hypothesis import given
from hypothesis import strategies as st

from stancegraph.corpora import AnnotatedText
from stancegraph.training.exchange import Names, exchanged, name_spans, names_of

WORDS = ["Anna", "Holm", "told", "Oslo", "that", "ANNA", "HOLM", "of", "oslo", "likes", "Anna", "Holm"]
TAGS = ["B-PERSON", "I-PERSON", "O", "B-LOC", "O", "B-PERSON", "I-PERSON", "O", "B-LOC", "O", "B-PERSON", "I-PERSON"]
TOWNS = [("Bergen",), ("Quito",), ("Accra",), ("Hanoi",), ("Malmo",), ("Porto",), ("Lagos",), ("Turin",), ("Kyoto",)]
PEOPLE = [(first, last) for first in ("Mary", "Omar", "Ivan") for last in ("Stone", "Haddad", "Petrov")]
NAMES = Names({("LOC", 1): TOWNS, ("PERSON", 2): PEOPLE}, ["Bergen", "Quito", "Accra"])


def told(seed, others=1.0, invented=0.0):
    return exchanged(WORDS, name_spans(TAGS), NAMES, random.Random(seed), others=others, invented=invented)


def test_spans_are_read_from_tags():
    assert name_spans(TAGS) == [(0, 2, "PERSON"), (3, 4, "LOC"), (5, 7, "PERSON"), (8, 9, "LOC"), (10, 12, "PERSON")]


@given(st.integers(0, 500), st.floats(0, 0.6), st.floats(0, 0.4))
def test_only_names_change_and_length_and_case_stay(seed, others, invented):
    new = told(seed, others, invented)
    assert len(new) == len(WORDS)
    for word, old, tag in zip(new, WORDS, TAGS, strict=True):
        if tag == "O":
            assert word == old
        assert word.isupper() == old.isupper()
        assert word.islower() == old.islower()


@given(st.integers(0, 500))
def test_every_place_of_a_name_gets_the_same_other_name_of_its_kind(seed):
    new = told(seed)
    assert tuple(new[:2]) == tuple(new[10:]) in PEOPLE
    assert (new[3],) in TOWNS


@given(st.integers(0, 500))
def test_invented_words_are_nobodys(seed):
    new = told(seed, others=0.0, invented=1.0)
    assert new[3][0].isupper()
    assert new[3][1:].islower()
    assert new[3].isalpha()


def test_nothing_is_exchanged_where_nothing_is_asked():
    assert told(1, 0.0, 0.0) == WORDS


def test_names_are_collected_from_texts_of_the_same_guidelines_alone():
    text = "Anna Holm told Oslo that"
    offsets = [(0, 4), (5, 9), (10, 14), (15, 19), (20, 24)]
    ours = AnnotatedText("a", text, offsets, names=TAGS[:5], names_by="project")
    theirs = AnnotatedText("b", text.replace("Oslo", "Riga"), offsets, names=TAGS[:5], names_by="others")
    assert names_of([ours, theirs]) == Names({("LOC", 1): [("Oslo",)], ("PERSON", 2): [("Anna", "Holm")]}, ["Oslo"])
