"""What the tests of the page share: positions in few words, and what a reader does with a drawing."""

from __future__ import annotations

from stancegraph.models import Act, ActorType, Position, Span, Stance, TargetKind


def nodes_of(graph, kind):
    return [node for node, found in graph.network.nodes(data="kind") if found == kind]


def position_of(document, evidence, *, holder="Ada Voss", target="the toll bridge", stance="supports", **fields):
    """A position whose evidence is the first place where the given words stand."""
    words = [evidence] if isinstance(evidence, str) else evidence
    spans = [Span(start=document.text.index(word), end=document.text.index(word) + len(word)) for word in words]
    return Position(
        document=document,
        holder=holder,
        holder_type=fields.pop("holder_type", ActorType.PERSON),
        target=target,
        target_kind=TargetKind.OUTCOME,
        stance=Stance(stance),
        act=Act.ASSERTS,
        evidence=spans,
        confidence=fields.pop("confidence", 0.875),
        **fields,
    )


def span_in(document, words):
    start = document.text.index(words)
    return (Span(start=start, end=start + len(words)),)


def until(page, expression, argument=None):
    """Wait until an expression is true; asked from outside, since the page's policy lets nothing evaluate text inside."""
    for _ in range(600):
        if page.evaluate(expression, argument):
            return
        page.wait_for_timeout(50)
    raise TimeoutError(expression)


def wait_until_drawn(page):
    until(page, "performance.getEntriesByName('stancegraph:drawn').length > 0")


def canvas_point(page, node):
    """Where a node is drawn, in pixels from the window's corner."""
    wait_until_drawn(page)
    place = page.evaluate("id => stancegraph.where(id)", node)
    box = page.locator("#canvas").bounding_box()
    return box["x"] + place["x"], box["y"] + place["y"]


def click_on(page, node):
    page.mouse.click(*canvas_point(page, node))
    until(page, "id => stancegraph.selected() === id", node)


def hover_over(page, node):
    x, y = canvas_point(page, node)
    page.mouse.move(x - 30, y - 30)
    page.mouse.move(x, y, steps=4)
    page.locator("#tip").wait_for(state="visible")
    return page.locator("#tip")


def node_holding(graph, words):
    """The node of the one position whose quoted words contain the given ones."""
    (node,) = [
        node
        for node, attributes in graph.network.nodes(data=True)
        if attributes["kind"] == "position" and words in attributes["evidence"]
    ]
    return node


def label_of(graph, node):
    return graph.network.nodes[node]["label"]
