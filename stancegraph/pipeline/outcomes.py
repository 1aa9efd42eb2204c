"""Targets as neutral noun phrases, and with them the finished positions, in `doc._.positions`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from spacy.language import Language
from spacy.tokens import Doc

from stancegraph.models import ActorType, Document, Position, Stance, TargetKind
from stancegraph.pipeline.actors import NOBODY, UNTOLD, Holding, enclosing, length
from stancegraph.pipeline.attribution import AttributionRow
from stancegraph.pipeline.dates import StatedRow, stated_of
from stancegraph.pipeline.mentions import Holder
from stancegraph.pipeline.stance import Judgement
from stancegraph.pipeline.targets import TargetNamer, same_words
from stancegraph.pipeline.words import word_list

MOST_OF_IT = 0.4


class PositionRow(TypedDict):
    """A position as plain data, so that it is saved with the document; spans are character offsets, end exclusive."""

    holder: str
    holder_type: str
    holder_role: str
    holder_affiliation: str
    via: list[str]
    target: str
    target_kind: str
    stance: str
    act: str
    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    evidence: list[tuple[int, int]]
    confidence: float
    reported: bool
    stated: StatedRow | None


# --- positions -------------------------------------------------------------------------------------------------------


def position_rows(doc: Doc) -> Iterator[PositionRow]:
    """Yield the positions of a document whose attributions, holders and judgements are known, in text order."""
    namer = TargetNamer(doc, word_list("outcomes"))
    for row, stated, holding, judgement in _judged(doc):
        attitude = judgement["stance"] != Stance.NONE.value
        target = namer.name(judgement, row["content"]) if attitude else ""
        for holder in holding["holders"]:
            role = doc._.roles.get(holder["name"], UNTOLD)
            yield PositionRow(
                holder=holder["name"], holder_type=holder["type"], via=holding["via"],
                holder_role=role["role"], holder_affiliation=role["affiliation"],
                target=target, target_kind=judgement["kind"] if attitude else TargetKind.NONE.value,
                stance=judgement["stance"], act=judgement["act"],
                source=row["source"], cue=row["cue"], evidence=row["content"],
                confidence=round(row["confidence"] * judgement["certainty"], 4), reported=row["reported"],
                stated=stated,
            )  # fmt: skip


def _judged(doc: Doc) -> Iterator[tuple[AttributionRow, StatedRow | None, Holding, Judgement]]:
    rows: list[AttributionRow] = doc._.attributions
    holdings: list[Holding] = doc._.holdings
    told_by_others = only_passing_on(rows, holdings)
    found = zip(rows, doc._.stated, holdings, doc._.judgements, strict=True)
    for k, (row, stated, holding, judgements) in enumerate(found):
        if k not in told_by_others and not said_already(rows, holdings, k):
            for held, judgement in _held(row, holding, judgements):
                yield row, stated, held, judgement


def _held(row: AttributionRow, holding: Holding, judgements: Sequence[Judgement]) -> Iterator[tuple[Holding, Judgement]]:
    """Yield who holds what in the words of an attribution."""
    for n, (judgement, other) in enumerate(zip(judgements, holding["others"], strict=True)):
        if other == NOBODY:  # what is said is another attribution's position, that it is said is none
            said = judgement.copy()
            said["stance"] = Stance.NONE.value
            if n == 0 and row["reported"]:
                yield holding, said
        elif row["reported"] or judgement["stance"] != Stance.NONE.value:  # a deed that takes no side is nothing
            yield _passed_on(holding, other) if other else holding, judgement


def _passed_on(holding: Holding, other: Holder) -> Holding:
    via = [*(v for v in holding["via"] if v != other["name"]), holding["holders"][0]["name"]]
    return Holding(holders=[other], via=via, others=[])


def only_passing_on(rows: Sequence[AttributionRow], holdings: Sequence[Holding]) -> set[int]:
    """Return those attributions in which a body, no person, only passes on what somebody else says.

    A news outlet does so wherever somebody else is quoted in its words; any other body where that is most of them.
    """
    passing = set()
    for k in range(len(rows)):
        for j in enclosing(rows, k):
            kind, named = holdings[j]["holders"][0]["type"], holdings[k]["holders"][0]["name"]
            most = length(rows[k]["content"]) >= MOST_OF_IT * length(rows[j]["content"])
            if named and (kind == ActorType.MEDIA.value or (kind == ActorType.ORGANIZATION.value and most)):
                passing.add(j)
    return passing


def said_already(rows: Sequence[AttributionRow], holdings: Sequence[Holding], k: int) -> bool:
    """Tell whether an attribution stands within another one of the same holder, whose position is the same."""
    return any(holdings[j]["holders"] == holdings[k]["holders"] for j in enclosing(rows, k))


class Outcomes:
    """Sets `doc._.position_rows`, from which `doc._.positions` is read."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Finish the positions of a document."""
        rows = list(position_rows(doc))
        wording = same_words([row["target"] for row in rows])
        for row in rows:
            row["target"] = wording[row["target"]]
        doc._.position_rows = rows
        return doc


def document_of(doc: Doc) -> Document:
    """Return the document that a spaCy document was made of; a bare text gets an id from its own characters."""
    known: dict[str, Any] = doc._.document or {}
    digest = hashlib.sha256(doc.text.encode("utf8", "surrogatepass")).hexdigest()[:12]
    return Document(text=doc.text, **{"id": f"text-{digest}", **known})


def positions_of(doc: Doc) -> tuple[Position, ...]:
    """Return the positions found in a document, in text order."""
    document = document_of(doc)
    return tuple(_position(document, row) for row in doc._.position_rows)


def _position(document: Document, row: PositionRow) -> Position:
    def spans(pairs: Sequence[tuple[int, int]]) -> list[dict[str, int]]:
        return [{"start": start, "end": end} for start, end in pairs]

    fields = {
        **row,
        **{part: spans(row[part]) for part in ("source", "cue", "evidence")},
        "stated": stated_of(row["stated"]),
    }
    return Position.model_validate({"document": document, **fields})


if not Doc.has_extension("position_rows"):
    Doc.set_extension("position_rows", default=[])
if not Doc.has_extension("positions"):
    Doc.set_extension("positions", getter=positions_of)


@Language.factory(
    "stancegraph_outcomes",
    assigns=["doc._.positions"],
    requires=["doc._.attributions", "doc._.stated", "doc._.holdings", "doc._.judgements", "token.dep"],
)
def make_outcomes(nlp: Language, name: str) -> Outcomes:
    """Create the component for outcomes.

    Args:
        nlp: The pipeline.
        name: The component's name.
    """
    return Outcomes(name)
