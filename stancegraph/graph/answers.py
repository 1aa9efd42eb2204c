"""What a graph answers: small tables of typed rows that show themselves in notebooks and terminals."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator, Sequence
from enum import Enum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from pydantic import BaseModel, ConfigDict

from stancegraph.models import Actor, Outcome, Stance
from stancegraph.terminal import COLOURS, plain

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table
    from rich.text import Text

# Rows that are made at once while one goes through an answer, and rows that a shown table has at most.
_AT_ONCE = 500
_SHOWN = 20


class AnswerRow(BaseModel):
    """A row of an answer; `SHOWN` are the cells that tables show of it."""

    model_config = ConfigDict(frozen=True)
    SHOWN: ClassVar[tuple[str, ...]] = ()

    def cells(self) -> dict[str, object]:
        """Return the row as flat cells: actors by name, outcomes by label, rows within it by their own cells."""
        found: dict[str, object] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if isinstance(value, AnswerRow):
                found |= {f"{name}_{inner}": cell for inner, cell in value.cells().items()}
            else:
                found[name] = cell_of(value)
        return found

    def _repr_html_(self) -> str:
        """Show the row in a notebook, one cell a line; nothing that a document says is taken for HTML."""
        from markupsafe import Markup

        line = Markup('<tr><th style="text-align: left">{}</th><td style="text-align: left">{}</td></tr>')
        shown = self.cells()
        cells = [line.format(name.replace("_", " "), _shown_text(shown[name])) for name in self.SHOWN or shown]
        return str(Markup("<table>{}</table>").format(Markup("").join(cells)))


class Holder(AnswerRow):
    """Somebody who takes a side on an outcome.

    Args:
        actor: Who, or with `by="affiliation"` the country or body that is spoken for.
        positions: Number of positions.
        weight: Sum of what they count.
        first: When the first was stated, in ISO 8601; None if not known.
        last: When the newest was.
        evidence: The words of the newest.
        document: Id of the document that has them.
        position: Id of the newest position.
    """

    SHOWN = ("actor", "positions", "last", "evidence", "document")

    actor: Actor
    positions: int
    weight: float
    first: str | None
    last: str | None
    evidence: str
    document: str
    position: str

    @property
    def name(self) -> str:
        """The actor's name."""
        return self.actor.name


class Relation(AnswerRow):
    """How far an actor agrees with the one asked about.

    Args:
        actor: The other actor.
        agreed: Number of outcomes on which both take the same side.
        disagreed: Number of outcomes on which they take opposite sides.
        score: (agreed - disagreed) / (agreed + disagreed), in [-1, 1].
        outcomes: Labels of those that make it what it is (agreed for allies, disagreed for opponents), the most spoken
            of first, five at most.
    """

    SHOWN = ("actor", "agreed", "disagreed", "score", "outcomes")

    actor: Actor
    agreed: int
    disagreed: int
    score: float
    outcomes: tuple[str, ...]

    @property
    def name(self) -> str:
        """The actor's name."""
        return self.actor.name


class Shared(AnswerRow):
    """An outcome on which two actors take the same side.

    Args:
        outcome: The outcome.
        stance: The side, `supports` or `opposes`.
        evidence_a: The newest words of the first actor for it.
        position_a: Id of the position that has them.
        evidence_b: The newest words of the second.
        position_b: Id of the position that has them.
    """

    SHOWN = ("outcome", "stance", "evidence_a", "evidence_b")

    outcome: Outcome
    stance: Stance
    evidence_a: str
    position_a: str
    evidence_b: str
    position_b: str


class Contest(AnswerRow):
    """How an outcome divides those who take sides on it.

    Args:
        outcome: The outcome.
        supporters: Number of actors whose positions on it support it on balance.
        opponents: Number of those who oppose it on balance.
        mixed: Number of those on neither side who are mixed, or for and against in equal parts.
        undecided: Number of those who are only undecided.
        balance: 4 s o / (s + o)² of s supporters and o opponents: 1 where both sides are equally many, 0 where one is empty.
    """

    SHOWN = ("outcome", "supporters", "opponents", "mixed", "undecided", "balance")

    outcome: Outcome
    supporters: int
    opponents: int
    mixed: int
    undecided: int
    balance: float


class Step(AnswerRow):
    """What an actor held on an outcome at one time.

    Args:
        actor: Who.
        outcome: On what.
        date: When, in ISO 8601 (see `Position.date`); None if not known.
        since: The first day on which it may have been; None if not known.
        until: The last day.
        stance: The stance; `mixed` where positions of that time differ. One that is undecided does not count beside others.
        positions: Ids of the positions, the surest first.
        evidence: The words of the surest.
        document: Id of the document that has them.
        recalled: Whether texts only tell of it as something earlier, without saying when.
    """

    SHOWN = ("date", "actor", "stance", "outcome", "evidence", "document")

    actor: Actor
    outcome: Outcome
    date: str | None
    since: str | None
    until: str | None
    stance: Stance
    positions: tuple[str, ...]
    evidence: str
    document: str
    recalled: bool = False


class Shift(AnswerRow):
    """A change of stance.

    Args:
        actor: Who changed.
        outcome: On what.
        before: The last time before it.
        after: The first time after it.
    """

    SHOWN = ("date", "actor", "outcome", "from", "to", "evidence_before", "evidence_after")

    actor: Actor
    outcome: Outcome
    before: Step
    after: Step

    @property
    def date(self) -> str | None:
        """When the new stance was first stated."""
        return self.after.date

    def cells(self) -> dict[str, object]:
        """Return the row as flat cells; `from` and `to` are the stances, each with its words, document and date."""
        return {
            "date": self.date,
            "actor": self.actor.name,
            "outcome": self.outcome.label,
            "from": self.before.stance.value,
            "to": self.after.stance.value,
            "evidence_before": self.before.evidence,
            "evidence_after": self.after.evidence,
            "document_before": self.before.document,
            "document_after": self.after.document,
            "date_before": self.before.date,
            "positions_before": cell_of(self.before.positions),
            "positions_after": cell_of(self.after.positions),
        }


class Balance(AnswerRow):
    """How many actors stood where on an outcome at the end of a period.

    Args:
        period: The period: a day, month or year in ISO 8601, or the Monday of a week.
        supports: Number of actors whose newest stance then was to support it.
        opposes: Number of those who opposed it.
        mixed: Number of those who were mixed.
        undecided: Number of those who were undecided.
    """

    SHOWN = ("period", "supports", "opposes", "mixed", "undecided")

    period: str
    supports: int
    opposes: int
    mixed: int
    undecided: int


class Consensus(AnswerRow):
    """How far those who speak on an outcome agree.

    Args:
        outcome: The outcome.
        supporters: Number of actors that support it on balance.
        opponents: Number that oppose it.
        mixed: Number on neither side.
        undecided: Number that are only undecided; they do not count below.
        leaning: The stance of most of those that took one, `mixed` where two are equally many.
        share: Their share, in [0, 1]; 0 where nobody took one.
        index: Consensus of supports (1), mixed (0) and opposes (-1) after Tastle and Wierman (2007, "Consensus and
            dissention: A measure of ordinal dispersion"): `1 + Σ p log₂(1 - |x - mean| / 2)`; 1 where all stand alike, 0
            where half support and half oppose.
    """

    SHOWN = ("outcome", "supporters", "opponents", "mixed", "undecided", "leaning", "share", "index")

    outcome: Outcome
    supporters: int
    opponents: int
    mixed: int
    undecided: int
    leaning: Stance
    share: float
    index: float


Row = TypeVar("Row", bound=BaseModel)


class Answer(Sequence[Row], Generic[Row]):
    """The rows that answer a question, in a fixed order; they are made as they are looked at.

    Args:
        title: The question in words, above a shown table.
        items: What the rows are made of, one item a row.
        made: Makes the rows of some items.
        cells: The cells of a row that tables show, by column.
        frame: Makes the whole table for pandas, of the items; by default from the rows' own cells.
    """

    def __init__(
        self,
        title: str,
        items: Sequence[Any],
        made: Callable[[Sequence[Any]], list[Row]],
        *,
        cells: Callable[[Row], dict[str, object]] | None = None,
        frame: Callable[[Sequence[Any]], pd.DataFrame] | None = None,
        columns: Sequence[str] = (),
    ) -> None:
        self.title = title
        self._items = items
        self._made = made
        self._cells = cells
        self._frame = frame
        self._columns = tuple(columns)

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[Row]:
        for start in range(0, len(self._items), _AT_ONCE):
            yield from self._made(self._items[start : start + _AT_ONCE])

    def __reversed__(self) -> Iterator[Row]:
        return iter(self[::-1])

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> Answer[Row]: ...
    def __getitem__(self, index: int | slice) -> Row | Answer[Row]:
        if isinstance(index, slice):
            return Answer(
                self.title, self._items[index], self._made, cells=self._cells, frame=self._frame, columns=self._columns
            )
        return self._made([self._items[index]])[0]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and not isinstance(other, str) and list(self) == list(other)

    __hash__ = None  # type: ignore[assignment] # it compares like a list

    def to_frame(self) -> pd.DataFrame:
        """Return the rows as a table of pandas, one column for each cell."""
        import pandas as pd

        if self._frame is not None:
            return self._frame(self._items)
        rows = [self._all_cells(row) for row in self]
        frame: pd.DataFrame = pd.DataFrame(rows, columns=None if rows else list(self._columns))
        return frame

    def _all_cells(self, row: Row) -> dict[str, object]:
        return row.cells() if isinstance(row, AnswerRow) else self._shown(row)

    def _shown(self, row: Row) -> dict[str, object]:
        if self._cells is not None:
            return self._cells(row)
        cells = self._all_cells(row)
        return {name: cells[name] for name in self._columns}

    def _more(self) -> str:
        return f"… and {len(self) - _SHOWN:,} more" if len(self) > _SHOWN else ""

    def _repr_html_(self) -> str:
        """Show the first rows in a notebook; nothing that a document says is taken for HTML."""
        import pandas as pd
        from markupsafe import Markup

        shown = [{name: _shown_text(cell) for name, cell in self._shown(row).items()} for row in self[:_SHOWN]]
        frame = pd.DataFrame(shown, columns=list(self._columns))
        with pd.option_context("display.max_colwidth", None):
            table = frame.to_html(escape=True, index=False, border=0, justify="left")
        caption = Markup("<p><strong>{}</strong></p>").format(self.title)
        more = Markup("<p>{}</p>").format(self._more()) if self._more() else ""
        return f"{caption}{table}{more}"

    def __rich__(self) -> Table:
        """Show the first rows in a terminal."""
        return self.table(_SHOWN)

    def table(self, most: int | None) -> Table:
        """Return the rows as a table for a terminal, as text whatever they seem to hold.

        Args:
            most: Number of rows at most; None for all.
        """
        from rich.box import SIMPLE_HEAD
        from rich.table import Table
        from rich.text import Text

        table = Table(box=SIMPLE_HEAD, title=Text(plain(self.title)), title_justify="left")
        for name in self._columns:
            table.add_column(Text(name.replace("_", " ").capitalize()), overflow="fold")
        for row in self[:most]:
            table.add_row(*(_cell_text(cell) for cell in self._shown(row).values()))
        if most is not None and len(self) > most:
            table.caption = Text(self._more())
        return table

    def __repr__(self) -> str:
        from rich.console import Console

        console = Console(file=io.StringIO(), color_system=None, width=120)
        with console.capture() as captured:
            console.print(self)
        return captured.get().rstrip()


def cell_of(value: object) -> object:
    """Return a value as one cell: actors by name, outcomes by label, several joined by " | "."""
    if isinstance(value, Actor):
        return value.name
    if isinstance(value, Outcome):
        return value.label
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return " | ".join(str(cell_of(one)) for one in value)
    return value


def _shown_text(cell: object) -> str:
    if cell is None:
        return ""
    return f"{cell:.2f}" if isinstance(cell, float) else plain(str(cell))


def _cell_text(cell: object) -> Text:
    from rich.text import Text

    known = {stance.value: colour for stance, colour in COLOURS.items()}
    text = _shown_text(cell)
    return Text(text, style=known.get(text, ""))
