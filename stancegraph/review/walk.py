"""The walk itself: one position after another is shown, a key is read, and what is decided is saved at once.

The walk keeps nothing to itself. After each decision the table is written and applied anew to what was read, so that it is
what the table says that is shown, and a walk that breaks off goes on from there.
"""

from __future__ import annotations

import datetime
import warnings
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError
from rapidfuzz import fuzz, process
from rich.text import Text

from stancegraph.corrections import Correction, Kind, correction_of
from stancegraph.corrections.correction import on_a_line
from stancegraph.corrections.editing import edit, put_back
from stancegraph.corrections.judging import Readings, rows_of
from stancegraph.corrections.table import CorrectionsFileError, ReadCorrections, read_corrections, said_of
from stancegraph.graph import AmbiguousName, SkippedCorrection, UnknownName
from stancegraph.models import Stance
from stancegraph.review.queue import Filters, pending
from stancegraph.review.showing import HELP, KEYS, keys_line, numbered, shown
from stancegraph.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rich.console import Console

    from stancegraph.graph import StanceGraph
    from stancegraph.models import PlacedPosition

_SUGGESTED = 9
# The similarity in percent from which a name that somebody types may be meant for one that is there.
_LIKE = 70
_STANCES = {stance.value[0]: stance for stance in Stance}
_NEXT, _STAY, _QUIT = "next", "stay", "quit"


@dataclass(frozen=True)
class _Step:
    """What can be taken back.

    Args:
        id: The position that was shown.
        about: What was decided on: that position, or the row that merges names; "" if nothing was.
        left: Whether it was left.
        before: What the table held before; None if there was none.
        after: What it has held since; None if nothing was written.
    """

    id: str
    about: str
    left: bool
    before: bytes | None = None
    after: bytes | None = None


@dataclass
class Walk:
    """A walk through positions.

    Args:
        graph: The graph that is reviewed.
        table: The table that is written.
        console: Where positions are shown.
        read_key: Gives the next key, or the first word of the next line; raises EOFError at the end.
        read_line: Gives the next line; raises EOFError at the end.
        reviewer: Who decides; "" leaves that out.
        others: Corrections of the graph that stand in another table.
    """

    graph: StanceGraph
    table: Path
    console: Console
    read_key: Callable[[], str]
    read_line: Callable[[], str]
    reviewer: str = ""
    others: tuple[Correction, ...] = ()
    stale: bool = False
    left: set[str] = field(default_factory=set)
    steps: list[_Step] = field(default_factory=list)
    problems: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        read = self.graph.as_read
        positions = [*(placed.position for placed in read.placed), *(report.position for report in read.reports)]
        self.readings = Readings(read.documents.values(), positions)
        self.place_of = {placed.id: number for number, placed in enumerate(read.placed)}

    @property
    def decided(self) -> int:
        """How many positions were decided on and how many names merged."""
        return len({step.about for step in self.steps if step.after is not None})

    def say(self, message: str, style: str = "") -> None:
        """Print a line."""
        self.console.print(Text(plain(message), style=style), soft_wrap=True)


def walk(walk: Walk, filters: Filters, most: int | None = None) -> int:
    """Walk through positions, the least certain first.

    Args:
        walk: What is reviewed, where and by whom.
        filters: Which positions.
        most: How many at most; by default all.

    Returns:
        The number of decisions made. The walk ends with the last position, the key for it, or the end of the input.

    Raises:
        CorrectionsFileError: If the table cannot be used.
        UnknownName: If nobody or nothing is called as a filter says; AmbiguousName if several are.
    """
    _apply(walk)
    wanted = [placed.id for placed in pending(walk.graph, filters)][:most]
    try:
        while ahead := [id_ for id_ in wanted if id_ not in walk.left]:
            if _at(walk, ahead[0], f"{len(wanted) - len(ahead) + 1} of {len(wanted)}") == _QUIT:
                break
        else:
            walk.say("Nothing is left to review." if wanted else "There is nothing to review.")
    except EOFError:
        pass
    if walk.stale:
        _apply(walk)
    return walk.decided


def _apply(walk: Walk) -> None:
    """Apply the table as it is now, and tell once what cannot be applied."""
    walk.stale = False
    found = read_corrections(walk.table) if walk.table.exists() else ReadCorrections((), ())
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkippedCorrection)
        walk.graph = walk.graph.with_corrections(ReadCorrections((*walk.others, *found.corrections), found.skipped))
    for problem in walk.graph.revision.skipped if walk.graph.revision else ():
        if str(problem) not in walk.problems:
            walk.problems.add(str(problem))
            walk.say(str(problem), "yellow")


def _placed(walk: Walk, id_: str) -> PlacedPosition | None:
    """Return a position as it stands, or as it was read where it was rejected."""
    for graph in (walk.graph, walk.graph.as_read):
        for placed in graph.placed:
            if placed.id == id_ and (graph is walk.graph or placed.position in walk.graph.rejected):
                return placed
    return None


# One position


def _at(walk: Walk, id_: str, head: str) -> str:
    """Show a position until it is left."""
    said = _said_before(walk, id_)
    styled = walk.console.color_system is not None and not walk.console.no_color
    show = True
    while True:
        placed = _placed(walk, id_)
        if placed is None:  # what was said of it last is that there is no attitude
            return _leave(walk, id_)
        if show:
            walk.console.print()
            walk.console.print(shown(placed, head, styled=styled))
            walk.console.print()
        walk.console.print(keys_line())
        key = walk.read_key().strip().lower()
        key = next((short for short, name in KEYS.items() if key in (short, name)), key)
        show = key in ("s", "h", "t", "m", "n")
        done = _do(walk, placed, key, said)
        if done != _STAY:
            return done


def _said_before(walk: Walk, id_: str) -> dict[str, Any]:
    """Return what the table says of a position: what is new, and a note."""
    said: dict[str, Any] = {}
    for row in _rows(walk, walk.place_of[id_]):
        said |= {name: getattr(row, name) for name in row.given if name.startswith("new_") or name == "note"}
    return said


def _rows(walk: Walk, place: int) -> list[Correction]:
    """Return what the table says of a position, by its place in the readings."""
    table = read_corrections(walk.table).corrections if walk.table.exists() else ()
    id_ = on_a_line(walk.readings.positions[place].document.id)
    return rows_of((row for row in table if row.document == id_), walk.readings).get(place, [])


def _do(walk: Walk, placed: PlacedPosition, key: str, said: dict[str, Any]) -> str:
    """Do what a key says; return whether to go on to the next position, stay or quit."""
    if key == "q":
        return _QUIT
    if key == "b":
        return _back(walk)
    if key == "k":
        return _leave(walk, placed.id)
    if key in ("a", "r"):
        return _decide(walk, placed, Kind.ACCEPT if key == "a" else Kind.REJECT, said, leave=True)
    if key == "m":
        _merge(walk, placed)
    elif key in ("s", "h", "t", "n"):
        new = _asked(walk, placed, key)
        said |= new
        if new and _changes(said):
            _decide(walk, placed, Kind.CHANGE, said, leave=False)
    else:
        walk.console.print(Text(HELP))
    return _STAY


def _changes(said: Mapping[str, Any]) -> bool:
    return any(name.startswith("new_") for name in said)


def _leave(walk: Walk, id_: str) -> str:
    walk.left.add(id_)
    walk.steps.append(_Step(id_, "", left=True))
    return _NEXT


def _back(walk: Walk) -> str:
    """Take back the last step."""
    if not walk.steps:
        walk.say("There is nothing to take back.")
        return _STAY
    step = walk.steps.pop()
    if step.after is not None:
        try:
            put_back(walk.table, step.before, step.after)
        except CorrectionsFileError as error:
            walk.say(str(error), "yellow")
            return _STAY
        _apply(walk)
        walk.say("Taken back.")
    walk.left.discard(step.id)
    return _NEXT


def _decide(walk: Walk, placed: PlacedPosition, kind: Kind, said: Mapping[str, Any], *, leave: bool) -> str:
    """Write what is decided on a position, in place of what was decided on it before."""
    place = walk.place_of[placed.id]
    rows = _rows(walk, place)
    if kind is Kind.ACCEPT and _changes(said):
        kind = Kind.CHANGE  # it is accepted as it stands
    new = dict(said) if kind is Kind.CHANGE else {"note": said.get("note", "")}
    try:
        row = correction_of(walk.readings.positions[place], kind, **{**_signed(walk), **new})
    except ValidationError as error:
        walk.say(". ".join(said_of(error)), "yellow")
        return _STAY
    if leave and rows == [row]:  # written when it was changed
        return _leave(walk, placed.id)
    _write(walk, placed.id, row, rows, left=leave)
    return _NEXT if leave else _STAY


def _signed(walk: Walk) -> dict[str, Any]:
    today = datetime.datetime.now(tz=datetime.timezone.utc).astimezone().date()
    return {"reviewer": walk.reviewer, "date": today.isoformat()}


def _write(walk: Walk, id_: str, row: Correction, without: Sequence[Correction] = (), *, left: bool = False) -> None:
    before = walk.table.read_bytes() if walk.table.exists() else None
    edit(walk.table, row, without)
    about = repr(row) if row.kind.of_actors or row.kind.of_outcomes else id_
    walk.steps.append(_Step(id_, about, left, before, walk.table.read_bytes()))
    walk.left |= {id_} if left else set()
    walk.say(f"Saved: {row.kind.value}.", "green")
    # What is accepted or rejected makes no difference to the next position, and large graphs take a while.
    walk.stale = True
    if row.kind not in (Kind.ACCEPT, Kind.REJECT):
        _apply(walk)


# Asking


def _asked(walk: Walk, placed: PlacedPosition, key: str) -> dict[str, Any]:
    """Ask for another stance, holder or target, or a note; {} to leave it as it is."""
    if key == "s":
        choices = "  ".join(f"[{letter}] {stance.value}" for letter, stance in _STANCES.items())
        walk.console.print(Text(choices))
        stance = _STANCES.get(walk.read_key().strip().lower()[:1])
        return {"new_stance": stance} if stance is not None else {}
    if key == "n":
        walk.console.print("Note: ", end="")
        return {"note": walk.read_line().strip()}
    holder = key == "h"
    name = _name(walk, "Holder" if holder else "Target", _near(walk, placed, holder), holder)
    return {"new_holder" if holder else "new_target": name} if name else {}


def _near(walk: Walk, placed: PlacedPosition, actors: bool) -> list[str]:
    """Return names to choose from: actors of the same document or outcomes like it first, then the most frequent."""
    own = placed.actor.name if actors else placed.outcome.label
    here = [one for one in walk.graph.placed if one.position.document.id == placed.position.document.id]
    there = [one.actor.name if actors else one.outcome.label for one in here]
    every = [a.name for a in walk.graph.actors()] if actors else [o.label for o in walk.graph.outcomes()]
    written = placed.position.holder if actors else placed.position.target
    like = [name for name, *_ in process.extract(written, every, scorer=fuzz.WRatio, limit=_SUGGESTED, score_cutoff=60)]
    ordered = (*there, *like, *every) if actors else (*like, *there, *every)
    return [name for name in dict.fromkeys(ordered) if name and name != own][:_SUGGESTED]


def _name(walk: Walk, what: str, suggested: Sequence[str], actors: bool) -> str:
    """Ask for a name, or the number of one that is suggested; "" for none."""
    walk.console.print(numbered(suggested), end="")
    walk.console.print(f"{what} (a number, a name, or nothing to leave it): ", end="", markup=False)
    typed = walk.read_line().strip()
    if typed.isdecimal() and 0 < int(typed) <= len(suggested):
        return suggested[int(typed) - 1]
    if not any(character.isalnum() for character in typed):
        return ""
    others = _meant(walk, typed, actors)
    if others == [typed] or not others:
        return typed
    walk.say(f"Enter takes {typed!r} as a new name; a number takes one of these:")
    walk.console.print(numbered(others), end="")
    number = walk.read_line().strip()
    return others[int(number) - 1] if number.isdecimal() and 0 < int(number) <= len(others) else typed


def _meant(walk: Walk, typed: str, actors: bool) -> list[str]:
    """Return what somebody may mean by what they typed."""
    try:
        return [walk.graph.actor(typed).name if actors else walk.graph.outcome(typed).label]
    except AmbiguousName as error:
        return list(error.candidates[:_SUGGESTED])
    except UnknownName as error:
        return [name for name in error.suggestions[:_SUGGESTED] if fuzz.token_sort_ratio(name, typed) >= _LIKE]


def _merge(walk: Walk, placed: PlacedPosition) -> None:
    """Ask what is the same as the holder or the outcome, and under which name to keep them."""
    walk.console.print(Text("[h] holder  [o] outcome"))
    chosen = walk.read_key().strip().lower()[:1]
    if chosen not in ("h", "o", "t"):
        return
    actors = chosen == "h"
    own = placed.actor.name if actors else placed.outcome.label
    other = _name(walk, f"{plain(own)!r} is the same as", _near(walk, placed, actors), actors)
    if not other or other == own:
        return
    kept = _kept(walk, [own, other])
    kind = Kind.MERGE_ACTORS if actors else Kind.MERGE_OUTCOMES
    try:
        row = Correction(kind=kind, names=(own, other), name=kept, **_signed(walk))
    except ValidationError as error:
        walk.say(said_of(error)[0], "yellow")
        return
    _write(walk, placed.id, row)


def _kept(walk: Walk, names: Sequence[str]) -> str:
    walk.console.print(numbered(names), end="")
    walk.console.print("Name to keep (a number, or another name): ", end="", markup=False)
    typed = walk.read_line().strip()
    if typed in ("1", "2") or not any(character.isalnum() for character in typed):
        return names[int(typed) - 1] if typed in ("1", "2") else names[0]
    return typed
