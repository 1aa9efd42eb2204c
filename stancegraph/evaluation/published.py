"""Figures that others have published: printed beside ours, never measured here."""

from __future__ import annotations

from typing import NamedTuple

from stancegraph.evaluation.tables import table


class Published(NamedTuple):
    """A published figure.

    Args:
        system: Whose figure it is.
        protocol: Corpus and protocol on which it was measured.
        figure: What was measured.
        value: The figure, in [0, 1].
        reference: Where it was published.
        set: The development set whose figure comes nearest.
        ours: That figure's name.
    """

    system: str
    protocol: str
    figure: str
    value: float
    reference: str
    set: str
    ours: str


def published() -> list[Published]:
    """Return the published figures."""
    return [
        Published(
            row["system"],
            row["corpus and protocol"],
            row["figure"],
            float(row["value"]),
            row["reference"],
            row["set"],
            row["ours"],
        )
        for row in table("published.tsv")
    ]
