"""Positions as a spreadsheet: one row each, with the resolved actor and outcome."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from stancegraph.spreadsheet import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stancegraph.graph import StanceGraph
    from stancegraph.models import Span

_COLUMNS = (
    *("id", "actor", "actor_type", "role", "affiliation"),
    *("stance", "outcome", "outcome_kind", "similarity", "act", "confidence", "confirmed"),
    *("holder", "target", "via", "evidence", "document", "title", "date", "stated", "publisher", "url"),
    *("source_spans", "cue_spans", "evidence_spans"),
)


def write_positions_csv(graph: StanceGraph, path: str | Path) -> None:
    """Write one position a row; the same graph gives the same bytes.

    Cells that a spreadsheet would run as a formula get an apostrophe in front; line breaks and control
    characters become spaces. Spans are character offsets, end exclusive: "12-40 | 51-60".

    Args:
        graph: The graph.
        path: The file to write, UTF-8 with byte order mark, by which spreadsheets know the encoding.

    Raises:
        OSError: If the file cannot be written.
    """
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for placed in graph.placed:
            position, document = placed.position, placed.position.document
            row = (
                *(placed.id, placed.actor.name, placed.actor.type.value),
                *(position.holder_role, position.holder_affiliation, position.stance.value),
                *(placed.outcome.label, placed.outcome.kind.value, position.similarity),
                *(position.act.value, position.confidence, position.confirmed),
                *(position.holder, position.target, " | ".join(actor.name for actor in placed.via)),
                *(position.evidence_text, document.id, document.title, document.date, position.stated),
                *(document.source, document.url),
                *map(spans_text, (position.source, position.cue, position.evidence)),
            )
            writer.writerow([cell_text(value) for value in row])


def spans_text(spans: Iterable[Span]) -> str:
    """Return character offsets, end exclusive: "12-40 | 51-60"."""
    return " | ".join(f"{span.start}-{span.end}" for span in spans)
