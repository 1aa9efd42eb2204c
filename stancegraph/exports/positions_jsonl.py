"""Positions as JSON lines: every field of each, with what its words mean in the graph."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancegraph.graph import StanceGraph


def write_positions_jsonl(graph: StanceGraph, path: str | Path) -> None:
    """Write one position a line; the same graph gives the same bytes.

    Args:
        graph: The graph.
        path: The file to write, UTF-8. A line has the fields of a position, its `id` in the graph, the
            resolved `actor`, `outcome` and `via_actors`, and title, source and URL of the document.

    Raises:
        OSError: If the file cannot be written.
    """
    with Path(path).open("w", encoding="utf8", newline="\n") as file:
        for placed in graph.placed:
            document = placed.position.document
            line = {
                "id": placed.id,
                "actor": placed.actor.name,
                "actor_type": placed.actor.type.value,
                "outcome": placed.outcome.label,
                "outcome_kind": placed.outcome.kind.value,
                "via_actors": [actor.name for actor in placed.via],
                **placed.position.model_dump(mode="json"),
                "document_title": document.title,
                "document_source": document.source,
                "document_url": document.url,
            }
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
