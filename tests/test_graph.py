"""From positions to the graph: who is who, what is the same outcome, what a person may ask, what is saved."""

from __future__ import annotations

import json
import random
import time
from collections import Counter
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from given_positions import Row, read, readings
from hypothesis import given, settings
from hypothesis import strategies as st

from stancegraph import wording
from stancegraph.graph import AmbiguousName, GraphFileError, StanceGraph, UnknownName, assemble
from stancegraph.models import Actor, ActorType, Document, Position, Stance, TargetKind

if TYPE_CHECKING:
    from pathlib import Path


def actors_of(*documents: list[Row]) -> dict[str, tuple[str, ...]]:
    """Return the aliases of every actor by name, for documents given as rows."""
    graph = assemble(read(f"d{number}", *rows) for number, rows in enumerate(documents))
    return {actor.name: actor.aliases for actor in graph.actors()}


def held(*names: str, kind: str = "person") -> list[Row]:
    """Return rows in which each name holds a position of its own."""
    return [(name, "supports", f"reform number {number} of {name[:3]}", kind) for number, name in enumerate(names)]


def outcomes_of(*targets: str) -> list[set[str]]:
    """Return the groups of targets that are one outcome, each target read in a document of its own."""
    graph = assemble(read(f"d{number}", ("Ann Lee", "supports", target)) for number, target in enumerate(targets))
    return sorted(({*outcome.wordings} for outcome in graph.outcomes()), key=sorted)


def same_outcome(*targets: str) -> bool:
    return len(outcomes_of(*targets)) == 1


def fingerprint(graph: StanceGraph) -> str:
    """Return all nodes and edges with all their attributes, in an order of their own."""
    nodes = sorted((node, json.dumps(values, sort_keys=True)) for node, values in graph.network.nodes(data=True))
    edges = sorted((a, b, json.dumps(values, sort_keys=True)) for a, b, values in graph.network.edges(data=True))
    return json.dumps([nodes, edges])


# --- actors ----------------------------------------------------------------------------------------------


def test_one_person_under_many_names_is_one_actor() -> None:
    found = actors_of(
        held("Volodymyr Zelensky", "Zelensky", "President Volodymyr Zelensky"),
        held("Volodymyr Zelenskyy", "Zelenskyy", "President Zelenskyy"),
        held("Zelenskiy"),
        held("Volodymyr Selenskyj"),
        held("Vladimir Putin", "Mr. Putin"),
        held("Vladimir Putin"),
        held("Vladimir V. Putin"),
    )
    assert set(found) == {"Volodymyr Zelensky", "Vladimir Putin"}
    assert found["Volodymyr Zelensky"] == (
        *(
            "President Volodymyr Zelensky",
            "President Zelenskyy",
            "Volodymyr Selenskyj",
            "Volodymyr Zelenskyy",
        ),
        *("Zelenskiy", "Zelensky", "Zelenskyy"),
    )


def test_different_people_of_one_surname_stay_apart() -> None:
    found = actors_of(
        held("George W. Bush", "Bush"),
        held("George H. W. Bush"),
        held("Jeb Bush", "Bush"),
        held("Bush"),
        held("Donald Trump", "Trump"),
        held("Donald Trump Jr."),
        held("Maria Gomez"),
        held("Mario Gomez"),
        held("Hans Meier"),
        held("Hans Meyer"),
    )
    assert found == {
        "George W. Bush": ("Bush",),
        "George H. W. Bush": (),
        "Jeb Bush": ("Bush",),
        "Bush": (),
        "Donald Trump": ("Trump",),
        "Donald Trump Jr.": (),
        **dict.fromkeys(("Maria Gomez", "Mario Gomez", "Hans Meier", "Hans Meyer"), ()),
    }


def test_a_surname_means_the_one_who_is_named_far_more_often() -> None:
    article = "Hillary Clinton spoke. Hillary Clinton said more. " * 3 + "Bill Clinton waved."
    document, positions = read("d", *held("Hillary Clinton", "Clinton", "Bill Clinton"), text=article)
    graph = assemble([(document, positions)])
    assert {actor.name: actor.aliases for actor in graph.actors()} == {
        "Hillary Clinton": ("Clinton",),
        "Bill Clinton": (),
    }


def test_surnames_of_several_words_initials_and_articles() -> None:
    found = actors_of(
        held("Ursula von der Leyen", "von der Leyen"),
        held("Von der Leyen"),
        held("Bashar al-Assad"),
        held("Bashar Assad"),
        held("Xi Jinping", "Xi"),
        held("J. Stoltenberg"),
        held("Jens Stoltenberg"),
        held("Bill Haslam"),
        held("William Haslam"),
    )
    assert set(found) == {
        *("Ursula von der Leyen", "Bashar al-Assad", "Xi Jinping", "Jens Stoltenberg", "William Haslam"),
    }


def test_world_knowledge_names_governments_and_bodies() -> None:
    found = actors_of(
        held("Kyiv", "the Ukrainian government", "Ukraine", kind="country"),
        held("the White House", "Washington", "U.S.", kind="organization"),
        held("NATO", "the Alliance", "North Atlantic Alliance", "the alliance", kind="organization"),
        held("EU diplomats", "White House officials", "U.S. officials", "American officials", kind="group"),
    )
    assert found == {
        "Ukraine": ("Kyiv", "the Ukrainian government"),
        "United States": ("U.S.", "Washington", "the White House"),
        "NATO": ("North Atlantic Alliance", "the Alliance", "the alliance"),
        "EU diplomats": (),
        "White House officials": (),
        "U.S. officials": ("American officials",),
    }


def test_an_alliance_is_nato_only_where_nato_is_named() -> None:
    assert set(actors_of(held("the alliance", kind="organization"))) == {"alliance"}


def test_groups_and_bodies_are_joined_by_their_words() -> None:
    document, positions = read(
        "d",
        *held("NATO members", "members of NATO", "some NATO members", kind="group"),
        *held("Turkish foreign ministry", "Turkey's Foreign Ministry", "OSF", "Brookings", kind="organization"),
        *held("Brookings Institution", kind="organization"),
        text="The Open Society Foundations (OSF) agreed.",
    )
    other = read("e", *held("Open Society Foundations", kind="organization"))
    names = {actor.name for actor in assemble([(document, positions), other]).actors()}
    assert names == {
        *("NATO members", "some NATO members", "Turkish foreign ministry", "Open Society Foundations"),
        "Brookings Institution",
    }


def test_a_person_and_a_country_of_one_name_are_two_actors() -> None:
    graph = assemble([read("d", *held("Jordan", kind="country")), read("e", *held("Jordan", kind="person"))])
    assert {(actor.name, actor.type) for actor in graph.actors()} == {
        ("Jordan", ActorType.COUNTRY),
        ("Jordan (person)", ActorType.PERSON),
    }


def test_an_actor_that_is_judged_is_one_outcome_under_all_its_names() -> None:
    graph = assemble(
        [
            read(
                "d",
                ("Donald Trump", "supports", "tax cuts"),
                ("Ann Lee", "opposes", "Trump", "person", "actor"),
            ),
            read("e", ("Ann Lee", "opposes", "Donald Trump", "person", "actor")),
            read("f", ("Ann Lee", "supports", "the Alliance", "person", "actor"), ("Bo Ek", "opposes", "NATO")),
        ]
    )
    assert {(o.label, o.kind, o.wordings) for o in graph.outcomes()} == {
        ("tax cuts", TargetKind.OUTCOME, ("tax cuts",)),
        ("Donald Trump", TargetKind.ACTOR, ("Donald Trump", "Trump")),
        ("NATO", TargetKind.ACTOR, ("NATO", "the Alliance")),
    }


def test_nobody_named_is_an_actor_too() -> None:
    assert set(actors_of([("", "supports", "peace", "unknown")])) == {"unnamed source"}


# --- outcomes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "wordings",
    [
        (
            "Ukraine's accession to NATO",
            "Ukraine joining NATO",
            "NATO membership for Ukraine",
            "Kyiv's entry into the Alliance",
        ),
        ("the death penalty", "capital punishment"),
        ("sanctions against Russia", "sanctions on Moscow", "Russian sanctions"),
        ("lifting sanctions on Iran", "the removal of sanctions on Iran"),
        ("the Iran nuclear deal", "the nuclear agreement with Iran", "the JCPOA"),
        ("legalising same-sex marriage", "the legalization of gay marriage"),
        ("tax cuts", "cutting taxes"),
        ("publication of Pedro Costa's diaries", "publication of Costa's diaries"),
        ("a cease-fire in Gaza", "a truce in Gaza", "an end to the fighting in Gaza"),
        ("independence of Catalonia", "Catalan independence"),
        ("withdrawal of troops from Iraq", "troop withdrawal from Iraq"),
        ("deporting illegal immigrants", "deportation of undocumented immigrants"),
        ("Britain's exit from the European Union", "Brexit"),
    ],
)
def test_one_outcome_in_several_wordings(wordings: tuple[str, ...]) -> None:
    assert outcomes_of(*wordings) == [set(wordings)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ukraine's accession to NATO", "Georgia's accession to NATO"),
        ("Ukraine's accession to NATO", "Ukraine's accession to the EU"),
        ("sanctions against Russia", "sanctions against Iran"),
        ("the ban on abortion", "abortion"),
        ("lifting sanctions on Russia", "sanctions on Russia"),
        ("a Russian attack on Ukraine", "a Ukrainian attack on Russia"),
        ("Russia's sanctions", "sanctions against Russia"),
        ("an apology to Rousseau", "Rousseau's apology"),
        ("Article 5", "Article 50"),
        ("the 2015 election", "the 2016 election"),
        ("a 20% tariff", "a 25% tariff"),
        ("raising taxes", "cutting taxes"),
        ("opening the border", "closing the border"),
        ("elections in North Carolina", "elections in South Carolina"),
        ("Ann Lee's nomination", "a hearing for Ann Lee"),
        ("negotiations with Iran", "sanctions on Iran"),
        ("the protests in Kyiv", "the protests in Ukraine"),
        ("drought and famine", "famine"),
        ("the eastern border", "the western border"),
        ("a vote for Macron", "a vote for Macron or Fillon"),
    ],
)
def test_different_outcomes_stay_apart(one: str, other: str) -> None:
    assert not same_outcome(one, other)


def test_a_plan_is_another_plan_in_another_document() -> None:
    graph = assemble(
        [
            read("a", ("Ann Lee", "supports", "the plan"), ("Bo Ek", "opposes", "the plan")),
            read("b", ("Ann Lee", "supports", "the plan")),
        ]
    )
    assert {outcome.label for outcome in graph.outcomes()} == {"the plan (Report a)", "the plan (Report b)"}
    assert [actor.name for actor in graph.who_opposes("the plan (Report a)")] == ["Bo Ek"]


def test_the_label_is_the_most_frequent_wording() -> None:
    rows: list[Row] = [("Ann Lee", "supports", "capital punishment")]
    rows += [("Bo Ek", "supports", "the death penalty"), ("Cy Fox", "opposes", "the death penalty")]
    (outcome,) = assemble([read("d", *rows)]).outcomes()
    assert (outcome.label, outcome.wordings) == (
        "the death penalty",
        ("capital punishment", "the death penalty"),
    )


# --- the graph -------------------------------------------------------------------------------------------


def summit() -> StanceGraph:
    """Return a small graph to ask."""
    nato = "Ukraine's accession to NATO"
    first = read(
        "a",
        ("Volodymyr Zelensky", "supports", nato),
        ("Andrzej Duda", "supports", "Ukraine joining NATO"),
        ("Vladimir Putin", "opposes", nato),
        ("Joe Biden", "mixed", nato),
        ("Joe Biden", "none", "the weather"),
        date="2023-07-11",
    )
    second = read(
        "b",
        ("Zelenskyy", "supports", "NATO membership for Ukraine"),
        ("Recep Tayyip Erdoğan", "supports", "Sweden's accession to NATO"),
        ("Viktor Orbán", "opposes", "sanctions against Russia"),
        ("Hungary", "opposes", "sanctions on Russia", "country"),
        date="2023-07-10",
    )
    return assemble([first, second])


def test_positions_are_asked_for_by_actor_outcome_and_stance() -> None:
    graph = summit()
    assert [actor.name for actor in graph.who_supports("Ukraine's accession to NATO")] == [
        "Volodymyr Zelensky",
        "Andrzej Duda",
    ]
    assert [actor.name for actor in graph.who_opposes("Ukraine's accession to NATO")] == ["Vladimir Putin"]
    assert [p.stance for p in graph.positions(actor="Biden")] == [Stance.MIXED]
    zelensky = graph.positions(actor="Zelensky", outcome="Ukraine joining NATO", stance="supports")
    assert [p.document.id for p in zelensky] == ["b", "a"], "in the order of dates"
    assert len(graph.positions()) == 8
    assert len(graph.positions(stance=Stance.OPPOSES)) == 3
    with pytest.raises(ValueError, match="'against' is no stance; choose one of supports, opposes"):
        graph.positions(stance="against")


def test_every_position_knows_its_place() -> None:
    graph = summit()
    for position in graph.positions():
        assert position in graph.positions(actor=graph.actor_of(position), outcome=graph.outcome_of(position))
        assert graph.network.nodes[f"position:{graph.id_of(position)}"]["evidence"] == position.evidence_text
        assert graph.via_of(position) == ()
    stranger = read("z", ("Ann Lee", "supports", "peace"))[1][0]
    with pytest.raises(KeyError):
        graph.actor_of(stranger)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("zelensky", "Volodymyr Zelensky"),
        ("Zelenskyy", "Volodymyr Zelensky"),
        ("president zelensky", "Volodymyr Zelensky"),
        ("volodimir zelenski", "Volodymyr Zelensky"),
        ("Erdogan", "Recep Tayyip Erdoğan"),
        ("ORBÁN", "Viktor Orbán"),
        ("budapest", "Hungary"),
        ("the hungarian government", "Hungary"),
        ("Vladimr Putin", "Vladimir Putin"),
    ],
)
def test_an_actor_is_found_as_a_person_types_it(typed: str, name: str) -> None:
    assert summit().actor(typed).name == name


@pytest.mark.parametrize(
    ("typed", "wording_"),
    [
        ("ukraine's accession to nato", "Ukraine's accession to NATO"),
        ("Ukraines accesion to NATO", "Ukraine's accession to NATO"),
        ("Ukraine in the alliance as a member", "Ukraine's accession to NATO"),
        ("swedish nato membership", "Sweden's accession to NATO"),
        ("Russia sanctions", "sanctions on Russia"),
        ("punishing Russia with sanctions", "sanctions on Russia"),
    ],
)
def test_an_outcome_is_found_as_a_person_types_it(typed: str, wording_: str) -> None:
    assert wording_ in summit().outcome(typed).wordings


def test_a_query_in_fewer_words_finds_the_outcome_that_says_more() -> None:
    targets = ("Ukraine's invitation to join NATO", "Ukraine", "a date for Ukraine", "no invitation for Georgia")
    graph = assemble([read("d", *(("Ann Lee", "supports", target) for target in targets))])
    assert graph.outcome("invitation for Ukraine").label == "Ukraine's invitation to join NATO"
    assert graph.outcome("invite Ukraine").label == "Ukraine's invitation to join NATO"
    assert graph.outcome("ukraine").label == "Ukraine"
    with pytest.raises(UnknownName):
        graph.outcome("invitation for Georgia")


def test_a_name_that_means_several_is_refused_with_all_of_them() -> None:
    graph = assemble([read("d", *held("Jeb Bush", "Laura Bush")), read("e", ("Ann Lee", "supports", "a tax on tea"))])
    with pytest.raises(AmbiguousName) as caught:
        graph.actor("Bush")
    assert caught.value.candidates == ("Jeb Bush", "Laura Bush")
    assert str(caught.value) == "'Bush' may mean several actors: 'Jeb Bush', 'Laura Bush'; ask for one of them"
    with pytest.raises(AmbiguousName, match="several outcomes"):
        summit().who_supports("accession to NATO")


def test_an_unknown_name_is_refused_with_what_comes_near() -> None:
    graph = summit()
    with pytest.raises(UnknownName, match=r"no actor 'Vlad Zelnsk' in this graph; did you mean 'Volodymyr Zelensky'"):
        graph.actor("Vlad Zelnsk")
    for nothing in ("the price of fish", "", "☃"):
        with pytest.raises(UnknownName, match="no outcome"):
            graph.who_opposes(nothing)
    with pytest.raises(UnknownName, match=r"no actor 'x' in this graph$"):
        assemble([]).positions(actor="x")


def test_the_network_has_typed_nodes_and_edges() -> None:
    document, positions = read("d", ("Ann Lee", "supports", "peace"))
    passed_on = positions[0].model_copy(update={"via": ("Reuters", "Bo Ek")})
    graph = assemble([(document, [passed_on])]).network
    assert isinstance(graph, nx.MultiDiGraph)
    assert dict(graph.nodes(data="kind")) == {
        "actor:Ann Lee": "actor",
        "actor:Bo Ek": "actor",
        "actor:Reuters": "actor",
        "outcome:peace": "outcome",
        "document:d": "document",
        "position:d#1": "position",
    }
    assert sorted(graph.edges(keys=True)) == [
        ("actor:Ann Lee", "position:d#1", "holds"),
        ("position:d#1", "actor:Bo Ek", "via"),
        ("position:d#1", "actor:Reuters", "via"),
        ("position:d#1", "document:d", "stated-in"),
        ("position:d#1", "outcome:peace", "toward"),
    ]
    assert graph.edges["position:d#1", "outcome:peace", "toward"]["stance"] == "supports"
    assert graph.edges["position:d#1", "actor:Bo Ek", "via"]["rank"] == 1
    assert graph.nodes["actor:Reuters"]["type"] == "media"
    assert graph.nodes["position:d#1"]["label"] == "“supports peace.”"


def test_a_frame_has_one_row_for_each_position() -> None:
    frame = summit().to_frame()
    assert len(frame) == 8
    row = frame[frame["holder"] == "Zelenskyy"].iloc[0]
    assert (row["actor"], row["stance"], row["document"], row["date"]) == (
        "Volodymyr Zelensky",
        "supports",
        "b",
        "2023-07-10",
    )
    assert list(assemble([]).to_frame().columns) == list(frame.columns)


def test_documents_that_cannot_go_together_are_refused() -> None:
    document, positions = read("d", ("Ann Lee", "supports", "peace"))
    other, _ = read("d", ("Ann Lee", "supports", "war"))
    with pytest.raises(ValueError, match="two different documents have the id 'd'"):
        assemble([(document, positions), (other, [])])
    with pytest.raises(ValueError, match="a position of document 'd' was given with document 'e'"):
        assemble([(Document(id="e", text="x"), positions)])


def test_a_document_read_twice_counts_once() -> None:
    one = read("d", ("Ann Lee", "supports", "peace"), ("Bo Ek", "opposes", "peace"))
    assert fingerprint(assemble([one, one])) == fingerprint(assemble([one]))


@settings(max_examples=60, deadline=None)
@given(readings(), st.randoms(use_true_random=False))
def test_the_order_of_documents_makes_no_difference(
    read_: list[tuple[Document, list[Position]]], chance: random.Random
) -> None:
    shuffled = list(read_)
    chance.shuffle(shuffled)
    assert fingerprint(assemble(read_)) == fingerprint(assemble(shuffled))


@settings(max_examples=60, deadline=None)
@given(readings())
def test_no_position_is_lost(read_: list[tuple[Document, list[Position]]]) -> None:
    graph = assemble(read_)
    given_ = [p for _, positions in read_ for p in positions if p.stance is not Stance.NONE]
    assert Counter(graph.positions()) == Counter(given_)
    network = graph.network
    assert sum(kind == "position" for _, kind in network.nodes(data="kind")) == len(given_)
    assert set(graph.documents) == {document.id for document, _ in read_}
    for node, kind in network.nodes(data="kind"):
        if kind == "position":
            out = Counter(key for _, _, key in network.out_edges(node, keys=True))
            assert (out["toward"], out["stated-in"], network.in_degree(node)) == (1, 1, 1)
    for actor in graph.actors():
        assert len(graph.positions(actor=actor)) == sum(1 for p in given_ if graph.actor_of(p) == actor)


@settings(max_examples=40, deadline=None)
@given(readings())
def test_every_actor_and_outcome_is_found_under_its_own_name(
    read_: list[tuple[Document, list[Position]]],
) -> None:
    graph = assemble(read_)
    for find, things in (
        (graph.actor, [a.name for a in graph.actors()]),
        (graph.outcome, [o.label for o in graph.outcomes()]),
    ):
        for name in things:
            try:
                found = find(name)
            except AmbiguousName as ambiguous:  # noqa: PERF203
                # Names may differ in capitals, accents or punctuation alone.
                assert name in ambiguous.candidates
            else:
                assert (found.name if isinstance(found, Actor) else found.label) == name


# --- saving ----------------------------------------------------------------------------------------------


@settings(max_examples=40, deadline=None)
@given(readings())
def test_a_saved_graph_is_the_same_graph(
    tmp_path_factory: pytest.TempPathFactory, read_: list[tuple[Document, list[Position]]]
) -> None:
    folder = tmp_path_factory.mktemp("graph")
    graph = assemble(read_)
    graph.save(folder)
    loaded = StanceGraph.load(folder)
    assert fingerprint(loaded) == fingerprint(graph)
    assert loaded.positions() == graph.positions()
    assert loaded.actors() == graph.actors()
    assert loaded.outcomes() == graph.outcomes()
    graph.save(folder / "first.json")
    loaded.save(folder / "again.json")
    StanceGraph.load(folder / "first.json").save(folder / "third.json")
    assert (folder / "again.json").read_bytes() == (folder / "first.json").read_bytes()
    assert (folder / "third.json").read_bytes() == (folder / "first.json").read_bytes()
    assert {file.name for file in folder.iterdir()} == {"again.json", "first.json", "third.json", "graph.duckdb"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a saved graph or broken off"),
        (b'{"format": "stancegraph", "vers', "not a saved graph or broken off"),
        (b"\xff\xfe", "not UTF-8 text"),
        (b"[1]", '"format" is not "stancegraph"'),
        (b'{"format": "dna"}', '"format" is not "stancegraph"'),
        (b'{"format": "stancegraph", "version": 99}', "saved by another version"),
        (b'{"format": "stancegraph", "version": 1}', '"documents" is not a list'),
        (
            b'{"format": "stancegraph", "version": 1, "documents": [{"id": ""}]}',
            r"documents\[0\] is not valid",
        ),
    ],
)
def test_a_file_that_is_no_graph_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "graph.json").write_bytes(content)
    with pytest.raises(GraphFileError, match=rf"graph\.json: .*{message}"):
        StanceGraph.load(tmp_path)


def test_a_missing_graph_is_named(tmp_path: Path) -> None:
    with pytest.raises(GraphFileError, match=r"graph\.duckdb: no saved graph here"):
        StanceGraph.load(tmp_path)
    with pytest.raises(GraphFileError, match=r"other\.json: no saved graph here"):
        StanceGraph.load(tmp_path / "other.json")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda p: p.update(actor=7), r"positions\[0\] is not valid \(IndexError"),
        (lambda p: p.update(actor=-1), r"positions\[0\] is not valid \(IndexError"),
        (lambda p: p.update(document="z"), r"positions\[0\] is not valid \(KeyError"),
        (lambda p: p.pop("outcome"), r"positions\[0\] is not valid \(KeyError"),
        (lambda p: p["evidence"][0].update(end=9999), r"positions\[0\] is not valid \(.*ends after document"),
    ],
)
def test_a_tampered_graph_is_refused(tmp_path: Path, change: object, message: str) -> None:
    file = tmp_path / "graph.json"
    summit().save(file)
    content = json.loads(file.read_text(encoding="utf8"))
    assert callable(change)
    change(content["positions"][0])
    file.write_text(json.dumps(content), encoding="utf8")
    with pytest.raises(GraphFileError, match=message):
        StanceGraph.load(file)


# --- meaning and speed -----------------------------------------------------------------------------------


@given(st.lists(st.text(max_size=30), max_size=6))
def test_vectors_have_length_one_or_none(phrases: list[str]) -> None:
    vectors = wording.vectors(phrases)
    assert vectors.shape[0] == len(phrases)
    for length in (vectors**2).sum(1):
        assert length == pytest.approx(1, abs=1e-4) or length == 0


def test_paraphrases_are_nearer_than_other_phrases() -> None:
    penalty, punishment, weather = wording.vectors(["the death penalty", "capital punishment", "bad weather"])
    assert penalty @ punishment > 0.3 > penalty @ weather


def test_twenty_thousand_positions_are_assembled_in_ten_seconds() -> None:
    chance = random.Random(7)
    given_names, surnames = (
        ["Ann", "Bo", "Cy", "Dee", "Eve"],
        [f"{a}{b}son" for a in "BDFGHKLM" for b in ("e", "anders", "ivar")],
    )
    things = ["tax", "border", "school", "rail", "harbour", "forest", "water", "farm", "hospital", "museum"]
    deeds = [
        "closure",
        "reform",
        "sale of",
        "ban on",
        "building of",
        "tax on",
        "debate on",
        "cuts to",
        "future of",
    ]
    places = ["Poland", "Kenya", "Oslo", "the north", "France", "Chile", "Texas", "Rome", "Bergen", "Lagos"]
    documents = [
        read(
            f"d{number}",
            *(
                (
                    f"{chance.choice(given_names)} {chance.choice(surnames)}",
                    chance.choice(["supports", "opposes"]),
                    " ".join(map(chance.choice, (deeds, things, things, ["in"], places))),
                )
                for _ in range(20)
            ),
        )
        for number in range(1000)
    ]
    start = time.process_time()
    graph = assemble(documents)
    assert len(graph.positions()) == 20_000
    assert time.process_time() - start < 10
