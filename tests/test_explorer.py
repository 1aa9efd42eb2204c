"""Exploring in a real browser: filters, comparison, change over time, large graphs, taking away, readers of all kinds."""

from __future__ import annotations

import csv
import io
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections import Counter
from datetime import date, timedelta
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from page_example import FARM, documents_and_positions
from page_steps import canvas_point, click_on, nodes_of, position_of, wait_until_drawn

from stancegraph.graph import StanceGraph, assemble
from stancegraph.models import Act, Actor, ActorType, Document, Outcome, PlacedPosition, Position, Span, Stance, TargetKind
from stancegraph.page import render

sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
from page_speed import invented

SVG = "{http://www.w3.org/2000/svg}"


def says(page, selector):
    return page.locator(selector).inner_text()


def shown(page):
    """How many positions the page says that it shows, of how many."""
    found = re.match(r"Showing ([\d,]+) of ([\d,]+) position", says(page, "#shown"))
    return tuple(int(number.replace(",", "")) for number in found.groups())


def drawn(page):
    """The nodes in the drawing, once it is still."""
    wait_until_drawn(page)
    page.wait_for_timeout(250)
    return set(page.evaluate("stancegraph.drawn().nodes"))


def told(day, *rows, **document):
    """An article of one day in which each of some (holder, stance, outcome) is told in a sentence of its own."""
    sentences = [f"{holder} spoke of {target} and was heard ({number})." for number, (holder, _, target) in enumerate(rows)]
    article = Document(id=f"told-{day}", text=" ".join(sentences), date=day, title=f"Told {day}", **document)
    return article, [
        position_of(article, words, holder=holder, stance=stance, target=target)
        for words, (holder, stance, target) in zip(sentences, rows, strict=True)
    ]


def compare_with(page, name):
    page.locator("#panel .compare input").fill(name)
    page.keyboard.press("Enter")


@pytest.fixture(scope="module")
def change():
    """Ada turns from the bridge, Bo toward it, Cy stays; they agree and differ on more."""
    bridge, ferry, tax = "the toll bridge", "the night ferry", "the river tax"
    return assemble(
        [
            told("2030-01-10", ("Ada Voss", "supports", bridge), ("Bo Lund", "opposes", bridge), source="Harbour Post"),
            told("2030-06-01", ("Ada Voss", "mixed", bridge), ("Cy Marsh", "supports", bridge), source="Harbour Post"),
            told("2031-02-01", ("Ada Voss", "opposes", bridge), ("Bo Lund", "supports", bridge), source="Radio North"),
            told(
                "2031-03-05", ("Ada Voss", "supports", ferry), ("Bo Lund", "supports", ferry), ("Cy Marsh", "opposes", tax)
            ),
        ]
    )


@pytest.fixture(scope="module")
def large():
    return invented(1000)


@pytest.fixture(scope="module")
def large_html(large):
    return render(large)


# ---- Filters ----


def test_legend_switches_a_stance_off_and_on(debate, debate_html, open_page):
    page = open_page(debate_html)
    every = drawn(page)
    total = len(debate.positions())
    assert shown(page) == (total, total)
    opposed = len(debate.positions(stance="opposes"))
    page.locator("#legend button", has_text="opposes").click()
    assert shown(page) == (total - opposed, total)
    assert page.locator("#legend button", has_text="opposes").get_attribute("aria-pressed") == "false"
    left = drawn(page)
    assert left < every
    assert sum(node.startswith("p") for node in left) == total - opposed
    page.keyboard.press("Enter")
    assert shown(page) == (total, total)
    assert drawn(page) == every


def test_legend_switches_a_kind_of_actor_off(debate, debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)
    page.locator("#legend button", has_text="organization").click()
    kept = [p for p in debate.positions() if debate.actor_of(p).type is not ActorType.ORGANIZATION]
    assert shown(page)[0] == len(kept)
    names = {debate.actor_of(p).name for p in kept}
    listed = set(page.locator("#list section[aria-label=Actors] .entry bdi").all_inner_texts())
    assert listed == names


def test_filters_combine_are_counted_and_are_taken_back_together(change, open_page):
    page = open_page(render(change))
    wait_until_drawn(page)
    page.locator("#filters > summary").click()
    page.locator("#source").select_option("Harbour Post")
    assert shown(page) == (4, 9)
    page.locator("#legend button", has_text="mixed").click()
    assert shown(page) == (3, 9)
    page.locator("#acts label", has_text="asserts").click()
    assert shown(page) == (0, 9)
    assert says(page, "#active") == "on"
    page.locator("#reset").click()
    assert shown(page) == (9, 9)
    assert page.locator("#source").input_value() == ""
    assert not page.locator("#reset").is_visible()


def test_filter_by_country_or_body_spoken_for(open_page):
    article = Document(id="d", text="Ada says yes. Maravia says no. Bo says so.")
    graph = assemble(
        [
            (
                article,
                [
                    position_of(article, "yes", holder="Ada Voss", holder_role="minister", holder_affiliation="Maravia"),
                    position_of(article, "no", holder="Maravia", holder_type=ActorType.COUNTRY, stance="opposes"),
                    position_of(article, "so", holder="Bo Lund"),
                ],
            )
        ]
    )
    page = open_page(render(graph))
    wait_until_drawn(page)
    page.locator("#filters > summary").click()
    page.locator("#for").select_option("Maravia")
    assert shown(page) == (2, 3)
    assert page.locator("#list section[aria-label=Actors] .entry").count() == 2


def test_least_confidence_hides_what_is_less_certain(debate, debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)
    page.locator("#filters > summary").click()
    page.locator("#confidence").fill("80")
    certain = [p for p in debate.positions() if round(p.confidence, 3) >= 0.8]
    assert 0 < len(certain) < len(debate.positions())
    assert shown(page)[0] == len(certain)
    assert says(page, "#least") == "80%"


def test_dates_are_chosen_by_sliders_and_played_through(change, open_page):
    page = open_page(render(change))
    wait_until_drawn(page)
    page.locator("#filters > summary").click()
    assert says(page, "#range") == "2030-01-10 to 2031-03-05"
    page.locator("#since").focus()
    page.keyboard.press("ArrowRight")
    assert says(page, "#range") == "2030-06-01 to 2031-03-05"
    assert shown(page) == (7, 9)
    page.locator("#until").focus()
    page.keyboard.press("ArrowLeft")
    assert shown(page) == (4, 9)
    # The later end cannot pass the earlier one.
    page.keyboard.press("Home")
    assert says(page, "#range") == "2030-06-01 to 2030-06-01"
    page.locator("#reset").click()
    page.locator("#play").click()
    assert shown(page) == (2, 9)
    assert says(page, "#play") == "Pause"
    seen = [shown(page)[0]]
    for _ in range(60):
        page.wait_for_timeout(100)
        if shown(page)[0] != seen[-1]:
            seen.append(shown(page)[0])
    assert seen == [2, 4, 6, 9]
    assert says(page, "#play") == "Play"


def test_details_tell_what_the_filters_leave_out(change, open_page):
    page = open_page(render(change), fragment="#actor%3AAda%20Voss?stance=supports")
    page.locator("#panel .items").wait_for()
    assert page.locator("#panel .items tbody tr").count() == 2
    assert "The filters leave out 2 more positions." in says(page, "#panel")


def test_filters_and_views_are_part_of_the_address(change, open_page):
    html = render(change)
    page = open_page(html)
    wait_until_drawn(page)
    click_on(page, "actor:Ada Voss")
    page.locator("#legend button", has_text="mixed").click()
    compare_with(page, "Bo Lund")
    assert says(page, "#panel .kind").strip() == "comparison"
    again = open_page(html, fragment="#" + page.url.partition("#")[2])
    again.locator("#panel .both").first.wait_for()
    assert says(again, "#panel") == says(page, "#panel")
    assert shown(again) == shown(page) == (8, 9)
    page.go_back()
    assert says(page, "#panel h2") == "Ada Voss"
    assert shown(page) == (8, 9)
    page.go_back()
    assert shown(page) == (9, 9)
    page.go_forward()
    assert shown(page) == (8, 9)


@pytest.mark.parametrize(
    "fragment",
    [
        "#?stance=nonsense&since=x&confidence=abc",
        "#%E0%A4%A?with=actor%3ANobody",
        "#actor%3AAda%20Voss?with=actor%3ANobody&on=1",
    ],
)
def test_addresses_that_make_no_sense_break_nothing(fragment, change, open_page):
    page = open_page(render(change), fragment=fragment)
    wait_until_drawn(page)
    assert shown(page)[1] == 9
    assert shown(page)[0] == (0 if "nonsense" in fragment else 9)


def test_filtering_leaves_every_node_its_colour(debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)

    def picture():
        page.wait_for_timeout(300)
        return page.locator("#canvas").screenshot()

    before = picture()
    page.locator("#legend button", has_text="supports").click()
    assert picture() != before
    page.locator("#reset").click()
    page.mouse.move(700, 5)
    assert picture() == before


def test_nothing_left_is_said(change, open_page):
    page = open_page(render(change), fragment="#?stance=undecided")
    wait_until_drawn(page)
    assert says(page, "#none") == "No position passes the filters."
    page.locator("#reset").click()
    assert not page.locator("#none").is_visible()


def test_a_position_that_the_filters_leave_out_says_so(change, open_page):
    page = open_page(render(change), fragment="#position%3Atold-2030-01-10%231?stance=opposes")
    wait_until_drawn(page)
    assert "The filters leave this position out." in says(page, "#panel")


def test_what_is_open_stays_open_and_focused_while_filters_change(change, open_page):
    page = open_page(render(change), fragment="#outcome%3Athe%20toll%20bridge")
    wait_until_drawn(page)
    page.locator(".balance summary").click()
    page.locator("#panel .link", has_text="Cy Marsh").focus()
    page.evaluate("document.querySelector('#legend [data-value=mixed]').click()")
    page.wait_for_timeout(200)
    assert page.locator(".balance table").is_visible()
    assert page.evaluate("document.activeElement.dataset.id") == "actor:Cy Marsh"


def test_dates_of_a_month_or_a_year_count_for_all_their_days(open_page):
    days = ("2031", "2031-02", "2031-02-15", "2031-06-01", None)
    articles = []
    for i, day in enumerate(days):
        article = Document(id=f"d{i}", text=f"They said number {i} is right.", date=day)
        articles.append((article, [position_of(article, f"number {i}")]))
    html = render(assemble(articles))
    page = open_page(html, fragment="#?since=2031-02-15&until=2031-02-15")
    wait_until_drawn(page)
    assert shown(page) == (3, 5)
    assert "1 position without a date left out" in says(page, "#shown")
    page = open_page(html, fragment="#?since=2031-06-01")
    wait_until_drawn(page)
    assert shown(page) == (2, 5)


# ---- Reading and comparing ----


def test_changes_of_stance_are_marked(change, open_page):
    page = open_page(render(change), fragment="#actor%3AAda%20Voss")
    page.locator("#panel .items").wait_for()
    rows = page.locator("#panel .items tbody tr")
    assert [rows.nth(i).locator("time").inner_text() for i in range(4)] == [
        "2031-03-05",
        "2031-02-01",
        "2030-06-01",
        "2030-01-10",
    ]
    assert page.locator("#panel .changed").all_inner_texts() == ["changed from mixed", "changed from supports"]
    assert "changed from mixed" in rows.nth(1).inner_text()
    page.locator("#panel .link", has_text="toll bridge").first.click()
    assert page.locator("#panel .columns .supports .past .name").all_inner_texts() == ["Ada Voss"]
    assert says(page, "#panel .columns .supports .past .changed") == "later opposes"
    assert page.locator("#panel .columns .opposes li:not(.past) .name").all_inner_texts() == ["Ada Voss"]


def test_the_stance_of_now_is_told_whatever_is_filtered(change, open_page):
    page = open_page(render(change), fragment="#outcome%3Athe%20toll%20bridge?stance=supports,mixed,undecided")
    page.locator("#panel .columns").wait_for()
    assert says(page, "#panel .columns .mixed .changed") == "later opposes"
    # Up to a day, what is known later is not.
    page = open_page(render(change), fragment="#outcome%3Athe%20toll%20bridge?until=2030-12-31")
    page.locator("#panel .columns").wait_for()
    assert page.locator("#panel .columns .mixed .changed").count() == 0


def test_no_change_is_claimed_within_a_day_or_from_what_has_no_date(open_page):
    same = told("2031-01-01", ("Ada Voss", "opposes", "the toll bridge"), ("Ada Voss", "supports", "the toll bridge"))
    article = Document(id="undated", text="Bo said yes.")
    undated = (article, [position_of(article, "yes", holder="Bo Lund")])
    later = told("2031-02-01", ("Bo Lund", "opposes", "the toll bridge"))
    page = open_page(render(assemble([same, undated, later])), fragment="#actor%3AAda%20Voss")
    page.locator("#panel .items").wait_for()
    assert page.locator("#panel .changed").count() == 0
    page.evaluate("stancegraph.select('actor:Bo Lund')")
    assert page.locator("#panel .items tbody tr").count() == 2
    assert page.locator("#panel .changed").count() == 0
    page.evaluate("stancegraph.select('outcome:the toll bridge')")
    assert sorted(page.locator("#panel .past .name").all_inner_texts()) == ["Ada Voss", "Bo Lund"]
    assert says(page, "#panel .opposes .past .changed") == "later supports"


def test_two_actors_are_compared_with_their_sentences(change, open_page):
    page = open_page(render(change), fragment="#actor%3AAda%20Voss")
    compare_with(page, "Bo Lund")
    assert says(page, "#panel h2") == "Ada Voss and Bo Lund"
    assert page.locator("#panel h3").all_inner_texts() == ["They differ on 1 outcome", "They agree on 1 outcome"]
    differ = page.locator("#panel .differ tbody tr")
    assert differ.locator("th").inner_text() == "the toll bridge"
    cells = differ.locator("td").all_inner_texts()
    assert "opposes" in cells[0]
    assert "“Ada Voss spoke of the toll bridge and was heard (0).”" in cells[0]
    assert "supports" in cells[1]
    assert page.locator("#panel .agree th[scope=row]").inner_text() == "the night ferry"
    compare_with(page, "Cy Marsh")
    assert page.locator("#panel h3").all_inner_texts() == ["They differ on 1 outcome"]


def test_balance_over_time_is_a_chart_and_a_table(change, open_page):
    page = open_page(render(change), fragment="#outcome%3Athe%20toll%20bridge")
    figure = page.locator("#panel .balance")
    figure.wait_for()
    bars = page.evaluate(
        """[...document.querySelectorAll('.balance g')].map(
            g => [...g.querySelectorAll('rect')].map(r => r.getAttribute('class')))"""
    )
    empty = [[]] * 4
    assert bars == [["supports", "opposes"], *empty, ["supports", "mixed"], *empty, *empty[:3], ["supports", "opposes"]]
    tops = page.evaluate("[...document.querySelectorAll('.balance rect.opposes')].map(r => Number(r.getAttribute('y')))")
    assert tops == [60, 60]  # opposition hangs below the middle line
    figure.locator("summary").click()
    rows = {row.split()[0]: row.split()[1:] for row in figure.locator("tbody tr").all_inner_texts()}
    assert list(rows) == [f"2030-{month:02}" for month in range(1, 13)] + ["2031-01", "2031-02"]
    assert {month: counts for month, counts in rows.items() if set(counts) != {"0"}} == {
        "2030-01": ["1", "1", "0", "0"],
        "2030-06": ["1", "0", "1", "0"],
        "2031-02": ["1", "1", "0", "0"],
    }
    assert figure.locator("svg").get_attribute("role") == "img"


def test_a_long_time_is_charted_in_longer_periods(open_page):
    days = [date(2020, 1, 1) + timedelta(days=9 * i) for i in range(150)]
    graph = assemble([told(day.isoformat(), ("Ada Voss", "supports", "the toll bridge")) for day in days])
    page = open_page(render(graph), fragment="#outcome%3Athe%20toll%20bridge")
    page.locator(".balance summary").click()
    names = page.locator(".balance tbody th").all_inner_texts()
    assert names == [f"{year} Q{q}" for year in range(2020, 2023) for q in range(1, 5)] + ["2023 Q1", "2023 Q2", "2023 Q3"]
    assert sum(int(n) for n in page.locator(".balance tbody td:nth-child(2)").all_inner_texts()) == 150


# ---- Finding ----


def test_search_knows_aliases_ranks_beginnings_first_and_says_which_name_matched(open_page):
    article = Document(
        id="d", text="Volodymyr Zelensky said yes. Zelenskyy said so. Anna Zelle said no. Kozelets said maybe."
    )
    graph = assemble(
        [
            (
                article,
                [
                    position_of(article, "yes", holder="Volodymyr Zelensky"),
                    position_of(article, "so", holder="Zelenskyy"),
                    position_of(article, "no", holder="Anna Zelle"),
                    position_of(article, "maybe", holder="Kozelets"),
                ],
            )
        ]
    )
    page = open_page(render(graph))
    wait_until_drawn(page)
    page.locator("#search").fill("zel")
    assert page.locator("#list section[aria-label=Actors] .entry bdi:first-child").all_inner_texts()[-1] == "Kozelets"
    page.locator("#search").fill("zelenskyy")
    entry = page.locator("#list .entry")
    assert entry.count() == 1
    assert entry.inner_text().startswith("Volodymyr Zelensky\nZelenskyy")


# ---- Large graphs ----


def test_a_large_graph_gathers_positions_into_lines_and_opens_them_on_demand(large, large_html, open_page):
    page = open_page(large_html)
    nodes = drawn(page)
    assert {node[0] for node in nodes} == {"a", "o"}
    assert len(nodes) == len(large.actors()) + len(large.outcomes())
    lines = {(large.actor_of(p), large.outcome_of(p), p.stance) for p in large.positions()}
    assert len(page.evaluate("stancegraph.drawn().edges")) == len(lines)
    busy = max(large.actors(), key=lambda actor: len(large.positions(actor=actor)))
    page.evaluate("id => stancegraph.select(id)", f"actor:{busy.name}")
    page.locator("#panel .items").wait_for()
    opened = {node for node in drawn(page) if node.startswith("p")}
    assert len(opened) == min(60, len(large.positions(actor=busy)))
    assert "Each opens" in says(page, "#legend .note")
    page.keyboard.press("Escape")
    assert not any(node.startswith("p") for node in drawn(page))


def test_a_line_of_a_large_graph_opens_the_positions_that_it_gathers(large, large_html, open_page):
    page = open_page(large_html)
    wait_until_drawn(page)
    actor, outcome = large.actors()[0], large.outcomes()[0]
    some = large.positions(actor=actor, outcome=outcome)
    assert len(some) > 3
    page.evaluate(
        "([a, o]) => { location.hash = `#${encodeURIComponent(a)}?on=${encodeURIComponent(o)}` }",
        [f"actor:{actor.name}", f"outcome:{outcome.label}"],
    )
    page.locator("#panel .items").wait_for()
    assert says(page, "#panel h2") == f"{actor.name} on {outcome.label}"
    assert page.locator("#panel .items tbody tr").count() == len(some)


def test_a_graph_with_more_lines_than_can_be_told_apart_starts_from_its_core(open_page):
    people = [f"Member {i}" for i in range(100)]
    plans = [f"plan {i}" for i in range(50)]
    sentences = [f"Member {i} wants plan {k} of {i * 50 + k}." for i in range(100) for k in range(50)]
    article = Document(id="d", text=" ".join(sentences), date="2031-01-01")
    graph = _placed(article, sentences, [(person, plan) for person in people for plan in plans])
    page = open_page(render(graph))
    assert len(drawn(page)) < 150
    assert len(page.evaluate("stancegraph.drawn().edges")) == 1200
    assert "Only the core is drawn" in says(page, "#legend .note")


def _placed(article, sentences, pairs):
    """A graph of positions whose actors and outcomes need no resolving."""
    actors = {name: Actor(name=name, type=ActorType.PERSON) for name, _ in pairs}
    outcomes = {label: Outcome(label=label, kind=TargetKind.OUTCOME) for _, label in pairs}
    placed, at = [], 0
    for number, (sentence, (name, label)) in enumerate(zip(sentences, pairs, strict=True), 1):
        spans = (Span(start=at, end=at + len(sentence)),)
        position = Position(
            document=article, holder=name, holder_type=ActorType.PERSON, target=label, target_kind=TargetKind.OUTCOME,
            stance=Stance.SUPPORTS, act=Act.DEMANDS, evidence=spans, confidence=0.9,
        )  # fmt: skip
        placed.append(PlacedPosition(f"d#{number}", position, actors[name], outcomes[label]))
        at += len(sentence) + 1
    return StanceGraph({"d": article}, placed)


def test_lines_looked_at_tell_how_many_positions_they_gather(large, large_html, open_page):
    page = open_page(large_html)
    wait_until_drawn(page)
    page.evaluate(
        """() => {
            window.written = [];
            const own = CanvasRenderingContext2D.prototype.fillText;
            CanvasRenderingContext2D.prototype.fillText = function (text, ...rest) {
                window.written.push(text);
                return own.call(this, text, ...rest);
            };
        }"""
    )
    actor = large.actors()[0]
    page.evaluate("id => stancegraph.select(id)", f"actor:{actor.name}")
    page.wait_for_timeout(400)
    lines = Counter((large.outcome_of(p), p.stance) for p in large.positions(actor=actor))
    written = {text for text in page.evaluate("window.written") if text.startswith("×")}
    assert {f"×{number}" for number in lines.values() if number > 1} == written


def test_long_lists_show_more_on_demand(large, large_html, open_page):
    page = open_page(large_html)
    wait_until_drawn(page)
    actors = page.locator("#list section[aria-label=Actors]")
    assert actors.locator(".entry").count() == 100
    actors.locator(".more").click()
    assert actors.locator(".entry").count() == len(large.actors())
    assert actors.locator(".more").count() == 0


def test_of_thousands_of_actors_the_core_is_drawn_and_others_join(open_page):
    graph = invented(20000)
    assert len(graph.actors()) > 2000
    html = render(graph)
    assert len(html.encode()) < 15_000_000
    page = open_page(html)
    nodes = drawn(page)
    core = sum(node.startswith("a") for node in nodes)
    assert 20 < core < 500
    assert f"Only the core is drawn: {core} of {len(graph.actors()):,} actors" in says(page, "#legend .note")
    (outsider,) = [a for a in graph.actors() if len(graph.positions(actor=a)) == 1][-1:]
    page.locator("#search").fill(outsider.name)
    page.keyboard.press("Enter")
    assert says(page, "#panel h2") == outsider.name
    assert len(drawn(page) - nodes) >= 2  # the actor and its position
    box = page.locator("#canvas").bounding_box()
    x, y = canvas_point(page, f"actor:{outsider.name}")
    assert box["x"] < x < box["x"] + box["width"]
    assert box["y"] < y < box["y"] + box["height"]
    page.locator("#panel .close").click()
    assert drawn(page) == nodes


# ---- Taking away ----


def saved(page, button):
    with page.expect_download() as found:
        page.locator(button).click()
    path = Path(found.value.path())
    return found.value.suggested_filename, path.read_bytes()


def test_png_of_the_view(debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)
    name, content = saved(page, "#png")
    assert name == "stancegraph.png"
    assert content.startswith(b"\x89PNG")
    box = page.locator("#canvas").bounding_box()
    assert int.from_bytes(content[16:20], "big") == round(box["width"])
    assert int.from_bytes(content[20:24], "big") == round(box["height"]) + 64  # title, what is shown, stances
    assert len(content) > 20_000


def test_svg_of_the_view_holds_names_as_text(debate, debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)
    name, content = saved(page, "#svg")
    assert name == "stancegraph.svg"
    root = ElementTree.fromstring(content)
    assert root.tag == f"{SVG}svg"
    words = {"".join(text.itertext()) for text in root.iter(f"{SVG}text")}
    assert {"Ilse Brandt", "Maravia", "supports", "opposes", "Who holds what position"} <= words
    assert len(list(root.iter(f"{SVG}path"))) == len(page.evaluate("stancegraph.drawn().edges"))
    titles = {title.text for title in root.iter(f"{SVG}title")}
    assert {actor.name for actor in debate.actors()} <= titles


def test_csv_of_the_positions_shown(debate, debate_html, open_page):
    page = open_page(debate_html, fragment="#?stance=opposes")
    wait_until_drawn(page)
    name, content = saved(page, "#csv")
    assert name == "stancegraph-positions.csv"
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    expected = {(debate.id_of(p), debate.actor_of(p).name, p.evidence_text) for p in debate.positions(stance="opposes")}
    assert {(row["id"], row["actor"], row["evidence"]) for row in rows} == expected
    assert {row["stance"] for row in rows} == {"opposes"}


@pytest.mark.parametrize(
    "words", ['=HYPERLINK("http://x")', "+1", "-1", "@sum", "＝1", 'a "quoted", word', "two\nlines\tand a tab"]
)
def test_csv_cells_are_no_formulas_and_stay_in_their_cell(words, open_page):
    article = Document(id="d", text=f"Before. {words} After.", title=words)
    graph = assemble([(article, [position_of(article, words)])])
    page = open_page(render(graph))
    wait_until_drawn(page)
    _, content = saved(page, "#csv")
    (row,) = csv.DictReader(io.StringIO(content.decode("utf-8-sig")))
    flat = " ".join(words.split())
    assert row["evidence"] == (f"'{flat}" if words[0] in "=+-@＝" else flat)


def test_svg_of_hostile_names_is_sound(open_page):
    words = '<script>window.ran = 1</script>" onload="x ]]> &lt; \x01\x0b\ufffe end'
    article = Document(id="d", text=f"Before {words} after.")
    page = open_page(render(assemble([(article, [position_of(article, words, holder=words, target=f"the {words}")])])))
    wait_until_drawn(page)
    _, content = saved(page, "#svg")
    root = ElementTree.fromstring(content)
    assert not list(root.iter(f"{SVG}script"))
    assert not [name for element in root.iter() for name in element.attrib if name.startswith("on")]
    assert any("<script>window.ran = 1</script>" in (title.text or "") for title in root.iter(f"{SVG}title"))


@pytest.mark.parametrize(
    "words", ['<img src=x onerror="window.ran = 1">', '"><script>window.ran = 2</script>', "</option></datalist><b>"]
)
def test_hostile_words_stay_words_in_filters_comparison_and_print(words, open_page):
    article = Document(id="d", text=f"One {words}. Two {words}.", title=words, source=words, date="2031-01-01")
    position = position_of(
        article, f"One {words}", holder=f"Ada {words}", target=words, holder_role=words, holder_affiliation=words
    )
    other = position_of(
        article, f"Two {words}", holder=f"Bo {words}", target=words, stance="opposes", holder_affiliation=words
    )
    graph = assemble([(article, [position, other])])
    page = open_page(render(graph))
    wait_until_drawn(page)
    page.locator("#filters > summary").click()
    assert page.locator("#source option").nth(1).inner_text() == f"{words} (2)"
    page.locator("#for").select_option(index=1)
    assert shown(page) == (2, 2)
    click_on(page, nodes_of(graph, "actor")[0])
    page.locator("#panel .compare input").fill("Bo")
    assert page.locator("#others option").count() == 1
    page.keyboard.press("Enter")
    assert page.locator("#panel .differ tbody tr").count() == 1
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert words in page.locator("#print").text_content()
    assert page.evaluate("window.ran") is None
    assert page.locator("img, b").count() == 0


def test_print_shows_drawing_details_and_the_positions(change, open_page):
    page = open_page(render(change), fragment="#outcome%3Athe%20toll%20bridge?stance=supports")
    wait_until_drawn(page)
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert not page.locator("nav").is_visible()
    assert page.locator("#canvas canvas").is_visible()
    assert page.locator("#panel h2").is_visible()
    rows = page.locator("#print tbody tr")
    assert rows.count() == 5
    assert "Ada Voss" in rows.first.inner_text() or "Bo Lund" in rows.first.inner_text()
    assert page.pdf().startswith(b"%PDF")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("#print tr").count() == 0


# ---- Readers of all kinds ----

VIEWS = {
    "whole": "",
    "outcome": f"#{FARM.join(['outcome%3A', '']).replace(' ', '%20')}",
    "actor": "#actor%3AIlse%20Brandt",
    "comparison": "#actor%3AIlse%20Brandt?with=actor%3ATomas%20Rhee",
    "filtered": "#?stance=supports,mixed&confidence=0.6",
}


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("view", VIEWS)
def test_axe_finds_no_violation(view, dark, debate_html, open_page):
    page = open_page(debate_html, dark=dark, fragment=VIEWS[view])
    wait_until_drawn(page)
    page.locator("#filters > summary").click()
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["impact"], [node["html"][:120] for node in fault["nodes"]]) for fault in found] == []


@pytest.mark.parametrize("view", VIEWS)
def test_no_text_is_smaller_than_twelve_pixels(view, debate_html, open_page):
    for width, height in ((320, 640), (1280, 800), (3840, 2160)):
        page = open_page(debate_html, width=width, height=height, fragment=VIEWS[view])
        wait_until_drawn(page)
        sizes = page.evaluate(
            """() => [...document.querySelectorAll('body *')]
                .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim()) && e.getClientRects().length)
                .map(e => [parseFloat(getComputedStyle(e).fontSize), e.tagName, e.className])"""
        )
        assert [found for found in sizes if found[0] < 12] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_canvas_never_writes_smaller_than_twelve_pixels(debate_html, open_page):
    page = open_page(debate_html, width=700, height=500)
    wait_until_drawn(page)
    written = page.evaluate(
        """() => new Promise(resolve => {
            const seen = [];
            for (const name of ['fillText', 'strokeText']) {
                const own = CanvasRenderingContext2D.prototype[name];
                CanvasRenderingContext2D.prototype[name] = function (...args) {
                    seen.push(parseFloat(/([\\d.]+)px/.exec(this.font)[1]) * this.getTransform().a / devicePixelRatio);
                    return own.apply(this, args);
                };
            }
            document.querySelector('#whole').click();
            setTimeout(() => resolve(seen), 400);
        })"""
    )
    assert written
    assert min(written) >= 12


def test_right_to_left_names_stay_whole(open_page):
    holder, target = "أحمد الشرقاوي", "הסכם הנמל"
    article = Document(id="d", text=f"{holder} قال نعم (1).")
    page = open_page(render(assemble([(article, [position_of(article, "قال نعم (1)", holder=holder, target=target)])])))
    click_on(page, f"actor:{holder}")
    assert says(page, "#panel h2") == holder
    assert page.locator("#panel h2 bdi").get_attribute("dir") == "auto"
    assert page.locator("#panel .items .link").inner_text() == target
    assert page.locator("#panel .quote").inner_text() == "“قال نعم (1)”"
    direction = page.evaluate("getComputedStyle(document.querySelector('#panel h2 bdi')).unicodeBidi")
    assert direction == "isolate"


def test_everything_works_with_the_keyboard_alone(change, open_page):
    page = open_page(render(change))
    wait_until_drawn(page)
    reached = set()
    page.keyboard.press("Tab")
    for _ in range(60):
        here = page.evaluate(
            """() => {
                const { id, className, dataset, tagName } = document.activeElement;
                return id || className || dataset.value || tagName;
            }"""
        )
        reached.add(here)
        if here == "SUMMARY":
            page.keyboard.press("Enter")
        page.keyboard.press("Tab")
    assert {
        "search",
        "entry",
        "supports",
        "png",
        "svg",
        "csv",
        "printer",
        "closer",
        "whole",
        "source",
        "confidence",
    } <= reached
    assert {"since", "until", "play"} <= reached


# ---- In other pages ----


def test_works_in_a_frame_as_notebooks_show_it(change, open_page):
    page = open_page(
        '<!DOCTYPE html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Notebook</title>'
        f"<body>{change._repr_html_()}</body></html>"
    )
    inside = page.frame_locator("iframe")
    inside.locator("#list .entry", has_text="toll bridge").click()
    assert inside.locator("#panel h2").inner_text() == "the toll bridge"
    inside.locator("#legend button", has_text="opposes").click()
    assert inside.locator("#shown").inner_text() == "Showing 6 of 9 positions."
    inside.locator("#panel .link", has_text="Ada Voss").first.click()
    assert inside.locator("#panel h2").inner_text() == "Ada Voss"
    inside.locator("#panel [aria-label=Back]").click()
    assert inside.locator("#panel h2").inner_text() == "the toll bridge"
    inside.locator("#panel [aria-label=Forward]").click()
    assert inside.locator("#panel h2").inner_text() == "Ada Voss"
    with page.expect_download() as found:
        inside.locator("#csv").click()
    assert found.value.suggested_filename == "stancegraph-positions.csv"


def test_a_frame_cannot_be_broken_out_of(open_page):
    words = '"></iframe><script>window.ran = 1</script>&quot;'
    article = Document(id="d", text=f"Before {words} after.", title=words)
    frame = assemble([(article, [position_of(article, words, holder=words)])])._repr_html_()
    page = open_page(f'<!DOCTYPE html><html lang="en"><link rel="icon" href="data:,"><body>{frame}</body></html>')
    page.frame_locator("iframe").locator("#list .entry").first.wait_for()
    assert page.evaluate("window.ran") is None
    assert page.locator("body > *").count() == 1
    assert "allow-same-origin" not in page.locator("iframe").get_attribute("sandbox")


def test_a_loaded_graph_gives_the_same_page(change, tmp_path):
    change.save(tmp_path)
    assert render(StanceGraph.load(tmp_path)) == render(change)


@pytest.mark.parametrize("size", [(320, 640), (1280, 800), (3840, 2160)])
def test_pictures_at_three_sizes_are_not_empty(size, debate_html, open_page, tmp_path):
    width, height = size
    page = open_page(debate_html, width=width, height=height, fragment=VIEWS["outcome"])
    wait_until_drawn(page)
    picture = tmp_path / f"{width}.png"
    page.screenshot(path=picture)
    assert picture.stat().st_size > 20_000
    assert nodes_of(assemble(documents_and_positions()), "actor")
