"""What the commands write into a graph's folder."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancegraph.graph import StanceGraph

OUTPUTS = ("graph.html", "graph.graphml", "graph.duckdb", "positions.jsonl", "positions.csv")


def write_outputs(graph: StanceGraph, folder: Path) -> None:
    from stancegraph.exports import write_graphml, write_positions_csv, write_positions_jsonl

    graph.save(folder)
    graph.to_html(folder / "graph.html")
    write_graphml(graph, folder / "graph.graphml")
    write_positions_jsonl(graph, folder / "positions.jsonl")
    write_positions_csv(graph, folder / "positions.csv")


def replace_outputs(graph: StanceGraph, folder: Path) -> None:
    """Write the outputs of a graph aside and move them in."""
    with tempfile.TemporaryDirectory(prefix=".stancegraph-", dir=folder) as aside:
        write_outputs(graph, Path(aside))
        for name in OUTPUTS:
            Path(aside, name).replace(folder / name)
