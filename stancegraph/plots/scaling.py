"""Actors on a line, from one side of a debate to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancegraph.networks import coalitions, events, scale_actors
from stancegraph.networks._choices import check_count
from stancegraph.plots import _style as style
from stancegraph.plots._axes import Box, axes_in, beside, column
from stancegraph.plots._camps import activity, camps
from stancegraph.plots._figure import Plot, Words, counted, drawn, listing, sheet, source_note_of
from stancegraph.plots._marks import Sign, mark
from stancegraph.plots._text import fitted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import EventSettings
    from stancegraph.plots._camps import Camps

_ROW, _BELOW = 0.22, 0.06  # inches
_MOST_LEFT = 2.2
_NAMED = 5  # actors that cannot be placed and are named


@drawn
def plot_scaling(
    graph: StanceGraph,
    *,
    most: int = 40,
    title: str | None = None,
    width: float = style.WIDTH,
    **settings: Unpack[EventSettings],
) -> Plot:
    """Draw where actors stand on a line on which those who agree are near each other, as `scale_actors` places them.

    Args:
        graph: The graph.
        most: How many actors to draw, those with most events.
        title: What to write above.
        width: The width in inches; the height comes from the rows.
        settings: As in `stancegraph.networks.events`.

    Raises:
        ValueError: If no two actors take sides on the same outcome; or as in `events`.
    """
    check_count("most", most)
    scale = scale_actors(graph, **settings)
    places = {str(actor): float(place) for actor, place in scale.dropna().items()}
    if not places:
        raise ValueError("no two actors take sides on the same outcome, so none can be placed by what they agree on")
    said = activity(graph, **settings)
    coloured = camps(coalitions(graph, **settings), said)
    shown = sorted(places, key=lambda actor: (-said[actor], actor))[:most]
    shown.sort(key=lambda actor: (-round(places[actor], 9), actor))
    note = [source_note_of(graph, events(graph, **settings))]
    if len(shown) < len(places):
        note.append(f"Left out: {counted(len(places) - len(shown), 'actor')} with as few positions or fewer.")
    apart = sorted((str(actor) for actor in scale.index[scale.isna()]), key=lambda actor: (-said[actor], actor))
    if apart:
        names = [fitted(name, 1.5, style.SMALL) for name in apart[:_NAMED]]
        names += [f"{len(apart) - _NAMED:,} more"] if len(apart) > _NAMED else []
        note.append(f"Without a common outcome, so not on the line: {listing(names)}.")
    words = Words(
        title="Where actors stand" if title is None else title,
        subtitle="Who agrees is near, who disagrees is far; which side is left says nothing. Larger: more positions",
        note=" ".join(note),
        key=coloured.key(shown),
    )
    figure, box = sheet(words, body=_ROW * len(shown) + _BELOW, width=width)
    _draw(figure, box, shown, places, said, coloured)
    return figure


def _draw(
    figure: Plot,
    box: Box,
    shown: Sequence[str],
    places: Mapping[str, float],
    said: Mapping[str, float],
    coloured: Camps,
) -> None:
    names = column(((actor, "normal") for actor in shown), _MOST_LEFT)
    axes = axes_in(figure, Box(box.left + names, box.bottom + _BELOW, box.width - names - 0.1, box.height - _BELOW))
    axes.set_xticks([])
    axes.set_yticks([])
    low, high = min(0.0, *places.values()), max(0.0, *places.values())
    edge = 0.04 * (high - low or 1)
    axes.set_xlim(low - edge, high + edge)
    axes.set_ylim(len(shown), 0)
    axes.axvline(0, color=style.MUTED, linewidth=0.9, zorder=1)
    largest = max(said[actor] for actor in shown)
    for number, actor in enumerate(shown):
        y = number + 0.5
        camp = coloured.of[actor]
        beside(axes, y, fitted(actor, names - 0.1, style.LABEL), -names)
        axes.axhline(y, color=style.RULE, linewidth=0.7, zorder=0)
        size = 5.5 + 6.5 * (said[actor] / largest) ** 0.5
        axes.add_line(mark(places[actor], y, Sign("", camp.colour, camp.marker), size, zorder=3, clip_on=False))
