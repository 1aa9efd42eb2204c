"""The history of a question: one lane an actor, with every stance it took and when it changed."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.collections import LineCollection

from stancegraph.networks._choices import check_count
from stancegraph.plots import _style as style
from stancegraph.plots._axes import Box, axes_in, beside, column, draw_days, write
from stancegraph.plots._days import ordinal, short_day
from stancegraph.plots._figure import Plot, Words, counted, drawn, sheet, source_note, undated_note
from stancegraph.plots._marks import Sign, mark
from stancegraph.plots._text import fitted, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from matplotlib.axes import Axes
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.graph._selecting import Conditions
    from stancegraph.graph.answers import Step
    from stancegraph.models import Actor, Outcome, Position

_STEADY, _DATE = 0.25, 0.14  # height in inches of a lane, and of a row of dates above or below it
_BELOW = 0.4  # for the names of days
_MOST_LEFT, _RIGHT = 1.9, 0.78  # for the names of actors and of their last stance
_RECALLED = 0.09  # by which what is recalled stands above its lane
_NUDGE, _SPACE = 0.12, 0.04  # by which a date may stand beside its change, and between two
_EDGE = 0.02  # of all days, before the first and after the last
_MANY_DAYS = 4 * 365  # more than these, and dates need a year


class _Lane(NamedTuple):
    """An actor's steps: those with a date, in its order, and those that texts only recall."""

    name: str
    dated: list[Step]
    recalled: list[Step]

    @property
    def changes(self) -> list[Step]:
        return [after for before, after in pairwise(self.dated) if after.stance is not before.stance]

    @property
    def positions(self) -> int:
        return sum(len(step.positions) for step in (*self.dated, *self.recalled))

    @property
    def weight(self) -> style.Weight:
        return "bold" if self.changes else "normal"

    def height(self, dates: Sequence[_Date]) -> float:
        return _STEADY + _DATE * len({date.below for date in dates})


class _Date(NamedTuple):
    """The date of a change: the day above which its middle is, its words, and whether they stand below the lane instead."""

    day: float
    words: str
    below: bool


class _Days(NamedTuple):
    """The days that are drawn, and how many inches one is wide."""

    first: int
    last: int
    inches: float


@drawn
def plot_history(
    graph: StanceGraph,
    outcome: Outcome | str,
    *,
    actors: Iterable[Actor | str] | None = None,
    most: int = 20,
    title: str | None = None,
    width: float = style.WIDTH,
    **conditions: Unpack[Conditions],
) -> Plot:
    """Draw how each actor stood on an outcome over time, as `graph.history` tells it.

    Each lane is one actor: a mark at every time at which it took a position, in the colour and shape of its stance, a band
    for the stance that stands until the next one, and the date where it changes. What a text dates only to some days has a
    line over them; what texts only recall, without saying when, is hollow. Who changes comes first, then who says most.

    Args:
        graph: The graph.
        outcome: What they take sides on.
        actors: Whose lanes to draw, in this order; by default of everybody with a dated position on the outcome.
        most: How many lanes to draw.
        title: What to write above; by default the outcome.
        width: The width in inches; the height comes from the lanes.
        conditions: What positions count, as in `graph.history`; `by="affiliation"` draws countries and bodies.

    Raises:
        UnknownName: If nothing or nobody is called so.
        AmbiguousName: If several are meant equally well.
        ValueError: If nothing on the outcome has a date, or an actor has no dated position on it.
    """
    check_count("most", most)
    wanted = graph.outcome(outcome) if isinstance(outcome, str) else outcome
    steps = list(graph.history(outcome=wanted, **conditions))
    lanes = _lanes(steps)
    if not lanes:
        raise ValueError(f"no position on {wanted.label!r} has a date; give the documents dates, or draw plot_sides")
    if actors is None:
        lanes.sort(key=lambda lane: (not lane.changes, -lane.positions, lane.name))
    else:
        lanes = [_lane_of(graph, actor, wanted, conditions) for actor in actors]
        if not lanes:
            raise ValueError("actors=[] names nobody; leave it out for everybody")
    shown = lanes[:most]
    words = _words(graph.positions(outcome=wanted, **conditions), lanes, shown, wanted.label if title is None else title)
    names = column(((lane.name, lane.weight) for lane in shown), _MOST_LEFT)
    days = _days(shown, width - 2 * style.MARGIN - names - _RIGHT)
    dates = [_dates(lane, days) for lane in shown]
    heights = [lane.height(of_lane) for lane, of_lane in zip(shown, dates, strict=True)]
    figure, box = sheet(words, body=sum(heights) + _BELOW, width=width)
    axes = axes_in(figure, Box(box.left + names, box.bottom + _BELOW, box.width - names - _RIGHT, box.height - _BELOW))
    _draw_axis(axes, days, sum(heights))
    top = sum(heights)
    for lane, of_lane, height in zip(shown, dates, heights, strict=True):
        above = any(not date.below for date in of_lane)
        _draw_lane(axes, lane, of_lane, top - _STEADY / 2 - _DATE * above, days.last, names)
        top -= height
    return figure


def _lanes(steps: Iterable[Step]) -> list[_Lane]:
    """Return a lane for everybody with a dated step, by name."""
    found: dict[str, _Lane] = {}
    for step in steps:
        lane = found.setdefault(step.actor.name, _Lane(step.actor.name, [], []))
        if step.since:
            lane.dated.append(step)
        elif step.recalled:
            lane.recalled.append(step)
    return [found[name] for name in sorted(found) if found[name].dated]


def _lane_of(graph: StanceGraph, actor: Actor | str, outcome: Outcome, conditions: Conditions) -> _Lane:
    lanes = _lanes(graph.history(actor, outcome, **conditions))
    if not lanes:
        name = actor if isinstance(actor, str) else actor.name
        raise ValueError(f"{name!r} has no dated position on {outcome.label!r}; leave it out of actors=…")
    return lanes[0]


def _words(positions: Sequence[Position], lanes: Sequence[_Lane], shown: Sequence[_Lane], title: str) -> Words:
    changed = sum(bool(lane.changes) for lane in lanes)
    note = [source_note(positions)]
    left = lanes[len(shown) :]
    if left:
        steady = "" if any(lane.changes for lane in left) else ", none of whom changed"
        note.append(f"Left out: {counted(len(left), 'actor')} with as few positions or fewer{steady}.")
    note += undated_note(positions)
    present = {step.stance for lane in shown for step in (*lane.dated, *lane.recalled)}
    key = [Sign(s.value, style.COLOURS[s], style.MARKERS[s]) for s in style.STANCES if s in present]
    if any(lane.recalled for lane in shown):
        key.append(Sign("recalled, day unknown", style.MUTED, "o", hollow=True))
    how_many = f"{changed:,} of {counted(len(lanes), 'actor')} changed, at the larger marks"
    return Words(
        title=title,
        subtitle=f"The stance of each actor over time; {how_many if changed else 'nobody changed'}",
        note=" ".join(note),
        key=key,
    )


def _days(lanes: Sequence[_Lane], room: float) -> _Days:
    first = min(ordinal(lane.dated[0].since) for lane in lanes)
    last = max(ordinal(step.until) for lane in lanes for step in (*lane.dated, *lane.recalled))
    return _Days(first, last, room / ((1 + 2 * _EDGE) * max(last - first, 1)))


def _dates(lane: _Lane, days: _Days) -> list[_Date]:
    """Return the dates of changes, above the lane or else below it; one that has room in neither row is left out."""
    found: list[_Date] = []
    free = {False: -math.inf, True: -math.inf}
    for step in lane.changes:
        day = ordinal(step.since)
        words = short_day(step.date or "", with_year=days.last - days.first > _MANY_DAYS)
        reach = width_of(words, style.SMALL) / 2 / days.inches
        for below, begin in free.items():
            middle = max(float(day), begin + reach)
            if middle - day < _NUDGE / days.inches:
                found.append(_Date(middle, words, below))
                free[below] = middle + reach + _SPACE / days.inches
                break
    return found


def _draw_axis(axes: Axes, days: _Days, height: float) -> None:
    edge = _EDGE * max(days.last - days.first, 1)
    axes.set_xlim(days.first - edge, days.last + edge)
    axes.set_ylim(0, height)  # inches
    draw_days(axes, days.first, days.last, (days.last - days.first + 2 * edge) * days.inches)
    axes.set_yticks([])


def _draw_lane(axes: Axes, lane: _Lane, dates: Sequence[_Date], middle: float, last: int, names: float) -> None:
    stance = lane.dated[-1].stance
    beside(axes, middle, fitted(lane.name, names - 0.1, style.LABEL, lane.weight), -names, weight=lane.weight)
    beside(axes, middle, stance.value, 0.1, colour=style.of_text(style.COLOURS[stance]))
    _draw_bands(axes, lane, middle, last)
    _draw_marks(axes, lane, middle)
    for date in dates:
        y = middle + (-0.195 if date.below else 0.105)
        write(axes, date.day, y, date.words, size=style.SMALL, halo=True, ha="center", va="baseline")


def _draw_bands(axes: Axes, lane: _Lane, middle: float, last: int) -> None:
    """Draw which stance stands when, and over which days something was stated."""
    days = [ordinal(step.since) for step in lane.dated]
    bands = [[(day, middle), (end, middle)] for day, end in pairwise([*days, last])]
    colours = [style.tint(style.COLOURS[step.stance], 0.38) for step in lane.dated]
    axes.add_collection(LineCollection(bands, colors=colours, linewidths=5.5, capstyle="butt", zorder=2), autolim=False)
    vague = [[(day, middle), (ordinal(step.until), middle)] for day, step in zip(days, lane.dated, strict=True)]
    dark = [style.COLOURS[step.stance] for step in lane.dated]
    axes.add_collection(LineCollection(vague, colors=dark, linewidths=1.4, capstyle="butt", zorder=3), autolim=False)


def _draw_marks(axes: Axes, lane: _Lane, middle: float) -> None:
    for step in lane.dated:
        size = 8.5 if step in lane.changes else 6
        axes.add_line(mark(ordinal(step.since), middle, _sign(step), size, zorder=4, clip_on=False))
    for number, step in enumerate(lane.recalled):
        x = ordinal(step.until)
        axes.add_line(mark(x, middle + (number + 1) * _RECALLED, _sign(step), 5, zorder=5, clip_on=False))


def _sign(step: Step) -> Sign:
    return Sign("", style.COLOURS[step.stance], style.MARKERS[step.stance], hollow=step.recalled)
