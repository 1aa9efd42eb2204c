"""A position as a reviewer sees it: the paragraph with holder, cue and evidence marked, and what was read in it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from stancegraph.graph.passages import Passage, passages_of
from stancegraph.models import Actor, Stance
from stancegraph.terminal import plain, unsteered

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rich.console import RenderableType

    from stancegraph.models import PlacedPosition, Position

STANCES = {Stance.SUPPORTS: "green", Stance.OPPOSES: "red", Stance.MIXED: "yellow", Stance.UNDECIDED: "blue"}
# Style, and marks that say the same where there are no styles.
_ROLES = {"evidence": ("black on bright_yellow", "[", "]"), "cue": ("underline", "_", "_"), "source": ("bold", "*", "*")}
_NAMES = {"evidence": "evidence", "cue": "cue", "source": "holder"}
KEYS = {
    "a": "accept",
    "r": "reject",
    "s": "stance",
    "h": "holder",
    "t": "target",
    "m": "merge",
    "n": "note",
    "k": "skip",
    "b": "back",
    "q": "quit",
    "?": "help",
}
HELP = """\
a  accept: the position is right as it stands here; after a change, on to the next
r  reject: it is no position, or not one of the text
s  stance, h  holder, t  target: change it; saved at once
m  merge: the holder or the outcome is the same as another
n  note: a remark that is kept with the decision
k  skip: leave it for another time
b  back: undo the last step
q  quit: everything is saved"""


def shown(placed: PlacedPosition, head: str, *, styled: bool) -> RenderableType:
    """Return what to print of a position.

    Args:
        placed: The position as it stands.
        head: What to write above it.
        styled: Whether the terminal has styles; else marks are written.
    """
    document = placed.position.document
    about = ", ".join(filter(None, (document.title, document.source, document.date, document.id)))
    passages = [_passage(placed.position, passage, styled) for passage in passages_of(placed.position)]
    legend = Text("   ").join(_marked(_NAMES[role], [role], styled) for role in _ROLES)
    return Group(
        Rule(Text(plain(head)), align="left", style="dim", characters="─"),
        Text(plain(about), style="dim"),
        *(Padding(passage, (1, 2, 0, 2)) for passage in passages),
        Padding(legend, (1, 2)),
        _fields(placed),
    )


def keys_line() -> Text:
    """Return the keys and what they do, on a line."""
    line = Text()
    for key, name in KEYS.items():
        line.append(f"[{key}]", style="bold").append(f" {name}  ")
    return line


def numbered(names: Sequence[str]) -> Text:
    """Return names to choose from by number."""
    text = Text()
    for number, name in enumerate(names, start=1):
        text.append(f"  {number} ", style="bold").append(plain(name)).append("\n")
    return text


def _passage(position: Position, passage: Passage, styled: bool) -> Text:
    text = position.document.text[passage.start : passage.end]
    cuts = sorted({0, len(text), *(at for mark in passage.marks for at in (mark.start, mark.end))})
    line = Text()
    for start, end in pairwise(cuts):
        roles = [mark.role for mark in passage.marks if mark.start <= start < mark.end]
        line.append_text(_marked(unsteered(text[start:end]), sorted(set(roles)), styled))
    return line


def _marked(text: str, roles: Iterable[str], styled: bool) -> Text:
    piece = Text(text)
    for role in roles:
        style, before, after = _ROLES[role]
        if styled:
            piece.stylize(style)
        else:
            piece = Text(f"{before}{piece.plain}{after}")
    return piece


def _fields(placed: PlacedPosition) -> Table:
    position = placed.position
    table = Table.grid(padding=(0, 2))
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    stance = Text(position.stance.value, style=STANCES.get(position.stance, "")).append(f"  ({position.act.value})", "dim")
    rows = {
        "holder": _called(_named(placed.actor), position.holder, placed.actor.name),
        "stance": stance,
        "target": _called(Text(plain(placed.outcome.label)), position.target, placed.outcome.label),
        "via": Text(" → ".join(plain(actor.name) for actor in placed.via)),
        "confidence": Text(f"{position.confidence:.2f}"),
        "decided": Text(
            "confirmed" + "".join(f", {field} changed" for field in position.changed) if position.confirmed else ""
        ),
    }
    for name, value in rows.items():
        if value.plain:
            table.add_row(Text(f"  {name}"), value)
    return table


def _named(actor: Actor) -> Text:
    office = ", ".join(filter(None, (actor.type.value, actor.role, actor.affiliation)))
    return Text(plain(actor.name)).append(f"  ({plain(office)})", "dim")


def _called(text: Text, written: str, name: str) -> Text:
    """Add what the text calls it, where that is something else."""
    return text.append(f"  as written: {plain(written)}", "dim") if written and written != name else text
