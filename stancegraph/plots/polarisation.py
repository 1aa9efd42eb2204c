"""Polarisation over time: how far a debate falls into camps, and how much is said meanwhile."""

from __future__ import annotations

import datetime
import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.patches import Rectangle

from stancegraph.networks import events, polarisation_over_time
from stancegraph.plots import _style as style
from stancegraph.plots._days import ticks
from stancegraph.plots._figure import Box, Plot, Sign, Words, axes_in, beside, drawn, mark, name_ticks, sheet, source_note_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import EventSettings
    from stancegraph.networks.windows import Unit

_ABOVE, _APART, _UNDER, _BELOW = 2.1, 0.3, 0.65, 0.4  # inches from top to bottom
_LEFT, _RIGHT = 0.42, 1.0
_MANY = 60  # windows, above which the line is enough
_COLOUR = style.CAMPS[2].colour
_NOTHING = style.ALONE.colour
_SIZES = {"days": "day", "weeks": "week", "months": "month", "years": "year"}


class _Window(NamedTuple):
    since: int
    until: int
    events: int
    polarisation: float

    @property
    def middle(self) -> float:
        return (self.since + self.until + 1) / 2


@drawn
def plot_polarisation(
    graph: StanceGraph,
    *,
    unit: Unit = "months",
    size: int = 1,
    step: int | None = None,
    groups: int | None = 2,
    title: str | None = None,
    width: float = style.WIDTH,
    height: float | None = None,
    **settings: Unpack[EventSettings],
) -> Plot:
    """Draw the polarisation of a debate in time windows, and below it the number of events in each.

    Windows in which no two actors agree have no polarisation; the line is broken there.

    Args:
        graph: The graph.
        unit: As in `stancegraph.networks.windows`.
        size: How many units a window has.
        step: By how many units it moves on; by default `size`.
        groups: As in `stancegraph.networks.polarisation`.
        title: What to write above.
        width: The width in inches.
        height: The height in inches.
        settings: As in `stancegraph.networks.events`.

    Raises:
        ValueError: If no position has a date; or as in `polarisation_over_time`.
    """
    table = polarisation_over_time(graph, unit=unit, size=size, step=step, groups=groups, **settings)
    if not len(table):
        raise ValueError("no position has a date, so there is nothing to draw over time; give the documents dates")
    windows = [
        _Window(_ordinal(row.since), _ordinal(row.until), int(row.events), float(row.polarisation))
        for row in table.itertuples()
    ]
    words = Words(
        title="How far the debate falls into camps" if title is None else title,
        subtitle=f"Polarisation in windows of {_size_of(unit, size, step)}, and the number of events in each",
        note=source_note_of(graph, [event for event in events(graph, **settings) if event.date]),
        key=[Sign("no two actors agree", _NOTHING, "x")]
        if any(math.isnan(w.polarisation) and w.events for w in windows)
        else (),
    )
    figure, box = sheet(words, body=_ABOVE + _APART + _UNDER + _BELOW, width=width, height=height)
    inner = Box(box.left + _LEFT, box.bottom, box.width - _LEFT - _RIGHT, box.height)
    most = 1 - 1 / groups if groups else 1.0
    _draw_line(figure, inner, windows, most)
    _draw_events(figure, inner, windows)
    return figure


def _size_of(unit: Unit, size: int, step: int | None) -> str:
    if unit == "events":
        return f"{size:,} events or more"
    several = f"{size:,} {unit}" if size > 1 else f"one {_SIZES[unit]}"
    return several + (f" that move by {step:,}" if step and step != size else "")


def _ordinal(day: object) -> int:
    return datetime.date.fromisoformat(str(day)).toordinal()


def _draw_line(figure: Plot, inner: Box, windows: Sequence[_Window], most: float) -> None:
    below = _UNDER + _APART + _BELOW
    axes = axes_in(figure, Box(inner.left, inner.bottom + below, inner.width, inner.height - below))
    axes.set_xlim(windows[0].since, windows[-1].until + 1)
    axes.set_ylim(-0.03 * most, most * 1.03)
    marks = [most * share / 5 for share in range(6)]
    name_ticks(axes, "y", marks, [f"{value:.2g}" for value in marks])
    axes.set_xticks([])
    axes.grid(axis="y", color=style.RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    beside(axes, 0, "no camps", 0.08, colour=style.MUTED)
    beside(axes, most, "separate camps", 0.08, colour=style.MUTED)
    axes.plot(
        [w.middle for w in windows],
        [w.polarisation for w in windows],
        color=_COLOUR,
        linewidth=2.2,
        zorder=3,
        solid_capstyle="round",
    )
    for w in windows:
        if math.isnan(w.polarisation):
            sign = Sign("", _NOTHING, "x") if w.events else None
        else:
            sign = Sign("", _COLOUR, "o") if len(windows) <= _MANY else None
        if sign:
            place = 0.0 if math.isnan(w.polarisation) else w.polarisation
            axes.add_line(mark(w.middle, place, sign, 7, zorder=4, clip_on=False))
    last = next((w for w in reversed(windows) if not math.isnan(w.polarisation)), None)
    if last and last is windows[-1] and 0.08 * most < last.polarisation < 0.92 * most:
        beside(axes, last.polarisation, f"{last.polarisation:.2f}", 0.08, colour=style.of_text(_COLOUR), weight="bold")


def _draw_events(figure: Plot, inner: Box, windows: Sequence[_Window]) -> None:
    axes = axes_in(figure, Box(inner.left, inner.bottom + _BELOW, inner.width, _UNDER))
    first, last = windows[0].since, windows[-1].until
    axes.set_xlim(first, last + 1)
    most = max(w.events for w in windows)
    axes.set_ylim(0, most)
    # Windows that overlap are told apart by their middles.
    overlap = any(w.until >= later.since for w, later in pairwise(windows))
    steps = [later.middle - w.middle for w, later in pairwise(windows)]
    for w in windows:
        length = min(steps) if overlap else w.until + 1 - w.since
        axes.add_patch(Rectangle((w.middle - 0.46 * length, 0), 0.92 * length, w.events, facecolor=_NOTHING, linewidth=0))
    name_ticks(axes, "y", [0, most], ["0", f"{most:,}"])
    marks = ticks(first, last, inner.width)
    middle_of = {} if overlap else {w.since: w.middle for w in windows}
    name_ticks(axes, "x", [middle_of.get(tick.day, tick.day) for tick in marks], [tick.label for tick in marks])
    axes.plot([first, last + 1], [0, 0], color=style.INK, linewidth=0.9)
    beside(axes, most / 2, "events", 0.08, colour=style.MUTED)
