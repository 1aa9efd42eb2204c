"""A debate of our own making, large enough to judge a drawing by; its people and towns are invented.

In `data/debate.txt` a line beginning with `#` opens an article (id, date, source, title). Each line that
follows is a sentence with its source, cue and evidence marked by `<s>`, `<c>` and `<e>`; the indented lines
below it are the positions it carries: holder, stance, target, act, and who passes it on.
"""

from __future__ import annotations

import re
from pathlib import Path

from stancegraph.models import Act, ActorType, Document, Position, Span, Stance, TargetKind

FARM = "the Storm Bank wind farm"

_TYPES = {
    "Maravia": ActorType.COUNTRY,
    "Estlund": ActorType.COUNTRY,
    "Fishers' Union of the North Coast": ActorType.ORGANIZATION,
    "Meridian Power": ActorType.ORGANIZATION,
    "GreenShore": ActorType.ORGANIZATION,
    "Coastal Party": ActorType.ORGANIZATION,
    "Consumers' League": ActorType.ORGANIZATION,
    "The Harbour Post": ActorType.MEDIA,
    "residents of Mill Lane": ActorType.GROUP,
    "coal workers": ActorType.GROUP,
    "a senior official": ActorType.UNKNOWN,
}
_KINDS = {
    "Ilse Brandt": TargetKind.ACTOR,
    "the claim that turbines drive away the cod": TargetKind.CLAIM,
}
_TAG = re.compile(r"<(/?)([sce])>")


def documents_and_positions() -> list[tuple[Document, list[Position]]]:
    """Return the articles with the positions they carry, in text order."""
    text = (Path(__file__).parent / "data" / "debate.txt").read_text(encoding="utf-8")
    return [_read(article) for article in re.split(r"^# ", text, flags=re.MULTILINE)[1:]]


def _read(article: str) -> tuple[Document, list[Position]]:
    head, *lines = article.strip().splitlines()
    name, date, source, title = (part.strip() for part in head.split("|"))
    text, spans, rows = "", {}, []
    for line in lines:
        if line.startswith("\t"):
            rows.append((spans, [part.strip() for part in line.split("|")]))
        else:
            text, spans = _append(text, line)
    url = f"https://example.org/{name}"
    document = Document(id=name, text=text, title=title, date=date, source=source, url=url)
    return document, [_position(document, spans, *row) for spans, row in rows]


def _append(text: str, marked: str) -> tuple[str, dict[str, list[Span]]]:
    """Add a sentence to a text, two to a paragraph, and return the spans of its marks by letter."""
    if text:
        text += "\n" if text.rpartition("\n")[2].count(". ") else " "
    spans: dict[str, list[Span]] = {"s": [], "c": [], "e": []}
    last = start = 0
    for tag in _TAG.finditer(marked):
        text += marked[last : tag.start()]
        if tag[1]:
            spans[tag[2]].append(Span(start=start, end=len(text)))
        start, last = len(text), tag.end()
    return text + marked[last:], spans


def _position(
    document: Document,
    spans: dict[str, list[Span]],
    holder: str,
    stance: str,
    target: str,
    act: str,
    *via: str,
) -> Position:
    return Position(
        document=document,
        holder=holder,
        holder_type=_TYPES.get(holder, ActorType.PERSON),
        via=via,
        target=target,
        target_kind=_KINDS.get(target, TargetKind.OUTCOME),
        stance=Stance(stance),
        act=Act(act),
        source=spans["s"],
        cue=spans["c"],
        evidence=spans["e"],
        confidence=0.55 + 0.4 * (len(target) % 7) / 7,
    )
