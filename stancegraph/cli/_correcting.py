"""The commands by which a reviewer corrects what was read."""

from __future__ import annotations

import io
import sys
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stancegraph.cli._asking import answering, loaded
from stancegraph.cli._showing import SKIPPED, Output, Quiet, counted, fail, say
from stancegraph.cli._writing import replace_outputs

if TYPE_CHECKING:
    from stancegraph.corrections import ReadCorrections
    from stancegraph.graph import StanceGraph


def table_in(folder: Path) -> Path | None:
    """Return the table of corrections that a folder holds."""
    from stancegraph.corrections.table import NAMES

    found = [folder / name for name in NAMES if (folder / name).exists()]
    if len(found) > 1:
        fail(f"{found[0]} and {found[1].name} hold corrections both; keep one, or name one with --corrections FILE")
    return found[0] if found else None


def corrections_in(table: Path) -> ReadCorrections:
    from stancegraph.corrections import CorrectionsFileError, read_corrections

    try:
        return read_corrections(table)
    except CorrectionsFileError as error:
        fail(str(error))


def tell_of_corrections(graph: StanceGraph, table: Path, quiet: bool) -> int:
    """Name the corrections that could not be applied, and say how many were; return the number of the former."""
    skipped = {str(one): one.where for one in graph.revision.skipped} if graph.revision else {}
    for problem in skipped:
        say(problem)
    if not quiet:
        rows = graph.revision.corrections if graph.revision else ()
        applied = sum(row.where not in skipped.values() for row in rows)
        rest = f", {len(set(skipped.values()))} skipped" if skipped else ""
        say(f"applied {counted(applied, 'correction')} of {table}{rest}")
    return len(skipped)


_Reviewed = Annotated[Path, typer.Argument(metavar="DIR", help="Folder that build wrote.", show_default=False)]


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

    graph = loaded(folder)
    table = file or table_in(folder) or _table_behind(graph) or folder / "corrections.csv"
    own = corrections_in(table).corrections if table.exists() else ()
    others = tuple(row for row in graph.revision.corrections if row not in own) if graph.revision and file else ()
    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(errors="replace")
    console = Output()
    reviewing = Walk(graph, table, console, _read_key, _read_line, by, others)
    try:
        with answering():
            walk(reviewing, Filters(actor, outcome, everything), least_certain)
    except CorrectionsFileError as error:
        fail(str(error))
    finally:
        if reviewing.decided > 0:
            say(f"{counted(reviewing.decided, 'decision')} in {table}")
    if apply:
        raise typer.Exit(_rewrite(reviewing.graph, folder, table))
    if reviewing.decided > 0:
        more = "" if table_in(folder) == table else f" --corrections {table}"
        say(f"{folder} is as it was; to apply them: stancegraph correct {folder}{more}")


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


def correct(
    folder: _Reviewed,
    corrections: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Table of corrections to apply; else that in DIR.", show_default=False),
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Apply a table of corrections to what was read, and write DIR anew; no text is read again.

    Corrections that were applied before are taken away first, so that a table that is empty by now undoes them.
    """
    graph = loaded(folder)
    table = corrections or table_in(folder) or _table_behind(graph)
    if table is None:
        fail(f"{folder}: holds no corrections.csv or corrections.yaml; name a table with --corrections FILE")
    from stancegraph.graph import SkippedCorrection

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkippedCorrection)
        corrected = graph.with_corrections(corrections_in(table))
    raise typer.Exit(_rewrite(corrected, folder, table, quiet))


def _rewrite(graph: StanceGraph, folder: Path, table: Path, quiet: bool = False) -> int:
    """Write the outputs of a folder anew; return the exit code."""
    replace_outputs(graph, folder)
    unapplied = tell_of_corrections(graph, table, quiet)
    return SKIPPED if unapplied else 0


COMMANDS = (review, correct)
