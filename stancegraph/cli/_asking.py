"""The commands that ask a graph."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.text import Text

from stancegraph.cli._showing import Output, cell, fail, new_table, print_json, say, stance_cell
from stancegraph.models import Act, Stance
from stancegraph.terminal import plain

if TYPE_CHECKING:
    from rich.table import Table

    from stancegraph.graph import StanceGraph
    from stancegraph.graph.answers import Answer
    from stancegraph.models import Actor, Position

GraphFolder = Annotated[
    Path, typer.Option("--graph", "-g", metavar="DIR", help="Folder that build wrote.", show_default=False)
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of a table.")]


class _By(str, Enum):
    ACTOR = "actor"
    AFFILIATION = "affiliation"


class _Unit(str, Enum):
    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


_Outcome = Annotated[str, typer.Argument(help="The outcome, in your own words.", show_default=False)]
_Actor = Annotated[str, typer.Argument(help="The actor, by any of its names.", show_default=False)]
_OfActor = Annotated[str | None, typer.Option("--actor", help="Only those of this actor.", show_default=False)]
_OnOutcome = Annotated[str | None, typer.Option("--outcome", help="Only those on this outcome.", show_default=False)]
_Since = Annotated[
    str | None, typer.Option(metavar="DATE", help="Only what was stated then or later: 2023-07-11, 2023-07 or 2023.")
]
_Until = Annotated[str | None, typer.Option(metavar="DATE", help="Only what was stated then or before.")]
_Least = Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="Only what is at least so sure.")]
_CountedBy = Annotated[_By, typer.Option("--by", help="Whose positions: the actor's, or whom the actor speaks for.")]
_Latest = Annotated[bool, typer.Option("--latest", help="Only what was held last.")]

# Columns of what proves a position.
_PROOF = ("Evidence", "Document")
# Of an actor with many positions on one outcome, so many are quoted.
_QUOTES = 3


def who_supports(
    outcome: _Outcome,
    graph: GraphFolder,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    latest: _Latest = False,
    as_json: Json = False,
) -> None:
    """Print who supports an outcome, and the words that prove it."""
    _print_side(graph, outcome, Stance.SUPPORTS, as_json, **_conditions(since, until, min_confidence, by, latest))


def who_opposes(
    outcome: _Outcome,
    graph: GraphFolder,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    latest: _Latest = False,
    as_json: Json = False,
) -> None:
    """Print who opposes an outcome, and the words that prove it."""
    _print_side(graph, outcome, Stance.OPPOSES, as_json, **_conditions(since, until, min_confidence, by, latest))


def undecided_on(
    outcome: _Outcome,
    graph: GraphFolder,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    latest: _Latest = False,
    as_json: Json = False,
) -> None:
    """Print who says openly to have no position on an outcome yet."""
    _print_side(graph, outcome, Stance.UNDECIDED, as_json, **_conditions(since, until, min_confidence, by, latest))


def positions(
    graph: GraphFolder,
    actor: _OfActor = None,
    outcome: _OnOutcome = None,
    stance: Annotated[Stance | None, typer.Option(help="Only those of this stance.", show_default=False)] = None,
    act: Annotated[Act | None, typer.Option(help="Only those with this act.", show_default=False)] = None,
    via: Annotated[str | None, typer.Option(help="Only what this actor passes on.", show_default=False)] = None,
    source: Annotated[str | None, typer.Option(help="Only those this publisher printed.", show_default=False)] = None,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    latest: _Latest = False,
    as_json: Json = False,
) -> None:
    """Print positions with the words that prove them."""
    opened = loaded(graph)
    with answering():
        asked = _conditions(since, until, min_confidence, by, latest)
        found = opened.positions(actor=actor, outcome=outcome, stance=stance, act=act, via=via, source=source, **asked)
    if as_json:
        print_json([_record(opened, position) for position in found])
    elif not found:
        say("stancegraph: no such positions")
    else:
        table = new_table("Actor", "Stance", "Outcome", *_PROOF)
        for position in found:
            name, label = opened.actor_of(position).name, _label(opened, position)
            if position.similarity is not None:
                label = f"{label} ({position.similarity:.2f})"
            table.add_row(cell(name), stance_cell(position.stance), cell(label), *_proof(position))
        Output().print(table)


def allies(
    actor: _Actor,
    graph: GraphFolder,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    latest: _Latest = False,
    as_json: Json = False,
) -> None:
    """Print who agrees with an actor on more outcomes than not."""
    opened = loaded(graph)
    with answering():
        found = opened.allies(actor, **_conditions(since, until, min_confidence, by, latest))
    _print_answer(found, as_json)


def opponents(
    actor: _Actor,
    graph: GraphFolder,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    latest: _Latest = False,
    as_json: Json = False,
) -> None:
    """Print who disagrees with an actor on more outcomes than not."""
    opened = loaded(graph)
    with answering():
        found = opened.opponents(actor, **_conditions(since, until, min_confidence, by, latest))
    _print_answer(found, as_json)


def common_ground(
    a: _Actor,
    b: _Actor,
    graph: GraphFolder,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    latest: _Latest = False,
    as_json: Json = False,
) -> None:
    """Print the outcomes on which two actors take the same side."""
    opened = loaded(graph)
    with answering():
        found = opened.common_ground(a, b, **_conditions(since, until, min_confidence, by, latest))
    _print_answer(found, as_json)


def contested(
    graph: GraphFolder,
    min_actors: Annotated[int, typer.Option(min=1, help="Least number of actors that take a side.")] = 3,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    latest: _Latest = False,
    as_json: Json = False,
) -> None:
    """Print the outcomes that divide actors, the most evenly divided first."""
    opened = loaded(graph)
    with answering():
        found = opened.contested(min_actors, **_conditions(since, until, min_confidence, by, latest))
    _print_answer(found, as_json)


def history(
    graph: GraphFolder,
    actor: _OfActor = None,
    outcome: _OnOutcome = None,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    as_json: Json = False,
) -> None:
    """Print what was held when."""
    opened = loaded(graph)
    with answering():
        found = opened.history(actor, outcome, **_conditions(since, until, min_confidence, by, latest=False))
    _print_answer(found, as_json)


def shifts(
    graph: GraphFolder,
    actor: _OfActor = None,
    outcome: _OnOutcome = None,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    as_json: Json = False,
) -> None:
    """Print who changed their stance, from what to what and when."""
    opened = loaded(graph)
    with answering():
        found = opened.shifts(since, until, actor=actor, outcome=outcome, min_confidence=min_confidence, by=by.value)
    _print_answer(found, as_json)


def timeline(
    outcome: _Outcome,
    graph: GraphFolder,
    unit: Annotated[_Unit, typer.Option(help="The length of a period.")] = _Unit.MONTHS,
    since: _Since = None,
    until: _Until = None,
    min_confidence: _Least = 0.0,
    by: _CountedBy = _By.ACTOR,
    as_json: Json = False,
) -> None:
    """Print how many actors stood where on an outcome, period by period."""
    opened = loaded(graph)
    with answering():
        asked = _conditions(since, until, min_confidence, by, latest=False)
        found = opened.timeline(outcome, unit=unit.value, **asked)
    _print_answer(found, as_json)


COMMANDS = (
    *(who_supports, who_opposes, undecided_on, positions, allies, opponents, common_ground, contested),
    *(history, shifts, timeline),
)


def loaded(folder: Path) -> StanceGraph:
    """Return a saved graph, or end the command."""
    from stancegraph.graph import GraphFileError, StanceGraph

    try:
        return StanceGraph.load(folder)
    except GraphFileError as error:
        fail(str(error))


@contextmanager
def answering() -> Iterator[None]:
    """Let a name that a graph does not know, or a condition that makes no sense, end the command."""
    from stancegraph.graph import AmbiguousName, GraphFileError, UnknownName

    try:
        yield
    except (AmbiguousName, UnknownName, GraphFileError, ValueError) as error:
        fail(str(error))


def _conditions(since: str | None, until: str | None, min_confidence: float, by: _By, latest: bool) -> dict[str, Any]:
    given = {"since": since, "until": until, "min_confidence": min_confidence, "by": by.value, "latest": latest}
    return {name: value for name, value in given.items() if value is not None}


def _print_answer(answer: Answer[Any], as_json: bool) -> None:
    if as_json:
        print_json(answer.to_frame().to_dict("records"))
    elif not answer:
        say(f"stancegraph: nothing: {answer.title}")
    else:
        Output().print(answer.table(None))


def _print_side(folder: Path, name: str, stance: Stance, as_json: bool, **asked: Any) -> None:  # noqa: ANN401
    """Print the actors of one side of an outcome with their positions."""
    graph = loaded(folder)
    ask = {
        Stance.SUPPORTS: graph.who_supports,
        Stance.OPPOSES: graph.who_opposes,
        Stance.UNDECIDED: graph.undecided_on,
    }
    with answering():
        outcome = graph.outcome(name)
        holders = ask[stance](outcome, **asked)
        said: defaultdict[str, list[Position]] = defaultdict(list)
        for position in graph.positions(outcome=outcome, stance=stance, **asked):
            said[graph.holder_of(position, asked["by"]).name].append(position)
    actors = [holder.actor for holder in holders]
    if as_json:
        print_json(
            [
                actor.model_dump(mode="json") | {"positions": [_record(graph, p) for p in said[actor.name]]}
                for actor in actors
            ]
        )
    elif not actors:
        verb = "is undecided on" if stance is Stance.UNDECIDED else stance.value
        say(f"stancegraph: nobody {verb} {outcome.label}")
    else:
        table = new_table("Actor", *_PROOF, title=holders.title)
        for actor in actors:
            _add_quotes(table, actor, said[actor.name])
        Output().print(table)


def _proof(position: Position) -> tuple[Text, Text]:
    """Return the cells that prove a position: its words, and where and when they were said."""
    place = Text("\n").join([cell(position.document.id), *([Text(position.date)] if position.date else [])])
    return Text(f"“{plain(position.evidence_text)}”"), place


def _add_quotes(table: Table, actor: Actor, positions: Sequence[Position]) -> None:
    for number, position in enumerate(positions[:_QUOTES]):
        table.add_row(cell(actor.name) if number == 0 else "", *_proof(position))
    if len(positions) > _QUOTES:
        table.add_row("", f"… and {len(positions) - _QUOTES} more in: stancegraph positions")


def _label(graph: StanceGraph, position: Position) -> str:
    """Return the outcome's label; what is said without attitude has none."""
    return "" if position.stance is Stance.NONE else graph.outcome_of(position).label


def _record(graph: StanceGraph, position: Position) -> dict[str, object]:
    return {
        "id": None if position.stance is Stance.NONE else graph.id_of(position),
        "actor": graph.actor_of(position).name,
        "outcome": _label(graph, position),
        **position.model_dump(mode="json"),
    }
