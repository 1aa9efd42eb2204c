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
from collections import Counter, defaultdict
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from enum import Enum
from itertools import chain
from multiprocessing import active_children, parent_process
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer.core import TyperGroup

from stancegraph import __version__
from stancegraph.models import LEAST_SIMILARITY, Stance
from stancegraph.terminal import plain as _plain

# The rooms behind the commands are imported by the commands: help and usage errors wait for no model.
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rich.progress import Progress, TaskID
    from spacy.language import Language

    from stancegraph.corrections import ReadCorrections
    from stancegraph.graph import StanceGraph
    from stancegraph.imports import Imported
    from stancegraph.models import Actor, Document, ListedOutcome, Position

    Results = Iterable[tuple[Document, tuple[Position, ...]]]

_SKIPPED, _FAILED, _INTERRUPTED, _READER_GONE = 1, 2, 130, 141

_OUTPUTS = ("graph.html", "graph.graphml", "graph.json", "positions.jsonl", "positions.csv")

_Inputs = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT",
        help="Files (.txt, .md, .html, .jsonl, .json), folders, or - for standard input.",
        show_default=False,
    ),
]
_Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what went wrong.")]
_Workers = Annotated[int, typer.Option("--workers", "-w", min=1, help="Processes that read side by side.")]
_GraphFolder = Annotated[
    Path, typer.Option("--graph", "-g", metavar="DIR", help="Folder that build wrote.", show_default=False)
]
_Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]
_Outcome = Annotated[str, typer.Argument(help="The outcome, in your own words.", show_default=False)]


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
            _break_off(_FAILED, ": ".join(str(part) for part in parts if part))


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
    quiet: _Quiet = False,
    workers: _Workers = 1,
) -> None:
    """Read documents and build the graph of who holds what position on what outcome.

    Writes graph.html (the page to explore), graph.graphml, graph.json, positions.jsonl and positions.csv into
    DIR, and prints the most active actors and outcomes. Corrections that DIR holds, in corrections.csv or
    corrections.yaml, are applied again.
    """
    if only_listed and outcomes is None:
        _fail("--only-listed needs a list of outcomes; give one as --outcomes FILE")
    with _reading(quiet) as reading:
        listed = _listed(outcomes) if outcomes else ()
        table = corrections or _table_in(out)
        wanted = {
            "outcomes": listed,
            "only_listed": only_listed,
            "least_similarity": least_similarity,
            "corrections": _corrections(table) if table else (),
        }
        documents = reading.documents(inputs, exclude=[out / name for name in _OUTPUTS])
        out.mkdir(parents=True, exist_ok=True)
        # Written aside and moved in at the end: a run that breaks off leaves an earlier graph whole.
        with tempfile.TemporaryDirectory(prefix=".stancegraph-", dir=out) as aside:
            graph = _build(reading.results(documents, workers), Path(aside), wanted)
            for name in _OUTPUTS:
                Path(aside, name).replace(out / name)
    if not quiet:
        _print_overview(graph)
        size = f"{_number(len(graph.actors()), 'actor')}, {_number(len(graph.outcomes()), 'outcome')}"
        reading.summarise(size, out / "graph.html")
    unapplied = _tell_of_corrections(graph, table, quiet) if table else 0
    raise typer.Exit(_SKIPPED if reading.skipped or unapplied else 0)


def _listed(file: Path) -> tuple[ListedOutcome, ...]:
    from stancegraph.graph import OutcomesFileError, listed_outcomes

    try:
        return listed_outcomes(file)
    except OutcomesFileError as error:
        _fail(str(error))


def _build(results: Results, folder: Path, wanted: dict[str, Any]) -> StanceGraph:
    from stancegraph.graph import SkippedCorrection, assemble

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkippedCorrection)  # told of at the end
        graph = assemble(results, **wanted)
    _write_outputs(graph, folder)
    return graph


def _write_outputs(graph: StanceGraph, folder: Path) -> None:
    from stancegraph.exports import write_graphml, write_positions_csv, write_positions_jsonl

    graph.save(folder)
    graph.to_html(folder / "graph.html")
    write_graphml(graph, folder / "graph.graphml")
    write_positions_jsonl(graph, folder / "positions.jsonl")
    write_positions_csv(graph, folder / "positions.csv")


def _replace_outputs(graph: StanceGraph, folder: Path) -> None:
    """Write the outputs of a graph aside and move them in."""
    with tempfile.TemporaryDirectory(prefix=".stancegraph-", dir=folder) as aside:
        _write_outputs(graph, Path(aside))
        for name in _OUTPUTS:
            Path(aside, name).replace(folder / name)


def _table_in(folder: Path) -> Path | None:
    """Return the table of corrections that a folder holds."""
    from stancegraph.corrections.table import NAMES

    found = [folder / name for name in NAMES if (folder / name).exists()]
    if len(found) > 1:
        _fail(f"{found[0]} and {found[1].name} hold corrections both; keep one, or name one with --corrections FILE")
    return found[0] if found else None


def _corrections(table: Path) -> ReadCorrections:
    from stancegraph.corrections import CorrectionsFileError, read_corrections

    try:
        return read_corrections(table)
    except CorrectionsFileError as error:
        _fail(str(error))


def _tell_of_corrections(graph: StanceGraph, table: Path, quiet: bool) -> int:
    """Name the corrections that could not be applied, and say how many were; return the number of the former."""
    skipped = {str(one): one.where for one in graph.revision.skipped} if graph.revision else {}
    for problem in skipped:
        typer.echo(_plain(problem), err=True)
    if not quiet:
        rows = graph.revision.corrections if graph.revision else ()
        applied = sum(row.where not in skipped.values() for row in rows)
        rest = f", {len(set(skipped.values()))} skipped" if skipped else ""
        typer.echo(_plain(f"applied {_number(applied, 'correction')} of {table}{rest}"), err=True)
    return len(skipped)


@app.command()
def extract(
    inputs: _Inputs,
    out: Annotated[str, typer.Option("--out", "-o", metavar="FILE", help="File to write, or - for standard output.")] = "-",
    quiet: _Quiet = False,
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
    raise typer.Exit(_SKIPPED if reading.skipped else 0)


@app.command()
def who_supports(outcome: _Outcome, graph: _GraphFolder, as_json: _Json = False) -> None:
    """Print who supports an outcome, and the words that prove it."""
    _print_side(graph, outcome, Stance.SUPPORTS, as_json)


@app.command()
def who_opposes(outcome: _Outcome, graph: _GraphFolder, as_json: _Json = False) -> None:
    """Print who opposes an outcome, and the words that prove it."""
    _print_side(graph, outcome, Stance.OPPOSES, as_json)


@app.command()
def positions(
    graph: _GraphFolder,
    actor: Annotated[str | None, typer.Option(help="Only those of this actor.", show_default=False)] = None,
    outcome: Annotated[str | None, typer.Option(help="Only those on this outcome.", show_default=False)] = None,
    stance: Annotated[Stance | None, typer.Option(help="Only those of this stance.", show_default=False)] = None,
    as_json: _Json = False,
) -> None:
    """Print positions with the words that prove them."""
    loaded = _loaded(graph)
    with _answering():
        found = loaded.positions(actor=actor, outcome=outcome, stance=stance)
    if as_json:
        _print_json([_record(loaded, position) for position in found])
    elif not found:
        typer.echo("stancegraph: no such positions", err=True)
    else:
        table = _table("Actor", "Stance", "Outcome", *_PROOF)
        for position in found:
            actor_name, label = loaded.actor_of(position).name, _label(loaded, position)
            if position.similarity is not None:
                label = f"{label} ({position.similarity:.2f})"
            table.add_row(_text(actor_name), _stance(position.stance), _text(label), *_proof(position))
        _Output().print(table)


_Reviewed = Annotated[Path, typer.Argument(metavar="DIR", help="Folder that build wrote.", show_default=False)]


@app.command()
def review(
    folder: _Reviewed,
    actor: Annotated[str | None, typer.Option(help="Only positions of this actor.", show_default=False)] = None,
    outcome: Annotated[str | None, typer.Option(help="Only positions on this outcome.", show_default=False)] = None,
    least_certain: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Only the N least certain of these.", show_default=False)
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="Those that are decided already as well.")] = False,
    by: Annotated[str, typer.Option(metavar="NAME", help="Who decides.", show_default=False)] = "",
    file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table to write, .csv or .yaml; else corrections.csv in DIR.", show_default=False),
    ] = None,
    apply: Annotated[bool, typer.Option("--apply", help="At the end, write DIR anew with the corrections.")] = False,
) -> None:
    """Walk through the least certain positions and write down what you decide.

    Each decision is saved at once to a table of corrections; whenever you stop, the next walk goes on from there.
    DIR itself changes only with --apply, with `stancegraph correct`, or when it is built anew.
    """
    from stancegraph.corrections import CorrectionsFileError
    from stancegraph.review import Filters, Walk, walk

    graph = _loaded(folder)
    table = file or _table_in(folder) or _table_behind(graph) or folder / "corrections.csv"
    own = _corrections(table).corrections if table.exists() else ()
    others = tuple(row for row in graph.revision.corrections if row not in own) if graph.revision and file else ()
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    console = _Output()
    reviewing = Walk(graph, table, console, _read_key, _read_line, by, others)
    try:
        with _answering():
            walk(reviewing, Filters(actor, outcome, everything), least_certain)
    except CorrectionsFileError as error:
        _fail(str(error))
    finally:
        if reviewing.decided > 0:
            typer.echo(_plain(f"{_number(reviewing.decided, 'decision')} in {table}"), err=True)
    if apply:
        raise typer.Exit(_rewrite(reviewing.graph, folder, table))
    if reviewing.decided > 0:
        more = "" if _table_in(folder) == table else f" --corrections {table}"
        typer.echo(_plain(f"{folder} is as it was; to apply them: stancegraph correct {folder}{more}"), err=True)


def _table_behind(graph: StanceGraph) -> Path | None:
    """Return the table that the corrections of a graph were read from."""
    rows = graph.revision.corrections if graph.revision else ()
    tables = {Path(row.where.rpartition(":")[0]) for row in rows if row.where}
    return next(iter(tables)) if len(tables) == 1 and all(table.is_file() for table in tables) else None


def _read_key() -> str:
    """Return the next key that is pressed, or where nobody sits at a keyboard the next line."""
    if not sys.stdin.isatty():
        return _read_line()
    key = typer.getchar()
    typer.echo(key if key.isprintable() else "")
    if key in ("\x04", "\x1a"):
        raise EOFError
    return key


def _read_line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line.rstrip("\r\n")


@app.command()
def correct(
    folder: _Reviewed,
    corrections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table of corrections to apply; else that in DIR.", show_default=False),
    ] = None,
    quiet: _Quiet = False,
) -> None:
    """Apply a table of corrections to what was read, and write DIR anew; no text is read again.

    Corrections that were applied before are taken away first, so that a table that is empty by now undoes them.
    """
    graph = _loaded(folder)
    table = corrections or _table_in(folder) or _table_behind(graph)
    if table is None:
        _fail(f"{folder}: holds no corrections.csv or corrections.yaml; name a table with --corrections FILE")
    from stancegraph.graph import SkippedCorrection

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkippedCorrection)
        corrected = graph.with_corrections(_corrections(table))
    raise typer.Exit(_rewrite(corrected, folder, table, quiet))


def _rewrite(graph: StanceGraph, folder: Path, table: Path, quiet: bool = False) -> int:
    """Write the outputs of a folder anew; return the exit code."""
    _replace_outputs(graph, folder)
    unapplied = _tell_of_corrections(graph, table, quiet)
    return _SKIPPED if unapplied else 0


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
    quiet: _Quiet = False,
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
        _fail(str(error))
    except ValueError as error:
        _fail(f"--stance: {error}, as in --stance 1=supports")
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
    quiet: _Quiet = False,
) -> None:
    """Build the graph of statements that were coded elsewhere, one a row of a CSV or Excel table."""
    from stancegraph.imports import TableFileError, read_table

    try:
        imported = read_table(file, mapping, sheet=sheet)
    except TableFileError as error:
        _fail(str(error))
    _finish_import(imported, out, quiet)


class _Format(str, Enum):
    DNA = "dna"
    GEXF = "gexf"
    GRAPHML = "graphml"
    TABLE = "table"
    MATRIX = "matrix"


@app.command()
def export(
    graph: _GraphFolder,
    form: Annotated[_Format, typer.Option("--format", "-f", help="What to write.", show_default=False)],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="FILE", help="File to write.", show_default=False)],
    stance: Annotated[Stance | None, typer.Option(help="In a matrix, count only this stance.", show_default=False)] = None,
) -> None:
    """Write the graph for another program: Discourse Network Analyzer, Gephi or a spreadsheet."""
    from stancegraph.exports import write_dna, write_gexf, write_graphml, write_matrix, write_table

    if stance is not None and form is not _Format.MATRIX:
        _fail("--stance goes with --format matrix only; leave it out")
    loaded = _loaded(graph)
    if form is _Format.MATRIX:
        write_matrix(loaded, out, stance=stance)
    else:
        writers = {"dna": write_dna, "gexf": write_gexf, "graphml": write_graphml, "table": write_table}
        writers[form.value](loaded, out)


def _finish_import(imported: Imported, out: Path, quiet: bool) -> NoReturn:
    """Write the graph of an import as `build` does, and name what was skipped."""
    for one in imported.skipped:
        typer.echo(_plain(str(one)), err=True)
    graph = imported.graph
    if not graph.placed:
        _fail("no statement could be read; nothing was written")
    out.mkdir(parents=True, exist_ok=True)
    _replace_outputs(graph, out)
    if not quiet:
        _print_overview(graph)
        parts = (
            _number(len(graph.placed), "position"),
            _number(len(graph.actors()), "actor"),
            _number(len(graph.outcomes()), "outcome"),
            *([f"{_number(len(imported.skipped), 'row')} skipped"] if imported.skipped else []),
        )
        typer.echo(_plain(f"{', '.join(parts)}; see {out / 'graph.html'}"), err=True)
    raise typer.Exit(_SKIPPED if imported.skipped else 0)


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
    as_json: _Json = False,
    workers: _Workers = 1,
) -> None:
    """Score the shipped pipeline on the development sets and print every figure.

    Figures of which something is demanded stand beside what they must reach and what they should reach; those that
    fall short are marked. Figures that others have published stand in a table of their own.
    """
    from stancegraph.evaluation import SETS, report

    unknown = [name for name in only or () if name not in SETS]
    if unknown:
        _fail(f"no set is called {unknown[0]!r}; there are {', '.join(SETS)}")
    chosen = only or [name for name, path in SETS.items() if (data / path).exists()]
    if not chosen:
        _fail(f"{data}: no development set there; --data must name the folder that holds gold/ and data/")
    found = report(data, chosen, nlp=_pipeline(pipeline), workers=workers)
    if as_json:
        _print_json(found)
        return
    output = _Output()
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
        _fail(f"{path}: not a saved pipeline ({error})")


def _figures(figures: dict[str, Any]) -> Table:
    from stancegraph.evaluation import rows

    table = _table("Set", "Figure", "Value", "At least", "Aim", "")
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
    table = _table(
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
            _fail("nothing to read: no input gave a document")
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
        return f"{_number(self.found['documents'], 'document')}, {_number(self.found['positions'], 'position')}"

    def summarise(self, more: str = "", written: Path | None = None) -> None:
        """Say in one line what came of it all."""
        parts = [self._so_far(), more, f"{_number(self.skipped, 'input')} skipped" if self.skipped else ""]
        where = f"; see {written}" if written else ""
        typer.echo(_plain(", ".join(part for part in parts if part) + where), err=True)


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
        yield _write_line
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


# Asking


def _loaded(folder: Path) -> StanceGraph:
    from stancegraph.graph import GraphFileError, StanceGraph

    try:
        return StanceGraph.load(folder)
    except GraphFileError as error:
        _fail(str(error))


@contextmanager
def _answering() -> Iterator[None]:
    """Let a name that a graph does not know, or that may mean several things, end the command."""
    from stancegraph.graph import AmbiguousName, UnknownName

    try:
        yield
    except (AmbiguousName, UnknownName) as error:
        _fail(str(error))


def _print_side(folder: Path, name: str, stance: Stance, as_json: bool) -> None:
    """Print the actors of one side of an outcome with their positions."""
    graph = _loaded(folder)
    with _answering():
        outcome = graph.outcome(name)
    actors = graph.who_supports(outcome) if stance is Stance.SUPPORTS else graph.who_opposes(outcome)
    said: defaultdict[str, list[Position]] = defaultdict(list)
    for position in graph.positions(outcome=outcome, stance=stance):
        said[graph.actor_of(position).name].append(position)
    if as_json:
        _print_json(
            [
                actor.model_dump(mode="json") | {"positions": [_record(graph, p) for p in said[actor.name]]}
                for actor in actors
            ]
        )
    elif not actors:
        typer.echo(_plain(f"stancegraph: nobody {stance.value} {outcome.label}"), err=True)
    else:
        table = _table("Actor", *_PROOF, title=f"Who {stance.value}: {outcome.label}")
        for actor in actors:
            _add_quotes(table, actor, said[actor.name])
        _Output().print(table)


# Showing

_STYLES = {Stance.SUPPORTS: "green", Stance.OPPOSES: "red", Stance.MIXED: "yellow", Stance.UNDECIDED: "blue"}

# Columns of what proves a position.
_PROOF = ("Evidence", "Document")

# Of an actor with many positions on one outcome, so many are quoted.
_QUOTES = 3

# The most actors and outcomes in the overview, and the characters of one column of it.
_ROWS, _COLUMNS, _COLUMN_WIDTH = 20, 8, 16


class _Output(Console):
    """Standard output for tables."""

    def __init__(self) -> None:
        super().__init__()
        if not self.is_terminal and "COLUMNS" not in os.environ:
            self.width = 120  # in files and pipes, where 80 would leave quotes too narrow a column

    def on_broken_pipe(self) -> None:
        """Leave a reader that has gone to the end that all commands share."""
        raise  # the error that Rich is handling as it calls this


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _text(text: str) -> Text:
    """Return text of documents for a table: as it is, whatever markup it seems to hold."""
    return Text(_plain(text) or "(unknown)")


def _stance(stance: Stance, count: int = 1) -> Text:
    return Text(stance.value if count == 1 else f"{stance.value} ×{count}", style=_STYLES.get(stance, ""))


def _table(*columns: str, title: str = "") -> Table:
    """Return an empty table; where quotes are to stand, they get more room than names."""
    quotes = "Evidence" in columns
    table = Table(box=SIMPLE_HEAD, title=Text(_plain(title)) if title else None, title_justify="left", expand=quotes)
    for column in columns:
        share = (4 if column == "Evidence" else 2) if quotes and column != "Stance" else None
        table.add_column(Text(_plain(column)), overflow="fold", ratio=share)
    return table


def _proof(position: Position) -> tuple[Text, Text]:
    """Return the cells that prove a position: its words, and where and when they were said."""
    document = position.document
    place = Text("\n").join([_text(document.id), *([Text(document.date)] if document.date else [])])
    return Text(f"“{_plain(position.evidence_text)}”"), place


def _add_quotes(table: Table, actor: Actor, positions: Sequence[Position]) -> None:
    for number, position in enumerate(positions[:_QUOTES]):
        table.add_row(_text(actor.name) if number == 0 else "", *_proof(position))
    if len(positions) > _QUOTES:
        table.add_row("", f"… and {len(positions) - _QUOTES} more in: stancegraph positions")


def _label(graph: StanceGraph, position: Position) -> str:
    """Return the outcome's label; what is said without attitude has none."""
    return "" if position.stance is Stance.NONE else graph.outcome_of(position).label


def _record(graph: StanceGraph, position: Position) -> dict[str, object]:
    return {
        "id": None if position.stance is Stance.NONE else graph.id_of(position),
        "actor": graph.actor_of(position).name,
        "outcome": _label(graph, position),
        **position.model_dump(mode="json"),
    }


def _print_overview(graph: StanceGraph) -> None:
    """Print who holds what on the outcomes most spoken of, as many as the terminal is wide for."""
    held = [(graph.actor_of(p).name, graph.outcome_of(p).label, p.stance) for p in graph.positions()]
    if not held:
        return
    output = _Output()
    fitting = max(1, min(_COLUMNS, output.width // _COLUMN_WIDTH - 1))
    outcomes = _most_frequent((outcome for _, outcome, _ in held), fitting)
    actors = _most_frequent((actor for actor, outcome, _ in held if outcome in outcomes), _ROWS)
    count = Counter(held)
    table = _table("Actor", *outcomes)
    for actor in actors:
        cells = ([_stance(s, n) for s in Stance if (n := count[actor, outcome, s])] for outcome in outcomes)
        table.add_row(_text(actor), *(Text("\n").join(cell) for cell in cells))
    output.print(table)
    more_actors = len({actor for actor, _, _ in held}) - len(actors)
    more_outcomes = len({outcome for _, outcome, _ in held}) - len(outcomes)
    if more_actors or more_outcomes:
        more = f"{_number(more_actors, 'more actor')} and {_number(more_outcomes, 'more outcome')}"
        output.print(f"Not shown: {more}. All are in positions.csv.", highlight=False)


def _most_frequent(names: Iterable[str], limit: int) -> list[str]:
    count = Counter(names)
    return sorted(count, key=lambda name: (-count[name], name))[:limit]


def _print_json(content: object) -> None:
    _write_line(json.dumps(content, ensure_ascii=False, indent=2))


def _write_line(line: str) -> None:
    """Write to standard output in UTF-8 whatever the locale: what machines read has one encoding."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()


# Ending


def _fail(message: str) -> NoReturn:
    """End the command with one line on what went wrong."""
    typer.echo(_plain(f"stancegraph: {message}"), err=True)
    raise typer.Exit(_FAILED)


def _break_off(code: int, message: str = "") -> NoReturn:
    """End the command in the midst of its work."""
    if message:
        typer.echo(_plain(f"stancegraph: {message}"), err=True)
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
