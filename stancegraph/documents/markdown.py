"""Markdown: as plain text, with `title`, `date`, `source` and `url` from the front matter.

The front matter (YAML between two lines `---` at the top) is no part of the document's text. Of the rest
nothing is changed, marks such as `**` neither, so that evidence is found in the file by its own words.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import yaml

from stancegraph.documents.plain_text import headline
from stancegraph.documents.source import BadInputError, Read, Source, decoded, document_from

if TYPE_CHECKING:
    from collections.abc import Iterator

# The line after the fence has to be a key: a text may well begin with a rule, which is written alike.
_OPENING = re.compile(r"---[ \t]*\r?\n(?=[\w-]+[ \t]*:\s)")
_CLOSING = re.compile(r"^(?:---|\.\.\.)[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_HEADING = re.compile(r"\s*(?:#{1,6}[ \t]+(?P<marked>[^\r\n]+)|(?P<underlined>\S[^\r\n]*)\r?\n=+[ \t]*(?:\r?\n|\Z))")
_FIELDS = ("title", "date", "source", "url")
_FIX = "Correct the lines between the two ---; put values with a colon in quotes."


def read_markdown(source: Source) -> Iterator[Read]:
    """Read a Markdown file as one document; without a title in the front matter its first heading serves."""
    text = decoded(source.read())
    block, body = _divided(text)
    known = _front_matter(block)
    if not body.strip():
        raise BadInputError("holds no text below its front matter", "Fill it or leave it out.")
    title = known.get("title") or _heading(body) or headline(body)
    yield Read(source.name, document_from({**known, "id": source.id, "text": body, "title": title}))


def _divided(text: str) -> tuple[str, str]:
    """Return the YAML of the front matter (empty if there is none) and the text below."""
    opening = _OPENING.match(text)
    closing = _CLOSING.search(text, opening.end()) if opening else None
    if opening is None or closing is None:
        return "", text
    return text[opening.end() : closing.start()], text[closing.end() :]


def _front_matter(block: str) -> dict[str, object]:
    if not block:
        return {}
    try:
        # BaseLoader: every scalar stays the string that is written there, and no tag makes an object.
        fields = yaml.load(block, Loader=yaml.BaseLoader)  # noqa: S506 - builds strings, lists and mappings only
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 2 if error.problem_mark else 1
        raise BadInputError(f"front matter is not YAML ({error.problem})", _FIX, f":{line}") from error
    except (yaml.YAMLError, RecursionError) as error:
        raise BadInputError("front matter is not YAML", _FIX, ":1") from error
    if not isinstance(fields, dict):
        raise BadInputError("front matter is not YAML of keys and values", _FIX, ":1")
    return {field: fields[field] for field in _FIELDS if fields.get(field)}


def _heading(body: str) -> str | None:
    """Return the first line if it is a heading, with number signs before it or a line of = under it."""
    match = _HEADING.match(body)
    if match is None:
        return None
    if match["underlined"]:
        return match["underlined"].rstrip()
    line = match["marked"].strip()
    unclosed = line.rstrip("#")  # "## Title ##" may be closed so; "C#" is not
    return (unclosed.rstrip() if not unclosed or unclosed[-1].isspace() else line) or None
