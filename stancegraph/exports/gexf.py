"""The graph as GEXF, the format of Gephi."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
from networkx.readwrite.gexf import GEXFWriter

from stancegraph.exports.graphml import written

if TYPE_CHECKING:
    from stancegraph.graph import StanceGraph


def write_gexf(graph: StanceGraph, path: str | Path) -> None:
    """Write nodes and edges with typed attributes; the same graph gives the same bytes.

    Nodes, edges and their attributes are those of `graph.network`. Lists are joined by " | ", attributes without a value
    are left out, characters that XML cannot hold become spaces.

    Args:
        graph: The graph.
        path: The file to write, GEXF 1.2.

    Raises:
        OSError: If the file cannot be written.
    """
    # No two edges run between the same two nodes: a graph without edge keys loses nothing, and Gephi merges nothing.
    writer = GEXFWriter(nx.DiGraph(written(graph)))
    for meta in writer.xml.iter("meta"):
        meta.attrib.pop("lastmodifieddate", None)  # the day of writing is nothing of the graph
    with Path(path).open("wb") as file:
        writer.write(file)
