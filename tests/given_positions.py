"""Documents and positions for tests: written by hand, and of any shape for hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

from stancegraph.models import Act, ActorType, Document, Position, Span, Stance, TargetKind

Row = tuple[str, str, str] | tuple[str, str, str, str] | tuple[str, str, str, str, str]


def read(id_: str, *rows: Row, text: str = "", date: str | None = None) -> tuple[Document, list[Position]]:
    """Return a document that states each row on a line: holder, stance, target, holder type, target kind."""
    lines = [f"{row[0]} {row[1]} {row[2]}." for row in rows]
    document = Document(id=id_, text="\n".join([*lines, text]), title=f"Report {id_}", date=date, source="Wire")
    positions, start = [], 0
    for line, row in zip(lines, rows, strict=True):
        holder, stance, target = row[:3]
        positions.append(
            Position(
                document=document,
                holder=holder,
                holder_type=ActorType(row[3] if len(row) > 3 else "person"),
                target=target,
                target_kind=TargetKind(row[4] if len(row) > 4 else "outcome"),
                stance=Stance(stance),
                act=Act.ASSERTS,
                source=(Span(start=start, end=start + len(holder)),) if holder else (),
                cue=(),
                evidence=(Span(start=start + len(holder) + 1, end=start + len(line)),),
                confidence=0.75,
            )
        )
        start += len(line) + 1
    return document, positions


NAMES = (
    *("Volodymyr Zelensky", "Zelenskyy", "President Zelensky", "Bush", "George W. Bush", "Jeb Bush", "Kyiv"),
    *(
        "Ukraine",
        "the Ukrainian government",
        "NATO",
        "the Alliance",
        "many officials",
        "Jordan",
        "",
        "=1+1",
        "Xi",
    ),
)
TARGETS = (
    *(
        "Ukraine's accession to NATO",
        "Ukraine joining NATO",
        "the ban on coal",
        "coal",
        "the plan",
        "Jordan",
        "@x",
    ),
    *(
        "sanctions on Russia",
        "Russia's sanctions",
        "tax cuts",
        "cutting taxes",
        "NATO",
        "Bush",
        "-",
        "the",
        "Ünïted",
    ),
)

_words = st.text(min_size=1, max_size=30).filter(lambda text: bool(text.strip()))
_names = st.sampled_from(NAMES) | _words
_targets = st.sampled_from(TARGETS) | _words


@st.composite
def positions_in(draw: st.DrawFn, document: Document) -> Position:
    """Return any position that a document can hold."""

    def spans(least: int) -> tuple[Span, ...]:
        starts = draw(st.lists(st.integers(0, len(document.text) - 1), min_size=least, max_size=2, unique=True))
        found = (Span(start=s, end=draw(st.integers(s + 1, len(document.text)))) for s in sorted(starts))
        return tuple(span for span in found if span.of(document.text).strip())

    return Position(
        document=document,
        holder=draw(_names),
        holder_type=draw(st.sampled_from(ActorType)),
        via=tuple(draw(st.lists(_names, max_size=2))),
        target=draw(_targets),
        target_kind=draw(st.sampled_from([k for k in TargetKind if k is not TargetKind.NONE])),
        stance=draw(st.sampled_from(Stance)),
        act=draw(st.sampled_from(Act)),
        source=spans(0),
        cue=spans(0),
        evidence=spans(1) or (Span(start=0, end=len(document.text)),),
        confidence=draw(st.floats(0, 1)),
        confirmed=draw(st.booleans()),
        changed=tuple(sorted(draw(st.sets(st.sampled_from(("holder", "stance", "target")), max_size=2)))),
    )


@st.composite
def readings(draw: st.DrawFn, most: int = 4) -> list[tuple[Document, list[Position]]]:
    """Return any few documents with any few positions each, under different ids."""
    ids = draw(st.lists(_words, max_size=most, unique=True))
    found = []
    for id_ in ids:
        text = draw(st.text(min_size=1, max_size=80).filter(lambda text: bool(text.strip())))
        title = draw(st.none() | st.text(max_size=20))
        date = draw(st.none() | st.dates().map(lambda day: day.isoformat()))
        document = Document(id=id_, text=text, title=title, date=date)
        found.append((document, draw(st.lists(positions_in(document), max_size=5))))
    return found
