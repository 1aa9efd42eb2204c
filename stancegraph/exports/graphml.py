"""The graph as GraphML, for Gephi, Cytoscape, yEd, igraph and networkx."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from stancegraph.graph import StanceGraph

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_graphml(graph: StanceGraph, path: str | Path) -> None:
    """Write nodes and edges with typed attributes; the same graph gives the same bytes.

    Lists are joined by " | ", attributes without a value are left out, characters that XML cannot hold become
    spaces. Edges are numbered; their kind is an attribute.

    Args:
        graph: The graph.
        path: The file to write.

    Raises:
        OSError: If the file cannot be written.
    """
    nx.write_graphml(written(graph), Path(path), encoding="utf-8")


def written(graph: StanceGraph) -> nx.MultiDiGraph[str]:
    """Return `graph.network` with nothing in it that cannot be written as XML."""
    plain: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    id_of: dict[str, str] = {}
    for node, attributes in graph.network.nodes(data=True):
        # Nodes that differ only in what XML cannot hold stay apart.
        id_of[node] = name = _text(node)
        while name in plain:
            id_of[node] = name = f"{name}\u00b7"
        plain.add_node(name, **_attributes(attributes))
    # GraphML wants each edge's id to be its own; networkx writes the key of a multigraph there.
    for number, (start, end, attributes) in enumerate(graph.network.edges(data=True)):
        plain.add_edge(id_of[start], id_of[end], key=f"e{number}", **_attributes(attributes))
    return plain


def _attributes(values: dict[str, object]) -> dict[str, object]:
    return {name: _plain(value) for name, value in values.items() if value is not None}


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return " | ".join(_text(str(item)) for item in value)
    return _text(value) if isinstance(value, str) else value


def _text(text: str) -> str:
    return _NOT_IN_XML.sub(" ", text)
