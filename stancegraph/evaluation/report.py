"""All figures in one report: each beside what is demanded of it, some beside what others have published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language

from stancegraph.evaluation.published import published
from stancegraph.evaluation.sets import Figures, score_set
from stancegraph.evaluation.tables import table


class Row(NamedTuple):
    """One figure.

    Args:
        set: The set it was measured on.
        figure: Its name; the names of its groups stand before it, parted by " · ".
        value: The figure.
        at_least: What it must reach, if anything is demanded.
        aim: What it should reach.
    """

    set: str
    figure: str
    value: float | int | str | None
    at_least: float | None = None
    aim: float | None = None

    @property
    def below(self) -> bool:
        """Whether it falls short of what is demanded."""
        return self.at_least is not None and isinstance(self.value, float) and self.value < self.at_least


def report(data: Path, names: Iterable[str], *, nlp: Language | None = None, workers: int = 1) -> dict[str, Any]:
    """Score a pipeline on development sets.

    Args:
        data: Folder that holds `gold/` and `data/`.
        names: Some of `sets.SETS`.
        nlp: The pipeline; the shipped one if not given.
        workers: Number of processes that read.

    Returns:
        Plain data, ready for JSON: `figures` by set; `thresholds`, the figures of which something is demanded; and
        `published`, figures of others that were not measured here, each with ours that comes nearest.

    Raises:
        FileNotFoundError: If a set or the scorer is not there.
    """
    figures = {name: score_set(data, name, nlp=nlp, workers=workers) for name in names}
    measured = list(rows(figures))
    values = {(row.set, row.figure): row.value for row in measured}
    return {
        "figures": figures,
        "thresholds": [
            {
                "set": row.set,
                "figure": row.figure,
                "value": row.value,
                "at least": row.at_least,
                "aim": row.aim,
                "below": row.below,
            }
            for row in measured
            if row.at_least is not None
        ],
        "published": [
            {
                "system": p.system,
                "corpus and protocol": p.protocol,
                "figure": p.figure,
                "value": p.value,
                "reference": p.reference,
                "measured here": False,
                "ours": {"set": p.set, "figure": p.ours, "value": values[p.set, p.ours]},
            }
            for p in published()
            if (p.set, p.ours) in values
        ],
    }


def rows(figures: dict[str, Figures]) -> Iterator[Row]:
    """Yield every figure of some sets, those of one set together, beside what is demanded of it.

    Args:
        figures: The figures of each set, as `report` gives them.
    """
    demanded = {(row["set"], row["figure"]): (float(row["at least"]), float(row["aim"])) for row in table("thresholds.tsv")}
    for name, scored in figures.items():
        for figure, value in _flat(scored):
            yield Row(name, figure, value, *demanded.get((name, figure), (None, None)))


def _flat(scored: Figures, before: str = "") -> Iterator[tuple[str, float | int | str | None]]:
    for key, value in scored.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{key} · ")
        elif not isinstance(value, list):  # the bins of a calibration are for machines
            yield f"{before}{key}", value
