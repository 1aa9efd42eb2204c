"""The sheet that every plot is drawn on: title above, key, room for the plot, and below what it is drawn from."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import wraps
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from stancegraph.plots import _style as style
from stancegraph.plots._axes import Box
from stancegraph.plots._days import span_words
from stancegraph.plots._marks import Sign, mark
from stancegraph.plots._text import fitted, literal, quiet_about_letters, width_of, wrapped

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable, Sequence

    from matplotlib.backend_bases import RendererBase

    from stancegraph.graph import StanceGraph
    from stancegraph.models import Position
    from stancegraph.networks.events import Event

_LEADING = 1.22
_BETWEEN = 0.09  # inches between blocks of the sheet
_SIGN = 0.2  # inches that the sign of a key takes
_MOST_PERIODS = 1500
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
    _write(figure, title, top, style.TITLE, style.INK, "bold")
    _write(figure, subtitle, top - _block(title, style.TITLE), style.SUBTITLE, style.MUTED)
    _draw_key(figure, key, top - _block(title, style.TITLE) - _block(subtitle, style.SUBTITLE))
    _write(figure, note, below - _BETWEEN / 2, style.SMALL, style.MUTED)
    return figure, Box(style.MARGIN, below, room, whole - above - below)


def drawn(plot: Callable[Parameters, Plot]) -> Callable[Parameters, Plot]:
    """Let a plot be drawn by this project's settings."""

    @wraps(plot)
    def draw(*arguments: Parameters.args, **settings: Parameters.kwargs) -> Plot:
        with style.plain_settings(), quiet_about_letters():
            return plot(*arguments, **settings)

    return draw


def source_note(positions: Iterable[Position]) -> str:
    """Return what a plot is drawn from: positions, documents, publishers and their dates."""
    drawn_from = list(positions)
    documents = {position.document.id: position.document for position in drawn_from}
    dates = sorted(document.date for document in documents.values() if document.date)
    when = f", {span_words(dates[0], dates[-1])}" if dates else ", undated"
    counts = Counter(literal(document.source) for document in documents.values() if document.source)
    names = sorted(counts, key=lambda name: (-counts[name], name))
    listed = [fitted(name, 2, style.SMALL) for name in names[:3]]
    listed += [f"{len(names) - 3:,} more"] if len(names) > 3 else []
    by = f" from {listing(listed)}" if names else ""
    return f"Source: {counted(len(drawn_from), 'position')} in {counted(len(documents), 'document')}{by}{when}."


def undated_note(positions: Iterable[Position]) -> list[str]:
    """Return how many positions have no date, if any."""
    number = sum(position.date is None for position in positions)
    return [f"Left out: {counted(number, 'position')} without a date."] if number else []


def source_note_of(graph: StanceGraph, events: Iterable[Event]) -> str:
    """Return what a plot is drawn from, by the events that it counts."""
    ids = {event.id for event in events}
    return source_note(placed.position for placed in graph.placed if placed.id in ids)


def listing(names: Sequence[str]) -> str:
    """Return "a", "a and b", "a, b and c"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def check_periods(number: int, unit: str) -> None:
    """Raise ValueError if there are more periods than can be told apart."""
    if number > _MOST_PERIODS:
        raise ValueError(
            f"unit={unit!r} gives {number:,} of them, too many to draw; choose a longer one, or only some dates"
        )


def counted(number: int, noun: str) -> str:
    """Return "1 position", "2 positions" and the like."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def _capital(title: str) -> str:
    """Return a title with a capital, unless its first word is spelt in a way of its own."""
    first = title.split(" ", 1)[0]
    return title[:1].upper() + title[1:] if first.islower() else title


def _block(lines: Sequence[object], size: float) -> float:
    """Return the height of some lines, with the space below them."""
    return len(lines) * size * _LEADING / 72 + (_BETWEEN if lines else 0)


def _write(
    figure: Figure, lines: Sequence[str], top: float, size: float, colour: str, weight: style.Weight = "normal"
) -> None:
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
