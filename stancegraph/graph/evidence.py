"""What proves a position: its words in the paragraph around them."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from stancegraph.graph.answers import AnswerRow
from stancegraph.graph.passages import passages_of
from stancegraph.models import Actor, Outcome, Stance
from stancegraph.terminal import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.text import Text

    from stancegraph.models import PlacedPosition

_TAGS = {"evidence": "mark", "cue": "u", "source": "b"}
_STYLES = {"evidence": "reverse", "cue": "underline", "source": "bold"}


class Marked(AnswerRow):
    """A stretch of a paragraph that plays a role in a position.

    Args:
        start: Offset of its first character in the paragraph.
        end: Offset after its last character.
        role: "evidence", "cue" or "source".
    """

    start: int
    end: int
    role: str


class Paragraph(AnswerRow):
    """A paragraph that holds words of a position; of a very long one the words around them.

    Args:
        start: Offset of its first character in the document.
        end: Offset after its last character.
        text: Its words.
        marked: What in it plays a role, in text order; stretches of different roles may overlap.
    """

    start: int
    end: int
    text: str
    marked: tuple[Marked, ...]

    def pieces(self) -> Iterator[tuple[str, tuple[str, ...]]]:
        """Yield the text piece by piece, each with the roles that it plays."""
        length = len(self.text)
        offsets = sorted({0, length, *(offset for m in self.marked for offset in (m.start, min(m.end, length)))})
        for start, end in pairwise(offsets):
            roles = {m.role for m in self.marked if m.start <= start and end <= min(m.end, length)}
            yield self.text[start:end], tuple(role for role in _TAGS if role in roles)


class Evidence(AnswerRow):
    """What proves a position.

    Args:
        position: Id of the position.
        actor: Who holds it.
        stance: The attitude.
        outcome: What it is toward.
        via: Who passes it on, outermost first.
        date: When it was stated; see `Position.date`.
        document: Id of the document that states it.
        title: The document's headline.
        source: Who published it.
        url: Where.
        paragraphs: The paragraphs that hold its words, in text order.
    """

    position: str
    actor: Actor
    stance: Stance
    outcome: Outcome
    via: tuple[Actor, ...]
    date: str | None
    document: str
    title: str | None
    source: str | None
    url: str | None
    paragraphs: tuple[Paragraph, ...]

    def _heading(self) -> str:
        via = f" (via {', '.join(actor.name for actor in self.via)})" if self.via else ""
        return f"{self.actor.name} {self.stance.value}: {self.outcome.label}{via}"

    def _place(self) -> str:
        return " · ".join(part for part in (self.title or self.document, self.source, self.date, self.url) if part)

    def _repr_html_(self) -> str:
        """Show the paragraphs in a notebook, the evidence marked, the cue underlined and the source in bold."""
        from markupsafe import Markup

        shown = Markup("<p><strong>{}</strong></p>").format(self._heading())
        for paragraph in self.paragraphs:
            inner = Markup("")
            for text, roles in paragraph.pieces():
                piece = Markup("{}").format(text)
                for role in roles:
                    piece = Markup(f"<{_TAGS[role]}>{{}}</{_TAGS[role]}>").format(piece)  # noqa: S704 - tags of ours
                inner += piece
            shown += Markup("<blockquote>{}</blockquote>").format(inner)
        return str(shown + Markup("<p><small>{}</small></p>").format(self._place()))

    def __rich__(self) -> Text:
        """Show the same in a terminal."""
        from rich.text import Text

        shown = Text().append(plain(self._heading()), style="bold")
        for paragraph in self.paragraphs:
            shown.append("\n\n")
            for text, roles in paragraph.pieces():
                kept = "".join(c if c.isspace() else plain(c) for c in text)
                shown.append(kept, style=" ".join(_STYLES[role] for role in roles))
        return shown.append(f"\n\n{plain(self._place())}", style="dim")


def evidence_of(placed: PlacedPosition) -> Evidence:
    """Return what proves a position."""
    position, document = placed.position, placed.position.document
    return Evidence(
        position=placed.id,
        actor=placed.actor,
        stance=position.stance,
        outcome=placed.outcome,
        via=placed.via,
        date=position.date,
        document=document.id,
        title=document.title,
        source=document.source,
        url=document.url,
        paragraphs=tuple(
            Paragraph(
                start=passage.start,
                end=passage.end,
                text=document.text[passage.start : passage.end],
                marked=tuple(Marked(start=m.start, end=m.end, role=m.role) for m in passage.marks),
            )
            for passage in passages_of(position)
        ),
    )
