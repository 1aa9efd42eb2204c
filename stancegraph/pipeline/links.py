"""What a pronoun, a title or another common noun stands for: links between words, and persons ranked as antecedents.

Links are scored by two small heads over `doc.tensor`, trained on coreference chains. Among persons a ranking decides that
sees the links beside what a reader goes by: gender, distance, who spoke last, who is the subject. It is a conditional
logit, as in Denis and Baldridge (2008), "Specialized Models and Ranking for Coreference Resolution".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from spacy.tokens import Doc

from stancegraph import knowledge
from stancegraph.models import ActorType
from stancegraph.pipeline.attribution import AttributionRow, distance_bucket
from stancegraph.pipeline.mentions import Gender, Mentions, role_words
from stancegraph.pipeline.roles import roles
from stancegraph.pipeline.weights import Floats, HeadWeights, vectors_of
from stancegraph.pipeline.words import word_list

FEATURES = (
    "link", "same gender", "other gender", "same sentence", "one sentence before", "two before", "three to five before",
    "further", "subject", "subject of the sentence before", "spoke last", "spoke lately", "how often named", "named last",
    "in the content", "inside a phrase", "same paragraph", "in the first line", "holder around", "has the role",
    "words in common", "country in common", "another country", "surname alone", "is the subject here",
    "definite", "indefinite", "possessive",
)  # fmt: skip
LINK_LIMIT = 8.0
NEAR = 6


class Links:
    """How well each earlier token suits as that which a token stands for."""

    def __init__(self, weights: HeadWeights, doc: Doc, reach: int) -> None:
        self._doc, self._reach = doc, reach
        x = vectors_of(doc, list(doc))
        self._query = weights.linear("link_query", x)
        self._key = weights.linear("link_key", x)
        self._none = weights.linear("link_none", x)[:, 0]
        self._distance = weights.arrays["link_distance"][:, 0]

    def scores(self, i: int) -> tuple[int, Floats, float]:
        """Return the first token in reach, the scores from there up to token i, and the score of no link."""
        first = max(0, i - self._reach)
        scores = self._key[first:i] @ self._query[i] / np.sqrt(self._key.shape[1])
        scores = scores + self._distance[distance_bucket(np.arange(first, i) - i)]
        return first, scores, float(self._none[i])

    def sums(self, i: int, who_at: dict[int, str]) -> dict[str, float]:
        """Return for everybody mentioned before token i the summed score of the mentions, less that of no link."""
        first, scores, none = self.scores(i)
        sums: dict[str, float] = {}
        for k, score in enumerate(scores):
            who = who_at.get(first + k)
            if who:
                sums[who] = float(np.logaddexp(sums.get(who, -np.inf), score - none))
        return sums

    def best_of(self, i: int, who_at: dict[int, str]) -> tuple[str, float] | None:
        """Return the likeliest of those mentioned before token i, with its score less that of no link."""
        sums = self.sums(i, who_at)
        if not sums:
            return None
        best = max(sorted(sums), key=lambda w: sums[w])
        return best, sums[best]


@dataclass
class Spoken:
    """Where the sources, cues and contents of a document's attributions stand, as token indices, in text order."""

    sources: list[range] = field(default_factory=list)
    contents: list[list[range]] = field(default_factory=list)

    @classmethod
    def of(cls, doc: Doc, rows: Sequence[AttributionRow]) -> Spoken:
        """Read the attributions of a document."""

        def tokens(span: tuple[int, int]) -> range:
            found = doc.char_span(*span, alignment_mode="expand")
            return range(found.start, found.end) if found is not None else range(0)

        spoken = cls()
        for row in rows:
            spoken.sources.append(tokens(row["source"][0]) if row["source"] else range(0))
            spoken.contents.append([tokens(span) for span in row["content"]])
        return spoken

    def before(self, i: int) -> list[range]:
        """Return the sources that end before token i, the latest first."""
        return sorted((s for s in self.sources if s and s.stop <= i), key=lambda s: -s.start)

    def around(self, i: int) -> list[range]:
        """Return the sources of those attributions in whose content token i stands."""
        return [s for s, parts in zip(self.sources, self.contents, strict=True) if s and any(i in part for part in parts)]

    def content_of(self, i: int) -> list[range]:
        """Return the content of the attribution in whose source token i stands."""
        return next((parts for s, parts in zip(self.sources, self.contents, strict=True) if i in s), [])


class Antecedents:
    """Ranks the persons whom a pronoun or a title may stand for."""

    def __init__(self, doc: Doc, links: Links, mentions: Mentions, spoken: Spoken, weights: HeadWeights) -> None:
        self._doc, self._links, self._mentions, self._spoken, self._weights = doc, links, mentions, spoken, weights
        self.roles = roles(doc, mentions.person_at)
        starts = np.array([bool(t.is_sent_start) or t.i == 0 for t in doc])
        lines = np.array([t.is_space and "\n" in t.text for t in doc])
        self._sentence, self._line = np.cumsum(starts), np.cumsum(lines)

    def pronoun(self, i: int) -> str | None:
        """Return the person whom "he" or "she" at token i stands for, None if nobody is mentioned before."""
        names, table = self.features(i, self._doc[i].text)
        return names[int((table @ self._weights.arrays["antecedent_pronoun"]).argmax())] if names else None

    def title(self, i: int, phrase: str) -> str | None:
        """Return the person whom a role or another singular noun with its head at token i stands for, None if nobody."""
        names, table = self.features(i, phrase)
        weights = self._weights.arrays["antecedent_title"]
        scores = table @ weights[:-1] if names else np.zeros(0)
        return names[int(scores.argmax())] if names and scores.max() > weights[-1] else None

    def features(self, i: int, phrase: str) -> tuple[list[str], Floats]:
        """Return the persons mentioned before token i, and what speaks for each.

        Returns:
            Names in order of their first mention, and an array of shape (names, features), in the order of `FEATURES`.
        """
        at = self._mentions.person_at
        places: dict[str, list[int]] = {}
        for k in sorted(k for k in at if k < i):
            places.setdefault(at[k], []).append(k)
        names = list(places)
        if not names:
            return [], np.zeros((0, len(FEATURES)), dtype=np.float32)
        sums = self._links.sums(i, at)
        spoken = self._spoken.before(i)
        latest = max(names, key=lambda n: places[n][-1])
        context = _Context(
            i, knowledge.gender_of_role(phrase), role_words(phrase), spoken, self._spoken.around(i), latest,
            self._spoken.content_of(i), _countries_in(phrase), _determined(phrase),
        )  # fmt: skip
        rows = [self._row(context, name, places[name], sums.get(name, -LINK_LIMIT)) for name in names]
        return names, np.array(rows, dtype=np.float32)

    def _row(self, c: _Context, name: str, places: Sequence[int], link: float) -> list[float]:
        doc, at = self._doc, self._mentions.person_at
        last = places[-1]
        token = doc[last]
        while token.head != token and at.get(token.head.i) == name and abs(token.head.i - last) <= NEAR:
            token = token.head
        subject = token.dep_.startswith("nsubj")
        steps = int(self._sentence[c.i] - self._sentence[last])
        gender = self._mentions.gender.get(name, "")
        who_spoke = [at.get(s.stop - 1) or at.get(s.start) for s in c.spoken[:3]]
        roles = [words for words, of in self._mentions.roles if of == name]
        near = self._words_near(places[0])
        own = c.words - {name.split()[-1].lower()}
        theirs = _countries_in(self.roles[name]["affiliation"]) if name in self.roles else frozenset[str]()
        return [
            float(np.clip(link, -LINK_LIMIT, LINK_LIMIT)) / 4,
            float(bool(c.gender) and gender == c.gender),
            float(bool(c.gender) and bool(gender) and gender != c.gender),
            float(steps == 0),
            float(steps == 1),
            float(steps == 2),
            float(3 <= steps <= 5),
            float(steps > 5),
            float(subject),
            float(subject and steps == 1),
            float(bool(who_spoke) and who_spoke[0] == name),
            float(name in who_spoke),
            float(np.log1p(1 + sum(after - before > 1 for before, after in pairwise(places)))),
            float(name == c.latest),
            float(any(p in part for part in c.content for p in places)),
            float(token.dep_ in ("nmod", "nmod:poss", "compound")),
            float(self._line[c.i] == self._line[last]),
            float(bool(self._line[places[0]] == 0)),
            float(any(at.get(k) == name for s in c.around for k in s)),
            float(any(own and own <= words for words in roles)),
            len(own & near) / max(1, len(own)),
            float(bool(theirs and theirs & c.countries)),
            float(bool(theirs and c.countries and not theirs & c.countries)),
            float(" " not in name),
            float(subject and steps == 0),
            *c.determined,
        ]

    def _words_near(self, place: int) -> frozenset[str]:
        """Return the words by which a person is introduced."""
        around = self._doc[max(0, place - NEAR) : place + 2 * NEAR]
        return frozenset(t.lower_ for t in around if t.is_alpha)


@dataclass(frozen=True)
class _Context:
    i: int
    gender: Gender
    words: frozenset[str]
    spoken: Sequence[range]
    around: Sequence[range]
    latest: str
    content: Sequence[range]
    countries: frozenset[str]
    determined: tuple[float, float, float]


def _countries_in(phrase: str) -> frozenset[str]:
    return frozenset(m.entry.name for m in knowledge.mentions(phrase) if m.entry.type is ActorType.COUNTRY)


def _determined(phrase: str) -> tuple[float, float, float]:
    """Tell whether a phrase is definite, indefinite, possessive: "the senator", "a senator", "Smith's lawyer"."""
    words, classes = phrase.lower().split(), word_list("actors")
    first = words[0] if words else ""
    possessive = first in classes["possessives"] or any(w.endswith(("'s", "’s", "s'", "s’")) for w in words[:-1])
    return float(first in classes["definite"]), float(first in classes["indefinite"]), float(possessive)
