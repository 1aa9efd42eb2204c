"""The whole chain, through the package's own door, on the seed article."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import stancegraph
from stancegraph import Document, Position, Stance, StanceGraph
from stancegraph.chain import SkippedInput
from stancegraph.cli import app
from stancegraph.graph import assemble

SEED = Path(__file__).parents[1] / "seeds" / "nato-vilnius-summit-ukraine.txt"


@pytest.fixture(scope="module")
def graph():
    return stancegraph.build(SEED)


def test_the_seed_has_its_actors_under_their_full_names(graph):
    names = {actor.name for actor in graph.actors()}
    assert {"Volodymyr Zelensky", "Jens Stoltenberg", "Andrzej Duda", "Gabrielius Landsbergis"} <= names
    assert "Ukraine" in names
    assert not {"Zelensky", "Stoltenberg", "Kyiv", "Ukrainian government", "he"} & names


def test_every_actor_named_in_the_seed_says_something(graph):
    for name in ("Volodymyr Zelensky", "Jens Stoltenberg", "Gabrielius Landsbergis"):
        assert graph.positions(actor=name)
    assert graph.positions(actor="Andrzej Duda") or graph.positions(actor="Andrzej Duda", stance="none")


def test_a_country_whose_caution_is_reported_is_an_actor_of_the_seed(graph):
    assert "United States" in {actor.name for actor in graph.actors()}


def test_who_supports_is_asked_in_ones_own_words(graph):
    label = graph.outcome("an invitation for Ukraine to join NATO").label
    assert "invitation" in label
    assert {"Gabrielius Landsbergis", "Oleksii Reznikov"} <= {actor.name for actor in graph.who_supports(label)}


def test_who_opposes_is_asked_in_ones_own_words(graph):
    label = graph.outcome("failure of the Budapest memorandum").label
    assert "Oleksiy Danilov" in {actor.name for actor in graph.who_opposes(label)}


@pytest.mark.xfail(strict=True, reason="his clarification that there will be none is judged no attitude, by 0.42")
def test_who_refuses_the_invitation_opposes_it(graph):
    label = graph.outcome("an invitation for Ukraine to join NATO").label
    assert "Jens Stoltenberg" in {actor.name for actor in graph.who_opposes(label)}


def test_an_outcome_has_no_quotation_marks_left_from_its_passage(graph):
    assert graph.outcomes() and not [o.label for o in graph.outcomes() if set(o.label) & set('"“”«»')]


def test_every_edge_is_proved_by_characters_of_the_article(graph):
    text = SEED.read_text(encoding="utf8")
    for position in graph.positions():
        assert " … ".join(span.of(text) for span in position.evidence) == position.evidence_text


def test_saved_and_loaded_it_is_the_same_graph(graph, tmp_path):
    graph.save(tmp_path)
    again = StanceGraph.load(tmp_path)
    assert again.positions() == graph.positions()
    assert again.positions(stance="none") == graph.positions(stance="none")
    assert again.actors() == graph.actors()
    assert set(again.network) == set(graph.network)


def test_texts_paths_and_documents_are_built_alike(graph):
    text = SEED.read_text(encoding="utf8")
    from_text = stancegraph.build(text)
    from_document = stancegraph.build([Document(id="seed", text=text, date="2023-07")])
    facts = [[(p.holder, p.stance, p.target) for p in g.positions()] for g in (graph, from_text, from_document)]
    assert facts[0] == facts[1] == facts[2]
    assert all(p.document_date == "2023-07" for p in from_document.positions())


def test_what_cannot_be_read_is_warned_of_and_the_rest_is_built(tmp_path):
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a", "text": "The mayor opposes the toll."}\n{"id": \n', encoding="utf8")
    with pytest.warns(SkippedInput, match=r"broken\.jsonl:2"):
        graph = stancegraph.build([broken, tmp_path / "missing.txt"])
    assert [p.stance for p in graph.positions()] == [Stance.OPPOSES]


def test_two_documents_of_one_id_are_refused():
    with pytest.raises(ValueError, match="two different documents"):
        stancegraph.build([Document(id="a", text="One."), Document(id="a", text="Two.")])


def test_a_statement_without_attitude_makes_no_edge_but_an_actor(tmp_path):
    document = Document(id="vote", text="Ada Lund said the vote took place on Tuesday.")
    said = Position(
        document=document,
        holder="Ada Lund",
        holder_type="person",
        target="",
        target_kind="",
        stance="none",
        act="asserts",
        evidence=[{"start": 14, "end": 44}],
        confidence=0.9,
    )
    graph = assemble([(document, [said])])
    assert graph.positions() == []
    assert graph.positions(stance="none") == [said]
    assert graph.actor_of(said).name == "Ada Lund"
    graph.save(tmp_path)
    for form in ([], ["--json"]):
        asked = CliRunner().invoke(app, ["positions", "--stance", "none", "--graph", str(tmp_path), *form])
        assert asked.exit_code == 0
        assert "Ada Lund" in asked.stdout
    assert [a.name for a in graph.actors()] == ["Ada Lund"]
    assert list(graph.network.edges) == []
