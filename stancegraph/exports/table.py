"""The graph as one raw table with everything that is known of a position, and as a binary matrix."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TYPE_CHECKING

from stancegraph.exports.positions_csv import spans_text
from stancegraph.models import Stance
from stancegraph.spreadsheet import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stancegraph.graph import StanceGraph
    from stancegraph.models import Actor, Outcome, PlacedPosition

_BETWEEN = " | "


def write_table(graph: StanceGraph, path: str | Path) -> None:
    """Write one position a row, with every attribute of its actor, outcome and document but the document's text.

    The columns bear the names of the fields that `stancegraph.imports.read_table` knows, so that the table can be edited
    and read again without a mapping; attributes of the actor and of the outcome as such begin with `actor_` and
    `outcome_`, lists are joined by " | ". Cells that a spreadsheet would run as a formula get an apostrophe in front; line
    breaks and control characters become spaces. Spans are character offsets, end exclusive.

    Args:
        graph: The graph; the same graph gives the same bytes.
        path: The file to write: CSV, UTF-8 with byte order mark, by which spreadsheets know the encoding.

    Raises:
        OSError: If the file cannot be written.
    """
    rows = [_row(placed) for placed in graph.placed]
    _write(path, _COLUMNS, (row.values() for row in rows))


def write_matrix(graph: StanceGraph, path: str | Path, *, stance: Stance | str | None = None) -> None:
    """Write a binary matrix: 1 where the actor of the row has a position on the outcome of the column, else 0.

    It has every actor and outcome of the graph, those with no such position too, in the order of the alphabet.

    Args:
        graph: The graph; the same graph gives the same bytes.
        path: The file to write, a CSV as `write_table` writes.
        stance: Count only positions of this stance; by default any.

    Raises:
        ValueError: If there is no such stance.
        OSError: If the file cannot be written.
    """
    held = {(graph.actor_of(p).name, graph.outcome_of(p).label) for p in graph.positions(stance=stance)}
    labels = sorted({outcome.label for outcome in graph.outcomes()})
    names = sorted({actor.name for actor in graph.actors()})
    _write(path, ("actor", *labels), ((name, *(int((name, label) in held) for label in labels)) for name in names))


def _write(path: str | Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow([cell_text(column) for column in columns])
        writer.writerows([cell_text(value) for value in row] for row in rows)


def _row(placed: PlacedPosition) -> dict[str, object]:
    position, document = placed.position, placed.position.document
    return {
        "id": placed.id,
        "actor": placed.actor.name,
        **_actor(placed.actor),
        "holder": position.holder,
        "holder_type": position.holder_type.value,
        "role": position.holder_role,
        "affiliation": position.holder_affiliation,
        "stance": position.stance.value,
        "outcome": placed.outcome.label,
        **_outcome(placed.outcome),
        "target": position.target,
        "target_kind": position.target_kind.value,
        "similarity": position.similarity,
        "act": position.act.value,
        "confidence": position.confidence,
        "reported": position.reported,
        "stated": str(position.stated) if position.stated else None,
        "confirmed": position.confirmed,
        "changed": _BETWEEN.join(position.changed),
        "via": _BETWEEN.join(actor.name for actor in placed.via),
        "via_holders": _BETWEEN.join(position.via),
        "evidence": position.evidence_text,
        "document": document.id,
        "title": document.title,
        "date": document.date,
        "publisher": document.source,
        "url": document.url,
        "source_spans": spans_text(position.source),
        "cue_spans": spans_text(position.cue),
        "evidence_spans": spans_text(position.evidence),
        "stated_spans": spans_text(position.stated.words if position.stated else ()),
    }


def _actor(actor: Actor) -> dict[str, object]:
    return {
        "actor_type": actor.type.value,
        "actor_aliases": _BETWEEN.join(actor.aliases),
        "actor_role": actor.role,
        "actor_affiliation": actor.affiliation,
    }


def _outcome(outcome: Outcome) -> dict[str, object]:
    return {
        "outcome_kind": outcome.kind.value,
        "outcome_wordings": _BETWEEN.join(outcome.wordings),
        "outcome_description": outcome.description,
    }


_COLUMNS = (
    *("id", "actor", "actor_type", "actor_aliases", "actor_role", "actor_affiliation"),
    *("holder", "holder_type", "role", "affiliation", "stance"),
    *("outcome", "outcome_kind", "outcome_wordings", "outcome_description", "target", "target_kind", "similarity"),
    *("act", "confidence", "reported", "stated", "confirmed", "changed", "via", "via_holders", "evidence"),
    *("document", "title", "date", "publisher", "url", "source_spans", "cue_spans", "evidence_spans", "stated_spans"),
)
