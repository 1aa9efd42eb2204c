"""Signs, each of which means one thing in a plot and in its key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from matplotlib.lines import Line2D

from stancegraph.plots import _style as style

# Marks of one size that look as large as each other.
_EVEN = {"x": 0.8, "^": 1.12, "v": 1.12, "D": 0.86, "s": 0.92, "p": 1.1, "h": 1.05}


@dataclass(frozen=True)
class Sign:
    """What a mark or line of the plot means, for its key."""

    meaning: str
    colour: str
    marker: str = ""
    dashes: style.Dashes | None = None
    hollow: bool = False


def mark(x: float, y: float, sign: Sign, size: float, **more: Any) -> Line2D:  # noqa: ANN401 - as in matplotlib
    """Return the mark of a sign, to be added to axes or a figure."""
    return Line2D(
        [x],
        [y],
        linestyle="none",
        marker=sign.marker,
        markersize=size * _EVEN.get(sign.marker, 1.0),
        markerfacecolor=style.PAPER if sign.hollow else sign.colour,
        markeredgecolor=sign.colour if sign.hollow or sign.marker == "x" else style.PAPER,
        markeredgewidth=1.4 if sign.hollow or sign.marker == "x" else 0.7,
        **more,
    )
