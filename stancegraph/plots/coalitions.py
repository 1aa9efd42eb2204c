"""Coalitions as a tree: who joins whom, and at what distance."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from matplotlib.collections import LineCollection

from stancegraph.networks import events
from stancegraph.networks._choices import check_count
from stancegraph.networks.coalitions import by_size, cut, in_order, joined
from stancegraph.networks.matrices import tally
from stancegraph.plots import _style as style
from stancegraph.plots._axes import Box, axes_in, beside, column, grid, name_ticks
from stancegraph.plots._camps import activity, camps
from stancegraph.plots._figure import Plot, Words, counted, drawn, sheet, source_note_of
from stancegraph.plots._marks import Sign, mark
from stancegraph.plots._text import fitted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import EventSettings
    from stancegraph.networks.matrices import Matrix, Tally
    from stancegraph.plots._camps import Camps

_ROW, _BELOW = 0.21, 0.42  # inches
_MOST_LEFT, _APART = 2.2, 0.12


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
        groups: How many coalitions to colour; by default as many as divide those drawn best.
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
    names = set(sorted(said, key=lambda actor: (-said[actor], actor))[:most])
    found = [event for event in events(graph, **settings) if event.actor in names]
    counts = tally(found)
    numbers = dict(zip(counts.actors, by_size(cut(counts.counts, groups)), strict=True))
    coloured = camps(numbers, said)
    note = [source_note_of(graph, found)]
    if len(names) < len(said):
        note.append(f"Left out: {counted(len(said) - len(names), 'actor')} with as few positions or fewer.")
    words = Words(
        title="Coalitions" if title is None else title,
        subtitle="Actors by the sides they take: the further right two branches meet, the less their members have in common",
        note=" ".join(note),
        key=coloured.key(names),
    )
    figure, box = sheet(words, body=_ROW * len(names) + _BELOW, width=width)
    _draw(figure, box, counts, numbers, coloured)
    return figure


def _draw(figure: Plot, box: Box, counts: Tally, numbers: Mapping[str, int], coloured: Camps) -> None:
    names = column(((actor, "normal") for actor in counts.actors), _MOST_LEFT)
    left = names + _APART
    axes = axes_in(figure, Box(box.left + left, box.bottom + _BELOW, box.width - left - 0.4, box.height - _BELOW))
    axes.set_xlim(0, 1.01)
    axes.set_ylim(len(counts.actors), 0)
    axes.set_yticks([])
    name_ticks(axes, "x", [0, 0.25, 0.5, 0.75, 1], ["same sides", "0.25", "0.5", "0.75", "none\nin common"])
    grid(axes, "x")
    leaves = {}
    for place, row in enumerate(in_order(counts.counts)):
        actor = counts.actors[row]
        camp = coloured.of[actor]
        leaves[row] = _Branch(0.0, place + 0.5, frozenset({numbers[actor]}))
        beside(axes, place + 0.5, fitted(actor, names - 0.1, style.LABEL), -left)
        axes.add_line(mark(0, place + 0.5, Sign("", camp.colour, camp.marker), 6.5, zorder=3, clip_on=False))
    colour_of = {numbers[actor]: camp.colour for actor, camp in coloured.of.items()}
    lines = list(_lines(joined(counts.counts), leaves))
    colours = [colour_of[min(groups)] if len(groups) == 1 else style.OUTLINE for groups, _ in lines]
    axes.add_collection(LineCollection([line for _, line in lines], colors=colours, linewidths=1.5, zorder=2), autolim=False)


def _lines(tree: Matrix, leaves: Mapping[int, _Branch]) -> Iterator[tuple[frozenset[int], list[tuple[float, float]]]]:
    """Yield each line of the tree, with the coalitions of those whom it joins."""
    branches = dict(leaves)
    for number, (left, right, distance, _) in enumerate(tree):
        one, other = branches[int(left)], branches[int(right)]
        for branch in (one, other):
            yield branch.groups, [(branch.distance, branch.place), (float(distance), branch.place)]
        yield one.groups | other.groups, [(float(distance), one.place), (float(distance), other.place)]
        branches[len(leaves) + number] = _Branch(float(distance), (one.place + other.place) / 2, one.groups | other.groups)
