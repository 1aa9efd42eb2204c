"""What actors and outcomes are to be called once a reviewer has merged, split and renamed them.

Every correction speaks of names as they were before any correction, or as another correction gives them; so the order of
corrections makes no difference.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Generic, TypeVar

from rapidfuzz import fuzz, process

from stancegraph.corrections.correction import Kind
from stancegraph.corrections.judging import place_of, plain
from stancegraph.documents.source import Skipped
from stancegraph.models import Actor, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stancegraph.corrections import Correction

Thing = TypeVar("Thing", Actor, Outcome)

_SUGGESTED = 60


def name_of(thing: Actor | Outcome) -> str:
    """Return the name of an actor or the label of an outcome."""
    return thing.name if isinstance(thing, Actor) else thing.label


def others_of(thing: Actor | Outcome) -> tuple[str, ...]:
    """Return the other names of an actor or the wordings of an outcome."""
    return thing.aliases if isinstance(thing, Actor) else thing.wordings


class Directory(Generic[Thing]):
    """Actors or outcomes by what they are called.

    Args:
        things: All that were read.
        what: "actor" or "outcome", for messages.
    """

    def __init__(self, things: Iterable[Thing], what: str) -> None:
        self.what = what
        self.read: set[str] = set()
        self.by_name: dict[str, Thing] = {}
        self._plain: dict[str, list[Thing]] = defaultdict(list)
        self._others: dict[str, list[Thing]] = defaultdict(list)
        for thing in sorted(things, key=name_of):
            self.add(thing)
            self.read.add(name_of(thing))
            for other in sorted(set(map(plain, others_of(thing)))):
                self._others[other].append(thing)

    def add(self, thing: Thing) -> Thing:
        """Note one that a correction brought."""
        self.by_name[name_of(thing)] = thing
        self._plain[plain(name_of(thing))].append(thing)
        return thing

    def meant(self, name: str) -> list[Thing]:
        """Return those that a name means: by their own name, else by another; several if it is not clear which."""
        own = self.by_name.get(name)
        return [own] if own is not None else self._plain.get(plain(name)) or self._others.get(plain(name)) or []

    def nearest(self, name: str) -> str:
        """Return what to do about a name that means nothing, as a sentence."""
        near = process.extractOne(name, sorted(self.by_name), scorer=fuzz.WRatio, score_cutoff=_SUGGESTED)
        return f"The nearest is {near[0]!r}; correct it, or take it out." if near else "Correct it, or take it out."


def final_names(rows: Sequence[Correction], directory: Directory[Thing], skipped: list[Skipped]) -> dict[str, str]:
    """Return what those are to be called that rows merge or rename, by their names until now.

    Args:
        rows: Corrections that merge or rename, in an order of their own.
        directory: All actors or outcomes.
        skipped: Where to add what cannot be applied.
    """
    given = {row.name for row in rows}
    steps: dict[str, tuple[str, Correction]] = {}
    clashing: set[Correction] = set()
    for row in rows:
        for name in _named(row, directory, given, skipped):
            if name == row.name:
                continue
            before, by = steps.setdefault(name, (row.name, row))
            if before != row.name:
                clashing |= {by, row}
                reason = f"{name!r} is to be {row.name!r}, and by {place_of(by)} {before!r}"
                skipped.append(Skipped(place_of(row), reason, "Neither counts; keep one."))
    steps = {name: step for name, step in steps.items() if step[1] not in clashing}
    return _followed(steps, skipped)


def _named(row: Correction, directory: Directory[Thing], given: set[str], skipped: list[Skipped]) -> list[str]:
    """Return the present names of those that a row merges or renames."""
    renames = row.kind in (Kind.RENAME_ACTOR, Kind.RENAME_OUTCOME)
    others = directory.meant(row.name)
    found: list[str] = []
    for name in row.names:
        meant = [name] if name in given and name not in directory.by_name else [name_of(t) for t in directory.meant(name)]
        if len(meant) == 1:
            found += meant
        elif meant:
            reason = f"{name!r} may be {' or '.join(map(repr, meant))}"
            skipped.append(Skipped(place_of(row), reason, "Write the whole name."))
        else:
            reason = f"no {directory.what} is called {name!r}"
            skipped.append(Skipped(place_of(row), reason, directory.nearest(name)))
    if renames:
        taken = [name_of(thing) for thing in others if name_of(thing) in directory.read and name_of(thing) not in found]
        if found and taken:
            merge = row.kind.value.replace("rename", "merge").rstrip("s") + "s"
            reason = f"another {directory.what}, {taken[0]!r}, is called {row.name!r} already"
            skipped.append(Skipped(place_of(row), reason, f"Write {merge} to make them one, or give another name."))
            return []
    elif found and len(others) == 1:
        found.append(name_of(others[0]))  # the name to keep is another name of somebody, who is then meant as well
    return list(dict.fromkeys(found))


def _followed(steps: dict[str, tuple[str, Correction]], skipped: list[Skipped]) -> dict[str, str]:
    """Return where steps from name to name end; those that go round in a circle are left out."""
    final: dict[str, str] = {}
    for start in sorted(steps):
        path = [start]
        while path[-1] in steps and len(path) <= len(steps):
            path.append(steps[path[-1]][0])
        if path[-1] in steps:
            row = steps[start][1]
            reason = f"{start!r} is to be {row.name!r}, which is to be something else in turn, and so on in a circle"
            skipped.append(Skipped(place_of(row), reason, "Keep one name."))
        else:
            final[start] = path[-1]
    return final
