"""What the commands print, and how they say that they failed."""

from __future__ import annotations

import json
import os
import sys
from typing import Annotated, NoReturn

import typer
from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from stancegraph.models import Stance
from stancegraph.terminal import COLOURS, plain

SKIPPED, FAILED = 1, 2

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but what went wrong.")]


class Output(Console):
    """Standard output for tables."""

    def __init__(self) -> None:
        super().__init__()
        if not self.is_terminal and "COLUMNS" not in os.environ:
            self.width = 120  # in files and pipes, where 80 would leave quotes too narrow a column

    def on_broken_pipe(self) -> None:
        """Leave a reader that has gone to the end that all commands share."""
        raise  # the error that Rich is handling as it calls this


def counted(count: int, noun: str) -> str:
    """Return a number of things in words."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def cell(text: str) -> Text:
    """Return text of documents for a table: as it is, whatever markup it seems to hold."""
    return Text(plain(text) or "(unknown)")


def stance_cell(stance: Stance, count: int = 1) -> Text:
    """Return a stance in its colour."""
    return Text(stance.value if count == 1 else f"{stance.value} ×{count}", style=COLOURS.get(stance, ""))


def new_table(*columns: str, title: str = "") -> Table:
    """Return an empty table; where quotes are to stand, they get more room than names."""
    quotes = "Evidence" in columns
    table = Table(box=SIMPLE_HEAD, title=Text(plain(title)) if title else None, title_justify="left", expand=quotes)
    for column in columns:
        share = (4 if column == "Evidence" else 2) if quotes and column != "Stance" else None
        table.add_column(Text(plain(column)), overflow="fold", ratio=share)
    return table


def print_json(content: object) -> None:
    """Print a value as JSON."""
    write_line(json.dumps(content, ensure_ascii=False, indent=2))


def write_line(line: str) -> None:
    """Write to standard output in UTF-8 whatever the locale: what machines read has one encoding."""
    sys.stdout.buffer.write(f"{line}\n".encode())
    sys.stdout.buffer.flush()


def say(message: str) -> None:
    """Print a line on standard error."""
    typer.echo(plain(message), err=True)


def fail(message: str) -> NoReturn:
    """End the command with one line on what went wrong."""
    say(f"stancegraph: {message}")
    raise typer.Exit(FAILED)
