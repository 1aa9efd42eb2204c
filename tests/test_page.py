"""The page in a real browser: what it shows, that words stay words, and that it asks nobody for anything."""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_example import FARM, documents_and_positions
from page_steps import (
    click_on,
    hover_over,
    label_of,
    node_holding,
    nodes_of,
    position_of,
    span_in,
    until,
    wait_until_drawn,
)

from stancegraph.graph import assemble
from stancegraph.models import ActorType, Document, Stance, Stated
from stancegraph.page import render

# ---- What is drawn ----


def test_draws_each_node_and_line_of_the_graph_and_no_document(debate, debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)
    drawn = page.evaluate("stancegraph.drawn()")
    expected = {kind: len(nodes_of(debate, kind)) for kind in ("actor", "outcome", "position")}
    assert page.evaluate("stancegraph.counts") == {f"{kind}s": number for kind, number in expected.items()}
    assert len(drawn["nodes"]) == sum(expected.values())
    assert len(drawn["edges"]) == sum(key in ("holds", "toward", "via") for *_, key in debate.network.edges(keys=True))
    named = [node for kind in expected for node in nodes_of(debate, kind)]
    assert all(place["x"] is not None for place in page.evaluate("ids => ids.map(stancegraph.where)", named))


def test_says_how_much_it_shows(debate, debate_html, open_page):
    page = open_page(debate_html)
    assert page.locator("#summary").inner_text() == (
        f"{len(debate.positions())} positions of {len(nodes_of(debate, 'actor'))} actors on "
        f"{len(nodes_of(debate, 'outcome'))} outcomes, read in 6 documents, 2031-03-02 to 2031-04-12."
    )


def test_legend_names_every_kind_of_actor_and_every_stance(debate_html, open_page):
    page = open_page(debate_html)
    legend = page.locator("#legend")
    assert legend.is_visible()
    words = set(re.split(r"[\s,]+", legend.inner_text()))
    assert words >= {kind.value for kind in ActorType} | {"position", "outcome"}
    assert words >= {stance.value for stance in Stance if stance is not Stance.NONE}
    samples = page.evaluate(
        """[...document.querySelectorAll('#legend .line')].map(svg => [
            getComputedStyle(svg).stroke, svg.querySelector('path').getAttribute('stroke-dasharray')])"""
    )
    assert len({colour for colour, _ in samples}) == len(samples) == 5
    assert len({dashes for _, dashes in samples[:4]}) == 4


def test_supporters_of_an_outcome_face_its_opponents(open_page):
    text = "Ada wants it. Bo wants it. Cy fights it. Di fights it. Cy wants the ferry. Ada would end the ferry."
    document = Document(id="d", text=text)
    graph = assemble(
        [
            (
                document,
                [
                    position_of(document, "wants it", holder="Ada Voss"),
                    position_of(document, "Bo wants it", holder="Bo Lund"),
                    position_of(document, "fights it", holder="Cy Marsh", stance="opposes"),
                    position_of(document, "Di fights it", holder="Di Petrov", stance="opposes"),
                    position_of(document, "wants the ferry", holder="Cy Marsh", target="the night ferry"),
                    position_of(
                        document,
                        "would end the ferry",
                        holder="Ada Voss",
                        target="the night ferry",
                        stance="opposes",
                    ),
                ],
            )
        ]
    )
    page = open_page(render(graph))
    x = {
        node: page.evaluate("id => stancegraph.where(id).x", node)
        for node, kind in graph.network.nodes(data="kind")
        if kind != "document"
    }
    left = max(x["actor:Ada Voss"], x["actor:Bo Lund"])
    right = min(x["actor:Cy Marsh"], x["actor:Di Petrov"])
    assert left < x["outcome:the toll bridge"] < right
    assert left < x["outcome:the night ferry"] < right
    assert left < x["position:d#1"] < x["outcome:the toll bridge"] < x["position:d#3"] < right


def test_who_opposes_most_things_stands_on_the_right(open_page):
    document = Document(id="d", text="Ada is for one. Bo is against it. Ada is against two, three and four.")
    against = [position_of(document, word, target=f"the {word} plan", stance="opposes") for word in ("two", "three", "four")]
    dispute = [
        position_of(document, "for one", target="the first plan"),
        position_of(document, "against it", holder="Bo Lund", target="the first plan", stance="opposes"),
    ]
    graph = assemble([(document, [*dispute, *against])])
    page = open_page(render(graph))
    x = {node: page.evaluate("id => stancegraph.where(id).x", node) for node in nodes_of(graph, "outcome")}
    assert max(x.values()) < page.evaluate("stancegraph.where('actor:Ada Voss').x")
    assert page.evaluate("stancegraph.where('actor:Bo Lund').x") < min(x.values())


@pytest.mark.parametrize("seed", range(4))
def test_neighbours_stand_in_the_order_that_their_common_outcomes_give(seed):
    people = [
        "Ada Voss",
        "Bo Lund",
        "Cy Marsh",
        "Di Petrov",
        "Eve Okafor",
        "Finn Adler",
        "Gus Tran",
        "Hal Ng",
    ]
    plans = ["toll bridge", "night ferry", "river tax", "new school", "old mill", "ring road", "wind park"]
    plans += ["city wall", "fish market", "opera house"]
    shuffled = random.Random(seed)
    shuffled.shuffle(people)
    shuffled.shuffle(plans)
    document = Document(id="d", text="Yes, said all.")
    graph = assemble(
        [
            (
                document,
                [
                    position_of(document, "Yes", holder=person, target=f"the {plan}")
                    for i, person in enumerate(people)
                    for plan in plans[i : i + 3]
                ],
            )
        ]
    )
    model = json.loads(skeleton(render(graph)).data)
    y = {node["id"]: node["y"] for node in model["canvas"]["nodes"]}
    heights = {actor["name"]: y[f"a{place}"] for place, actor in enumerate(model["actors"])}
    order = sorted(people, key=heights.__getitem__)
    assert order in (people, people[::-1])


def test_no_two_nodes_or_labels_overlap(debate, debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)
    named = nodes_of(debate, "actor") + nodes_of(debate, "outcome") + nodes_of(debate, "position")
    boxes = list(zip(named, page.evaluate("ids => ids.map(stancegraph.bounds)", named), strict=True))
    overlapping = [
        (a, b)
        for i, (a, one) in enumerate(boxes)
        for b, other in boxes[i + 1 :]
        if one["left"] < other["right"]
        and other["left"] < one["right"]
        and one["top"] < other["bottom"]
        and other["top"] < one["bottom"]
    ]
    assert overlapping == []


def test_drawing_is_shaped_like_a_screen_and_outcomes_stand_near_their_actors(debate, debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)
    where = {
        node: page.evaluate("id => stancegraph.bounds(id)", node)
        for node in nodes_of(debate, "actor") + nodes_of(debate, "outcome")
    }
    width = max(b["right"] for b in where.values()) - min(b["left"] for b in where.values())
    height = max(b["bottom"] for b in where.values()) - min(b["top"] for b in where.values())
    assert 1 < width / height < 2
    ends: dict[str, list[float]] = {"left": [], "right": []}
    for outcome in nodes_of(debate, "outcome"):
        middle = where[outcome]["left"] + where[outcome]["right"]
        positions = debate.network.predecessors(outcome)
        holders = [next(debate.network.predecessors(position)) for position in positions]
        if all(where[holder]["right"] < where[outcome]["left"] for holder in holders):
            ends["left"].append(middle)
        elif all(where[holder]["left"] > where[outcome]["right"] for holder in holders):
            ends["right"].append(middle)
    assert len(ends["left"]) > 2 < len(ends["right"])
    assert max(ends["left"]) < min(ends["right"])


def test_whole_drawing_is_in_sight_at_first(debate, debate_html, open_page):
    page = open_page(debate_html)
    wait_until_drawn(page)
    box = page.locator("#canvas").bounding_box()
    named = nodes_of(debate, "actor") + nodes_of(debate, "outcome")
    for place in page.evaluate("ids => ids.map(stancegraph.where)", named):
        assert 0 < place["x"] < box["width"]
        assert 0 < place["y"] < box["height"]


def test_actors_with_more_positions_are_larger(open_page):
    document = Document(id="d", text="One. Two. Three. Four. Five.")
    positions = [position_of(document, word, holder="Ada Voss") for word in ("One", "Two", "Three", "Four")]
    graph = assemble([(document, [*positions, position_of(document, "Five", holder="Bo Lund")])])
    page = open_page(render(graph))
    wait_until_drawn(page)

    def width(node):
        bounds = page.evaluate("id => stancegraph.bounds(id)", node)
        return bounds["bottom"] - bounds["top"]

    assert width("actor:Ada Voss") > width("actor:Bo Lund")


# ---- Pointer ----


def test_hovering_shows_the_quoted_sentence(debate, debate_html, open_page):
    page = open_page(debate_html)
    tip = hover_over(page, node_holding(debate, "every court"))
    assert "“the trawling ban through every court”" in tip.inner_text()
    assert "Fishers' Union of the North Coast" in tip.inner_text()
    assert "opposes" in tip.inner_text()
    page.mouse.move(5, 5)
    tip.wait_for(state="hidden")


def test_clicking_a_position_shows_its_evidence_in_its_paragraph(debate, debate_html, open_page):
    page = open_page(debate_html)
    node = node_holding(debate, "money for lost days")
    click_on(page, node)
    panel = page.locator("#panel")
    assert panel.locator("mark.evidence").all_inner_texts() == [
        "money for lost days would be a start, though no more than that"
    ]
    assert panel.locator("blockquote .cue").all_inner_texts() == ["has said"]
    assert panel.locator("blockquote .source").all_inner_texts() == ["Okonjo"]
    assert panel.locator("blockquote").inner_text() == (
        "The Harbour Post sees no reason to put off the vote. Okonjo, to be fair, has said to this paper "
        "that money for lost days would be a start, though no more than that."
    )
    words = panel.inner_text()
    for shown in (
        "Piet Okonjo",
        "compensation for the fishing fleet",
        "mixed",
        "agrees",
        "No decree, please",
    ):
        assert shown in words
    (newspaper,) = [other for _, other, key in debate.network.out_edges(node, keys=True) if key == "via"]
    assert f"Passed on by\n{label_of(debate, newspaper)}" in words
    assert re.search(r"Confidence\s+\d\d%", words)
    link = panel.locator("a")
    assert link.get_attribute("href") == "https://example.org/leader"
    assert "noreferrer" in link.get_attribute("rel")


def test_clicking_an_actor_lists_its_positions_newest_first(open_page):
    months = ("2031-02", "2031-11-05", None, "2031-06-01")
    articles = []
    for i, month in enumerate(months):
        document = Document(id=f"d{i}", text=f"They said number {i} is right.", date=month)
        articles.append((document, [position_of(document, f"number {i}")]))
    graph = assemble(articles)
    page = open_page(render(graph))
    click_on(page, "actor:Ada Voss")
    dates = page.locator("#panel .items time").all_inner_texts()
    assert dates == ["2031-11-05", "2031-06-01", "2031-02", "undated"]
    assert page.locator("#panel .items .quote").all_inner_texts() == [
        "“number 1”",
        "“number 3”",
        "“number 0”",
        "“number 2”",
    ]
    assert "the toll bridge" in page.locator("#panel .items").inner_text()


def test_clicking_an_outcome_lists_actors_by_stance_with_their_newest_quote(open_page):
    old = Document(id="old", text="Ada liked the bridge. Bo hated it.", date="2030-01-01")
    new = Document(id="new", text="Ada loves the bridge. Cy shrugged. Di wavered.", date="2031-01-01")
    graph = assemble(
        [
            (old, [position_of(old, "liked"), position_of(old, "hated", holder="Bo Lund", stance="opposes")]),
            (
                new,
                [
                    position_of(new, "loves"),
                    position_of(new, "shrugged", holder="Cy Marsh", stance="undecided"),
                    position_of(new, "wavered", holder="Di Petrov", stance="mixed"),
                ],
            ),
        ]
    )
    page = open_page(render(graph))
    click_on(page, "outcome:the toll bridge")
    columns = {
        stance: page.locator(f"#panel .columns section.{stance}").inner_text().split("\n")
        for stance in ("supports", "opposes", "mixed", "undecided")
    }
    assert "Ada Voss" in columns["supports"]
    assert "“loves”" in columns["supports"]
    assert "“liked”" not in columns["supports"]
    assert {"Bo Lund", "“hated”"} <= set(columns["opposes"])
    assert {"Di Petrov", "“wavered”"} <= set(columns["mixed"])
    assert {"Cy Marsh", "“shrugged”"} <= set(columns["undecided"])


def test_names_in_the_details_lead_on_and_the_back_button_leads_back(debate, debate_html, open_page):
    page = open_page(debate_html)
    position = node_holding(debate, "the hammering")
    click_on(page, position)
    page.locator("#panel h2 .link").first.click()
    assert page.locator("#panel h2").inner_text() == "Ana Duarte"
    page.locator("#panel .items .link", has_text="bottom trawling").click()
    assert page.locator("#panel .kind").inner_text().strip() == "outcome"
    page.go_back()
    assert page.locator("#panel h2").inner_text() == "Ana Duarte"
    page.go_back()
    assert page.evaluate("stancegraph.selected()") == position
    page.locator("#panel .close").click()
    assert not page.locator("#panel").is_visible()
    assert page.evaluate("stancegraph.selected()") is None


def test_an_address_can_name_what_to_show(debate, debate_html, open_page):
    position = node_holding(debate, "the hammering")
    address = open_page(debate_html)
    address.evaluate("id => stancegraph.select(id)", position)
    page = open_page(debate_html, fragment="#" + address.url.partition("#")[2])
    page.locator("#panel mark", has_text="the hammering").wait_for()
    assert page.evaluate("stancegraph.selected()") == position
    odd = open_page(debate_html, fragment="#%E0%A4%A")
    wait_until_drawn(odd)
    assert odd.evaluate("stancegraph.selected()") is None


# ---- Keyboard ----


def test_everything_is_reached_by_keyboard_alone(debate, debate_html, open_page):
    page = open_page(debate_html)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("storm bank")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == FARM
    assert page.evaluate("stancegraph.selected()") == f"outcome:{FARM}"
    # From the details on to a quote, with nothing but tab and enter.
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.className") == "quote":
            break
    quote = page.evaluate("document.activeElement.innerText").strip("“”")
    page.keyboard.press("Enter")
    assert page.locator("#panel .kind").inner_text().strip() == "position"
    assert " … ".join(page.locator("#panel mark.evidence").all_inner_texts()) == quote
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.keyboard.press("Escape")
    assert not page.locator("#panel").is_visible()
    assert page.evaluate("document.activeElement.className") == "entry"


def test_list_holds_every_node_and_arrow_keys_move_in_it(debate, debate_html, open_page):
    page = open_page(debate_html)
    page.locator("summary", has_text="Positions").click()
    until(
        page,
        "count => document.querySelectorAll('.entry').length === count",
        sum(len(nodes_of(debate, kind)) for kind in ("actor", "outcome", "position")),
    )
    listed = set(page.evaluate("[...document.querySelectorAll('.entry')].map(entry => entry.dataset.id)"))
    assert listed == {n for kind in ("actor", "outcome", "position") for n in nodes_of(debate, kind)}
    page.locator("#search").focus()
    page.keyboard.press("ArrowDown")
    first = page.evaluate("document.activeElement.dataset.id")
    page.keyboard.press("ArrowDown")
    second = page.evaluate("document.activeElement.dataset.id")
    page.keyboard.press("End")
    last = page.evaluate("document.activeElement.dataset.id")
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.dataset.id") == first
    assert len({first, second, last}) == 3
    assert last.startswith("position:")
    page.keyboard.press("ArrowUp")
    assert page.evaluate("document.activeElement.id") == "search"


def test_search_finds_by_part_of_a_name_whatever_the_case_and_accents(open_page):
    document = Document(id="d", text="Señor Núñez said yes. Ada said no.")
    graph = assemble(
        [
            (
                document,
                [
                    position_of(document, "yes", holder="Íñigo Núñez"),
                    position_of(document, "no", holder="Ada Voss", target="the night ferry"),
                ],
            )
        ]
    )
    page = open_page(render(graph))
    page.locator("#search").fill("NUNEZ")
    shown = page.evaluate("[...document.querySelectorAll('.entry')].filter(e => e.offsetParent).map(e => e.dataset.id)")
    assert shown == ["actor:Íñigo Núñez"]
    assert page.locator("#found").inner_text() == "1 of 4 match"
    page.keyboard.press("Enter")
    assert page.locator("#panel h2").inner_text() == "Íñigo Núñez"


# ---- Text stays text ----

HOSTILE = (
    '<script>window.ran = 1</script><img src=x onerror="window.ran = 2">',
    '"onmouseover="window.ran = 3" x="',
    "'); window.ran = 4; ('",
    "</script><script>window.ran = 5</script><!--",
    "{{ 7 * 7 }} {% raw %} &lt;b&gt; \\u003c </style>",
    "javascript:window.ran=6//",
)


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_words_are_shown_and_never_run(words, open_page):
    document = Document(
        id=f"id {words}",
        text=f"Before {words} after.",
        title=f"Title {words}",
        source=f"Source {words}",
        url="javascript:window.ran=7",
    )
    position = position_of(document, words, holder=f"Holder {words}", target=f"target {words}", via=(f"Via {words}",))
    graph = assemble([(document, [position])])
    names = [label_of(graph, node) for kind in ("actor", "outcome") for node in nodes_of(graph, kind)]
    assert len(names) == 3
    page = open_page(render(graph))
    (position,) = nodes_of(graph, "position")
    tip = hover_over(page, position)
    assert f"“{words}”" in tip.inner_text()
    click_on(page, position)
    panel = page.locator("#panel")
    assert panel.locator("mark").inner_text() == words
    for shown in (f"Before {words} after.", f"Title {words}", f"Source {words}", *names):
        assert " ".join(shown.split()) in " ".join(panel.inner_text().split())
    assert panel.locator("a").count() == 0
    assert "javascript:window.ran=7" in panel.inner_text()
    for kind in ("actor", "outcome"):
        for node in nodes_of(graph, kind):
            page.evaluate("id => stancegraph.select(id)", node)
            assert " ".join(label_of(graph, node).split()) == panel.locator("h2").inner_text()
    assert page.locator("h1").inner_text() == f"Title {words}"
    assert page.evaluate("window.ran") is None
    assert page.locator("script").count() == 4
    assert page.locator("img, iframe, object, embed, form").count() == 0


@pytest.mark.parametrize("url", ["https://example.org/a?b=1#c", "HTTP://example.org/"])
def test_web_addresses_become_links(url, open_page):
    document = Document(id="d", text="Yes, said Ada.", url=url)
    page = open_page(render(assemble([(document, [position_of(document, "Yes")])])), fragment="#position:d%231")
    assert page.locator("#panel a").get_attribute("href") == url


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", " https://a b", "//x.org", "https://"],
)
def test_other_addresses_stay_text(url, open_page):
    document = Document(id="d", text="Yes, said Ada.", url=url)
    page = open_page(render(assemble([(document, [position_of(document, "Yes")])])), fragment="#position:d%231")
    page.locator("#panel").wait_for(state="visible")
    assert page.locator("#panel a").count() == 0
    assert url.strip() in page.locator("#panel").inner_text()


def test_a_name_that_turns_the_direction_of_writing_turns_nothing(open_page):
    document = Document(id="d", text="Ada \u202esaid\u202c yes, and \u2067more.")
    holder = "Ada \u202eVoss\u2066 of Kell"
    graph = assemble([(document, [position_of(document, "\u202esaid\u202c yes, and \u2067more", holder=holder)])])
    html = render(graph)
    page = open_page(html, fragment="#position:d%231")
    page.locator("#panel").wait_for(state="visible")
    assert page.locator("#panel h2").inner_text() == "Ada Voss of Kell supports the toll bridge"
    # The quotation keeps its characters, and is closed off from what surrounds it.
    assert page.locator("#panel mark").inner_text() == "\u202esaid\u202c yes, and \u2067more"
    assert page.evaluate("getComputedStyle(document.querySelector('#panel blockquote p')).unicodeBidi") == "isolate"
    assert "\u202e" not in page.locator("#list").inner_text()


def test_names_of_ten_thousand_letters_are_cut_where_they_must_and_break_nothing(open_page):
    name = "Overlong" * 1250
    document = Document(id="d", text=f"{name} said yes.", title=name)
    graph = assemble([(document, [position_of(document, f"{name} said yes", holder=name, target=f"the {name}")])])
    (position,) = nodes_of(graph, "position")
    for width in (1280, 320):
        page = open_page(render(graph), width=width)
        page.evaluate("id => stancegraph.select(id)", position)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        bounds = page.evaluate("id => stancegraph.bounds(id)", nodes_of(graph, "actor")[0])
        assert bounds["right"] - bounds["left"] < 260
        assert page.locator("#panel mark").inner_text() == f"{name} said yes"


def test_evidence_is_marked_right_after_letters_outside_the_basic_plane(open_page):
    document = Document(id="d", text="🌊🌊 Ada 👩‍👩‍👧 said: 𝔉 the 🌉 bridge is right 🌊.")
    position = position_of(document, "the 🌉 bridge is right", cue=span_in(document, "said"))
    page = open_page(render(assemble([(document, [position])])), fragment="#position:d%231")
    page.locator("#panel").wait_for(state="visible")
    assert page.locator("#panel mark").inner_text() == "the 🌉 bridge is right"
    assert page.locator("#panel blockquote .cue").inner_text() == "said"


def test_a_long_paragraph_is_cut_around_its_evidence_at_whole_words(open_page):
    filler = "wool " * 2000
    document = Document(id="d", text=f"{filler}Ada said the bridge is right. {filler}")
    page = open_page(
        render(assemble([(document, [position_of(document, "the bridge is right")])])),
        fragment="#position:d%231",
    )
    page.locator("#panel").wait_for(state="visible")
    shown = page.locator("#panel blockquote").inner_text()
    assert 1000 < len(shown) < 1400
    assert set(shown.split()) == {"wool", "Ada", "said", "the", "bridge", "is", "right."}


def test_evidence_in_two_paragraphs_shows_both_and_not_what_lies_between(open_page):
    document = Document(id="d", text="Ada said it is right.\nNothing here.\nAnd it is due.\n\nNor here.")
    page = open_page(
        render(assemble([(document, [position_of(document, ["it is right", "it is due"])])])),
        fragment="#position:d%231",
    )
    page.locator("#panel").wait_for(state="visible")
    assert page.locator("#panel blockquote p").all_inner_texts() == [
        "Ada said it is right.",
        "And it is due.",
    ]
    assert page.locator("#panel mark").all_inner_texts() == ["it is right", "it is due"]


def test_a_wrapped_paragraph_is_shown_whole(open_page):
    document = Document(
        id="d",
        text="Earlier.\n\nAda, who has seen\nmany bridges, said\nthis one is right for\nthe town.\n\nLater.",
    )
    page = open_page(
        render(assemble([(document, [position_of(document, "this one is right")])])),
        fragment="#position:d%231",
    )
    page.locator("#panel").wait_for(state="visible")
    assert page.locator("#panel blockquote").inner_text() == (
        "Ada, who has seen many bridges, said this one is right for the town."
    )


class Skeleton(HTMLParser):
    """The elements of a page in order, with their attributes' names, and the JSON embedded in it: model and words."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.data = ""
        self.words = ""
        self._inside = None

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self._inside = dict(attrs).get("id")

    def handle_endtag(self, tag):
        self._inside = None

    def handle_data(self, data):
        if self._inside == "data":
            self.data += data
        elif self._inside == "part0":
            self.words += data


def skeleton(html):
    parsed = Skeleton()
    parsed.feed(html)
    return parsed


TEXT = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=40).filter(str.strip)


@given(name=TEXT, target=TEXT, quote=TEXT, title=TEXT)
@settings(max_examples=40, deadline=None)
def test_no_text_changes_what_elements_the_page_has(name, target, quote, title):
    document = Document(id=title, text=quote, title=title, source=name, url=target)
    html = render(assemble([(document, [position_of(document, quote, holder=name, target=target)])]))
    plain = Document(id="d", text="Yes", title="t", source="s", url="u")
    parsed = skeleton(html)
    assert parsed.elements == skeleton(render(assemble([(plain, [position_of(plain, "Yes")])]))).elements
    words = json.loads(parsed.words)
    (((number, marks),),) = words["marks"]
    passage = words["passages"][number]
    assert [passage[start:end] for start, end, _ in marks] == [quote]


# ---- Light, dark, small; alone ----


def test_dark_and_light_follow_the_reader_even_while_the_page_is_open(debate, debate_html, open_page):
    page = open_page(debate_html)

    def seen():
        x, y = page.evaluate("id => { const p = stancegraph.where(id); return [p.x, p.y] }", "actor:Ilse Brandt")
        pixel = page.evaluate(
            """([x, y]) => {
                const canvas = document.querySelector('#canvas canvas');
                const ratio = canvas.width / canvas.clientWidth;
                return [...canvas.getContext('2d').getImageData(x * ratio, y * ratio, 1, 1).data].slice(0, 3);
            }""",
            [x, y],
        )
        ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
        return pixel, [int(part) for part in re.findall(r"\d+", ground)]

    wait_until_drawn(page)
    light_node, light_ground = seen()
    assert min(light_ground) > 200
    assert light_node == [0xE6, 0x9F, 0x00]
    page.emulate_media(color_scheme="dark")
    page.wait_for_timeout(300)
    dark_node, dark_ground = seen()
    assert max(dark_ground) < 60
    assert dark_node == [0xE6, 0xA1, 0x17]


@pytest.mark.parametrize("width", [320, 375, 768, 1024])
def test_no_width_needs_sideways_scrolling(width, debate, debate_html, open_page):
    page = open_page(debate_html, width=width, height=700)
    wait_until_drawn(page)
    for chosen in (None, f"outcome:{FARM}", "actor:Ilse Brandt", node_holding(debate, "money for lost days")):
        if chosen:
            page.evaluate("id => stancegraph.select(id)", chosen)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.querySelector('#panel').scrollWidth <= document.querySelector('#panel').clientWidth")
    assert page.locator("#canvas canvas").bounding_box()["width"] <= width
    assert page.locator("#legend").bounding_box()["width"] <= width


def test_a_small_screen_folds_the_list_until_it_is_asked_for(debate_html, open_page):
    page = open_page(debate_html, width=320, height=640)
    assert not page.locator(".entry").first.is_visible()
    page.locator("#search").fill("garth")
    assert page.locator(".entry", has_text="Garth").first.is_visible()
    page.locator(".entry", has_text="Garth").first.click()
    assert page.locator("#panel h2").is_visible()


def test_a_graph_of_nothing_is_a_page_that_says_so(open_page):
    document = Document(id="d", text="Nothing was said.")
    page = open_page(render(assemble([(document, [])])))
    wait_until_drawn(page)
    assert "No positions were found" in page.locator("#stage").inner_text()
    assert page.locator("#summary").inner_text().startswith("0 positions of 0 actors on 0 outcomes, read in 1 document")


def test_page_holds_all_it_needs_and_forbids_the_rest(debate_html):
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', debate_html)[1]
    assert policy.startswith("default-src &#39;none&#39;;")
    assert "require-trusted-types-for &#39;script&#39;; trusted-types &#39;none&#39;" in policy
    assert "unsafe" not in policy
    assert "http" not in policy
    parsed = skeleton(debate_html)
    assert not [names for tag, names in parsed.elements if tag in ("script", "img", "iframe") and "src" in names]
    assert [names for tag, names in parsed.elements if tag == "link"] == [("rel", "href")]
    assert 'rel="icon" href="data:,"' in debate_html
    assert "sourceMappingURL" not in debate_html
    assert not [name for _, names in parsed.elements for name in names if name.startswith("on") or name == "style"]


def test_same_graph_gives_the_same_page_whatever_the_order_of_its_documents(debate_html):
    articles = documents_and_positions()
    random.Random(7).shuffle(articles)
    assert render(assemble(articles)) == debate_html


def test_same_graph_gives_the_same_page_in_every_process():
    program = (
        "import hashlib, page_example, stancegraph.graph, stancegraph.page;"
        "graph = stancegraph.graph.assemble(page_example.documents_and_positions());"
        "print(hashlib.sha256(stancegraph.page.render(graph).encode()).hexdigest())"
    )
    pages = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(Path(__file__).parent)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(pages) == 1


def test_what_a_person_confirmed_is_marked_with_what_they_changed(open_page):
    document = Document(id="d", text="She wants it. She fears it. She doubts it.", date="2023-07-11")
    graph = assemble(
        [
            (
                document,
                [
                    position_of(document, "wants it", confirmed=True, changed=("holder_type", "stance")),
                    position_of(document, "fears it", confirmed=True),
                    position_of(document, "doubts it"),
                ],
            )
        ]
    )
    page = open_page(render(graph), fragment="#position:d%231")
    details = page.locator("#panel dl")
    assert "Confirmed\n✓ by a person, who changed holder type, stance" in details.inner_text()
    page.goto(page.url.replace("d%231", "d%232"))
    until(page, "() => document.querySelector('#panel').innerText.includes('fears')")
    assert "✓ by a person" in details.inner_text()
    assert "changed" not in details.inner_text()
    page.goto(page.url.replace("d%232", "d%233"))
    until(page, "() => document.querySelector('#panel').innerText.includes('doubts')")
    assert "Confirmed" not in details.inner_text()
    page.goto(page.url.replace("position:d%233", "actor:Ada%20Voss"))
    until(page, "() => document.querySelector('#panel table')")
    assert [("✓ confirmed" in row) for row in page.locator("#panel .items tbody tr").all_inner_texts()] == [
        True,
        True,
        False,
    ]


def test_a_position_goes_by_the_day_on_which_it_was_stated(open_page):
    document = Document(id="d", text="She wanted it. She fears it. She once liked it.", date="2023-07-11")
    days = [Stated(since="2023-07-03", until="2023-07-09"), None, Stated(since=None, until="2023-07-11")]
    quotes = ["wanted it", "fears it", "once liked it"]
    positions = [position_of(document, quote, stated=stated) for quote, stated in zip(quotes, days, strict=True)]
    page = open_page(render(assemble([(document, positions)])), fragment="#actor:Ada%20Voss")
    until(page, "() => document.querySelector('#panel table')")
    times = page.locator("#panel .items tbody tr time").all_inner_texts()
    assert times == ["2023-07-11", "2023-07-03", "undated"]
    for place, expected in ((1, "Stated\n2023-07-03 to 2023-07-09"), (3, "Stated\nbefore 2023-07-11")):
        page.goto(page.url.split("#")[0] + f"#position:d%23{place}")
        until(page, f"() => document.querySelector('#panel').innerText.includes({quotes[place - 1]!r})")
        assert expected in page.locator("#panel dl").inner_text()
