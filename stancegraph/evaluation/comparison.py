"""The same figures for another tool, on the same documents and trees: textacy's rules for direct quotations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from types import ModuleType
from typing import Any

from spacy.tokens import Doc, Span, Token

MISSING = "textacy is not installed: pip install 'stancegraph[compare]'"
ROLES = ("source", "cue", "content")
_QUOTES = frozenset('"“”„«»')

CharSpans = Sequence[Sequence[int]]
Extract = Callable[[Doc], Iterable[Any]]


def beside_textacy(
    score: ModuleType, docs: Sequence[Doc], predicted: Sequence[dict[str, Any]], gold: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    """Return F1 of ours and textacy's attributions: on direct quotations, and on all attributions.

    textacy refuses a whole document if the number of its quotation marks is odd, so it is run in two ways: on whole
    documents, those that it refuses counting as empty, and on each paragraph by itself.

    Args:
        score: The scorer.
        docs: Documents that our pipeline has annotated.
        predicted: Our predictions on them.
        gold: Rows with attributions.
    """
    systems: dict[str, Sequence[dict[str, Any]]] = {"stancegraph": predicted}
    figures: dict[str, Any] = {}
    try:
        from textacy.extract.triples import direct_quotations
    except ImportError:
        figures["textacy"] = MISSING
    else:
        whole = [quotations(direct_quotations, doc[:]) for doc in docs]
        apart = [[q for part in paragraphs(doc) for q in quotations(direct_quotations, part) or ()] for doc in docs]
        systems["textacy"] = _rows(gold, [found or [] for found in whole])
        systems["textacy by paragraphs"] = _rows(gold, apart)
        figures["documents that textacy refuses"] = sum(found is None for found in whole)
    texts = {row["id"]: row["text"] for row in gold}
    return {
        "direct quotations": _figures(
            score,
            {name: _only_direct(rows, texts, "positions", "evidence") for name, rows in systems.items()},
            _only_direct(gold, texts, "attributions", "content"),
        ),
        "all attributions": _figures(score, systems, gold),
        **figures,
    }


def is_direct(text: str, content: CharSpans) -> bool:
    """Tell whether a content is a direct quotation: its first word follows a double quotation mark, its last precedes one.

    Punctuation may stand between the word and the mark, but no space; the mark may be part of the content or not. What lies
    between the first and the last word does not matter, so quotations that the cue interrupts are direct ones.
    """
    if not content:
        return False
    first, last = min(b for b, _ in content), max(e for _, e in content)
    while first < last and not text[first].isalnum():
        first += 1
    while last > first and not text[last - 1].isalnum():
        last -= 1
    return _mark(text, range(first - 1, -1, -1)) and _mark(text, range(last, len(text)))


def _mark(text: str, places: range) -> bool:
    for at in places:
        if text[at] in _QUOTES:
            return True
        if text[at].isalnum() or text[at].isspace():
            return False
    return False


def paragraphs(doc: Doc) -> Iterator[Span]:
    """Yield the stretches of a document between line breaks."""
    start = 0
    for token in doc:
        if token.is_space and "\n" in token.text:
            if token.i > start:
                yield doc[start : token.i]
            start = token.i + 1
    if start < len(doc):
        yield doc[start:]


def quotations(extract: Extract, part: Span) -> list[dict[str, Any]] | None:
    """Return the quotations that textacy finds in part of a document, as the scorer wants them; None if it refuses."""
    try:
        triples = list(extract(part.as_doc()))
    except ValueError:  # an odd number of quotation marks
        return None
    start = part.start_char
    return [
        {
            "source": _spans(speaker, start),
            "cue": _spans(cue, start),
            "evidence": [[start + content.start_char, start + content.end_char]],
        }
        for speaker, cue, content in triples
    ]


def _spans(tokens: Sequence[Token], before: int) -> list[list[int]]:
    """Return where tokens stand, those next to each other as one span."""
    spans, last = list[list[int]](), -2
    for token in tokens:
        end = before + token.idx + len(token)
        if token.i == last + 1:
            spans[-1][1] = end
        else:
            spans.append([before + token.idx, end])
        last = token.i
    return spans


def _rows(gold: Sequence[dict[str, Any]], found: Sequence[list[dict[str, Any]]]) -> list[dict[str, Any]]:
    return [{"id": row["id"], "positions": positions} for row, positions in zip(gold, found, strict=True)]


def _only_direct(rows: Sequence[dict[str, Any]], texts: dict[str, str], within: str, content: str) -> list[dict[str, Any]]:
    return [row | {within: [a for a in row[within] if is_direct(texts[row["id"]], a[content])]} for row in rows]


def _figures(
    score: ModuleType, systems: dict[str, Sequence[dict[str, Any]]], gold: Sequence[dict[str, Any]]
) -> dict[str, Any]:
    scored = {name: score.attribution(rows, gold) for name, rows in systems.items()}
    figures: dict[str, Any] = {"attributions in gold": sum(len(row["attributions"]) for row in gold)}
    for kind, short in (("exact", "exact"), ("overlap (characters)", "overlap")):
        for role in ROLES:
            figures[f"{role} {short} F1"] = {name: found[kind][role]["f1"] for name, found in scored.items()}
    return figures
