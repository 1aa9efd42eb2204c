"""The language pipeline, through spaCy's own doors and with the shipped weights."""

import time

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc, DocBin

import stancegraph
from stancegraph.models import Document, Stance
from stancegraph.pipeline import SHIPPED

TEXT = """Ministers split over fishing quota

OSLO, 3 March - Norway's fisheries minister, Kari Solberg, said on Tuesday that her government would reject the new \
fishing quota. "We will not accept a cut of thirty percent," she told reporters.

Iceland's prime minister, Jón Arnarson, supports the quota. He called it "a fair deal for everyone". The European \
Commission urged both countries to sign the agreement before June.
"""


@pytest.fixture(scope="module")
def nlp():
    return stancegraph.load()


@pytest.fixture(scope="module")
def doc(nlp):
    return nlp(TEXT)


def test_loads_in_under_three_seconds():
    started = time.perf_counter()
    stancegraph.load()
    assert time.perf_counter() - started < 3


def test_is_an_ordinary_spacy_pipeline(nlp, doc):
    assert isinstance(nlp, spacy.Language)
    assert [s.text for s in doc.sents][1].startswith("OSLO")
    verb = next(t for t in doc if t.text == "supports")
    assert (verb.pos_, verb.tag_, verb.lemma_) == ("VERB", "VBZ", "support")
    verb = next(t for t in doc if t.text == "called")
    assert (verb.pos_, verb.tag_, verb.lemma_) == ("VERB", "VBD", "call")
    assert [c.text for c in verb.children if c.dep_ == "nsubj"] == ["He"]
    assert {"Kari Solberg", "Jón Arnarson"} <= {e.text for e in doc.ents if e.label_ == "PERSON"}
    assert "Iceland" in {e.text for e in doc.ents if e.label_ == "LOC"}


def test_a_role_before_a_name_set_off_by_commas_is_the_subject(doc):
    verb = next(t for t in doc if t.text == "supports")
    assert [c.text for c in verb.children if c.dep_ == "nsubj"] == ["minister"]


@pytest.mark.parametrize(
    ("sentence", "lemmas"),
    [
        ("The ministers urged both parties to end hostilities.", {"urged": "urge", "parties": "party"}),
        ("She opposed the policies that voters needed.", {"opposed": "oppose", "policies": "policy", "needed": "need"}),
        ("They tried and refused; it goes on.", {"tried": "try", "refused": "refuse", "goes": "go"}),
    ],
)
def test_lemmas_are_words(nlp, sentence, lemmas):
    assert {t.text: t.lemma_ for t in nlp(sentence) if t.text in lemmas} == lemmas


def test_every_sentence_has_one_root_and_every_token_a_tag(doc):
    for sentence in doc.sents:
        assert sum(t.head == t for t in sentence) == 1
    assert all(t.tag_ and t.pos_ and t.lemma_ and t.dep_ for t in doc)


def test_finds_who_said_what_about_what(doc):
    found = [(p.holder, p.stance, doc.text[p.cue[0].start : p.cue[0].end]) for p in doc._.positions]
    assert ("Jón Arnarson", Stance.SUPPORTS, "supports") in found
    assert any(holder == "Kari Solberg" and stance is Stance.OPPOSES for holder, stance, _ in found)
    assert any(p.holder == "European Commission" and p.stance is Stance.SUPPORTS for p in doc._.positions)


def test_a_pronoun_is_resolved_to_the_full_name(doc):
    spoken = [p for p in doc._.positions if "thirty percent" in p.evidence_text]
    assert spoken and all(p.holder == "Kari Solberg" for p in spoken)


def test_saved_and_loaded_by_spacy_it_reads_the_same(nlp, doc, tmp_path):
    nlp.to_disk(tmp_path / "pipeline")
    again = spacy.load(tmp_path / "pipeline")
    assert again.config == nlp.config
    assert again(TEXT)._.positions == doc._.positions


def test_annotations_survive_docbin(nlp, doc):
    restored = next(iter(DocBin().from_bytes(DocBin(docs=[doc], store_user_data=True).to_bytes()).get_docs(nlp.vocab)))
    assert restored._.positions == doc._.positions
    assert [e.text for e in restored.ents] == [e.text for e in doc.ents]


def test_factories_are_entry_points():
    from importlib.metadata import entry_points

    named = {e.name for e in entry_points(group="spacy_factories") if e.value.startswith("stancegraph.")}
    assert set(stancegraph.load().pipe_names) == named


def test_company_batch_and_workers_change_nothing():
    texts = [TEXT, "He denied it.", "", TEXT[:300], "No one agreed.\n\n\n" + TEXT]
    documents = [Document(id=str(i), text=t) for i, t in enumerate(texts)]
    alone = [found for document in documents for _, found in stancegraph.read([document])]
    assert [found for _, found in stancegraph.read(documents, batch_size=2)] == alone
    assert [found for _, found in stancegraph.read(documents, batch_size=3, workers=2)] == alone
    assert [found for _, found in stancegraph.read(reversed(documents))] == alone[::-1]


def test_a_long_text_is_read_to_its_end():
    text = "\n\n".join(f"Senator Ada Lund said plan {n} was a mistake." for n in range(400))
    ((_, found),) = stancegraph.read([Document(id="long", text=text)])
    assert len(found) > 300
    assert found[-1].evidence[-1].end > len(text) - 60


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_any_text_is_read_and_every_span_lies_in_it(text):
    ((document, found),) = stancegraph.read([Document(id="any", text=text)])
    assert document.text == text
    for position in found:
        assert all(span.of(text).strip() for span in (*position.source, *position.cue, *position.evidence))


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "“",
                "”",
                '"',
                "said",
                " that ",
                "Ms Ito",
                "\n\n",
                "we oppose",
                ", ",
                "the ban",
                "according to",
                ". ",
                "\u202e",
                "🙂",
                "'",
                "He ",
            ]
        ),
        max_size=60,
    )
)
def test_broken_quotation_is_read(parts):
    text = "".join(parts)
    ((_, found),) = stancegraph.read([Document(id="any", text=text)])
    assert all(0 <= p.confidence <= 1 and p.evidence_text for p in found)


def test_the_shipped_pipeline_carries_no_words_of_the_texts_it_was_made_with():
    assert not (SHIPPED / "vocab").exists()
    assert len(stancegraph.load().vocab.strings) < 3000


def test_without_weights_the_error_says_what_to_do():
    blank = spacy.blank("en")
    blank.add_pipe("stancegraph_encoder")
    with pytest.raises(RuntimeError, match=r"stancegraph\.load"):
        blank("Some text.")


def test_words_given_ready_made_are_read(nlp):
    doc = Doc(nlp.vocab, words=["Berlin", "opposes", "the", "tariff", "."])
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert [t.tag_ for t in doc] == ["NNP", "VBZ", "DT", "NN", "."]
