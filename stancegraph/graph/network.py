"""The graph for networkx: typed nodes and edges.

| node | id | attributes besides `kind` and `label` |
| --- | --- | --- |
| actor | `actor:<name>` | `type`, `aliases`, `role`, `affiliation` |
| outcome | `outcome:<label>` | `target_kind`, `wordings`, `description` |
| position | `position:<document id>#<number>` | `holder`, `stance`, `act`, `confidence`, `confirmed` (by a person), `changed` (fields), `target`, `evidence`, `document`, `date` (of the document), `stated` |
| document | `document:<id>` | `date`, `source`, `url` |

| edge (key and `kind`) | from | to | attributes |
| --- | --- | --- | --- |
| `holds` | actor | position | |
| `toward` | position | outcome | `stance`, `similarity` (None unless the outcome is of a user's list), `confirmed`, `changed` |
| `via` | position | actor | `rank`, 0 for the outermost |
| `stated-in` | position | document | |
"""  # noqa: E501 - a table

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stancegraph.models import Actor, Document, PlacedPosition

_QUOTE = 80


def network_of(
    documents: Iterable[Document], placed: Iterable[PlacedPosition], others: Iterable[Actor] = ()
) -> nx.MultiDiGraph[str]:
    """Return the graph of documents, positions and other actors; nodes and edges come in a fixed order."""
    placed = tuple(placed)
    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for actor in sorted({a for p in placed for a in (p.actor, *p.via)} | set(others), key=lambda a: a.name):
        graph.add_node(
            f"actor:{actor.name}",
            kind="actor",
            label=actor.name,
            type=actor.type.value,
            aliases=list(actor.aliases),
            role=actor.role or None,
            affiliation=actor.affiliation or None,
        )
    for outcome in sorted({p.outcome for p in placed}, key=lambda o: o.label):
        graph.add_node(
            f"outcome:{outcome.label}",
            kind="outcome",
            label=outcome.label,
            target_kind=outcome.kind.value,
            wordings=list(outcome.wordings),
            description=outcome.description or None,
        )
    for document in documents:
        graph.add_node(
            f"document:{document.id}",
            kind="document",
            label=document.title or document.id,
            date=document.date,
            source=document.source,
            url=document.url,
        )
    for one in placed:
        _add_position(graph, one)
    return graph


def _add_position(graph: nx.MultiDiGraph[str], placed: PlacedPosition) -> None:
    position, node = placed.position, f"position:{placed.id}"
    graph.add_node(
        node,
        kind="position",
        label=quote(position.evidence_text),
        holder=position.holder,
        stance=position.stance.value,
        act=position.act.value,
        confidence=position.confidence,
        confirmed=position.confirmed,
        changed=list(position.changed),
        target=position.target,
        evidence=position.evidence_text,
        document=position.document.id,
        date=position.document.date,
        stated=str(position.stated) if position.stated else None,
    )
    graph.add_edge(f"actor:{placed.actor.name}", node, key="holds", kind="holds")
    outcome = f"outcome:{placed.outcome.label}"
    graph.add_edge(
        node,
        outcome,
        key="toward",
        kind="toward",
        stance=position.stance.value,
        similarity=position.similarity,
        confirmed=position.confirmed,
        changed=list(position.changed),
    )
    for rank, actor in enumerate(placed.via):
        # Somebody named twice passes it on once, at the outermost place.
        if not graph.has_edge(node, f"actor:{actor.name}", key="via"):
            graph.add_edge(node, f"actor:{actor.name}", key="via", kind="via", rank=rank)
    graph.add_edge(node, f"document:{position.document.id}", key="stated-in", kind="stated-in")


def quote(text: str) -> str:
    """Return the beginning of a text in quotation marks, cut between words."""
    words = " ".join(text.split())
    if len(words) > _QUOTE:
        words = words[:_QUOTE].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"
    return f"“{words}”"
