"""The saved form of corrections: what was read where it differs, and every correction.

The saved graph is the corrected one, so that whoever reads the file needs to know nothing of corrections. Beside it stands
under "revision" the graph as it was read; of a position that is equal in both, only its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from stancegraph.corrections import Correction
from stancegraph.documents.source import Skipped
from stancegraph.graph._corrected import Revision
from stancegraph.graph.queries import StanceGraph
from stancegraph.models import DERIVED, Actor, Document, Outcome, PlacedPosition, Position, Report

if TYPE_CHECKING:
    from collections.abc import Mapping

_CORRECTIONS = TypeAdapter(tuple[Correction, ...])


def saved_revision(graph: StanceGraph) -> dict[str, Any]:
    """Return what is to be saved of a graph's corrections; {} if it has none."""
    if graph.revision is None:
        return {}
    read = graph.revision.read
    actors = list(
        dict.fromkeys(a for p in read.placed for a in (p.actor, *p.via)) | dict.fromkeys(r.actor for r in read.reports)
    )
    outcomes = list(dict.fromkeys((*(p.outcome for p in read.placed), *read.listed)))
    number_of = {thing: number for things in (actors, outcomes) for number, thing in enumerate(things)}
    same = {placed.id: placed.position for placed in graph.placed}
    rows = [
        {
            "id": placed.id,
            **({} if same.get(placed.id) == placed.position else _fields(placed.position)),
            "actor": number_of[placed.actor],
            "outcome": number_of[placed.outcome],
            "via_actors": [number_of[actor] for actor in placed.via],
        }
        for placed in read.placed
    ]
    ids = {placed.position: placed.id for placed in read.placed}
    numbers = {report.position: number for number, report in enumerate(read.reports)}
    return {
        "revision": {
            "actors": [actor.model_dump(mode="json") for actor in actors],
            "outcomes": [outcome.model_dump(mode="json") for outcome in outcomes],
            "listed": [number_of[outcome] for outcome in read.listed],
            "positions": rows,
            "reports": [{**_fields(r.position), "actor": number_of[r.actor]} for r in read.reports],
            "rejected": [ids.get(position) or numbers[position] for position in graph.revision.rejected],
            "corrections": _CORRECTIONS.dump_python(graph.revision.corrections, mode="json", exclude_defaults=True),
            "skipped": [[one.where, one.reason, one.fix] for one in graph.revision.skipped],
        }
    }


def loaded_revision(content: Mapping[str, Any], documents: Mapping[str, Document], placed: list[PlacedPosition]) -> Revision:
    """Return what `saved_revision` saved.

    Args:
        content: What stands under "revision".
        documents: Every document by id.
        placed: The positions of the corrected graph.

    Raises:
        KeyError, IndexError, TypeError, ValueError: If it is not what was saved.
    """
    actors = [Actor.model_validate(values) for values in content["actors"]]
    outcomes = [Outcome.model_validate(values) for values in content["outcomes"]]
    same = {one.id: one.position for one in placed}
    read = [
        PlacedPosition(
            id=row["id"],
            position=_position(row, documents) if "document" in row else same[row["id"]],
            actor=actors[row["actor"]],
            outcome=outcomes[row["outcome"]],
            via=tuple(actors[number] for number in row["via_actors"]),
        )
        for row in content["positions"]
    ]
    reports = [Report(_position(row, documents), actors[row["actor"]]) for row in content["reports"]]
    of_id = {one.id: one.position for one in read}
    return Revision(
        read=StanceGraph(documents, read, reports, [outcomes[number] for number in content["listed"]]),
        corrections=_CORRECTIONS.validate_python(content["corrections"]),
        rejected=tuple(of_id[key] if isinstance(key, str) else reports[key].position for key in content["rejected"]),
        skipped=tuple(Skipped(*map(str, parts)) for parts in content["skipped"]),
    )


def _fields(position: Position) -> dict[str, Any]:
    return {"document": position.document.id, **position.model_dump(mode="json", exclude=DERIVED)}


def _position(row: Mapping[str, Any], documents: Mapping[str, Document]) -> Position:
    own = {name: value for name, value in row.items() if name not in ("id", "actor", "outcome", "via_actors")}
    return Position.model_validate({**own, "document": documents[row["document"]]})
