"""Exchanges names in training texts for others of their kind, so that a reader learns where names stand, not which they are.

After Dai and Adel (2020, "An Analysis of Simple Data Augmentation for Named Entity Recognition"), who call it mention
replacement; besides, names are made up from halves of others.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from stancegraph.corpora import AnnotatedText

Span = tuple[int, int, str]

_FEW = 8  # names of a kind and length, below which there is nothing to choose from
_SHORT = 4  # letters, below which a word is not cut in halves


@dataclass(frozen=True)
class Names:
    """Names to choose from.

    Args:
        by_length: Names as words, by their label and number of words.
        words: Single words that are names, from whose halves new ones are made.
    """

    by_length: dict[tuple[str, int], list[tuple[str, ...]]]
    words: list[str]


def name_spans(tags: Sequence[str | None]) -> list[Span]:
    """Return names as (first token, token after the last, label) from begin–inside–outside tags."""
    spans = list[Span]()
    for i, tag in enumerate(tags):
        if tag and tag.startswith("B-"):
            spans.append((i, i + 1, tag[2:]))
        elif tag and tag.startswith("I-") and spans:
            spans[-1] = (spans[-1][0], i + 1, spans[-1][2])
    return spans


def names_of(texts: Iterable[AnnotatedText]) -> Names:
    """Collect the names of texts whose names were labelled by hand, or as by hand."""
    found: dict[tuple[str, int], set[tuple[str, ...]]] = {}
    for text in texts:
        if text.names and text.names_by not in (None, "others"):
            words = text.words
            for begin, end, label in name_spans(text.names):
                found.setdefault((label, end - begin), set()).add(tuple(words[begin:end]))
    single = {words[0] for (_, length), names in found.items() if length == 1 for words in names}
    return Names(
        {key: sorted(names) for key, names in sorted(found.items())},
        sorted(w for w in single if w.isalpha() and len(w) >= _SHORT),
    )


def exchanged(
    words: Sequence[str], spans: Iterable[Span], names: Names, rng: random.Random, *, others: float, invented: float
) -> list[str]:
    """Return a text's words with some of its names exchanged; every occurrence of a name becomes the same other one.

    Args:
        words: The words.
        spans: Its names as `name_spans` has them.
        names: Names to choose from; a name is exchanged for one with as many words, so that all layers stay in place.
        rng: Source of chance.
        others: Share of names that become another name of their label.
        invented: Share of names whose words become words that nobody bears.
    """
    out = list(words)
    told: dict[tuple[tuple[str, ...], str], tuple[str, ...]] = {}
    for begin, end, label in spans:
        old = tuple(words[begin:end])
        if (old, label) not in told:
            draw, choice = rng.random(), names.by_length.get((label, end - begin), [])
            if draw < others and len(choice) > _FEW:
                told[old, label] = rng.choice(choice)
            elif others <= draw < others + invented and names.words:
                told[old, label] = tuple(_invented(w, names, rng) if _may_be_invented(w, old) else w for w in old)
            else:
                told[old, label] = old
        out[begin:end] = [_in_case_of(new, model) for new, model in zip(told[old, label], old, strict=True)]
    return out


def _may_be_invented(word: str, name: tuple[str, ...]) -> bool:
    return word.isalpha() and len(word) >= _SHORT and (len(name) == 1 or not word.islower())


def _invented(word: str, names: Names, rng: random.Random) -> str:
    first, second = rng.choice(names.words), rng.choice(names.words)
    made = first[: max(2, len(first) // 2)] + second[len(second) // 2 :].lower()
    return made if word.islower() else made[0].upper() + made[1:]


def _in_case_of(word: str, model: str) -> str:
    if model.islower():
        return word.lower()
    return word.upper() if model.isupper() and len(model) >= _SHORT else word
