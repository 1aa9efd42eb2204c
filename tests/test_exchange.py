"""In and out: Discourse Network Analyzer's files, tables coded elsewhere, GEXF, the raw table and the binary matrix."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import networkx as nx
import pytest
from given_positions import read, readings
from hypothesis import given, settings
from hypothesis import strategies as st

from stancegraph.exports.dna import write_dna
from stancegraph.exports.gexf import write_gexf
from stancegraph.exports.positions_jsonl import write_positions_jsonl
from stancegraph.exports.table import write_matrix, write_table
from stancegraph.graph import StanceGraph, assemble
from stancegraph.imports import (
    DnaFileError,
    Imported,
    TableFileError,
    read_dna,
    read_dna_attributes,
    read_positions,
    read_table,
)
from stancegraph.models import Act, ActorType, Document, ListedOutcome, Outcome, Position, Span, Stance, TargetKind

if TYPE_CHECKING:
    import random

SAMPLE = Path(os.environ.get("STANCEGRAPH_DATA", Path(__file__).parents[2] / "shared")) / "data/dna/sample.dna"
shared = [
    pytest.mark.shared,
    pytest.mark.skipif(not SAMPLE.exists(), reason=f"DNA's sample database is not there: {SAMPLE}"),
]

# A database of DNA as small as it can be: columns that nothing is read from are left out.
SCHEMA = """
CREATE TABLE SETTINGS(Property TEXT PRIMARY KEY, Value TEXT);
CREATE TABLE DOCUMENTS(ID INTEGER PRIMARY KEY, Title TEXT, Text TEXT, Source TEXT, Notes TEXT, Date INTEGER);
CREATE TABLE STATEMENTTYPES(ID INTEGER PRIMARY KEY, Label TEXT);
CREATE TABLE VARIABLES(ID INTEGER PRIMARY KEY, Variable TEXT, DataType TEXT, StatementTypeId INTEGER);
CREATE TABLE STATEMENTS(ID INTEGER PRIMARY KEY, StatementTypeId INTEGER, DocumentId INTEGER, Start INTEGER, Stop INTEGER);
CREATE TABLE ENTITIES(ID INTEGER PRIMARY KEY, VariableId INTEGER, Value TEXT);
CREATE TABLE DATASHORTTEXT(StatementId INTEGER, VariableId INTEGER, Entity INTEGER);
CREATE TABLE DATALONGTEXT(StatementId INTEGER, VariableId INTEGER, Value TEXT);
CREATE TABLE DATABOOLEAN(StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE DATAINTEGER(StatementId INTEGER, VariableId INTEGER, Value INTEGER);
CREATE TABLE ATTRIBUTEVARIABLES(ID INTEGER PRIMARY KEY, VariableId INTEGER, AttributeVariable TEXT);
CREATE TABLE ATTRIBUTEVALUES(EntityId INTEGER, AttributeVariableId INTEGER, AttributeValue TEXT);
INSERT INTO SETTINGS VALUES ('version', '3.0.7');
INSERT INTO STATEMENTTYPES VALUES (1, 'DNA Statement');
INSERT INTO VARIABLES VALUES (1, 'person', 'short text', 1), (2, 'organization', 'short text', 1),
  (3, 'concept', 'short text', 1), (4, 'agreement', 'boolean', 1);
"""


def database(path: Path, *more: str | tuple[str, tuple[object, ...]]) -> Path:
    """Write a small database, and change it by further statements of SQL."""
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.executescript(SCHEMA)
        for one in more:
            opened.execute(*((one,) if isinstance(one, str) else one))
    return path


def document(
    id_: int, text: str, *, date: object = 1_689_033_600, title: str = "", notes: str = ""
) -> tuple[str, tuple[object, ...]]:
    return "INSERT INTO DOCUMENTS VALUES (?, ?, ?, 'Wire', ?, ?)", (id_, title, text, notes, date)


def statement(
    id_: int, document_id: int, place: tuple[object, object], person: str, organization: str, concept: str, agreement: object
) -> list[tuple[str, tuple[object, ...]]]:
    """Return the SQL of a statement and its entities."""
    made: list[tuple[str, tuple[object, ...]]] = [
        ("INSERT INTO STATEMENTS VALUES (?, 1, ?, ?, ?)", (id_, document_id, *place))
    ]
    for variable, value in enumerate((person, organization, concept), start=1):
        entity = "INSERT INTO ENTITIES (VariableId, Value) SELECT ?, ? WHERE NOT EXISTS"
        made += [
            (f"{entity} (SELECT 1 FROM ENTITIES WHERE VariableId = ? AND Value = ?)", (variable, value) * 2),
            (
                "INSERT INTO DATASHORTTEXT SELECT ?, ?, ID FROM ENTITIES WHERE VariableId = ? AND Value = ?",
                (id_, variable, variable, value),
            ),
        ]
    if agreement is not None:
        made.append(("INSERT INTO DATABOOLEAN VALUES (?, 4, ?)", (id_, agreement)))
    return made


def held(graph: StanceGraph) -> list[tuple[str, str, str, str]]:
    return [(p.actor.name, p.position.stance.value, p.outcome.label, p.position.evidence_text) for p in graph.placed]


def assert_equal(one: StanceGraph, other: StanceGraph) -> None:
    assert list(one.documents.items()) == list(other.documents.items())
    assert one.placed == other.placed
    assert one.reports == other.reports
    assert one.listed == other.listed


def there_and_back(graph: StanceGraph, path: Path) -> StanceGraph:
    write_dna(graph, path)
    again = read_dna(path)
    assert again.skipped == ()
    return again.graph


# Reading DNA


def test_a_person_with_an_organization_is_an_actor_with_an_affiliation(tmp_path: Path) -> None:
    file = database(
        tmp_path / "a.dna",
        document(1, "Ann wants coal. Greenpeace does not.", title="A debate", notes="https://example.org/1"),
        *statement(1, 1, (0, 15), "Ann Lee", "Coal Board", "Coal is good.", 1),
        *statement(2, 1, (16, 36), "", "Greenpeace", "Coal is good.", 0),
        "INSERT INTO ATTRIBUTEVARIABLES VALUES (1, 1, 'Type'), (2, 1, 'Alias'), (3, 3, 'Notes')",
        "INSERT INTO ATTRIBUTEVALUES SELECT ID, 1, 'Business' FROM ENTITIES WHERE Value = 'Ann Lee'",
        "INSERT INTO ATTRIBUTEVALUES SELECT ID, 2, 'A. Lee; Annie' FROM ENTITIES WHERE Value = 'Ann Lee'",
        "INSERT INTO ATTRIBUTEVALUES SELECT ID, 3, 'About brown coal' FROM ENTITIES WHERE Value = 'Coal is good.'",
    )
    graph, skipped = read_dna(file)
    assert skipped == ()
    assert held(graph) == [
        ("Ann Lee", "supports", "Coal is good.", "Ann wants coal."),
        ("Greenpeace", "opposes", "Coal is good.", "Greenpeace does not."),
    ]
    ann, greenpeace = graph.placed[0].actor, graph.placed[1].actor
    assert (ann.type, ann.affiliation, ann.role, ann.aliases) == (
        ActorType.PERSON,
        "Coal Board",
        "Business",
        ("A. Lee", "Annie"),
    )
    assert (greenpeace.type, greenpeace.affiliation) == (ActorType.ORGANIZATION, "")
    assert graph.outcomes() == [
        Outcome(label="Coal is good.", kind=TargetKind.OUTCOME, wordings=("Coal is good.",), description="About brown coal")
    ]
    assert list(graph.documents.values()) == [
        # 1,689,033,600 seconds are 19,549 days of 86,400 after 1970-01-01.
        Document(
            id="1",
            text="Ann wants coal. Greenpeace does not.",
            title="A debate",
            date="2023-07-11",
            source="Wire",
            url="https://example.org/1",
        )
    ]
    position = graph.placed[0].position
    assert (position.holder_affiliation, position.act, position.confidence) == ("Coal Board", Act.ASSERTS, 1.0)


def test_the_affiliation_of_an_actor_is_the_one_that_most_statements_have(tmp_path: Path) -> None:
    file = database(
        tmp_path / "a.dna",
        document(1, "one two three"),
        *statement(1, 1, (0, 3), "Ann", "Senate", "x", 1),
        *statement(2, 1, (4, 7), "Ann", "House", "x", 1),
        *statement(3, 1, (8, 13), "Ann", "House", "y", 1),
    )
    graph = read_dna(file).graph
    assert [actor.affiliation for actor in graph.actors()] == ["House"]
    assert [p.holder_affiliation for p in graph.positions()] == ["Senate", "House", "House"]


def test_offsets_count_as_java_counts(tmp_path: Path) -> None:
    # Each of the two faces is two UTF-16 units: "Ann" begins at character 3, at unit 5.
    text = "😀😀 Ann: yes 😀."
    file = database(
        tmp_path / "a.dna",
        document(1, text),
        *statement(1, 1, (5, 8), "Ann", "", "x", 1),
        *statement(2, 1, (10, 15), "Ann", "", "x", 1),  # ends within the third face, at units 14 and 15
        *statement(3, 1, (10, 17), "Ann", "", "x", 1),
        *statement(4, 1, (10, 18), "Ann", "", "x", 1),  # one unit too far
    )
    graph, skipped = read_dna(file)
    assert [p.evidence_text for p in graph.positions()] == ["Ann", "yes 😀", "yes 😀."]
    assert graph.positions()[0].evidence == (Span(start=3, end=6),)
    assert [str(one) for one in skipped] == [
        f"{file}: statement 4: Start 10 and Stop 18 are no place in its document of 17 units; skipped. Correct it in DNA."
    ]


def test_broken_rows_cost_only_themselves(tmp_path: Path) -> None:
    file = database(
        tmp_path / "a.dna",
        document(1, "Ann says so.  "),
        document(2, "Undated.", date=10**15),
        ("INSERT INTO DOCUMENTS VALUES (3, 'No text', NULL, '', '', 0)", ()),
        *statement(1, 1, (0, 3), "Ann", "", "", 1),
        *statement(2, 9, (0, 3), "Ann", "", "x", 1),
        *statement(3, 1, ("a", 3), "Ann", "", "x", 1),
        *statement(4, 1, (3, 0), "Ann", "", "x", 1),
        *statement(5, 1, (0, 3), "Ann", "", "x", None),
        *statement(6, 1, (0, 3), "Ann", "", "x", 7),
        *statement(7, 1, (12, 14), "Ann", "", "x", 1),
        *statement(8, 3, (0, 3), "Ann", "", "x", 1),
        *statement(9, 1, (0, 12), "Ann", "", "x", 1),
        *statement(10, 2, (0, 8), "", "", "x", 0),
        "INSERT INTO DATASHORTTEXT VALUES (9, 2, 999)",
    )
    graph, skipped = read_dna(file)
    assert held(graph) == [("Ann", "supports", "x", "Ann says so."), ("", "opposes", "x", "Undated.")]
    assert graph.documents["2"].date is None
    said = [str(one).removeprefix(f"{file}: ") for one in skipped]
    assert [line.split(":")[0] for line in said] == [
        *("document 2", "document 3"),
        *(f"statement {number}" for number in range(1, 9)),
    ]
    assert all(line.endswith(".") and "; skipped. " in line for line in said)
    assert "no concept is coded" in said[2]
    assert "its document 9 is not there" in said[3]
    assert "no agreement is coded" in said[6]
    assert "agreement '7' is no stance" in said[7]
    assert "holds no words" in said[8]


HOSTILE = (
    "Robert'); DROP TABLE DOCUMENTS;--",
    '"quoted"',
    "<script>alert(1)</script>",
    "=HYPERLINK(0)",
    "../../etc/passwd",
    "Ann\x00Lee",
    "[bold]Zoë 😀[/bold]",
)


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_names_are_names(tmp_path: Path, name: str) -> None:
    file = database(tmp_path / "a.dna", document(1, "😀 yes"), *statement(1, 1, (3, 6), name, name, name, 1))
    graph, skipped = read_dna(file)
    assert (held(graph), skipped) == ([(name, "supports", name, "yes")], ())
    assert_equal(there_and_back(graph, tmp_path / "b.dna"), graph)
    for write, copy in ((write_table, "t.csv"), (write_matrix, "m.csv")):
        write(graph, tmp_path / copy)
        with (tmp_path / copy).open(encoding="utf-8-sig", newline="") as opened:
            cells = [cell for row in csv.reader(opened) for cell in row]
        assert not [cell for cell in cells if cell[:1] in tuple("=+-@")]
    write_gexf(graph, tmp_path / "g.gexf")
    assert f"actor:{name}".replace("\x00", " ") in nx.read_gexf(tmp_path / "g.gexf")


def test_bytes_that_are_no_utf8_cost_one_character(tmp_path: Path) -> None:
    file = database(
        tmp_path / "a.dna",
        ("INSERT INTO DOCUMENTS VALUES (1, '', CAST(X'FF20796573' AS TEXT), '', '', 0)", ()),
        *statement(1, 1, (2, 5), "Ann", "", "x", 1),
    )
    assert held(read_dna(file).graph) == [("Ann", "supports", "x", "yes")]


def test_the_file_is_only_read(tmp_path: Path) -> None:
    file = database(tmp_path / "a b#c?d%20.dna", document(1, "yes"), *statement(1, 1, (0, 3), "Ann", "", "x", 1))
    before = (file.read_bytes(), file.stat().st_mtime_ns)
    assert len(read_dna(file).graph.placed) == 1
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ("DROP TABLE ENTITIES", "no table ENTITIES"),
        ("ALTER TABLE STATEMENTS DROP COLUMN Stop", "STATEMENTS has no column Stop"),
        ("UPDATE SETTINGS SET Value = '2.0 beta 25'", "of DNA 2.0 beta 25; import it into a new database with DNA 3"),
        ("DELETE FROM STATEMENTTYPES", "there is none"),
        ("DELETE FROM VARIABLES WHERE ID = 4", "'DNA Statement' has person, organization, concept"),
        ("UPDATE VARIABLES SET DataType = 'integer' WHERE ID = 4", "say what its values mean, as in 1=supports"),
    ],
)
def test_a_database_without_what_is_needed_is_refused_with_the_fix(tmp_path: Path, change: str, complaint: str) -> None:
    file = database(tmp_path / "a.dna", change)
    with pytest.raises(DnaFileError) as caught:
        read_dna(file)
    assert str(caught.value).startswith(f"{file}: ")
    assert complaint in str(caught.value)


def test_a_view_in_place_of_a_table_is_refused(tmp_path: Path) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS ID, i AS Label FROM n"
    file = database(tmp_path / "a.dna", "DROP TABLE STATEMENTTYPES", f"CREATE VIEW STATEMENTTYPES AS {endless}")
    with pytest.raises(DnaFileError, match="no table STATEMENTTYPES"):
        read_dna(file)


@pytest.mark.parametrize("content", [None, b"", b"not a database, but long enough to be taken for one" * 20])
def test_what_is_no_database_is_refused(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "a.dna"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(DnaFileError, match=r"a\.dna: "):
        read_dna(file)
    with pytest.raises(DnaFileError):
        read_dna_attributes(file)
    with pytest.raises(DnaFileError):
        read_dna(tmp_path)


def test_a_database_that_breaks_off_is_refused(tmp_path: Path) -> None:
    whole = database(tmp_path / "a.dna", document(1, "yes " * 10_000), *statement(1, 1, (0, 3), "Ann", "", "x", 1))
    half = tmp_path / "half.dna"
    half.write_bytes(whole.read_bytes()[:40_000])
    with pytest.raises(DnaFileError, match=r"half\.dna: not a database of DNA, or damaged"):
        read_dna(half)


def test_statement_type_variables_and_values_can_be_chosen(tmp_path: Path) -> None:
    file = database(
        tmp_path / "a.dna",
        document(1, "one two three"),
        *statement(1, 1, (0, 3), "Ann", "", "x", 1),
        "INSERT INTO STATEMENTTYPES VALUES (2, 'Claim')",
        "INSERT INTO VARIABLES VALUES (5, 'speaker', 'short text', 2), (6, 'claim', 'short text', 2)",
        "INSERT INTO VARIABLES VALUES (7, 'view', 'integer', 2)",
        "INSERT INTO ENTITIES VALUES (50, 5, 'Bob'), (60, 6, 'tax')",
        *(
            one
            for id_, view in ((2, -1), (3, 0))
            for one in (
                f"INSERT INTO STATEMENTS VALUES ({id_}, 2, 1, {4 * (id_ - 1)}, {4 * id_})",
                f"INSERT INTO DATASHORTTEXT VALUES ({id_}, 5, 50), ({id_}, 6, 60)",
                f"INSERT INTO DATAINTEGER VALUES ({id_}, 7, {view})",
            )
        ),
    )
    chosen = {"person": "speaker", "organization": "", "concept": "claim", "agreement": "view"}
    values = {"-1": "opposes", "0": "undecided", "1": Stance.SUPPORTS}
    graph, skipped = read_dna(file, statement_type="Claim", stances=values, **chosen)
    assert (held(graph), skipped) == ([("Bob", "opposes", "tax", "two "), ("Bob", "undecided", "tax", "thre")], ())
    assert held(read_dna(file).graph) == [("Ann", "supports", "x", "one")]
    with pytest.raises(
        DnaFileError, match="no statement type 'Claims' has speaker, claim, view; 'DNA Statement' has person"
    ):
        read_dna(file, statement_type="Claims", stances=values, **chosen)
    with pytest.raises(ValueError, match="'agrees' is no stance; choose one of supports, opposes"):
        read_dna(file, stances={"1": "agrees"})


def test_documents_come_by_date_and_statements_by_place(tmp_path: Path) -> None:
    file = database(
        tmp_path / "a.dna",
        document(1, "late, later", date=86_400 * 2),
        document(2, "early", date=0),
        *statement(1, 1, (6, 11), "Ann", "", "x", 1),
        *statement(2, 1, (0, 4), "Ann", "", "x", 0),
        *statement(3, 2, (0, 5), "Ann", "", "x", 1),
    )
    graph = read_dna(file).graph
    assert [(p.id, p.position.evidence_text) for p in graph.placed] == [("2#1", "early"), ("1#1", "late"), ("1#2", "later")]
    assert [d.date for d in graph.documents.values()] == ["1970-01-01", "1970-01-03"]


def test_all_attributes_of_all_entities_can_be_had(tmp_path: Path) -> None:
    file = database(
        tmp_path / "a.dna",
        document(1, "yes"),
        *statement(1, 1, (0, 3), "Ann", "Senate", "x", 1),
        "INSERT INTO ATTRIBUTEVARIABLES VALUES (1, 2, 'Type'), (2, 2, 'Country')",
        "INSERT INTO ATTRIBUTEVALUES SELECT ID, 1, 'Chamber' FROM ENTITIES WHERE Value = 'Senate'",
        "INSERT INTO ATTRIBUTEVALUES SELECT ID, 2, 'US' FROM ENTITIES WHERE Value = 'Senate'",
    )
    frame = read_dna_attributes(file)
    assert frame.to_dict("records") == [
        {"statement_type": "DNA Statement", "variable": "person", "entity": "Ann", "Type": "", "Country": ""},
        {
            "statement_type": "DNA Statement",
            "variable": "organization",
            "entity": "Senate",
            "Type": "Chamber",
            "Country": "US",
        },
        {"statement_type": "DNA Statement", "variable": "concept", "entity": "x", "Type": "", "Country": ""},
    ]


# DNA's own sample


class TestSample:
    pytestmark = shared

    def test_every_statement_is_a_position(self) -> None:
        graph, skipped = read_dna(SAMPLE)
        assert skipped == ()
        with closing(sqlite3.connect(f"file:{SAMPLE}?mode=ro", uri=True)) as opened:
            # Its texts are within the basic plane, where SQLite counts as Java does.
            coded = opened.execute(
                "SELECT e.Value, c.Value, a.Value, substr(d.Text, s.Start + 1, s.Stop - s.Start), date(d.Date, 'unixepoch')"
                " FROM STATEMENTS s JOIN DOCUMENTS d ON d.ID = s.DocumentId"
                " JOIN DATASHORTTEXT p ON p.StatementId = s.ID AND p.VariableId = 1 JOIN ENTITIES e ON e.ID = p.Entity"
                " JOIN DATASHORTTEXT q ON q.StatementId = s.ID AND q.VariableId = 3 JOIN ENTITIES c ON c.ID = q.Entity"
                " JOIN DATABOOLEAN a ON a.StatementId = s.ID"
            ).fetchall()
        assert len(coded) == 40
        assert sorted(coded) == sorted(
            (
                p.actor.name,
                p.outcome.label,
                int(p.position.stance is Stance.SUPPORTS),
                p.position.evidence_text,
                p.position.document.date,
            )
            for p in graph.placed
        )
        assert {actor.name: (actor.affiliation, actor.role) for actor in graph.actors()}["George Voinovich"] == (
            "Senate",
            "Congress-Republican",
        )

    def test_there_and_back_is_equal(self, tmp_path: Path) -> None:
        graph = read_dna(SAMPLE).graph
        again = there_and_back(graph, tmp_path / "again.dna")
        assert_equal(again, graph)
        graph.save(tmp_path / "one.json")
        again.save(tmp_path / "two.json")
        assert (tmp_path / "one.json").read_bytes() == (tmp_path / "two.json").read_bytes()

    def test_what_is_written_has_the_tables_and_settings_of_dna(self, tmp_path: Path) -> None:
        write_dna(assemble([read("d", ("Ann", "supports", "tea"))]), tmp_path / "a.dna")
        found = []
        for file in (SAMPLE, tmp_path / "a.dna"):
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
                tables = opened.execute("SELECT name, sql FROM sqlite_master WHERE type = 'table'").fetchall()
                names = opened.execute("SELECT * FROM SETTINGS WHERE Property != 'stancegraph'").fetchall()
                found.append((tables, names))
        assert found[0] == found[1]

    def test_the_password_is_stored_as_dna_stores_it(self, tmp_path: Path) -> None:
        write_dna(assemble([]), tmp_path / "a.dna", password="tea time")
        for file, password in ((SAMPLE, "sample"), (tmp_path / "a.dna", "tea time")):
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as opened:
                (stored,) = opened.execute("SELECT Password FROM CODERS WHERE ID = 1").fetchone()
            data = base64.b64decode(stored)
            digest = data[:16] + password.encode()
            for _ in range(100_000):
                digest = hashlib.sha256(digest).digest()
            assert data[16:] == digest, file


# Writing DNA


def rich() -> StanceGraph:
    """Return a graph with one of everything that DNA has no place for."""
    text = "😀 Reuters: Zelensky, the president, wants to join NATO. He may wait. Poland agrees. Ann spoke."
    one = Document(id="report/1", text=text, date="2023-07", url="see page 3")

    def at(words: str) -> Span:
        return Span(start=text.index(words), end=text.index(words) + len(words))

    positions = [
        Position(
            document=one,
            holder="Zelensky",
            holder_type=ActorType.PERSON,
            via=("Reuters", "TASS"),
            target="join NATO",
            target_kind=TargetKind.OUTCOME,
            stance=Stance.MIXED,
            act=Act.DEMANDS,
            source=(at("Zelensky"),),
            cue=(at("wants"),),
            evidence=(at("join NATO"), at("He may wait")),
            confidence=0.12345,
            reported=False,
            holder_role="president",
            holder_affiliation="Ukraine",
        ),
        Position(
            document=one,
            holder="Poland",
            holder_type=ActorType.COUNTRY,
            target="join NATO",
            target_kind=TargetKind.OUTCOME,
            stance=Stance.OPPOSES,
            act=Act.AGREES,
            evidence=(at("Poland agrees"),),
            confidence=0.5,
        ),
        Position(
            document=one,
            holder="Ann",
            holder_type=ActorType.PERSON,
            target="",
            target_kind=TargetKind.NONE,
            stance=Stance.NONE,
            act=Act.ASSERTS,
            evidence=(at("Ann spoke"),),
            confidence=1,
        ),
    ]
    return assemble([(one, positions), (Document(id="empty", text=""), [])], outcomes=[ListedOutcome(label="peace talks")])


def sql(file: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(file)) as opened, opened:
        return opened.execute(query).fetchall()


def test_what_dna_has_no_place_for_comes_back(tmp_path: Path) -> None:
    graph = rich()
    assert (len(graph.placed), len(graph.reports), len(graph.listed)) == (2, 1, 1)
    assert_equal(there_and_back(graph, tmp_path / "a.dna"), graph)


def test_dna_shows_what_it_has_a_place_for(tmp_path: Path) -> None:
    write_dna(rich(), tmp_path / "a.dna")
    short = sql(
        tmp_path / "a.dna",
        "SELECT v.Variable, e.Value FROM DATASHORTTEXT d JOIN VARIABLES v ON v.ID = d.VariableId"
        " JOIN ENTITIES e ON e.ID = d.Entity WHERE d.StatementId = 1",
    )
    assert dict(short) == {  # type: ignore[arg-type]
        "person": "Zelensky",
        "organization": "Ukraine",
        "concept": rich().placed[0].outcome.label,
        "stance": "mixed",
        "act": "demands",
    }
    long_ = (
        "SELECT Value FROM DATALONGTEXT d JOIN VARIABLES v ON v.ID = VariableId WHERE StatementId = 1 AND Variable = 'via'"
    )
    assert sql(tmp_path / "a.dna", long_) == [("Reuters\nTASS",)]
    assert sql(tmp_path / "a.dna", "SELECT Value FROM DATAINTEGER ORDER BY StatementId") == [(12,), (50,), (100,)]
    # The text begins with one face of two units: "join NATO" begins one unit later than its character.
    text = rich().documents["report/1"].text
    ((start, stop),) = sql(tmp_path / "a.dna", "SELECT Start, Stop FROM STATEMENTS WHERE ID = 1")
    assert (start, stop) == (text.index("join NATO") + 1, text.index("He may wait") + len("He may wait") + 1)
    assert sql(tmp_path / "a.dna", "PRAGMA foreign_key_check") == []


def test_what_is_corrected_in_dna_counts(tmp_path: Path) -> None:
    file = tmp_path / "a.dna"
    write_dna(rich(), file)
    sql(file, "UPDATE ENTITIES SET Value = 'Volodymyr Zelenskyy' WHERE Value = 'Zelensky' AND VariableId = 1")
    sql(
        file,
        "UPDATE DATASHORTTEXT SET Entity = (SELECT e.ID FROM ENTITIES e JOIN VARIABLES v ON v.ID = e.VariableId"
        " WHERE v.Variable = 'stance' AND e.Value = '' AND v.StatementTypeId = 1) WHERE StatementId = 1"
        " AND VariableId = (SELECT ID FROM VARIABLES WHERE Variable = 'stance' AND StatementTypeId = 1)",
    )
    sql(file, "UPDATE DATABOOLEAN SET Value = 1 WHERE StatementId = 2 AND VariableId = 4")
    sql(file, "UPDATE DATAINTEGER SET Value = 90 WHERE StatementId = 1")
    sql(file, "UPDATE STATEMENTS SET Stop = Start + 4 WHERE ID = 1")
    graph, skipped = read_dna(file)
    assert skipped == ()
    first, second = graph.placed
    assert (first.actor.name, first.position.holder) == ("Volodymyr Zelenskyy", "Volodymyr Zelenskyy")
    assert (first.position.stance, first.position.confidence) == (Stance.SUPPORTS, 0.9)
    assert (first.position.evidence_text, first.position.act) == ("join", Act.DEMANDS)
    assert [actor.name for actor in first.via] == ["Reuters", "TASS"]
    assert (second.position.stance, second.actor.type) == (Stance.SUPPORTS, ActorType.COUNTRY)
    assert graph.documents == rich().documents


def test_statements_taken_out_and_added_in_dna_leave_every_id_its_own(tmp_path: Path) -> None:
    graph = assemble([read("d", *(("Ann", "supports", f"tea {number}") for number in range(4)))])
    # As after a list of outcomes that left some out.
    gaps = StanceGraph(graph.documents, [graph.placed[n] for n in (0, 2, 3)])
    file = tmp_path / "a.dna"
    again = there_and_back(gaps, file)
    assert [p.id for p in again.placed] == ["d#1", "d#3", "d#4"]
    sql(file, "DELETE FROM STATEMENTS WHERE ID = 2")
    graph, skipped = read_dna(file)
    assert ([p.id for p in graph.placed], skipped) == (["d#1", "d#2"], ())


def test_a_wrong_value_in_a_further_variable_is_named_with_the_choices(tmp_path: Path) -> None:
    file = tmp_path / "a.dna"
    write_dna(rich(), file)
    sql(file, "UPDATE ENTITIES SET Value = 'shouts' WHERE Value = 'demands'")
    sql(file, "UPDATE DATAINTEGER SET Value = 101 WHERE StatementId = 2")
    graph, skipped = read_dna(file)
    assert (len(graph.placed), len(graph.reports)) == (0, 1)
    assert "statement 1: 'shouts' is no act; skipped. Choose one of asserts, demands" in str(skipped[0])
    assert "statement 2: confidence 101 is no per cent; skipped. Give a number from 0 to 100." in str(skipped[1])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "nonsense",
        "[1]",
        '{"documents": 7, "actors": {"Poland": {"name": ["Poland", 5]}}}',
        '{"a": "\\ud800"}',
        "[" * 100_000,
    ],
)
def test_what_was_kept_may_be_spoilt_and_nothing_else_is(tmp_path: Path, value: str) -> None:
    file = tmp_path / "a.dna"
    write_dna(rich(), file)
    with closing(sqlite3.connect(file)) as opened, opened:
        opened.execute("UPDATE SETTINGS SET Value = ? WHERE Property = 'stancegraph'", (value,))
        opened.execute("UPDATE DATALONGTEXT SET Value = ? WHERE Value LIKE '{%'", (value,))
    graph = read_dna(file).graph
    assert [(p.actor.name, p.position.stance.value) for p in graph.placed] == [("Zelensky", "mixed"), ("Poland", "opposes")]
    graph.save(tmp_path / "g.json")


def test_names_that_dna_cannot_hold_come_back(tmp_path: Path) -> None:
    long_ = "a" * 190
    names = (long_, long_ + "b", long_ + "c", "two\nlines", "two lines", " ", "", "(nobody)", "| ; |")
    document, positions = read(
        "d" * 300, *((name if name.strip() else "x", "supports", name + "!x") for name in names), text="x" * 400
    )
    positions = [p.model_copy(update={"holder": name, "via": (*names,)}) for p, name in zip(positions, names, strict=True)]
    graph = assemble([(document, positions)])
    again = there_and_back(graph, tmp_path / "a.dna")
    assert_equal(again, graph)
    assert max(len(str(name)) for (name,) in sql(tmp_path / "a.dna", "SELECT Value FROM ENTITIES")) == 190


def test_an_export_that_fails_leaves_what_was_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        write_dna(rich(), tmp_path)
    blocked = tmp_path / "a.dna.part"
    blocked.mkdir()
    (tmp_path / "a.dna").write_bytes(b"before")
    with pytest.raises(OSError, match="directory"):
        write_dna(rich(), tmp_path / "a.dna")
    assert (tmp_path / "a.dna").read_bytes() == b"before"


@settings(max_examples=60, deadline=None)
@given(readings(), st.booleans())
def test_any_graph_comes_back_from_dna_equal(
    tmp_path_factory: pytest.TempPathFactory, read_: list[tuple[Document, list[Position]]], listed: bool
) -> None:
    graph = assemble(read_, outcomes=[ListedOutcome(label="tax cuts"), ListedOutcome(label="tea")] if listed else ())
    assert_equal(there_and_back(graph, tmp_path_factory.mktemp("dna") / "a.dna"), graph)


# All exports


@settings(max_examples=20, deadline=None)
@given(readings(), st.randoms(use_true_random=False))
def test_the_same_positions_give_the_same_bytes(
    tmp_path_factory: pytest.TempPathFactory, read_: list[tuple[Document, list[Position]]], chance: random.Random
) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    shuffled = list(read_)
    chance.shuffle(shuffled)
    for write in (write_dna, write_gexf, write_table, write_matrix):
        write(assemble(read_), folder / "1")
        write(assemble(shuffled), folder / "2")
        assert (folder / "1").read_bytes() == (folder / "2").read_bytes(), write.__name__


@settings(max_examples=40, deadline=None)
@given(readings())
def test_gexf_opens_again_with_all_nodes_edges_and_types(
    tmp_path_factory: pytest.TempPathFactory, read_: list[tuple[Document, list[Position]]]
) -> None:
    network = assemble(read_).network
    path = tmp_path_factory.mktemp("gexf") / "g.gexf"
    write_gexf(assemble(read_), path)
    opened = nx.read_gexf(path)
    assert opened.is_directed()
    assert (len(opened), opened.number_of_edges()) == (len(network), network.number_of_edges())
    assert sorted(k for _, k in opened.nodes(data="kind")) == sorted(k for _, k in network.nodes(data="kind"))
    for _, values in opened.nodes(data=True):
        if values["kind"] == "position":
            assert isinstance(values["confidence"], float)


def test_gexf_declares_the_type_of_every_attribute_and_not_the_day(tmp_path: Path) -> None:
    write_gexf(rich(), tmp_path / "g.gexf")
    space = "{http://www.gexf.net/1.2draft}"
    root = ElementTree.parse(tmp_path / "g.gexf").getroot()
    declared = {one.get("id"): (one.get("title"), one.get("type")) for one in root.iter(f"{space}attribute")}
    used = {one.get("for") for one in root.iter(f"{space}attvalue")}
    assert used == set(declared)
    types = dict(declared.values())
    assert (types["confidence"], types["rank"], types["stance"]) == ("double", "long", "string")
    assert "networkx_key" not in types
    assert [dict(meta.attrib) for meta in root.iter(f"{space}meta")] == [{}]


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_the_raw_table_has_every_attribute(tmp_path: Path) -> None:
    write_table(rich(), tmp_path / "t.csv")
    first, second = rows(tmp_path / "t.csv")
    assert (first["id"], first["actor"], first["actor_type"], first["actor_role"]) == (
        *("report/1#1", "Zelensky", "person"),
        "president",
    )
    assert (first["actor_affiliation"], first["stance"], first["act"], first["reported"]) == (
        *("Ukraine", "mixed", "demands"),
        "False",
    )
    assert (first["via"], first["evidence"]) == ("Reuters | TASS", "join NATO … He may wait")
    assert (second["actor"], second["actor_type"], second["confidence"]) == ("Poland", "country", "0.5")
    assert (second["document"], second["date"], second["url"]) == ("report/1", "2023-07", "see page 3")
    for field in Position.model_fields:
        named = {"source": "source_spans", "cue": "cue_spans", "evidence_text": "evidence", "via": "via_holders"}
        named |= {"holder_role": "role", "holder_affiliation": "affiliation"}
        assert named.get(field, field) in first, field


def test_the_binary_matrix_by_hand(tmp_path: Path) -> None:
    graph = assemble(
        [
            read("a", ("Ann", "supports", "tea"), ("Ann", "supports", "tea"), ("Bob", "opposes", "tea")),
            read("b", ("Bob", "supports", "coal"), ("Cid", "mixed", "coal")),
        ]
    )
    write_matrix(graph, tmp_path / "m.csv")
    # Ann spoke twice on tea, which is one; Bob on both; Cid on coal only.
    assert (tmp_path / "m.csv").read_text(encoding="utf-8-sig") == "actor,coal,tea\nAnn,0,1\nBob,1,1\nCid,1,0\n"
    write_matrix(graph, tmp_path / "m.csv", stance="supports")
    assert (tmp_path / "m.csv").read_text(encoding="utf-8-sig") == "actor,coal,tea\nAnn,0,1\nBob,1,0\nCid,0,0\n"
    with pytest.raises(ValueError, match="'likes' is no stance"):
        write_matrix(graph, tmp_path / "m.csv", stance="likes")


# Tables coded elsewhere


def table(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf8")
    return path


MAPPING = """
actor: Speaker
outcome: Claim
stance:
  column: View
  values: {yes: supports, no: opposes, "0": undecided}
actor_type: {constant: person}
date: {column: Day, format: "%d.%m.%Y"}
evidence: Quote
document: Doc
"""


def test_a_table_is_read_by_its_mapping(tmp_path: Path) -> None:
    file = table(
        tmp_path / "t.csv",
        "Speaker;Claim;View;Day;Quote;Doc",
        'Ann;coal;yes;11.07.2023;"Coal, I said; is good";a',
        "Bob;coal;no;11.07.2023;Never;a",
        "",
        "Zelensky;NATO;0;;;",
        "President Zelensky;NATO;no;12.07.2023;;",
    )
    mapping = table(tmp_path / "m.yaml", MAPPING)
    graph, skipped = read_table(file, mapping)
    assert skipped == ()
    assert held(graph) == [
        ("Ann", "supports", "coal", "Coal, I said; is good"),
        ("Bob", "opposes", "coal", "Never"),
        ("President Zelensky", "opposes", "NATO", "President Zelensky opposes NATO"),
        ("Zelensky", "undecided", "NATO", "Zelensky undecided NATO"),
    ]
    assert [p.id for p in graph.placed] == ["a#1", "a#2", "t row 6#1", "t row 5#1"]
    assert graph.documents["a"] == Document(id="a", text="Coal, I said; is good\nNever", date="2023-07-11")
    assert {actor.type for actor in graph.actors()} == {ActorType.PERSON}
    import yaml

    assert_equal(read_table(file, yaml.load(MAPPING, yaml.BaseLoader)).graph, graph)


def test_evidence_is_found_in_the_text_of_the_document(tmp_path: Path) -> None:
    file = table(
        tmp_path / "t.csv",
        "actor,outcome,stance,document,text,evidence,title,publisher,url,role,affiliation,confidence,act,via,outcome_kind",
        'Ann,tea,supports,d,"First. 😀 Ann  likes tea.",Ann likes tea,News,Wire,https://x.org,'
        "minister,Peru,0.5,promises,A | B,claim",
        "Bob,tea,opposes,d,,Bob hates tea,,,,,,,,,",
        "Bob,tea,opposes,d,,First.,,,,,,,,,",
    )
    graph, skipped = read_table(file)
    assert [str(one) for one in skipped] == [
        f"{file}:3: its evidence is not in the text of document 'd'; skipped. "
        "Quote the text word for word in the column of evidence."
    ]
    assert held(graph) == [("Bob", "opposes", "tea", "First."), ("Ann", "supports", "tea", "Ann  likes tea")]
    ann = graph.placed[1]
    assert (ann.actor.role, ann.actor.affiliation, ann.position.confidence) == ("minister", "Peru", 0.5)
    assert (ann.position.act, [via.name for via in ann.via], ann.outcome.kind) == (
        Act.PROMISES,
        ["A", "B"],
        TargetKind.CLAIM,
    )
    assert (ann.position.document.title, ann.position.document.source) == ("News", "Wire")


def test_broken_rows_are_named_with_the_fix_and_the_rest_goes_on(tmp_path: Path) -> None:
    file = table(
        tmp_path / "t.csv",
        "actor,outcome,stance,date,document,confidence,act",
        ",tea,supports,,,,",
        "Ann,,supports,,,,",
        "Ann,tea,agree,,,,",
        "Ann,tea,supports,yesterday,,,",
        "Ann,tea,supports,,,2,",
        "Ann,tea,supports,,,nan,",
        "Ann,tea,supports,,,,shouts",
        "Ann,tea,supports,,,,,too,many",
        "Ann,tea,supports,2023,d,,",
        "Ann,tea,supports,2024,d,,",
        "Ann,tea",
        "Bob,tea,OPPOSES,2024,d2",
        "Bob,,none,,d2",
    )
    graph, skipped = read_table(file)
    assert [(p.actor.name, p.position.document.date) for p in graph.placed] == [("Ann", "2023"), ("Bob", "2024")]
    assert [report.actor.name for report in graph.reports] == ["Bob"]
    said = [str(one).removeprefix(f"{file}:") for one in skipped]
    assert [line.split(":")[0] for line in said] == ["2", "3", "4", "5", "6", "7", "8", "9", "11", "12"]
    assert said[0] == "2: has no actor; skipped. Fill the cell, or take the row out."
    assert "stance 'agree' is not known; skipped. Write one of supports, opposes, mixed, undecided" in said[2]
    assert "date 'yesterday' is no date; skipped. Write it as 2023-07-11" in said[3]
    assert "date of document 'd' is otherwise in row 10 or after it" in said[8]


def test_rows_count_as_an_editor_counts_lines(tmp_path: Path) -> None:
    file = table(tmp_path / "t.csv", "actor,outcome,stance,evidence", 'Ann,tea,supports,"two', 'lines"', "Bob,tea,x,")
    graph, skipped = read_table(file)
    assert [p.evidence_text for p in graph.positions()] == ["two\nlines"]
    assert [one.where for one in skipped] == [f"{file}:4"]


@pytest.mark.parametrize(
    ("mapping", "complaint"),
    [
        ({"actor": "who", "outcome": "what"}, 'mapping: stance comes from nowhere; map it to a column, as in "stance: …"'),
        ({"actor": "Who"}, "mapping: outcome comes from nowhere"),
        ({"actr": "who"}, "mapping: unknown field 'actr'; use actor, outcome, stance"),
        (
            {"actor": "Who", "outcome": "what", "stance": "how"},
            "t.csv: no column is called 'Who'; mapping wants it for actor",
        ),
        ({"actor": "twice", "outcome": "what", "stance": "how"}, "t.csv: two columns are called 'twice'"),
        ({"actor": {"colum": "who"}}, "mapping: actor.colum: "),
        ({"actor": {"column": "who", "constant": "Ann"}}, "mapping: actor: give either a column or a constant"),
        ({"actor": 5}, "mapping: actor: "),
        (None, "t.csv: actor comes from nowhere"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_with_the_fix(
    tmp_path: Path, mapping: dict[str, object] | None, complaint: str
) -> None:
    file = table(tmp_path / "t.csv", "who,what,how,twice,twice", "Ann,tea,supports,,")
    with pytest.raises(TableFileError) as caught:
        read_table(file, mapping)
    assert complaint in str(caught.value)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [(b"actor: [", ":1: not valid YAML"), (b"- a", "must be a mapping"), (b"\xff", "not UTF-8"), (b"? [a]\n: b", "YAML")],
)
def test_a_mapping_file_that_is_none_is_refused(tmp_path: Path, content: bytes, complaint: str) -> None:
    file, mapping = table(tmp_path / "t.csv", "actor,outcome,stance"), tmp_path / "m.yaml"
    mapping.write_bytes(content)
    with pytest.raises(TableFileError, match=r"m\.yaml.*" + complaint):
        read_table(file, mapping)
    with pytest.raises(TableFileError, match="cannot be read"):
        read_table(file, tmp_path / "absent.yaml")


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    for name, content, complaint in (
        ("a.csv", b"", "is empty"),
        ("a.csv", b"\xff\xfea", "not UTF-8 .byte 0.; save it as CSV UTF-8"),
        ("a.xls", b"x", "save it as .xlsx or as CSV"),
    ):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(TableFileError, match=complaint):
            read_table(tmp_path / name)
    with pytest.raises(TableFileError, match="cannot be read"):
        read_table(tmp_path / "absent.csv")


def test_an_excel_file_is_read_as_a_table(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="Excel needs the extra `excel`")
    import datetime

    book = openpyxl.Workbook()
    book.active.title = "Codes"
    for row in (
        ("Speaker", "Claim", "View", "Day", "Doc"),
        ("Ann", "coal", 1, datetime.datetime(2023, 7, 11, 9), 7.0),
        (None, "coal", 1, None, None),
        ("=cmd()", "coal", 0, None, None),
    ):
        book.active.append(row)
    book.create_sheet("Other")
    book.save(tmp_path / "t.xlsx")
    mapping = {
        "actor": "Speaker",
        "outcome": "Claim",
        "date": "Day",
        "document": "Doc",
        "stance": {"column": "View", "values": {"1": "supports", "0": "opposes"}},
    }
    graph, skipped = read_table(tmp_path / "t.xlsx", mapping, sheet="Codes")
    assert held(graph)[0] == ("Ann", "supports", "coal", "Ann supports coal")
    assert graph.documents["7"] == Document(id="7", text="Ann supports coal", date="2023-07-11")
    # A formula that no program has computed yet has no value.
    assert [one.where for one in skipped] == [f"{tmp_path / 't.xlsx'}:3", f"{tmp_path / 't.xlsx'}:4"]
    with pytest.raises(TableFileError, match="no sheet is called 'None such'; there are Codes, Other"):
        read_table(tmp_path / "t.xlsx", mapping, sheet="None such")
    (tmp_path / "broken.xlsx").write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(TableFileError, match="not an Excel file"):
        read_table(tmp_path / "broken.xlsx", mapping)
    with pytest.raises(TableFileError, match="no such file"):
        read_table(tmp_path / "absent.xlsx", mapping)


def test_the_raw_table_can_be_read_again(tmp_path: Path) -> None:
    graph = assemble(
        [
            read("a", ("Ann", "supports", "tea"), ("=Bob", "opposes", "tea"), date="2023-07-11"),
            read("b", ("Poland", "mixed", "coal", "country"), date="2024"),
        ]
    )
    write_table(graph, tmp_path / "t.csv")
    again = read_table(tmp_path / "t.csv")
    assert isinstance(again, Imported)
    assert again.skipped == ()
    assert held(again.graph) == held(graph)
    assert again.graph.actors() == graph.actors()
    assert [(d.id, d.date, d.title, d.source) for d in again.graph.documents.values()] == [
        (d.id, d.date, d.title, d.source) for d in graph.documents.values()
    ]
    assert [p.id for p in again.graph.placed] == [p.id for p in graph.placed]


def test_what_people_coded_is_confirmed_unless_the_file_says_otherwise(tmp_path: Path) -> None:
    coded = database(tmp_path / "a.dna", document(1, "tea"), *statement(1, 1, (0, 3), "Ann", "", "tea", 1))
    assert [p.position.confirmed for p in read_dna(coded).graph.placed] == [True]
    head = "actor,outcome,stance,confirmed,changed"
    (tmp_path / "t.csv").write_text(
        f"{head}\na,x,supports,,\na,x,supports,No,\na,x,opposes,yes,target | stance\na,x,mixed,so,\n"
    )
    graph, skipped = read_table(tmp_path / "t.csv")
    assert [(p.position.confirmed, p.position.changed) for p in graph.placed] == [
        (True, ()),
        (False, ()),
        (True, ("stance", "target")),
    ]
    assert [str(one).removeprefix(f"{tmp_path}/") for one in skipped] == [
        "t.csv:5: confirmed 'so' is neither yes nor no; skipped. Write yes or no, or leave the cell empty."
    ]
    write_table(graph, tmp_path / "again.csv")
    again = read_table(tmp_path / "again.csv").graph
    assert [(p.position.confirmed, p.position.changed) for p in again.placed] == [
        (p.position.confirmed, p.position.changed) for p in graph.placed
    ]


def test_what_is_corrected_in_dna_is_confirmed_and_says_what_was_changed(tmp_path: Path) -> None:
    graph = assemble([read("d", ("Ann", "supports", "tea"), ("Bob", "opposes", "tea"), ("Cora", "mixed", "jam"))])
    write_dna(graph, tmp_path / "a.dna")
    with closing(sqlite3.connect(tmp_path / "a.dna")) as opened, opened:
        opened.execute("UPDATE DATABOOLEAN SET Value = 0 WHERE StatementId = 1 AND VariableId = 4")
        opened.execute("UPDATE ENTITIES SET Value = 'Cora Vane' WHERE Value = 'Cora'")
    found = read_dna(tmp_path / "a.dna").graph
    assert [(p.actor.name, p.position.stance.value) for p in found.placed] == [
        ("Ann", "opposes"),
        ("Bob", "opposes"),
        ("Cora Vane", "mixed"),
    ]
    assert [(p.position.confirmed, p.position.changed) for p in found.placed] == [
        (True, ("stance",)),
        (False, ()),
        (True, ("holder",)),
    ]
    assert_equal(there_and_back(found, tmp_path / "b.dna"), found)


@pytest.mark.parametrize("text", ["'=1", "''@x", "the US'-led talks", "'-ism", "-", "'"])
def test_no_apostrophe_of_a_text_is_lost_in_a_table(tmp_path: Path, text: str) -> None:
    graph = assemble([read("d", ("Ann", "supports", text))])
    write_table(graph, tmp_path / "t.csv")
    assert [p.outcome.label for p in read_table(tmp_path / "t.csv").graph.placed] == [graph.placed[0].outcome.label]


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300) | st.text(alphabet="actorumesn,;\"\n'=\x00 ", max_size=300).map(str.encode))
def test_any_bytes_are_read_as_a_table_or_refused(tmp_path_factory: pytest.TempPathFactory, tail: bytes) -> None:
    file = tmp_path_factory.mktemp("table") / "t.csv"
    file.write_bytes(b"actor,outcome,stance\n" + tail)
    try:
        graph, _ = read_table(file)
    except TableFileError as error:
        assert str(file) in str(error)
    else:
        assert len(graph.placed) <= tail.count(b"\n") + tail.count(b"\r") + 1


# --- positions as JSON lines ---------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(readings())
def test_positions_come_back_from_the_lines_they_were_written_in(tmp_path_factory, read_) -> None:
    path = tmp_path_factory.mktemp("lines") / "positions.jsonl"
    graph = assemble(read_)
    write_positions_jsonl(graph, path)
    back = read_positions(path, graph.documents.values())
    assert back.skipped == ()
    assert list(assemble(back.results).positions()) == list(graph.positions())


def test_lines_that_are_no_positions_are_named_and_the_rest_is_read(tmp_path: Path) -> None:
    document, (position,) = read("d", ("Ann", "supports", "tea"))
    good = {**position.model_dump(mode="json"), "document": "d"}
    lines = [
        good,
        {**good, "document": "x"},
        {**good, "stance": "likes"},
        {**good, "evidence_text": "", "evidence": [{"start": 0, "end": 999}]},
        [1],
        {**good, "document": ["d"]},
        {**good, "evidence_text": "what an earlier version of the document says"},
    ]
    path = tmp_path / "p.jsonl"
    broken = [b"{", b"\xff", b'{"confidence": ' + b"9" * 5000 + b"}", b""]
    path.write_bytes(b"\n".join([*(json.dumps(line).encode() for line in lines), *broken]))
    back = read_positions(path, [document])
    assert back.results == ((document, (position,)),)
    assert [skip.where for skip in back.skipped] == [f"{path}:{number}" for number in range(2, 11)]
    expected = ("'x'", "stance", "ends after", "not an object", "['d']", "is not what", *["not a line"] * 3)
    for skip, said in zip(back.skipped, expected, strict=True):
        assert said in str(skip)
