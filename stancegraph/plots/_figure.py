"""The sheet that every plot is drawn on: title above, key, room for the plot, and below what it is drawn from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, ParamSpec

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stancegraph.plots import _style as style
from stancegraph.plots._days import span_words
from stancegraph.plots._text import fitted, literal, quiet_about_letters, width_of, wrapped

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.axes import Axes
    from matplotlib.backend_bases import RendererBase

    from stancegraph.graph import StanceGraph
    from stancegraph.graph.queries import PlacedPosition
    from stancegraph.networks.events import Event

_LEADING = 1.22
_BETWEEN = 0.09  # inches between blocks of the sheet
_SIGN = 0.2  # inches that the sign of a key takes
_PIXELS = 96  # to the inch, in a notebook
Parameters = ParamSpec("Parameters")


class Plot(Figure):
    """A figure of matplotlib that comes out alike whenever it is saved, and shows itself in notebooks."""

    def savefig(self, fname: str | os.PathLike[str] | Any, **settings: Any) -> None:  # noqa: ANN401 - as in matplotlib
        """Save it as matplotlib does, but without the time, so that the same graph gives the same bytes."""
        kind = settings.get("format") or (Path(fname).suffix[1:] if isinstance(fname, (str, Path)) else "")
        undated = {"svg": {"Date": None}, "pdf": {"CreationDate": None}}.get(str(kind).lower(), {})
        settings["metadata"] = {**undated, **(settings.get("metadata") or {})}
        with style.plain_settings(), quiet_about_letters():
            super().savefig(fname, **settings)

    def draw(self, renderer: RendererBase) -> None:
        """Draw it, whatever letters there are."""
        with quiet_about_letters():
            super().draw(renderer)

    def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
        """Show it in a notebook, twice as fine as its size on the page."""
        file = BytesIO()
        self.savefig(file, format="png", dpi=2 * _PIXELS)
        return file.getvalue(), {"width": round(self.get_figwidth() * _PIXELS)}


class Box(NamedTuple):
    """A part of the sheet, in inches from its lower left corner."""

    left: float
    bottom: float
    width: float
    height: float


@dataclass(frozen=True)
class Sign:
    """What a mark or line of the plot means, for its key."""

    meaning: str
    colour: str
    marker: str = ""
    dashes: tuple[float, tuple[float, ...]] | None = None
    hollow: bool = False


@dataclass(frozen=True)
class Words:
    """What is written around a plot.

    Args:
        title: What it is about.
        subtitle: What is shown, in a sentence.
        note: What it is drawn from, and what is left out.
        key: What its marks mean.
    """

    title: str
    subtitle: str
    note: str
    key: Sequence[Sign] = ()


def sheet(words: Words, *, body: float, width: float = style.WIDTH, height: float | None = None) -> tuple[Plot, Box]:
    """Return a figure with its words, and the room in it for the plot.

    Args:
        words: What is written around the plot.
        body: The height of the room in inches, as long as no height of the whole is given.
        width: The width of the figure in inches.
        height: The height of the figure in inches.

    Raises:
        ValueError: If the words leave no room.
    """
    room = width - 2 * style.MARGIN
    if room < 2:
        raise ValueError(f"width={width} is too narrow for a plot; choose at least {2 + 2 * style.MARGIN:g} inches")
    title = wrapped(_capital(words.title), room, style.TITLE, "bold", lines=2)
    subtitle = wrapped(words.subtitle, room, style.SUBTITLE, lines=3)
    note = wrapped(words.note, room, style.SMALL, lines=4)
    key = _rows(words.key, room)
    above = style.MARGIN + _block(title, style.TITLE) + _block(subtitle, style.SUBTITLE) + _block(key, style.LABEL + 2)
    below = style.MARGIN + _block(note, style.SMALL)
    whole = above + body + below if height is None else height
    if whole - above - below < 0.5:
        raise ValueError(f"height={height} leaves no room for the plot; choose at least {above + below + 0.5:.1f} inches")
    figure = Plot(figsize=(width, whole), dpi=style.DPI, facecolor=style.PAPER)
    FigureCanvasAgg(figure)
    top = whole - style.MARGIN
    for lines, size, colour, weight in (
        (title, style.TITLE, style.INK, "bold"),
        (subtitle, style.SUBTITLE, style.MUTED, "normal"),
    ):
        _write(figure, lines, top, size, colour, weight)
        top -= _block(lines, size)
    _draw_key(figure, key, top)
    _write(figure, note, below - _BETWEEN / 2, style.SMALL, style.MUTED, "normal")
    return figure, Box(style.MARGIN, below, room, whole - above - below)


def axes_in(figure: Plot, box: Box) -> Axes:
    """Return bare axes that fill a part of a sheet."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((box.left / width, box.bottom / height, box.width / width, box.height / height))
    axes.set_facecolor("none")
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=style.LABEL, labelcolor=style.MUTED, pad=4)
    return axes


def name_ticks(axes: Axes, which: str, places: Sequence[float], labels: Sequence[str]) -> None:
    """Set ticks with their labels, in the type of the plots."""
    axis = axes.xaxis if which == "x" else axes.yaxis
    axis.set_ticks(list(places), list(labels))
    for label in axis.get_ticklabels():
        label.set_fontproperties(style.font(style.LABEL))


def drawn(plot: Callable[Parameters, Plot]) -> Callable[Parameters, Plot]:
    """Let a plot be drawn by this project's settings."""

    @wraps(plot)
    def draw(*arguments: Parameters.args, **settings: Parameters.kwargs) -> Plot:
        with style.plain_settings(), quiet_about_letters():
            return plot(*arguments, **settings)

    return draw


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


def source_note(placed: Iterable[PlacedPosition]) -> str:
    """Return what a plot is drawn from: positions, documents, dates and publishers."""
    positions = [one.position for one in placed]
    documents = {position.document.id: position.document for position in positions}
    dates = sorted(document.date for document in documents.values() if document.date)
    when = f", {span_words(dates[0], dates[-1])}" if dates else ", undated"
    counts = Counter(literal(document.source) for document in documents.values() if document.source)
    names = sorted(counts, key=lambda name: (-counts[name], name))
    listed = [fitted(name, 2, style.SMALL) for name in names[: 3 if len(names) > 3 else len(names)]]
    if len(names) > len(listed):
        listed.append(f"{len(names) - len(listed)} more")
    by = f" from {listing(listed)}" if names else ""
    return f"Source: {counted(len(positions), 'position')} in {counted(len(documents), 'document')}{by}{when}."


def source_note_of(graph: StanceGraph, events: Iterable[Event]) -> str:
    """Return what a plot is drawn from, by the events that it counts."""
    ids = {event.id for event in events}
    return source_note(placed for placed in graph.placed if placed.id in ids)


def listing(names: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def counted(number: int, noun: str) -> str:
    """Return "1 position", "2 positions" and the like."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def mark(x: float, y: float, sign: Sign, size: float, **more: Any) -> Line2D:  # noqa: ANN401 - as in matplotlib
    """Return the mark of a sign, to be added to axes or a figure."""
    return Line2D(
        [x],
        [y],
        linestyle="none",
        marker=sign.marker,
        markersize=size * _EVEN.get(sign.marker, 1.0),
        markerfacecolor=style.PAPER if sign.hollow else sign.colour,
        markeredgecolor=sign.colour if sign.hollow or sign.marker == "x" else style.PAPER,
        markeredgewidth=1.4 if sign.hollow or sign.marker == "x" else 0.7,
        **more,
    )


# Marks of one size that look as large as each other.
_EVEN = {"x": 0.8, "^": 1.12, "v": 1.12, "D": 0.86, "s": 0.92, "p": 1.1, "h": 1.05}


def _capital(title: str) -> str:
    """Return a title with a capital, unless its first word is spelt in a way of its own."""
    first = title.split(" ", 1)[0]
    return title[:1].upper() + title[1:] if first.islower() else title


def _block(lines: Sequence[object], size: float) -> float:
    """Return the height of some lines, with the space below them."""
    return len(lines) * size * _LEADING / 72 + (_BETWEEN if lines else 0)


def _write(figure: Figure, lines: Sequence[str], top: float, size: float, colour: str, weight: style.Weight) -> None:
    for number, line in enumerate(lines):
        figure.text(
            style.MARGIN,
            top - (number * _LEADING + 1) * size / 72,
            line,
            transform=figure.dpi_scale_trans,
            fontproperties=style.font(size, weight),
            color=colour,
            va="baseline",
        )


def _rows(key: Sequence[Sign], room: float) -> list[list[tuple[float, Sign, str]]]:
    """Return the signs of a key in rows, each with its place in inches and its meaning."""
    rows: list[list[tuple[float, Sign, str]]] = []
    x = room + 1
    for sign in key:
        meaning = fitted(sign.meaning, room - _SIGN - 0.2, style.LABEL)
        length = _length(sign) + width_of(meaning, style.LABEL) + 0.16
        if x + length > room + 0.16:
            rows.append([])
            x = 0.0
        rows[-1].append((x, sign, meaning))
        x += length
    return rows


def _length(sign: Sign) -> float:
    return _SIGN if sign.dashes is None else 2 * _SIGN


def _draw_key(figure: Plot, rows: Sequence[Sequence[tuple[float, Sign, str]]], top: float) -> None:
    height = (style.LABEL + 2) * _LEADING / 72
    for number, row in enumerate(rows):
        middle = top - (number + 0.5) * height
        for x, sign, meaning in row:
            left, length = style.MARGIN + x, _length(sign)
            if sign.dashes is not None:
                ends = [left, left + length - 0.07]
                line = Line2D(ends, [middle, middle], color=sign.colour, linestyle=sign.dashes, linewidth=2)
                line.set_transform(figure.dpi_scale_trans)
                figure.add_artist(line)
            if sign.marker:
                figure.add_artist(mark(left + 0.07, middle, sign, 7, transform=figure.dpi_scale_trans))
            figure.text(
                left + length,
                middle,
                meaning,
                transform=figure.dpi_scale_trans,
                fontproperties=style.font(style.LABEL),
                color=style.INK,
                va="center_baseline",
            )
