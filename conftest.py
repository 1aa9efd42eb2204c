"""Every example in the README and on the pages in docs/ is run as it stands; what it shows must be what comes out.

The examples of one page are run in its order, in one folder, which has the repository's `seeds` and `data` in it. Python is
run as in the interpreter. Of a `console` block every command is run, and its output compared if the block shows any; what a
page leaves out stands as `...`. A command must end with exit code 0 unless `echo $?` follows. A `code-block` with a caption
is a file of that name. Commands that would install something are only looked up.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml
from sybil import Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser
from sybil.parsers.myst.lexers import DirectiveLexer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sybil import Document, Example, Region

ROOT = Path(__file__).parent
WIDTH = "88"  # of a terminal; what a page has room for
_LOOSELY = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
_INSTALLERS = ("make", "pip", "git")


def enter(page: dict[str, Any]) -> None:
    """Go into a folder of the page's own."""
    folder = tempfile.mkdtemp(prefix="stancegraph-page-")
    for name in ("seeds", "data"):
        Path(folder, name).symlink_to(ROOT / name)
    page["_before"] = (Path.cwd(), folder, os.environ.get("COLUMNS"))
    os.chdir(folder)
    os.environ["COLUMNS"] = WIDTH


def leave(page: dict[str, Any]) -> None:
    """Go back, and leave nothing behind."""
    before, folder, columns = page["_before"]
    os.chdir(before)
    shutil.rmtree(folder)
    os.environ.pop("COLUMNS")
    if columns is not None:
        os.environ["COLUMNS"] = columns


def run_commands(example: Example) -> str | None:
    """Run the commands of a console block; say what differs."""
    code = 0
    for part in re.split(r"^\$ ", example.parsed, flags=re.MULTILINE)[1:]:
        command, _, shown = re.sub(r"\\\n", "", part).partition("\n")
        if command == "echo $?":
            written, code = f"{code}\n", 0
        elif code:
            return f"exit code {code} of the command before: $ {command}"
        else:
            written, code = _run(command)
        if shown.strip() and not doctest.OutputChecker().check_output(shown, written, _LOOSELY):
            return f"$ {command}\n{written}"
    return f"exit code {code}: {written}" if code else None


def _run(command: str) -> tuple[str, int]:
    """Return what a command writes, and its exit code."""
    words = shlex.split(command)
    if words[0] in _INSTALLERS:
        return "", _look_up(words)
    if words[0] == "stancegraph" and not {"|", ">"}.intersection(words):
        from typer.testing import CliRunner

        from stancegraph.cli import app

        done = CliRunner().invoke(app, words[1:])  # in this process, which has loaded the pipeline
        return done.output, done.exit_code
    paths = {"PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT)}
    done = subprocess.run(  # noqa: S602 - the commands are those of our own pages
        command,
        shell=True,
        env={**os.environ, **paths},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return done.stdout, done.returncode


def _look_up(words: list[str]) -> int:
    """Return 0 if there is the target that is to be made, or the extra that is to be installed."""
    if words[0] == "make":
        return int(not re.search(rf"^{words[1]}:", (ROOT / "Makefile").read_text(encoding="utf8"), re.MULTILINE))
    extras = {extra for word in words for extra in re.findall(r"[\w-]+", "".join(re.findall(r"\[(.*)\]", word)))}
    known = set(re.findall(r"^(\w+) = \[", (ROOT / "pyproject.toml").read_text(encoding="utf8"), re.MULTILINE))
    return int(not extras <= known)


def files(page: Document) -> Iterator[Region]:
    """Yield the blocks that are files."""
    for region in DirectiveLexer("code-block", arguments=".+")(page):
        region.parsed = (region.lexemes["options"]["caption"], region.lexemes["source"])
        region.evaluator = write_file
        yield region


def write_file(example: Example) -> None:
    """Write a block into the file that it is called."""
    name, text = example.parsed
    Path(name).write_text(text, encoding="utf8", newline="\n")


def read_yaml(example: Example) -> None:
    """Read a block of YAML that is no file."""
    yaml.safe_load(example.parsed)


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(doctest_optionflags=_LOOSELY),
        CodeBlockParser(language="console", evaluator=run_commands),
        CodeBlockParser(language="yaml", evaluator=read_yaml),
        files,
    ],
    patterns=["README.md", "docs/*.md", "docs/**/*.md"],
    setup=enter,
    teardown=leave,
).pytest()
