"""How fast the page is: `python tests/benchmarks/page_speed.py [SIZE…] [--plain-limit SECONDS]`.

Invented graphs of 60, 1,000, 5,000 and 20,000 positions, whose actors and outcomes are used as unevenly as words are
(Zipf's law), are opened in Chromium: time from navigation to the first frame that answers to a reader, time until all is
drawn, longest stretch for which the main thread was held up (while loading, and while a reader searches, filters, looks at
an outcome and moves about), and the file's size. One more has few actors, each on many outcomes. Beside it stands what
pyvis makes of the same networkx graph with its defaults (`from_nx`, then the page of `show`), up to the settled layout.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
import time
from pathlib import Path

import networkx as nx
import numpy as np
from playwright.sync_api import Browser, Page, sync_playwright
from pyvis.network import Network

from stancegraph.graph import StanceGraph
from stancegraph.models import Act, Actor, ActorType, Document, Outcome, PlacedPosition, Position, Span, Stance, TargetKind
from stancegraph.page import render

SIZES = (60, 1000, 5000, 20000)
DENSE = (20000, 1900, 500)  # positions, actors, outcomes: few actors, each on many outcomes
SENTENCES = 20  # of a document
MARKS = ("ready", "drawn")
SIZE = {"width": 1400, "height": 860}
_ARGUMENTS = ("--no-sandbox", "--disable-gpu")
# Long tasks are those of 50 ms and more (W3C, Long Tasks API); the timer's lateness finds what they do not report.
_WATCH = """
window.longest = 0;
new PerformanceObserver(list => {
    for (const entry of list.getEntries()) window.longest = Math.max(window.longest, entry.duration);
}).observe({ type: "longtask", buffered: true });
"""


def invented(size: int, n_actors: int = 0, n_outcomes: int = 0) -> StanceGraph:
    """Return a graph of so many positions, the same every time; by default of a sixth as many actors."""
    rng = np.random.default_rng(size)
    actors = [_actor(i) for i in range(n_actors or max(12, size // 6))]
    labels = (f"the reform of matter {i}" for i in range(n_outcomes or max(8, size // 20)))
    outcomes = [Outcome(label=label, kind=TargetKind.OUTCOME) for label in labels]
    held, about = (_zipf(rng, len(some), size) for some in (actors, outcomes))
    sides = (Stance.SUPPORTS, Stance.OPPOSES, Stance.MIXED, Stance.UNDECIDED)
    stances = [sides[i] for i in rng.choice(len(sides), size, p=[0.5, 0.35, 0.1, 0.05])]
    documents, placed = {}, []
    for number in range(-(-size // SENTENCES)):
        rows = range(number * SENTENCES, min(size, (number + 1) * SENTENCES))
        sentences = [
            f"In the debate of the week {actors[held[i]].name} said that, after all that had been heard from both sides, "
            f"{outcomes[about[i]].label} {'was long due' if stances[i] is Stance.SUPPORTS else 'went much too far'}."
            for i in rows
        ]
        day = np.datetime64("2020-01-01") + number
        document = Document(id=f"d{number}", text="\n\n".join(sentences), title=f"Debate {number}", date=str(day))
        documents[document.id] = document
        for k, i in enumerate(rows):
            start = document.text.index(sentences[k])
            position = _position(document, start, sentences[k], actors[held[i]], outcomes[about[i]], stances[i])
            placed.append(PlacedPosition(f"{document.id}#{k + 1}", position, actors[held[i]], outcomes[about[i]]))
    return StanceGraph(documents, placed)


def _actor(i: int) -> Actor:
    kinds = list(ActorType)
    return Actor(name=f"Member {i} of Assembly {i % 40}", type=kinds[i % len(kinds)], affiliation=f"Assembly {i % 40}")


def _zipf(rng: np.random.Generator, number: int, size: int) -> list[int]:
    weights = 1 / np.arange(1, number + 1)
    return [int(i) for i in rng.choice(number, size, p=weights / weights.sum())]


def _position(document: Document, start: int, sentence: str, actor: Actor, outcome: Outcome, stance: Stance) -> Position:
    def span(words: str) -> tuple[Span]:
        at = start + sentence.index(words)
        return (Span(start=at, end=at + len(words)),)

    return Position(
        document=document, holder=actor.name, holder_type=actor.type, target=outcome.label, target_kind=outcome.kind,
        stance=stance, act=Act.ASSERTS, source=span(actor.name), cue=span("said"),
        evidence=span(sentence[sentence.index("after") : -1]), confidence=0.5 + (start % 50) / 100,
    )  # fmt: skip


def open_page(browser: Browser, file: Path) -> Page:
    """Open a file, watched from the start."""
    context = browser.new_context(viewport=SIZE, bypass_csp=False)
    context.add_init_script(_WATCH)
    page = context.new_page()
    page.set_default_timeout(600_000)
    page.goto(file.as_uri(), wait_until="commit")
    return page


def when(page: Page, expression: str, limit: float = 600) -> float:
    """Wait until an expression has a time for a value, and return it in seconds; the page forbids to wait inside."""
    started = time.monotonic()
    while not (found := page.evaluate(f"{expression} ?? 0")):
        if time.monotonic() - started > limit:
            raise TimeoutError(expression)
        page.wait_for_timeout(100)
    return float(found) / 1000


def longest(page: Page) -> float:
    """Return the longest task since the last call, in milliseconds."""
    page.wait_for_timeout(300)
    return float(page.evaluate("() => { const found = window.longest; window.longest = 0; return found }"))


def time_ours(browser: Browser, file: Path) -> dict[str, float]:
    """Time the project's page."""
    page = open_page(browser, file)
    found = {f"{name}_s": when(page, f"performance.getEntriesByName('stancegraph:{name}')[0]?.startTime") for name in MARKS}
    found["loading_block_ms"] = longest(page)
    page.locator("#search").fill("matter 1")
    page.locator("#search").press("Enter")
    page.locator("#panel h2").wait_for()
    found["look_block_ms"] = longest(page)
    page.locator("#search").fill("")
    page.locator("#legend [data-value='opposes']").click()
    found["filter_block_ms"] = longest(page)
    page.mouse.move(700, 300)
    page.mouse.wheel(0, -300)
    page.mouse.down()
    page.mouse.move(800, 400, steps=5)
    page.mouse.up()
    found["move_block_ms"] = longest(page)
    page.context.close()
    return found


def time_plain(browser: Browser, graph: StanceGraph, file: Path, limit: float) -> dict[str, float]:
    """Time what pyvis makes of the graph with its defaults, until its layout has settled or a time is up."""
    network = Network(cdn_resources="in_line")
    plain: nx.Graph[str] = nx.Graph()
    plain.add_nodes_from((node, {"label": str(label)}) for node, label in graph.network.nodes(data="label"))
    plain.add_edges_from((a, b) for a, b in graph.network.edges())
    network.from_nx(plain)
    html = network.generate_html()
    # The only change: the page tells when its layout has settled.
    html = html.replace(
        "return network;",
        "network.once('stabilizationIterationsDone', () => { window.settled = performance.now() }); return network;",
    )
    file.write_text(html, encoding="utf-8")
    page = open_page(browser, file)
    started = time.monotonic()
    found = {"megabytes": file.stat().st_size / 1e6}
    try:
        found["settled_s"] = when(page, "window.settled", limit)
        found["loading_block_ms"] = longest(page)
    except Exception as error:  # a page that hangs answers nothing, not even this
        found["not_settled_after_s"] = time.monotonic() - started
        found["error"] = type(error).__name__  # type: ignore[assignment]
    return found


def main() -> None:
    """Print a line of JSON for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sizes", nargs="*", type=int)
    parser.add_argument("--plain-limit", type=float, default=300, help="seconds after which plain pyvis is given up")
    options = parser.parse_args()
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as folder:
        for size, *shape in [(size,) for size in options.sizes] or [*((size,) for size in SIZES), DENSE]:
            graph = invented(size, *shape)
            file = Path(folder) / f"{size}.html"
            started = time.monotonic()
            file.write_text(render(graph), encoding="utf-8", newline="\n")
            row: dict[str, object] = {"positions": size, "actors": len(graph.actors()), "outcomes": len(graph.outcomes())}
            row |= {"written_s": round(time.monotonic() - started, 2), "megabytes": round(file.stat().st_size / 1e6, 2)}
            for name, timed in (
                ("ours", lambda browser, file=file: time_ours(browser, file)),
                (
                    "plain",
                    lambda browser, graph=graph: time_plain(
                        browser, graph, Path(folder) / "plain.html", options.plain_limit
                    ),
                ),
            ):
                if name == "plain" and (shape or options.plain_limit <= 0):
                    continue
                browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_ARGUMENTS))
                row[name] = {k: round(v, 3) if isinstance(v, float) else v for k, v in timed(browser).items()}
                browser.close()
            print(json.dumps(row), flush=True)


if __name__ == "__main__":
    main()
