"""Who changed on an outcome, as labelled and as read: `python tests/benchmarks/track_shifts.py [--outcome LABEL]`.

The 16 reports in data/track.jsonl tell one story. Changes of stance on an outcome are found among the positions that an
annotator labelled in them, dates too (data/track-positions.jsonl), among the same positions with the dates that the pipeline
finds, and among those that it reads by itself. A change that was read is
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
from stancegraph.pipeline import load, read, unread
from stancegraph.pipeline.dates import with_dates

DATA = Path(__file__).parents[2] / "data"
OUTCOME = "Sweden's accession to NATO"


def main() -> None:
    """Print the changes and how many of those read are right."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--outcome", default=OUTCOME)
    outcome = parser.parse_args().outcome
    console = Console(width=160)
    labelled, *others = graphs(outcome)
    wanted = list(labelled.shifts(outcome=outcome))[::-1]
    console.print("[bold]Labelled[/bold]", labelled.shifts(outcome=outcome), f"Who changes: {names(wanted)}.\n")
    for name, graph in zip(("Labelled, with dates as found", "Read"), others, strict=True):
        found = list(graph.shifts(outcome=outcome))[::-1]
        right = [shift for shift in found if matched(shift, wanted)]
        met = [shift for shift in wanted if matched(shift, found)]
        console.print(f"[bold]{name}[/bold]", graph.shifts(outcome=outcome))
        console.print(
            f"Of {len(found)} changes, {len(right)} are right; of {len(wanted)} labelled, {len(met)} are found. "
            f"Who changes: {names(found)}.\n"
        )


def graphs(outcome: str) -> tuple[StanceGraph, StanceGraph, StanceGraph]:
    """Return the graphs of labelled positions, of the same dated by the pipeline, and of those read, on a listed outcome."""
    documents = [item for item in read_documents([DATA / "track.jsonl"]) if isinstance(item, Document)]
    results = read_positions(DATA / "track-positions.jsonl", documents).results
    nlp = load()
    dated = [(document, with_dates(nlp(unread(nlp, document)), positions)) for document, positions in results]
    extracted = assemble(read(documents), outcomes=[ListedOutcome(label=outcome)])
    return assemble(results), assemble(dated), extracted


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
