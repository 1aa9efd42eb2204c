"""The sides of a question: who stands on which of them now, and how often they have said so."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from matplotlib.collections import LineCollection

from stancegraph.models import Stance
from stancegraph.networks._choices import check_count
from stancegraph.plots import _style as style
from stancegraph.plots._axes import Box, inches_in, write
from stancegraph.plots._days import day_words
from stancegraph.plots._figure import Plot, Words, counted, drawn, listing, sheet, source_note
from stancegraph.plots._marks import Sign, mark
from stancegraph.plots._text import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.graph._selecting import Conditions
    from stancegraph.graph.answers import Step
    from stancegraph.models import Outcome, Position

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
_SURE = 0.9


class _Row(NamedTuple):
    """Where an actor stands: the number of positions that say so, their mean confidence and the date of the last."""

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
    most: int = 30,
    title: str | None = None,
    width: float = style.WIDTH,
    **conditions: Unpack[Conditions],
) -> Plot:
    """Draw who supports an outcome, who opposes it and who stands between, each by the stance taken last.

    Dots are the farther out the more positions of that stance an actor has, and the paler the less sure these are. Of
    positions without a date the last one in order of documents stands, where there is no other.

    Args:
        graph: The graph.
        outcome: What they take sides on.
        most: How many actors to draw, those with most positions.
        title: What to write above; by default the outcome.
        width: The width in inches; the height comes from the rows.
        conditions: What positions count, as in `graph.history`; `by="affiliation"` draws countries and bodies.

    Raises:
        UnknownName: If nothing is called so.
        AmbiguousName: If several are meant equally well.
        ValueError: If there is no position on the outcome.
    """
    check_count("most", most)
    wanted = graph.outcome(outcome) if isinstance(outcome, str) else outcome
    confidences = {placed.id: placed.position.confidence for placed in graph.placed}
    rows = _rows(graph.history(outcome=wanted, **conditions), confidences)
    if not rows:
        raise ValueError(f"nobody has a position on {wanted.label!r}; choose another outcome, or other conditions")
    kept = sorted(rows, key=lambda row: (-row.positions, row.name))[:most]
    shown = sorted(kept, key=lambda row: (style.STANCES.index(row.stance), -_SIGN[row.stance] * row.positions, row.name))
    words = _words(graph.positions(outcome=wanted, **conditions), rows, shown, wanted.label if title is None else title)
    figure, box = sheet(words, body=_heights(shown)[-1] + 0.75 * _ROW, width=width)
    _draw(figure, Box(box.left, box.bottom + _ROW / 4, box.width, box.height - _ROW / 4), shown)
    return figure


def _rows(steps: Iterable[Step], confidences: Mapping[str, float]) -> list[_Row]:
    said: dict[str, list[Step]] = {}
    for step in steps:
        said.setdefault(step.actor.name, []).append(step)
    return [_row(name, said[name], confidences) for name in sorted(said)]


def _row(name: str, steps: Sequence[Step], confidences: Mapping[str, float]) -> _Row:
    last = max(steps, key=lambda step: (step.since is not None, steps.index(step)))
    ids = [id_ for step in steps if step.stance is last.stance for id_ in step.positions]
    return _Row(name, last.stance, len(ids), sum(confidences[id_] for id_ in ids) / len(ids), last.date or "")


def _words(positions: Sequence[Position], rows: Sequence[_Row], shown: Sequence[_Row], title: str) -> Words:
    counts = {stance: sum(row.stance is stance for row in rows) for stance in style.STANCES}
    parts = [f"{number:,} {_VERBS[stance][number == 1]}" for stance, number in counts.items() if number]
    note = [source_note(positions)]
    if len(shown) < len(rows):
        note.append(f"Left out: {counted(len(rows) - len(shown), 'actor')} with as few positions or fewer.")
    if any(row.confidence < _SURE for row in shown):
        note.append("Paler: less sure.")
    dated = " and the date of the last" if any(row.date for row in shown) else ""
    return Words(
        title=title,
        subtitle=f"By the stance taken last, {listing(parts)}; with the number of positions of that stance{dated}",
        note=" ".join(note),
        key=[Sign(s.value, style.COLOURS[s], style.MARKERS[s]) for s in style.STANCES if any(r.stance is s for r in shown)],
    )


def _heights(rows: Sequence[_Row]) -> list[float]:
    """Return how far the middle of each row is from the top."""
    found = [_ROW / 2]
    for row, following in pairwise(rows):
        found.append(found[-1] + _ROW + (_BETWEEN if following.stance is not row.stance else 0))
    return found


def _draw(figure: Plot, box: Box, rows: Sequence[_Row]) -> None:
    dates = _DATES if any(row.date for row in rows) else 0.0
    axes = inches_in(figure, box)
    room = box.width - dates
    sides = {_SIGN[row.stance] for row in rows}
    # Names stand on the other side of the line than their dots.
    middle = room * (0.5 if {1, -1} <= sides else 0.6 if -1 in sides else 0.4)
    reach = min(middle, room - middle)
    unit = min(_MOST_UNIT, (reach - 0.45) / max(row.positions for row in rows))
    axes.plot([middle, middle], [0, box.height], color=style.INK, linewidth=0.9, zorder=1)
    for row, y in zip(rows, _heights(rows), strict=True):
        _draw_row(axes, row, y, middle=middle, unit=unit, room=reach - 0.15)
        if row.date:
            when = fitted(day_words(row.date), dates, style.SMALL)
            write(axes, box.width, y, when, size=style.SMALL, colour=style.MUTED, ha="right")


def _draw_row(axes: Axes, row: _Row, y: float, *, middle: float, unit: float, room: float) -> None:
    side = _SIGN[row.stance]
    colour = style.tint(style.COLOURS[row.stance], 0.25 + 0.75 * row.confidence)
    x = middle + side * row.positions * unit
    axes.add_collection(LineCollection([[(middle, y), (x, y)]], colors=[colour], linewidths=1.6, zorder=2), autolim=False)
    axes.add_line(mark(x, y, Sign("", colour, style.MARKERS[row.stance]), _DOT, zorder=3))
    out, back = ("right", "left") if side < 0 else ("left", "right")
    away = 0.1 if side >= 0 else -0.1
    write(axes, x + away, y, f"{row.positions:,}", size=style.SMALL, colour=style.MUTED, ha=out)
    write(axes, middle - away, y, fitted(row.name, room, style.LABEL), ha=back)
