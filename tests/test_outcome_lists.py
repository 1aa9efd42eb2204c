"""A user's own list of outcomes: read from YAML, positions assigned to it, similarities kept everywhere."""

from __future__ import annotations

import csv
import json
import random
import re
from pathlib import Path

import networkx as nx
import pytest
from given_positions import read as reading
from given_positions import readings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import stancegraph
from stancegraph import Document, ListedOutcome, OutcomesFileError, Position, StanceGraph
from stancegraph.cli import app
from stancegraph.exports import extraction, write_graphml, write_positions_csv, write_positions_jsonl
from stancegraph.graph import assemble, listed_outcomes

TEXT = (
    "Finland's foreign minister supports the sanctions against Russia. "
    "Hungary opposes the sanctions on Russia. "
    "Hungary supports the lifting of sanctions on Russia. "
    "The mayor of Lyon opposes the congestion charge."
)
LIST = """\
# What we follow.
- label: sanctions on Russia
  description: Measures of the European Union after February 2022.
  phrasings:
    - punitive measures against Moscow
- label: price cap on gas
"""


@pytest.fixture
def listed(tmp_path: Path) -> Path:
    file = tmp_path / "outcomes.yaml"
    file.write_text(LIST, encoding="utf8")
    return file


def targets(*texts: str, outcomes: list[ListedOutcome], **options: object) -> dict[str, tuple[str, float | None]]:
    """Return for each target its outcome and similarity."""
    document = reading("d", *((f"Holder {n}", "supports", text) for n, text in enumerate(texts)))
    graph = assemble([document], outcomes=outcomes, **options)  # type: ignore[arg-type]
    return {p.target: (graph.outcome_of(p).label, p.similarity) for p in graph.positions()}


def test_a_text_is_read_onto_the_list(listed: Path) -> None:
    graph = stancegraph.build([Document(id="a", text=TEXT)], outcomes=listed)
    found = {(p.holder, p.stance.value, p.target): (graph.outcome_of(p).label, p.similarity) for p in graph.positions()}
    on_list = {key: place for key, place in found.items() if place[0] == "sanctions on Russia"}
    assert ("Hungary", "opposes", "sanctions on Russia") in on_list
    assert on_list["Hungary", "opposes", "sanctions on Russia"][1] == 1
    assert all(similarity is not None and 0 < similarity <= 1 for _, similarity in on_list.values())
    others = {key: place for key, place in found.items() if key not in on_list}
    assert any("charge" in label for label, _ in others.values())
    assert all(similarity is None for _, similarity in others.values())
    outcome = graph.outcome("sanctions on Russia")
    assert outcome.description == "Measures of the European Union after February 2022."


def test_the_page_tells_what_a_listed_outcome_is(tmp_path: Path) -> None:
    outcome = ListedOutcome(label="tax cuts", description="Of income tax only.")
    graph = assemble([reading("d", ("Ann Lee", "supports", "cutting taxes"))], outcomes=[outcome])
    assert graph.positions()[0].similarity == 1
    graph.to_html(tmp_path / "page.html")
    assert "Of income tax only." in (tmp_path / "page.html").read_text(encoding="utf8")


def test_only_listed_leaves_the_others_out(listed: Path) -> None:
    whole = stancegraph.build([Document(id="a", text=TEXT)], outcomes=listed)
    part = stancegraph.build([Document(id="a", text=TEXT)], outcomes=str(listed), only_listed=True)
    assert part.positions() == [p for p in whole.positions() if p.similarity is not None] != []
    assert {o.label for o in part.outcomes()} == {"sanctions on Russia", "price cap on gas"}
    assert [part.id_of(p) for p in part.positions()] == [whole.id_of(p) for p in part.positions()]


def test_a_listed_outcome_that_nobody_speaks_of_is_known(listed: Path, tmp_path: Path) -> None:
    graph = stancegraph.build([Document(id="a", text=TEXT)], outcomes=listed)
    graph.save(tmp_path)
    for one in (graph, StanceGraph.load(tmp_path)):
        assert one.who_supports("price cap on gas") == []
        assert one.outcomes()[-1].label == "price cap on gas"


@pytest.mark.parametrize(
    "target",
    [
        *("lifting of sanctions on Russia", "easing of sanctions on Russia", "more sanctions on Russia"),
        *("waiver of sanctions on Russia", "rejection of sanctions on Russia", "no sanctions on Russia"),
        *(
            "Russia's sanctions",
            "sanctions on Belarus",
            "sanctions on Iran",
            "Russia",
            "the plan",
            "Russia outside sanctions",
        ),
    ],
)
def test_what_turns_an_outcome_around_is_not_assigned(target: str) -> None:
    found = targets(target, outcomes=[ListedOutcome(label="sanctions on Russia")], least_similarity=0.01)
    assert found[target][1] is None


def test_what_says_the_same_is_assigned() -> None:
    membership = ListedOutcome(label="Ukraine's accession to NATO", phrasings=("invitation of Ukraine to NATO",))
    found = targets(
        *(
            "Ukraine joining NATO",
            "NATO membership for Ukraine",
            "inviting Ukraine to NATO",
            "Ukraine's swift accession to NATO",
        ),
        *("Georgia's accession to NATO", "aid for Ukraine"),
        outcomes=[membership, ListedOutcome(label="NATO")],
    )
    assert {target for target, (label, _) in found.items() if label == membership.label} == {
        *("Ukraine joining NATO", "NATO membership for Ukraine", "inviting Ukraine to NATO"),
        "Ukraine's swift accession to NATO",
    }
    assert found["Ukraine joining NATO"] == (membership.label, 1)
    assert 0.65 <= (found["Ukraine's swift accession to NATO"][1] or 0) < 1


def test_an_actor_may_be_on_the_list() -> None:
    document = reading("d", ("Ann Lee", "opposes", "NATO"), ("Bo Ek", "supports", "Jens Stoltenberg", "person", "actor"))
    outcomes = [ListedOutcome(label="the Alliance", phrasings=("NATO",)), ListedOutcome(label="Jens Stoltenberg")]
    graph = assemble([document], outcomes=outcomes)
    assert [(graph.outcome_of(p).label, p.similarity) for p in graph.positions()] == [
        ("the Alliance", 1),
        ("Jens Stoltenberg", 1),
    ]


def test_an_own_outcome_never_takes_a_listed_label() -> None:
    found = targets("the plan", "border wall", outcomes=[ListedOutcome(label="plan", phrasings=("border wall",))])
    assert found["border wall"] == ("plan", 1)
    assert found["the plan"][1] in (None, 1)
    labels = {label for label, similarity in found.values() if similarity is None}
    assert "plan" not in labels


def test_a_higher_threshold_assigns_less() -> None:
    target, outcomes = "Ukraine's swift accession to NATO", [ListedOutcome(label="Ukraine's accession to NATO")]
    assert targets(target, outcomes=outcomes)[target][1]
    assert targets(target, outcomes=outcomes, least_similarity=1)[target][1] is None
    for wrong in (0, -1, 1.1, float("nan")):
        with pytest.raises(ValueError, match="least_similarity"):
            assemble([], outcomes=outcomes, least_similarity=wrong)
    with pytest.raises(ValueError, match="only_listed needs a list"):
        assemble([], only_listed=True)


def test_similarity_is_in_every_export_and_the_saved_graph(listed: Path, tmp_path: Path) -> None:
    graph = stancegraph.build([Document(id="a", text=TEXT)], outcomes=listed)
    graph.save(tmp_path)
    again = StanceGraph.load(tmp_path)
    assert (again.positions(), again.outcomes(), again.listed) == (graph.positions(), graph.outcomes(), graph.listed)
    expected = [p.similarity for p in graph.positions()]
    assert 1 in expected
    assert None in expected
    frame = graph.to_frame()["similarity"]
    assert [None if value != value else value for value in frame] == expected
    edges = [data["similarity"] for _, _, data in graph.network.edges(data=True) if data["kind"] == "toward"]
    assert edges == expected
    write_positions_jsonl(graph, tmp_path / "p.jsonl")
    assert [json.loads(line)["similarity"] for line in (tmp_path / "p.jsonl").read_text().splitlines()] == expected
    write_positions_csv(graph, tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(encoding="utf-8-sig", newline="") as file:
        assert [float(row["similarity"]) if row["similarity"] else None for row in csv.DictReader(file)] == expected
    write_graphml(graph, tmp_path / "g.graphml")
    opened = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert [d.get("similarity") for _, _, d in opened.edges(data=True) if d["kind"] == "toward"] == expected
    assert "similarity" not in str(extraction(graph.documents["a"], graph.positions()))


def test_a_graph_can_be_assigned_to_another_list_and_back(listed: Path) -> None:
    plain = stancegraph.build([Document(id="a", text=TEXT)])
    built = stancegraph.build([Document(id="a", text=TEXT)], outcomes=listed)
    assigned = plain.with_outcomes(listed)
    assert assigned.positions() == built.positions()
    assert assigned.outcomes() == built.outcomes()
    assert assigned.positions(stance="none") == plain.positions(stance="none")
    assert assigned.with_outcomes(()).positions() == plain.positions()
    assert assigned.with_outcomes(()).outcomes() == plain.outcomes()


@settings(max_examples=40, deadline=None)
@given(
    readings(),
    st.lists(st.sampled_from(["sanctions on Russia", "Ukraine's accession to NATO", "tax cuts", "NATO"]), unique=True),
)
def test_the_order_of_the_list_makes_no_difference(read: list[tuple[Document, list[Position]]], labels: list[str]) -> None:
    outcomes = [ListedOutcome(label=label) for label in labels]
    shuffled = random.Random(3).sample(outcomes, len(outcomes))
    one, other = assemble(read, outcomes=outcomes), assemble(list(reversed(read)), outcomes=shuffled)
    assert one.positions() == other.positions()
    assert one.outcomes() == other.outcomes()
    assert set(one.network) == set(other.network)
    assert {o.label for o in one.listed} == set(labels)


# --- the file --------------------------------------------------------------------------------------------------------


def test_a_list_is_read_as_it_stands(listed: Path) -> None:
    assert listed_outcomes(listed) == (
        ListedOutcome(label="price cap on gas"),
        ListedOutcome(
            label="sanctions on Russia",
            description="Measures of the European Union after February 2022.",
            phrasings=("punitive measures against Moscow",),
        ),
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", r"outcomes\.yaml: holds no outcome; add one as"),
        ("[]", r"outcomes\.yaml: holds no outcome"),
        ("label: a", r"outcomes\.yaml:1: must be a list of entries; start each with \"- label: …\""),
        ("- tax cuts", r"outcomes\.yaml:1: each entry must be a mapping"),
        ("- label: a\n- description: b", r"outcomes\.yaml:2: entry without a label"),
        ("- label: a\n  phrases: [b]", r"outcomes\.yaml:2: unknown field 'phrases'; use label, description, phrasings"),
        ("- label: a\n  phrasings: b", r"outcomes\.yaml:2: phrasings must be a list"),
        ("- label: a\n  phrasings:\n  - b\n  -", r"outcomes\.yaml:4: phrasings must hold texts that are not empty"),
        ("- label:", r"outcomes\.yaml:1: label must hold texts that are not empty"),
        ("- label: [a]", r"outcomes\.yaml:1: label must be a text"),
        ("- label: a\n  label: b", r"outcomes\.yaml:2: label is given twice"),
        ("- label: a\n- label: A", r"outcomes\.yaml:2: 'A' stands under 'a' already; keep it under one outcome"),
        ("- label: a\n- label: b\n  phrasings: [the a]", r"outcomes\.yaml:2: 'the a' stands under 'a' already"),
        ("- label: '?!'", r"outcomes\.yaml:1: .*says nothing; write a phrase"),
        ('- label: "a\\ud800"', r"outcomes\.yaml"),
        ("- label: a\n  phrasings: [", r"outcomes\.yaml:2: not valid YAML"),
        ("- label: \x00", r"outcomes\.yaml: not valid YAML"),
        ("- &a [*a]", r"outcomes\.yaml:1: each entry must be a mapping"),
        ("- ? [a]\n  : b", r"outcomes\.yaml:1: unknown field ''"),
        ("[" * 3000, r"outcomes\.yaml"),
        ("- label: a\n---\n- label: b", r"outcomes\.yaml:2: not valid YAML"),
    ],
)
def test_a_broken_list_is_named_with_line_and_fix(tmp_path: Path, content: str, message: str) -> None:
    file = tmp_path / "outcomes.yaml"
    file.write_text(content, encoding="utf8")
    with pytest.raises(OutcomesFileError, match=message):
        stancegraph.build("Nothing is read.", outcomes=file)


def test_a_missing_list_is_named(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.yaml", tmp_path, "null\0character"):
        with pytest.raises(OutcomesFileError):
            stancegraph.build("Nothing is read.", outcomes=path)
    with pytest.raises(ValueError, match="'A' stands under 'a' already"):
        assemble([], outcomes=[ListedOutcome(label="a"), ListedOutcome(label="A")])


_pieces = st.sampled_from(
    [
        *(
            "- ",
            "label",
            ": ",
            "\n",
            "  ",
            "phrasings",
            "description",
            "[",
            "]",
            "{",
            "}",
            "a",
            "&x ",
            "*x",
            "!!python/object:os.system ",
        ),
        *(
            "|",
            ">",
            "'",
            '"',
            "\\",
            "#",
            "---",
            "~",
            "null",
            "\t",
            "\u2028",
            "\ufeff",
            "é",
            "? ",
            ",",
            "<<",
            "%",
            "1e999",
            "\x07",
        ),
    ]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_pieces, max_size=25).map("".join).map(str.encode) | st.binary(max_size=40))
def test_no_file_at_all_ends_in_anything_but_a_named_error(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "outcomes.yaml"
    file.write_bytes(content)
    try:
        found = listed_outcomes(file)
    except OutcomesFileError as error:
        assert re.match(rf"{re.escape(str(file))}(:\d+)?: .+", str(error))
    else:
        assert all(outcome.label.strip() for outcome in found)
        assemble([reading("d", ("Ann Lee", "supports", "tax cuts"))], outcomes=found).save(tmp_path)


# --- the command line ------------------------------------------------------------------------------------------------


def test_the_command_builds_onto_a_list(listed: Path, tmp_path: Path) -> None:
    text = tmp_path / "news.txt"
    text.write_text(TEXT, encoding="utf8")
    out = str(tmp_path / "out")
    done = CliRunner().invoke(app, ["build", str(text), "--out", out, "--outcomes", str(listed), "--only-listed", "--quiet"])
    assert done.exit_code == 0, done.output
    shown = CliRunner().invoke(app, ["positions", "--graph", out])
    assert "(1.00)" in shown.stdout
    asked = json.loads(CliRunner().invoke(app, ["positions", "--graph", out, "--json"]).stdout)
    assert {row["outcome"] for row in asked} == {"sanctions on Russia"}
    assert all(0 < row["similarity"] <= 1 for row in asked)


def test_the_command_says_what_is_wrong_before_it_reads(listed: Path, tmp_path: Path) -> None:
    listed.write_text("- label: [", encoding="utf8")
    for options, message in (
        (["--outcomes", str(listed)], "outcomes.yaml:1: not valid YAML"),
        (["--only-listed"], "--only-listed needs a list of outcomes"),
    ):
        done = CliRunner().invoke(app, ["build", "absent.txt", "--out", str(tmp_path / "out"), *options])
        assert done.exit_code == 2
        assert message in done.output
        assert "Traceback" not in done.output
