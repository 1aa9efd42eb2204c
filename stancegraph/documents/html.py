"""Web pages: the main text with title, date, publisher and address, found by trafilatura.

Offsets are into the extracted text: a page's own characters are mostly not its article. The extraction has no
memory and no clock, so the same page always gives the same document.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from stancegraph.documents.source import BadInputError, Read, Source, decoded, document_from

if TYPE_CHECKING:
    from collections.abc import Iterator

# Only dates that the page marks as its own: a search through the running text finds dates of other things.
# Without a fixed upper bound the result would depend on the day of the reading.
_DATE_SEARCH = {"original_date": True, "extensive_search": False, "max_date": "2999-12-31"}

_CHARSET = re.compile(
    rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})|<\?xml[^>]{0,100}?encoding\s*=\s*["']([\w.:-]{1,40})""",
    re.I,
)

_FIX = "Save the whole page anew, or its text as .txt."


def read_html(source: Source) -> Iterator[Read]:
    """Read a web page as one document."""
    import trafilatura  # slow to import, and most corpora hold no pages

    page_source = _decoded(source.read())
    try:
        page = trafilatura.bare_extraction(
            page_source,
            with_metadata=True,
            include_comments=False,
            date_extraction_params=_DATE_SEARCH,
        )
    except Exception as error:  # malformed pages raise whatever trips the parsers under it, assertions even
        raise BadInputError(f"HTML that cannot be read ({type(error).__name__})", _FIX) from error
    text = page.text if page is not None else None
    if page is None or not text or not text.strip():
        raise BadInputError("no text found in the HTML", _FIX)
    fields = {
        "title": page.title,
        "date": page.date,
        "source": page.sitename or page.hostname,
        "url": page.url,
    }
    known = {field: value for field, value in fields.items() if isinstance(value, str) and value}
    yield Read(source.name, document_from({**known, "id": source.id, "text": text}))


def _decoded(data: bytes) -> str:
    """Decode a page: UTF-8, else the encoding it declares; never a guess."""
    try:
        return decoded(data)
    except BadInputError:
        declared = _CHARSET.search(data[:2048])
        if declared is None:
            raise
        try:
            return data.decode(_codec((declared[1] or declared[2]).decode("ascii")))
        except (LookupError, UnicodeError):
            pass
        raise


def _codec(label: str) -> str:
    """Return the codec that browsers use for a declared encoding: to them Latin-1 means Windows-1252."""
    codec = codecs.lookup(label)
    return "cp1252" if codec.name in {"iso8859-1", "ascii"} else codec.name
