"""Who changed on an outcome, as labelled and as read: `python tests/benchmarks/track_shifts.py [--outcome LABEL]`.

The 16 reports in data/track.jsonl tell one story. Changes of stance on an outcome are found among the positions that an
annotator labelled in them (data/track-positions.jsonl) and among those that the pipeline reads. A change that was read is
right if the same actor changes to the same stance in labelled positions, with days of the two that overlap.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from stancegraph.documents import read_documents
from stancegraph.graph import StanceGraph, assemble
from stancegraph.graph.answers import Shift
from stancegraph.imports import read_positions
from stancegraph.models import Document, ListedOutcome
from stancegraph.pipeline import read

DATA = Path(__file__).parents[2] / "data"
OUTCOME = "Sweden's accession to NATO"


def main() -> None:
    """Print the changes and how many of those read are right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outcome", default=OUTCOME)
    outcome = parser.parse_args().outcome
    console = Console(width=160)
    labelled, extracted = graphs(outcome)
    wanted, found = (list(graph.shifts(outcome=outcome))[::-1] for graph in (labelled, extracted))
    for name, graph in (("Labelled", labelled), ("Read", extracted)):
        console.print(f"[bold]{name}[/bold]", graph.shifts(outcome=outcome))
    right = [shift for shift in found if matched(shift, wanted)]
    met = [shift for shift in wanted if matched(shift, found)]
    console.print(
        f"Of {len(found)} changes read, {len(right)} are right; of {len(wanted)} labelled, {len(met)} are read.\n"
        f"Actors who change: labelled {names(wanted)}; read {names(found)}."
    )


def graphs(outcome: str) -> tuple[StanceGraph, StanceGraph]:
    """Return the graph of the labelled positions and that of those read, assigned to an outcome."""
    documents = [item for item in read_documents([DATA / "track.jsonl"]) if isinstance(item, Document)]
    labelled = assemble(read_positions(DATA / "track-positions.jsonl", documents).results)
    extracted = assemble(read(documents), outcomes=[ListedOutcome(label=outcome)])
    return labelled, extracted


def matched(shift: Shift, others: Sequence[Shift]) -> bool:
    """Tell whether a change is among others: same actor and new stance, at a time that may be the same."""
    return any(
        (shift.actor.name, shift.after.stance) == (other.actor.name, other.after.stance)
        and (shift.after.since or "") <= (other.after.until or "")
        and (other.after.since or "") <= (shift.after.until or "")
        for other in others
    )


def names(shifts: Sequence[Shift]) -> str:
    """Return who changes, in the order of the first change."""
    return ", ".join(dict.fromkeys(shift.actor.name for shift in shifts)) or "nobody"


if __name__ == "__main__":
    main()
