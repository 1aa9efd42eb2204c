"""How well statements are dated: `python tests/benchmarks/statement_dates.py [--errors]`.

When the held-out set was first looked at, 76 of its 80 dates were right (precision 0.968, recall 0.938). Two of the four
errors have been mended since, so its figures are not those of a held-out set any more; nor are those of `track`.

Positions are given, so that no mistake of finding them counts. A date is right if it is exactly the labelled one, "earlier"
included. Precision and recall are of the dates that differ from the document's: of those told, and of those labelled.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from spacy.language import Language

sys.path.insert(0, str(Path(__file__).parents[1]))

from statement_dates import DEV, HELD_OUT, Dated, dated_sentences, track, written

from stancegraph.models import Document, Position
from stancegraph.pipeline import load, unread, with_dates

Answer = tuple[Position, str, str]


def main() -> None:
    """Print the figures of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--errors", action="store_true", help="print the errors on the sets that are not held out")
    options = parser.parse_args()
    nlp = load()
    print(f"{'set':<22}{'statements':>11}{'right':>7}{'accuracy':>10}{'precision':>11}{'recall':>8}")
    for path in (DEV, HELD_OUT):
        made = ((one.position.document, [one]) for one in dated_sentences(path))
        report(path.stem, answers(nlp, made), options.errors and path == DEV)
    report("track", answers(nlp, track()), options.errors)


def answers(nlp: Language, documents: Iterable[tuple[Document, list[Dated]]]) -> Iterator[Answer]:
    """Yield each position with its labelled date and the one it was given."""
    for document, dated in documents:
        doc = nlp(unread(nlp, document))
        for one, position in zip(dated, with_dates(doc, [d.position for d in dated]), strict=True):
            given = position.stated
            yield position, _with_flag(one.stated, one.earlier), _with_flag(written(given), bool(given and given.earlier))


def _with_flag(date: str, earlier: bool) -> str:
    return f"{date} earlier" if earlier else date


def report(name: str, found: Iterable[Answer], errors: bool) -> None:
    """Print the figures of one set, and its errors."""
    rows = [(position, labelled, told, position.document.date or "-") for position, labelled, told in found]
    right = sum(labelled == told for _, labelled, told, _ in rows)
    away = sum(labelled == told != own for _, labelled, told, own in rows)
    told_away = sum(told != own for *_, told, own in rows)
    labelled_away = sum(labelled != own for _, labelled, _, own in rows)
    print(
        f"{name:<22}{len(rows):>11}{right:>7}{right / len(rows):>10.3f}{away / told_away:>11.3f}{away / labelled_away:>8.3f}"
    )
    for position, labelled, told, _ in rows if errors else ():
        if labelled != told:
            cue = " … ".join(span.of(position.document.text) for span in position.cue)
            what = f"{position.holder} [{cue}] {position.evidence_text[:60]}"
            print(f"    {position.document.id}: {what}: {told}, not {labelled}")


if __name__ == "__main__":
    main()
