"""The balance of a question over time: how many actors support it, oppose it or stand between, at each date."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.patches import Rectangle

from stancegraph.models import Stance
from stancegraph.plots import _style as style
from stancegraph.plots._days import ticks
from stancegraph.plots._figure import Box, Plot, Words, axes_in, beside, counted, drawn, name_ticks, sheet, source_note
from stancegraph.plots._places import spread
from stancegraph.plots._standing import balance_on
from stancegraph.plots._text import width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from stancegraph.graph import StanceGraph
    from stancegraph.models import Outcome
    from stancegraph.networks.events import By
    from stancegraph.networks.windows import Unit
    from stancegraph.plots._standing import Period

_BODY, _BELOW, _RIGHT, _LEFT = 2.9, 0.4, 1.15, 0.1
_NEITHER = "#8d949b"
_COLOURS = {
    Stance.SUPPORTS: style.COLOURS[Stance.SUPPORTS],
    Stance.MIXED: _NEITHER,
    Stance.UNDECIDED: style.tint(_NEITHER, 0.5),
    Stance.OPPOSES: style.COLOURS[Stance.OPPOSES],
}
_LEAST_NUMBER = 0.15  # inches of the height of a bar's part that holds a number
_MOST_ACTOR = 0.3  # inches that one actor is high
_EVERY = {"days": "day", "weeks": "week", "months": "month", "years": "year"}


@drawn
def plot_balance(
    graph: StanceGraph,
    outcome: Outcome | str,
    *,
    unit: Unit = "months",
    by: By = "actor",
    title: str | None = None,
    width: float = style.WIDTH,
    height: float | None = None,
) -> Plot:
    """Draw how many actors stood where on an outcome, by the stance that each had taken last.

    A bar is the end of a day, week, month or year: support above the middle line, opposition below it; who is mixed or
    undecided lies across it, half above and half below.

    Args:
        graph: The graph.
        outcome: What they take sides on.
        unit: "days", "weeks", "months" or "years".
        by: Who is counted: the "actor", or the "affiliation" that the holder speaks for.
        title: What to write above; by default the outcome.
        width: The width in inches.
        height: The height in inches.

    Raises:
        UnknownName: If nothing is called so.
        AmbiguousName: If several are meant equally well.
        ValueError: If nothing on the outcome has a date, or a setting makes no sense.
    """
    wanted = graph.outcome(outcome) if isinstance(outcome, str) else outcome
    balance = balance_on(graph, wanted, unit, by)
    if not balance:
        raise ValueError(f"no position on {wanted.label!r} has a date; give the documents dates, or draw plot_sides")
    actors = sum(balance[-1].counts.values())
    words = Words(
        title=wanted.label if title is None else title,
        subtitle=f"{counted(actors, 'actor')} by the stance that each had taken last, at the end of each {_EVERY[unit]}",
        note=source_note(one for one in graph.placed if one.outcome == wanted),
    )
    reach = max(map(_top, balance)) - min(map(_bottom, balance))
    figure, box = sheet(words, body=min(_BODY, _MOST_ACTOR * (reach + 1)) + _BELOW, width=width, height=height)
    _draw(figure, box, balance)
    return figure


def _draw(figure: Plot, box: Box, balance: Sequence[Period]) -> None:
    inner = Box(box.left + _LEFT, box.bottom + _BELOW, box.width - _LEFT - _RIGHT, box.height - _BELOW)
    axes = axes_in(figure, inner)
    first, last = balance[0].since, balance[-1].until + 1
    axes.set_xlim(first, last)
    up = max(_top(period) for period in balance)
    down = min(_bottom(period) for period in balance)
    axes.set_ylim(down - 0.02 * (up - down), up + 0.02 * (up - down))
    unit = inner.height / (1.04 * (up - down))
    marks = ticks(first, last - 1, inner.width)
    middle_of = {period.since: (period.since + period.until + 1) / 2 for period in balance}
    name_ticks(axes, "x", [middle_of.get(tick.day, tick.day) for tick in marks], [tick.label for tick in marks])
    axes.set_yticks([])
    bar = min((period.until + 1 - period.since) for period in balance) * inner.width / (last - first)
    for period in balance:
        _draw_bar(axes, period, room=bar, unit=unit)
    axes.axhline(0, color=style.INK, linewidth=0.9, zorder=4)
    _name_last(axes, balance[-1], unit)


def _between(period: Period) -> int:
    return period.counts[Stance.MIXED] + period.counts[Stance.UNDECIDED]


def _top(period: Period) -> float:
    return period.counts[Stance.SUPPORTS] + _between(period) / 2


def _bottom(period: Period) -> float:
    return -period.counts[Stance.OPPOSES] - _between(period) / 2


def _parts(period: Period) -> list[tuple[Stance, float, int]]:
    """Return the parts of a bar from top to bottom, each with its lower end and its height."""
    y = _top(period)
    parts = []
    for stance in style.STANCES:
        y -= period.counts[stance]
        parts.append((stance, y, period.counts[stance]))
    return parts


def _draw_bar(axes: Axes, period: Period, *, room: float, unit: float) -> None:
    """Draw a bar; room is its width in inches, unit the height of one actor."""
    length = period.until + 1 - period.since
    gap = 0.08 * length if room > 0.05 else 0
    for stance, y, number in _parts(period):
        if not number:
            continue
        axes.add_patch(
            Rectangle((period.since + gap / 2, y), length - gap, number, facecolor=_COLOURS[stance], linewidth=0, zorder=2)
        )
        words = f"{number:,}"
        sides = stance in (Stance.SUPPORTS, Stance.OPPOSES)  # what lies between lies across the middle line
        if sides and room > width_of(words, style.SMALL) + 0.06 and number * unit > _LEAST_NUMBER:
            axes.text(
                period.since + length / 2,
                y + number / 2,
                words,
                color=style.PAPER,
                fontproperties=style.font(style.SMALL),
                ha="center",
                va="center_baseline",
                zorder=3,
            )


def _name_last(axes: Axes, period: Period, unit: float) -> None:
    """Write beside the last bar what its parts are."""
    parts = [(stance, y + number / 2, number) for stance, y, number in _parts(period) if number]
    places = spread([middle * unit for _, middle, _ in parts], style.LABEL * 1.25 / 72)
    verbs = {Stance.SUPPORTS: "support", Stance.OPPOSES: "oppose"}
    for (stance, _, number), place in zip(parts, places, strict=True):
        words = verbs.get(stance, stance.value)
        words += "s" if number == 1 and stance in verbs else ""
        colour = style.of_text(_COLOURS[stance]) if stance in verbs else style.MUTED
        beside(axes, place / unit, f"{number:,} {words}", 0.08, colour=colour, weight="bold")
