"""Axes that show only what a plot draws, and words beside and below them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from stancegraph.plots import _style as style
from stancegraph.plots._days import ticks
from stancegraph.plots._text import literal, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


class Box(NamedTuple):
    """A part of the sheet, in inches from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float


def axes_in(figure: Figure, box: Box) -> Axes:
    """Return bare axes that fill a part of a sheet."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((box.left / width, box.bottom / height, box.width / width, box.height / height))
    axes.set_facecolor("none")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=style.LABEL, labelcolor=style.MUTED, pad=4)
    return axes


def inches_in(figure: Figure, box: Box) -> Axes:
    """Return bare axes that fill a part of a sheet, without ticks, measured in inches from their upper left corner."""
    axes = axes_in(figure, box)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.set_xlim(0, box.width)
    axes.set_ylim(box.height, 0)
    return axes


def name_ticks(axes: Axes, which: Literal["x", "y"], places: Sequence[float], labels: Sequence[str]) -> None:
    """Set ticks with their labels, in the type of the plots."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks(list(places), list(labels))
    for label in axis.get_ticklabels():
        label.set_fontproperties(style.font(style.LABEL))


def grid(axes: Axes, which: Literal["x", "y"]) -> None:
    """Draw a line at every tick, behind all else."""
    axes.grid(axis=which, color=style.RULE, linewidth=0.7)
    axes.set_axisbelow(True)


def draw_days(
    axes: Axes, first: int, last: int, room: float, *, unit: str = "days", middles: Mapping[int, float] | None = None
) -> None:
    """Draw an axis of days, and a grid unless there are bars.

    Args:
        axes: The axes, whose unit to the right is a day.
        first: The first day.
        last: The last one.
        room: The length of the axis in inches.
        unit: The shortest stretch of time with a tick of its own.
        middles: Of bars that begin with a day, the middle, where its name goes.
    """
    marks = ticks(first, last, room, unit)
    # Among days that are no beginnings of bars, one that moved would come too near to the next.
    moved = middles if middles and all(tick.day in middles for tick in marks) else {}
    name_ticks(axes, "x", [moved.get(tick.day, tick.day) for tick in marks], [tick.label for tick in marks])
    if middles is None:
        grid(axes, "x")


def write(
    axes: Axes,
    x: float,
    y: float,
    words: str,
    *,
    size: float = style.LABEL,
    colour: str = style.INK,
    halo: bool = False,
    **more: Any,  # noqa: ANN401 - as in matplotlib
) -> None:
    """Write words at a place of the axes; the halo keeps them apart from lines that they lie on."""
    text = axes.text(x, y, words, **{"va": "center_baseline", "zorder": 6, **more})
    text.set(fontproperties=style.font(size), color=colour, path_effects=style.HALO if halo else [])


def beside(
    axes: Axes, y: float, words: str, inches: float, *, colour: str = style.INK, weight: style.Weight = "normal"
) -> None:
    """Write words at a height of the axes, so many inches right of its right edge, or left of its left edge if negative."""
    axes.annotate(
        words,
        (float(inches > 0), y),
        xycoords=("axes fraction", "data"),
        xytext=(inches * 72, 0),
        textcoords="offset points",
        fontproperties=style.font(style.LABEL, weight),
        color=colour,
        va="center_baseline",
        annotation_clip=False,
    )


def column(names: Iterable[tuple[str, style.Weight]], most: float) -> float:
    """Return the width of a column of names, in inches, with the space beside it."""
    return 0.14 + min(most, max((width_of(literal(name), style.LABEL, weight) for name, weight in names), default=0.0))
