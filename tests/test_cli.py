"""The command line, as a shell sees it: arguments and bytes in; bytes, lines and an exit code out."""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stancegraph.cli import main
from stancegraph.graph import StanceGraph, assemble
from stancegraph.models import Act, ActorType, Document, Position, Span, Stance, TargetKind

if TYPE_CHECKING:
    from collections.abc import Iterable

OUTPUTS = {"graph.html", "graph.graphml", "graph.duckdb", "positions.jsonl", "positions.csv"}
TREATY = (
    "Ministers at odds over treaty\n\n"
    "President Jane Roe said on Tuesday that she supports the treaty. "
    "Opposition leader John Doe rejected the treaty, calling it a mistake. "
    '"We will never sign it," said Finance Minister Ann Lee.\n'
)


@dataclass
class Ended:
    """How a run of the command line ended."""

    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


@pytest.fixture
def run(monkeypatch, capsys):
    """Run the console entry point in this process."""

    def ended(*arguments: object, stdin: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "argv", ["stancegraph", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        with pytest.raises(SystemExit) as end:
            main()
        return Ended(int(end.value.code or 0), *capsys.readouterr())

    before = signal.getsignal(signal.SIGINT)
    yield ended
    signal.signal(signal.SIGINT, before)


def process(*arguments: object, **options) -> subprocess.Popen:
    """Start the command line as a process of its own."""
    command = [sys.executable, "-c", "from stancegraph.cli import main; main()", *map(str, arguments)]
    # Of its own group, and not deaf to interruptions as processes in the background are.
    options |= {"start_new_session": True, "preexec_fn": lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)}
    return subprocess.Popen(command, stderr=subprocess.PIPE, **options)


@pytest.fixture
def treaty(tmp_path) -> Path:
    path = tmp_path / "treaty.txt"
    path.write_text(TREATY, encoding="utf-8")
    return path


def lines(records: Iterable[object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def position(document: Document, holder: str, stance: Stance, target: str, quote: str) -> Position:
    start = document.text.index(quote)
    return Position(
        document=document,
        holder=holder,
        holder_type=ActorType.PERSON,
        target=target,
        target_kind=TargetKind.OUTCOME,
        stance=stance,
        act=Act.ASSERTS,
        evidence=(Span(start=start, end=start + len(quote)),),
        confidence=0.9,
    )


def said(number: int, *sayings: tuple[str, Stance, str, str]) -> tuple[Document, tuple[Position, ...]]:
    """A document in which holders take a stance toward a target, in these words."""
    text = "\n".join(quote for *_, quote in sayings)
    document = Document(id=f"news/{number}", text=text, date="2023-07-11", title="Dispute")
    return document, tuple(position(document, *saying) for saying in sayings)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder with a saved graph."""
    path = tmp_path_factory.mktemp("graph")
    assemble(
        [
            said(
                1,
                (
                    "Jane Roe",
                    Stance.SUPPORTS,
                    "the fisheries treaty",
                    "“It is a good treaty,” [bold]she[/bold] said.",
                ),
                ("John Doe", Stance.OPPOSES, "the fisheries treaty", "He called it\na mistake.\x1b[2J\u202e"),
                ("Ann Lee", Stance.MIXED, "the fisheries treaty", "Only with changes, she said."),
            ),
            said(
                2,
                *(("Jane Roe", Stance.SUPPORTS, "the fisheries treaty", f"I sign it, {n}.") for n in range(5)),
            ),
            said(3, ("John Doe", Stance.SUPPORTS, "higher taxes on [red]tobacco", "Tax it.")),
        ]
    ).save(path)
    return path


class TestUsage:
    @pytest.mark.parametrize(
        "command", [[], ["build"], ["extract"], ["who-supports"], ["who-opposes"], ["positions"], ["review"], ["correct"]]
    )
    def test_help(self, run, command):
        ended = run(*command, "--help")
        assert ended.code == 0
        assert "Usage: stancegraph" in ended.out
        assert ended.err == ""

    def test_help_waits_for_no_heavy_library(self):
        program = (
            "import sys; from stancegraph.cli import main; sys.argv = ['stancegraph', '--help']\n"
            "try: main()\n"
            "except SystemExit: print(*sys.modules, file=sys.stderr)"
        )
        loaded = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stderr
        heavy = {"spacy", "onnxruntime", "numpy", "networkx", "pandas", "trafilatura", "pyvis"}
        assert "stancegraph.cli" in loaded.split()
        assert heavy.isdisjoint(loaded.split())

    def test_version(self, run):
        ended = run("--version")
        name, version = ended.out.split()
        assert (ended.code, name) == (0, "stancegraph")
        assert version[0].isdigit()

    @pytest.mark.parametrize(
        "arguments",
        [
            [],
            ["bulid"],
            ["build"],
            ["build", "a.txt"],
            ["build", "--out", "x"],
            ["build", "a.txt", "--out", "x", "--workers", "0"],
            ["build", "a.txt", "--out", "x", "--fast"],
            ["who-supports", "peace"],
            ["who-supports", "--graph", "x"],
            ["positions", "--graph", "x", "--stance", "likes"],
        ],
    )
    def test_wrong_usage(self, run, tmp_path, monkeypatch, arguments):
        monkeypatch.chdir(tmp_path)
        ended = run(*arguments)
        assert ended.code == 2
        assert "Usage: stancegraph" in ended.err + ended.out
        assert "Traceback" not in ended.err
        assert list(tmp_path.iterdir()) == []


class TestNothingToRead:
    @pytest.mark.parametrize("command", ["build", "extract"])
    def test_one_line_for_each_input_and_one_for_the_whole(self, run, tmp_path, command):
        empty = tmp_path / "empty.txt"
        empty.touch()
        broken = tmp_path / "a.jsonl"
        broken.write_text('{"id": "a" "text": "x"}\n{"id": "b"}\n')
        ended = run(command, tmp_path / "missing.txt", empty, broken, "--out", tmp_path / "out")
        assert ended.code == 2
        assert ended.out == ""
        assert ended.lines == [
            f"{tmp_path}/missing.txt: no such file or folder; skipped. Check the path.",
            f"{empty}: is empty; skipped. Fill it or leave it out.",
            f"{broken}:1: not a JSON object (Expecting ',' delimiter, column 12); skipped. Fix the line or take it out.",
            f'{broken}:2: has no "text"; skipped. Give it a "text".',
            "stancegraph: nothing to read: no input gave a document",
        ]
        assert not (tmp_path / "out").exists()

    def test_earlier_output_stays(self, run, tmp_path, folder):
        out = tmp_path / "positions.jsonl"
        out.write_text("as it was")
        assert run("extract", "-", "--out", out).code == 2
        assert out.read_text() == "as it was"
        before = {path.name: path.read_bytes() for path in folder.iterdir()}
        assert run("build", "-", "--out", folder).code == 2
        assert {path.name: path.read_bytes() for path in folder.iterdir()} == before

    def test_quiet_still_says_what_went_wrong(self, run, tmp_path):
        ended = run("build", tmp_path / "missing.txt", "--out", tmp_path / "out", "--quiet")
        assert len(ended.lines) == 2

    def test_a_page_without_text_gives_one_line(self, run, tmp_path):
        page = tmp_path / "a.html"
        page.write_text("<html><body></body></html>")
        ended = run("extract", page)
        assert ended.lines[0].startswith(f"{page}: no text found in the HTML; skipped.")
        assert len(ended.lines) == 2

    def test_interrupted(self, tmp_path):
        with process("extract", "-", "--out", tmp_path / "x.jsonl", stdin=subprocess.PIPE) as running:
            running.stdin.write(b'{"id": "a"}\n')
            running.stdin.flush()
            assert b'has no "text"' in running.stderr.readline()
            running.send_signal(signal.SIGINT)
            assert running.stderr.read() == b"stancegraph: interrupted\n"
            running.stdin.close()
        assert running.returncode == 130
        assert list(tmp_path.iterdir()) == []


class TestBuild:
    def test_writes_the_graph_and_prints_who_holds_what(self, run, tmp_path, treaty):
        out = tmp_path / "new" / "out"
        ended = run("build", treaty, "--out", out)
        assert ended.code == 0
        assert {path.name for path in out.iterdir()} == OUTPUTS
        graph = StanceGraph.load(out)
        assert {"Jane Roe", "John Doe"} <= {actor.name for actor in graph.actors()}
        assert "Jane Roe" in ended.out
        assert "supports" in ended.out
        (summary,) = ended.lines
        assert summary.startswith(f"1 document, {len(graph.positions())} positions")
        assert summary.endswith(f"see {out / 'graph.html'}")
        rows = [json.loads(line) for line in (out / "positions.jsonl").read_text(encoding="utf-8").splitlines()]
        assert len(rows) == len(graph.positions())
        with (out / "positions.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == len(rows)

    def test_quiet_says_nothing(self, run, tmp_path, treaty):
        ended = run("build", treaty, "-o", tmp_path / "out", "-q")
        assert (ended.code, ended.out, ended.err) == (0, "", "")
        assert {path.name for path in (tmp_path / "out").iterdir()} == OUTPUTS

    def test_what_is_skipped_is_told_and_the_rest_is_built(self, run, tmp_path, treaty):
        bad = tmp_path / "bad.txt"
        bad.write_bytes(b"caf\xe9")
        ended = run("build", tmp_path, tmp_path / "missing.md", "--out", tmp_path / "out")
        assert ended.code == 1
        assert ended.lines[:2] == [
            f"{bad}:1: not UTF-8 (byte 0xe9); skipped. Save the file as UTF-8.",
            f"{tmp_path}/missing.md: no such file or folder; skipped. Check the path.",
        ]
        assert "2 inputs skipped" in ended.lines[2]
        assert list(StanceGraph.load(tmp_path / "out").documents) == ["treaty"]

    def test_again_and_again_gives_the_same_bytes_and_never_reads_its_own_output(self, run, tmp_path, treaty):
        def built() -> dict[str, bytes]:
            assert run("build", tmp_path, "--out", tmp_path).code == 0
            # DuckDB gives each file a number of its own, so the store is compared by what is in it.
            StanceGraph.load(tmp_path).save(aside)
            return {name: (tmp_path / name).read_bytes() for name in OUTPUTS - {"graph.duckdb"}} | {"": aside.read_bytes()}

        aside = tmp_path.with_suffix(".json")

        assert built() == built()
        assert set(StanceGraph.load(tmp_path).documents) == {"treaty"}
        assert {path.name for path in tmp_path.iterdir()} == {treaty.name, *OUTPUTS}

    def test_workers_change_nothing(self, run, tmp_path, treaty):
        for number in ("1", "2"):
            assert run("build", treaty, "--out", tmp_path / number, "--workers", number).code == 0
        assert (tmp_path / "1/positions.jsonl").read_bytes() == (tmp_path / "2/positions.jsonl").read_bytes()

    def test_standard_input(self, run, tmp_path):
        assert run("build", "-", "--out", tmp_path, stdin=TREATY.encode()).code == 0
        assert list(StanceGraph.load(tmp_path).documents) == ["stdin"]

    def test_a_text_without_positions(self, run, tmp_path):
        ended = run("build", "-", "--out", tmp_path, stdin=b"Rain fell.\n")
        assert (ended.code, ended.out) == (0, "")
        assert ended.lines[0].startswith("1 document, 0 positions, 0 actors, 0 outcomes")
        assert {path.name for path in tmp_path.iterdir()} == OUTPUTS

    def test_a_large_graph_is_cut_to_the_most_active(self, run, tmp_path, monkeypatch):
        monkeypatch.setenv("COLUMNS", "100")
        first = ["Anna", "Paul", "Maria", "James", "Laura", "Peter", "Emma", "David"]
        last = ["Miller", "Walker", "Turner", "Harris"]
        text = "\n".join(f"Senator {a} {b} said she supports the treaty." for a in first for b in last)
        ended = run("build", "-", "--out", tmp_path, stdin=text.encode())
        assert "more actors" in ended.out
        assert "positions.csv" in ended.out
        assert len(ended.out.splitlines()) < 60
        assert max(map(len, ended.out.splitlines())) <= 100

    def test_the_folder_cannot_be_made(self, run, tmp_path, treaty):
        ended = run("build", treaty, "--out", treaty)
        assert (ended.code, ended.lines) == (2, [f"stancegraph: {treaty}: File exists"])
        assert treaty.read_text(encoding="utf-8") == TREATY


class TestExtract:
    def test_one_line_a_document_as_the_scorer_reads_it(self, run, tmp_path):
        records = [
            {"id": "a/1", "text": TREATY},
            {"id": "b", "text": "Rain fell."},
            {"id": "c", "text": "\r\n" + TREATY},
        ]
        source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
        source.write_text(lines(records))
        ended = run("extract", source, "--out", out)
        assert (ended.code, ended.out) == (0, "")
        rows = [json.loads(line) for line in out.read_bytes().splitlines()]
        assert [row["id"] for row in rows] == ["a/1", "b", "c"]
        assert all(row.keys() == {"id", "positions"} for row in rows)
        by_id = {row["id"]: row["positions"] for row in rows}
        roe = next(p for p in by_id["a/1"] if p["holder"] == "Jane Roe" and p["stance"] == "supports")
        fields = {
            "holder",
            "holder_type",
            "via",
            "target",
            "target_kind",
            "stance",
            "act",
            "source",
            "cue",
            "evidence",
        }
        assert roe.keys() == fields
        ((begin, end), *_) = roe["evidence"]
        assert "supports the treaty" in TREATY[begin:end]
        for moved in by_id["c"]:
            for begin, end in moved["evidence"]:
                assert ("\r\n" + TREATY)[begin:end].strip()

    def test_standard_output_carries_json_alone(self, run, tmp_path, treaty):
        ended = run("extract", treaty, tmp_path / "missing.txt", "--out", "-")
        assert ended.code == 1
        (line,) = ended.out.splitlines()
        assert json.loads(line)["id"] == "treaty"
        assert ended.lines[0].startswith(f"{tmp_path}/missing.txt: no such file")

    def test_standard_output_is_what_there_is_without_a_file(self, run, treaty):
        assert run("extract", treaty, "-q").out == run("extract", treaty, "--out", "-", "-q").out != ""

    def test_a_link_stays_a_link_and_nothing_is_left_beside_the_file(self, run, tmp_path, treaty):
        (tmp_path / "real").mkdir()
        out = tmp_path / "out.jsonl"
        out.symlink_to("real/out.jsonl")
        assert run("extract", treaty, "--out", out).code == 0
        assert out.is_symlink()
        assert [path.name for path in (tmp_path / "real").iterdir()] == ["out.jsonl"]

    def test_a_device_stays_a_device(self, run, treaty):
        assert run("extract", treaty, "--out", "/dev/null").code == 0
        assert Path("/dev/null").is_char_device()

    def test_its_own_output_is_never_read(self, run, tmp_path, treaty):
        out = tmp_path / "out.jsonl"
        assert run("extract", tmp_path, "--out", out).code == 0
        before = out.read_bytes()
        assert run("extract", tmp_path, "--out", out).code == 0
        assert out.read_bytes() == before

    @pytest.mark.parametrize("workers", ["1", "2"])
    @pytest.mark.parametrize("end", ["interrupted", "reader gone"])
    def test_broken_off_while_reading(self, tmp_path, workers, end):
        source = tmp_path / "in.jsonl"
        source.write_text(lines({"id": str(n), "text": "Jane Roe rejected the treaty."} for n in range(600)))
        with process("extract", source, "--workers", workers, stdout=subprocess.PIPE) as running:
            assert json.loads(running.stdout.readline())["id"] == "0"
            if end == "interrupted":
                os.killpg(running.pid, signal.SIGINT)
            else:
                running.stdout.close()
            errors = running.stderr.read()
        assert (running.returncode, errors) in [(130, b"stancegraph: interrupted\n"), (141, b"")]
        assert (running.returncode == 130) == (end == "interrupted")

    def test_no_folder_for_the_file(self, run, tmp_path, treaty):
        ended = run("extract", treaty, "--out", tmp_path / "no" / "out.jsonl")
        assert (ended.code, ended.lines) == (2, [f"stancegraph: {tmp_path / 'no'}: no such folder"])

    def test_the_file_is_a_folder(self, run, tmp_path, treaty):
        ended = run("extract", treaty, "--out", tmp_path)
        assert (ended.code, ended.lines) == (2, [f"stancegraph: {tmp_path}: Is a directory"])


class TestWhoSupportsAndOpposes:
    def test_actors_with_the_words_that_prove_it(self, run, folder):
        ended = run("who-supports", "the fisheries treaty", "--graph", folder)
        assert ended.code == 0
        assert ended.err == ""
        assert "Jane Roe" in ended.out
        assert "““It is a good treaty,” [bold]she[/bold] said.”" in ended.out
        assert "John Doe" not in ended.out
        assert "… and 3 more" in ended.out

    def test_opponents(self, run, folder):
        ended = run("who-opposes", "the fisheries treaty", "--graph", folder)
        assert "John Doe" in ended.out
        assert "He called it a mistake." in ended.out
        assert "Jane Roe" not in ended.out

    def test_json(self, run, folder):
        ended = run("who-opposes", "fisheries treaty", "--graph", folder, "--json")
        (actor,) = json.loads(ended.out)
        assert (actor["name"], actor["type"]) == ("John Doe", "person")
        (opposed,) = actor["positions"]
        assert opposed["evidence_text"] == "He called it\na mistake.\x1b[2J\u202e"
        names = [opposed[key] for key in ("id", "actor", "stance", "document_id")]
        assert names == ["news/1#2", "John Doe", "opposes", "news/1"]
        assert "fisheries treaty" in opposed["outcome"]

    def test_nothing_steers_the_terminal(self, run, folder):
        ended = run("positions", "--graph", folder)
        assert "\x1b" not in ended.out
        assert "\u202e" not in ended.out
        assert "[red]tobacco" in " ".join(ended.out.split())

    def test_nobody(self, run, folder):
        ended = run("who-opposes", "higher taxes on [red]tobacco", "--graph", folder)
        assert (ended.code, ended.out) == (0, "")
        assert ended.lines == ["stancegraph: nobody opposes higher taxes on [red]tobacco"]
        assert json.loads(run("who-opposes", "higher taxes on [red]tobacco", "--graph", folder, "--json").out) == []

    def test_an_outcome_that_nobody_spoke_of(self, run, folder):
        ended = run("who-supports", "zzzz qqqq xxxx", "--graph", folder)
        assert (ended.code, ended.out) == (2, "")
        (line,) = ended.lines
        assert "zzzz qqqq xxxx" in line

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=30, deadline=None)
    @given(question=st.text(min_size=1))
    def test_whatever_is_asked_the_answer_is_a_table_or_one_line(self, run, folder, question):
        ended = run("who-supports", "--graph", folder, "--", question)
        assert ended.code in {0, 2}
        assert "Traceback" not in ended.err
        assert len(ended.lines) == (0 if ended.out else 1)


class TestFurtherQuestions:
    @pytest.mark.parametrize(
        ("question", "column", "expected"),
        [
            (["allies", "Jane Roe"], "actor", []),
            (["opponents", "jane roe"], "actor", ["John Doe"]),
            (["common-ground", "Jane Roe", "John Doe"], "outcome", []),
            (["contested", "--min-actors", "2"], "outcome", ["the fisheries treaty"]),
            (["history", "--actor", "John Doe", "--outcome", "fisheries treaty"], "stance", ["opposes"]),
            (["shifts"], "actor", []),
            (["timeline", "fisheries treaty", "--unit", "years"], "period", ["2023"]),
        ],
    )
    def test_json_and_table(self, run, folder, question, column, expected):
        ended = run(*question, "--graph", folder, "--json")
        assert ended.code == 0
        assert [row[column] for row in json.loads(ended.out)] == expected
        ended = run(*question, "--graph", folder)
        assert ended.code == 0
        assert all(value in ended.out for value in expected)
        assert len(ended.lines) == (0 if expected else 1)

    def test_undecided(self, run, folder):
        ended = run("undecided-on", "the fisheries treaty", "--graph", folder)
        assert (ended.code, ended.out, ended.lines) == (0, "", ["stancegraph: nobody is undecided on the fisheries treaty"])

    @pytest.mark.parametrize(
        "question",
        [
            ["allies", "Zaphod Beeblebrox"],
            ["history", "--since", "soon"],
            ["shifts", "--since", "2024", "--until", "2023"],
            ["positions", "--source", "nobody's paper"],
        ],
    )
    def test_what_makes_no_sense_is_said_in_one_line(self, run, folder, question):
        ended = run(*question, "--graph", folder)
        assert (ended.code, ended.out, len(ended.lines)) == (2, "", 1)


class TestPositions:
    @pytest.mark.parametrize(
        ("options", "expected"),
        [
            ([], 9),
            (["--actor", "Jane Roe"], 6),
            (["--actor", "john doe"], 2),
            (["--outcome", "the fisheries treaty"], 8),
            (["--stance", "mixed"], 1),
            (["--stance", "undecided"], 0),
            (["--actor", "John Doe", "--outcome", "the fisheries treaty", "--stance", "opposes"], 1),
        ],
    )
    def test_filters(self, run, folder, options, expected):
        ended = run("positions", "--graph", folder, "--json", *options)
        assert ended.code == 0
        assert len(json.loads(ended.out)) == expected

    def test_table(self, run, folder, monkeypatch):
        monkeypatch.setenv("COLUMNS", "200")
        ended = run("positions", "--graph", folder / "graph.duckdb", "--stance", "mixed")
        words = " ".join(ended.out.split())
        for expected in (
            "Ann Lee",
            "mixed",
            "fisheries treaty",
            "“Only with changes, she said.”",
            "news/1",
            "2023-07-11",
        ):
            assert expected in words

    def test_none(self, run, folder):
        ended = run("positions", "--graph", folder, "--stance", "undecided")
        assert (ended.code, ended.out, ended.lines) == (0, "", ["stancegraph: no such positions"])

    def test_an_actor_that_is_not_there(self, run, folder):
        ended = run("positions", "--graph", folder, "--actor", "Zaphod Beeblebrox")
        assert (ended.code, ended.out, len(ended.lines)) == (2, "", 1)

    @pytest.mark.parametrize("content", [None, "", "{", "[]", '{"format": "other"}', "\0"])
    def test_no_graph_there(self, run, tmp_path, content):
        if content is not None:
            (tmp_path / "graph.json").write_text(content)
        ended = run("positions", "--graph", tmp_path)
        assert (ended.code, ended.out) == (2, "")
        (line,) = ended.lines
        assert str(tmp_path) in line

    def test_the_reader_goes_away(self, folder):
        """As in `stancegraph positions … | head -1`."""
        for options in ([], ["--json"]):
            with process("positions", "--graph", folder, *options, stdout=subprocess.PIPE) as running:
                running.stdout.close()
                assert running.stderr.read() == b""
            assert running.returncode == 141

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is a full device on Linux only")
    def test_the_disk_is_full(self, folder):
        for options in ([], ["--json"]):
            with (
                Path("/dev/full").open("wb") as full,
                process("positions", "--graph", folder, *options, stdout=full) as running,
            ):
                assert running.stderr.read() == b"stancegraph: No space left on device\n"
            assert running.returncode == 2

    def test_output_is_closed(self, folder):
        command = f'{sys.executable} -c "from stancegraph.cli import main; main()" positions --graph "$GRAPH" >&-'
        environment = {**os.environ, "GRAPH": str(folder)}
        ended = subprocess.run(command, shell=True, stderr=subprocess.PIPE, env=environment)
        assert (ended.returncode, ended.stderr) == (0, b"")

    def test_a_terminal_that_lacks_letters(self, folder):
        environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
        with process("positions", "--graph", folder, stdout=subprocess.PIPE, env=environment) as running:
            output, errors = running.communicate()
        assert (running.returncode, errors) == (0, b"")
        assert rb"\u201cTax it.\u201d" in output


# ---- In from elsewhere, and out again ----


CODED = """actor,outcome,stance,evidence,document
Ann Lee,coal,supports,Coal is good,a
Bob,coal,opposes,Never,a
Cy,coal,perhaps,Well,a
"""


def test_a_table_comes_in_and_goes_out_to_dna_and_back(run, tmp_path):
    (tmp_path / "coded.csv").write_text(CODED, encoding="utf-8")
    ended = run("import-table", tmp_path / "coded.csv", "--out", tmp_path / "coded")
    assert ended.code == 1
    assert "coded.csv" in ended.lines[0]
    assert "perhaps" in ended.lines[0]
    assert {path.name for path in (tmp_path / "coded").iterdir()} == OUTPUTS
    assert run("export", "--format", "dna", "--graph", tmp_path / "coded", "--out", tmp_path / "x.dna").code == 0
    assert run("import-dna", tmp_path / "x.dna", "--out", tmp_path / "back").code == 0
    for name in ("coded", "back"):
        StanceGraph.load(tmp_path / name).save(tmp_path / f"{name}.json")
    assert (tmp_path / "back.json").read_bytes() == (tmp_path / "coded.json").read_bytes()


@pytest.mark.parametrize("form", ["gexf", "graphml", "json", "table", "matrix"])
def test_a_graph_goes_out_in_every_format(form, run, tmp_path):
    (tmp_path / "coded.csv").write_text(CODED, encoding="utf-8")
    run("import-table", tmp_path / "coded.csv", "--out", tmp_path / "coded")
    file = tmp_path / f"file.{form}"
    assert run("export", "-f", form, "--graph", tmp_path / "coded", "--out", file).code == 0
    text = file.read_text(encoding="utf-8-sig")
    assert "Ann Lee" in text
    if form == "matrix":
        assert text.splitlines() == ["actor,coal", "Ann Lee,1", "Bob,1"]


def test_a_file_that_is_no_database_is_refused(run, tmp_path):
    (tmp_path / "x.dna").write_text("no database", encoding="utf-8")
    ended = run("import-dna", tmp_path / "x.dna", "--out", tmp_path / "out")
    assert ended.code == 2
    assert "x.dna" in ended.err
    assert not (tmp_path / "out").exists()
