"""What all plots look like: colours, marks, sizes and type, whatever matplotlib is set to elsewhere.

Stances have the colours and dashes of the page, which are told apart with any colour vision (Okabe & Ito 2008, Color
universal design); their marks differ in shape as well, so that a plot can be read in print.
"""

from __future__ import annotations

from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

import matplotlib as mpl
from matplotlib.colors import to_hex, to_rgb
from matplotlib.font_manager import FontProperties, fontManager
from matplotlib.patheffects import AbstractPathEffect, withStroke

from stancegraph.models import Stance

if TYPE_CHECKING:
    from collections.abc import Iterator

WIDTH = 7.5  # of a figure, in inches: the text width of a printed page
MARGIN = 0.15  # around it, in inches
DPI = 150

TITLE, SUBTITLE, LABEL, SMALL = 13.5, 10.0, 9.0, 8.0  # points
Weight = Literal["normal", "bold"]

PAPER = "#ffffff"
INK = "#1b1f23"
MUTED = "#5a6068"
RULE = "#dedbd3"
OUTLINE = "#3a4047"

STANCES = (Stance.SUPPORTS, Stance.MIXED, Stance.UNDECIDED, Stance.OPPOSES)
COLOURS = {
    Stance.SUPPORTS: "#0072b2",
    Stance.OPPOSES: "#d55e00",
    Stance.MIXED: "#bf5f96",
    Stance.UNDECIDED: "#6c737a",
}
Dashes = tuple[float, tuple[float, ...]]
MARKERS = {Stance.SUPPORTS: "^", Stance.OPPOSES: "v", Stance.MIXED: "D", Stance.UNDECIDED: "o"}
DASHES: dict[Stance, Dashes] = {
    Stance.SUPPORTS: (0, ()),
    Stance.OPPOSES: (0, (4, 2)),
    Stance.MIXED: (0, (4, 1.5, 1, 1.5)),
    Stance.UNDECIDED: (0, (1, 1.5)),
}


HALO: list[AbstractPathEffect] = [withStroke(linewidth=2.5, foreground=PAPER)]  # around words that lie on lines


class Camp(NamedTuple):
    """How a coalition is drawn."""

    colour: str
    marker: str


# None of them is a stance's colour. Whoever stands alone, and coalitions after these, are grey.
CAMPS = (Camp("#009e73", "o"), Camp("#e69f00", "s"), Camp("#7b4fa3", "D"), Camp("#56b4e9", "^"), Camp("#8c5a2b", "p"))
ALONE = Camp("#a3a8ad", "h")

# Of other scripts than the main type has, the first that are installed; DejaVu, which comes with matplotlib, has many.
_OTHER_SCRIPTS = (
    *("DejaVu Sans", "Noto Sans CJK JP", "Noto Sans CJK SC", "Noto Sans JP", "Noto Sans SC", "Hiragino Sans"),
    *("PingFang SC", "Microsoft YaHei", "Yu Gothic", "Malgun Gothic", "Arial Unicode MS", "Noto Sans", "Nirmala UI"),
    *("Noto Sans Arabic", "Noto Sans Hebrew", "Noto Sans Devanagari", "Noto Sans Bengali", "Noto Sans Thai"),
    *("Noto Emoji", "Segoe UI Emoji", "Segoe UI Symbol"),
)


def tint(colour: str, share: float) -> str:
    """Return a colour mixed with white; 1 is the colour itself, 0 white."""
    red, green, blue = to_rgb(colour)
    return to_hex((share * red + 1 - share, share * green + 1 - share, share * blue + 1 - share))


def of_text(colour: str) -> str:
    """Return a colour dark enough for words on white."""
    red, green, blue = to_rgb(colour)
    return to_hex((0.78 * red, 0.78 * green, 0.78 * blue))


def font(size: float, weight: Weight = "normal") -> FontProperties:
    """Return the type of a size in points; within `plain_settings`."""
    return FontProperties(family=list(mpl.rcParams["font.family"]), size=size, weight=weight)


@contextmanager
def plain_settings() -> Iterator[None]:
    """Draw by this project's settings, but in a typeface that the user has chosen; nothing is left behind."""
    families = [*_chosen(), _main_family(), *_OTHER_SCRIPTS]
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams["font.family"] = list(_installed(tuple(families)))
        mpl.rcParams["text.parse_math"] = False
        mpl.rcParams["svg.hashsalt"] = "stancegraph"
        mpl.rcParams["pdf.fonttype"] = 42  # letters that journals accept
        yield


def _chosen() -> list[str]:
    names = [*mpl.rcParams["font.family"], *mpl.rcParams["font.sans-serif"]]
    usual = [*mpl.rcParamsDefault["font.family"], *mpl.rcParamsDefault["font.sans-serif"]]
    return [] if names == usual else [name for name in names if name != "sans-serif"]


@cache
def _installed(names: tuple[str, ...]) -> tuple[str, ...]:
    known = set(fontManager.get_font_names())
    return tuple(dict.fromkeys(name for name in names if name in known))


@cache
def _main_family() -> str:
    try:
        from font_source_sans_pro import SourceSansPro, SourceSansProBold
    except ImportError:  # then DejaVu does, which is wider and less like print
        return "DejaVu Sans"
    for path in (SourceSansPro, SourceSansProBold):
        fontManager.addfont(path)
    return "Source Sans Pro"
