"""The matrix of a debate: actors by outcomes, in an order that shows who is alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Rectangle

from stancegraph.models import Stance
from stancegraph.networks import coalitions, events
from stancegraph.networks._choices import check_count
from stancegraph.networks.coalitions import in_order
from stancegraph.networks.matrices import tally
from stancegraph.plots import _style as style
from stancegraph.plots._figure import Box, Plot, Sign, Words, axes_in, beside, column, counted, drawn, sheet, source_note_of
from stancegraph.plots._text import fitted, width_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import EventSettings
    from stancegraph.networks.matrices import Matrix, Tally

_ROW, _GAP, _PAD = 0.24, 0.09, 0.05  # inches
_MOST_COLUMN = 0.6
_MOST_LEFT, _MOST_LABEL = 1.9, 2.3  # inches of an actor's name and of an outcome's label
_SLANT = 45
_NEITHER = "#d3d6d9"


@drawn
def plot_matrix(
    graph: StanceGraph,
    *,
    most_actors: int = 30,
    most_outcomes: int = 15,
    title: str | None = None,
    width: float = style.WIDTH,
    **settings: Unpack[EventSettings],
) -> Plot:
    """Draw who supports and who opposes what: actors by outcomes, neighbours alike, coalitions apart.

    The colour of a cell is the net stance, (x₁ − x₀) / (x₁ + x½ + x₀) with x₁ events of support, x₀ of opposition and x½ that
    are mixed or undecided; its number is x₁ − x₀. Actors are in the order of the tree of `coalitions(method="hierarchical")`,
    whose coalitions stand apart; outcomes likewise by who takes which side on them.

    Args:
        graph: The graph.
        most_actors: How many actors to draw, those with most events.
        most_outcomes: How many outcomes to draw, those with most events.
        title: What to write above.
        width: The width in inches; the height comes from the rows.
        settings: As in `stancegraph.networks.events`, but mixed and undecided positions count as ½.

    Raises:
        ValueError: If there are no events; or as in `events`.
    """
    check_count("most_actors", most_actors)
    check_count("most_outcomes", most_outcomes)
    chosen: EventSettings = {"mixed": "between", "undecided": "between", **settings}
    found = events(graph, **chosen)
    if not found:
        raise ValueError("there are no positions to draw; choose other settings, or read other documents")
    counts = tally(found)
    group_of = dict(coalitions(graph, method="hierarchical", **chosen).items())
    actors = _largest(counts.counts.sum(axis=(0, 2)), most_actors)
    outcomes = _largest(counts.counts.sum(axis=(0, 1)), most_outcomes)
    rows = [row for row in in_order(counts.counts) if row in actors]
    columns = [column for column in in_order(counts.counts.swapaxes(1, 2)) if column in outcomes]
    groups = [int(group_of[counts.actors[row]]) for row in rows]
    labels = [fitted(counts.outcomes[number], _MOST_LABEL, style.LABEL) for number in columns]
    above = max(width_of(label, style.LABEL) for label in labels) * np.sin(np.radians(_SLANT)) + 0.1
    heights = _heights(groups)
    note = [source_note_of(graph, found)]
    left = [
        counted(len(everything) - len(drawn_ones), noun)
        for everything, drawn_ones, noun in ((counts.actors, rows, "actor"), (counts.outcomes, columns, "outcome"))
        if len(everything) > len(drawn_ones)
    ]
    note += [f"Left out: {' and '.join(left)} with as few positions or fewer."] if left else []
    words = Words(
        title="Who stands where" if title is None else title,
        subtitle="Positions for less positions against; actors who take the same sides are neighbours, coalitions stand apart",
        note=" ".join(note),
        key=[
            Sign("for", style.COLOURS[Stance.SUPPORTS], "s"),
            Sign("against", style.COLOURS[Stance.OPPOSES], "s"),
            Sign("both or neither", _NEITHER, "s"),
        ],
    )
    figure, box = sheet(words, body=heights[-1] + _ROW / 2 + above + _PAD, width=width)
    _draw(figure, box, counts, rows, columns, heights, labels, above)
    return figure


def _largest(sums: Matrix, most: int) -> set[int]:
    return {int(number) for number in np.argsort(-sums, kind="stable")[:most]}


def _heights(groups: Sequence[int]) -> list[float]:
    """Return how far the middle of each row is from the top: coalitions of several stand apart."""
    found = [_ROW / 2]
    for one, other in zip(groups, groups[1:], strict=False):
        apart = one != other and max(groups.count(one), groups.count(other)) > 1
        found.append(found[-1] + _ROW + (_GAP if apart else 0))
    return found


def _draw(
    figure: Plot,
    box: Box,
    counts: Tally,
    rows: Sequence[int],
    columns: Sequence[int],
    heights: Sequence[float],
    labels: Sequence[str],
    above: float,
) -> None:
    names = column(((counts.actors[row], "normal") for row in rows), _MOST_LEFT)
    room = box.width - names
    slanted = (width_of(label, style.LABEL) * np.cos(np.radians(_SLANT)) + 0.02 for label in labels)
    cells = [(room - length) / (number + 0.5) for number, length in enumerate(slanted)]
    cell = float(min(_MOST_COLUMN, room / len(columns), *cells))
    inner = Box(box.left + names, box.bottom + _PAD, cell * len(columns), box.height - above - _PAD)
    axes = axes_in(figure, inner)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(0, inner.width)  # inches
    axes.set_ylim(inner.height, 0)
    for row, y in zip(rows, heights, strict=True):
        beside(axes, y, fitted(counts.actors[row], names - 0.1, style.LABEL), -names)
        axes.plot([0, inner.width], [y, y], color=style.RULE, linewidth=0.6, zorder=1)
        for number, outcome in enumerate(columns):
            against, between, for_it = (float(level) for level in counts.counts[:, row, outcome])
            if against + between + for_it:
                _draw_cell(axes, number * cell, y, cell, for_it - against, (for_it - against) / (against + between + for_it))
    for number, label in enumerate(labels):
        x = (number + 0.5) * cell
        axes.plot([x, x], [0, inner.height], color=style.RULE, linewidth=0.6, zorder=1)
        text = axes.text(x - 0.03, -0.06, label, rotation=_SLANT, rotation_mode="anchor", ha="left", va="center")
        text.set(fontproperties=style.font(style.LABEL), color=style.INK)


def _draw_cell(axes: Axes, x: float, y: float, width: float, net: float, share: float) -> None:
    side = style.COLOURS[Stance.SUPPORTS if share > 0 else Stance.OPPOSES]
    colour = style.tint(side, 0.3 + 0.7 * abs(share)) if share else _NEITHER
    half = _ROW / 2 - 0.012
    axes.add_patch(Rectangle((x + 0.012, y - half), width - 0.024, 2 * half, facecolor=colour, linewidth=0, zorder=2))
    words = f"{'+' if net > 0 else '−'}{_number(abs(net))}" if net else "±"
    if width_of(words, style.SMALL) <= width - 0.03:
        text = axes.text(x + width / 2, y, words, ha="center", va="center_baseline", zorder=3)
        text.set(fontproperties=style.font(style.SMALL), color=style.PAPER if abs(share) > 0.6 else style.INK)


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == round(value) else f"{value:,.1f}"
