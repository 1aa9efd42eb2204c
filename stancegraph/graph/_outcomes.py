"""Which target phrases mean the same outcome.

Phrases that say the same words are one outcome, whatever their order, grammar and spelling, and whichever of
several words for one concept they use. Of the others those are joined whose every content word has a
counterpart of like meaning in the other phrase. Phrases that differ in a known name, a number, who does it to
whom, or a turn such as "ban" or "more" are never joined, however alike they are.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from stancegraph import wording
from stancegraph.graph._phrases import (
    Phrase,
    Unit,
    compatible,
    extra_first_words,
    is_concept,
    read_phrase,
)
from stancegraph.models import Outcome, TargetKind

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping, Sequence

UNNAMED = "unnamed outcome"
# Chosen on paraphrases written for the purpose, against pairs of targets that annotators kept apart within
# one document of the training data; README.md of this folder gives the figures.
LEAST_LIKENESS = 0.5
LEAST_COUNTERPART = 0.5
LEAST_COUNTERPART_ALONE = 0.7
_KINDS = (TargetKind.OUTCOME, TargetKind.CLAIM, TargetKind.ACTOR, TargetKind.NONE)
# Words of one turn ("repeal", "abolition") may be exchanged for each other.
_SAME_TURN = 0.9
_ROWS = 2048


@dataclass(frozen=True, order=True)
class Target:
    """One target in one document.

    Args:
        document: Id of the document.
        text: The target as written.
        kind: What kind of thing it is taken for.
        actor: Name of the actor that it is, "" if it is none.
    """

    document: str
    text: str
    kind: str
    actor: str = ""


def resolve_outcomes(
    targets: Iterable[Target], titles: Mapping[str, str], taken: Iterable[str] = ()
) -> tuple[dict[tuple[str, str], Outcome], list[Outcome]]:
    """Find out which targets mean the same.

    Args:
        targets: Every occurrence of a target; repetitions count.
        titles: What to call each document, by id, where a target means something only there.
        taken: Labels that none of them may have.

    Returns:
        The outcome by document id and target as written, and all outcomes sorted by label.
    """
    counts = Counter(targets)
    key_of = _keys(counts)
    members: dict[Hashable, Counter[Target]] = defaultdict(Counter)
    for target in sorted(counts):
        members[key_of[target]][target] = counts[target]
    labels = {key: _label(key, group) for key, group in members.items()}
    uses = Counter(labels.values())
    taken = set(taken)
    outcomes: dict[Hashable, Outcome] = {}
    for key in sorted(members, key=lambda k: (labels[k], str(k))):
        label, number = labels[key], 2
        if uses[label] > 1 and isinstance(key, tuple) and key[0] == "here":
            label = f"{label} ({titles.get(key[1], key[1])})"
        name = label
        while name in taken:
            name, number = f"{label} ({number})", number + 1
        taken.add(name)
        outcomes[key] = Outcome(label=name, kind=_kind(key, members[key]), wordings=_wordings(members[key]))
    found = {(target.document, target.text): outcomes[key_of[target]] for target in counts}
    return found, sorted(outcomes.values(), key=lambda outcome: outcome.label)


def _keys(counts: Mapping[Target, int]) -> dict[Target, Hashable]:
    """Return for each target a key that is equal for all targets of the same outcome."""
    names: dict[str, set[str]] = defaultdict(set)
    for target in counts:
        if target.actor:
            names[target.actor].add(target.actor)
            names[target.text].add(target.actor)
    key_of: dict[Target, Hashable] = {}
    read: dict[str, Phrase] = {}
    for target in sorted(counts):
        # What names one actor throughout is that actor, even where it is not taken for an actor.
        actor = target.actor or (next(iter(names[target.text])) if len(names.get(target.text, ())) == 1 else "")
        if actor:
            key_of[target] = ("actor", actor)
            continue
        if target.text not in read:
            read[target.text] = read_phrase(target.text)
        phrase = read[target.text]
        if phrase.generic:
            key_of[target] = ("here", target.document, phrase.key)
    open_ = [target for target in sorted(counts) if target not in key_of]
    groups = group_phrases([read[target.text] for target in open_])
    for target, group in zip(open_, groups, strict=True):
        key_of[target] = ("text", group)
    return key_of


def group_phrases(phrases: Sequence[Phrase]) -> list[str]:
    """Group phrases that mean the same.

    Args:
        phrases: Phrases in any order, repeated or not.

    Returns:
        For each phrase the text of the first phrase, in alphabetical order, of its group.
    """
    first: dict[Hashable, Phrase] = {}
    said: dict[str, Hashable] = {}
    for phrase in sorted(phrases, key=lambda p: p.text):
        said[phrase.text] = (phrase.key, phrase.direction)
        first.setdefault(said[phrase.text], phrase)
    buckets: dict[Hashable, list[Phrase]] = defaultdict(list)
    for phrase in first.values():
        buckets[phrase.guard].append(phrase)
    head_of: dict[str, str] = {}
    for bucket in buckets.values():
        head_of.update(_join(bucket))
    return [head_of[first[said[phrase.text]].text] for phrase in phrases]


def likeness(a: Phrase, b: Phrase, vector_of: Mapping[str, wording.Floats]) -> float:
    """Return how alike two compatible phrases are in meaning.

    Args:
        a: One phrase.
        b: Another.
        vector_of: Vectors of the texts of all their units, rows of length one.

    Returns:
        The likeness of the least alike pair of counterparts, in [0, 1]; 0 unless every content word of both
        phrases has a counterpart of its own.
    """
    if a.key == b.key:
        return 1.0
    extra = extra_first_words(a, b) or frozenset()
    first, second = ([unit for unit in phrase.content if unit not in extra] for phrase in (a, b))
    if len(first) != len(second) or not first:
        return 0.0
    # What both say outright is paired first, then the most alike of what is left.
    said = Counter(unit.stem for unit in first) & Counter(unit.stem for unit in second)
    first, second = _without(first, said), _without(second, said)
    pairs = sorted(
        ((_nearness(u, v, vector_of), i, j) for i, u in enumerate(first) for j, v in enumerate(second)),
        key=lambda pair: (-pair[0], pair[1:]),
    )
    matched: dict[int, float] = {}
    used: set[int] = set()
    for nearness, i, j in pairs:
        if i not in matched and j not in used:
            matched[i] = nearness
            used.add(j)
    weakest = min(matched.values(), default=1.0)
    return weakest if weakest >= (LEAST_COUNTERPART if said else LEAST_COUNTERPART_ALONE) else 0.0


def _without(units: Sequence[Unit], said: Counter[str]) -> list[Unit]:
    left, rest = said.copy(), []
    for unit in units:
        if left[unit.stem] > 0:
            left[unit.stem] -= 1
        else:
            rest.append(unit)
    return rest


def _nearness(a: Unit, b: Unit, vector_of: Mapping[str, wording.Floats]) -> float:
    if a.turn and a.turn == b.turn:
        return _SAME_TURN
    # Numbers are equal or not, and so are concepts that have been told apart.
    if "number" in (a.kind, b.kind) or (is_concept(a.stem) and is_concept(b.stem)):
        return 0.0
    return min(float(vector_of[a.text] @ vector_of[b.text]), 0.99)


def _join(phrases: Sequence[Phrase]) -> dict[str, str]:
    """Join phrases of one guard, most alike first, as long as all of a group are alike (complete linkage)."""
    alike: dict[tuple[int, int], float] = {}
    vector_of = _unit_vectors(phrases)
    for i, j in _candidates(phrases):
        if compatible(phrases[i], phrases[j]):
            score = likeness(phrases[i], phrases[j], vector_of)
            if score:
                alike[i, j] = round(score, 4)
    group = list(range(len(phrases)))
    members = {i: [i] for i in group}
    for i, j in sorted(alike, key=lambda pair: (-alike[pair], pair)):
        a, b = sorted((group[i], group[j]))
        if a != b and all((min(x, y), max(x, y)) in alike for x in members[a] for y in members[b]):
            members[a] += members.pop(b)
            for x in members[a]:
                group[x] = a
    return {phrase.text: phrases[group[i]].text for i, phrase in enumerate(phrases)}


def _unit_vectors(phrases: Sequence[Phrase]) -> dict[str, wording.Floats]:
    texts = sorted({unit.text for phrase in phrases for unit in phrase.content}) if len(phrases) > 1 else []
    return dict(zip(texts, wording.vectors(texts), strict=True))


def _candidates(phrases: Sequence[Phrase]) -> list[tuple[int, int]]:
    """Return the pairs of phrases that say the same words or are alike as wholes."""
    if len(phrases) < 2:
        return []
    same: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for i, phrase in enumerate(phrases):
        same[phrase.key].append(i)
    pairs = {(i, j) for group in same.values() for i in group for j in group if i < j}
    vectors = wording.vectors([" ".join(unit.text for unit in phrase.content) for phrase in phrases])
    # Phrases of unequal length have words without counterparts, unless those are first names.
    sizes = np.array([len(phrase.content) for phrase in phrases])
    named = np.array([any(unit.kind == "proper" for unit in phrase.content) for phrase in phrases])
    for start in range(0, len(phrases), _ROWS):
        some = slice(start, start + _ROWS)
        may_pair = (sizes[some, None] == sizes) | (named[some, None] & named)
        rows, columns = np.nonzero(may_pair & (vectors[some] @ vectors.T >= LEAST_LIKENESS))
        pairs.update((i, j) for i, j in zip((rows + start).tolist(), columns.tolist(), strict=True) if i < j)
    return sorted(pairs)


def _label(key: Hashable, group: Counter[Target]) -> str:
    """Return the actor's name, or the most frequent wording, then the one most like all others."""
    if isinstance(key, tuple) and key[0] == "actor":
        return str(key[1])
    counts: Counter[str] = Counter()
    for target, n in group.items():
        counts[" ".join(target.text.split())] += n
    texts = sorted(text for text in counts if counts[text] == max(counts.values()))
    if len(texts) == 1:
        return texts[0] or UNNAMED
    vectors = wording.vectors(texts)
    central = (vectors @ vectors.sum(0)).round(4)
    return min(zip((-central).tolist(), map(len, texts), texts, strict=True))[2]


def _kind(key: Hashable, group: Counter[Target]) -> TargetKind:
    counts: Counter[TargetKind] = Counter()
    for target, n in group.items():
        counts[TargetKind(target.kind)] += n
    likely = TargetKind.ACTOR if isinstance(key, tuple) and key[0] == "actor" else TargetKind.OUTCOME
    return min(counts, key=lambda kind: (-counts[kind], kind is not likely, _KINDS.index(kind)))


def _wordings(group: Counter[Target]) -> tuple[str, ...]:
    return tuple(sorted({target.text for target in group if target.text}))
