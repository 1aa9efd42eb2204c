"""Plots: what they show, that it can be read, and that the same graph gives the same file."""

from __future__ import annotations

import datetime
import io
import json
import os
import re
import subprocess
import sys
from collections import defaultdict
from itertools import combinations, pairwise
from pathlib import Path

import matplotlib as mpl
import networkx as nx
import numpy as np
import pytest
from given_positions import read, readings
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from IPython.core.formatters import DisplayFormatter
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.collections import LineCollection
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from stancegraph.graph import StanceGraph, UnknownName, assemble
from stancegraph.imports import read_positions
from stancegraph.models import Stance, Stated
from stancegraph.networks import (
    actor_network,
    affiliation_network,
    coalitions,
    polarisation_over_time,
    scale_actors,
    strongest_ties,
    to_matrix,
)

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("STANCEGRAPH_DATA", ROOT.parent / "shared"))
SWEDEN = "Sweden's accession to NATO"
BLUE, ORANGE, PINK, GREY = "#0072b2", "#d55e00", "#bf5f96", "#6c737a"
SHAPES = {"^": "supports", "v": "opposes", "D": "mixed", "o": "undecided"}
PLOTS = {
    "history": lambda graph, outcome: graph.plot_history(outcome),
    "balance": lambda graph, outcome: graph.plot_balance(outcome),
    "sides": lambda graph, outcome: graph.plot_sides(outcome),
    "matrix": lambda graph, outcome: graph.plot_matrix(),
    "congruence": lambda graph, outcome: graph.plot_network(),
    "conflict": lambda graph, outcome: graph.plot_network("conflict"),
    "subtract": lambda graph, outcome: graph.plot_network("subtract"),
    "affiliation": lambda graph, outcome: graph.plot_network("affiliation"),
    "outcomes": lambda graph, outcome: graph.plot_network("outcomes"),
    "polarisation": lambda graph, outcome: graph.plot_polarisation(),
    "scaling": lambda graph, outcome: graph.plot_scaling(),
    "coalitions": lambda graph, outcome: graph.plot_coalitions(),
}
HOSTILE = (
    *(
        "$x^2$ and $\\frac{1}{0}$",
        "\\textbf{bold}_{sub}",
        "A\x00B\x07\x1b[31m",
        "line\nbreak\tand tab",
        "\u202eesrever\u202c",
    ),
    *(
        "محمد بن سلمان",
        "習近平国家主席",
        "🎉🏳️‍🌈 Party",
        "Z" + "\u0301" * 40 + "algo",
        "%s {0} <b>&amp; Co",
        "Long name " * 30,
        "W" * 300,
    ),
)


@pytest.fixture(scope="session")
def track() -> StanceGraph:
    """The story line in `data/`, with its positions."""
    read_in = read_positions(ROOT / "data/track-positions.jsonl", ROOT / "data/track.jsonl")
    assert not read_in.skipped
    return assemble(read_in.results)


@pytest.fixture(scope="session")
def hostile() -> StanceGraph:
    """A debate whose names are hard to draw."""
    topics = ("the $100 tax & the $5 levy", "税金の引き上げ", "ضريبة جديدة", "long outcome " * 30, "under_score^hat")
    stances = ("supports", "opposes", "mixed", "undecided", "supports", "supports", "opposes")
    return assemble(
        read(
            f"report {day}",
            *(
                (name, stances[(place * 3 + day * 2) % 7], topics[(place + day * day) % 5])
                for place, name in enumerate(HOSTILE)
            ),
            date=f"2023-0{day}-1{day}",
        )
        for day in range(1, 9)
    )


def texts(figure: Figure):
    """Return all words of a figure that can be seen, once it is drawn."""
    FigureCanvasAgg(figure).draw()
    found = [*figure.texts]
    for axes in figure.axes:
        found += [*axes.texts, *axes.get_xticklabels(), *axes.get_yticklabels()]
    return [text for text in found if text.get_visible() and text.get_text()]


def words(figure: Figure) -> list[str]:
    return [text.get_text() for text in texts(figure)]


def marks(figure: Figure, axes: int = 0):
    """Return the marks in the axes of a figure, by x and y, as (x, y, shape, colour, size)."""
    lines = [
        line
        for line in figure.axes[axes].lines
        if line.get_marker() not in ("None", "", None) and len(line.get_xdata()) == 1
    ]
    return [
        (
            *(float(line.get_xdata()[0]), float(line.get_ydata()[0])),
            *(line.get_marker(), to_hex(line.get_markerfacecolor()), line.get_markersize()),
        )
        for line in lines
    ]


def height_of(figure: Figure, name: str) -> float:
    """Return the height at which a name stands beside the axes."""
    beside = [text for text in figure.axes[0].texts if hasattr(text, "xy")]
    return next(
        t.xy[1] for t in beside if t.get_text() == name or (t.get_text()[-1] == "…" and name.startswith(t.get_text()[:-1]))
    )


def svg(figure: Figure) -> bytes:
    file = io.BytesIO()
    figure.savefig(file, format="svg")
    return file.getvalue()


def legible(figure: Figure) -> None:
    """Fail unless all words are large enough, within the figure, and apart from each other."""
    found = texts(figure)
    assert min(text.get_fontsize() for text in found) >= 7
    renderer = figure.canvas.get_renderer()
    boxes = [text.get_window_extent(renderer) for text in found]
    width, height = figure.canvas.get_width_height()
    for text, box in zip(found, boxes, strict=True):
        assert box.x0 >= -1 and box.y0 >= -1 and box.x1 <= width + 1 and box.y1 <= height + 1, text.get_text()
    level = [(text.get_text(), box) for text, box in zip(found, boxes, strict=True) if not text.get_rotation()]
    for (one, box), (other, its) in combinations(level, 2):
        across, up = min(box.x1, its.x1) - max(box.x0, its.x0), min(box.y1, its.y1) - max(box.y0, its.y0)
        # Lines of type touch where letters with and without tails meet; words do not lie on each other.
        assert across <= 1 or up <= 0.25 * min(box.height, its.height), (one, other)


# ---- What holds for every plot ----


@pytest.mark.parametrize("name", PLOTS)
def test_every_plot_is_legible_without_a_setting(name, track, debate, hostile):
    for graph, outcome in ((track, SWEDEN), (debate, "the Storm Bank wind farm"), (hostile, "under_score^hat")):
        figure = PLOTS[name](graph, outcome)
        assert isinstance(figure, Figure)
        legible(figure)
        said = words(figure)
        assert any(word.startswith("Source: ") for word in said)


@pytest.mark.parametrize("name", PLOTS)
def test_the_same_graph_gives_the_same_bytes_whatever_matplotlib_is_set_to(name, debate):
    outcome = "the Storm Bank wind farm"
    first = svg(PLOTS[name](debate, outcome))
    before = dict(mpl.rcParams)
    settings = {
        "axes.facecolor": "black",
        "text.color": "red",
        "font.size": 30,
        "lines.linewidth": 9,
        "svg.fonttype": "none",
    }
    with mpl.rc_context(settings):
        assert svg(PLOTS[name](debate, outcome)) == first
    assert dict(mpl.rcParams) == before


def test_files_do_not_tell_when_they_were_made(debate, tmp_path):
    for kind in ("svg", "pdf", "png"):
        written = []
        for number in range(2):
            path = tmp_path / f"{number}.{kind}"
            debate.plot_matrix().savefig(path if number else str(path))
            written.append(path.read_bytes())
        assert written[0] == written[1]
        assert str(datetime.datetime.now(tz=datetime.timezone.utc).year).encode() not in written[0] or kind == "png"


def test_a_notebook_shows_a_plot_once_at_its_size(debate):
    figure = debate.plot_scaling()
    shown, about = DisplayFormatter().format(figure)
    assert [kind for kind in shown if kind.startswith("image/")] == ["image/png"]
    assert shown["image/png"].startswith(b"\x89PNG")
    assert about["image/png"]["width"] == round(figure.get_figwidth() * 96)


def test_plots_leave_pyplot_alone_and_say_which_extra_they_need():
    code = (
        "import sys; from stancegraph.graph import assemble; graph = assemble([]); assert 'matplotlib' not in sys.modules\n"
        "try: graph.plot_matrix()\n"
        "except ValueError: pass\n"
        "assert 'matplotlib.figure' in sys.modules and 'matplotlib.pyplot' not in sys.modules\n"
        "for name in [n for n in sys.modules if n.split('.')[0] == 'matplotlib' or n.startswith('stancegraph.plots')]:\n"
        "    del sys.modules[name]\n"
        "sys.modules['matplotlib'] = None\n"
        "graph.plot_matrix()"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stderr.rstrip().endswith(
        "ImportError: plots need matplotlib, which is not installed: pip install 'stancegraph[plots]'"
    )


def test_stances_have_the_colours_of_the_page(track):
    css = (ROOT / "stancegraph/page/style.css").read_text("utf8")
    of_page = {
        stance.value: re.search(rf"--{stance.value}: (#\w+);", css)[1] for stance in Stance if stance is not Stance.NONE
    }
    figure = track.plot_history(SWEDEN)
    drawn = {SHAPES[shape]: colour for _, _, shape, colour, _ in marks(figure)}
    assert drawn == of_page


def test_the_type_is_the_users_if_one_is_chosen(debate):
    with mpl.rc_context({"font.family": ["DejaVu Serif"]}):
        figure = debate.plot_scaling()
    assert {text.get_fontname() for text in texts(figure)} == {"DejaVu Serif"}


# ---- Hostile text ----


def test_names_are_drawn_as_they_are_spelt(hostile, recwarn):
    figure = hostile.plot_coalitions()
    said = words(figure)
    for literal in (
        "$x^2$ and $\\frac{1}{0}$",
        "\\textbf{bold}_{sub}",
        "A B [31m",
        "line break and tab",
        "esrever",
        "%s {0} <b>&amp; Co",
    ):
        assert literal in said
    assert not any(text.get_parse_math() for text in texts(figure))
    assert not any(re.search("[\x00-\x09\x0b-\x1f\u202a-\u202e]", word) for word in said)
    long = [word for word in said if word.startswith(("Long name", "WWW")) and " more" not in word]
    assert len(long) == 2
    assert all(word.endswith("…") for word in long)
    svg(figure)
    assert not recwarn.list


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "name", ["history", "sides", "matrix", "affiliation", "scaling", "coalitions", "balance", "polarisation"]
)
def test_any_graph_is_drawn_legibly_or_said_to_lack_something(name):
    @settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
    @given(readings(), st.data())
    def draw(read_in, data):
        graph = assemble(read_in)
        outcome = data.draw(st.sampled_from(graph.outcomes())) if graph.outcomes() else "nothing"
        try:
            figure = PLOTS[name](graph, outcome)
        except (ValueError, UnknownName) as error:
            assert len(str(error)) > 15
        else:
            legible(figure)
            assert svg(figure) == svg(PLOTS[name](graph, outcome))

    draw()


# ---- What is missing ----


def test_what_is_missing_is_said():
    empty = assemble([])
    with pytest.raises(ValueError, match="no positions to draw"):
        empty.plot_matrix()
    with pytest.raises(ValueError, match="0 actors with positions for or against; a tree needs two"):
        empty.plot_coalitions()
    with pytest.raises(ValueError, match="no two actors take sides on the same outcome"):
        empty.plot_scaling()
    with pytest.raises(ValueError, match="nothing to draw: actors, tied where they take the same side"):
        empty.plot_network()
    with pytest.raises(UnknownName):
        empty.plot_history("tax")


def test_without_dates_there_is_no_history_but_there_are_sides():
    graph = assemble([read("one", ("Ann Lee", "supports", "coal tax"), ("Bob Moss", "opposes", "coal tax"))])
    for draw in (graph.plot_history, graph.plot_balance):
        with pytest.raises(
            ValueError, match=r"no position on 'coal tax' has a date; give the documents dates, or draw plot_sides"
        ):
            draw("coal tax")
    with pytest.raises(ValueError, match="has a date"):
        graph.plot_polarisation()
    assert {"Ann Lee", "Bob Moss"} <= set(words(graph.plot_sides("coal tax")))


def test_one_actor_has_a_history_but_no_tree():
    graph = assemble([read("one", ("Ann Lee", "supports", "coal tax"), date="2023-01-02")])
    assert "Ann Lee" in words(graph.plot_history("coal tax"))
    assert "1 supports" in words(graph.plot_balance("coal tax"))
    with pytest.raises(ValueError, match="1 actor with positions for or against; a tree needs two at least"):
        graph.plot_coalitions()


def test_settings_that_make_no_sense_are_refused(track):
    with pytest.raises(ValueError, match="kind='friends' is none of the choices; choose one of congruence, conflict"):
        track.plot_network("friends")
    with pytest.raises(ValueError, match="most=0 is not a whole number of at least 1"):
        track.plot_history(SWEDEN, most=0)
    with pytest.raises(ValueError, match=r"width=1 is too narrow"):
        track.plot_matrix(width=1)
    with pytest.raises(ValueError, match=r"height=1 leaves no room for the plot; choose at least \d\.\d inches"):
        track.plot_network(height=1)
    with pytest.raises(ValueError, match="unit='fortnights'"):
        track.plot_balance(SWEDEN, unit="fortnights")


def test_more_periods_than_can_be_told_apart_are_refused():
    graph = assemble([read(date, ("Ann Lee", "supports", "coal tax"), date=date) for date in ("0900-01-01", "2023-01-01")])
    for draw in (lambda unit: graph.plot_balance("coal tax", unit=unit), lambda unit: graph.plot_polarisation(unit=unit)):
        with pytest.raises(ValueError, match=r"unit='weeks' gives 58,\d+ of them, too many to draw; choose a longer one"):
            draw("weeks")
        legible(draw("years"))


# ---- History ----


def test_turkey_and_hungary_change_over_the_story_line(track):
    figure = track.plot_history(SWEDEN, by="affiliation")
    said = words(figure)
    names = [
        text.get_text() for text in figure.axes[0].texts if hasattr(text, "xy") and text.get_text() not in SHAPES.values()
    ]
    changed = {shift.actor.name for shift in track.shifts(outcome=SWEDEN, by="affiliation")}
    assert {"Turkey", "Hungary"} <= changed
    assert set(names[: len(changed)]) == changed  # those who change come first
    assert any(f"{len(changed)} of " in word and "changed" in word for word in said)
    y = height_of(figure, "Hungary")
    lane = sorted((x, shape, size) for x, at, shape, _, size in marks(figure) if at == y)
    steps = list(track.history("Hungary", SWEDEN, by="affiliation"))
    assert [SHAPES[shape] for _, shape, _ in lane] == [step.stance.value for step in steps]
    assert [x for x, _, _ in lane] == [datetime.date.fromisoformat(step.since).toordinal() for step in steps]
    assert [size > 7 for *_, size in lane][1:] == [before.stance != after.stance for before, after in pairwise(steps)]
    assert {"Sep", "24 Jan"} <= set(said)  # "in September", and a day


def test_bands_carry_the_standing_stance_to_the_next_and_to_the_end(track):
    figure = track.plot_history(SWEDEN, actors=["Viktor Orbán", "Jens Stoltenberg"])
    steps = list(track.history("Viktor Orbán", SWEDEN))
    days = [datetime.date.fromisoformat(step.since).toordinal() for step in steps]
    last = max(datetime.date.fromisoformat(document.date) for document in track.documents.values()).toordinal()
    assert last > days[-1]
    bands = figure.axes[0].collections[0]
    assert [[round(x) for x, _ in band] for band in bands.get_segments()] == [list(ends) for ends in pairwise([*days, last])]
    supports = to_hex(bands.get_colors()[0])
    assert [to_hex(colour) == supports for colour in bands.get_colors()] == [s.stance is Stance.SUPPORTS for s in steps]


def test_lanes_that_are_left_out_are_counted(track):
    figure = track.plot_history(SWEDEN, most=3)
    actors = {step.actor.name for step in track.history(outcome=SWEDEN)}
    assert any(f"Left out: {len(actors) - 3} actors with as few positions or fewer." in word for word in words(figure))
    assert len([word for word in words(figure) if word in actors]) == 3


def test_actors_are_drawn_in_the_order_asked_for(track):
    figure = track.plot_history(SWEDEN, actors=["Stoltenberg", track.actor("Hungary")])
    assert height_of(figure, "Jens Stoltenberg") > height_of(figure, "Hungary")
    with pytest.raises(
        ValueError, match=r"'Ann Linde' has no dated position on \"Sweden's accession to NATO\"; leave it out"
    ):
        track.plot_history(SWEDEN, actors=["Ann Linde"])
    with pytest.raises(UnknownName):
        track.plot_history(SWEDEN, actors=["Nobody Ever"])
    with pytest.raises(ValueError, match="names nobody"):
        track.plot_history(SWEDEN, actors=[])


def test_days_that_are_not_exact_have_a_line_and_what_is_only_recalled_is_hollow():
    document, positions = read(
        "one",
        ("Ann Lee", "supports", "coal tax"),
        ("Ann Lee", "opposes", "coal tax"),
        ("Ann Lee", "mixed", "coal tax"),
        date="2022-09-01",
    )
    day = datetime.date
    times = (
        Stated(since=day(2022, 7, 1), until=day(2022, 7, 31)),
        Stated(since=None, until=day(2022, 9, 1)),
        Stated(since=day(2022, 8, 5), until=day(2022, 8, 5)),
    )
    stated = [position.model_copy(update={"stated": time}) for position, time in zip(positions, times, strict=True)]
    figure = assemble([(document, stated)]).plot_history("coal tax")
    said = words(figure)
    assert "recalled, day unknown" in said
    assert "5 Aug" in said
    lines = figure.axes[0].collections[1].get_segments()
    assert [round(line[1][0] - line[0][0]) for line in lines] == [30, 0]
    hollow = [line for line in figure.axes[0].lines if to_hex(line.get_markerfacecolor()) == "#ffffff"]
    assert [(line.get_marker(), to_hex(line.get_markeredgecolor())) for line in hollow] == [("v", ORANGE)]


@pytest.mark.parametrize("days", [0, 1, 3, 20, 70, 400, 3000, 40_000, 700_000])
def test_days_are_named_apart_however_long_the_debate(days):
    last = datetime.date(1, 1, 1) + datetime.timedelta(days=730_000) - datetime.timedelta(days=3000)
    first = last - datetime.timedelta(days=days)
    graph = assemble(
        [
            read("one", ("Ann Lee", "supports", "coal tax"), date=first.isoformat()),
            read("two", ("Ann Lee", "opposes", "coal tax"), ("Bob Moss", "opposes", "coal tax"), date=last.isoformat()),
        ]
    )
    figure = graph.plot_history("coal tax")
    legible(figure)
    assert [label.get_text() for label in figure.axes[0].get_xticklabels()] or days == 0


# ---- Balance and sides ----


def test_bars_are_the_timeline(track):
    figure = track.plot_balance(SWEDEN)
    rows = list(track.timeline(SWEDEN))
    bars = defaultdict(dict)
    for patch in figure.axes[0].patches:
        bars[round(patch.get_x(), 1)][to_hex(patch.get_facecolor())] = (patch.get_y(), patch.get_height())
    drawn = [bars[x] for x in sorted(bars)]
    assert [bar.get(BLUE, (0, 0))[1] for bar in drawn] == [row.supports for row in rows]
    assert [bar.get(ORANGE, (0, 0))[1] for bar in drawn] == [row.opposes for row in rows]
    for bar, row in zip(drawn, rows, strict=True):
        between = (row.mixed + row.undecided) / 2
        assert bar[BLUE][0] == between
        if row.opposes:
            assert bar[ORANGE][0] + bar[ORANGE][1] == -between
    said = words(figure)
    assert {f"{rows[-1].supports} support", f"{rows[-1].opposes} oppose", f"{rows[-1].mixed} mixed"} <= set(said)
    assert len(track.plot_balance(SWEDEN, unit="years").axes[0].patches) < len(figure.axes[0].patches)


def test_names_of_thin_parts_keep_apart():
    rows = [(f"Member {number}", "supports", "coal tax") for number in range(40)]
    others = [("Ann Lee", "mixed", "coal tax"), ("Bob Moss", "undecided", "coal tax"), ("Cora Vane", "opposes", "coal tax")]
    figure = assemble([read("one", *rows, *others, date="2023-01-02")]).plot_balance("coal tax")
    legible(figure)
    assert {"40 support", "1 mixed", "1 undecided", "1 opposes"} <= set(words(figure))


def test_positions_without_a_date_are_counted_among_what_is_left_out(debate):
    for figure in (debate.plot_history("the Storm Bank wind farm"), debate.plot_balance("the Storm Bank wind farm")):
        assert any(word.endswith("Left out: 1 position without a date.") for word in words(figure))


def test_sides_are_those_taken_last_with_the_number_of_positions(track):
    figure = track.plot_sides(SWEDEN, most=100)
    last = {}
    for step in track.history(outcome=SWEDEN):
        last[step.actor.name] = step
    axes = figure.axes[0]
    middle = float(axes.lines[0].get_xdata()[0])
    by_height = {y: (x, shape) for x, y, shape, _, _ in marks(figure)}
    names = {text.get_text(): text for text in axes.texts if text.get_text() in last}
    assert set(names) == set(last)
    for name, step in last.items():
        x, shape = by_height[names[name].get_position()[1]]
        assert SHAPES[shape] == step.stance.value
        assert np.sign(round(x - middle, 6)) == {"supports": 1, "opposes": -1}.get(step.stance.value, 0)
        # The name stands on the other side of the line, so that nothing lies on it.
        assert (names[name].get_position()[0] - middle) * (x - middle) <= 0
    reach = {name: abs(by_height[text.get_position()[1]][0] - middle) for name, text in names.items()}
    assert max(reach, key=reach.get) == "Jens Stoltenberg"
    assert any("actors support" in word for word in words(figure))


def test_what_is_less_sure_is_paler():
    document, (sure, unsure) = read("one", ("Ann Lee", "supports", "coal tax"), ("Bob Moss", "supports", "coal tax"))
    positions = [sure.model_copy(update={"confidence": 1.0}), unsure.model_copy(update={"confidence": 0.4})]
    figure = assemble([(document, positions)]).plot_sides("coal tax")
    assert marks(figure)[0][3] == BLUE
    assert sum(mpl.colors.to_rgb(marks(figure)[1][3])) > sum(mpl.colors.to_rgb(BLUE))
    assert any("Paler: less sure." in word for word in words(figure))


# ---- Networks ----


def test_cells_are_support_less_opposition(track):
    figure = track.plot_matrix(most_actors=12, most_outcomes=6)
    axes = figure.axes[0]
    matrix = to_matrix(affiliation_network(track, agreement="subtract"))
    outcomes = {text.get_text(): text.get_position()[0] for text in axes.texts if text.get_rotation()}
    assert len(outcomes) == 6
    actors = [text.get_text() for text in axes.texts if text.get_text() in matrix.index]
    assert len(actors) == 12
    cells = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    for cell in cells:
        y = cell.get_y() + cell.get_height() / 2
        actor = min(actors, key=lambda name: abs(height_of(figure, name) - y))
        outcome = min(outcomes, key=lambda label: abs(outcomes[label] - cell.get_x() - cell.get_width() / 2))
        net = matrix.loc[actor, outcome]
        red, _, blue = mpl.colors.to_rgb(cell.get_facecolor())
        assert np.sign(round(blue - red, 1)) == np.sign(net), (actor, outcome)
        number = next(
            t.get_text() for t in axes.texts if np.allclose(t.get_position(), (cell.get_x() + cell.get_width() / 2, y))
        )
        assert number == ("±" if net == 0 else f"{net:+.0f}".replace("-", "−"))


def test_coalitions_stand_together_in_the_matrix(track):
    figure = track.plot_matrix(most_actors=25)
    groups = coalitions(track, method="hierarchical", mixed="between", undecided="between")
    order = [text.get_text() for text in figure.axes[0].texts if text.get_text() in groups.index]
    runs = [groups[name] for name in order]
    changes = sum(one != other for one, other in pairwise(runs))
    assert changes == len(set(runs)) - 1


@pytest.mark.parametrize("kind", ["congruence", "conflict"])
def test_ties_are_as_wide_as_they_are_strong(debate, kind):
    figure = debate.plot_network(kind, most_ties=1000)
    network = actor_network(debate, kind=kind)
    lines = [line for line in figure.axes[0].collections if isinstance(line, LineCollection)]
    assert len(lines) == network.number_of_edges()
    weights = sorted(weight for _, _, weight in network.edges(data="weight"))
    widths = [float(line.get_linewidths()[0]) for line in lines]  # drawn in the order of weight
    assert widths == sorted(widths)
    assert len(set(weights)) > 2
    assert np.corrcoef(weights, widths)[0, 1] > 0.999


def test_nodes_have_the_colours_and_shapes_of_their_coalitions(debate):
    figure = debate.plot_network()
    groups = coalitions(debate)
    tied = [node.removeprefix("actor:") for node, degree in actor_network(debate).degree() if degree]
    assert {name for name in tied if name in words(figure)} == set(tied)
    looks = {(shape, colour) for _, _, shape, colour, _ in marks(figure)}
    sizes = groups.value_counts()
    shown = {groups[name] for name in tied if sizes[groups[name]] > 1}
    alone = any(sizes[groups[name]] == 1 for name in tied)
    assert len(looks) == len(shown) + alone
    assert len({shape for shape, _ in looks}) == len(looks)  # told apart without colour


def test_labels_lie_on_no_node(track):
    figure = track.plot_network()
    found = texts(figure)
    renderer = figure.canvas.get_renderer()
    axes = figure.axes[0]
    for text in axes.texts:
        box = text.get_window_extent(renderer)
        for x, y, _, _, size in marks(figure):
            px, py = axes.transData.transform((x, y))
            radius = 0.7 * size / 2 * figure.dpi / 72
            apart = max(box.x0 - px, px - box.x1, box.y0 - py, py - box.y1)
            assert apart > -radius, text.get_text()
    assert len(found) > 30


def test_opposition_is_dashed_in_an_affiliation_network(debate):
    figure = debate.plot_network("affiliation", most=100)
    lines = [line for line in figure.axes[0].collections if isinstance(line, LineCollection)]
    network = affiliation_network(debate)
    agreements = [agreement for _, _, agreement in network.edges(data="agreement")]
    dashed = [line for line in lines if line.get_linestyles()[0][1]]
    assert len(lines) == len(agreements)
    assert len(dashed) == agreements.count("opposes")
    assert {"supports", "opposes", "outcome"} <= set(words(figure))


def test_a_dense_network_is_thinned_and_says_so(track):
    figure = track.plot_network(most_ties=50)
    lines = [line for line in figure.axes[0].collections if isinstance(line, LineCollection)]
    assert len(lines) == 50
    assert any(re.search(r"Ties: the strongest 50 of \d+\.", word) for word in words(figure))


def test_strongest_ties_keep_what_hangs_together():
    network = nx.Graph(network="actor")
    network.add_nodes_from("abcdef", events=1.0)
    network.add_weighted_edges_from(
        [("a", "b", 5), ("b", "c", 5), ("a", "c", 5), ("c", "d", 0.1), ("d", "e", 0.1), ("e", "a", 0.05), ("b", "d", 0.05)]
    )
    thin = strongest_ties(network, most=5)
    assert set(thin) == set(network)
    assert thin.number_of_edges() == 5
    assert nx.number_connected_components(thin) == nx.number_connected_components(network)
    assert {frozenset(edge) for edge in thin.edges} >= {frozenset("cd"), frozenset("de")}
    assert thin.edges["a", "b"]["weight"] == 5
    # Of the rest, the tie that is much of either end comes first, not the heaviest: d and e say little else.
    assert strongest_ties(network, most=4).number_of_edges() == 4
    with pytest.raises(ValueError, match="most=0"):
        strongest_ties(network, most=0)


@given(
    st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8), st.integers(1, 4)), max_size=25),
    st.integers(1, 30),
    st.randoms(),
)
def test_strongest_ties_do_not_depend_on_the_order_of_ties(ties, most, random):
    ties = list({frozenset((a, b)): (f"n{a}", f"n{b}", w) for a, b, w in ties if a != b}.values())
    one, other = nx.Graph(), nx.Graph()
    for network in (one, other):
        network.add_nodes_from(f"n{number}" for number in range(9))
        network.add_weighted_edges_from(ties)
        random.shuffle(ties)
    first, second = (strongest_ties(network, most=most) for network in (one, other))
    assert {frozenset(edge) for edge in first.edges} == {frozenset(edge) for edge in second.edges}
    assert nx.number_connected_components(first) == nx.number_connected_components(one)
    forest = len(one) - nx.number_connected_components(one)
    assert first.number_of_edges() == min(one.number_of_edges(), max(most, forest))


# ---- Polarisation, scaling, coalitions ----


def test_the_line_is_polarisation_and_the_bars_are_events(track):
    figure = track.plot_polarisation(unit="months", size=3, step=1)
    table = polarisation_over_time(track, unit="months", size=3, step=1)
    line = next(line for line in figure.axes[0].lines if len(line.get_xdata()) == len(table))
    assert np.allclose(line.get_ydata(), table["polarisation"], equal_nan=True)
    assert [bar.get_height() for bar in figure.axes[1].patches] == table["events"].tolist()
    assert "Polarisation in windows of 3 months that move by 1, and the number of events in each" in words(figure)


def test_where_nobody_agrees_the_line_is_broken():
    graph = assemble(
        [
            read("one", ("Ann Lee", "supports", "coal tax"), ("Bob Moss", "supports", "coal tax"), date="2023-01-02"),
            read("two", ("Ann Lee", "supports", "coal tax"), ("Bob Moss", "opposes", "coal tax"), date="2023-02-02"),
        ]
    )
    figure = graph.plot_polarisation()
    assert [shape for _, _, shape, _, _ in marks(figure)] == ["o", "x"]
    assert "no two actors agree" in words(figure)


def test_actors_stand_on_the_line_where_they_are_scaled(track):
    figure = track.plot_scaling(most=200)
    scale = scale_actors(track)
    for name, place in scale.dropna().items():
        y = height_of(figure, name)
        x = next(x for x, at, *_ in marks(figure) if at == y)
        assert np.isclose(x, place)
    assert any("so not on the line: " in word for word in words(figure)) == bool(scale.isna().any())


def test_branches_meet_at_the_distance_of_their_members():
    graph = assemble(
        [
            read("one", *((name, "supports", "coal tax") for name in ("Ann Lee", "Bob Moss", "Cora Vane"))),
            read("two", ("Cora Vane", "opposes", "rail line"), ("Dan Poe", "opposes", "coal tax")),
        ]
    )
    figure = graph.plot_coalitions()
    lines = [np.array(line) for line in figure.axes[0].collections[0].get_segments()]
    upright = sorted({round(float(line[0, 0]), 6) for line in lines if line[0, 0] == line[1, 0]})
    assert upright == [0.0, 0.5, 1.0]  # Ann and Bob alike; Cora shares one side of two; Dan none
    heights = {name: height_of(figure, name) for name in ("Ann Lee", "Bob Moss", "Cora Vane", "Dan Poe")}
    assert abs(heights["Ann Lee"] - heights["Bob Moss"]) == 1


# ---- The story line that is shipped ----


@pytest.mark.shared
@pytest.mark.skipif(not (SHARED / "gold/track.jsonl").exists(), reason="needs the development data")
def test_the_shipped_story_line_is_the_labelled_one(track):
    gold = [json.loads(line) for line in (SHARED / "gold/track.jsonl").read_text("utf8").splitlines()]
    assert {row["id"]: row["text"] for row in gold} == {id_: document.text for id_, document in track.documents.items()}
    labelled = sum(position["stance"] != "none" for row in gold for position in row["positions"])
    assert len(track.positions()) == labelled
