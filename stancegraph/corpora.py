"""Annotated corpora, for training and evaluation: each read as annotated texts of one shape.

An annotation layer that a corpus does not have is simply absent, and the losses of that layer skip the text. Offsets are
characters, end exclusive; token indices count the tokens of one text.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from spacy.tokenizer import Tokenizer

from stancegraph.pipeline.encoder import visible_tokens
from stancegraph.pipeline.lemmas import edit_rule
from stancegraph.pipeline.tokens import blank

UNKNOWN = -100
NAME_LABELS = {
    "PERSON": "PERSON", "PER": "PERSON", "Person": "PERSON", "person": "PERSON",
    "ORGANIZATION": "ORG", "ORG": "ORG", "Organisation": "ORG", "MilitaryPlatform": None, "organization": "ORG",
    "LOCATION": "LOC", "LOC": "LOC", "Location": "LOC", "place": "LOC", "GPE": "LOC",
    "MISC": "MISC", "event": "MISC",
}  # fmt: skip


@dataclass
class Attribution:
    """One cue with what it attributes; token spans, end exclusive. `sources` is None where the corpus does not say."""

    cue: tuple[int, int]
    contents: list[tuple[int, int]]
    sources: list[tuple[int, int]] | None


@dataclass
class AnnotatedText:
    """A text, its tokens and whatever layers of annotation its corpus has (lists parallel to `words`)."""

    id: str
    text: str
    offsets: list[tuple[int, int]]
    tags: list[str] | None = None
    pos: list[str] | None = None
    morphs: list[str] | None = None
    lemma_rules: list[str] | None = None
    heads: list[int] | None = None
    deps: list[str] | None = None
    sentence_starts: list[bool] | None = None
    names: list[str | None] | None = None
    uner: bool = False  # whether the names follow the guidelines of Universal NER, as those that the pipeline writes
    attributions: list[Attribution] | None = None
    full_scheme: bool = False
    chains: list[list[int]] = field(default_factory=list)
    singletons: list[int] = field(default_factory=list)

    @property
    def words(self) -> list[str]:
        """The tokens as text."""
        return [self.text[b:e] for b, e in self.offsets]


@cache
def _tokenizer() -> Tokenizer:
    tokenizer = blank().tokenizer
    assert isinstance(tokenizer, Tokenizer)
    return tokenizer


def tokenized(id: str, text: str) -> AnnotatedText:  # noqa: A002 - the field's own name
    """Return `text` cut into the tokens that the pipeline will see."""
    tokens = visible_tokens(_tokenizer()(text))
    return AnnotatedText(id, text, [(t.idx, t.idx + len(t)) for t in tokens])


def json_lines(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a JSON Lines file, gzipped or not."""
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


class TokenIndex:
    """From character spans to token spans of one text."""

    def __init__(self, text: AnnotatedText) -> None:
        self._token_at: dict[int, int] = {}
        for i, (b, e) in enumerate(text.offsets):
            for at in range(b, e):
                self._token_at[at] = i

    def tokens(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the span of tokens that touch the characters, or None if there are none."""
        hit = [self._token_at[at] for at in range(start, end) if at in self._token_at]
        return (hit[0], hit[-1] + 1) if hit else None

    def all(self, spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return the token spans of those character spans that hold tokens."""
        return [s for s in (self.tokens(b, e) for b, e in spans) if s]


# --- Universal Dependencies ------------------------------------------------------------------------------------------


@dataclass
class _Row:
    form: str
    lemma: str
    upos: str
    xpos: str
    feats: str
    head: int
    dep: str
    misc: dict[str, str]
    space_after: bool


def _conllu_documents(path: Path) -> Iterator[tuple[str, list[list[_Row]], set[int]]]:
    """Yield (document id, sentences, indices of sentences that start a paragraph)."""
    name, sentences, paragraphs = "", list[list[_Row]](), set[int]()
    rows: list[_Row] = []
    glued: dict[int, bool] = {}
    for line in [*path.read_text(encoding="utf8").splitlines(), ""]:
        if line.startswith("# newdoc"):
            if sentences:
                yield name, sentences, paragraphs
            name, sentences, paragraphs = line.split("=", 1)[-1].strip(), [], {0}
        elif line.startswith("# newpar"):
            paragraphs.add(len(sentences))
        elif not line:
            if rows:
                sentences.append(rows)
            rows, glued = [], {}
        elif not line.startswith("#"):
            _conllu_row(line.split("\t"), rows, glued)
    if sentences:
        yield name, sentences, paragraphs


def _conllu_row(cells: list[str], rows: list[_Row], glued: dict[int, bool]) -> None:
    misc = dict(kv.split("=", 1) for kv in cells[9].split("|") if "=" in kv)
    space_after = misc.get("SpaceAfter") != "No"
    if "-" in cells[0]:  # a word written as one and counted as several: only its last part may be followed by a space
        first, last = map(int, cells[0].split("-"))
        glued.update(dict.fromkeys(range(first, last), False) | {last: space_after})
    elif "." not in cells[0]:
        at = int(cells[0])
        dep = cells[7]
        rows.append(
            _Row(
                cells[1],
                cells[2],
                cells[3],
                cells[4],
                cells[5],
                int(cells[6]) - 1,
                dep,
                misc,
                glued.get(at, space_after),
            )
        )


def _entity_spans(
    rows: list[_Row], base: int, open_: list[tuple[str, str, str, int]]
) -> list[tuple[str, str, int, int, str]]:
    """Read GUM's bracketed entities of a sentence: (chain, type, start, end, identity)."""
    spans = []
    for i, row in enumerate(rows):
        for opening, body, closing in re.findall(r"(\()?([^()]+)(\))?", row.misc.get("Entity", "")):
            if opening:
                parts = body.split("-")
                identity = "-".join(parts[7:]) if len(parts) > 7 else ""
                open_.append((parts[0], parts[1] if len(parts) > 1 else "", identity, base + i))
            if closing:
                chain = body.split("-")[0]
                for k in range(len(open_) - 1, -1, -1):
                    if open_[k][0] == chain:
                        _, etype, identity, start = open_.pop(k)
                        spans.append((chain, etype, start, base + i + 1, identity))
                        break
    return spans


def universal_dependencies(path: Path, *, entities: bool = False, names: Path | None = None) -> Iterator[AnnotatedText]:
    """Yield the documents of a CoNLL-U file.

    Args:
        path: The file.
        entities: Whether to read GUM's names and coreference chains as well.
        names: Table of the documents' names (see `names_table`), instead of GUM's own.
    """
    named = names_table(names) if names else {}
    for name, sentences, paragraphs in _conllu_documents(path):
        text, offsets, rows, starts, heads = (
            "",
            list[tuple[int, int]](),
            list[_Row](),
            list[bool](),
            list[int](),
        )
        spans, open_ = [], list[tuple[str, str, str, int]]()
        for n, sentence in enumerate(sentences):
            if text:
                text = text.rstrip() + ("\n\n" if n in paragraphs else " ")
            base = len(rows)
            if entities:
                spans += _entity_spans(sentence, base, open_)
            for i, row in enumerate(sentence):
                offsets.append((len(text), len(text) + len(row.form)))
                text += row.form + (" " if row.space_after else "")
                starts.append(i == 0)
                heads.append(base + (row.head if row.head >= 0 else i))
            rows += sentence
        doc = AnnotatedText(
            name, text, offsets,
            tags=[r.xpos for r in rows], pos=[r.upos for r in rows], morphs=[r.feats for r in rows],
            lemma_rules=[edit_rule(r.form, r.lemma) for r in rows],
            heads=heads, deps=[r.dep for r in rows], sentence_starts=starts,
        )  # fmt: skip
        if entities:
            _add_entities(doc, spans, rows)
        if named:
            _add_names(doc, named.get(name, []))
        yield doc


def _add_entities(doc: AnnotatedText, spans: list[tuple[str, str, int, int, str]], rows: list[_Row]) -> None:
    assert doc.heads is not None
    names: list[str | None] = ["O"] * len(rows)
    chains: dict[str, list[int]] = {}
    for chain, etype, start, end, _ in sorted(spans, key=lambda s: s[2] - s[3]):
        head = next((i for i in range(start, end) if not start <= doc.heads[i] < end or doc.heads[i] == i), end - 1)
        chains.setdefault(chain, []).append(head)
        label = NAME_LABELS.get(etype)
        if label and rows[head].upos == "PROPN":
            b, e = _name_core(rows, start, end, head)
            names[b:e] = [f"B-{label}"] + [f"I-{label}"] * (e - b - 1)
    doc.names = names
    doc.chains = [sorted(set(c)) for c in chains.values() if len(set(c)) > 1]
    doc.singletons = sorted({c[0] for c in chains.values() if len(set(c)) == 1})


def _name_core(rows: list[_Row], start: int, end: int, head: int) -> tuple[int, int]:
    """Cut a mention down to its name: the run of capitalised words (and joiners between them) around its head."""
    joiners = {"of", "the", "for", "and", "de", "-", "'s", "&", "van", "von", "al", "."}

    def named(i: int) -> bool:
        return rows[i].upos == "PROPN" or (rows[i].form[:1].isupper() and rows[i].upos in {"ADJ", "NOUN", "NUM"})

    b = e = head
    while b - 1 >= start and (named(b - 1) or (rows[b - 1].form in joiners and b - 2 >= start and named(b - 2))):
        b -= 1
    while e + 1 < end and (named(e + 1) or (rows[e + 1].form in joiners and e + 2 < end and named(e + 2))):
        e += 1
    while b < head and rows[b].form in joiners:
        b += 1
    while e > head and rows[e].form in joiners - {"."}:
        e -= 1
    return b, e + 1


# --- names -----------------------------------------------------------------------------------------------------------


def names_table(path: Path) -> dict[str, list[tuple[int, int, str]]]:
    """Read a table of names: for each document (first character, character after the last, label)."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for line in path.read_text(encoding="utf8").splitlines():
        document, start, end, label, _ = line.split("\t")
        found.setdefault(document, []).append((int(start), int(end), label))
    return found


def _add_names(doc: AnnotatedText, names: Iterable[tuple[int, int, str]]) -> None:
    doc.names, doc.uner = _bio(len(doc.offsets), _labelled(TokenIndex(doc), names)), True


def _labelled(index: TokenIndex, names: Iterable[tuple[int, int, str]]) -> Iterator[tuple[int, int, str]]:
    """Yield names by characters as names by tokens, with the labels of the pipeline; those it has none for are left out."""
    for start, end, label in names:
        tokens, known = index.tokens(start, end), NAME_LABELS[label]
        if tokens and known:
            yield *tokens, known


def _bio(length: int, spans: Iterable[tuple[int, int, str]]) -> list[str | None]:
    names: list[str | None] = ["O"] * length
    for b, e, label in sorted(spans, key=lambda s: (s[0] - s[1], s)):
        if all(n == "O" for n in names[b:e]):
            names[b:e] = [f"B-{label}"] + [f"I-{label}"] * (e - b - 1)
    return names


def re3d(path: Path) -> Iterator[AnnotatedText]:
    """Yield re3d's texts with the entities that are names (a capital in the last word; longest span wins)."""
    for row in json_lines(path):
        doc = tokenized(row["id"], row["text"])
        index, spans = TokenIndex(doc), []
        for b, e, label, *_ in row["entities"]:
            name, tokens = NAME_LABELS.get(label), index.tokens(b, e)
            words = row["text"][b:e].split()
            if name and tokens and words and words[-1][:1].isupper() and not words[0].islower():
                first = tokens[0] + (words[0] in {"The", "the"} and tokens[1] - tokens[0] > 1)
                spans.append((first, tokens[1], name))
        doc.names = _bio(len(doc.offsets), spans)
        yield doc


# --- attribution and positions ---------------------------------------------------------------------------------------

_NOT_IN_NAMES = {
    "of",
    "in",
    "who",
    "that",
    ",",
    "for",
    "at",
    "from",
    "on",
    "with",
    "to",
    "by",
    "(",
    "which",
    "–",
    "-",
}
_PRONOUNS = {
    "he",
    "she",
    "they",
    "it",
    "him",
    "her",
    "them",
    "his",
    "their",
    "its",
    "i",
    "we",
    "you",
    "who",
    "himself",
    "herself",
}


def head_guess(words: list[str], span: tuple[int, int]) -> int:
    """Guess the head of a noun phrase without a tree: the last word before the first preposition, comma or relative."""
    start, end = span
    for i in range(start + 1, end):
        if words[i].lower() in _NOT_IN_NAMES:
            return i - 1
    return end - 1


def _attributions(doc: AnnotatedText, rows: list[dict[str, Any]], content: str) -> list[Attribution]:
    index, found = TokenIndex(doc), dict[tuple[tuple[int, int], tuple[tuple[int, int], ...]], Attribution]()
    for row in rows:
        cues, contents = index.all(row["cue"]), index.all(row[content])
        if cues and contents:
            known = row.get("source") is not None
            said_by = index.all(row["source"]) if known else holder_near(doc, row["holder"], cues[0])
            found.setdefault((cues[0], tuple(contents)), Attribution(cues[0], contents, said_by))
    return list(found.values())


def holder_near(doc: AnnotatedText, holder: str, cue: tuple[int, int], reach: int = 25) -> list[tuple[int, int]] | None:
    """Find the holder's own name close to the cue, as a silver source; None where it is not named there."""
    parts = [w for w in re.findall(r"\w+", holder) if w[:1].isupper()] or re.findall(r"\w+", holder)
    words = doc.words
    best: tuple[int, tuple[int, int]] | None = None
    for i in range(max(0, cue[0] - reach), min(len(words), cue[1] + reach)):
        if parts and words[i] == parts[-1]:
            start = i
            while start > 0 and words[start - 1] in parts:
                start -= 1
            distance = min(abs(i - cue[0]), abs(i - cue[1]))
            if best is None or distance < best[0]:
                best = (distance, (start, i + 1))
    return [best[1]] if best else None


def polnear(path: Path, silver: Path | None = None, positions: Iterable[dict[str, Any]] = ()) -> Iterator[AnnotatedText]:
    """Yield PolNeAR's articles with attributions, and with silver names and chains and the holders of labelled positions."""
    extra = {row["id"]: row for row in json_lines(silver)} if silver else {}
    holders = {row["id"]: row["positions"] for row in positions}
    for row in json_lines(path):
        doc = tokenized(row["id"], row["text"])
        doc.attributions = _attributions(doc, row["attributions"], "content")
        if row["id"] in extra:
            _add_silver(doc, extra[row["id"]])
        _add_holders(doc, holders.get(row["id"], []))
        yield doc


def labelled_articles(articles: Path, labels: Path) -> Iterator[dict[str, Any]]:
    """Yield PolNeAR's articles with the positions of a table, as the gold files have them.

    Args:
        articles: PolNeAR's file.
        labels: Table without words of the articles: document, number of the attribution in the document (from 1), holder,
            its type, via (joined by "; "), target, its kind, stance, act.
    """
    told: dict[str, list[list[str]]] = {}
    for line in labels.read_text(encoding="utf8").splitlines():
        document, *cells = line.split("\t")
        told.setdefault(document, []).append(cells)
    for row in json_lines(articles):
        if row["id"] in told:
            yield {**row, "positions": [_labelled_position(row["attributions"], *cells) for cells in told[row["id"]]]}


def _labelled_position(attributions: list[dict[str, Any]], number: str, *cells: str) -> dict[str, Any]:
    attribution, (holder, holder_type, via, target, target_kind, stance, act) = attributions[int(number) - 1], cells
    return {
        "source": attribution["source"], "cue": attribution["cue"], "evidence": attribution["content"],
        "holder": holder, "holder_type": holder_type, "via": via.split("; ") if via else [],
        "target": target, "target_kind": target_kind, "stance": stance, "act": act,
    }  # fmt: skip


def _add_silver(doc: AnnotatedText, row: dict[str, Any]) -> None:
    index, words = TokenIndex(doc), doc.words
    doc.names = _bio(len(words), _labelled(index, row["entities"]))
    for chain in row["coreference"]:
        heads = sorted({head_guess(words, t) for b, e in chain if (t := index.tokens(b, e)) and t[1] - t[0] <= 12})
        if len(heads) > 1:
            doc.chains.append(heads)


def _add_holders(doc: AnnotatedText, positions: list[dict[str, Any]]) -> None:
    """A source and every mention of its holder's last name form one chain."""
    index, words = TokenIndex(doc), doc.words
    sources: dict[str, set[int]] = {}
    for p in positions:
        for span in index.all(p.get("source") or []):
            if not p["via"]:
                sources.setdefault(p["holder"], set()).add(head_guess(words, span))
    for holder, heads in sorted(sources.items()):
        last = holder.split()[-1] if holder.split() else ""
        if last[:1].isupper():
            chain = heads | {i for i, w in enumerate(words) if w == last}
            if len(chain) > 1:
                doc.chains.insert(0, sorted(chain))


def with_sources(path: Path, silver: Path | None = None) -> Iterator[dict[str, Any]]:
    """Yield the documents of a gold file, with the words of sources found by reading where the file has none."""
    found = {row["id"]: row["sources"] for row in json_lines(silver)} if silver else {}
    for row in json_lines(path):
        sources = {json.dumps([cue, evidence]): source for cue, evidence, source in found.get(row["id"], [])}
        positions = [{"source": sources.get(json.dumps([p["cue"], p["evidence"]]))} | p for p in row["positions"]]
        yield {**row, "positions": positions}


def positions(path: Path, silver: Path | None = None, names: Path | None = None) -> Iterator[AnnotatedText]:
    """Yield texts labelled with positions from scratch (statements, wires): attributions of the full scheme, nested too.

    Args:
        path: The gold file, which names holders but not the words that stand for them.
        silver: Such words that were found by reading, as `silver.sources` writes them.
        names: Table of the texts' names (see `names_table`).
    """
    named = names_table(names) if names else {}
    for row in with_sources(path, silver):
        doc = tokenized(row["id"], row["text"])
        rows = row["positions"]
        doc.attributions = _attributions(doc, rows, "evidence")
        _add_holders(doc, rows)
        doc.full_scheme = True
        if named:
            _add_names(doc, named.get(doc.id, []))
        yield doc
