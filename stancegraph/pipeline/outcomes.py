"""Targets as neutral noun phrases, and with them the finished positions, in `doc._.positions`."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, TypedDict

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from stancegraph.models import ActorType, Document, Position, Stance, TargetKind
from stancegraph.pipeline.actors import Holding, clean, enclosing, length, phrase_of
from stancegraph.pipeline.attribution import AttributionRow
from stancegraph.pipeline.stance import Judgement
from stancegraph.pipeline.words import WordList, word_list

MOST_OF_IT = 0.4


class PositionRow(TypedDict):
    """A position as plain data, so that it is saved with the document; spans are character offsets, end exclusive."""

    holder: str
    holder_type: str
    via: list[str]
    target: str
    target_kind: str
    stance: str
    act: str
    source: list[tuple[int, int]]
    cue: list[tuple[int, int]]
    evidence: list[tuple[int, int]]
    confidence: float


# --- targets ---------------------------------------------------------------------------------------------------------


class TargetNamer:
    """Turns the words that a judgement points at into the name of an outcome."""

    def __init__(self, doc: Doc, words: WordList) -> None:
        self._doc, self._words = doc, words
        self._who_at = {i: name for b, e, name in doc._.mentions for i in range(b, e)}

    def name(self, judgement: Judgement, content: Sequence[tuple[int, int]]) -> str:
        """Return the target's name; where no words were pointed at, the first noun phrase of the content."""
        span = self._doc.char_span(*judgement["target"], alignment_mode="expand") if judgement["target"] else None
        phrase = self._phrase(span, judgement["kind"]) if span is not None else ""
        return phrase or self._first_noun_phrase(content)

    def _phrase(self, span: Span, kind: str) -> str:
        tokens = [t for t in span if not t.is_space]
        while tokens and (tokens[0].is_punct or tokens[0].lower_ in self._words["before_targets"]):
            tokens = tokens[1:]
        while tokens and (tokens[-1].is_punct or tokens[-1].lower_ in self._words["after_targets"]):
            tokens = tokens[:-1]
        if not tokens:
            return ""
        names = {self._who_at.get(t.i) for t in tokens if not t.is_punct}
        if len(names) == 1 and (name := next(iter(names))):
            return str(name)
        return clean(self._spelled_out(tokens))

    def _spelled_out(self, tokens: Sequence[Token]) -> str:
        """Return the words with possessive pronouns replaced by the names they stand for."""
        out = ""
        for i, token in enumerate(tokens):
            name = self._who_at.get(token.i)
            spelled = f"{name}'s" if name and token.tag_ == "PRP$" else name if name and token.tag_ == "PRP" else token.text
            out += spelled + (token.whitespace_ if i + 1 < len(tokens) else "")
        return out

    def _first_noun_phrase(self, content: Sequence[tuple[int, int]]) -> str:
        for start, end in content:
            span = self._doc.char_span(start, end, alignment_mode="expand")
            for token in span or ():
                if token.pos_ in ("NOUN", "PROPN"):
                    inside = [t for t in phrase_of(token) if start <= t.idx < end]
                    if inside:
                        return self._phrase(self._doc[inside[0].i : inside[-1].i + 1], TargetKind.OUTCOME.value)
        return ""


def same_words(targets: Sequence[str]) -> dict[str, str]:
    """Return one wording for all those targets of a document that differ only in function words, case or number."""
    groups: dict[frozenset[str], Counter[str]] = {}
    for target in targets:
        groups.setdefault(_word_key(target), Counter())[target] += 1
    chosen = {key: min(forms, key=lambda f: (-forms[f], len(f), f)) for key, forms in groups.items()}
    return {target: chosen[_word_key(target)] for target in targets}


def _word_key(phrase: str) -> frozenset[str]:
    words = re.findall(r"[^\W_]+", phrase.casefold())
    function = word_list("outcomes")["function_words"]
    return frozenset(re.sub(r"(?<=\w{3})s$", "", w) for w in words if w not in function) or frozenset(words)


# --- positions -------------------------------------------------------------------------------------------------------


def position_rows(doc: Doc) -> Iterator[PositionRow]:
    """Yield the positions of a document whose attributions, holders and judgements are known, in text order."""
    rows: list[AttributionRow] = doc._.attributions
    holdings: list[Holding] = doc._.holdings
    namer = TargetNamer(doc, word_list("outcomes"))
    told_by_others = only_passing_on(rows, holdings)
    for k, (row, holding, judgements) in enumerate(zip(rows, holdings, doc._.judgements, strict=True)):
        if k in told_by_others or said_already(rows, holdings, k):
            continue
        for judgement in judgements:
            attitude = judgement["stance"] != Stance.NONE.value
            target = namer.name(judgement, row["content"]) if attitude else ""
            for holder in holding["holders"]:
                yield PositionRow(
                    holder=holder["name"], holder_type=holder["type"], via=holding["via"],
                    target=target, target_kind=judgement["kind"] if attitude else TargetKind.NONE.value,
                    stance=judgement["stance"], act=judgement["act"],
                    source=row["source"], cue=row["cue"], evidence=row["content"],
                    confidence=round(row["confidence"] * judgement["certainty"], 4),
                )  # fmt: skip


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

    fields = {**row, "source": spans(row["source"]), "cue": spans(row["cue"]), "evidence": spans(row["evidence"])}
    return Position.model_validate({"document": document, **fields})


if not Doc.has_extension("position_rows"):
    Doc.set_extension("position_rows", default=[])
if not Doc.has_extension("positions"):
    Doc.set_extension("positions", getter=positions_of)


@Language.factory(
    "stancegraph_outcomes",
    assigns=["doc._.positions"],
    requires=["doc._.attributions", "doc._.holdings", "doc._.judgements", "token.dep"],
)
def make_outcomes(nlp: Language, name: str) -> Outcomes:
    """Create the component for outcomes.

    Args:
        nlp: The pipeline.
        name: The component's name.
    """
    return Outcomes(name)
