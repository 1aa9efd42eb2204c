"""Names in pre-tokenised sentences: each sentence alone, and the sentences of a document together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

from spacy.language import Language
from spacy.tokens import Doc

from stancegraph.corpora import NAME_LABELS
from stancegraph.evaluation.trees import f1
from stancegraph.pipeline.encoder import visible_tokens

Name = tuple[int, int, str]
LABELS = ("PERSON", "ORG", "LOC")


class NamedSentence(NamedTuple):
    """A sentence with its names.

    Args:
        document: Id of its document.
        words: Its words.
        spaces: Whether a space follows each word in the text.
        names: Names as (first word, word after the last, label).
    """

    document: str
    words: list[str]
    spaces: list[bool]
    names: set[Name]


def named_sentences(path: Path) -> Iterator[NamedSentence]:
    """Yield the sentences of an IOB2 file."""
    document, text = "", ""
    words, names = list[str](), list[Name]()
    for line in [*path.read_text(encoding="utf8").splitlines(), ""]:
        cells = line.split("\t")
        if line.startswith("# ") and len(cells) == 1:
            key, _, value = line[2:].partition(" = ")
            document, text = (value if key == "newdoc id" else document), (value if key == "text" else text)
        elif not line:
            if words:
                labelled = {(b, e, NAME_LABELS.get(n) or n) for b, e, n in names}
                yield NamedSentence(document, words, spaces(words, text), labelled)
            text, words, names = "", [], []
        else:
            tag = cells[2]
            if tag.startswith("B-"):
                names.append((len(words), len(words) + 1, tag[2:]))
            elif tag.startswith("I-") and names:
                names[-1] = (names[-1][0], len(words) + 1, names[-1][2])
            words.append(cells[1])


def spaces(words: Sequence[str], text: str) -> list[bool]:
    """Tell after which words a space stands in a text; after all, where the text is not made of these words."""
    found, at = list[bool](), 0
    for word in words:
        if not text.startswith(word, at):
            return [True] * len(words)
        at += len(word)
        found.append(text[at : at + 1].isspace())
        at += found[-1]
    return found


def score_names(nlp: Language, sentences: Sequence[NamedSentence]) -> dict[str, Any]:
    """Return precision, recall and F1 of exact names with labels PERSON, ORG and LOC.

    Args:
        nlp: The pipeline.
        sentences: Sentences in the order of their documents.

    Returns:
        Figures with each sentence read alone, a space between any two words; and under "in documents" with the
        sentences of each document read together, spaced as in the text.
    """
    alone = ((found_names(nlp, [s._replace(spaces=[True] * len(s.words))]), s.names) for s in sentences)
    documents = (list(group) for _, group in groupby(sentences, key=lambda s: s.document))
    together = ((found_names(nlp, group), _names_of(group)) for group in documents)
    return {**figures(alone), "in documents": figures(together)}


def found_names(nlp: Language, sentences: Sequence[NamedSentence]) -> set[Name]:
    """Read sentences as one text, each on a line of its own, and return the names in it by the numbers of its words."""
    words, after = list[str](), list[bool]()
    for sentence in sentences:
        if words:
            words.append("\n")
            after[-1:] = [False, False]
        words += sentence.words
        after += sentence.spaces
    doc = Doc(nlp.vocab, words=words, spaces=after)
    for component in ("stancegraph_encoder", "stancegraph_names"):
        doc = nlp.get_pipe(component)(doc)
    number = {token.i: n for n, token in enumerate(visible_tokens(doc))}
    return {(number[e.start], number[e.end - 1] + 1, e.label_) for e in doc.ents}


def _names_of(sentences: Sequence[NamedSentence]) -> set[Name]:
    names, before = set[Name](), 0
    for sentence in sentences:
        names |= {(before + b, before + e, label) for b, e, label in sentence.names}
        before += len(sentence.words)
    return names


def figures(texts: Iterable[tuple[set[Name], set[Name]]]) -> dict[str, Any]:
    """Return precision, recall and F1, of all names and of each label, of pairs of names found and right ones."""
    right, predicted, gold = Counter[str](), Counter[str](), Counter[str]()
    for found, names in texts:
        for label in LABELS:
            ours, theirs = {n for n in found if n[2] == label}, {n for n in names if n[2] == label}
            for key in (label, "all"):
                right[key] += len(ours & theirs)
                predicted[key] += len(ours)
                gold[key] += len(theirs)
    return {
        key: {
            "precision": round(right[key] / max(1, predicted[key]), 4),
            "recall": round(right[key] / max(1, gold[key]), 4),
            "f1": f1(right[key], predicted[key], gold[key]),
        }
        for key in ("all", *LABELS)
    }
