"""The whole chain in one call: documents → pipeline → graph."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterable, Iterator
from pathlib import Path

from stancegraph.corrections import Correction, ReadCorrections, read_corrections
from stancegraph.documents import Skipped, read_documents
from stancegraph.graph import StanceGraph, assemble, listed_outcomes
from stancegraph.models import LEAST_SIMILARITY, Document, ListedOutcome
from stancegraph.pipeline import read

Input = str | Path | Document


class SkippedInput(UserWarning):
    """Something could not be read and was left out; the message names the file, the line and the fix."""


def build(
    inputs: Input | Iterable[Input],
    *,
    workers: int = 1,
    outcomes: str | Path | Iterable[ListedOutcome] = (),
    only_listed: bool = False,
    least_similarity: float = LEAST_SIMILARITY,
    corrections: str | Path | ReadCorrections | Iterable[Correction] = (),
) -> StanceGraph:
    """Read documents and assemble the graph of their positions.

    Args:
        inputs: One or several of: a `Document`; a `Path` or a string that names a file or folder; any other string is
            itself a text to read. A string is taken for the name of a file if there is such a file or folder, or if it
            has no white space.
        workers: Number of processes that read.
        outcomes: A list of outcomes, or the YAML file that holds it, to which positions are assigned whose targets are
            near enough; the others keep outcomes of their own.
        only_listed: Leave out the positions that are assigned to none of the list.
        least_similarity: Similarity below which a target is not assigned, in (0, 1].
        corrections: A reviewer's corrections, or the table that holds them; see `StanceGraph.with_corrections`.

    Raises:
        CorrectionsFileError: If the table of corrections cannot be used; names file and line.
        OutcomesFileError: If the file of outcomes cannot be used; names file and line.
        ValueError: If two different documents have the same id, two listed outcomes share a phrase, or the options for
            outcomes make no sense.

    Warns:
        SkippedInput: For each input that cannot be read; the others are read all the same.
        SkippedCorrection: For each correction that cannot be applied; the others are applied all the same.
    """
    several = [inputs] if isinstance(inputs, (str, Path, Document)) else inputs
    listed = listed_outcomes(outcomes)  # a mistake in it shows before anything is read
    if isinstance(corrections, (str, Path)):
        corrections = read_corrections(corrections)
    results = read(_documents(several), workers=workers)
    return assemble(
        results, outcomes=listed, only_listed=only_listed, least_similarity=least_similarity, corrections=corrections
    )


def _documents(inputs: Iterable[Input]) -> Iterator[Document]:
    seen: dict[str, Document] = {}
    for document in _opened(inputs):
        if seen.setdefault(document.id, document) != document:
            raise ValueError(f"two different documents have the id {document.id!r}; give each its own")
        yield document


def _opened(inputs: Iterable[Input]) -> Iterator[Document]:
    for item in inputs:
        if isinstance(item, Document):
            yield item
        elif isinstance(item, str) and not _names_a_file(item):
            digest = hashlib.sha256(item.encode("utf8", "surrogatepass")).hexdigest()[:12]
            yield Document(id=f"text-{digest}", text=item)
        else:
            for opened in read_documents([item]):
                if isinstance(opened, Skipped):
                    warnings.warn(str(opened), SkippedInput, stacklevel=4)
                else:
                    yield opened


def _names_a_file(text: str) -> bool:
    if not any(c.isspace() for c in text.strip()):
        return True
    try:
        return Path(text).exists()
    except (OSError, ValueError):  # too long for a file name, or with a null character
        return False
