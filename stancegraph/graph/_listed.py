"""A user's own list of outcomes: which targets are assigned to which of them, and how surely.

A target is compared with the label and every phrasing of every listed outcome. What tells two targets apart in
`_outcomes` tells them apart here: another turn ("lifting of sanctions on Iran", "sanctions on Iran"), number or
direction; and either side may have names of its own, not both. So no position changes sides by being assigned.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from pydantic import ValidationError

from stancegraph import knowledge, wording
from stancegraph.graph._phrases import Phrase, Unit, extra_first_words, read_phrase, reversed_
from stancegraph.models import ListedOutcome
from stancegraph.yaml_list import ListFile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from stancegraph.graph._outcomes import Target

# Phrases less alike as wholes are not compared word by word.
_LEAST_COSINE = 0.35
_MOST = 0.99
_OUTSIDE = frozenset(("outside", "off", "out"))


class OutcomesFileError(ValueError):
    """A list of outcomes cannot be used; the message names the file, the line and what to write instead."""


@dataclass(frozen=True)
class Assignment:
    """A listed outcome that a target is assigned to.

    Args:
        outcome: The outcome.
        similarity: How near the target is to it, in [0, 1]; 1 for the same words.
    """

    outcome: ListedOutcome
    similarity: float


def read_outcomes(path: str | Path) -> tuple[ListedOutcome, ...]:
    """Read a list of outcomes.

    Args:
        path: A YAML list; each entry has a `label`, and may have a `description` and a list `phrasings`.

    Raises:
        OutcomesFileError: If the file cannot be read as such a list; names file and line.
    """
    file = ListFile(Path(path), ("label", "description"), ("phrasings",), OutcomesFileError)
    entries = file.entries()
    outcomes: list[ListedOutcome] = []
    for entry in entries:
        fields = entry.fields
        try:
            outcome = ListedOutcome(
                label=fields["label"][0],
                description=fields.get("description", ("",))[0],
                phrasings=fields.get("phrasings", ()),
            )
        except ValidationError as error:
            raise file.wrong(entry.line, error.errors()[0]["msg"].removeprefix("Value error, ")) from None
        outcomes.append(outcome)
        clash = _clash(outcomes)
        if clash:
            raise file.wrong(entry.line, clash)
    if not outcomes:
        raise OutcomesFileError(f'{path}: holds no outcome; add one as "- label: …"')
    return tuple(outcomes)


def listed_outcomes(given: str | Path | Iterable[ListedOutcome]) -> tuple[ListedOutcome, ...]:
    """Return a list of outcomes that is given as such or as a file, in the order of labels.

    Args:
        given: The outcomes, or the path of a YAML list; each entry has a `label`, and may have a `description` and a list
            `phrasings`.

    Raises:
        OutcomesFileError: If the file cannot be used.
        ValueError: If two outcomes share a phrase.
    """
    if isinstance(given, (str, Path)):
        outcomes = read_outcomes(given)
    else:
        outcomes = tuple(given)
        clash = next((c for end in range(2, len(outcomes) + 1) if (c := _clash(outcomes[:end]))), None)
        if clash:
            raise ValueError(clash)
    return tuple(sorted(outcomes, key=lambda outcome: outcome.label))


def _clash(outcomes: Sequence[ListedOutcome]) -> str | None:
    """Return what is wrong if the last outcome says what one before it says."""
    last = outcomes[-1]
    for phrase in (last.label, *last.phrasings):
        for other in outcomes[:-1]:
            if _plain(phrase) in map(_plain, (other.label, *other.phrasings)):
                return f"{phrase!r} stands under {other.label!r} already; keep it under one outcome"
    return None


def _plain(phrase: str) -> str:
    return " ".join(knowledge.fold(phrase).casefold().split()).removeprefix("the ")


def assign(
    targets: Iterable[Target], outcomes: Sequence[ListedOutcome], least_similarity: float
) -> dict[Target, Assignment]:
    """Assign targets to the listed outcome that each is most similar to.

    Args:
        targets: The targets; those that are actors are assigned only to outcomes called by the actor's name.
        outcomes: The outcomes; of several that a target is equally similar to, the first is taken.
        least_similarity: Similarity below which a target is assigned to none, in [0, 1].

    Returns:
        The assignments of those targets that have one.
    """
    listed = [(outcome, text) for outcome in outcomes for text in (outcome.label, *outcome.phrasings)]
    ordered = sorted(set(targets))
    texts = sorted({target.text for target in ordered if not target.actor})
    said = [phrase for phrase in map(read_phrase, texts) if phrase.units]
    near = _similarities(said, [read_phrase(text) for _, text in listed])
    found: dict[Target, Assignment] = {}
    for target in ordered:
        if target.actor:
            similarities = {k: 1.0 for k, (_, text) in enumerate(listed) if _names_actor(text, target)}
        else:
            similarities = near.get(" ".join(target.text.split()), {})
        best = min(similarities, key=lambda k: (-similarities[k], k), default=None)
        if best is not None and similarities[best] >= least_similarity:
            found[target] = Assignment(listed[best][0], similarities[best])
    return found


def _names_actor(text: str, target: Target) -> bool:
    entry = knowledge.look_up(text, any_case=True)
    return _plain(entry.name if entry else text) in (_plain(target.actor), _plain(target.text))


def _similarities(said: Sequence[Phrase], listed: Sequence[Phrase]) -> dict[str, dict[int, float]]:
    """Return for the text of each phrase the similarity to each listed phrase that it may mean."""
    if not said:
        return {}
    alike = wording.vectors([_meaning(p) for p in said]) @ wording.vectors([_meaning(p) for p in listed]).T >= _LEAST_COSINE
    same: dict[tuple[str, ...], list[int]] = {}
    for k, phrase in enumerate(listed):
        same.setdefault(phrase.key, []).append(k)
    texts = sorted({unit.text for phrase in (*said, *listed) for unit in phrase.units})
    vector_of = dict(zip(texts, wording.vectors(texts), strict=True))
    found: dict[str, dict[int, float]] = {}
    for i, phrase in enumerate(said):
        for k in sorted({*np.flatnonzero(alike[i]).tolist(), *same.get(phrase.key, ())}):
            score = similarity(phrase, listed[k], vector_of)
            if score > 0:
                found.setdefault(phrase.text, {})[k] = score
    return found


def _meaning(phrase: Phrase) -> str:
    return " ".join(unit.stem if unit.kind == "name" else unit.text for unit in phrase.units)


def similarity(a: Phrase, b: Phrase, vector_of: Mapping[str, wording.Floats]) -> float:
    """Return how near two phrases are in what they say.

    Args:
        a: One phrase.
        b: Another.
        vector_of: Vectors of the texts of all their units, rows of length one.

    Returns:
        1 for the same words, else the harmonic mean of how much of each phrase the other says, at most 0.99; 0 where
        a turn, a number, direction or names tell them apart, or one of them means something only where it stands.
    """
    if a.key == b.key and not reversed_(a, b):
        return 1.0
    if a.generic or b.generic or _told_apart(a, b):
        return 0.0
    first, second = _share_said(a, b, vector_of), _share_said(b, a, vector_of)
    return round(min(2 * first * second / (first + second), _MOST), 4) if first and second else 0.0


def _told_apart(a: Phrase, b: Phrase) -> bool:
    names, others = a.guard[0], b.guard[0]
    # "Islamic State" is not "the fight against Islamic State", and "Donald Trump" not "Donald Tusk".
    only_names = [all(unit.kind in ("name", "proper") for unit in phrase.units) for phrase in (a, b)]
    if only_names[0] != only_names[1] or (all(only_names) and extra_first_words(a, b) is None):
        return True
    return (
        a.guard[1:] != b.guard[1:]
        or bool(names - others and others - names)
        or reversed_(a, b)
        or _outside(a) != _outside(b)
    )


def _outside(phrase: Phrase) -> bool:
    """Tell whether a phrase is about being without something, or out of it."""
    return not _OUTSIDE.isdisjoint(phrase.text.casefold().split())


def _share_said(a: Phrase, b: Phrase, vector_of: Mapping[str, wording.Floats]) -> float:
    """Return the mean over the words of a phrase of the cosine with their nearest word in another, in [0, 1]."""
    return sum(max(_nearness(u, v, vector_of) for v in b.units) for u in a.units) / len(a.units)


def _nearness(a: Unit, b: Unit, vector_of: Mapping[str, wording.Floats]) -> float:
    if a.stem == b.stem or (a.turn and a.turn == b.turn):
        return 1.0
    if "name" in (a.kind, b.kind) or "number" in (a.kind, b.kind):
        return 0.0
    return max(0.0, float(vector_of[a.text] @ vector_of[b.text]))
