"""Keeps the documents of the development sets out of training, whatever corpus they come back in.

Corpora overlap: a statement whose positions are measured may stand in another corpus with its names labelled. A training
text is left out when much of it, or of a development document, stands in the other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol, TypeVar

from stancegraph.corpora import json_lines, universal_dependencies

SHINGLE = 8  # words
MOST = 0.25  # of a text's shingles; standing notes of a paper make up a tenth of a short article


class _HasText(Protocol):
    text: str


Text = TypeVar("Text", bound=_HasText)


def shingles(text: str) -> frozenset[tuple[str, ...]]:
    """Return every run of `SHINGLE` words of a text, in lower case."""
    words = re.findall(r"\w+", text.casefold())
    return frozenset(tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1))


def development_texts(path: Path) -> Iterator[str]:
    """Yield the texts of a development set of any of the formats."""
    if path.suffix in (".conllu", ".iob2"):
        if path.suffix == ".conllu":
            yield from (doc.text for doc in universal_dependencies(path))
        return  # the names of EWT are on the documents of its trees
    rows: Iterable[dict[str, Any]] = [json.loads(path.read_text("utf8"))] if path.suffix == ".json" else json_lines(path)
    for row in rows:
        if "tokens" not in row:  # single sentences are those of articles that another set has whole
            yield " ".join(row.get("sentences") or [row["text"]])


class Held:
    """The documents of the development sets."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._documents = [s for text in texts if (s := shingles(text))]
        self._every = frozenset[tuple[str, ...]]().union(*self._documents)

    def has(self, text: str) -> bool:
        """Tell whether a text is, or shares much with, one of the documents."""
        own = shingles(text)
        shared = own & self._every
        if not shared:
            return False
        return len(shared) >= MOST * len(own) or any(len(shared & d) >= MOST * len(d) for d in self._documents)

    def apart(self, texts: Iterable[Text]) -> Iterator[Text]:
        """Yield the texts that are not among the documents."""
        return (text for text in texts if not self.has(text.text))
