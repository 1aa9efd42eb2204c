"""Which kinds of error the shipped pipeline makes on the development sets, and how many of each.

    python tests/benchmarks/error_analysis.py --data ../shared [--json FILE] [--before FILE]

Every error is sorted into a kind by rule, so that two states of the pipeline are sorted alike. For each part a Markdown
table of the ten commonest kinds is printed; `--before` names the JSON file of an earlier run to stand beside this one.
Words are quoted only from sets whose texts are open; other examples are invented.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from spacy.tokens import Doc, Token

import stancegraph
from stancegraph import Document
from stancegraph.corpora import NAME_LABELS, AnnotatedText, json_lines, universal_dependencies
from stancegraph.evaluation.sets import scorer
from stancegraph.exports import extraction

Row = dict[str, Any]
CharSpan = tuple[int, int]
Name = tuple[int, int, str]

ATTRIBUTION = "Attribution (polnear-dev)"
FOUND = "Positions found (positions-dev, statements-dev, track)"
HOLDER = "Holder of found positions (positions-dev, statements-dev, track)"
STANCE = "Stance, none included (positions-dev, statements-dev, track)"
TARGET = "Target of found positions (positions-dev, statements-dev, track)"
NAMES = "Names (uner-ewt-dev)"
TREES = "Trees and sentences (gum-dev)"
PARTS = (ATTRIBUTION, FOUND, HOLDER, STANCE, TARGET, NAMES, TREES)

POSITION_SETS = {"positions-dev": False, "statements-dev": True, "track": True}  # name: whether its texts are open
JUDGING = ("stancegraph_stance", "stancegraph_dates", "stancegraph_outcomes")  # not needed for attributions, names and trees
ROWS, LONGEST_EXAMPLE, LONGEST_TARGET, FEW_WORDS, CLAUSE = 10, 70, 45, 4, 7
HALF, THIRD = 1 / 2, 1 / 3

FIRST_PERSON = {"we", "i", "us", "me", "our", "my", "ours", "mine"}
PRONOUNS = {
    *("he", "she", "it", "they", "him", "her", "them", "his", "hers", "its", "their", "theirs"),
    *("who", "whom", "whose", "which", "that", "this", "these", "those", "one", "ones", "you"),
    *("other", "others", "another", "some", "many", "most", "both", "all", "each", "several", "few", "none"),
    *("everyone", "somebody", "someone", "nobody", "people", "himself", "herself", "itself", "themselves"),
}
SENTENCE_END = re.compile(r"[.!?][\"”’')\]]*\s|\n")

INVENTED = {
    "cue missed: say or tell": "The mayor **said** little, but …",
    "cue missed: other verb": "The mayor **fears** a strike",
    "cue missed: noun": "her **call** for a vote",
    "cue missed: according to": "**According to** two aides, …",
    "cue missed: colon or other mark": "MAYOR**:** We will vote.",
    "cue missed: other words": "The mayor is **sure that** …",
    "cue missed: adjective": "The mayor was **adamant** that …",
    "cue put in: say or tell": "Nobody would **say** it",
    "cue put in: other verb": "The mayor **showed** the map of the …",
    "cue put in: noun": "a **plan** for the harbour",
    "cue put in: other words": "**for** the mayor, …",
    "cue too short": "**made** clear, for **made clear**",
    "cue too long": "**said on Monday**, for **said**",
    "cue shifted": "**also told** reporters, for **told** reporters **that**",
    "another cue for the same content": "**went on to** say, for went on to **say**",
    "content starts early, within the sentence": "said **on Monday the vote was lost**",
    "content starts late, within the sentence": "said that, if asked, **he would vote**",
    "content ends early, within the sentence": "**the vote was lost**, when the mayor left, he said",
    "content ends late, within the sentence": "**the vote was lost**, he said, **leaving the room**",
    "content ends early, by a sentence or more": "“**It is lost.** We go on.”",
    "content ends late, by a sentence or more": "“**It is lost.**” **The hall was empty.**",
    "content starts early, by a sentence or more": "**The hall was empty.** “**It is lost,**” he said",
    "content starts late, by a sentence or more": "“It is lost. **We go on,**” he said",
    "both ends of the content differ": "that **on Monday the vote** was lost",
    "content in parts: a part missed": "“**It is lost,**” he said, “we go on.”",
    "content in parts: a part too many": "“**It is lost,**” he said. “**We go on,**” she said.",
    "content in parts: read as one": "“**It is lost,” he said, “we go on.**”",
    "content in one: read in parts": "**the vote**, late as it was, **was lost**",
    "other words taken for the content": "he said it was late, **and the hall was empty**",
    "source missed: name": "… , **Smith** said, and added",
    "source missed: pronoun": "… as **he** had said",
    "source missed: common noun": "… **aides** told the paper",
    "source put in": "**the hall** was said to be empty",
    "source too short, its end left out": "**the mayor**, a retired teacher, said",
    "source too short, its front left out": "the harbour's **mayor Smith** said",
    "source too long, at its end": "**the mayor on Monday** said",
    "source too long, at its front": "**late, the mayor** said",
    "another phrase taken for the source": "**Smith**, whose aide said …",
}  # nothing of PolNeAR's texts may be shipped
NOTES = {
    ATTRIBUTION: " Examples are invented; in bold is what was read, or for something missed what should have been.",
    HOLDER: " Before the colon stands what kind of words name the holder.",
}


@dataclass
class Part:
    """The errors of one part.

    Args:
        compared: Number of things compared, right or wrong.
        counts: Number of errors of each kind.
        examples: The first example of each kind that may be quoted.
    """

    compared: int = 0
    counts: dict[str, int] = field(default_factory=dict)
    examples: dict[str, str] = field(default_factory=dict)

    def add(self, kind: str | None, example: str = "") -> None:
        """Count one thing compared; `kind` is None where it is right."""
        self.compared += 1
        if kind:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            if example:
                self.examples.setdefault(kind, example)


Parts = dict[str, Part]


# --- words and spans -------------------------------------------------------------------------------------------------


def characters(spans: Iterable[Sequence[int]]) -> set[int]:
    """Return the characters under spans."""
    return {at for b, e in spans for at in range(b, e)}


def plain(text: str) -> str:
    """Return a quotation on one line, without what Markdown would take for a mark."""
    return re.sub(r"([*_`<>|\\])", r"\\\1", " ".join(text.split()))


def shortened(text: str, longest: int = LONGEST_EXAMPLE) -> str:
    """Return a quotation short enough for a table."""
    words = plain(text)
    return words if len(words) <= longest else words[:longest].rsplit(" ", 1)[0] + " …"


def in_context(words: Sequence[str], begin: int, end: int) -> str:
    """Return some words set off among those beside them."""
    before, after = words[max(0, begin - FEW_WORDS) : begin], words[end : end + FEW_WORDS]
    return " ".join([*map(plain, before), f"**{plain(' '.join(words[begin:end]))}**", *map(plain, after)])


def under(text: str, spans: Iterable[Sequence[int]]) -> str:
    """Return the words under spans."""
    return " … ".join(text[b:e] for b, e in spans)


def lower_words(text: str) -> list[str]:
    """Return the words of a text in lower case."""
    return re.findall(r"[^\W_]+", text.casefold())


def is_named(phrase: str) -> bool:
    """Tell whether a phrase has a capital letter."""
    return any(c.isupper() for c in phrase)


# --- attribution -----------------------------------------------------------------------------------------------------


def cue_kind(doc: Doc, spans: Sequence[Sequence[int]]) -> str:
    """Return what kind of word a cue is."""
    if not spans:
        return "no cue"
    begin, end = spans[0]
    text = doc.text[begin:end].casefold()
    span = doc.char_span(begin, end, alignment_mode="expand")
    if not any(c.isalnum() for c in text):
        return "colon or other mark"
    if "according" in text:
        return "according to"
    if span is None or not len(span):
        return "other words"
    tags = {t.pos_ for t in span}
    if "VERB" in tags:
        return "say or tell" if {t.lemma_ for t in span} & {"say", "tell"} else "other verb"
    return "noun" if tags & {"NOUN", "PROPN"} else "adjective" if "ADJ" in tags else "other words"


def paired_attributions(gold: Sequence[Row], rows: Sequence[Row]) -> list[tuple[int, int]]:
    """Pair attributions whose cues touch, or else whose contents share half of their union, best agreement first."""
    candidates = []
    for i, g in enumerate(gold):
        for j, p in enumerate(rows):
            cues = len(characters(g["cue"]) & characters(p["cue"]))
            ours, theirs = characters(p["content"]), characters(g["content"])
            shared = len(ours & theirs) / max(1, len(ours | theirs))
            if cues or shared >= HALF:
                candidates.append((min(1, cues), shared, cues, -i, -j))
    left, right, pairs = set[int](), set[int](), list[tuple[int, int]]()
    for _, _, _, i, j in sorted(candidates, reverse=True):
        if i not in left and j not in right:
            left.add(i)
            right.add(j)
            pairs.append((-i, -j))
    return sorted(pairs)


def cue_error(gold: set[CharSpan], found: set[CharSpan]) -> str | None:
    """Return how the cue of a paired attribution differs."""
    g, p = characters(gold), characters(found)
    if gold == found or not gold:
        return None
    if not g & p:
        return "another cue for the same content"
    return "cue too short" if p < g else "cue too long" if g < p else "cue shifted"


def plain_source_kind(source: str) -> str:
    """Return what kind of words a source is, without knowing who is meant."""
    words = lower_words(source)
    if set(words) <= PRONOUNS | FIRST_PERSON:
        return "pronoun"
    first_is_small = words[0] in {"the", "a", "an", *PRONOUNS, *FIRST_PERSON}
    return "name" if is_named(source.split(maxsplit=1)[-1] if first_is_small else source) else "common noun"


def source_error(text: str, gold: set[CharSpan], found: set[CharSpan]) -> str | None:
    """Return how the source of a paired attribution differs."""
    if gold == found:
        return None
    if not gold:
        return "source put in"
    if not found:
        return f"source missed: {plain_source_kind(under(text, sorted(gold)))}"
    g, p = characters(gold), characters(found)
    if not g & p:
        return "another phrase taken for the source"
    if p < g:
        return f"source too short, its {'end' if min(p) == min(g) else 'front'} left out"
    if g < p:
        return f"source too long, at its {'end' if min(p) == min(g) else 'front'}"
    return "source shifted"


def content_error(text: str, gold: set[CharSpan], found: set[CharSpan]) -> str | None:
    """Return how the content of a paired attribution differs."""
    if gold == found:
        return None
    g, p = characters(gold), characters(found)
    if not g & p:
        return "other words taken for the content"
    if any(not characters([s]) & p for s in gold):
        return "content in parts: a part missed"
    if any(not characters([s]) & g for s in found):
        return "content in parts: a part too many"
    if len(gold) != len(found):
        return "content in parts: read as one" if len(gold) > len(found) else "content in one: read in parts"
    (b, e), (ours_b, ours_e) = next((x, y) for x, y in zip(sorted(gold), sorted(found), strict=True) if x != y)
    if b != ours_b and e != ours_e:
        return "both ends of the content differ"
    end, early = ("starts", ours_b < b) if b != ours_b else ("ends", ours_e < e)
    between = text[min(b, ours_b) : max(b, ours_b)] if b != ours_b else text[min(e, ours_e) : max(e, ours_e)]
    far = "by a sentence or more" if SENTENCE_END.search(between) else "within the sentence"
    return f"content {end} {'early' if early else 'late'}, {far}"


def add_attributions(part: Part, score: ModuleType, doc: Doc, gold: Sequence[Row]) -> None:
    """Count the errors in one document's attributions."""
    rows: list[Row] = [row for row in doc._.attributions if row.get("reported", True)]

    def trimmed(spans: Iterable[Sequence[int]]) -> set[CharSpan]:
        return {score.trim(doc.text, *span) for span in spans}

    def add(kind: str | None) -> None:
        part.add(kind, INVENTED.get(kind or "", ""))

    pairs = paired_attributions(gold, rows)
    for i, j in pairs:
        g, p = ({role: trimmed(a[role]) for role in ("cue", "source", "content")} for a in (gold[i], rows[j]))
        add(cue_error(g["cue"], p["cue"]))
        add(source_error(doc.text, g["source"], p["source"]))
        add(content_error(doc.text, g["content"], p["content"]))
    known, read = {i for i, _ in pairs}, {j for _, j in pairs}
    for i, row in enumerate(gold):
        if i not in known:
            add(f"cue missed: {cue_kind(doc, row['cue'])}")
    for j, row in enumerate(rows):
        if j not in read:
            add(f"cue put in: {cue_kind(doc, row['cue'])}")


# --- positions -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A position as found beside the gold position it is paired with."""

    score: ModuleType
    text: str
    found: Row
    gold: Row
    all_gold: Sequence[Row]

    @property
    def source(self) -> str:
        """The words that stand for the holder, as the gold file gives them, or else as they were read."""
        spans = self.gold.get("source")
        return under(self.text, self.found["source"] if spans is None else spans)

    @property
    def beside(self) -> list[Row]:
        """The other gold positions in the same words."""
        evidence = characters(self.gold["evidence"])
        return [g for g in self.all_gold if g is not self.gold and characters(g["evidence"]) & evidence]


def source_kind(pair: Pair) -> str:
    """Return what kind of words stand for a holder."""
    words, key = lower_words(pair.source), pair.score.key
    if not words:
        return "no source"
    if set(words) <= FIRST_PERSON:
        return "“we” or “I”"
    if set(words) <= PRONOUNS:
        return "pronoun"
    if key(pair.source) & key(pair.gold["holder"]):
        return "name" if is_named(pair.gold["holder"]) else "group's own words"
    without_first = pair.source.split(maxsplit=1)[-1] if words[0] in pair.score.STOP else pair.source
    return "another name" if is_named(without_first) and not set(words) & pair.score.TITLES else "title or common noun"


def holder_error(pair: Pair) -> str | None:
    """Return how the holder of a found position differs."""
    found, gold, same = pair.found, pair.gold, pair.score.same_holder
    if same(found["holder"], gold["holder"]):
        return None
    if not found["holder"]:
        wrong = "nobody found"
    elif not gold["holder"]:
        wrong = f"{type_of(found)} given where nobody is known"
    elif any(same(found["holder"], name) for name in gold["via"]):
        wrong = "the one who passes it on"
    elif any(same(found["holder"], other["holder"]) for other in pair.beside):
        wrong = "holder of another position in the same words"
    else:
        wrong = wrong_holder(found, gold)
    return f"{source_kind(pair)}: {wrong}"


def type_of(position: Row) -> str:
    """Return what a holder is, in a word."""
    kind: str = position["holder_type"]
    return {"organization": "body", "media": "body", "unknown": "unnamed source"}.get(kind, kind)


def wrong_holder(found: Row, gold: Row) -> str:
    """Return in what the holders of two positions differ, neither being empty."""
    ours, theirs = type_of(found), type_of(gold)
    if is_named(gold["holder"]) and not is_named(found["holder"]):
        return "phrase left unresolved"
    if ours != theirs:
        return f"{ours} instead of {theirs}"
    return "group named otherwise" if theirs == "group" else f"another {theirs}"


def stance_error(pair: Pair) -> str | None:
    """Return which stance was taken for which."""
    gold, found = (p["stance"] or "none" for p in (pair.gold, pair.found))
    return None if gold == found else f"{gold} read as {found}, when the act is “{pair.gold['act']}”"


def target_error(pair: Pair) -> str | None:
    """Return how the target of a found position differs."""
    ours, theirs = pair.found["target"] or "", pair.gold["target"] or ""
    same = pair.score.same_target
    if same(ours, theirs):
        return None
    if not ours:
        return "no target found"
    actor, wanted = (p["target_kind"] == "actor" for p in (pair.found, pair.gold))
    if actor != wanted:
        return "an actor instead of the outcome" if actor else "an outcome instead of the actor"
    if any(same(ours, other["target"]) for other in pair.beside):
        return "target of another position in the same words"
    if actor:
        return "another actor"
    if any(same(ours, other["target"]) for other in pair.all_gold):
        return "another target of the document"
    return other_words(pair, pair.score.key(ours), pair.score.key(theirs))


def other_words(pair: Pair, ours: set[str], theirs: set[str]) -> str:
    """Return how the words of two targets differ that are neither actors nor targets of other positions."""
    if ours & theirs:
        if ours > theirs:
            return "a longer clause around it"
        if ours < theirs:
            return "too little of it"
        return "too many words, few shared" if len(ours) > len(theirs) else "another half of the phrase"
    said = pair.score.key(under(pair.text, pair.gold["evidence"]))
    if len(theirs & said) / max(1, len(theirs)) < THIRD:
        return "named elsewhere in the text, words of the passage taken"
    if len(ours) == 1:
        return "one word, not shared"
    return "a clause that shares no word" if len(ours) >= CLAUSE else "another phrase of the passage"


def overlapping(score: ModuleType, row: Row, rows: Iterable[Row]) -> list[Row]:
    """Return those rows whose evidence shares half of the shorter with a row's."""
    mine, found = characters(row["evidence"]), []
    for other in rows:
        theirs = characters(other["evidence"])
        if len(mine & theirs) >= HALF * min(len(mine), len(theirs)):
            found.append(other)
    return found


def found_error(score: ModuleType, row: Row, others: Sequence[Row], *, gold: bool) -> str:
    """Return why a position has no partner.

    Args:
        score: The scorer.
        row: The position.
        others: All rows of the other side, stance none included.
        gold: Whether the position is gold, so missed, or found, so put in.
    """
    same_words = overlapping(score, row, others)
    if not same_words:
        return (
            f"missed: passage not read, act “{row['act']}”" if gold else f"put in: passage not labelled, act “{row['act']}”"
        )
    if all(score.none(other) for other in same_words):
        return "missed: no attitude seen in the passage" if gold else "put in: passage without attitude"
    if gold:
        return "missed: further position in a passage with another one"
    return "put in: further position in a passage with another one"


def add_positions(
    parts: Parts, score: ModuleType, text: str, found: Sequence[Row], gold: Sequence[Row], *, quote: bool
) -> None:
    """Count the errors in one document's positions.

    Args:
        parts: Where to count.
        score: The scorer.
        text: The document.
        found: Its positions as found.
        gold: Its positions as labelled.
        quote: Whether words of the document may be quoted.
    """

    def add(part: str, kind: str | None, example: str) -> None:
        parts[part].add(kind, example if quote else "")

    P, G = ([p for p in rows if not score.none(p)] for rows in (found, gold))  # noqa: N806
    pairs = [Pair(score, text, p, g, G) for p, g in score.pairs(P, G)]
    for pair in pairs:
        said = f"“{shortened(pair.source)}”: " if pair.source else ""
        names = [plain(p["holder"]) or "nobody" for p in (pair.found, pair.gold)]
        targets = [shortened(p["target"], LONGEST_TARGET) for p in (pair.found, pair.gold)]
        parts[FOUND].add(None)
        add(HOLDER, holder_error(pair), f"{said}{names[0]}, for {names[1]}")
        add(TARGET, target_error(pair), f"“{targets[0]}”, for “{targets[1]}”")
    for row in G:
        if all(row is not pair.gold for pair in pairs):
            add(FOUND, found_error(score, row, found, gold=True), f"“{shortened(under(text, row['evidence']))}”")
    for row in P:
        if all(row is not pair.found for pair in pairs):
            add(FOUND, found_error(score, row, gold, gold=False), f"“{shortened(under(text, row['evidence']))}”")
    for p, g in score.pairs(found, gold):
        pair = Pair(score, text, p, g, gold)
        add(STANCE, stance_error(pair), f"“{shortened(under(text, [*g['cue'], *g['evidence']]))}”")


# --- names -----------------------------------------------------------------------------------------------------------


def named_sentences(path: Path) -> Iterator[tuple[list[str], set[Name]]]:
    """Yield the sentences of an IOB2 file: words, and names as (first word, word after the last, label)."""
    for block in path.read_text(encoding="utf8").split("\n\n"):
        rows = [line.split("\t") for line in block.splitlines() if line[:1].isdigit()]
        names = list[Name]()
        for at, (_, _, tag, *_) in enumerate(rows):
            if tag.startswith("B-"):
                names.append((at, at + 1, NAME_LABELS.get(tag[2:]) or tag[2:]))
            elif tag.startswith("I-") and names:
                names[-1] = (names[-1][0], at + 1, names[-1][2])
        if rows:
            yield [row[1] for row in rows], set(names)


def name_error(name: Name, found: Iterable[Name]) -> str | None:
    """Return how a name was read; of several names that touch it the one that covers most counts."""
    begin, end, label = name
    touching = [n for n in found if n[0] < end and begin < n[1]]
    if name in touching:
        return None
    if not touching:
        return f"{label} missed"
    ours_b, ours_e, ours = max(touching, key=lambda n: (min(n[1], end) - max(n[0], begin), n[2] == label))
    if ours != label:
        return f"{label} read as {ours}" + ("" if (ours_b, ours_e) == (begin, end) else ", other boundaries")
    if ours_b <= begin and end <= ours_e:
        return f"{label} too long"
    return f"{label} too short" if begin <= ours_b and ours_e <= end else f"{label} shifted"


def add_names(part: Part, words: Sequence[str], found: Iterable[Name], gold: set[Name]) -> None:
    """Count the errors in the names of one sentence."""
    found = set(found)

    for name in sorted(gold):
        part.add(name_error(name, found), in_context(words, *name[:2]))
    for begin, end, label in sorted(found):
        if not any(b < end and begin < e for b, e, _ in gold):
            part.add(f"{label} put in", in_context(words, begin, end))


# --- trees -----------------------------------------------------------------------------------------------------------


def tree_error(head: CharSpan, label: str, gold_head: CharSpan, gold_label: str) -> str | None:
    """Return how a token hangs in the tree."""
    if label == gold_label:
        return None if head == gold_head else f"{label}: wrong head"
    return f"{gold_label} read as {label}" + ("" if head == gold_head else ", wrong head")


def add_tree(part: Part, doc: Doc, text: AnnotatedText) -> None:
    """Count the errors in the trees and sentence boundaries of one text."""

    def at(token: Token) -> CharSpan:
        return token.idx, token.idx + len(token)

    assert text.heads and text.deps and text.sentence_starts
    words, offsets = text.words, text.offsets
    tokens = {at(t): t for t in doc if not t.is_space}
    for i, span in enumerate(offsets):
        example = in_context(words, i, i + 1)
        token = tokens.get(span)
        if token is None:
            part.add("token cut otherwise", example)
            continue
        ours, theirs = token.dep_.lower().split(":")[0], text.deps[i].split(":")[0]
        part.add(tree_error(at(token.head), ours, offsets[text.heads[i]], theirs), example)
        if bool(token.is_sent_start) != text.sentence_starts[i]:
            part.add("sentence end missed" if text.sentence_starts[i] else "sentence end put in", example)


# --- all of it -------------------------------------------------------------------------------------------------------


def sort_attributions(parts: Parts, data: Path, limit: int | None) -> None:
    """Count the errors on polnear-dev."""
    score, nlp = scorer(data / "gold/score.py"), stancegraph.load()
    rows = list(json_lines(data / "data/attribution/polnear-dev.jsonl"))[:limit]
    for row, doc in zip(rows, nlp.pipe((r["text"] for r in rows), disable=JUDGING), strict=True):
        add_attributions(parts[ATTRIBUTION], score, doc, row["attributions"])


def sort_positions(parts: Parts, data: Path, limit: int | None) -> None:
    """Count the errors on the three sets of positions."""
    score = scorer(data / "gold/score.py")
    for name, is_open in POSITION_SETS.items():
        rows = list(json_lines(data / f"gold/{name}.jsonl"))[:limit]
        for row, (document, positions) in zip(rows, stancegraph.read(map(document_of, rows)), strict=True):
            found = extraction(document, positions)["positions"]
            add_positions(parts, score, row["text"], found, row["positions"], quote=is_open)


def sort_names(parts: Parts, data: Path, limit: int | None) -> None:
    """Count the errors on uner-ewt-dev, each sentence read alone."""
    nlp = stancegraph.load()
    sentences = list(named_sentences(data / "data/ner/uner-ewt-dev.iob2"))[:limit]
    docs = (Doc(nlp.vocab, words=words) for words, _ in sentences)
    for (words, names), doc in zip(sentences, nlp.pipe(docs, disable=JUDGING), strict=True):
        add_names(parts[NAMES], words, [(e.start, e.end, e.label_) for e in doc.ents], names)


def sort_trees(parts: Parts, data: Path, limit: int | None) -> None:
    """Count the errors on gum-dev, read from raw text."""
    nlp = stancegraph.load()
    texts = list(universal_dependencies(data / "data/ud/gum-dev.conllu"))[:limit]
    for text, doc in zip(texts, nlp.pipe((t.text for t in texts), disable=JUDGING), strict=True):
        add_tree(parts[TREES], doc, text)


SORTERS = (sort_attributions, sort_positions, sort_names, sort_trees)


def analyse(data: Path, limit: int | None = None) -> Parts:
    """Run the pipeline over the development sets and sort its errors.

    Args:
        data: Folder that holds `gold/` and `data/`.
        limit: Most documents to read of each set; all if None.
    """
    parts = {name: Part() for name in PARTS}
    for sort in SORTERS:
        sort(parts, data, limit)
    return parts


def document_of(row: Row) -> Document:
    """Return the document of a row of a gold file."""
    return Document(
        id=row["id"], text=row["text"], title=row.get("title") or None, date=row.get("date"), source=row.get("publisher")
    )


def commonest(after: Part, before: Part | None) -> list[str]:
    """Return the commonest kinds of error of a part, before or after, the commonest first."""

    def number(kind: str) -> int:
        return max(after.counts.get(kind, 0), before.counts.get(kind, 0) if before else 0)

    kinds = {**after.counts, **(before.counts if before else {})}
    return sorted(kinds, key=lambda kind: (-number(kind), kind))[:ROWS]


def table(name: str, after: Part, before: Part | None) -> str:
    """Return one part's table in Markdown."""
    total = f"{sum(after.counts.values())} errors, {after.compared - sum(after.counts.values())} right"
    columns = ["kind", "count", "example"]
    if before:
        right = before.compared - sum(before.counts.values())
        total += f"; before: {sum(before.counts.values())} errors, {right} right"
        columns = ["kind", "before", "after", "example"]
    lines = [f"**{name}**: {total}.{NOTES.get(name, '')}", "", f"| {' | '.join(columns)} |", "|" + " --- |" * len(columns)]
    for kind in commonest(after, before):
        counts = [str(part.counts.get(kind, 0)) for part in (before, after) if part]
        example = after.examples.get(kind) or (before.examples.get(kind) if before else "") or "–"
        lines.append(f"| {' | '.join([kind, *counts, example])} |")
    return "\n".join(lines)


def main(say: Callable[[str], None] = print) -> None:
    """Print the tables and write the JSON file."""
    parser = argparse.ArgumentParser(description="Kinds of error on the development sets.")
    parser.add_argument("--data", type=Path, required=True, help="folder that holds gold/ and data/")
    parser.add_argument("--json", type=Path, help="file to write")
    parser.add_argument("--before", type=Path, help="JSON file of an earlier run")
    parser.add_argument("--limit", type=int, help="most documents of each set, for a trial")
    given = parser.parse_args()
    before: dict[str, Part] = {}
    if given.before:
        before = {name: Part(**part) for name, part in json.loads(given.before.read_text(encoding="utf8")).items()}
    after = analyse(given.data, given.limit)
    if given.json:
        rows = {name: vars(part) for name, part in after.items()}
        given.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False) + "\n", encoding="utf8")
    for name, part in after.items():
        say(table(name, part, before.get(name)) + "\n")


if __name__ == "__main__":
    main()
