"""Reviewing in the terminal: what is shown, what each key writes, and that nothing is lost however it ends."""

from __future__ import annotations

import csv
import io
import os
import re
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pexpect
import pytest
from given_positions import read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from stancegraph.cli import app
from stancegraph.corrections import Correction, correction_of, read_corrections, write_corrections
from stancegraph.corrections.editing import edit
from stancegraph.corrections.table import CorrectionsFileError
from stancegraph.graph import StanceGraph, assemble
from stancegraph.models import Document, Position, Span
from stancegraph.review import Filters, Walk, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

MAIN = "from stancegraph.cli import main; main()"
CONFIDENCES = {"a#1": 0.9, "a#2": 0.3, "a#3": 0.5, "b#1": 0.4, "b#2": 0.8}


def graph() -> StanceGraph:
    """Return a graph whose positions come in the order a#2, b#1, a#3, b#2, a#1."""
    reading = []
    for document, positions in (
        read(
            "a",
            ("Ann Lee", "supports", "the coal tax"),
            ("Bob Moss", "opposes", "the coal tax"),
            ("Ann Lee", "mixed", "rail"),
            date="2023-01-02",
        ),
        read("b", ("Cora Vane", "supports", "rail"), ("Bob Moss", "opposes", "lunch [bold]free[/bold]"), date="2023-01-03"),
    ):
        ids = [f"{document.id}#{number}" for number in range(1, len(positions) + 1)]
        again = [p.model_copy(update={"confidence": CONFIDENCES[i]}) for p, i in zip(positions, ids, strict=True)]
        reading.append((document, again))
    return assemble(reading)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    graph().save(tmp_path)
    return tmp_path


def review(folder: Path, typed: str, *options: str, command: str = "review") -> Result:
    """Run a review whose keys come one a line from standard input."""
    return CliRunner(env={"COLUMNS": "100"}).invoke(app, [command, str(folder), *options], input=typed)


def walked(folder: Path, typed: str, filters: Filters | None = None, most: int | None = None, **more: object) -> str:
    """Walk in this process; return what was shown."""
    lines: Iterator[str] = iter(typed.split("\n"))

    def line() -> str:
        try:
            return next(lines)
        except StopIteration:
            raise EOFError from None

    console = Console(file=io.StringIO(), width=100)
    walk(Walk(StanceGraph.load(folder), folder / "corrections.csv", console, line, line, **more), filters or Filters(), most)
    return console.file.getvalue()


def rows(folder: Path) -> list[tuple[str, str, str]]:
    """Return what the table says: the kind, the holder as read, and what is new or named."""
    found = []
    for one in read_corrections(folder / "corrections.csv").corrections:
        new = {name: str(getattr(value, "value", value)) for name, value in one.new.items()}
        found.append((one.kind.value, one.holder, ", ".join((*new.values(), *one.names, one.name)).strip(", ")))
    return found


def seen(shown: str) -> list[str]:
    """Return the holders that were shown, in order."""
    return re.findall(r"^ *holder +(.+?)  ", shown, re.MULTILINE)


def test_the_least_certain_come_first_with_their_paragraph(folder: Path) -> None:
    ended = review(folder, "k\n" * 5)
    assert ended.exit_code == 0
    assert seen(ended.stdout) == ["Bob Moss", "Cora Vane", "Ann Lee", "Bob Moss", "Ann Lee"]
    assert re.findall(r"(\d of \d) ─", ended.stdout) == [f"{n} of 5" for n in range(1, 6)]
    assert "*Bob Moss* [opposes the coal tax.]" in ended.stdout
    assert "Report a, Wire, 2023-01-02, a" in ended.stdout
    assert "Nothing is left to review." in ended.stdout
    assert not (folder / "corrections.csv").exists()
    assert (ended.stderr, review(folder, "").stderr) == ("", "")


def test_each_key_writes_its_row_and_the_next_walk_goes_on(folder: Path) -> None:
    ended = review(folder, "a\nreject\ns\no\na\nq\n", "--by", "Me")
    assert rows(folder) == [
        ("accept", "Bob Moss", ""),
        ("reject", "Cora Vane", ""),
        ("change", "Ann Lee", "opposes"),
    ]
    corrections = read_corrections(folder / "corrections.csv").corrections
    assert {one.reviewer for one in corrections} == {"Me"}
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", one.date) for one in corrections)
    assert ended.stderr.splitlines() == [
        f"3 decisions in {folder}/corrections.csv",
        f"{folder} is as it was; to apply them: stancegraph correct {folder}",
    ]
    again = review(folder, "")
    assert seen(again.stdout) == ["Bob Moss"]
    assert "1 of 2" in again.stdout
    assert "lunch [bold]free[/bold]" in again.stdout


def test_dir_changes_only_when_asked_to(folder: Path) -> None:
    before = (folder / "graph.duckdb").read_bytes()
    review(folder, "r\nq\n")
    assert (folder / "graph.duckdb").read_bytes() == before
    ended = review(folder, "a\nq\n", "--apply")
    assert ended.stderr.splitlines()[-1] == f"applied 2 corrections of {folder}/corrections.csv"
    found = StanceGraph.load(folder)
    assert [p.id for p in found.placed] == ["a#1", "a#3", "b#1", "b#2"]
    assert [p.id for p in found.placed if p.position.confirmed] == ["b#1"]
    assert "✓ confirmed" in (folder / "graph.html").read_text(encoding="utf-8")
    # What was applied is taken back by taking it out of the table.
    write_corrections([], folder / "corrections.csv")
    ended = review(folder, "", command="correct")
    assert (ended.exit_code, ended.stderr) == (0, f"applied 0 corrections of {folder}/corrections.csv\n")
    assert StanceGraph.load(folder).placed == graph().placed


def test_a_holder_or_target_is_chosen_by_number_or_name(folder: Path) -> None:
    shown = walked(folder, "h\n1\nt\nRails\n1\na\nh\nDan Poe\na\nt\n\nh\n99\nk\nq")
    assert rows(folder) == [
        ("change", "Bob Moss", "Ann Lee, rail"),
        ("change", "Cora Vane", "Dan Poe"),
        ("change", "Ann Lee", "99"),
    ]
    assert "1 Ann Lee\n" in shown
    assert "Enter takes 'Rails' as a new name" in shown
    assert "confirmed, holder changed, target changed" in shown


def test_changes_of_one_position_are_one_row_with_its_note(folder: Path) -> None:
    walked(folder, "n\nlooks odd\ns\nm\nh\nDan Poe\ns\nu\nn\nsure now\na\nn\nwhy\nr\nq")
    first, second = read_corrections(folder / "corrections.csv").corrections
    assert (first.new, first.note) == ({"holder": "Dan Poe", "stance": "undecided"}, "sure now")
    assert (second.kind.value, second.note) == ("reject", "why")


def test_a_merge_makes_names_one_and_shows(folder: Path) -> None:
    shown = walked(folder, "m\nh\nCora Vane\nBob Vane\nm\no\nrail\n2\nk\nq")
    assert rows(folder) == [
        ("merge actors", "", "Bob Moss, Cora Vane, Bob Vane"),
        ("merge outcomes", "", "the coal tax, rail, rail"),
    ]
    assert seen(shown)[:3] == ["Bob Moss", "Bob Vane", "Bob Vane"]
    assert re.findall(r"^ *target +(\S+)  as written: the coal tax", shown, re.MULTILINE) == ["rail"]
    # Both hold in the graph, whatever was merged first.
    found = StanceGraph.load(folder).with_corrections(folder / "corrections.csv")
    assert {a.name for a in found.actors()} == {"Ann Lee", "Bob Vane"}
    walked(folder, "m\nh\nAnn Lee\n2\nq")
    assert rows(folder)[-1] == ("merge actors", "", "Bob Vane, Ann Lee, Ann Lee")
    assert {a.name for a in StanceGraph.load(folder).with_corrections(folder / "corrections.csv").actors()} == {"Ann Lee"}


def test_steps_are_taken_back_one_by_one(folder: Path) -> None:
    shown = walked(folder, "b\na\nr\nk\ns\nu\nb\nb\nb\nb\nq")
    assert "There is nothing to take back." in shown
    assert not (folder / "corrections.csv").exists()
    assert seen(shown)[-1] == "Bob Moss"
    assert shown.count("Taken back.") == 3
    walked(folder, "a\nr\nb\na\nq")
    assert [row[:2] for row in rows(folder)] == [("accept", "Bob Moss"), ("accept", "Cora Vane")]


def test_what_another_program_wrote_meanwhile_is_kept(folder: Path) -> None:
    file = folder / "corrections.csv"
    walked(folder, "a\nq")
    typed = iter(["r", "b", "r", "q"])

    def key() -> str:
        one = next(typed)
        if one == "b":
            file.write_bytes(file.read_bytes() + b"rename actor,,,,,,,,,,,,,,,Ann Lee,Ann,,,\n")
        return one

    console = Console(file=io.StringIO(), width=100)
    walk(Walk(StanceGraph.load(folder), file, console, key, key), Filters())
    assert "has been changed by another program since" in console.file.getvalue()
    assert [row[0] for row in rows(folder)] == ["accept", "reject", "rename actor", "reject"]


def test_what_is_decided_can_be_decided_anew(folder: Path) -> None:
    walked(folder, "a\nr\ns\nu\nq")
    shown = walked(folder, "r\na\na\nq", Filters(decided=True))
    assert seen(shown)[:3] == ["Bob Moss", "Cora Vane", "Ann Lee"]
    assert "confirmed, stance changed" in shown
    assert rows(folder) == [
        ("change", "Ann Lee", "undecided"),
        ("reject", "Bob Moss", ""),
        ("accept", "Cora Vane", ""),
    ]


def test_only_what_is_asked_for_is_shown(folder: Path) -> None:
    assert seen(walked(folder, "k\n" * 5, Filters(actor="Moss"))) == ["Bob Moss", "Bob Moss"]
    assert seen(walked(folder, "k\n" * 5, Filters(outcome="rail"))) == ["Cora Vane", "Ann Lee"]
    assert seen(walked(folder, "k\n" * 5, most=1)) == ["Bob Moss"]
    ended = review(folder, "", "--actor", "Nobody")
    assert (ended.exit_code, ended.stderr) == (2, "stancegraph: no actor 'Nobody' in this graph\n")
    assert "There is nothing to review." in walked(folder, "", Filters(actor="Cora", outcome="coal tax"))


def test_another_file_and_a_list_in_yaml(folder: Path) -> None:
    ended = review(folder, "a\nr\nq\n", "--file", str(folder / "mine.yaml"))
    assert [one.kind.value for one in read_corrections(folder / "mine.yaml").corrections] == ["accept", "reject"]
    assert ended.stderr.splitlines()[-1].endswith(f"stancegraph correct {folder} --corrections {folder}/mine.yaml")
    ended = review(folder, "", "--corrections", str(folder / "mine.yaml"), command="correct")
    assert ended.stderr == f"applied 2 corrections of {folder}/mine.yaml\n"
    # From then on it is the table of this graph.
    assert seen(review(folder, "a\n").stdout)[0] == "Ann Lee"
    assert len(read_corrections(folder / "mine.yaml").corrections) == 3


def test_a_table_that_cannot_be_used_ends_the_walk_before_it_begins(folder: Path) -> None:
    (folder / "corrections.csv").write_text(
        "correction,document,evidence\naccept,a,opposes the coal tax\nreject,a,opposes the coal tax\n"
    )
    ended = review(folder, "a\n")
    assert ended.exit_code == 2
    assert "corrections.csv:3: reject contradicts" in ended.stderr
    (folder / "corrections.csv").write_text("correction,document\naccept,a\n")
    ended = review(folder, "a\n")
    assert "corrections.csv:2: accept needs evidence; skipped." in ended.stdout
    assert "accept,a\n" in (folder / "corrections.csv").read_text()
    assert len(read_corrections(folder / "corrections.csv").corrections) == 1


def test_two_tables_in_one_folder_are_refused(folder: Path) -> None:
    for name in ("corrections.csv", "corrections.yaml"):
        write_corrections([], folder / name)
    for command in ("review", "correct"):
        ended = review(folder, "", command=command)
        assert ended.exit_code == 2
        assert "hold corrections both; keep one" in ended.stderr
    ended = review(folder / "none", "")
    assert ended.exit_code == 2
    assert "no saved graph here" in ended.stderr


def test_correct_needs_a_table(folder: Path) -> None:
    ended = review(folder, "", command="correct")
    assert (ended.exit_code, ended.stderr) == (
        2,
        f"stancegraph: {folder}: holds no corrections.csv or corrections.yaml; name a table with --corrections FILE\n",
    )


def test_hostile_text_does_not_steer_the_terminal(tmp_path: Path) -> None:
    text = "\x1b]0;owned\x07 [red]Ann[/red]\u202e said\x9b2J \x1b[2Jshe is [bold]for[/bold] [link=file:///x]it[/link]."
    document = Document(id="\x1b[31md", text=text, title="[blink]\x1b[5m")
    position = Position(
        document=document,
        holder="[red]\x1b[2JAnn",
        holder_type="person",
        target="[/] \x1b[2Jit",
        target_kind="outcome",
        stance="supports",
        act="asserts",
        source=[Span(start=11, end=27)],
        evidence=[Span(start=40, end=len(text))],
        confidence=0.5,
    )
    assemble([(document, [position])]).save(tmp_path)
    ended = review(tmp_path, "h\n\n?\nm\no\n\nt\n[red]x[/red]\x1b[2J\n\na\n")
    assert ended.exit_code == 0
    assert not set("\x1b\x07\x9b\u202e") & set(ended.stdout + ended.stderr)
    assert "[link=file:///x]it[/link]" in ended.stdout
    (row,) = read_corrections(tmp_path / "corrections.csv").corrections
    assert row.new_target == "[red]x[/red] [2J"


def test_build_applies_the_table_again(tmp_path: Path) -> None:
    (tmp_path / "toll.txt").write_text("The mayor opposes the toll. The council supports the toll.")
    out = tmp_path / "out"

    def build(*options: str) -> tuple[int, list[str], str]:
        ended = CliRunner().invoke(app, ["build", str(tmp_path / "toll.txt"), "--out", str(out), *options])
        return ended.exit_code, ended.stderr.splitlines(), (out / "positions.csv").read_text(encoding="utf-8-sig")

    code, said, _ = build()
    assert code == 0
    assert not [line for line in said if "correction" in line]
    read_before = StanceGraph.load(out)
    review(out, "r\nq\n")
    code, said, table = build()
    assert (code, said[-1]) == (0, f"applied 1 correction of {out}/corrections.csv")
    assert len(list(csv.reader(io.StringIO(table)))) == len(read_before.placed)
    kept = {name: (out / name).read_bytes() for name in ("graph.graphml", "graph.html", "positions.csv")}
    build()
    assert {name: (out / name).read_bytes() for name in kept} == kept
    (tmp_path / "other.csv").write_text("correction,document,evidence\nreject,toll,something else\nreject,tool\n")
    code, said, table = build("--corrections", str(tmp_path / "other.csv"))
    assert code == 1
    assert said[-3].startswith(f"{tmp_path}/other.csv:2: no position in 'toll' is “something else”; skipped.")
    assert said[-2].startswith(f"{tmp_path}/other.csv:3: reject needs evidence; skipped.")
    assert said[-1] == f"applied 0 corrections of {tmp_path}/other.csv, 2 skipped"
    assert len(list(csv.reader(io.StringIO(table)))) == len(read_before.placed) + 1
    (out / "corrections.csv").write_text("nonsense\n")
    before = (out / "graph.duckdb").read_bytes()
    code, said, _ = build()
    assert (code, (out / "graph.duckdb").read_bytes()) == (2, before)
    assert said[-1].startswith(f"stancegraph: {out}/corrections.csv:1: unknown column 'nonsense'")


# At a keyboard


@pytest.fixture
def keyboard(folder: Path) -> Iterator[pexpect.spawn]:
    """A review in a terminal of its own."""
    child = pexpect.spawn(
        sys.executable,
        ["-c", MAIN, "review", str(folder)],
        env={**os.environ, "TERM": "xterm-256color", "COLUMNS": "100", "LINES": "50"},
        encoding="utf-8",
        timeout=30,
    )
    yield child
    child.close(force=True)


def test_keys_are_read_as_they_are_pressed(keyboard: pexpect.spawn, folder: Path) -> None:
    keyboard.expect("1 of 5")
    keyboard.expect("\x1b\\[[0-9;]*mopposes the coal tax")  # the evidence is highlighted
    keyboard.expect("help")
    keyboard.send("a")
    keyboard.expect("2 of 5")
    keyboard.expect("help")
    keyboard.send("h")
    keyboard.expect("leave it")
    keyboard.sendline("Dän Poe")
    keyboard.expect("holder changed")
    keyboard.expect("help")
    keyboard.send("\x03")
    keyboard.expect("2 decisions in")
    keyboard.expect(pexpect.EOF)
    keyboard.close()
    assert keyboard.exitstatus == 130
    assert rows(folder) == [("accept", "Bob Moss", ""), ("change", "Cora Vane", "Dän Poe")]


def test_the_end_of_input_ends_it(keyboard: pexpect.spawn, folder: Path) -> None:
    keyboard.expect("help")
    keyboard.send("r")
    keyboard.expect("2 of 5")
    keyboard.expect("help")
    keyboard.send("\x04")
    keyboard.expect("1 decision in")
    keyboard.expect(pexpect.EOF)
    keyboard.close()
    assert keyboard.exitstatus == 0
    assert [row[0] for row in rows(folder)] == ["reject"]


def test_a_walk_that_is_killed_loses_nothing(folder: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-u", "-c", MAIN, "review", str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    running.stdin.write("a\nr\n")
    running.stdin.flush()
    while "3 of 5" not in running.stdout.readline():
        pass
    running.send_signal(signal.SIGKILL)
    running.wait()
    assert [row[0] for row in rows(folder)] == ["accept", "reject"]
    assert sorted(path.name for path in folder.iterdir()) == ["corrections.csv", "graph.duckdb"]


# Tables that others have made


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("c.csv", b'\xef\xbb\xbfnote;correction;document;evidence\r\n"a\r\nb";accept;x;y\r\n;bad;;\r\n'),
        ("c.csv", b'correction,document,evidence,note\naccept,x,y,"no end of line"'),
        (
            "c.yaml",
            b"# mine\n- correction: accept\n  document: x\n  evidence: >\n    y\n    z\n\n# later\n"
            b"- correction: reject\n  document: x\n  evidence: w\n",
        ),
        ("c.yaml", b"  - correction: accept\n    document: x\n    evidence: y"),
        ("c.yaml", b"# nothing yet\n"),
        ("c.yaml", b"[]\n"),
    ],
)
def test_a_row_is_added_and_replaced_and_the_rest_stays(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    before = read_corrections(path)
    position = graph().placed[0].position
    row = correction_of(position, "change", new_via=["A | B"], note="=1")
    edit(path, row)
    assert read_corrections(path).corrections == (*before.corrections, row)
    assert len(read_corrections(path).skipped) == len(before.skipped)
    other = correction_of(position, "reject")
    edit(path, other, read_corrections(path).corrections[-1:])
    assert read_corrections(path).corrections == (*before.corrections, other)
    if before.corrections:
        third = correction_of(graph().placed[1].position, "accept")
        edit(path, third, read_corrections(path).corrections[:1])
        assert read_corrections(path).corrections == (*before.corrections[1:], other, third)
    for line in content.splitlines():
        if line.startswith(b"#"):
            assert line in path.read_bytes().splitlines()
    assert path.read_bytes().startswith(b"\xef\xbb\xbf") is content.startswith(b"\xef\xbb\xbf")


def test_a_table_that_cannot_be_added_to_stays_as_it_is(tmp_path: Path) -> None:
    row = correction_of(graph().placed[0].position, "reject")
    flow = tmp_path / "c.yaml"
    flow.write_text("[{correction: accept, document: x, evidence: y}]\n")
    with pytest.raises(CorrectionsFileError, match="a row cannot be added without losing others"):
        edit(flow, row)
    assert flow.read_text() == "[{correction: accept, document: x, evidence: y}]\n"
    with pytest.raises(CorrectionsFileError, match="rows cannot be added to an Excel file"):
        edit(tmp_path / "c.xlsx", row)
    assert [path.name for path in tmp_path.iterdir()] == ["c.yaml"]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from("arskhtmnb?q1 x") | st.text(max_size=6), max_size=14))
def test_whatever_is_typed_the_table_is_one(folder: Path, typed: list[str]) -> None:
    file = folder / "corrections.csv"
    file.unlink(missing_ok=True)
    walked(folder, "\n".join(typed))
    if file.exists():
        corrections, skipped = read_corrections(file)
        assert skipped == ()
        found = StanceGraph.load(folder).with_corrections(corrections)
        assert all(isinstance(row, Correction) for row in found.revision.corrections)
