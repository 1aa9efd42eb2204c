"""The store under a graph: what is in it, and what is refused."""

from __future__ import annotations

import datetime
import json
import os
import re
import subprocess
import sys
import threading
from pathlib import Path

import duckdb
import pytest
from given_positions import read

from stancegraph.graph import GraphFileError, StanceGraph, assemble
from stancegraph.models import Actor, ActorType, Outcome, PlacedPosition, Span, Stated, TargetKind

TEA = "free tea"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a saved graph."""
    assemble([read("d", ("Ann", "supports", TEA), ("Bob", "none", TEA), date="2023-01-01")]).save(tmp_path)
    return tmp_path


def opened(folder: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(folder / "graph.duckdb"))


def test_the_store_is_a_database_that_others_can_read(folder: Path) -> None:
    with opened(folder) as database:
        assert database.execute("SELECT version FROM stancegraph").fetchall() == [(1,)]
        found = database.execute(
            "SELECT name, stance, label, evidence_text FROM positions JOIN actors ON actor = actors.number "
            "JOIN outcomes ON outcome = outcomes.number"
        )
        assert found.fetchall() == [("Ann", "supports", TEA, "supports free tea.")]
        assert database.execute("SELECT count(*) FROM reports").fetchall() == [(1,)]


def test_the_same_graph_gives_the_same_tables(tmp_path: Path) -> None:
    documents = [read("b", ("Ann", "supports", TEA), ("Bob", "opposes", TEA)), read("a", ("Ann", "opposes", TEA))]
    contents = []
    for name, given in (("one", documents), ("two", documents[::-1])):
        assemble(given).save(tmp_path / name)
        with opened(tmp_path / name) as database:
            tables = [table for (table,) in database.execute("SELECT table_name FROM duckdb_tables() ORDER BY 1").fetchall()]
            contents.append({table: database.execute(f'SELECT * FROM "{table}"').fetchall() for table in tables})
    assert contents[0] == contents[1]
    assert len(contents[0]["positions"]) == 3


def test_a_column_that_is_empty_nearly_everywhere_is_stored(tmp_path: Path) -> None:
    given = [read(f"d{number:04}", ("Ann", "supports", TEA)) for number in range(2100)]
    document, positions = read("d1777", ("Ann", "supports", TEA))
    words = Span(start=0, end=3)
    told = Stated(since=datetime.date(2023, 4, 1), until=datetime.date(2023, 4, 2), words=(words,))
    fields = {"via": ("Reuters",), "changed": ("stance",), "stated": told, "cue": (words,)}
    given[1777] = document, [position.model_copy(update=fields) for position in positions]
    graph = assemble(given)
    assert len(graph.positions(via="Reuters")) == 1
    graph.save(tmp_path)
    assert StanceGraph.load(tmp_path).placed == graph.placed


def test_actors_of_one_name_have_an_order_of_their_own(tmp_path: Path) -> None:
    document, positions = read("d", *[(f"Jordan {number}", "supports", TEA) for number in range(6)])
    alike = [Actor(name="Jordan", type=type_) for type_ in ActorType]
    outcome = Outcome(label=TEA, kind=TargetKind.OUTCOME)
    made = [
        PlacedPosition(f"d#{number}", position, actor, outcome)
        for number, (position, actor) in enumerate(zip(positions, alike, strict=True), 1)
    ]
    StanceGraph({"d": document}, made).save(tmp_path / "graph.json")
    saved = json.loads((tmp_path / "graph.json").read_text(encoding="utf8"))
    assert [actor["type"] for actor in saved["actors"]] == sorted(type_.value for type_ in ActorType)


def test_a_file_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    graph = assemble([read("d", ("Ann", "supports", TEA))])
    (tmp_path / "taken.duckdb").mkdir()
    for name in ("taken.duckdb", "why?" if os.name == "posix" else "taken.duckdb"):
        with pytest.raises(OSError, match=re.escape(name)):
            graph.save(tmp_path / name)


@pytest.mark.parametrize("content", [b"", b"\0" * 9000, b'{"format": "stancegraph"}'])
def test_a_file_that_is_no_database_is_refused(folder: Path, content: bytes) -> None:
    (folder / "graph.duckdb").write_bytes(content)
    with pytest.raises(GraphFileError, match=r"graph\.duckdb: not a saved graph or broken"):
        StanceGraph.load(folder)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE stancegraph SET version = 99", "saved by another version .format 99"),
        ("DROP TABLE stancegraph", "not a saved graph or broken"),
        ("DROP TABLE positions", "no column 'act' .* in 'positions'"),
        ("ALTER TABLE positions DROP COLUMN target", "no column 'target' of type VARCHAR in 'positions'"),
    ],
)
def test_a_database_that_is_no_graph_is_refused(folder: Path, statement: str, message: str) -> None:
    with opened(folder) as database:
        database.execute(statement)
    with pytest.raises(GraphFileError, match=message):
        StanceGraph.load(folder)


@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE positions SET actor = 99", "positions holds something that is not valid .actor is none of actors"),
        ("UPDATE positions SET body = -1", "positions holds something that is not valid .body is none of actors"),
        ("UPDATE reports SET document = 99", "reports holds something that is not valid .document is none of documents"),
        ("UPDATE actors SET number = number + 5", "actors holds something that is not valid .numbers are not 0 to 1"),
        ("UPDATE positions SET evidence = [0, 9999]", "ends after document"),
        ("UPDATE positions SET stance = 'loves'", "Input should be 'supports'"),
        ("UPDATE documents SET date = 'soon'", "documents holds something that is not valid .*'soon' is not a date"),
    ],
)
def test_what_is_not_valid_is_named_when_it_is_read(folder: Path, statement: str, message: str) -> None:
    with opened(folder) as database:
        database.execute(statement)
    with pytest.raises(GraphFileError, match=message):
        list(StanceGraph.load(folder).positions())


def test_a_graph_that_another_program_may_change_is_said_to_be_in_use(folder: Path) -> None:
    held = (
        f"import duckdb, sys; kept = duckdb.connect({str(folder / 'graph.duckdb')!r}); print(flush=True); sys.stdin.read()"
    )
    with subprocess.Popen([sys.executable, "-c", held], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout
        other.stdout.readline()
        with pytest.raises(GraphFileError, match=r"graph\.duckdb: in use by a program that may change it; close it"):
            StanceGraph.load(folder)
        other.communicate()


def test_parts_that_nobody_asks_any_more_leave_nothing_behind(folder: Path) -> None:
    graph = StanceGraph.load(folder)
    kept = graph.part(actor="Ann")
    for _ in range(5):
        graph.at("2023")
    last = graph.part(stance="supports")
    left = graph._store.rows("SELECT count(DISTINCT schema_name) FROM duckdb_schemas() WHERE schema_name LIKE 'part_%'")
    assert left == [(2,)]
    assert [len(part.positions()) for part in (kept, last)] == [1, 1]


def test_a_graph_from_elsewhere_reads_no_other_file(folder: Path) -> None:
    secret = folder / "secret.csv"
    secret.write_text("number,label,kind,wordings,description,listed\n0,secret,outcome,[],,\n", encoding="utf8")
    with opened(folder) as database:
        database.execute("DROP TABLE outcomes")
        types = "{'number': 'INTEGER', 'label': 'VARCHAR', 'kind': 'VARCHAR', 'wordings': 'VARCHAR[]', "
        types += "'description': 'VARCHAR', 'listed': 'INTEGER'}"
        database.execute(f"CREATE VIEW outcomes AS SELECT * FROM read_csv('{secret}', columns={types})")
    with pytest.raises(GraphFileError):
        StanceGraph.load(folder).outcomes()


def test_saving_over_a_graph_that_is_open(folder: Path) -> None:
    before = StanceGraph.load(folder)
    assemble([read("d", ("Cid", "supports", TEA))]).save(folder)
    after = StanceGraph.load(folder)
    assert [p.holder for p in before.positions()] == ["Ann"]
    assert [p.holder for p in after.positions()] == ["Cid"]
    assert {path.name for path in folder.iterdir()} == {"graph.duckdb"}


def test_a_folder_with_quotes_in_its_name(tmp_path: Path) -> None:
    folder = tmp_path / "it's; DROP TABLE positions"
    assemble([read("d", ("Ann", "supports", TEA))]).save(folder)
    assert len(StanceGraph.load(folder).positions()) == 1


def test_threads_ask_side_by_side(folder: Path) -> None:
    graph = StanceGraph.load(folder)
    found: list[list[str]] = []
    asking = [threading.Thread(target=lambda: found.append([r.name for r in graph.who_supports(TEA)])) for _ in range(8)]
    for thread in asking:
        thread.start()
    for thread in asking:
        thread.join()
    assert found == [["Ann"]] * 8
