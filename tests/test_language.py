"""Parts of the pipeline that are exact: tags to spans, trees, lemma edits, windows, reading of corpora."""

from itertools import pairwise

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stancegraph.corpora import universal_dependencies
from stancegraph.pipeline.attribution import DISTANCE_BUCKETS, ROLE_LABELS, distance_bucket
from stancegraph.pipeline.encoder import gaps_of, windows
from stancegraph.pipeline.lemmas import apply_edit, best_lemma, edit_rule
from stancegraph.pipeline.punctuation import with_punctuation
from stancegraph.pipeline.syntax import LIKELY_ROOTS, best_tree
from stancegraph.pipeline.tagging import bio_spans
from stancegraph.pipeline.tokens import blank

WORDS = blank()


def _best_by_networkx(scores):
    n, best = len(scores), -np.inf
    for root in range(n):
        graph = nx.DiGraph()
        graph.add_nodes_from(range(n))
        graph.add_weighted_edges_from((j, i, float(scores[i, j])) for i in range(n) for j in range(n) if i not in (j, root))
        tree = nx.maximum_spanning_arborescence(graph) if n > 1 else graph
        best = max(best, scores[root, root] + sum(d["weight"] for *_, d in tree.edges(data=True)))
    return best


@settings(max_examples=60, deadline=None)
@given(st.integers(1, LIKELY_ROOTS), st.integers(0, 10_000))
def test_best_tree_is_the_best_tree_with_one_root(n, seed):
    scores = np.random.default_rng(seed).normal(size=(n, n)).astype(np.float32)
    parents = best_tree(scores)
    assert sum(i == p for i, p in enumerate(parents)) == 1
    assert nx.is_tree(nx.Graph([(i, p) for i, p in enumerate(parents) if i != p])) if n > 1 else parents == [0]
    assert sum(scores[i, p] for i, p in enumerate(parents)) == pytest.approx(_best_by_networkx(scores), abs=1e-4)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a non-profit co-founder", ["a", "non-profit", "co-founder"]),
        ("long-term ties", ["long", "-", "term", "ties"]),
        ("Never!!! Really?!", ["Never", "!!!", "Really", "?!"]),
        ("====", ["===="]),
        ("Smith et al. agree etc.", ["Smith", "et", "al.", "agree", "etc."]),
    ],
)
def test_words_end_where_universal_dependencies_ends_them(text, words):
    assert [t.text for t in WORDS(text)] == words


@given(st.text(max_size=80))
def test_words_make_up_the_text(text):
    assert WORDS.make_doc(text).text == text


@given(st.integers(0, 10_000), st.integers(0, 30))
def test_tag_sequences_become_lawful_spans(seed, length):
    scores = np.random.default_rng(seed).normal(size=(3, length, len(ROLE_LABELS))).astype(np.float32) * 3
    for row, spans in zip(scores, bio_spans(scores, ROLE_LABELS), strict=True):
        assert all(0 <= b < e <= length for b, e, _ in spans)
        assert all(first[1] <= second[0] for first, second in pairwise(spans))
        alone = bio_spans(row[None], ROLE_LABELS)[0]
        assert alone == spans


def test_an_inside_tag_without_beginning_is_not_a_span():
    scores = np.array([[[0.0, -9, 2, -9, -9], [0.0, -9, 2, -9, -9], [0.0, 9, -9, -9, -9]]], dtype=np.float32)
    assert bio_spans(scores, ROLE_LABELS) == [[(2, 3, "source")]]


@given(
    st.text(st.characters(codec="ascii"), min_size=1, max_size=12),
    st.text(st.characters(codec="ascii"), min_size=1, max_size=12),
)
def test_a_lemma_edit_gives_back_its_lemma(form, lemma):
    rule = edit_rule(form, lemma)
    if "|=|" in rule or form[: len(form) - int(rule.split("|")[1])].lower() == lemma[: len(form) - int(rule.split("|")[1])]:
        assert apply_edit(form, rule) == lemma


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("ministers", "minister"),
        ("said", "say"),
        ("was", "be"),
        ("The", "the"),
        ("Paris", "Paris"),
        ("went", "go"),
    ],
)
def test_lemma_edits_of_real_words(form, lemma):
    assert apply_edit(form, edit_rule(form, lemma)) == lemma


@given(st.text(max_size=20), st.sampled_from(["lower|1|y", "keep|3|", "lower|0|s", "lower|=|be"]))
def test_a_lemma_edit_fits_every_word(form, rule):
    assert isinstance(apply_edit(form, rule), str)


@pytest.mark.parametrize(
    ("sentence", "parents", "expected"),
    [
        # "When he came , we left ." – the comma closes the clause, the full stop the sentence
        ("When he came , we left .", [2, 2, 5, 4, 5, 5, 4], {3: 2, 6: 5}),
        ("apples , pears and plums", [0, 0, 0, 4, 0], {1: 2}),
        ("He said ( so they say ) no .", [1, 1, 1, 5, 5, 1, 1, 1, 0], {2: 5, 6: 5, 8: 1}),
    ],
)
def test_punctuation_hangs_where_the_guidelines_put_it(sentence, parents, expected):
    words = sentence.split()
    found = with_punctuation(words, parents, [not w.isalpha() for w in words])
    assert {i: found[i] for i in expected} == expected
    assert all(found[i] == parents[i] for i in range(len(words)) if words[i].isalpha())


@given(st.lists(st.sampled_from(("word", *',.()“”!"')), min_size=2, max_size=14), st.integers(0, 10_000))
def test_with_its_punctuation_it_is_still_a_tree(words, seed):
    parents = best_tree(np.random.default_rng(seed).normal(size=(len(words), len(words))).astype(np.float32))
    found = with_punctuation(words, parents, [w != "word" for w in words])
    assert [i for i, p in enumerate(found) if i == p] == [i for i, p in enumerate(parents) if i == p]
    assert nx.is_tree(nx.Graph([(i, p) for i, p in enumerate(found) if i != p]))


def test_a_known_lemma_is_taken_before_one_that_no_text_has():
    rules = ["lower|2|", "lower|1|", "lower|0|", "keep|0|"]
    assert best_lemma("urged", np.array([3.0, 2.0, 0.0, 0.0]), rules, {"urge", "urged"}) == "urge"
    assert best_lemma("urged", np.array([3.0, -9.0, 2.0, 0.0]), rules, {"urge"}) == "urg"  # far from as good
    assert best_lemma("zorbed", np.array([3.0, 2.0, 0.0, 0.0]), rules, {"urge"}) == "zorb"
    assert best_lemma("Reading", np.array([0.0, 1.0, 0.0, 3.0]), rules, {"reading"}) == "Reading"


@given(st.text(min_size=1, max_size=12), st.lists(st.floats(-9, 9, width=32), min_size=4, max_size=4))
def test_the_best_lemma_is_what_one_of_the_rules_makes(form, scores):
    rules = ["lower|2|", "lower|1|y", "lower|0|", "keep|0|"]
    lemma = best_lemma(form, np.array(scores), rules, {"say"})
    assert lemma in {apply_edit(form, rule) for rule in rules}


@given(st.lists(st.integers(1, 16), min_size=1, max_size=300), st.integers(20, 120), st.integers(0, 60))
def test_windows_cover_every_word_and_fit(lengths, size, overlap):
    spans = list(windows(lengths, size, overlap))
    assert spans[0][0] == 0 and spans[-1][1] == len(lengths)
    for (b, e), (b2, e2) in pairwise(spans):
        assert b < b2 <= e < e2
    assert all(sum(lengths[b:e]) <= size or e - b == 1 for b, e in spans)


@given(st.lists(st.integers(-400, 400), min_size=1))
def test_distances_fall_into_buckets_by_sign_and_size(distances):
    found = distance_bucket(np.array(distances))
    assert ((found >= 0) & (found < DISTANCE_BUCKETS)).all()
    for distance, bucket in zip(distances, found, strict=True):
        assert (bucket >= DISTANCE_BUCKETS // 2) == (distance < 0)


def test_gaps_tell_words_lines_and_paragraphs_apart():
    assert gaps_of("a b\nc\n\nd.", [(0, 1), (2, 3), (4, 5), (7, 8), (8, 9)]) == [4, 1, 2, 3, 0]


CONLLU = """# newdoc id = one
# newpar
# text = She didn't go.
1\tShe\tshe\tPRON\tPRP\tNumber=Sing\t4\tnsubj\t_\tEntity=(1-person-new-nnnnn-cf1-1-coref)
2-3\tdidn't\t_\t_\t_\t_\t_\t_\t_\t_
2\tdid\tdo\tAUX\tVBD\t_\t4\taux\t_\t_
3\tn't\tnot\tPART\tRB\t_\t4\tadvmod\t_\t_
4\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
5\t.\t.\tPUNCT\t.\t_\t4\tpunct\t_\t_

# newpar
1\tAda\tAda\tPROPN\tNNP\tNumber=Sing\t2\tnsubj\t_\tEntity=(1-person-giv-nnnnn-cf1-1-coref)
2\tdid\tdo\tVERB\tVBD\t_\t0\troot\t_\tSpaceAfter=No
3\t.\t.\tPUNCT\t.\t_\t2\tpunct\t_\t_
"""


def test_a_treebank_is_read_with_its_characters_names_and_chains(tmp_path):
    path = tmp_path / "tiny.conllu"
    path.write_text(CONLLU, encoding="utf8")
    (text,) = universal_dependencies(path, entities=True)
    assert text.text == "She didn't go.\n\nAda did. "
    assert text.words == ["She", "did", "n't", "go", ".", "Ada", "did", "."]
    assert text.heads == [3, 3, 3, 3, 3, 6, 6, 6]
    assert text.sentence_starts == [True, False, False, False, False, True, False, False]
    assert text.names == ["O", "O", "O", "O", "O", "B-PERSON", "O", "O"]
    assert text.chains == [[0, 5]]
