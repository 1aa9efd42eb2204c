"""The sides of a question: who stands on which of them now, and how often they have said so."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from matplotlib.collections import LineCollection

from stancegraph.models import Stance
from stancegraph.networks._choices import check_count
from stancegraph.plots import _style as style
from stancegraph.plots._days import day_words
from stancegraph.plots._figure import Box, Plot, Sign, Words, axes_in, counted, drawn, listing, mark, sheet, source_note
from stancegraph.plots._standing import last_words_on
from stancegraph.plots._text import fitted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from stancegraph.graph import StanceGraph
    from stancegraph.graph.queries import PlacedPosition
    from stancegraph.models import Outcome
    from stancegraph.networks.events import By

_ROW, _BETWEEN = 0.235, 0.12  # inches of a row, and between the sides
_DATES = 0.95  # inches for the date of each
_MOST_UNIT = 0.4  # inches that one position is long
_DOT = 7.5
_SIGN = {Stance.SUPPORTS: 1, Stance.OPPOSES: -1, Stance.MIXED: 0, Stance.UNDECIDED: 0}
_VERBS = {
    Stance.SUPPORTS: ("actors support", "actor supports"),
    Stance.MIXED: ("are mixed", "is mixed"),
    Stance.UNDECIDED: ("are undecided", "is undecided"),
    Stance.OPPOSES: ("oppose", "opposes"),
}


class _Row(NamedTuple):
    name: str
    stance: Stance
    positions: int
    confidence: float
    date: str


@drawn
def plot_sides(
    graph: StanceGraph,
    outcome: Outcome | str,
    *,
    by: By = "actor",
    most: int = 30,
    title: str | None = None,
    width: float = style.WIDTH,
) -> Plot:
    """Draw who supports an outcome, who opposes it, and who stands between, each by the stance taken last.

    Dots are the farther out the more positions of that stance an actor has, and the paler the less sure they were read.

    Args:
        graph: The graph.
        outcome: What they take sides on.
        by: Whose sides they are: the "actor", or the "affiliation" that the holder speaks for.
        most: How many to draw, those with most positions.
        title: What to write above; by default the outcome.
        width: The width in inches; the height comes from the rows.

    Raises:
        UnknownName: If nothing is called so.
        AmbiguousName: If several are meant equally well.
        ValueError: If there is no position on the outcome.
    """
    check_count("most", most)
    wanted = graph.outcome(outcome) if isinstance(outcome, str) else outcome
    rows = [_row(name, said) for name, said in last_words_on(graph, wanted, by).items()]
    if not rows:
        raise ValueError(f"nobody has a position on {wanted.label!r}")
    kept = sorted(rows, key=lambda row: (-row.positions, row.name))[:most]
    shown = sorted(kept, key=lambda row: (style.STANCES.index(row.stance), -_SIGN[row.stance] * row.positions, row.name))
    figure, box = sheet(_words(graph, wanted, rows, shown, title), body=_heights(shown)[-1] + 0.75 * _ROW, width=width)
    _draw(figure, box, shown)
    return figure


def _row(name: str, said: Sequence[PlacedPosition]) -> _Row:
    """Return the row of an actor from the positions of the stance that stands."""
    confidence = sum(placed.position.confidence for placed in said) / len(said)
    last = said[-1].position
    return _Row(name, last.stance, len(said), confidence, last.date or "")


def _words(graph: StanceGraph, outcome: Outcome, rows: Sequence[_Row], shown: Sequence[_Row], title: str | None) -> Words:
    counts = {stance: sum(row.stance is stance for row in rows) for stance in style.STANCES}
    parts = [f"{number:,} {_VERBS[stance][number == 1]}" for stance, number in counts.items() if number]
    note = [source_note(one for one in graph.placed if one.outcome == outcome)]
    if len(shown) < len(rows):
        note.append(f"Left out: {counted(len(rows) - len(shown), 'actor')} with as few positions or fewer.")
    if any(row.confidence < 0.9 for row in shown):
        note.append("Paler: less sure.")
    return Words(
        title=outcome.label if title is None else title,
        subtitle=f"By the stance taken last, {listing(parts)}; with the number of positions of that stance"
        + (" and the date of the last" if any(row.date for row in shown) else ""),
        note=" ".join(note),
        key=[Sign(s.value, style.COLOURS[s], style.MARKERS[s]) for s in style.STANCES if any(r.stance is s for r in shown)],
    )


def _heights(rows: Sequence[_Row]) -> list[float]:
    """Return how far the middle of each row is from the top."""
    found: list[float] = []
    for number, row in enumerate(rows):
        apart = _BETWEEN if number and rows[number - 1].stance is not row.stance else 0
        found.append(found[-1] + _ROW + apart if found else _ROW / 2)
    return found


def _draw(figure: Plot, box: Box, rows: Sequence[_Row]) -> None:
    dates = _DATES if any(row.date for row in rows) else 0.0
    inner = Box(box.left, box.bottom + _ROW / 4, box.width - dates, box.height - _ROW / 4)
    axes = axes_in(figure, inner)
    axes.set_xticks([])
    axes.set_yticks([])
    most = max(row.positions for row in rows)
    sides = {_SIGN[row.stance] for row in rows}
    # Names stand on the other side of the line than their dots.
    left = inner.width * (0.5 if {1, -1} <= sides else 0.55 if -1 in sides else 0.4)
    room = min(left, inner.width - left)
    unit = min(_MOST_UNIT, (room - 0.45) / most)
    axes.set_xlim(-left, inner.width - left)  # inches
    axes.set_ylim(inner.height, 0)
    axes.plot([0, 0], [0, inner.height], color=style.INK, linewidth=0.9, zorder=1)
    for row, y in zip(rows, _heights(rows), strict=True):
        _draw_row(axes, row, y, x=_SIGN[row.stance] * row.positions * unit, room=room - 0.2)
        if row.date:
            when = fitted(day_words(row.date), dates, style.SMALL)
            axes.text(
                inner.width - left + dates, y, when, ha="right", va="center_baseline", color=style.MUTED
            ).set_fontproperties(style.font(style.SMALL))


def _draw_row(axes: Axes, row: _Row, y: float, *, x: float, room: float) -> None:
    colour = style.tint(style.COLOURS[row.stance], 0.25 + 0.75 * row.confidence)
    sign = Sign("", colour, style.MARKERS[row.stance])
    axes.add_collection(LineCollection([[(0, y), (x, y)]], colors=[colour], linewidths=1.6, zorder=2), autolim=False)
    axes.add_line(mark(x, y, sign, _DOT, zorder=3))
    side = _SIGN[row.stance]
    beyond = x + 0.1 * (side or 1)
    number = axes.text(beyond, y, f"{row.positions:,}", ha="right" if side < 0 else "left", va="center_baseline")
    number.set(fontproperties=style.font(style.SMALL), color=style.MUTED)
    words = fitted(row.name, room, style.LABEL)
    name = axes.text(-0.1 * (side or 1), y, words, ha="left" if side < 0 else "right", va="center_baseline")
    name.set(fontproperties=style.font(style.LABEL), color=style.INK)
