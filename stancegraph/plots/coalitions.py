"""Coalitions as a tree: who joins whom, and at what distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.collections import LineCollection

from stancegraph.networks import events
from stancegraph.networks._choices import check_count
from stancegraph.networks.coalitions import by_size, cut, in_order, joined
from stancegraph.networks.matrices import tally
from stancegraph.plots import _style as style
from stancegraph.plots._camps import activity, camps
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
    source_note_of,
)
from stancegraph.plots._text import fitted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import EventSettings

_ROW, _BELOW = 0.21, 0.42  # inches
_MOST_RIGHT = 2.2
_BRANCH = style.OUTLINE


class _Branch(NamedTuple):
    """A branch of the tree: how far from the leaves it begins, its place among them, and the coalitions in it."""

    distance: float
    place: float
    groups: frozenset[int]


@drawn
def plot_coalitions(
    graph: StanceGraph,
    *,
    groups: int | None = None,
    most: int = 60,
    title: str | None = None,
    width: float = style.WIDTH,
    **settings: Unpack[EventSettings],
) -> Plot:
    """Draw the tree by which actors join into coalitions, as `coalitions(method="hierarchical")` finds them.

    Two branches meet where their members' mean distance is: 0 for those who take the same sides on the same outcomes, 1 for
    those who take none in common.

    Args:
        graph: The graph.
        groups: How many coalitions to colour; by default as many as divide the debate best.
        most: How many actors to join, those with most events.
        title: What to write above.
        width: The width in inches; the height comes from the leaves.
        settings: As in `stancegraph.networks.events`.

    Raises:
        ValueError: If there are fewer than two actors; or as in `events`.
    """
    check_count("most", most, least=2)
    if groups is not None:
        check_count("groups", groups)
    said = activity(graph, **settings)
    if len(said) < 2:
        raise ValueError(f"{counted(len(said), 'actor')} with positions for or against; a tree needs two at least")
    names = sorted(said, key=lambda actor: (-said[actor], actor))[:most]
    found = [event for event in events(graph, **settings) if event.actor in set(names)]
    counts = tally(found)
    numbers = dict(zip(counts.actors, by_size(cut(counts.counts, groups)), strict=True))
    coloured = camps(numbers, said)
    order = in_order(counts.counts)
    note = [source_note_of(graph, found)]
    if len(names) < len(said):
        note.append(f"Left out: {counted(len(said) - len(names), 'actor')} with as few positions or fewer.")
    words = Words(
        title="Coalitions" if title is None else title,
        subtitle="Actors by the sides they take: the further right two branches meet, the less their members have in common",
        note=" ".join(note),
        key=coloured.key(names),
    )
    figure, box = sheet(words, body=_ROW * len(order) + _BELOW, width=width)
    labels = column(((actor, "normal") for actor in names), _MOST_RIGHT)
    inner = Box(box.left + labels + 0.12, box.bottom + _BELOW, box.width - labels - 0.5, box.height - _BELOW)
    axes = axes_in(figure, inner)
    axes.set_xlim(0, 1.01)
    axes.set_ylim(len(order), 0)
    axes.set_yticks([])
    name_ticks(axes, "x", [0, 0.25, 0.5, 0.75, 1], ["same sides", "0.25", "0.5", "0.75", "none\nin common"])
    axes.grid(axis="x", color=style.RULE, linewidth=0.7)
    axes.set_axisbelow(True)
    for place, row in enumerate(order):
        actor = counts.actors[row]
        camp = coloured.of[actor]
        beside(axes, place + 0.5, fitted(actor, labels - 0.1, style.LABEL), -labels - 0.12)
        axes.add_line(mark(0, place + 0.5, Sign("", camp.colour, camp.marker), 6.5, zorder=3, clip_on=False))
    colour_of = {numbers[actor]: camp.colour for actor, camp in coloured.of.items()}
    leaves = [_Branch(0.0, place + 0.5, frozenset({numbers[counts.actors[row]]})) for place, row in enumerate(order)]
    lines = list(_lines(joined(counts.counts), dict(zip(order, leaves, strict=True))))
    colours = [colour_of[min(groups)] if len(groups) == 1 else _BRANCH for groups, _ in lines]
    axes.add_collection(LineCollection([line for _, line in lines], colors=colours, linewidths=1.5, zorder=2), autolim=False)
    return figure


def _lines(
    tree: np.ndarray[tuple[int, ...], np.dtype[np.float64]], leaves: dict[int, _Branch]
) -> Iterator[tuple[frozenset[int], list[tuple[float, float]]]]:
    """Yield each line of the tree, with the coalitions of those whom it joins."""
    branches = dict(leaves)
    for number, (left, right, distance, _) in enumerate(tree):
        one, other = branches[int(left)], branches[int(right)]
        for branch in (one, other):
            yield branch.groups, [(branch.distance, branch.place), (float(distance), branch.place)]
        yield one.groups | other.groups, [(float(distance), one.place), (float(distance), other.place)]
        branches[len(leaves) + number] = _Branch(float(distance), (one.place + other.place) / 2, one.groups | other.groups)
