"""The matrix of a debate: actors by outcomes, in an order that shows who is alike."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from matplotlib.patches import Rectangle

from stancegraph.models import Stance
from stancegraph.networks import coalitions, events
from stancegraph.networks._choices import check_count
from stancegraph.networks.coalitions import in_order
from stancegraph.networks.matrices import Tally, tally
from stancegraph.plots import _style as style
from stancegraph.plots._axes import Box, beside, column, inches_in, write
from stancegraph.plots._figure import Plot, Words, counted, drawn, listing, sheet, source_note_of
from stancegraph.plots._marks import Sign
from stancegraph.plots._text import fitted, width_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import EventSettings
    from stancegraph.networks.matrices import Matrix

_ROW, _GAP, _PAD = 0.24, 0.09, 0.05  # inches of a row, between coalitions, and below all
_MOST_COLUMN = 0.6
_MOST_LEFT, _MOST_LABEL = 1.9, 2.3  # inches of an actor's name and of an outcome's label
_SLANT = 45  # degrees
_RISE, _RUN = float(np.sin(np.radians(_SLANT))), float(np.cos(np.radians(_SLANT)))
_NEITHER = "#d3d6d9"
_KEY = (
    Sign("for", style.COLOURS[Stance.SUPPORTS], "s"),
    Sign("against", style.COLOURS[Stance.OPPOSES], "s"),
    Sign("both or neither", _NEITHER, "s"),
)


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

    Of x₁ events of support, x₀ of opposition and x½ that are mixed or undecided, the number of a cell is x₁ − x₀ and its
    colour the net stance, (x₁ − x₀) / (x₁ + x½ + x₀). Actors are in the order of the tree of
    `coalitions(method="hierarchical")`, whose coalitions stand apart, and outcomes likewise by who takes which side on them.

    Args:
        graph: The graph.
        most_actors: How many actors to draw, those with most events on the outcomes that are drawn.
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
    whole = tally(found)
    shown = _largest(whole, most_actors, most_outcomes)
    group_of = coalitions(graph, method="hierarchical", **chosen)
    heights = _heights([int(group_of[actor]) for actor in shown.actors])
    labels = [fitted(label, _MOST_LABEL, style.LABEL) for label in shown.outcomes]
    above = max(width_of(label, style.LABEL) for label in labels) * _RISE + 0.1
    left = [
        counted(len(all_of) - len(some), noun)
        for all_of, some, noun in ((whole.actors, shown.actors, "actor"), (whole.outcomes, shown.outcomes, "outcome"))
        if len(all_of) > len(some)
    ]
    words = Words(
        title="Who stands where" if title is None else title,
        subtitle="Positions for less positions against; who takes the same sides are neighbours, coalitions stand apart",
        note=source_note_of(graph, found) + (f" Left out: {listing(left)} with as few positions or fewer." if left else ""),
        key=_KEY,
    )
    figure, box = sheet(words, body=above + heights[-1] + _ROW / 2 + _PAD, width=width)
    _draw(figure, Box(box.left, box.bottom + _PAD, box.width, box.height - _PAD), shown, heights, labels, above)
    return figure


def _largest(whole: Tally, most_actors: int, most_outcomes: int) -> Tally:
    """Return the largest outcomes and who says most on them, in the order in which those that are alike are neighbours."""
    outcomes = _first(whole.counts.sum(axis=(0, 1)), most_outcomes)
    actors = _first(whole.counts[:, :, sorted(outcomes)].sum(axis=(0, 2)), most_actors)
    rows = [row for row in in_order(whole.counts) if row in actors]
    columns = [column for column in in_order(whole.counts.swapaxes(1, 2)) if column in outcomes]
    names, labels = [whole.actors[row] for row in rows], [whole.outcomes[column] for column in columns]
    return Tally(names, labels, whole.counts[:, rows][:, :, columns])


def _first(sums: Matrix, most: int) -> set[int]:
    return {int(number) for number in np.argsort(-sums, kind="stable")[:most] if sums[number]}


def _heights(groups: Sequence[int]) -> list[float]:
    """Return how far the middle of each row is from the top: coalitions of several stand apart."""
    found = [_ROW / 2]
    for one, other in pairwise(groups):
        apart = one != other and max(groups.count(one), groups.count(other)) > 1
        found.append(found[-1] + _ROW + (_GAP if apart else 0))
    return found


def _draw(figure: Plot, box: Box, shown: Tally, heights: Sequence[float], labels: Sequence[str], above: float) -> None:
    names = column(((actor, "normal") for actor in shown.actors), _MOST_LEFT)
    room = box.width - names
    # So wide that no label runs over the edge.
    cells = [(room - width_of(label, style.LABEL) * _RUN) / (number + 0.5) for number, label in enumerate(labels)]
    cell = min(_MOST_COLUMN, room / len(labels), *cells)
    axes = inches_in(figure, Box(box.left + names, box.bottom, cell * len(labels), box.height - above))
    bottom, right = box.height - above, cell * len(labels)
    for number, label in enumerate(labels):
        x = (number + 0.5) * cell
        axes.plot([x, x], [0, bottom], color=style.RULE, linewidth=0.6, zorder=1)
        write(axes, x - 0.03, -0.06, label, rotation=_SLANT, rotation_mode="anchor", ha="left", va="center")
    for row, (actor, y) in enumerate(zip(shown.actors, heights, strict=True)):
        beside(axes, y, fitted(actor, names - 0.1, style.LABEL), -names)
        axes.plot([0, right], [y, y], color=style.RULE, linewidth=0.6, zorder=1)
        for number in range(len(labels)):
            _draw_cell(axes, number * cell, y, cell, shown.counts[:, row, number])


def _draw_cell(axes: Axes, x: float, y: float, width: float, counts: Matrix) -> None:
    if not counts.any():
        return
    net = float(counts[2] - counts[0])
    share = net / float(counts.sum())
    side = style.COLOURS[Stance.SUPPORTS if share > 0 else Stance.OPPOSES]
    colour = style.tint(side, 0.3 + 0.7 * abs(share)) if share else _NEITHER
    half = _ROW / 2 - 0.012
    axes.add_patch(Rectangle((x + 0.012, y - half), width - 0.024, 2 * half, facecolor=colour, linewidth=0, zorder=2))
    words = f"{'+' if net > 0 else '−'}{abs(net):,.3g}" if net else "±"
    if width_of(words, style.SMALL) <= width - 0.03:
        ink = style.PAPER if abs(share) > 0.6 else style.INK
        write(axes, x + width / 2, y, words, size=style.SMALL, colour=ink, ha="center")
