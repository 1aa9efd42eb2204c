"""From graph to HTML: the model, the drawing and the page's own files put together into one text."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup, escape

from stancegraph.models import Act, ActorType
from stancegraph.page.drawing import DASHES, MOST_POSITIONS, OUTCOME_SHAPE, POSITION_SHAPE, SHAPES, draw
from stancegraph.page.model import PART, describe, readable

if TYPE_CHECKING:
    from stancegraph.graph import StanceGraph
    from stancegraph.page.model import Model

_TITLE_LENGTH = 160
_SCRIPTS = ("model", "elements", "view", "find", "filters", "chart", "panel", "scene", "takeaway", "main")


def render(graph: StanceGraph) -> str:
    """Write a graph as one HTML page that needs no other file and no network.

    A content security policy in the page allows the page's own scripts and style, named by their hashes, and
    nothing else: words of the documents can neither run nor load anything. They reach the page as JSON and
    become text nodes there, never markup.

    Args:
        graph: The graph to show.

    Returns:
        The page; equal graphs give the same text.
    """
    model, parts = describe(graph)
    drawing = _drawing(model)
    data = {
        **model,
        "part": PART,
        "stances": [stance.value for stance in DASHES],
        "acts": [act.value for act in Act],
        "types": _types(model),
        "gathered": len(model["positions"]) > MOST_POSITIONS,
        "canvas": drawing,
    }
    scripts = [_vis_network(), _script()]
    style = _own("style.css")
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_own("template.html")).render(
        policy=_policy(scripts, style),
        title=_title(graph),
        summary=_summary(graph, model),
        style=Markup(style),  # noqa: S704 - our own files, not words of documents
        scripts=[Markup(script) for script in scripts],  # noqa: S704
        data=Markup(_embedded(data)),  # noqa: S704 - escaped for this place
        parts=[Markup(_embedded(part)) for part in parts],  # noqa: S704
        actor_types={kind: SHAPES[ActorType(kind)] for kind in _types(model)},
        stances={stance.value: dashes for stance, dashes in DASHES.items()},
        position_shape=POSITION_SHAPE,
        outcome_shape=OUTCOME_SHAPE,
        note=_note(model, drawing),
        empty=not model["positions"],
    )


def framed(graph: StanceGraph, height: int = 720) -> str:
    """Write the page into a frame, as notebooks show it; no file and no address is needed.

    The frame may run the page's own script and save what it offers, and is otherwise closed off from what it stands in.

    Args:
        graph: The graph to show.
        height: Height of the frame in CSS pixels.
    """
    page = escape(render(graph))
    allowed = "allow-scripts allow-downloads allow-modals allow-popups allow-popups-to-escape-sandbox"
    style = f"width: 100%; height: {height}px; border: 1px solid #ccc"
    return f'<iframe title="stancegraph" sandbox="{allowed}" style="{style}" srcdoc="{page}"></iframe>'


def _types(model: Model) -> list[str]:
    """Return the kinds of actor that a model has, in their usual order; a model of nobody names all."""
    used = {actor["type"] for actor in model["actors"]} or set(ActorType)
    return [kind.value for kind in ActorType if kind.value in used]


def _drawing(model: Model) -> dict[str, Any]:
    """Return what the page draws: pyvis' nodes, edges and options, and how what it adds later is to look."""
    nodes, edges, _, _, _, options = draw(model).get_network_data()
    return {
        "nodes": nodes,
        "edges": edges,
        "core": len(nodes) < len(model["actors"]) + len(model["outcomes"]),
        "options": json.loads(options),
        "shapes": {kind.value: shape for kind, shape in SHAPES.items()},
        "dashes": {stance.value: list(dashes) or False for stance, dashes in DASHES.items()},
    }


def _note(model: Model, drawing: dict[str, Any]) -> str:
    """Say what the sizes mean and what is not drawn."""
    drawn = sum(node["id"].startswith("a") for node in drawing["nodes"])
    if drawing["core"]:
        return (
            f"Only the core is drawn: {drawn:,} of {len(model['actors']):,} actors, "
            "those with most positions on one outcome. Others join when looked at."
        )
    if len(model["positions"]) > MOST_POSITIONS:
        return "Larger, thicker: more positions. Each opens when its actor, outcome or line is looked at."
    return "Larger: more positions"


def _embedded(data: object) -> str:
    """Write JSON that may stand inside a script element: nothing in it ends that or opens a comment."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.replace("<", "\\u003c")


def _policy(scripts: list[str], style: str) -> str:
    allowed = " ".join(_hash(script) for script in scripts)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {allowed}",
            f"style-src {_hash(style)}",
            "img-src data:",
            "base-uri 'none'",
            "form-action 'none'",
            # No text may become markup by any way that a script has.
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        )
    )


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _vis_network() -> str:
    """Return vis-network as pyvis packs it; its style sheet serves only controls that the page has not."""
    text = files("pyvis").joinpath("lib/vis-9.1.2/vis-network.min.js").read_text(encoding="utf-8")
    # Developer tools would look for the source map beside the page.
    code, _, _ = text.partition("\n//# sourceMappingURL=")
    return code


@cache
def _script() -> str:
    """Return the page's own script: its files one after another in one scope."""
    return "\n".join(('"use strict";', "(() => {", *(_own(f"script/{name}.js") for name in _SCRIPTS), "})();\n"))


@cache
def _own(name: str) -> str:
    return files("stancegraph.page").joinpath(name).read_text(encoding="utf-8")


def _title(graph: StanceGraph) -> str:
    documents = list(graph.documents.values())
    if len(documents) != 1:
        return "Who holds what position"
    title = readable(documents[0].title or documents[0].id)
    return title if len(title) <= _TITLE_LENGTH else title[: _TITLE_LENGTH - 1] + "…"


def _summary(graph: StanceGraph, model: Model) -> str:
    """Say in one sentence how much the page shows."""
    dates = sorted(document.date for document in graph.documents.values() if document.date)
    span = "" if not dates else f", {dates[0]}" if dates[0] == dates[-1] else f", {dates[0]} to {dates[-1]}"
    positions, actors, outcomes, documents = (
        _count(len(some), noun)
        for some, noun in (
            (model["positions"], "position"),
            (model["actors"], "actor"),
            (model["outcomes"], "outcome"),
            (graph.documents, "document"),
        )
    )
    return f"{positions} of {actors} on {outcomes}, read in {documents}{span}."


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
