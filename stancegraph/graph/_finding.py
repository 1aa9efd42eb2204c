"""Finding actors and outcomes by what a person types."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from rapidfuzz import fuzz, process

from stancegraph import knowledge, wording
from stancegraph.graph._persons import PersonName, given_key, read_name, spelling
from stancegraph.graph._phrases import Phrase, compatible, read_phrase
from stancegraph.models import Actor, ActorType, Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Thing = TypeVar("Thing", Actor, Outcome)

# Similarities of rapidfuzz in percent: what counts as a misspelling, what is worth suggesting, and by how
# much the best must lead.
_MISSPELT = 86
_SUGGESTED = 55
_LEAD = 4
# Cosines of phrases: a query is short and free in its words, so it is held to less than two targets are.
_MEANT = 0.6
_MEANT_LEAD = 0.05
_LISTED = 5
# A query of fewer words could stand in many outcomes.
_LEAST_WORDS = 2


class UnknownName(LookupError):  # noqa: N818 - says what it is
    """Nobody or nothing in the graph is called so; the message names what comes nearest.

    Args:
        name: What was asked for.
        what: "actor" or "outcome".
        suggestions: Names that come near it, nearest first.
    """

    def __init__(self, name: str, what: str, suggestions: Sequence[str] = ()) -> None:
        self.name, self.suggestions = name, tuple(suggestions)
        near = f"; did you mean {_either(self.suggestions)}?" if suggestions else ""
        super().__init__(f"no {what} {name!r} in this graph{near}")

    def __str__(self) -> str:
        return str(self.args[0])


class AmbiguousName(LookupError):  # noqa: N818 - says what it is
    """A name means several actors or outcomes equally well; the message lists them.

    Args:
        name: What was asked for.
        what: "actors" or "outcomes".
        candidates: The names of those it may mean.
    """

    def __init__(self, name: str, what: str, candidates: Sequence[str]) -> None:
        self.name, self.candidates = name, tuple(candidates)
        listed = ", ".join(map(repr, self.candidates[:_LISTED]))
        more = f" and {len(candidates) - _LISTED} more" if len(candidates) > _LISTED else ""
        super().__init__(f"{name!r} may mean several {what}: {listed}{more}; ask for one of them")

    def __str__(self) -> str:
        return str(self.args[0])


class _Names(Generic[Thing]):
    """Names of things, found exactly or misspelt."""

    def __init__(self, names_of: Mapping[Thing, tuple[str, Sequence[str]]]) -> None:
        self.own: dict[str, list[Thing]] = defaultdict(list)
        self.other: dict[str, list[Thing]] = defaultdict(list)
        for thing, (name, others) in names_of.items():
            self.own[_plain(name)].append(thing)
            for other in dict.fromkeys(map(_plain, others)):
                self.other[other].append(thing)

    def exact(self, name: str) -> list[Thing]:
        plain = _plain(name)
        return self.own.get(plain) or self.other.get(plain) or []

    @cached_property
    def _sorted(self) -> tuple[list[str], list[str]]:
        """All names, and beside each its words in the order of the alphabet."""
        names = sorted({*self.own, *self.other})
        return names, [" ".join(sorted(name.split())) for name in names]

    def near(self, name: str, least: int) -> list[tuple[Thing, float]]:
        """Return things with a name like this one and the similarity in percent, most similar first."""
        names, choices = self._sorted
        asked = " ".join(sorted(_plain(name).split()))
        best: dict[Thing, float] = {}
        for _, score, place in process.extract(asked, choices, scorer=fuzz.ratio, score_cutoff=least, limit=50):
            choice: str = names[place]
            for thing in (*self.own.get(choice, ()), *self.other.get(choice, ())):
                best[thing] = max(best.get(thing, 0), score)
        return sorted(best.items(), key=lambda item: (-item[1], _name(item[0])))


class ActorFinder:
    """Finds actors by name: exactly, through world knowledge, by surname, then misspelt."""

    def __init__(self, actors: Iterable[Actor]) -> None:
        actors = list(actors)
        self._names = _Names({actor: (actor.name, actor.aliases) for actor in actors})
        self._actors = actors

    def find(self, name: str) -> Actor:
        """Return the actor meant by `name`; raises UnknownName or AmbiguousName."""
        untitled = knowledge.split_title(name.title() if name == name.lower() else name)[1] or name
        for found in (
            self._names.exact(name),
            self._known(name),
            self._names.exact(untitled),
            self._bearers(name),
            self._respelt(untitled),
            self._in_office(name),
        ):
            if found:
                return _only(name, "actors", found)
        near = self._names.near(untitled, _MISSPELT)
        if near:
            return _only(name, "actors", [actor for actor, score in near if score > near[0][1] - _LEAD])
        suggestions = [actor.name for actor, _ in self._names.near(name, _SUGGESTED)]
        raise UnknownName(name, "actor", suggestions[:_LISTED])

    def _known(self, name: str) -> list[Actor]:
        entry = knowledge.look_up(name, any_case=True)
        return self._names.own.get(_plain(entry.name), []) if entry else []

    def _respelt(self, name: str) -> list[Actor]:
        """Return the persons whose name is a transliteration of `name`, or its full form."""
        asked = read_name(name)
        return [
            actor
            for actor, own in self._persons_by_surname.get(spelling(asked.last), ())
            if (not asked.given or given_key(asked) == given_key(own)) and asked.suffix == own.suffix
        ]

    @cached_property
    def _persons_by_surname(self) -> dict[str, list[tuple[Actor, PersonName]]]:
        found: defaultdict[str, list[tuple[Actor, PersonName]]] = defaultdict(list)
        for actor in self._actors:
            if actor.type is ActorType.PERSON:
                own = read_name(actor.name)
                found[spelling(own.last)].append((actor, own))
        return found

    def _bearers(self, name: str) -> list[Actor]:
        """Return the actors whose name ends or begins with the words of `name`."""
        words = tuple(_plain(name).split())
        ends, begins = self._parts_of_names
        return ends.get(words) or begins.get(words) or []

    @cached_property
    def _parts_of_names(self) -> tuple[_Parts, _Parts]:
        """What names end with, and what they begin with, short of the whole name."""
        ends: _Parts = defaultdict(list)
        begins: _Parts = defaultdict(list)
        for plain, actors in sorted(self._names.own.items()):
            words = tuple(plain.split())
            for length in range(1, len(words)):
                ends[words[-length:]] += actors
                begins[words[:length]] += actors
        return dict(ends), dict(begins)

    def _in_office(self, name: str) -> list[Actor]:
        """Return the actors whose role it is ("Poland's president", "the NATO chief"), as documents say."""
        for mention in knowledge.mentions(name, any_case=True):
            rest = f"{name[: mention.start]} {name[mention.end :]}".casefold()
            role = [word for word in _WORD.findall(rest) if word not in _JOINING]
            bodies = {mention.entry.name, *mention.entry.aliases}
            found = [a for a in self._actors if a.affiliation in bodies and role and a.role.split()[-len(role) :] == role]
            # "president" is the president before it is the vice president.
            exact = [actor for actor in found if actor.role.split() == role]
            if found:
                return exact or found
        return []


_Parts = dict[tuple[str, ...], list[Actor]]
_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
# What joins an office to whose it is: "Poland's president", "the president of Poland".
_JOINING = frozenset(("s", "of", "the", "for", "in"))


class OutcomeFinder:
    """Finds outcomes by label or wording: exactly, misspelt, in part, then by meaning."""

    def __init__(self, outcomes: Iterable[Outcome]) -> None:
        self._outcomes = list(outcomes)
        self._names = _Names({o: (o.label, o.wordings) for o in self._outcomes})

    @cached_property
    def _phrases(self) -> list[tuple[Phrase, Outcome]]:
        return [(read_phrase(text), o) for o in self._outcomes for text in dict.fromkeys((o.label, *o.wordings))]

    @cached_property
    def _by_key(self) -> dict[tuple[str, ...], list[tuple[Phrase, Outcome]]]:
        found: defaultdict[tuple[str, ...], list[tuple[Phrase, Outcome]]] = defaultdict(list)
        for phrase, outcome in self._phrases:
            found[phrase.key].append((phrase, outcome))
        return found

    @cached_property
    def _vectors(self) -> wording.Floats:
        return wording.vectors([phrase.text for phrase, _ in self._phrases])

    def find(self, name: str) -> Outcome:
        """Return the outcome meant by `name`; raises UnknownName or AmbiguousName."""
        if exact := self._names.exact(name):
            return _only(name, "outcomes", exact)
        asked = read_phrase(name, any_case=True)
        entry = knowledge.look_up(name, any_case=True)
        for found in (
            self._names.own.get(_plain(entry.name), []) if entry else [],
            [o for phrase, o in self._by_key.get(asked.key, ()) if compatible(phrase, asked)],
        ):
            if found:
                return _only(name, "outcomes", found)
        near = [(o, score) for o, score in self._names.near(name, _MISSPELT) if _agrees(asked, o)]
        if near:
            return _only(name, "outcomes", [o for o, score in near if score > near[0][1] - _LEAD])
        if said_more := self._saying_more(asked):
            return _only(name, "outcomes", said_more)
        meant = self._by_meaning(name, asked)
        if meant and meant[0][1] >= _MEANT:
            return _only(name, "outcomes", [o for o, score in meant if score > meant[0][1] - _MEANT_LEAD])
        suggestions = [o.label for o, _ in meant] or [o.label for o, _ in self._names.near(name, _SUGGESTED)]
        raise UnknownName(name, "outcome", suggestions[:_LISTED])

    def _saying_more(self, asked: Phrase) -> list[Outcome]:
        """Return the outcomes of whose words a query has half or more and no other, those with fewest further words."""
        words, bare = set(asked.key), all(unit.kind == "name" for unit in asked.units)
        if bare or len(words) < _LEAST_WORDS:
            return []
        more = [
            (len(phrase.key) - len(words), outcome)
            for phrase, outcome in self._phrases
            if words <= set(phrase.key) and len(phrase.key) <= 2 * len(words) and asked.guard[2] == phrase.guard[2]
        ]
        return [outcome for number, outcome in more if number == min(number for number, _ in more)]

    def _by_meaning(self, name: str, asked: Phrase) -> list[tuple[Outcome, float]]:
        """Return outcomes and the cosine of their nearest wording, nearest first, far ones left out."""
        if not self._phrases:
            return []
        scores = (self._vectors @ wording.vectors([name])[0]).tolist()
        best: dict[Outcome, float] = {}
        for (phrase, outcome), score in zip(self._phrases, scores, strict=True):
            same = (
                asked.guard[0] <= phrase.guard[0] and asked.guard[1] <= phrase.guard[1] and asked.guard[2] == phrase.guard[2]
            )
            if score >= _MEANT / 2 and same:
                best[outcome] = max(best.get(outcome, 0), round(score, 4))
        return sorted(best.items(), key=lambda item: (-item[1], item[0].label))


def _agrees(asked: Phrase, outcome: Outcome) -> bool:
    """Tell whether some wording of an outcome agrees with a misspelt phrase in numbers ("Article 5") and turns ("no")."""
    return any(read_phrase(text).guard[1:] == asked.guard[1:] for text in (outcome.label, *outcome.wordings))


def _only(name: str, what: str, found: Sequence[Thing]) -> Thing:
    different = list(dict.fromkeys(found))
    if len(different) > 1:
        raise AmbiguousName(name, what, [_name(thing) for thing in different])
    return different[0]


def _name(thing: Actor | Outcome) -> str:
    return thing.name if isinstance(thing, Actor) else thing.label


def _plain(name: str) -> str:
    """Return a name as it is compared: no accents, capitals, determiner or punctuation around it."""
    plain = knowledge.fold(name).casefold().strip(" .,;:!?\"'“”")
    return plain.removeprefix("the ")


def _either(names: Sequence[str]) -> str:
    quoted = [repr(name) for name in names]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
