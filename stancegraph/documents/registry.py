"""Which reader reads which file: the one list of formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancegraph.documents.html import read_html
from stancegraph.documents.json_file import read_json
from stancegraph.documents.json_lines import read_json_lines
from stancegraph.documents.markdown import read_markdown
from stancegraph.documents.plain_text import read_plain_text

if TYPE_CHECKING:
    from stancegraph.documents.source import Reader

# Suffix in lower case → reader.
READERS: dict[str, Reader] = {
    ".txt": read_plain_text,
    ".md": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".jsonl": read_json_lines,
    ".json": read_json,
}
