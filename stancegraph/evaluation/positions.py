"""Positions: what the scorer says of them, how honest their confidence is, and whose holders are found from what words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import threadpool_limits

from stancegraph.corpora import head_guess
from stancegraph.evaluation.calibration import calibration
from stancegraph.exports import extraction
from stancegraph.knowledge import is_role
from stancegraph.models import Document, Position
from stancegraph.pipeline import unread
from stancegraph.pipeline.outcomes import document_of

Records = Sequence[dict[str, Any]]

SOURCES = ("pronouns", "titles and roles", "names and other words")
# fmt: off
_PRONOUNS = frozenset((
    "he", "she", "they", "it", "i", "we", "you", "one", "him", "her", "them", "us", "me", "his", "hers", "their", "theirs",
    "its", "our", "my", "himself", "herself", "themselves", "itself", "who", "whom", "whose", "that", "which", "this",
    "these", "those", "each", "both",
))
_FUNCTION_WORDS = frozenset((
    "a", "an", "the", "of", "in", "on", "for", "to", "and", "or", "at", "by", "with", "from", "s", "as", "many", "other",
))
# fmt: on


def read(nlp: Language, rows: Iterable[dict[str, Any]], workers: int = 1) -> Iterator[Doc]:
    """Read the texts of gold rows as documents with all that is known of them, in order.

    Args:
        nlp: The pipeline.
        rows: Rows with `id` and `text`, and `title`, `date` and `publisher` where they are known.
        workers: Number of processes.
    """
    with threadpool_limits(limits=1):
        yield from nlp.pipe((_unread(nlp, row) for row in rows), batch_size=32, n_process=workers)


def _unread(nlp: Language, row: dict[str, Any]) -> Doc:
    known = {"title": row.get("title") or None, "date": row.get("date"), "source": row.get("publisher")}
    return unread(nlp, Document(id=row["id"], text=row["text"], **known))


def predictions(docs: Iterable[Doc], *, only_reported: bool = False) -> list[dict[str, Any]]:
    """Return the positions of documents as the scorer wants them, each with the certainty of its stance.

    Args:
        docs: Documents that a pipeline has read.
        only_reported: Whether to leave out positions that a deed or a noun shows, which some corpora do not label.
    """
    rows = []
    for doc in docs:
        positions = [p for p in doc._.positions if p.reported or not only_reported]
        row = extraction(document_of(doc), positions)
        for record, position in zip(row["positions"], positions, strict=True):
            record["certainty"] = certainty(doc, position)
        rows.append(row)
    return rows


def certainty(doc: Doc, position: Position) -> float | None:
    """Return the calibrated probability of a position's stance, or None if no judgement stands behind it.

    A position's own confidence is lower: it says how sure it is that there is an attribution at all, as well.
    """
    parts = [[[s.start, s.end] for s in spans] for spans in (position.cue, position.evidence)]
    for attribution, judgements in zip(doc._.attributions, doc._.judgements, strict=True):
        if [[list(span) for span in attribution[part]] for part in ("cue", "content")] == parts:
            for judgement in judgements:
                if judgement["stance"] == position.stance.value:
                    return float(judgement["certainty"])
    return None


def score_positions(score: ModuleType, predicted: Records, gold: Records) -> dict[str, Any]:
    """Return the scorer's figures, the calibration of the stance, and, where gold has sources, holders by source.

    Args:
        score: The scorer.
        predicted: What `predictions` returns.
        gold: Rows with positions.
    """
    gold = [with_spans(row) for row in gold]
    figures = dict(score.positions(predicted, gold))
    certainties = [
        (p["certainty"], p["stance"] == g["stance"])
        for p, g in _pairs(score, predicted, gold, without_stance=True)
        if p.get("certainty") is not None
    ]
    figures["certainty of the stance on overlapping attributions"] = calibration(certainties)
    if any("source" in p for row in gold for p in row["positions"]):
        figures["holder of those found, by kind of source"] = score_sources(score, predicted, gold)
    return figures


def score_sources(score: ModuleType, predicted: Records, gold: Records, *, without_stance: bool = False) -> dict[str, Any]:
    """Return the share of right holders and the number of pairs for each kind of source; sources without words are left out.

    Args:
        score: The scorer.
        predicted: What `predictions` returns.
        gold: Rows with positions that have sources.
        without_stance: Whether attributions without a stance count.
    """
    right: dict[str, list[bool]] = {kind: [] for kind in SOURCES}
    texts = {id(p): row["text"] for row in gold for p in row["positions"]}
    for p, g in _pairs(score, predicted, gold, without_stance=without_stance):
        words = " ".join(texts[id(g)][b:e] for b, e in g.get("source") or ())
        if words.strip():
            right[kind_of_source(words, g["holder"] or "")].append(bool(score.same_holder(p["holder"], g["holder"])))
    return {
        kind: {"accuracy": round(sum(hits) / len(hits), 4) if hits else None, "n": len(hits)} for kind, hits in right.items()
    }


def kind_of_source(words: str, holder: str) -> str:
    """Tell by what words a source names its holder.

    Args:
        words: The words of the source.
        holder: The holder's name.

    Returns:
        One of `SOURCES`: pronouns; titles and roles, which share no word with the holder's name and have a common noun
        or a role as their head ("the minister", "the Vermont senator"); and everything else.
    """
    parts = re.findall(r"[^\W_]+(?:['’.-][^\W_]+)*|[^\w\s]", words)
    named = _content_words(words) & _content_words(holder)
    if all(part.casefold() in _PRONOUNS for part in parts if part[0].isalnum()):
        return SOURCES[0]
    if named or not parts:
        return SOURCES[2]
    head = parts[head_guess(parts, (0, len(parts)))]
    return SOURCES[1] if head.islower() or is_role(words) else SOURCES[2]


def _content_words(phrase: str) -> set[str]:
    return {w for w in re.findall(r"[^\W_]+", phrase.casefold()) if w not in _FUNCTION_WORDS}


def _pairs(
    score: ModuleType, predicted: Records, gold: Records, *, without_stance: bool
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Yield predicted positions and the gold positions they stand for, as the scorer pairs them."""
    found = {row["id"]: row["positions"] for row in predicted}
    for row in gold:
        sides = (found.get(row["id"], []), row["positions"])
        yield from score.pairs(*([p for p in side if without_stance or not score.none(p)] for side in sides))


def with_spans(row: dict[str, Any]) -> dict[str, Any]:
    """The seed's gold gives one span and its words for each role; the scorer wants lists of spans."""
    for p in row["positions"]:
        for role in ("cue", "evidence"):
            if f"{role}_span" in p:
                span = p.pop(f"{role}_span")
                p[role] = [span] if span else []
    return row
