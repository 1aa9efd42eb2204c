"""The balance of a question over time: how many actors support it, oppose it or stand between, at each date."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from matplotlib.patches import Rectangle

from stancegraph.models import Stance, days_of
from stancegraph.plots import _style as style
from stancegraph.plots._axes import Box, axes_in, beside, draw_days, write
from stancegraph.plots._days import ordinal
from stancegraph.plots._figure import Plot, Words, check_periods, counted, drawn, sheet, source_note, undated_note
from stancegraph.plots._places import spread
from stancegraph.plots._text import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.graph._selecting import Conditions
    from stancegraph.graph.answers import Balance
    from stancegraph.models import Outcome

Unit = Literal["days", "weeks", "months", "years"]

_BODY, _BELOW, _RIGHT = 2.9, 0.4, 1.15  # inches
_NEITHER = "#8d949b"
_COLOURS = {
    Stance.SUPPORTS: style.COLOURS[Stance.SUPPORTS],
    Stance.MIXED: _NEITHER,
    Stance.UNDECIDED: style.tint(_NEITHER, 0.5),
    Stance.OPPOSES: style.COLOURS[Stance.OPPOSES],
}
_VERBS = {Stance.SUPPORTS: "support", Stance.OPPOSES: "oppose"}
_LEAST_NUMBER = 0.15  # inches of the height of a bar's part that holds a number
_MOST_ACTOR, _MOST_BAR = 0.3, 1.0  # inches that one actor is high, and a bar wide


class _Bar(NamedTuple):
    """A bar, from its first day to the last, with the number of actors of each stance."""

    since: int
    until: int
    counts: dict[Stance, int]

    @property
    def middle(self) -> float:
        return (self.since + self.until + 1) / 2

    @property
    def top(self) -> float:
        return self.counts[Stance.SUPPORTS] + (self.counts[Stance.MIXED] + self.counts[Stance.UNDECIDED]) / 2

    @property
    def bottom(self) -> float:
        return self.top - sum(self.counts.values())

    def parts(self) -> list[tuple[Stance, float, int]]:
        """Return the parts that are there, from top to bottom, each with its lower end and its height."""
        y, found = self.top, []
        for stance in style.STANCES:
            y -= self.counts[stance]
            found.append((stance, y, self.counts[stance]))
        return [part for part in found if part[2]]


@drawn
def plot_balance(
    graph: StanceGraph,
    outcome: Outcome | str,
    *,
    unit: Unit = "months",
    title: str | None = None,
    width: float = style.WIDTH,
    height: float | None = None,
    **conditions: Unpack[Conditions],
) -> Plot:
    """Draw how many actors stood where on an outcome at the end of each period, as `graph.timeline` tells it.

    Support is above the middle line and opposition below it; who is mixed or undecided lies across it, half above and half
    below.

    Args:
        graph: The graph.
        outcome: What they take sides on.
        unit: The length of a period: "days", "weeks", "months" or "years".
        title: What to write above; by default the outcome.
        width: The width in inches.
        height: The height in inches.
        conditions: What positions count, as in `graph.timeline`; `by="affiliation"` counts countries and bodies.

    Raises:
        UnknownName: If nothing is called so.
        AmbiguousName: If several are meant equally well.
        ValueError: If nothing on the outcome has a date, or a setting makes no sense.
    """
    wanted = graph.outcome(outcome) if isinstance(outcome, str) else outcome
    rows = graph.timeline(wanted, unit=unit, **conditions)
    check_periods(len(rows), unit)
    bars = [_bar(row, unit) for row in rows]
    if not bars:
        raise ValueError(f"no position on {wanted.label!r} has a date; give the documents dates, or draw plot_sides")
    positions = graph.positions(outcome=wanted, **conditions)
    actors = counted(sum(bars[-1].counts.values()), "actor")
    words = Words(
        title=wanted.label if title is None else title,
        subtitle=f"{actors} by the stance that each had taken last, at the end of each {unit.removesuffix('s')}",
        note=" ".join([source_note(positions), *undated_note(positions)]),
    )
    reach = max(bar.top for bar in bars) - min(bar.bottom for bar in bars)
    figure, box = sheet(words, body=min(_BODY, _MOST_ACTOR * (reach + 1)) + _BELOW, width=width, height=height)
    _draw(figure, box, bars, unit)
    return figure


def _bar(row: Balance, unit: Unit) -> _Bar:
    since = ordinal(row.period)
    until = since + 6 if unit == "weeks" else days_of(row.period)[1].toordinal()
    counts = {Stance.SUPPORTS: row.supports, Stance.OPPOSES: row.opposes, Stance.MIXED: row.mixed}
    return _Bar(since, until, {**counts, Stance.UNDECIDED: row.undecided})


def _draw(figure: Plot, box: Box, bars: Sequence[_Bar], unit: Unit) -> None:
    inner = Box(box.left, box.bottom + _BELOW, min(box.width - _RIGHT, _MOST_BAR * len(bars)), box.height - _BELOW)
    axes = axes_in(figure, inner)
    first, last = bars[0].since, bars[-1].until
    axes.set_xlim(first, last + 1)
    up, down = max(bar.top for bar in bars), min(bar.bottom for bar in bars)
    axes.set_ylim(down - 0.02 * (up - down), up + 0.02 * (up - down))
    axes.set_yticks([])
    draw_days(axes, first, last, inner.width, unit=unit, middles={bar.since: bar.middle for bar in bars})
    actor = inner.height / (1.04 * (up - down))
    for bar in bars:
        _draw_bar(axes, bar, room=(bar.until + 1 - bar.since) * inner.width / (last + 1 - first), actor=actor)
    axes.axhline(0, color=style.INK, linewidth=0.9, zorder=4)
    _name_parts(axes, bars[-1], actor)


def _draw_bar(axes: Axes, bar: _Bar, *, room: float, actor: float) -> None:
    """Draw a bar; room is its width and actor the height of one actor, in inches."""
    length = bar.until + 1 - bar.since
    gap = 0.08 * length if room > 0.05 else 0  # bars that are narrow make an area
    for stance, y, number in bar.parts():
        colour = _COLOURS[stance]
        axes.add_patch(Rectangle((bar.since + gap / 2, y), length - gap, number, facecolor=colour, linewidth=0, zorder=2))
        words = f"{number:,}"
        # What lies between lies across the middle line, where there is no room for a number.
        if stance in _VERBS and room > width_of(words, style.SMALL) + 0.06 and number * actor > _LEAST_NUMBER:
            write(axes, bar.middle, y + number / 2, words, size=style.SMALL, colour=style.PAPER, ha="center")


def _name_parts(axes: Axes, bar: _Bar, actor: float) -> None:
    """Write beside the last bar what its parts are."""
    parts = bar.parts()
    places = spread([(y + number / 2) * actor for _, y, number in parts], style.LABEL * 1.25 / 72)
    for (stance, _, number), place in zip(parts, places, strict=True):
        sides = stance in _VERBS
        words = _VERBS[stance] + ("s" if number == 1 else "") if sides else stance.value
        colour = style.of_text(_COLOURS[stance]) if sides else style.MUTED
        beside(axes, place / actor, f"{number:,} {words}", 0.08, colour=colour, weight="bold")
