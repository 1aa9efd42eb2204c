"""Polarisation over time: how far a debate falls into camps, and how much is said meanwhile."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.patches import Rectangle

from stancegraph.networks import events, polarisation_over_time
from stancegraph.networks import windows as all_windows
from stancegraph.plots import _style as style
from stancegraph.plots._axes import Box, axes_in, beside, draw_days, grid, name_ticks
from stancegraph.plots._days import ordinal
from stancegraph.plots._figure import Plot, Words, check_periods, drawn, sheet, source_note_of
from stancegraph.plots._marks import Sign, mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import EventSettings
    from stancegraph.networks.windows import Unit

_ABOVE, _APART, _UNDER, _BELOW = 2.1, 0.3, 0.65, 0.4  # inches from top to bottom
_LEFT, _RIGHT = 0.42, 1.0
_COLOUR = style.CAMPS[2].colour
_NOTHING = style.ALONE.colour
_DOT, _CROSS = Sign("", _COLOUR, "o"), Sign("no two actors agree", _NOTHING, "x")
_MANY = 60  # windows, above which the line is enough


class _Window(NamedTuple):
    since: int
    until: int
    events: int
    polarisation: float

    @property
    def middle(self) -> float:
        return (self.since + self.until + 1) / 2

    @property
    def known(self) -> bool:
        return not math.isnan(self.polarisation)


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
    check_periods(len(all_windows(graph, unit=unit, size=size, step=step, **settings)), unit)
    table = polarisation_over_time(graph, unit=unit, size=size, step=step, groups=groups, **settings)
    if not len(table):
        raise ValueError("no position for or against anything has a date; give the documents dates")
    windows = [
        _Window(ordinal(str(since)), ordinal(str(until)), int(number), float(value))
        for since, until, number, value in zip(
            table["since"], table["until"], table["events"], table["polarisation"], strict=True
        )
    ]
    words = Words(
        title="How far the debate falls into camps" if title is None else title,
        subtitle=f"Polarisation in windows of {_size_of(unit, size, step)}, and the number of events in each",
        note=source_note_of(graph, [event for event in events(graph, **settings) if event.date]),
        key=[_CROSS] if any(window.events and not window.known for window in windows) else (),
    )
    figure, box = sheet(words, body=_ABOVE + _APART + _UNDER + _BELOW, width=width, height=height)
    below = _UNDER + _APART + _BELOW
    left, across = box.left + _LEFT, box.width - _LEFT - _RIGHT
    _draw_line(axes_in(figure, Box(left, box.bottom + below, across, box.height - below)), windows, groups)
    _draw_events(axes_in(figure, Box(left, box.bottom + _BELOW, across, _UNDER)), windows, across, unit)
    return figure


def _size_of(unit: Unit, size: int, step: int | None) -> str:
    if unit == "events":
        return f"{size:,} events or more"
    several = f"{size:,} {unit}" if size > 1 else f"one {unit.removesuffix('s')}"
    return several + (f" that move by {step:,}" if step and step != size else "")


def _draw_line(axes: Axes, windows: Sequence[_Window], groups: int | None) -> None:
    most = 1 - 1 / groups if groups else 1.0
    axes.set_xlim(windows[0].since, windows[-1].until + 1)
    axes.set_ylim(-0.03 * most, most * 1.03)
    marks = [most * share / 5 for share in range(6)]
    name_ticks(axes, "y", marks, [f"{value:.2g}" for value in marks])
    axes.set_xticks([])
    grid(axes, "y")
    beside(axes, 0, "no camps", 0.08, colour=style.MUTED)
    beside(axes, most, "separate camps", 0.08, colour=style.MUTED)
    x, y = [window.middle for window in windows], [window.polarisation for window in windows]
    axes.plot(x, y, color=_COLOUR, linewidth=2.2, zorder=3, solid_capstyle="round")
    for window in windows:
        if window.events and not window.known:
            axes.add_line(mark(window.middle, 0, _CROSS, 7, zorder=4, clip_on=False))
        elif window.known and (len(windows) <= _MANY or _alone(window, windows)):
            axes.add_line(mark(window.middle, window.polarisation, _DOT, 7, zorder=4, clip_on=False))
    last = windows[-1].polarisation
    if 0.08 * most < last < 0.92 * most:
        beside(axes, last, f"{last:.2f}", 0.08, colour=style.of_text(_COLOUR), weight="bold")


def _alone(window: _Window, windows: Sequence[_Window]) -> bool:
    """Whether no neighbour has a value, so that no line leads there."""
    place = windows.index(window)
    return not any(neighbour.known for neighbour in (*windows[max(0, place - 1) : place], *windows[place + 1 : place + 2]))


def _draw_events(axes: Axes, windows: Sequence[_Window], room: float, unit: Unit) -> None:
    first, last = windows[0].since, windows[-1].until
    most = max(window.events for window in windows)
    axes.set_xlim(first, last + 1)
    axes.set_ylim(0, most)
    name_ticks(axes, "y", [0, most], ["0", f"{most:,}"])
    # Windows that overlap are told apart by their middles.
    overlap = any(later.since <= window.until for window, later in pairwise(windows))
    steps = [later.middle - window.middle for window, later in pairwise(windows)]
    for window in windows:
        length = min(steps) if overlap else window.until + 1 - window.since
        bar = Rectangle((window.middle - 0.46 * length, 0), 0.92 * length, window.events, facecolor=_NOTHING, linewidth=0)
        axes.add_patch(bar)
    middles = {} if overlap else {window.since: window.middle for window in windows}
    draw_days(axes, first, last, room, unit="days" if unit == "events" else unit, middles=middles)
    axes.plot([first, last + 1], [0, 0], color=style.INK, linewidth=0.9)
    beside(axes, most / 2, "events", 0.08, colour=style.MUTED)
