"""Files for other programs: nothing lost, nothing run, the same bytes every time."""

from __future__ import annotations

import csv
import json
from typing import TYPE_CHECKING

import networkx as nx
import pytest
from given_positions import read, readings
from hypothesis import given, settings
from hypothesis import strategies as st

from stancegraph.exports import write_graphml, write_positions_csv, write_positions_jsonl
from stancegraph.graph import StanceGraph, assemble
from stancegraph.models import Document, Position

if TYPE_CHECKING:
    import random
    from pathlib import Path

WRITERS = {"p.jsonl": write_positions_jsonl, "p.csv": write_positions_csv, "g.graphml": write_graphml}


def graph() -> StanceGraph:
    """Return a small graph to export."""
    document, positions = read(
        "d",
        ("Volodymyr Zelensky", "supports", "Ukraine's accession to NATO"),
        ("Zelensky", "opposes", "a delay, “again”"),
        date="2023-07-11",
    )
    passed_on = positions[1].model_copy(update={"via": ("Reuters", "TASS")})
    return assemble([(document, [positions[0], passed_on])])


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf8").splitlines()]


def test_a_line_holds_every_field_of_a_position_and_its_place(tmp_path: Path) -> None:
    write_positions_jsonl(graph(), tmp_path / "p.jsonl")
    first, second = lines(tmp_path / "p.jsonl")
    assert set(Position.model_fields) - {"document"} <= set(first)
    assert (first["id"], first["actor"], first["outcome"]) == (
        "d#1",
        "Volodymyr Zelensky",
        "Ukraine's accession to NATO",
    )
    assert (first["document_id"], first["document_date"], first["document_title"]) == (
        "d",
        "2023-07-11",
        "Report d",
    )
    assert (second["holder"], second["actor"], second["via_actors"]) == (
        "Zelensky",
        "Volodymyr Zelensky",
        ["Reuters", "TASS"],
    )
    assert second["evidence_text"] == "opposes a delay, “again”."


def test_a_row_holds_one_position_with_resolved_actor_and_outcome(tmp_path: Path) -> None:
    write_positions_csv(graph(), tmp_path / "p.csv")
    first, second = rows(tmp_path / "p.csv")
    assert (first["id"], first["actor"], first["actor_type"], first["stance"]) == (
        "d#1",
        "Volodymyr Zelensky",
        "person",
        "supports",
    )
    assert (second["holder"], second["actor"], second["via"]) == (
        "Zelensky",
        "Volodymyr Zelensky",
        "Reuters | TASS",
    )
    assert (second["outcome"], second["evidence"]) == ("a delay, “again”", "opposes a delay, “again”.")
    start, end = map(int, second["evidence_spans"].split("-"))
    assert graph().documents["d"].text[start:end] == second["evidence"]
    assert (tmp_path / "p.csv").read_bytes().startswith(b"\xef\xbb\xbfid,actor,")


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "\r=", "\n=", " =", "＝", "＋", "－", "＠", "\x00="])
def test_a_cell_that_a_spreadsheet_would_run_is_disarmed(tmp_path: Path, start: str) -> None:
    formula = start + "HYPERLINK A1"
    write_positions_csv(assemble([read("d", (formula, "supports", formula))]), tmp_path / "p.csv")
    (row,) = rows(tmp_path / "p.csv")
    for column in ("holder", "target", "actor", "outcome"):
        assert row[column].startswith("'"), column
        assert row[column].endswith("HYPERLINK A1"), column


@settings(max_examples=60, deadline=None)
@given(readings())
def test_no_cell_of_any_graph_is_a_formula_and_no_position_is_lost(
    tmp_path_factory: pytest.TempPathFactory, read_: list[tuple[Document, list[Position]]]
) -> None:
    made = assemble(read_)
    path = tmp_path_factory.mktemp("csv") / "p.csv"
    write_positions_csv(made, path)
    assert [float(row["confidence"]) for row in rows(path)] == [p.confidence for p in made.positions()]
    with path.open(encoding="utf-8-sig", newline="") as file:
        found = list(csv.reader(file))
    assert len(found) == len(made.placed) + 1
    for row in found:
        assert len(row) == len(found[0])
        for cell in row:
            assert cell[:1] not in tuple("=+-@\t\r\n＝＋－＠")
            assert not set("\n\r\t\x00\x1b\x85\u2028") & set(cell)
    # One line of the file for each row, whatever the texts hold.
    assert path.read_text(encoding="utf-8-sig").count("\n") == len(found)


@settings(max_examples=60, deadline=None)
@given(readings())
def test_lines_give_back_every_position(
    tmp_path_factory: pytest.TempPathFactory, read_: list[tuple[Document, list[Position]]]
) -> None:
    made = assemble(read_)
    path = tmp_path_factory.mktemp("jsonl") / "p.jsonl"
    write_positions_jsonl(made, path)
    found = [json.loads(line) for line in path.read_bytes().split(b"\n") if line]
    fields = set(Position.model_fields) - {"document"}
    again = [
        Position.model_validate({"document": made.documents[line["document_id"]], **{name: line[name] for name in fields}})
        for line in found
    ]
    assert again == made.positions()


@settings(max_examples=60, deadline=None)
@given(readings())
def test_graphml_opens_again_with_all_nodes_edges_and_types(
    tmp_path_factory: pytest.TempPathFactory, read_: list[tuple[Document, list[Position]]]
) -> None:
    made = assemble(read_)
    path = tmp_path_factory.mktemp("graphml") / "g.graphml"
    write_graphml(made, path)
    opened = nx.read_graphml(path, force_multigraph=True)
    network = made.network
    assert opened.is_directed()
    assert (len(opened), opened.number_of_edges()) == (len(network), network.number_of_edges())
    kinds = sorted(kind for _, kind in opened.nodes(data="kind"))
    assert kinds == sorted(kind for _, kind in network.nodes(data="kind"))
    for _, values in opened.nodes(data=True):
        if values["kind"] == "position":
            assert isinstance(values["confidence"], float)
    for _, _, values in opened.edges(data=True):
        assert values["kind"] in ("holds", "toward", "via", "stated-in")
        if values["kind"] == "via":
            assert isinstance(values["rank"], int)


def test_graphml_joins_lists_and_numbers_edges(tmp_path: Path) -> None:
    write_graphml(graph(), tmp_path / "g.graphml")
    opened = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert opened.nodes["actor:Volodymyr Zelensky"]["aliases"] == "Zelensky"
    assert opened.nodes["document:d"] == {
        "kind": "document",
        "label": "Report d",
        "date": "2023-07-11",
        "source": "Wire",
    }
    keys = [key for _, _, key in opened.edges(keys=True)]
    assert sorted(keys) == sorted({f"e{number}" for number in range(len(keys))})


def test_graphml_keeps_nodes_apart_that_differ_only_in_what_xml_cannot_hold(tmp_path: Path) -> None:
    made = assemble([read("a", ("Ann\x08", "supports", "tea")), read("b", ("Ann\x1b", "opposes", "tea"))])
    assert len(made.actors()) == 2
    write_graphml(made, tmp_path / "g.graphml")
    opened = nx.read_graphml(tmp_path / "g.graphml", force_multigraph=True)
    assert (len(opened), opened.number_of_edges()) == (len(made.network), made.network.number_of_edges())


def test_graphml_holds_what_xml_cannot(tmp_path: Path) -> None:
    made = assemble([read("d\x00", ("Ann\x07 <Lee> & Co", "supports", "]]> \ufffe"))])
    write_graphml(made, tmp_path / "g.graphml")
    opened = nx.read_graphml(tmp_path / "g.graphml")
    assert "actor:Ann  <Lee> & Co" in opened


@settings(max_examples=30, deadline=None)
@given(readings(), st.randoms(use_true_random=False))
def test_the_same_positions_give_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory,
    read_: list[tuple[Document, list[Position]]],
    chance: random.Random,
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    shuffled = list(read_)
    chance.shuffle(shuffled)
    first, second = assemble(read_), assemble(shuffled)
    second.save(folder)
    for name, write in WRITERS.items():
        write(first, folder / f"1-{name}")
        write(second, folder / f"2-{name}")
        write(StanceGraph.load(folder), folder / f"3-{name}")
        written = {(folder / f"{number}-{name}").read_bytes() for number in (1, 2, 3)}
        assert len(written) == 1, name
