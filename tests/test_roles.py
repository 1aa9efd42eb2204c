"""Roles and affiliations of persons, as the shipped pipeline's names, tags and trees give them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import stancegraph
from stancegraph import Document, Position, StanceGraph, knowledge
from stancegraph.graph import assemble
from stancegraph.pipeline.roles import roles


@pytest.fixture(scope="module")
def nlp():
    return stancegraph.load()


def given_in(nlp, text: str) -> dict[str, tuple[str, str]]:
    doc = nlp(text)
    who_at = {i: name for start, end, name in doc._.mentions for i in range(start, end)}
    return {name: (role["role"], role["affiliation"]) for name, role in roles(doc, who_at).items()}


@pytest.mark.parametrize(
    ("text", "name", "role", "affiliation"),
    [
        (
            "Gabrielius Landsbergis, the Lithuanian Foreign Minister, said the invitation should be clear.",
            *("Gabrielius Landsbergis", "foreign minister", "Lithuania"),
        ),
        (
            "NATO Secretary General Jens Stoltenberg said there would be no invitation.",
            *("Jens Stoltenberg", "secretary general", "NATO"),
        ),
        (
            "Ylva Johansson, the Swedish home affairs commissioner, rejected the plan.",
            *("Ylva Johansson", "home affairs commissioner", "Sweden"),
        ),
        ("Sen. Bernie Sanders (I-Vt.) criticised the trade deal.", "Bernie Sanders", "senator", "Vermont"),
        (
            "Kristersson's foreign minister, Tobias Billström, said Sweden would join.",
            *("Tobias Billström", "foreign minister", ""),
        ),
        ("Polish President Andrzej Duda supports the membership of Ukraine.", "Andrzej Duda", "president", "Poland"),
        (
            "Clinton campaign manager Robby Mook said the emails were stolen.",
            *("Robby Mook", "campaign manager", "Clinton campaign"),
        ),
        (
            "U.S. Secretary of State Antony Blinken said that sanctions would stay.",
            *("Antony Blinken", "secretary of state", "United States"),
        ),
        (
            "President of Ukraine Volodymyr Zelensky said that he wanted more weapons.",
            *("Volodymyr Zelensky", "president", "Ukraine"),
        ),
        ("Former US President George W. Bush opposed the treaty.", "George W. Bush", "former president", "United States"),
        (
            "European Commission President Ursula von der Leyen welcomed the deal.",
            *("Ursula von der Leyen", "president", "European Commission"),
        ),
        ("London Mayor Sadiq Khan opposed the expansion of Heathrow.", "Sadiq Khan", "mayor", "London"),
        (
            "Jane Smith, director of policy at Human Rights Watch, said the law must go.",
            *("Jane Smith", "director of policy", "Human Rights Watch"),
        ),
        (
            "The U.S. ambassador to Ukraine, Bridget Brink, praised the reform.",
            *("Bridget Brink", "ambassador", "United States"),
        ),
        ("Republican Sen. Ted Cruz of Texas said he would vote against it.", "Ted Cruz", "senator", "Texas"),
        (
            "Angela Merkel, who was chancellor of Germany, said she would defend the pipeline.",
            *("Angela Merkel", "chancellor", "Germany"),
        ),
        (
            "Jean Asselborn, Luxembourg's minister for foreign affairs, said he doubted it.",
            *("Jean Asselborn", "minister for foreign affairs", "Luxembourg"),
        ),
        ("NATO chief Stoltenberg urges allies to spend more", "Stoltenberg", "chief", "NATO"),
    ],
)
def test_a_role_is_read_with_whom_it_belongs_to(nlp, text: str, name: str, role: str, affiliation: str) -> None:
    assert given_in(nlp, text).get(name) == (role, affiliation)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        (
            "Duda, Macron and the German chancellor met in Paris, where Macron said he would defend the deal.",
            "Emmanuel Macron",
        ),
        ("After meeting the president, Obama said the talks went well.", "Obama"),
        ("Mr. Trump said Mr. Obama was wrong.", "Trump"),
        ("Merkel is not the president of France, she said.", "Merkel"),
    ],
)
def test_the_role_of_somebody_else_is_none_of_ones_own(nlp, text: str, name: str) -> None:
    assert given_in(nlp, text).get(name, ("", ""))[0] == ""


def test_a_role_before_a_role_belongs_to_the_first_name(nlp) -> None:
    found = given_in(nlp, "Fiona Hill, a former adviser to President Donald Trump, said she had warned against the plan.")
    assert found["Fiona Hill"][0] == "former adviser"
    assert found["Donald Trump"] == ("president", "")


def test_an_affiliation_may_be_known_through_somebody_else(nlp) -> None:
    text = (
        "Swedish Prime Minister Ulf Kristersson said he welcomed it. "
        "Kristersson's foreign minister, Tobias Billström, said he agreed."
    )
    found = given_in(nlp, text)
    assert found["Tobias Billström"] == ("foreign minister", "Sweden")
    assert found["Ulf Kristersson"] == ("prime minister", "Sweden")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                *(
                    "Ann Lee",
                    ",",
                    "the",
                    "Polish",
                    "President",
                    "of",
                    "NATO",
                    "Bo Ek",
                    "'s",
                    "minister",
                    "for",
                    "(R-Texas)",
                    "-",
                ),
                *("Sen.", "and", "who", "is", "chief", "said", ".", "\n\n", "campaign", "European", "Commission", "to"),
            ]
        ),
        max_size=20,
    ).map(" ".join)
)
def test_any_text_has_some_roles_or_none(nlp, text: str) -> None:
    for role, affiliation in given_in(nlp, f"{text} Ann Lee said yes.").values():
        assert role == role.lower().strip()
        assert role or affiliation


def test_abbreviated_roles_are_spelled_out() -> None:
    assert knowledge.role_name("Sen.") == "senator"
    assert knowledge.role_name("Secretary-General") == "secretary general"
    assert knowledge.role_name("Lt. Gov.") == "lieutenant governor"
    assert knowledge.role_name("Mr.") is None
    assert knowledge.role_name("Polish president") is None
    assert knowledge.seat_in_congress("D-N.Y.") == "New York"
    assert knowledge.seat_in_congress("R") == "Republican Party"
    assert knowledge.seat_in_congress("UTC-8") is None


# --- in the graph ----------------------------------------------------------------------------------------------------


def _position(document: Document, role: str = "", affiliation: str = "", evidence: int = 0) -> Position:
    return Position(
        document=document,
        holder="Antony Blinken",
        holder_type="person",
        holder_role=role,
        holder_affiliation=affiliation,
        target="the plan",
        target_kind="outcome",
        stance="supports",
        act="agrees",
        evidence=[{"start": evidence, "end": evidence + 3}],
        confidence=0.5,
    )


def test_an_actor_has_the_role_that_most_of_its_positions_give(tmp_path) -> None:
    old = Document(id="old", text="Yes and no and yes again", date="2020-01-01")
    new = Document(id="new", text="Yes and no and yes again", date="2022-01-01")
    deputy, secretary = ("deputy secretary of state", "United States"), ("secretary of state", "United States")
    tie = assemble([(old, [_position(old, *deputy)]), (new, [_position(new, *secretary)])])
    assert (tie.actors()[0].role, tie.actors()[0].affiliation) == secretary
    often = assemble(
        [(old, [_position(old, *deputy), _position(old, *deputy, 4)]), (new, [_position(new, *secretary), _position(new)])]
    )
    actor = often.actors()[0]
    assert (actor.role, actor.affiliation) == deputy
    assert often.network.nodes["actor:Antony Blinken"]["role"] == deputy[0]
    assert list(often.to_frame()["role"]) == [deputy[0], deputy[0], secretary[0], ""]
    often.save(tmp_path)
    assert StanceGraph.load(tmp_path).actors() == often.actors()
    often.to_html(tmp_path / "page.html")
    assert "deputy secretary of state, United States" in (tmp_path / "page.html").read_text(encoding="utf8")


def test_a_graph_saved_without_roles_and_lists_is_read(tmp_path) -> None:
    import json

    document = Document(id="d", text="Yes and no")
    graph = assemble([(document, [_position(document)])])
    file = tmp_path / "graph.json"
    graph.save(file)
    content = json.loads(file.read_text(encoding="utf8"))
    del content["listed"]
    for actor in content["actors"]:
        del actor["role"], actor["affiliation"]
    for outcome in content["outcomes"]:
        del outcome["description"]
    for position in content["positions"]:
        del position["holder_role"], position["holder_affiliation"], position["similarity"]
    file.write_text(json.dumps(content), encoding="utf8")
    assert StanceGraph.load(file).positions() == graph.positions()
