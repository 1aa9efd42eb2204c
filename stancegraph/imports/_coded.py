"""What the importers share: statements coded by people become a graph in which every name stays as it was coded."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from stancegraph.graph.queries import StanceGraph
from stancegraph.models import PlacedPosition, Report

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stancegraph.documents import Skipped
    from stancegraph.models import Actor, Document, Outcome, Position


class Imported(NamedTuple):
    """What an import gives.

    Args:
        graph: The graph of everything that could be read.
        skipped: What could not, each with its place and the fix.
    """

    graph: StanceGraph
    skipped: tuple[Skipped, ...]


@dataclass(frozen=True)
class Coded:
    """One coded statement.

    Args:
        position: The position.
        actor: Who holds it.
        outcome: What it is toward; None for what is said without an attitude.
        via: Who passes it on, outermost first.
        kept: The id it had in the graph that it comes from, for as long as it is the same number in its document.
    """

    position: Position
    actor: Actor
    outcome: Outcome | None
    via: tuple[Actor, ...] = ()
    kept: tuple[int, str] | None = None


def graph_of(documents: Iterable[Document], coded: Iterable[Coded], listed: Iterable[Outcome] = ()) -> StanceGraph:
    """Return the graph of coded statements; nothing is resolved, merged or renamed.

    Args:
        documents: Every document once.
        coded: The statements; those of one document that begin at the same character keep their order.
        listed: The outcomes of a list.
    """
    by_id = {document.id: document for document in sorted(documents, key=lambda d: (d.date or "9999", d.id))}
    rank = {id_: number for number, id_ in enumerate(by_id)}
    ordered = sorted(coded, key=lambda c: (rank[c.position.document.id], c.position.evidence[0].start))
    held = [(one, one.outcome) for one in ordered if one.outcome is not None]
    numbers: Counter[str] = Counter()
    counted = []
    for one, _ in held:
        numbers[one.position.document.id] += 1
        counted.append(numbers[one.position.document.id])
    ids = [f"{one.position.document.id}#{number}" for (one, _), number in zip(held, counted, strict=True)]
    kept = [
        one.kept[1] if one.kept and one.kept[0] == number else id_
        for (one, _), number, id_ in zip(held, counted, ids, strict=True)
    ]
    if len(set(kept)) == len(kept):  # else statements were added or taken out, and old numbers would come twice
        ids = kept
    placed = [
        PlacedPosition(id=id_, position=one.position, actor=one.actor, outcome=outcome, via=one.via)
        for id_, (one, outcome) in zip(ids, held, strict=True)
    ]
    reports = [Report(one.position, one.actor) for one in ordered if one.outcome is None]
    return StanceGraph(by_id, placed, reports, listed)
