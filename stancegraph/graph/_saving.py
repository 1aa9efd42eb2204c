"""The saved forms of a graph: a store that is read little by little, and one JSON file that is the same byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from stancegraph.corrections.table import replace
from stancegraph.graph._saving_revision import loaded_revision, saved_revision
from stancegraph.graph.queries import StanceGraph
from stancegraph.models import DERIVED, Actor, Document, Outcome, PlacedPosition, Position, Report
from stancegraph.store import GraphFileError, Store, in_order, write_store

if TYPE_CHECKING:
    from collections.abc import Callable

FORMAT = "stancegraph"
VERSION = 1
FILE = "graph.duckdb"


def save(graph: StanceGraph, path: str | Path) -> None:
    """Write a graph: as JSON, the same bytes for the same graph, if the path ends in .json; else into a store."""
    path = _file(Path(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix == ".json":
        _save_json(graph, path)
    else:
        write_store(path, graph.contents())


def load(path: str | Path) -> StanceGraph:
    """Open a graph; raises GraphFileError."""
    path = _file(Path(path))
    earlier = path.with_suffix(".json")  # what graphs were saved as before there were stores
    path = earlier if earlier.is_file() and not path.exists() else path
    return _load_json(path) if path.suffix == ".json" else StanceGraph.of_store(Store.opened(path))


def _file(path: Path) -> Path:
    return path if path.suffix in (".json", ".duckdb") else path / FILE


def _save_json(graph: StanceGraph, path: Path) -> None:
    actors = in_order({a for p in graph.placed for a in (p.actor, *p.via)} | {r.actor for r in graph.reports})
    outcomes = in_order({p.outcome for p in graph.placed} | set(graph.listed))
    number_of = {thing: number for things in (actors, outcomes) for number, thing in enumerate(things)}
    content = {
        "format": FORMAT,
        "version": VERSION,
        "documents": [document.model_dump(mode="json") for document in graph.documents.values()],
        "actors": [actor.model_dump(mode="json") for actor in actors],
        "outcomes": [outcome.model_dump(mode="json") for outcome in outcomes],
        "listed": [number_of[outcome] for outcome in graph.listed],
        "positions": [
            {
                "id": placed.id,
                "document": placed.position.document.id,
                **placed.position.model_dump(mode="json", exclude=DERIVED),
                "actor": number_of[placed.actor],
                "outcome": number_of[placed.outcome],
                "via_actors": [number_of[actor] for actor in placed.via],
            }
            for placed in graph.placed
        ],
        "reports": [
            {
                "document": report.position.document.id,
                **report.position.model_dump(mode="json", exclude=DERIVED),
                "actor": number_of[report.actor],
            }
            for report in graph.reports
        ],
        **saved_revision(graph),
    }
    replace(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _load_json(path: Path) -> StanceGraph:
    content = _content(path)
    documents = _values(path, content, "documents", Document.model_validate)
    actors = _values(path, content, "actors", Actor.model_validate)
    outcomes = _values(path, content, "outcomes", Outcome.model_validate)
    by_id = {document.id: document for document in documents}

    def placed(values: dict[str, Any]) -> PlacedPosition:
        values = dict(values)
        return PlacedPosition(
            id=values.pop("id"),
            actor=_pick(actors, values.pop("actor")),
            outcome=_pick(outcomes, values.pop("outcome")),
            via=tuple(_pick(actors, number) for number in values.pop("via_actors")),
            position=Position.model_validate({**values, "document": by_id[values["document"]]}),
        )

    def reported(values: dict[str, Any]) -> Report:
        values = dict(values)
        actor = _pick(actors, values.pop("actor"))
        return Report(Position.model_validate({**values, "document": by_id[values["document"]]}), actor)

    positions = _values(path, content, "positions", placed)
    revisions = {"revisions": [content["revision"]] if "revision" in content else []}
    revision = _values(path, revisions, "revisions", lambda saved: loaded_revision(saved, by_id, positions))
    return StanceGraph(
        by_id,
        positions,
        _values(path, content, "reports", reported),
        # Graphs saved before there were lists have none.
        _values(path, {"listed": [], **content}, "listed", lambda number: _pick(outcomes, number)),
        *revision,
    )


def _content(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf8"))
    except FileNotFoundError:
        raise GraphFileError(f"{path}: no saved graph here; build one or give another folder") from None
    except OSError as error:
        raise GraphFileError(f"{path}: cannot be read ({error.strerror or error})") from error
    except UnicodeDecodeError:
        raise GraphFileError(f"{path}: not UTF-8 text, so not a saved graph") from None
    except (ValueError, RecursionError) as error:  # also of a number with thousands of digits
        raise GraphFileError(f"{path}: not a saved graph or broken off ({error})") from None
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise GraphFileError(f'{path}: not a saved graph ("format" is not "{FORMAT}")')
    if content.get("version") != VERSION:
        raise GraphFileError(
            f"{path}: saved by another version (format {content.get('version')!r}, not {VERSION}); build the graph anew"
        )
    return content


def _values(path: Path, content: dict[str, Any], name: str, make: Callable[[Any], Any]) -> list[Any]:
    found = content.get(name)
    if not isinstance(found, list):
        raise GraphFileError(f'{path}: "{name}" is not a list')
    values: list[Any] = []
    try:
        for item in found:
            values.append(make(item))  # noqa: PERF401 - the number of those done tells which is broken
    except (ValidationError, KeyError, IndexError, TypeError, ValueError) as error:
        reason = error.errors()[0]["msg"] if isinstance(error, ValidationError) else f"{error!r}"
        raise GraphFileError(f"{path}: {name}[{len(values)}] is not valid ({reason})") from None
    return values


def _pick(things: list[Any], number: int) -> Any:  # noqa: ANN401 - an item of any list
    if number < 0:
        raise IndexError(number)
    return things[number]
