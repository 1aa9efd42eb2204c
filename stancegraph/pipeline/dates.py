"""When each position was stated: the time expression that dates the statement, not what it says, in `doc._.stated`.

"Said on Monday that …" dates a statement; "said the vote would be held on Monday" dates what is said. The tree tells one
from the other: an expression dates a statement if it hangs on the cue, on the letter, speech or meeting it was made in,
or on a clause to which that of the cue belongs. Where none does, the statement is of the day of its document.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple, TypedDict

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from stancegraph.models import Position, Stated, days_of
from stancegraph.pipeline.attribution import AttributionRow
from stancegraph.pipeline.clauses import (
    ADJUNCTS,
    COMPLEMENTS,
    CharSpans,
    Sentences,
    is_clause,
    is_one_of,
    is_root,
    last_mark,
    main_verb,
    mark,
    overlap,
    set_apart,
    subject,
    tense,
    tokens_of,
    top,
)
from stancegraph.pipeline.days import Days, shifted
from stancegraph.pipeline.placed_times import PlacedTimes, Reach, dateline
from stancegraph.pipeline.times import TimeExpression, Words
from stancegraph.pipeline.words import word_list

_NOT_OF_THE_STORY = frozenset({"present", "perfect", "future"})
_PERSONS = frozenset({"he", "she", "they", "we", "i"})
_FAR_STEPS = 2  # over more of them a time is rather part of what is said
_MOST_CLAUSES = 24  # that are asked for one date
_FARTHEST_MENTION = 500  # words
_LONGEST_TIME = 80  # characters


class StatedRow(TypedDict):
    """When a position was stated, as plain data; see `Stated`."""

    since: str | None
    until: str
    words: list[tuple[int, int]]
    earlier: bool


class Statement(NamedTuple):
    """Where a statement stands in a text: character spans of the words for its source, of its cue and its evidence."""

    source: tuple[tuple[int, int], ...]
    cue: tuple[tuple[int, int], ...]
    evidence: tuple[tuple[int, int], ...]


class _Told(NamedTuple):
    """Days, and the words that tell them."""

    days: Days
    words: Words


class _Asked(NamedTuple):
    """What is asked for: the evidence of a statement, whether it is a vote, and what the clauses asked so far tell."""

    evidence: CharSpans
    vote: bool
    told: dict[int, _Told | None]


class _Dater:
    """Tells when the statements of one document were made."""

    def __init__(self, doc: Doc, published: Days | None, statements: Sequence[Statement]) -> None:
        self._doc, self._words = doc, word_list("dates")
        head = dateline(doc.text) if published is None else None
        self._published = head.days if head else published
        self._published_in = head.words if head else ()
        self._evidence: dict[int, list[tuple[int, int]]] = {}
        for statement in statements:
            cue = tokens_of(doc, statement.cue)
            if cue:
                self._evidence.setdefault(top(cue).i, []).extend(statement.evidence)
        self._sentences = Sentences(doc, self._evidence)
        self._times = PlacedTimes(doc, self._published, self._evidence, self._sentences)

    def stated(self, statement: Statement) -> StatedRow | None:
        """Return when a statement was made; None if nothing tells."""
        cue = tokens_of(self._doc, statement.cue)
        told = (self._of_cue(statement, cue) if cue else self._of_quotation(statement)) or self._on_publication()
        if told is None:
            return None
        (since, until, earlier), words = told
        if self._published:
            if (since or until) > self._published.until:  # counted from something that is to come
                (since, until, earlier), words = self._published, self._published_in
            until = min(until, self._published.until)
        return StatedRow(
            since=since.isoformat() if since else None,
            until=until.isoformat(),
            words=sorted(set(words)),
            earlier=earlier,
        )

    def _on_publication(self) -> _Told | None:
        return _Told(self._published, self._published_in) if self._published else None

    def _before_publication(self, words: Words) -> _Told | None:
        return _Told(Days(None, self._published.until), words) if self._published else None

    # a statement

    def _of_cue(self, statement: Statement, cue: Sequence[Token]) -> _Told | None:
        verb = top(cue)
        asked = _Asked(statement.evidence, is_one_of(verb, self._words["votes"]), {verb.i: None})
        reaching = [
            *self._beside(statement),
            *self._nearest(verb, statement.source, [r for t in cue for r in self._times.reaching(t)]),
            *self._beyond(verb, statement.evidence),
        ]
        return (
            self._best(verb, reaching, asked)
            or self._recalled(verb)
            or self._introduced(verb, asked)
            or self._around(verb, asked)
        )

    def _beside(self, statement: Statement) -> Iterator[Reach]:
        """Yield the times in a cue, and those directly before or after it."""
        start, end = statement.cue[0][0], statement.cue[-1][1]
        for time in self._times.between(start - _LONGEST_TIME, end + 2):
            beside = 0 <= time.start - end <= 1 or 0 <= start - time.end <= 1
            if overlap(time.start, time.end, statement.cue):
                yield Reach(time, 0)
            elif beside and not time.attributive and not overlap(time.start, time.end, statement.evidence):
                yield Reach(time, 1)

    def _nearest(self, verb: Token, source: CharSpans, reaching: Sequence[Reach]) -> Sequence[Reach]:
        """Leave out times that belong to somebody else: "approved last week by Hungary and on Thursday by Turkey"."""
        own = tokens_of(self._doc, source[:1])
        sentence = self._sentences.of(verb)
        if len(reaching) < 2 or not own or not sentence.start <= own[0].i < sentence.end:
            return reaching
        joints = [t.idx for t in sentence if t.dep_ == "cc"]

        def is_joined(reach: Reach) -> bool:
            first, last = sorted((reach.time.start, own[0].idx))
            return any(first < joint < last for joint in joints)

        return [r for r in reaching if not is_joined(r)] or reaching

    def _beyond(self, verb: Token, evidence: CharSpans) -> Iterator[Reach]:
        """Yield what hangs on words that are said but stands after them: "urged them to stop on Wednesday"."""
        for child in verb.children:
            if child.dep_ == "xcomp" and overlap(child.idx, child.idx + 1, evidence):
                for reach in self._times.reaching(child):
                    if reach.time.start >= evidence[-1][1]:
                        yield reach._replace(steps=reach.steps + 3)

    def _introduced(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date of a clause that leads to what is said: "on Monday he made a demand: they should, he said, …"."""
        for child in verb.children:
            outside = child.i < verb.i and not overlap(child.idx, child.idx + 1, asked.evidence)
            if outside and child.dep_ in ("ccomp", "parataxis") and is_clause(child) and set_apart(child, verb):
                return self._best(child, self._times.reaching(child), asked)
        return None

    def _of_quotation(self, statement: Statement) -> _Told | None:
        """Return the date of words without a cue of their own: they go on with what was said before them."""
        said = tokens_of(self._doc, statement.evidence)
        before = self._sentences.before(said[0]) if said else None
        return self._of_sentence(before, _Asked(statement.evidence, False, {})) if before is not None else None

    # a clause

    def _of_clause(self, verb: Token, asked: _Asked) -> _Told | None:
        if verb.i not in asked.told and len(asked.told) < _MOST_CLAUSES:
            asked.told[verb.i] = None  # until it is known, so that nothing is asked in circles
            own = self._best(verb, self._times.reaching(verb), asked) or self._recalled(verb)
            asked.told[verb.i] = own or self._around(verb, asked)
        return asked.told.get(verb.i)

    def _best(self, verb: Token, reaching: Sequence[Reach], asked: _Asked) -> _Told | None:
        """Return what the nearest of some expressions tells of a clause."""

        def order(reach: Reach) -> tuple[int, bool, bool, int, int]:
            time, vague = reach.time, reach.time.kind in ("recalled", "later", "lasting")
            return reach.steps, vague, time in self._times.base, abs(time.start - verb.idx), time.start

        found = [
            (reach.time, told)
            for reach in sorted(reaching, key=order)
            if not self._is_said(verb, reach, asked) and (told := self._tells(verb, reach, asked))
        ]
        if not found:
            return None
        (nearest, best), *others = found
        return next((told for time, told in others if _touch(time, nearest) and _is_part(told.days, best.days)), best)

    def _is_said(self, verb: Token, reach: Reach, asked: _Asked) -> bool:
        """Tell whether a time expression is part of what is said, not of the clause that says it."""
        time, own = reach.time, self._evidence.get(verb.i, ())
        holding = [span for span in (*asked.evidence, *own) if overlap(time.start, time.end, [span])]
        if not holding:
            return False
        is_cue = verb.i in self._evidence
        if reach.when:
            return not is_cue
        if reach.steps <= _FAR_STEPS and all(b <= verb.idx < e for b, e in holding):
            return False  # a deed, told by the whole clause
        if not is_cue or reach.steps > (_FAR_STEPS if is_one_of(verb, self._words["deeds"]) else 1):
            return True
        before = (c for c in verb.children if verb.idx < c.idx < time.start)
        return any(c.dep_ in COMPLEMENTS or c.dep_ == "advcl" for c in before) or is_one_of(verb, self._words["elsewhere"])

    def _tells(self, verb: Token, reach: Reach, asked: _Asked) -> _Told | None:
        """Return the days that a time expression gives a clause in its tense."""
        time, when, days = reach.time, tense(verb), reach.time.days
        if when == "future":
            return None
        if time.kind == "lasting":
            return self._before_publication(time.words) if when in ("pluperfect", "past") else None
        if time in self._times.base:
            return self._counted_from(verb, time, asked)
        if time.kind == "later":
            return self._later(verb, time, asked)
        if days is None or (time.kind == "since" and self._lasts(verb)):
            return None
        if when == "present" and not reach.said_in and self._published and days.until < self._published.until:
            return None  # "wants a vote on Monday"
        return _Told(days, time.words)

    def _lasts(self, verb: Token) -> bool:
        """Tell whether what is so since some day still is: "has backed it since 2022"."""
        when = tense(verb)
        if when in ("present", "pluperfect"):
            return when == "present"
        return (when == "perfect" and verb.tag_ == "VBG") or is_one_of(verb, self._words["states"])

    def _recalled(self, verb: Token) -> _Told | None:
        """Return that something was earlier, where grammar alone says so: "used to support", "his former opposition"."""
        if verb.dep_ == "xcomp" and verb.head.lower_ == "used":
            return self._before_publication((_place(verb.head),))
        for child in verb.children:
            adjective = child.dep_ == "amod" and child.lower_ in self._words["recalling_adjectives"]
            lasting = child.lower_ in self._words["lasting"] and tense(verb) == "pluperfect"
            if adjective or (lasting and child.nbor().lower_ != "as"):
                return self._before_publication((_place(child),))
        return None

    # counted from other clauses

    def _counted_from(self, verb: Token, time: TimeExpression, asked: _Asked) -> _Told | None:
        """Return days that are so far from what is told after them: "a day after she went", "the eve of Sunday's vote"."""
        base, offset = self._times.base[time], time.offset
        if offset is None or verb.i == base.i or base.is_ancestor(verb):
            return None
        told = self._of_clause(base, asked) if is_clause(base) else self._best(base, self._times.reaching(base), asked)
        if told is None:  # of an eve it is known that it is no other day
            return _Told(time.days, time.words) if time.days and offset.low != offset.high else None
        return _Told(shifted(told.days, offset), (*told.words, (time.start, time.end)))

    def _counted_back(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date of a clause from which another is counted: "his remarks came a day after she called for …"."""
        time = self._times.offset[verb.i]
        told = (None if is_root(verb) else self._of_clause(verb.head, asked)) or self._on_publication()
        if told is None or time.offset is None:
            return None
        back = time.offset._replace(low=-time.offset.low, high=-time.offset.high)
        return _Told(shifted(told.days, back), (*told.words, (time.start, time.end)))

    def _later(self, verb: Token, time: TimeExpression, asked: _Asked) -> _Told | None:
        """Return days from those told before: "at first refused and later set conditions", "signed in 2019. He later …"."""
        sentence = self._sentences.of(verb)
        begun = [t for t in self._times.between(sentence.start_char, time.start) if t.kind == "recalled"]
        if begun:
            return self._before_publication((*begun[0].words, *time.words))
        joined = verb.dep_ == "conj" and verb.head.i < verb.i
        before = None if joined else self._sentences.before(verb)
        told = self._of_clause(verb.head, asked) if joined else self._of_sentence(before, asked) if before else None
        if told is None or told.days.since is None or self._published is None:
            return None
        return _Told(Days(told.days.since, self._published.until), (*told.words, *time.words))

    # clauses around

    def _around(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date that a clause has from those around it."""
        governor, dep = verb.head, verb.dep_
        if verb.i in self._times.offset:
            return self._counted_back(verb, asked)
        in_parenthesis = dep in ("parataxis", "advcl") and overlap(governor.idx, governor.idx + 1, asked.evidence)
        if is_root(verb) or in_parenthesis:  # "Sweden, he said, was …"
            return self._carried(verb, asked)
        if dep in COMPLEMENTS and not (verb.i < governor.i and set_apart(verb, governor)):
            return self._of_clause(governor, asked)
        if dep in ("conj", "parataxis", *COMPLEMENTS):
            return self._shared(verb, governor, asked)
        return self._when(verb) or self._of_dependent(verb, asked)

    def _of_dependent(self, verb: Token, asked: _Asked) -> _Told | None:
        if verb.dep_ == "advcl":
            return self._of_subordinate(verb, asked)
        if verb.dep_ in ("acl", "acl:relcl") or (verb.pos_ == "ADP" and verb.lower_ in self._words["sides"]):
            return self._of_modifier(verb, asked)
        if verb.dep_ in ("nsubj", "nsubj:pass", "obj") and is_one_of(verb.head, self._words["light"]):
            return self._of_clause(verb.head, asked)  # "the refusal came on Monday"
        return None

    def _shared(self, verb: Token, other: Token, asked: _Asked) -> _Told | None:
        """Return the date of a clause coordinated with one before it, if they tell of the same time."""
        if tense(verb) in _NOT_OF_THE_STORY:
            return None
        told = self._of_clause(other, asked)
        if told is None or any(start > verb.idx for start, _ in told.words):
            return None
        whose = subject(verb)
        if whose is not None and verb.dep_ != "advcl" and tense(other) == "pluperfect" and tense(verb) == "past":
            return None  # the story is back in its own time
        contrast = any(c.i < verb.i and c.lower_ in self._words["contrasting"] for c in verb.children)
        return None if told.days.since is None and (contrast or whose is not None) else told

    def _of_subordinate(self, verb: Token, asked: _Asked) -> _Told | None:
        if subject(verb) is None:
            return self._of_clause(verb.head, asked)
        if mark(verb) in self._words["same_time"]:
            return self._shared(verb, verb.head, asked)
        if mark(verb) != "after" or tense(verb) in _NOT_OF_THE_STORY:
            return None
        told = self._of_clause(verb.head, asked)
        return _Told(Days(None, told.days.until), told.words) if told else None

    def _when(self, verb: Token) -> _Told | None:
        """Return the time that "when" stands after: "it began on 29 May, when voters refused the treaty"."""
        word = next((c for c in verb.children if c.lower_ == "when" and c.i < verb.i), None)
        if word is None:
            return None
        near = self._times.between(word.idx - _LONGEST_TIME, word.idx)
        told = [t for t in near if t.kind == "days" and word.idx - t.end <= len(", ")]
        return next((_Told(t.days, t.words) for t in told if t.days), None)

    def _of_modifier(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date of a clause that modifies a noun: of the letter it stands in, or of the clause around it."""
        noun = verb.head
        said_in = self._times.is_said_in(noun)
        if said_in and (told := self._best(noun, self._times.reaching(noun), asked)):
            return told
        if verb.dep_ == "acl:relcl" and not said_in:
            return None
        while not is_root(noun) and not is_clause(noun):
            noun = noun.head
        return self._of_clause(noun, asked) if is_clause(noun) else None

    # sentences before

    def _carried(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date that a sentence has from the one before it, where it goes on with it."""
        before = self._sentences.before(verb)
        if before is None or tense(verb) in _NOT_OF_THE_STORY:
            return None
        if last_mark(before) in (";", ":"):
            return self._shared(verb, main_verb(before), asked)
        if tense(verb) == "pluperfect":
            return None
        if not self._sentences.in_one_paragraph(before, verb):
            return self._of_sentence(before, asked) if self._goes_on(verb, before, asked, persons=True) else None
        occasions = [c for c in verb.children if c.i < verb.i and c.dep_ == "obl" and self._times.is_said_in(c)]
        if occasions:
            return self._on_occasion(occasions[0], before, asked)
        told = self._of_sentence(before, asked)
        if told is None or self._goes_on(verb, before, asked):
            return told
        return told if is_one_of(verb, self._words["replies"]) and told.days.since == told.days.until else None

    def _goes_on(self, verb: Token, before: Span, asked: _Asked, *, persons: bool = False) -> bool:
        """Tell whether a sentence goes on with the one before: "he said", "X also …", a vote after a vote."""
        who = subject(verb)
        if who is not None and who.tag_ == "PRP" and (not persons or who.lower_ in _PERSONS):
            return True
        if asked.vote and is_one_of(main_verb(before), self._words["voted"]):
            return True
        also = any(c.lower_ in self._words["continuing_adverbs"] for c in verb.children)
        return also or is_one_of(verb, self._words["continuing"])

    def _on_occasion(self, noun: Token, before: Span, asked: _Asked) -> _Told | None:
        """Return the date of the letter or meeting a sentence begins with, as told before: "in the letter she wrote …"."""
        same = {c.lower_ for c in noun.children} & self._words["same"]
        told = self._of_mention(noun, asked) if same else None
        if told is None and (same - {"the"} or not self._sentences.has_cue(before)):
            return self._of_sentence(before, asked)
        return told

    def _of_mention(self, noun: Token, asked: _Asked) -> _Told | None:
        """Return the date of the last thing of the same name."""
        for token in reversed(self._doc[max(0, noun.i - _FARTHEST_MENTION) : noun.i]):
            if token.lemma_ == noun.lemma_ and token.pos_ == noun.pos_:
                own = self._best(token, self._times.reaching(token), asked)
                governed = token.dep_ in ADJUNCTS and is_clause(token.head)
                return own or (self._of_clause(token.head, asked) if governed else None)
        return None

    def _of_sentence(self, sentence: Span, asked: _Asked) -> _Told | None:
        """Return the date of a sentence: that of its main clause, or of the first of its statements that has one."""
        cues = (t for t in sentence if t.i in self._evidence and t.dep_ not in ("advcl", "acl", "acl:relcl"))
        for verb in (main_verb(sentence), *cues):
            told = self._of_clause(verb, asked)
            if told is not None and told.days.since is not None:
                return told
        return None


def _place(token: Token) -> tuple[int, int]:
    return token.idx, token.idx + len(token)


def _touch(one: TimeExpression, other: TimeExpression) -> bool:
    return 0 <= max(one.start, other.start) - min(one.end, other.end) <= len(", ")


def _is_part(one: Days, other: Days) -> bool:
    """Tell whether some days are a part of others ("on Tuesday" of "last week")."""
    if one.since is None or other.since is None or one[:2] == other[:2]:
        return False
    return other.since <= one.since and one.until <= other.until


# --- component -------------------------------------------------------------------------------------------------------


def stated_rows(doc: Doc, statements: Sequence[Statement]) -> list[StatedRow | None]:
    """Return when each of some statements of a parsed document was made; None where nothing tells."""
    if not statements:
        return []
    date = (doc._.document or {}).get("date")
    dater = _Dater(doc, Days(*days_of(date)) if date else None, statements)
    return [dater.stated(statement) for statement in statements]


def with_dates(doc: Doc, positions: Sequence[Position]) -> tuple[Position, ...]:
    """Return positions with the dates that their document tells, whoever found them.

    Args:
        doc: The document, as the pipeline has parsed it.
        positions: Positions of it; their spans for source, cue and evidence say where each was stated.
    """
    statements = [Statement(*(tuple((s.start, s.end) for s in p) for p in (q.source, q.cue, q.evidence))) for q in positions]
    rows = stated_rows(doc, statements)
    return tuple(p.model_copy(update={"stated": stated_of(row)}) for p, row in zip(positions, rows, strict=True))


def stated_of(row: StatedRow | None) -> Stated | None:
    """Return a date as the model that `Position` holds."""
    return Stated.model_validate({**row, "words": [{"start": b, "end": e} for b, e in row["words"]]}) if row else None


class Dates:
    """Sets `doc._.stated`: for each attribution a `StatedRow`, or None where nothing tells its date."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Date the attributions of a document."""
        rows: list[AttributionRow] = doc._.attributions
        parts = ((row["source"], row["cue"], row["content"]) for row in rows)
        doc._.stated = stated_rows(doc, [Statement(*(tuple((b, e) for b, e in part) for part in row)) for row in parts])
        return doc


if not Doc.has_extension("stated"):
    Doc.set_extension("stated", default=[])


@Language.factory(
    "stancegraph_dates",
    assigns=["doc._.stated"],
    requires=["doc._.attributions", "token.dep", "token.tag", "token.lemma"],
)
def make_dates(nlp: Language, name: str) -> Dates:
    """Create the component for the dates of statements.

    Args:
        nlp: The pipeline.
        name: The component's name.
    """
    return Dates(name)
