"""The history of a question: one lane an actor, with every stance it took and when it changed."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.collections import LineCollection

from stancegraph.networks._choices import check_count
from stancegraph.plots import _style as style
from stancegraph.plots._days import short_day, ticks
from stancegraph.plots._figure import (
    Box,
    Plot,
    Sign,
    Words,
    axes_in,
    beside,
    column,
    counted,
    drawn,
    mark,
    name_ticks,
    sheet,
    source_note,
)
from stancegraph.plots._standing import standings, steps_on
from stancegraph.plots._text import fitted, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes

    from stancegraph.graph import StanceGraph
    from stancegraph.models import Actor, Outcome
    from stancegraph.networks.events import By
    from stancegraph.plots._standing import Standing

_STEADY, _CHANGING = 0.25, 0.4  # height of a lane in inches
_BELOW = 0.4  # for the names of days
_MOST_LEFT, _RIGHT = 1.9, 0.78  # for the names of actors and of their last stance
_APART = 0.15  # between marks of one day
_NUDGE = 0.12  # inches by which a date may stand beside its change
_MANY_DAYS = 4 * 365  # more than these, and dates need a year


class _Lane(NamedTuple):
    name: str
    history: list[Standing]

    @property
    def changes(self) -> int:
        return sum(bool(standing.changes) for standing in self.history)

    @property
    def positions(self) -> int:
        return sum(len(standing.steps) for standing in self.history)

    @property
    def most_at_once(self) -> int:
        return max(standing.at_once for standing in self.history)

    @property
    def weight(self) -> style.Weight:
        return "bold" if self.changes else "normal"

    @property
    def height(self) -> float:
        return (_CHANGING if self.changes else _STEADY) + (self.most_at_once - 1) * _APART


@drawn
def plot_history(
    graph: StanceGraph,
    outcome: Outcome | str,
    *,
    actors: Iterable[Actor | str] | None = None,
    by: By = "actor",
    most: int = 20,
    title: str | None = None,
    width: float = style.WIDTH,
) -> Plot:
    """Draw how each actor stood on an outcome over time.

    Each lane is one actor: a mark for every position, in the colour and shape of its stance, a band for the stance that
    stands until the next one, and the date where it changes. Who changes comes first, then who says most.

    Args:
        graph: The graph.
        outcome: What they take sides on.
        actors: Whose lanes to draw, in this order; by default of everybody with a dated position on the outcome.
        by: Whose lanes they are: the "actor", or the "affiliation" that the holder speaks for.
        most: How many lanes to draw.
        title: What to write above; by default the outcome.
        width: The width in inches; the height comes from the lanes.

    Raises:
        UnknownName: If nothing or nobody is called so.
        AmbiguousName: If several are meant equally well.
        ValueError: If nothing on the outcome has a date, or an actor has no dated position on it.
    """
    check_count("most", most)
    wanted = graph.outcome(outcome) if isinstance(outcome, str) else outcome
    steps = steps_on(graph, wanted, by)
    if not steps:
        raise ValueError(f"no position on {wanted.label!r} has a date; give the documents dates, or draw plot_sides")
    lanes = [_Lane(name, standings(said)) for name, said in steps.items()]
    lanes = _ordered(lanes) if actors is None else _chosen(graph, lanes, actors)
    shown = lanes[:most]
    figure, box = sheet(
        _words(graph, wanted, lanes, shown, title), body=sum(lane.height for lane in shown) + _BELOW, width=width
    )
    first = min(lane.history[0].day for lane in lanes)
    last = max(step.until for lane in lanes for step in lane.history[-1].steps)
    _draw(figure, box, shown, first, last)
    return figure


def _ordered(lanes: Iterable[_Lane]) -> list[_Lane]:
    return sorted(lanes, key=lambda lane: (not lane.changes, -lane.positions, lane.name))


def _chosen(graph: StanceGraph, lanes: Sequence[_Lane], actors: Iterable[Actor | str]) -> list[_Lane]:
    lane_of = {lane.name: lane for lane in lanes}
    found = []
    for actor in actors:
        name = actor if isinstance(actor, str) else actor.name
        if name not in lane_of:
            name = graph.actor(name).name
        if name not in lane_of:
            raise ValueError(f"{name!r} has no dated position on this outcome; those who have: {', '.join(sorted(lane_of))}")
        found.append(lane_of[name])
    if not found:
        raise ValueError("actors=[] names nobody; leave it out for everybody")
    return found


def _words(graph: StanceGraph, outcome: Outcome, lanes: Sequence[_Lane], shown: Sequence[_Lane], title: str | None) -> Words:
    placed = [one for one in graph.placed if one.outcome == outcome]
    changed = sum(bool(lane.changes) for lane in lanes)
    note = [source_note(placed)]
    left = lanes[len(shown) :]
    if left:
        steady = "" if any(lane.changes for lane in left) else ", none of whom changed"
        note.append(f"Left out: {counted(len(left), 'actor')} with as few positions or fewer{steady}.")
    present = {step.stance for lane in shown for standing in lane.history for step in standing.steps}
    return Words(
        title=outcome.label if title is None else title,
        subtitle="The stance of each actor over time; "
        + (
            f"{changed} of {counted(len(lanes), 'actor')} changed, on the dates above their lanes"
            if changed
            else "nobody changed"
        ),
        note=" ".join(note),
        key=[Sign(s.value, style.COLOURS[s], style.MARKERS[s]) for s in style.STANCES if s in present],
    )


def _draw(figure: Plot, box: Box, lanes: Sequence[_Lane], first: int, last: int) -> None:
    names = column(((lane.name, lane.weight) for lane in lanes), _MOST_LEFT)
    inner = Box(box.left + names, box.bottom + _BELOW, box.width - names - _RIGHT, box.height - _BELOW)
    axes = axes_in(figure, inner)
    days = max(last - first, 1)
    edge = 0.02 * days
    axes.set_xlim(first - edge, last + edge)
    axes.set_ylim(0, inner.height)  # inches
    marks = ticks(first, last, inner.width)
    name_ticks(axes, "x", [tick.day for tick in marks], [tick.label for tick in marks])
    axes.set_yticks([])
    axes.grid(axis="x", color=style.RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    top = inner.height
    for lane in lanes:
        middle = top - lane.height + _STEADY / 2 + (lane.most_at_once - 1) * _APART / 2
        stance = lane.history[-1].stance
        beside(axes, middle, fitted(lane.name, names - 0.1, style.LABEL, lane.weight), -names, weight=lane.weight)
        beside(axes, middle, stance.value, 0.1, colour=style.of_text(style.COLOURS[stance]))
        _draw_band(axes, lane, middle, last)
        for standing in lane.history:
            _draw_marks(axes, standing, middle)
        _date_changes(axes, lane, middle, inner.width / (days + 2 * edge), with_year=days > _MANY_DAYS)
        top -= lane.height


def _draw_band(axes: Axes, lane: _Lane, middle: float, last: int) -> None:
    """Draw which stance stands when."""
    ends = [*(standing.day for standing in lane.history[1:]), last]
    bands = [[(standing.day, middle), (end, middle)] for standing, end in zip(lane.history, ends, strict=True)]
    colours = [style.tint(style.COLOURS[standing.stance], 0.38) for standing in lane.history]
    axes.add_collection(LineCollection(bands, colors=colours, linewidths=5.5, capstyle="butt", zorder=2), autolim=False)


def _date_changes(axes: Axes, lane: _Lane, middle: float, inches: float, *, with_year: bool) -> None:
    """Write the date above each change, unless the one before leaves no room for it; a day is so many inches wide."""
    free = -math.inf
    for standing in lane.history:
        if not standing.changes:
            continue
        words = short_day(standing.changes[-1].date, with_year=with_year)
        reach = width_of(words, style.SMALL) / 2 / inches
        day = max(float(standing.day), free + reach)
        if day - standing.day < _NUDGE / inches:
            y = middle + (standing.at_once - 1) * _APART / 2 + 0.105
            label = axes.text(day, y, words, color=style.INK, ha="center", va="baseline", zorder=5)
            label.set_fontproperties(style.font(style.SMALL))
            label.set_path_effects(style.HALO)
            free = day + reach + 0.04 / inches


def _draw_marks(axes: Axes, standing: Standing, middle: float) -> None:
    """Draw the positions of one day, one mark a stance, the last of them lowest."""
    changed = {step.stance for step in standing.changes}
    for number, stance in enumerate(dict.fromkeys(step.stance for step in standing.steps)):
        y = middle + ((standing.at_once - 1) / 2 - number) * _APART
        sign = Sign("", style.COLOURS[stance], style.MARKERS[stance])
        axes.add_line(mark(standing.day, y, sign, 8.5 if stance in changed else 6, zorder=4, clip_on=False))
