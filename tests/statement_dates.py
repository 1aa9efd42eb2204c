"""Statements whose dates are known, for tests and figures.

Three sets were labelled by hand, by reading: `statement-dates-dev.tsv`, on which the rules were made;
`statement-dates-held-out.tsv`, which was written together with it and not looked at while they were; and the
dates of the labelled positions in `data/track-positions.jsonl`. In the first two, a line holds the date of an invented
document, its text, with the cue in [brackets] and the evidence in {braces}, and when it was stated: a day, month or year, an
interval, "../2022-07-13" for something earlier, "-" for nothing that can be known; and "earlier" where it came before other
things of the same day.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from stancegraph.imports import read_positions
from stancegraph.models import Act, ActorType, Document, Position, Span, Stance, Stated, TargetKind, days_of

DATA = Path(__file__).parent / "data"
DEV = DATA / "statement-dates-dev.tsv"
HELD_OUT = DATA / "statement-dates-held-out.tsv"
REPORTS = Path(__file__).parents[1] / "data"


@dataclass(frozen=True)
class Dated:
    """A position, without a date, and when it was stated."""

    position: Position
    stated: str
    earlier: bool


def written(stated: Stated | None) -> str:
    """Return a date as the sets write it."""
    return str(stated) if stated else "-"


def dated_sentences(path: Path) -> Iterator[Dated]:
    """Yield the invented statements of a set."""
    for number, row in enumerate(_rows(path), 2):
        text, cue, evidence = _unmarked(row["text"])
        document = Document(id=f"{path.stem}-{number}", text=text, date=row["date"] or None)
        yield Dated(_position(document, "somebody", cue, evidence), _interval(row["stated"]), row["earlier"] == "earlier")


def track() -> Iterator[tuple[Document, list[Dated]]]:
    """Yield the reports of the series with their labelled positions; a source is where its holder is named nearest."""
    results, skipped = read_positions(REPORTS / "track-positions.jsonl", REPORTS / "track.jsonl")
    if skipped:
        raise ValueError(f"data/ cannot be read: {skipped[0]}")
    for document, positions in results:
        found: dict[tuple[object, ...], Dated] = {}
        for labelled in positions:
            cue, evidence = ([[span.start, span.end] for span in spans] for spans in (labelled.cue, labelled.evidence))
            position = _position(document, labelled.holder, cue, evidence)
            key = (labelled.holder, labelled.cue, labelled.evidence)
            found.setdefault(key, Dated(position, labelled.date or "-", bool(labelled.stated and labelled.stated.earlier)))
        yield document, list(found.values())


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf8", newline="") as file:
        yield from csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)


def _interval(stated: str) -> str:
    """Return an interval of months or years by its days."""
    since, _, until = stated.partition("/")
    if not until or since == "..":
        return stated
    return str(Stated(since=days_of(since)[0], until=days_of(until)[1]))


def _unmarked(marked: str) -> tuple[str, list[list[int]], list[list[int]]]:
    text, opened, spans = "", list[tuple[str, int]](), {"[": list[list[int]](), "{": list[list[int]]()}
    for character in marked.replace("\\n", "\n"):
        if character in "[{":
            opened.append((character, len(text)))
        elif character in "]}":
            mark, start = opened.pop()
            spans[mark].append([start, len(text)])
        else:
            text += character
    return text, spans["["], sorted(spans["{"])


def _position(document: Document, holder: str, cue: list[list[int]], evidence: list[list[int]]) -> Position:
    start = (cue or evidence)[0][0]
    named = [match.start() for match in re.finditer(re.escape(holder), document.text)] if holder else []
    nearest = min(named, key=lambda i: abs(i - start), default=None)
    return Position(
        document=document,
        holder=holder,
        holder_type=ActorType.UNKNOWN,
        target="it",
        target_kind=TargetKind.OUTCOME,
        stance=Stance.SUPPORTS,
        act=Act.ASSERTS,
        source=() if nearest is None else (Span(start=nearest, end=nearest + len(holder)),),
        cue=tuple(Span(start=b, end=e) for b, e in cue),
        evidence=tuple(Span(start=b, end=e) for b, e in evidence),
        confidence=1,
    )
