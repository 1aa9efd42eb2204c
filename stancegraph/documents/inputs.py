"""Inputs as a user names them → the readers of their formats → documents with ids of their own."""

from __future__ import annotations

import os
import re
import stat
import sys
from collections import Counter
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from stancegraph.documents.registry import READERS
from stancegraph.documents.source import BadInputError, Read, Skipped, Source, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from stancegraph.models import Document


def read_documents(inputs: Iterable[str | Path], *, exclude: Iterable[str | Path] = ()) -> Iterator[Document | Skipped]:
    """Read documents from files, folders and standard input.

    Folders are read with all below them, in the order of their paths; of their files those with a known
    suffix count, hidden ones do not. A file reached twice is read once. `-` is standard input: JSON Lines,
    JSON, a web page or plain text, told apart by its first line.

    Ids of documents that bring none are their paths without suffix, relative to the folder given
    ("2023/july/vilnius"); of a file given by itself, its name; of standard input, "stdin". Where two files
    would share an id, both keep their suffix, and where that is not enough, as many parent folders as it
    takes: ids depend on which files are read together, never on their order.

    `Document.text` has the characters of the file after its byte order mark, or of the JSON string given,
    unchanged (line endings too), except for web pages, where it is the main text found, and Markdown, where
    front matter is left out.

    Args:
        inputs: Paths of files and folders, and `-`.
        exclude: Files to pass over where they lie in a folder given, such as earlier output.

    Yields:
        Documents in the order of the inputs; and for whatever could not be read, in its place, one `Skipped`.
    """
    given = [inputs] if isinstance(inputs, (str, Path)) else inputs
    entries = list(_find(given, {_resolved(Path(path)) for path in exclude}))
    ids = _ids([entry for entry in entries if isinstance(entry, _File)])
    taken: dict[str, str] = {}  # id → where it was read first
    for item in chain.from_iterable(_read(entry, ids) for entry in entries):
        if isinstance(item, Skipped):
            yield item
        elif item.document.id in taken:
            reason = f"id {shortened(item.document.id)} is taken by {taken[item.document.id]}"
            yield Skipped(item.where, reason, "Give each document an id of its own.")
        else:
            taken[item.document.id] = item.where
            yield item.document


@dataclass(frozen=True)
class _File:
    """A file to read: its path as a user writes it, the part of that which makes its id, its true path."""

    path: Path
    relative: Path
    resolved: Path

    def candidate(self, level: int) -> str:
        """Return its shortest id (level 0), or with suffix (1) and one more folder for each level above."""
        if level == 0:
            return _text_of(self.relative).removesuffix(self.path.suffix)
        return _text_of(Path(*self.path.absolute().parts[-(len(self.relative.parts) + level - 1) :]))


class _StandardInput:
    """Standard input as one of the inputs."""


_Entry = _File | _StandardInput | Skipped


def _find(inputs: Iterable[str | Path], excluded: set[Path]) -> Iterator[_Entry]:
    """Yield what the inputs name, each file once."""
    seen: set[Path | None] = set()
    for given in inputs:
        for entry in [_StandardInput()] if str(given) == "-" else _named(Path(given), excluded):
            if not isinstance(entry, Skipped):
                key = entry.resolved if isinstance(entry, _File) else None
                if key in seen:
                    continue
                seen.add(key)
            yield entry


def _named(path: Path, excluded: set[Path]) -> Iterator[_File | Skipped]:
    try:
        is_folder = stat.S_ISDIR(path.stat().st_mode)
    except (FileNotFoundError, NotADirectoryError):
        yield Skipped(str(path), "no such file or folder", "Check the path.")
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        yield _unreadable(str(path), error)
    else:
        if is_folder:
            yield from _in_folder(path, excluded)
        elif path.suffix.lower() in READERS:
            yield _File(path, Path(path.name), _resolved(path))
        else:
            suffix = path.suffix
            reason = f"unknown file type {suffix}" if suffix else "no suffix to tell the file type by"
            yield Skipped(str(path), reason, f"Give it one of {', '.join(READERS)}, or pipe it into -.")


def _in_folder(folder: Path, excluded: set[Path]) -> Iterator[_File | Skipped]:
    """Yield the files below a folder in the order of their paths, or one `Skipped` if there are none."""
    files: list[_File] = []
    errors: list[OSError] = []
    visited: set[Path] = set()  # links may run in circles
    for root, folders, names in os.walk(folder, onerror=errors.append, followlinks=True):
        here = Path(root)
        if _resolved(here) in visited:
            folders.clear()
            continue
        visited.add(_resolved(here))
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths = (here / name for name in names if not name.startswith("."))
        known = (path for path in paths if path.suffix.lower() in READERS)
        files += (_File(path, path.relative_to(folder), _resolved(path)) for path in known)
    files = [file for file in files if file.resolved not in excluded]
    for error in errors:
        yield _unreadable(str(error.filename or folder), error)
    yield from sorted(files, key=lambda file: file.relative.parts)
    if not files and not errors:
        yield Skipped(str(folder), f"no {', '.join(READERS)} file in this folder", "Check the path.")


def _resolved(path: Path) -> Path:
    return Path(os.path.realpath(path))  # unlike Path.resolve, does not mind links that run in circles


def _unreadable(where: str, error: Exception) -> Skipped:
    cause = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return Skipped(where, f"cannot be read ({cause})", "Check the path and its permissions.")


def _ids(files: list[_File]) -> dict[_File, str]:
    """Give every file the shortest id that no other has."""
    level = dict.fromkeys(files, 0)
    ids: dict[_File, str] = {}
    while True:
        before, ids = ids, {file: file.candidate(level[file]) for file in files}
        count = Counter(ids.values())
        if ids == before or len(count) == len(files):
            return ids
        for file in files:
            level[file] += count[ids[file]] > 1


def _text_of(path: Path) -> str:
    """Return a path as text with forward slashes; bytes of a file name that are not UTF-8 become escapes."""
    return os.fsencode(path.as_posix()).decode("utf-8", "backslashreplace")


def _read(entry: _Entry, ids: dict[_File, str]) -> Iterator[Read | Skipped]:
    """Read one entry; what cannot be read becomes its `Skipped`."""
    if isinstance(entry, Skipped):
        yield entry
        return
    try:
        if isinstance(entry, _File):
            with entry.path.open("rb") as stream:
                yield from _read_source(Source(str(entry.path), ids[entry], stream), entry.path.suffix.lower())
        else:
            yield from _read_standard_input()
    except OSError as error:
        yield _unreadable(str(entry.path) if isinstance(entry, _File) else _STANDARD_INPUT, error)


_STANDARD_INPUT = "standard input"


def _read_standard_input() -> Iterator[Read | Skipped]:
    if sys.stdin is None:
        yield Skipped(_STANDARD_INPUT, "is closed", "Pipe a text into it.")
        return
    stream = sys.stdin.buffer
    # Blank lines above the one that tells are kept: they count as lines, and belong to a plain text.
    head = [stream.readline()]
    while head[-1] and not head[-1].strip():
        head.append(stream.readline())
    yield from _read_source(Source(_STANDARD_INPUT, "stdin", chain(head, stream)), _suffix_for(head[-1]))


def _read_source(source: Source, suffix: str) -> Iterator[Read | Skipped]:
    try:
        yield from READERS[suffix](source)
    except BadInputError as bad:
        yield bad.skipped(source)


def _suffix_for(first_line: bytes) -> str:
    """Tell the format of a stream by its first line that is not blank."""
    line = first_line.removeprefix(b"\xef\xbb\xbf").strip()
    if re.fullmatch(rb"[{\[]|\[\s*\{.*", line):  # spread over lines, or a list
        return ".json"
    if re.match(rb'\{\s*["}]', line):
        return ".jsonl"
    if re.match(rb"<(!doctype\s+html|html|head|body|\?xml|!--)", line, re.IGNORECASE):
        return ".html"
    return ".txt"
