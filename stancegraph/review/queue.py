"""Which positions are to be reviewed, the least certain first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stancegraph.graph import StanceGraph
    from stancegraph.models import PlacedPosition


@dataclass(frozen=True)
class Filters:
    """Which positions a reviewer wants to see.

    Args:
        actor: Only those of this actor.
        outcome: Only those toward this outcome.
        decided: Those that somebody has decided on as well.
    """

    actor: str | None = None
    outcome: str | None = None
    decided: bool = False


def pending(graph: StanceGraph, filters: Filters) -> list[PlacedPosition]:
    """Return positions, the least certain first, of equally certain ones in the order of the graph.

    Args:
        graph: The graph, with what was decided so far.
        filters: Which of them; with `decided`, those that were rejected come as they were read.

    Raises:
        UnknownName: If nobody or nothing is called so.
        AmbiguousName: If several are.
    """
    actor = graph.actor(filters.actor) if filters.actor else None
    outcome = graph.outcome(filters.outcome) if filters.outcome else None
    rejected = set(graph.rejected) if filters.decided else set()
    there = [*graph.placed, *(placed for placed in graph.as_read.placed if placed.position in rejected)]
    wanted = [
        placed
        for placed in there
        if (filters.decided or not placed.position.confirmed)
        and (actor is None or placed.actor.name == actor.name)
        and (outcome is None or placed.outcome.label == outcome.label)
    ]
    return sorted(wanted, key=lambda placed: placed.position.confidence)
