"""The command line: a thin skin over the library.

Exit codes: 0 all is well; 1 some inputs were skipped, the rest was read; 2 wrong usage, or nothing could be
done; 130 interrupted; 141 whoever was reading the output has gone.
"""

from __future__ import annotations

import errno
import io
import json
import os
import signal
import sys
import tempfile
import threading
import warnings
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from multiprocessing import active_children, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from stancegraph import __version__
from stancegraph.cli._asking import COMMANDS as ASKING
from stancegraph.cli._asking import GraphFolder, Json, loaded
from stancegraph.cli._correcting import COMMANDS as CORRECTING
from stancegraph.cli._correcting import corrections_in, table_in, tell_of_corrections
from stancegraph.cli._showing import (
    FAILED,
    SKIPPED,
    Output,
    Quiet,
    cell,
    counted,
    fail,
    new_table,
    print_json,
    say,
    stance_cell,
    write_line,
)
from stancegraph.cli._writing import OUTPUTS, replace_outputs, write_outputs
from stancegraph.models import LEAST_SIMILARITY, Stance

# The rooms behind the commands are imported by the commands: help and usage errors wait for no model.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.progress import Progress, TaskID
    from spacy.language import Language

    from stancegraph.graph import StanceGraph
    from stancegraph.imports import Imported
    from stancegraph.models import Document, ListedOutcome, Position

    Results = Iterable[tuple[Document, tuple[Position, ...]]]

_INTERRUPTED, _READER_GONE = 130, 141

_Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Files (.txt, .md, .html, .jsonl, .json), folders, or - for standard input.",
        show_default=False,
    ),
]
_Workers = Annotated[int, typer.Option("--workers", "-w", min=1, help="Processes that read side by side.")]


class _Commands(TyperGroup):
    """The commands, and the ways in which all of them end."""

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401 - as in the class above
        try:
            try:
                return super().invoke(ctx)
            finally:
                sys.stdout.flush()
        except BrokenPipeError:
            _close_output()
            _break_off(_READER_GONE)
        except KeyboardInterrupt:
            _break_off(_INTERRUPTED, "interrupted")
        except OSError as error:
            _close_output()
            parts = (error.filename, error.strerror or error)
            _break_off(FAILED, ": ".join(str(part) for part in parts if part))


app = typer.Typer(
    cls=_Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Who holds what position on what outcome: a graph read from news and statements.",
    epilog="Exit codes: 0 all is well, 1 some inputs were skipped, 2 wrong usage or nothing could be done.",
)


def main() -> None:
    """Run the command line."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # closed by whoever started this
            setattr(sys, name, Path(os.devnull).open("w", encoding="utf-8"))  # noqa: SIM115
        stream = getattr(sys, name)
        if isinstance(stream, io.TextIOWrapper):
            # A terminal that lacks a letter is no reason to end.
            stream.reconfigure(errors="backslashreplace")
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:  # and not ignored, as under nohup
        signal.signal(signal.SIGINT, _interrupt)
    app(prog_name="stancegraph")


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stancegraph {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit."),
    ] = False,
) -> None:
    """Take the options that come before a command."""


@app.command()
def build(
    inputs: _Inputs,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the graph.", show_default=False)],
    outcomes: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML list of outcomes to assign positions to.", show_default=False),
    ] = None,
    only_listed: Annotated[bool, typer.Option("--only-listed", help="Keep only what is on the listed outcomes.")] = False,
    least_similarity: Annotated[
        float, typer.Option(min=0.01, max=1, help="Similarity below which a target is on no listed outcome.")
    ] = LEAST_SIMILARITY,
    corrections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table of corrections to apply; else that in DIR.", show_default=False),
    ] = None,
    quiet: Quiet = False,
    workers: _Workers = 1,
) -> None:
    """Read documents and build the graph of who holds what position on what outcome.

    Writes graph.html (the page to explore), graph.graphml, graph.duckdb, positions.jsonl and positions.csv into
    DIR, and prints the most active actors and outcomes. Corrections that DIR holds, in corrections.csv or
    corrections.yaml, are applied again.
    """
    if only_listed and outcomes is None:
        fail("--only-listed needs a list of outcomes; give one as --outcomes FILE")
    with _reading(quiet) as reading:
        listed = _listed(outcomes) if outcomes else ()
        table = corrections or table_in(out)
        wanted = {
            "outcomes": listed,
            "only_listed": only_listed,
            "least_similarity": least_similarity,
            "corrections": corrections_in(table) if table else (),
        }
        documents = reading.documents(inputs, exclude=[out / name for name in OUTPUTS])
        out.mkdir(parents=True, exist_ok=True)
        # Written aside and moved in at the end: a run that breaks off leaves an earlier graph whole.
        with tempfile.TemporaryDirectory(prefix=".stancegraph-", dir=out) as aside:
            graph = _build(reading.results(documents, workers), Path(aside), wanted)
            for name in OUTPUTS:
                Path(aside, name).replace(out / name)
    if not quiet:
        _print_overview(graph)
        size = f"{counted(len(graph.actors()), 'actor')}, {counted(len(graph.outcomes()), 'outcome')}"
        reading.summarise(size, out / "graph.html")
    unapplied = tell_of_corrections(graph, table, quiet) if table else 0
    raise typer.Exit(SKIPPED if reading.skipped or unapplied else 0)


def _listed(file: Path) -> tuple[ListedOutcome, ...]:
    from stancegraph.graph import OutcomesFileError, listed_outcomes

    try:
        return listed_outcomes(file)
    except OutcomesFileError as error:
        fail(str(error))


def _build(results: Results, folder: Path, wanted: dict[str, Any]) -> StanceGraph:
    from stancegraph.graph import SkippedCorrection, assemble

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkippedCorrection)  # told of at the end
        graph = assemble(results, **wanted)
    write_outputs(graph, folder)
    return graph


@app.command()
def extract(
    inputs: _Inputs,
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="File to write, or - for standard output.")] = "-",
    quiet: Quiet = False,
    workers: _Workers = 1,
) -> None:
    """Read documents and write their positions, one line of JSON a document.

    Spans are character offsets into the text of the document, end exclusive. A file is complete or not there.
    """
    with _reading(quiet or (out == "-" and sys.stdout.isatty())) as reading:
        from stancegraph.exports import extraction

        documents = reading.documents(inputs, exclude=[] if out == "-" else [out])
        with _lines_to(out) as write:
            for document, positions in reading.results(documents, workers):
                write(json.dumps(extraction(document, positions), ensure_ascii=False))
    if not quiet:
        reading.summarise()
    raise typer.Exit(SKIPPED if reading.skipped else 0)


_File = Annotated[Path, typer.Argument(metavar="FILE", help="The file to read.", show_default=False)]
_Out = Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Folder for the graph.", show_default=False)]


@app.command()
def import_dna(
    file: _File,
    out: _Out,
    statement_type: Annotated[
        str | None, typer.Option(help="Label of the statement type; else the first that fits.", show_default=False)
    ] = None,
    person: Annotated[str, typer.Option(help="Variable that holds persons; '' for none.")] = "person",
    organization: Annotated[str, typer.Option(help="Variable that holds organizations; '' for none.")] = "organization",
    concept: Annotated[str, typer.Option(help="Variable that holds what positions are about.")] = "concept",
    agreement: Annotated[str, typer.Option(help="Variable that says for or against.")] = "agreement",
    stance: Annotated[
        list[str] | None,
        typer.Option(
            metavar="VALUE=STANCE", help="What a value of agreement means; repeat it for each.", show_default=False
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Build the graph of what people coded in Discourse Network Analyzer 3."""
    from stancegraph.imports import DnaFileError, read_dna

    stances = {value: meant for value, _, meant in (pair.rpartition("=") for pair in stance or ())} or None
    try:
        imported = read_dna(
            file,
            statement_type=statement_type,
            person=person,
            organization=organization,
            concept=concept,
            agreement=agreement,
            stances=stances,
        )
    except DnaFileError as error:
        fail(str(error))
    except ValueError as error:
        fail(f"--stance: {error}, as in --stance 1=supports")
    _finish_import(imported, out, quiet)


@app.command()
def import_table(
    file: _File,
    out: _Out,
    mapping: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="YAML that says which column holds which field.", show_default=False),
    ] = None,
    sheet: Annotated[str | None, typer.Option(help="Sheet of an Excel file; else the first.", show_default=False)] = None,
    quiet: Quiet = False,
) -> None:
    """Build the graph of statements that were coded elsewhere, one a row of a CSV or Excel table."""
    from stancegraph.imports import TableFileError, read_table

    try:
        imported = read_table(file, mapping, sheet=sheet)
    except TableFileError as error:
        fail(str(error))
    _finish_import(imported, out, quiet)


class _Format(str, Enum):
    DNA = "dna"
    GEXF = "gexf"
    GRAPHML = "graphml"
    JSON = "json"
    TABLE = "table"
    MATRIX = "matrix"


@app.command()
def export(
    graph: GraphFolder,
    form: Annotated[_Format, typer.Option("--format", "-f", help="What to write.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="File to write.", show_default=False)],
    stance: Annotated[Stance | None, typer.Option(help="In a matrix, count only this stance.", show_default=False)] = None,
) -> None:
    """Write the graph for another program: Discourse Network Analyzer, Gephi, a spreadsheet, or as plain JSON."""
    from stancegraph.exports import write_dna, write_gexf, write_graphml, write_matrix, write_table

    if stance is not None and form is not _Format.MATRIX:
        fail("--stance goes with --format matrix only; leave it out")
    opened = loaded(graph)
    if form is _Format.MATRIX:
        write_matrix(opened, out, stance=stance)
    elif form is _Format.JSON:
        if out.suffix != ".json":
            fail(f"{out}: a graph as JSON needs a name that ends in .json")
        opened.save(out)
    else:
        writers = {"dna": write_dna, "gexf": write_gexf, "graphml": write_graphml, "table": write_table}
        writers[form.value](opened, out)


def _finish_import(imported: Imported, out: Path, quiet: bool) -> NoReturn:
    """Write the graph of an import as `build` does, and name what was skipped."""
    for one in imported.skipped:
        say(str(one))
    graph = imported.graph
    if not graph.placed:
        fail("no statement could be read; nothing was written")
    out.mkdir(parents=True, exist_ok=True)
    replace_outputs(graph, out)
    if not quiet:
        _print_overview(graph)
        parts = (
            counted(len(graph.placed), "position"),
            counted(len(graph.actors()), "actor"),
            counted(len(graph.outcomes()), "outcome"),
            *([f"{counted(len(imported.skipped), 'row')} skipped"] if imported.skipped else []),
        )
        say(f"{', '.join(parts)}; see {out / 'graph.html'}")
    raise typer.Exit(SKIPPED if imported.skipped else 0)


@app.command()
def evaluate(
    data: Annotated[Path, typer.Option(metavar="DIR", help="Folder that holds gold/ and data/.", show_default=False)],
    only: Annotated[
        list[str] | None, typer.Option("--set", help="Only this set; may be repeated.", show_default=False)
    ] = None,
    pipeline: Annotated[
        Path | None,
        typer.Option(metavar="DIR", help="Another saved pipeline than the shipped one.", show_default=False),
    ] = None,
    as_json: Json = False,
    workers: _Workers = 1,
) -> None:
    """Score the shipped pipeline on the development sets and print every figure.

    Figures of which something is demanded stand beside what they must reach and what they should reach; those that
    fall short are marked. Figures that others have published stand in a table of their own.
    """
    from stancegraph.evaluation import SETS, report

    unknown = [name for name in only or () if name not in SETS]
    if unknown:
        fail(f"no set is called {unknown[0]!r}; there are {', '.join(SETS)}")
    chosen = only or [name for name, path in SETS.items() if (data / path).exists()]
    if not chosen:
        fail(f"{data}: no development set there; --data must name the folder that holds gold/ and data/")
    found = report(data, chosen, nlp=_pipeline(pipeline), workers=workers)
    if as_json:
        print_json(found)
        return
    output = Output()
    output.print(_figures(found["figures"]))
    if found["published"]:
        output.print(_published(found["published"]))


def _pipeline(path: Path | None) -> Language | None:
    if path is None:
        return None
    import spacy

    try:
        return spacy.load(path)
    except (OSError, ValueError) as error:
        fail(f"{path}: not a saved pipeline ({error})")


def _figures(figures: dict[str, Any]) -> Table:
    from stancegraph.evaluation import rows

    table = new_table("Set", "Figure", "Value", "At least", "Aim", "")
    before = None
    for row in rows(figures):
        if row.set != before:
            table.add_section()
        name, before = ("" if row.set == before else row.set), row.set
        mark = Text("below", style="bold red") if row.below else Text()
        table.add_row(name, row.figure, _figure(row.value), _figure(row.at_least), _figure(row.aim), mark)
    return table


def _published(published: list[dict[str, Any]]) -> Table:
    title = "Published by others, not measured here; the figure of ours that comes nearest is beside each"
    table = new_table(
        "System", "Corpus and protocol", "Figure", "Published", "Ours", "Our set and figure", "Reference", title=title
    )
    for row in published:
        ours = row["ours"]
        table.add_row(
            row["system"],
            row["corpus and protocol"],
            row["figure"],
            _figure(row["value"]),
            _figure(ours["value"]),
            f"{ours['set']} · {ours['figure']}",
            row["reference"],
        )
    return table


def _figure(value: float | str | None) -> Text:
    return Text(f"{value:.4f}" if isinstance(value, float) else "" if value is None else str(value))


# Reading


@dataclass
class _Reading:
    """One reading of inputs: what it has met so far, and where it says so."""

    progress: Progress
    task: TaskID
    found: Counter[str] = field(default_factory=Counter)

    @property
    def skipped(self) -> int:
        """How many inputs gave no document."""
        return self.found["skipped"]

    def documents(self, inputs: Sequence[str], exclude: Sequence[str | Path]) -> Iterator[Document]:
        """Return the documents of the inputs; if there is none, end the run before a model is loaded."""
        documents = self._documents(inputs, exclude)
        first = next(documents, None)
        if first is None:
            fail("nothing to read: no input gave a document")
        return chain([first], documents)

    def _documents(self, inputs: Sequence[str], exclude: Sequence[str | Path]) -> Iterator[Document]:
        from stancegraph.documents import Skipped, read_documents

        for item in read_documents(inputs, exclude=exclude):
            if isinstance(item, Skipped):
                self.found["skipped"] += 1
                self.progress.console.print(Text(str(item)), soft_wrap=True)
            else:
                yield item

    def results(self, documents: Iterator[Document], workers: int) -> Results:
        """Read the documents, showing how far it has come."""
        from stancegraph.pipeline import read

        reader = read(documents, workers=workers)
        try:
            for document, found in reader:
                self.found["documents"] += 1
                self.found["positions"] += sum(position.stance is not Stance.NONE for position in found)
                self.progress.update(self.task, description=self._so_far())
                yield document, found
        finally:
            _stop_workers()  # before `reader` is let go, which would wait for results that nobody takes

    def _so_far(self) -> str:
        return f"{counted(self.found['documents'], 'document')}, {counted(self.found['positions'], 'position')}"

    def summarise(self, more: str = "", written: Path | None = None) -> None:
        """Say in one line what came of it all."""
        parts = [self._so_far(), more, f"{counted(self.skipped, 'input')} skipped" if self.skipped else ""]
        where = f"; see {written}" if written else ""
        say(", ".join(part for part in parts if part) + where)


@contextmanager
def _reading(quiet: bool) -> Iterator[_Reading]:
    """Show progress on standard error, if a person is there to see it."""
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    console = Console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), TimeElapsedColumn())
    hidden = quiet or not console.is_terminal
    with Progress(*columns, console=console, transient=True, disable=hidden) as progress:
        yield _Reading(progress, progress.add_task("loading", total=None))


@contextmanager
def _lines_to(out: str) -> Iterator[Callable[[str], None]]:
    """Give a function that writes lines to a file or, for `-`, to standard output.

    A regular file takes its name only when all is written. Pipes and devices are written to as they are.
    """
    path = Path(os.path.realpath(out))  # through a link, so that the link stays
    if out == "-":
        yield write_line
    elif path.exists() and not path.is_file():
        with path.open("w", encoding="utf-8", newline="\n") as file:
            yield lambda line: print(line, file=file, flush=True)
    else:
        if not path.parent.is_dir():
            raise FileNotFoundError(errno.ENOENT, "no such folder", str(Path(out).parent))
        aside = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            with aside.open("x", encoding="utf-8", newline="\n") as file:
                yield lambda line: print(line, file=file)
            aside.replace(path)
        finally:
            aside.unlink(missing_ok=True)


for _command in (*ASKING, *CORRECTING):
    app.command()(_command)


# Overview

# The most actors and outcomes in the overview, and the characters of one column of it.
_ROWS, _COLUMNS, _COLUMN_WIDTH = 20, 8, 16


def _print_overview(graph: StanceGraph) -> None:
    """Print who holds what on the outcomes most spoken of, as many as the terminal is wide for."""
    held = [(graph.actor_of(p).name, graph.outcome_of(p).label, p.stance) for p in graph.positions()]
    if not held:
        return
    output = Output()
    fitting = max(1, min(_COLUMNS, output.width // _COLUMN_WIDTH - 1))
    outcomes = _most_frequent((outcome for _, outcome, _ in held), fitting)
    actors = _most_frequent((actor for actor, outcome, _ in held if outcome in outcomes), _ROWS)
    count = Counter(held)
    table = new_table("Actor", *outcomes)
    for actor in actors:
        cells = ([stance_cell(s, n) for s in Stance if (n := count[actor, outcome, s])] for outcome in outcomes)
        table.add_row(cell(actor), *(Text("\n").join(column) for column in cells))
    output.print(table)
    more_actors = len({actor for actor, _, _ in held}) - len(actors)
    more_outcomes = len({outcome for _, outcome, _ in held}) - len(outcomes)
    if more_actors or more_outcomes:
        more = f"{counted(more_actors, 'more actor')} and {counted(more_outcomes, 'more outcome')}"
        output.print(f"Not shown: {more}. All are in positions.csv.", highlight=False)


def _most_frequent(names: Iterable[str], limit: int) -> list[str]:
    count = Counter(names)
    return sorted(count, key=lambda name: (-count[name], name))[:limit]


# Ending


def _break_off(code: int, message: str = "") -> NoReturn:
    """End the command in the midst of its work."""
    if message:
        say(f"stancegraph: {message}")
    _stop_workers()
    if any(thread.name == "QueueFeederThread" for thread in threading.enumerate()):
        sys.stderr.flush()
        os._exit(code)  # an orderly end would wait until the workers, which are no more, had been sent all
    raise typer.Exit(code)


def _interrupt(*_: object) -> None:
    """Stop the workers before anything waits for them."""
    if parent_process() is not None:  # a worker, which has nothing to say
        os._exit(_INTERRUPTED)
    _stop_workers()
    raise KeyboardInterrupt


def _stop_workers() -> None:
    for worker in active_children():
        warnings.simplefilter("ignore")  # that a worker ended too soon
        worker.kill()


def _close_output() -> None:
    """Send what is still unwritten nowhere: at its end Python would stumble over it once more."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
