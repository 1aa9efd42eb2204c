"""When each position was stated: the time expression that dates the statement, not what it says, in `doc._.stated`.

"Said on Monday that …" dates a statement; "said the vote would be held on Monday" dates what is said. The tree tells one
from the other: an expression dates a statement if it hangs on the cue, on the letter, speech or meeting it was made in,
or on a clause to which that of the cue belongs. Where none does, the statement is of the day of its document.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple, TypedDict

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from stancegraph.models import Position, Stated, days_of
from stancegraph.pipeline.attribution import AttributionRow
from stancegraph.pipeline.times import Days, TimeExpression, find_times, shifted
from stancegraph.pipeline.words import word_list

CharSpans = Sequence[tuple[int, int]]
Tense = Literal["past", "pluperfect", "perfect", "present", "future", "none"]

_ADJUNCTS = frozenset(
    {"obl", "obl:unmarked", "obl:agent", "nmod", "nmod:unmarked", "advmod", "appos", "nmod:poss", "compound", "amod"}
)
_SUBJECTS = frozenset({"nsubj", "nsubj:pass", "nsubj:outer", "csubj"})
_PART_OF_CLAUSE = frozenset({"ccomp", "xcomp", "csubj", "csubj:pass"})
_COUNTED_FROM = frozenset({"advcl", "obl", "nmod"})
_ENDS = frozenset('.?!:;"”’)')
_BREAK = re.compile(r"\n\s*\n")
_JOINED = 2  # words from a verb to another that is joined to it by "and" alone
_MOST_CLAUSES = 16  # that a date is carried over


class StatedRow(TypedDict):
    """When a position was stated, as plain data; see `Stated`."""

    since: str | None
    until: str
    words: list[tuple[int, int]]
    earlier: bool


class Statement(NamedTuple):
    """Where a statement stands in a text: character spans of the words for its source, of its cue and its evidence."""

    source: CharSpans
    cue: CharSpans
    evidence: CharSpans


class _Told(NamedTuple):
    """Days, and the words that tell them."""

    days: Days
    words: tuple[tuple[int, int], ...]


class _Reach(NamedTuple):
    """That a time expression belongs to a word, over how many steps, and whether over what the word's clause is said in.

    `when` if it is that of another clause, of the same time: "when they came on Monday".
    """

    steps: int
    time: TimeExpression
    said_in: bool = False
    when: bool = False


class _Asked(NamedTuple):
    """What is asked for: the evidence of the statement, the clauses asked already, and whether it is a vote."""

    evidence: CharSpans
    clauses: set[int]
    vote: bool = False


# --- trees -----------------------------------------------------------------------------------------------------------


def _tense(verb: Token) -> Tense:
    """Return the tense of a clause by its verb or other predicate; "none" where it has none of its own."""
    helpers = [c for c in verb.children if c.dep_ in ("aux", "aux:pass", "cop")]
    if any(c.tag_ == "MD" for c in helpers) or (verb.tag_ == "VB" and any(c.lemma_ == "be" for c in helpers)):
        return "future"  # "will vote", "is to vote"
    have = next((c for c in helpers if c.lemma_ == "have"), None)
    if have is not None:
        return "pluperfect" if have.tag_ == "VBD" else "perfect"
    tag = next((c.tag_ for c in helpers if c.tag_ in ("VBD", "VBZ", "VBP")), verb.tag_)
    if tag == "VBD" or (tag == "VBN" and _subject(verb) is not None):
        return "past"
    return "present" if tag in ("VBZ", "VBP") else "none"


def _subject(verb: Token) -> Token | None:
    return next((c for c in verb.children if c.dep_ in _SUBJECTS), None)


def _is_clause(token: Token) -> bool:
    return token.pos_ in ("VERB", "AUX") or any(c.dep_ in _SUBJECTS or c.dep_ == "cop" for c in token.children)


def _lemma_in(token: Token, words: frozenset[str]) -> bool:
    return token.lemma_.lower() in words or token.lower_ in words


def _mark(verb: Token) -> str:
    """Return the word that makes a clause subordinate: "when", "after"; "" if there is none."""
    return next((c.lower_ for c in verb.children if c.i < verb.i and (c.dep_ == "mark" or c.tag_ == "WRB")), "")


def _is_root(token: Token) -> bool:
    return token.head.i == token.i


def _apart(one: Token, other: Token) -> bool:
    """Tell whether a colon or semicolon stands between two words."""
    return any(t.text in (":", ";") for t in one.doc[min(one.i, other.i) : max(one.i, other.i)])


def _main(sentence: Span) -> Token:
    """Return the main verb of a sentence, which a dateline may precede."""
    root = sentence.root
    return root if _is_clause(root) else next((c for c in root.children if c.dep_ == "parataxis" and _is_clause(c)), root)


def _top(tokens: Sequence[Token], *, adjunct: bool = False) -> Token:
    """Return the word that the others of some words hang on; of several a verb, or an adjunct if that is wanted."""
    among = {t.i for t in tokens}
    tops = [t for t in tokens if (t.head.i not in among or _is_root(t)) and not t.is_punct]
    wanted = (t for t in tops if (t.dep_ in _ADJUNCTS if adjunct else t.pos_ in ("VERB", "AUX")))
    return next(wanted, next(iter(tops), tokens[0]))


def _sharing(verb: Token, place: int) -> list[Token]:
    """Return the verbs that share what hangs on one and stands at a place: "met and agreed on Monday".

    What stands after a later one belongs to that, and to the first only if nothing but "and" is between them; what stands
    after the clause around it or right after a relative clause belongs there, whatever the tree says.
    """
    around = [w for w in verb.ancestors if verb.i < w.i < place and _is_clause(w)]
    if around:
        return [around[-1]]
    before = verb.doc[max(place - 1, 0)]
    if any(c.dep_ == "acl:relcl" and verb.i < c.i and c.right_edge.i == before.i for c in (before, *before.ancestors)):
        return []
    later = [c for c in verb.children if c.dep_ == "conj" and verb.i < c.i < place and _is_clause(c)]
    return [*([verb] if all(c.i - verb.i <= _JOINED for c in later) else []), *later[-1:]]


def _overlap(start: int, end: int, spans: CharSpans) -> bool:
    return any(start < e and b < end for b, e in spans)


# --- documents -------------------------------------------------------------------------------------------------------

_HEAD = 600  # characters in which a text says when it was written
_PLACE = re.compile(r"[^\W\d_a-z][^\n.;:!?]{0,50}[,(]\s*")  # "VIENNA, 13 May 2022 –", "GENEVA (March 3, 2016) —"
_DASH = re.compile(r"\)?(?: ?\([^()\n]{1,30}\))?:? ?(?:[–—]|-{1,2}\s)")
_LINE_END = re.compile(r"\.?[ \t]*(?:\n|$)")
_LABEL = re.compile(r"[^\W_]+")


def _in_dateline(text: str, time: TimeExpression) -> bool:
    """Tell whether a date stands before a report, after its place or in a line of its own."""
    before = text[: time.start].rpartition("\n")[2]
    if _DASH.match(text, time.end):
        return bool(_PLACE.fullmatch(before))
    label = _LABEL.findall(before.lower())
    return bool(_LINE_END.match(text, time.end)) and all(w in word_list("dates")["labels"] for w in label)


def _dateline(text: str) -> TimeExpression | None:
    """Return the first full date that says when a text was written."""
    head = find_times(text[:_HEAD], None)
    return next((t for t in head if t.days and t.days.since == t.days.until and _in_dateline(text, t)), None)


class _Dater:
    """Tells when the statements of one document were made."""

    def __init__(self, doc: Doc, published: Days | None, statements: Sequence[Statement]) -> None:
        self._doc, self._words = doc, word_list("dates")
        dateline = _dateline(doc.text) if published is None else None
        self._published = dateline.days if dateline else published
        self._published_in = dateline.words if dateline else ()
        self._cues = {s: self._tokens(s.cue) for s in statements}
        self._evidence: dict[int, list[tuple[int, int]]] = {}
        for statement, tokens in self._cues.items():
            if tokens:
                self._evidence.setdefault(_top(tokens).i, []).extend(statement.evidence)
        self._sentences = list(doc.sents)
        self._number = {t.i: k for k, sentence in enumerate(self._sentences) for t in sentence}
        self._reach: dict[int, list[_Reach]] = {}
        self._times: list[TimeExpression] = []
        self._after: dict[int, TimeExpression] = {}  # by the clause that an offset counts from
        self._base: dict[TimeExpression, Token] = {}  # the other way round
        for time in find_times(doc.text, self._published):
            self._place(time)

    def _tokens(self, spans: CharSpans) -> list[Token]:
        found = (self._doc.char_span(b, e, alignment_mode="expand") for b, e in spans)
        return [t for span in found if span is not None for t in span if not t.is_space]

    # where time expressions belong

    def _place(self, time: TimeExpression) -> None:
        tokens = self._tokens([(time.start, time.end)])
        if not tokens or not self._is_time(time, tokens) or _in_dateline(self._doc.text, time):
            return
        self._times.append(time)
        last, root = tokens[-1], _top(tokens, adjunct=True)
        if time.kind == "offset":
            base = self._counted_from(last)
            if base is not None:
                self._base[time] = base
                self._after[base.i] = time
        for word, reach in self._belongs_to(root, time, unmarked=tokens[0].pos_ != "ADP"):
            for verb in _sharing(word, tokens[0].i):
                self._reach.setdefault(verb.i, []).append(reach)
        following = self._cut_off(root)
        if following is not None:
            self._reach.setdefault(following.i, []).append(_Reach(1, time))

    def _cut_off(self, root: Token) -> Token | None:
        """Return the verb after a time that was taken for a sentence of its own: "On Friday" before "she proposed …"."""
        number = self._number[root.i]
        cut = number + 1 < len(self._sentences) and self._is_fragment(number)
        return _main(self._sentences[number + 1]) if cut else None

    def _is_fragment(self, number: int) -> bool:
        """Tell whether what was taken for a sentence is a part of the next one."""
        visible = [t for t in self._sentences[number] if not t.is_space]
        return not visible or not (visible[-1].text in _ENDS or any(map(_is_clause, visible)))

    def _previous(self, number: int) -> int | None:
        """Return the number of the sentence before one of the same paragraph, if there is one."""
        before = number - 1
        while before >= 0 and self._is_fragment(before):
            before -= 1
        between = self._doc[self._sentences[before].end - 1 : self._sentences[number].start + 1] if before >= 0 else None
        return before if between is not None and _BREAK.search(between.text) is None else None

    def _is_time(self, time: TimeExpression, tokens: Sequence[Token]) -> bool:
        first, last = tokens[0], tokens[-1]
        if first.lower_ == "that" and first.tag_ in ("IN", "WDT"):
            return False  # "said that day care …"
        if any(t.ent_type_ == "PERSON" for t in tokens) or (first.i and first.nbor(-1).lower_ == "as"):
            return False  # "Theresa May", "as recently as in that speech"
        if any(t.is_title and not t.is_sent_start and t.lower_ in self._words["no_names"] for t in tokens):
            return False  # the programme "This Week"
        if "once" in (first.lower_, last.lower_):
            after = last.nbor().lower_ if last.i + 1 < len(self._doc) else ""
            conjunction = first.dep_ == "mark" and first.head.pos_ in ("VERB", "AUX")
            return first.lower_ == "once" and after not in self._words["after_once"] and not conjunction
        if time.kind in ("recalled", "later") and len(tokens) == 1:
            return first.pos_ == "ADV"
        return not (last.pos_ == "NUM" and last.dep_ == "nummod")  # "in 2000 villages"

    def _counted_from(self, last: Token) -> Token | None:
        """Return the clause or noun that "a day after" or "on the eve of" counts from."""
        if last.lower_ == "eve":
            return next((c for c in last.children if c.dep_ == "nmod"), None)
        if last.dep_ not in ("mark", "case") or last.i + 1 >= len(self._doc) or last.nbor().is_punct:
            return None
        word = last.nbor()
        while word.head.i > last.i and not _is_root(word) and word.dep_ not in _COUNTED_FROM:
            word = word.head
        if last.lower_ == "before" and _tense(word) == "pluperfect":
            return None  # "In a letter the day before he had promised …"
        return word if word.dep_ in _COUNTED_FROM or (last.head.i == word.i and not _is_root(word)) else None

    def _belongs_to(self, root: Token, time: TimeExpression, *, unmarked: bool) -> Iterator[tuple[Token, _Reach]]:
        """Yield the words that a time expression dates."""
        node, steps, said_in, when = root, 1, False, False
        attributive = time.attributive or root.dep_ in ("compound", "nmod:poss", "amod")
        if node.dep_ not in _ADJUNCTS and node.dep_ not in ("obj", "dep"):
            return
        while not _is_root(node):
            node = node.head
            yield node, _Reach(steps, time, said_in, when)
            if _overlap(time.start, time.end, self._evidence.get(node.i, ())):
                return
            clause = _is_clause(node) or node.dep_ == "acl"
            if not (self._passes_clause(node) if clause else self._passes_noun(node, attributive, unmarked)):
                return
            steps += 2 if node.dep_ == "advcl" else 1
            said_in |= not clause and self._is_said_in(node)
            when |= clause and _tense(node) == "past"
            attributive = False

    def _is_said_in(self, noun: Token) -> bool:
        return _lemma_in(noun, self._words["vehicles"] | self._words["occasions"])

    def _passes_clause(self, verb: Token) -> bool:
        """Tell whether a time in a clause is that of the clause around it: "when he came on Monday", "dated 1 July"."""
        if verb.dep_ == "acl" and verb.tag_ == "VBG" and verb.head.dep_ in _SUBJECTS:
            return verb.left_edge.i > 0 and verb.left_edge.nbor(-1).text == ","  # "the ministers, meeting on Sunday, agreed"
        if verb.dep_ == "acl":
            return _lemma_in(verb.head, self._words["vehicles"]) and _lemma_in(verb, self._words["issued"])
        if verb.dep_ == "acl:relcl":  # "after a meeting that ended on Sunday"
            subject = _subject(verb)
            return subject is not None and subject.tag_ == "WDT" and _lemma_in(verb.head, self._words["occasions"])
        if verb.dep_ != "advcl":
            return False
        mark = _mark(verb)
        if _subject(verb) is None:
            return not mark or mark in self._words["same_time"] or mark in self._words["with_participles"]
        return mark in ("when", "as")

    def _passes_noun(self, noun: Token, attributive: bool, unmarked: bool) -> bool:
        """Tell whether a time that belongs to a noun is that of the clause: "at a meeting on Sunday"."""
        said_in = _lemma_in(noun, self._words["vehicles"])
        if noun.dep_ in ("nsubj", "nsubj:pass"):
            return said_in or any(c.dep_ == "acl" and c.tag_ == "VBG" for c in noun.children)
        if noun.dep_ == "obj":
            deed = _lemma_in(noun.head, self._words["deeds"])
            return said_in or (not attributive and (unmarked or deed))
        if noun.dep_ not in _ADJUNCTS:
            return False
        if self._is_said_in(noun) or _lemma_in(noun, self._words["hours"]):
            return True
        return not attributive and (noun.pos_ == "PROPN" or _lemma_in(noun, self._words["audiences"]))

    # when a statement was made

    def stated(self, statement: Statement) -> StatedRow | None:
        """Return when a statement was made; None if nothing tells."""
        tokens = self._cues[statement]
        told = self._of_cue(statement, tokens) if tokens else self._of_quotation(statement)
        if told is None and self._published is None:
            return None
        days, words = told or _Told(self._published, self._published_in)
        if self._published and (days.since or days.until) > self._published.until:
            days, words = self._published, self._published_in
        if self._published:
            days = days._replace(until=min(days.until, self._published.until))
        since = days.since.isoformat() if days.since else None
        return StatedRow(since=since, until=days.until.isoformat(), words=sorted(set(words)), earlier=days.earlier)

    def _of_cue(self, statement: Statement, tokens: Sequence[Token]) -> _Told | None:
        verb = _top(tokens)
        asked = _Asked(statement.evidence, {verb.i}, vote=_lemma_in(verb, self._words["votes"]))
        start, end = statement.cue[0][0], statement.cue[-1][1]
        near = [
            _Reach(0 if _overlap(t.start, t.end, statement.cue) else 1, t)
            for t in self._times
            if _overlap(t.start, t.end, statement.cue)
            or (not _overlap(t.start, t.end, statement.evidence) and not t.attributive and _beside(t, start, end))
        ]
        reaching = self._nearest(statement.source, [r for t in tokens for r in self._reach.get(t.i, ())])
        return (
            self._best(verb, [*near, *reaching, *self._beyond(verb, statement.evidence)], asked)
            or self._recalled(verb)
            or self._introduced(verb, asked)
            or self._around(verb, asked)
        )

    def _nearest(self, source: CharSpans, reaching: Sequence[_Reach]) -> Sequence[_Reach]:
        """Leave out times that belong to somebody else: "approved last week by Hungary and on Thursday by Turkey"."""
        if not source:
            return reaching
        joints = [t.idx for t in self._doc if t.dep_ == "cc"]
        mine = [
            r
            for r in reaching
            if not any(min(r.time.start, source[0][0]) < i < max(r.time.start, source[0][0]) for i in joints)
        ]
        return mine or reaching

    def _beyond(self, verb: Token, evidence: CharSpans) -> Iterator[_Reach]:
        """Yield what hangs on words that are said but stands after them: "urged them to stop on Wednesday"."""
        end = evidence[-1][1]
        for token in self._tokens(evidence):
            complement = token.dep_ == "xcomp" and token.head.i == verb.i
            yield from (
                reach._replace(steps=reach.steps + 3)
                for reach in self._reach.get(token.i, ())
                if complement and reach.time.start >= end
            )

    def _introduced(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date of a clause that leads to what is said: "on Monday he made a demand: they should, he said, …"."""
        for child in verb.children:
            outside = child.i < verb.i and not _overlap(child.idx, child.idx + 1, asked.evidence)
            if outside and child.dep_ in ("ccomp", "parataxis") and _is_clause(child) and _apart(child, verb):
                return self._best(child, self._reach.get(child.i, ()), asked)
        return None

    def _of_quotation(self, statement: Statement) -> _Told | None:
        """Return the date of words without a cue of their own: they go on with what was said before them."""
        tokens = self._tokens(statement.evidence)
        number = self._previous(self._number[tokens[0].i]) if tokens else None
        return None if number is None else self._of_sentence(self._sentences[number], _Asked(statement.evidence, set()))

    def _of_clause(self, verb: Token, asked: _Asked) -> _Told | None:
        if verb.i in asked.clauses:
            return None
        asked.clauses.add(verb.i)
        own = self._best(verb, self._reach.get(verb.i, ()), asked)
        return own or self._recalled(verb) or self._around(verb, asked)

    def _best(self, verb: Token, reaching: Sequence[_Reach], asked: _Asked) -> _Told | None:
        """Return what the nearest of some expressions tells of a clause."""

        def order(reach: _Reach) -> tuple[int, bool, bool, int, int]:
            time = reach.time
            return (
                reach.steps,
                time.kind in ("recalled", "later", "lasting"),
                time in self._base,
                abs(time.start - verb.idx),
                time.start,
            )

        found = [
            (reach, told)
            for reach in sorted(reaching, key=order)
            if not self._is_said(verb, reach, asked) and (told := self._tells(verb, reach, asked))
        ]
        if not found:
            return None
        (nearest, best), *others = found
        return next((told for r, told in others if _touch(r.time, nearest.time) and _narrower(told.days, best.days)), best)

    def _is_said(self, verb: Token, reach: _Reach, asked: _Asked) -> bool:
        """Tell whether a time expression is part of what is said, not of the clause that says it."""
        time, own = reach.time, self._evidence.get(verb.i, [])
        holding = [(b, e) for b, e in (*asked.evidence, *own) if _overlap(time.start, time.end, [(b, e)])]
        if not holding:
            return False
        if reach.when:
            return verb.i not in self._evidence
        if reach.steps > 2:
            return True
        if all(b <= verb.idx < e for b, e in holding):
            return False  # a deed, told by the whole clause
        if reach.steps > 1 and not _lemma_in(verb, self._words["deeds"]):
            return True
        complement = any(
            c.dep_ in _PART_OF_CLAUSE or c.dep_ == "advcl" for c in verb.children if verb.idx < c.idx < time.start
        )
        return complement or verb.i not in self._evidence or _lemma_in(verb, self._words["forward"])

    def _tells(self, verb: Token, reach: _Reach, asked: _Asked) -> _Told | None:
        """Return the days that a time expression gives a clause in its tense."""
        time, tense = reach.time, _tense(verb)
        days = time.days
        if tense == "future" or time.kind == "unknown":
            return None
        if time.kind == "lasting":
            return self._earlier(time.words) if tense in ("pluperfect", "past") else None
        if time in self._base:
            base = self._base[time]
            return None if verb.i == base.i or base.is_ancestor(verb) else self._offset_from(base, time, asked)
        if time.kind == "later":
            return self._later(verb, time, asked)
        lasts = tense == "present" or (tense == "perfect" and verb.tag_ == "VBG") or _lemma_in(verb, self._words["states"])
        if days is None or (time.kind == "since" and lasts and tense != "pluperfect"):
            return None
        if tense == "present" and not reach.said_in and self._published and days.until < self._published.until:
            return None  # "wants a vote on Monday"
        return _Told(days, time.words)

    def _later(self, verb: Token, time: TimeExpression, asked: _Asked) -> _Told | None:
        """Return days from those told before: "at first refused and later set conditions", "signed in 2019. He later …"."""
        if begun := self._begun(time):
            return self._earlier((*begun.words, *time.words))
        joined = verb.dep_ == "conj" and verb.head.i < verb.i
        number = self._previous(self._number[verb.i])
        if joined:
            told = self._of_clause(verb.head, asked)
        else:
            told = None if number is None else self._of_sentence(self._sentences[number], asked)
        if told is None or told.days.since is None or self._published is None:
            return None
        return _Told(Days(told.days.since, self._published.until), (*told.words, *time.words))

    def _begun(self, later: TimeExpression) -> TimeExpression | None:
        """Return what tells, before "later" in the same sentence, of something earlier."""
        number = self._sentence_at(later.start)
        before = (t for t in self._times if t.kind == "recalled" and t.end <= later.start)
        return next((t for t in before if self._sentence_at(t.start) == number), None)

    def _sentence_at(self, offset: int) -> int:
        return bisect([s.start_char for s in self._sentences], offset)

    def _offset_from(self, base: Token, time: TimeExpression, asked: _Asked) -> _Told | None:
        if time.offset is None:
            return None
        told = self._of_clause(base, asked) if _is_clause(base) else self._best(base, self._reach.get(base.i, ()), asked)
        if told is None:
            return _Told(time.days, time.words) if time.days and time.offset.low != time.offset.high else None
        return _Told(shifted(told.days, time.offset), (*told.words, (time.start, time.end)))

    def _earlier(self, words: tuple[tuple[int, int], ...]) -> _Told | None:
        return _Told(Days(None, self._published.until), words) if self._published else None

    def _recalled(self, verb: Token) -> _Told | None:
        """Return that something was earlier, where grammar alone says so: "used to support", "his former opposition"."""
        if verb.dep_ == "xcomp" and verb.head.lower_ == "used":
            return self._earlier(((verb.head.idx, verb.head.idx + len(verb.head)),))
        for child in verb.children:
            adjective = child.dep_ == "amod" and child.lower_ in self._words["recalling_adjectives"]
            lasting = child.lower_ in self._words["lasting"] and _tense(verb) == "pluperfect" and child.nbor().lower_ != "as"
            if adjective or lasting:
                return self._earlier(((child.idx, child.idx + len(child)),))
        return None

    # clauses around

    def _around(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date that a clause has from those around it."""
        governor, dep = verb.head, verb.dep_
        if verb.i in self._after:
            return self._counted_back(verb, asked)
        said = dep in ("parataxis", "advcl") and _overlap(governor.idx, governor.idx + 1, asked.evidence)
        if _is_root(verb) or said:  # "Sweden, he said, was …"
            return self._carried(verb, asked)
        if dep in _PART_OF_CLAUSE and not (verb.i < governor.i and _apart(verb, governor)):
            return self._of_clause(governor, asked)
        if dep in ("conj", "parataxis", *_PART_OF_CLAUSE):
            return self._shared(verb, governor, asked)
        if (when := self._when(verb)) is not None:
            return when
        if dep == "advcl":
            return self._of_subordinate(verb, asked)
        if dep in ("acl", "acl:relcl"):
            return self._of_modifier(verb, asked)
        if verb.pos_ == "ADP" and verb.lower_ in self._words["sides"]:
            return self._of_modifier(verb, asked)
        if dep in ("nsubj", "nsubj:pass", "obj") and _lemma_in(governor, self._words["light"]):
            return self._of_clause(governor, asked)
        return None

    def _counted_back(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date of a clause from which another is counted: "his remarks came a day after she called for …"."""
        time = self._after[verb.i]
        if time.offset is None:
            return None
        told = None if _is_root(verb) else self._of_clause(verb.head, asked)
        if told is None and self._published is None:
            return None
        days, words = told or _Told(self._published, self._published_in)
        low, high, _ = time.offset
        return _Told(shifted(days, time.offset._replace(low=-low, high=-high)), (*words, (time.start, time.end)))

    def _shared(self, verb: Token, other: Token, asked: _Asked) -> _Told | None:
        """Return the date of a clause coordinated with one before it, if they tell of the same time."""
        if _tense(verb) in ("present", "perfect", "future"):
            return None
        told = self._of_clause(other, asked)
        if told is None or any(b > verb.idx for b, _ in told.words):
            return None
        joined = {c.lower_ for c in verb.children if c.i < verb.i}
        contrast = joined & self._words["contrasting"] and "later" not in joined
        if verb.dep_ != "advcl" and _subject(verb) is not None and _tense(other) == "pluperfect" and _tense(verb) == "past":
            return None  # the story is back in its own time
        return None if told.days.since is None and (contrast or _subject(verb) is not None) else told

    def _of_subordinate(self, verb: Token, asked: _Asked) -> _Told | None:
        if _subject(verb) is None:
            return self._of_clause(verb.head, asked)
        mark = _mark(verb)
        if mark in self._words["same_time"]:
            return self._shared(verb, verb.head, asked)
        told = self._of_clause(verb.head, asked) if mark == "after" and _tense(verb) in ("past", "pluperfect") else None
        return _Told(Days(None, told.days.until), told.words) if told else None

    def _when(self, verb: Token) -> _Told | None:
        """Return the time that "when" stands after: "it began on 29 May, when voters refused the treaty"."""
        word = next((c for c in verb.children if c.lower_ == "when" and c.i < verb.i), None)
        before = (
            t for t in self._times if word is not None and 0 < word.idx - t.end <= len(", ") and t.days and t.kind == "days"
        )
        return next((_Told(t.days, t.words) for t in before if t.days), None)

    def _of_modifier(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date of a clause that modifies a noun: the letter it stands in, or the clause it is a part of."""
        noun = verb.head
        said_in = _lemma_in(noun, self._words["vehicles"] | self._words["occasions"])
        if said_in and (told := self._best(noun, self._reach.get(noun.i, ()), asked)):
            return told
        if verb.dep_ == "acl:relcl" and not said_in:
            return None
        while not _is_root(noun) and not _is_clause(noun):
            noun = noun.head
        return self._of_clause(noun, asked) if _is_clause(noun) else None

    # sentences before

    def _carried(self, verb: Token, asked: _Asked) -> _Told | None:
        """Return the date that a sentence has from the one before it, where it goes on with it."""
        number = self._previous(self._number[verb.i])
        if number is None or _tense(verb) in ("present", "perfect", "future"):
            return None
        before = self._sentences[number]
        if next((t.text for t in reversed(before) if not t.is_space), "") in (";", ":"):
            return self._shared(verb, _main(before), asked)
        if _tense(verb) == "pluperfect":
            return None
        if told := self._on_occasion(verb, before, asked):
            return told
        told = self._of_sentence(before, asked)
        if told is None or self._goes_on(verb) or (asked.vote and _lemma_in(_main(before), self._words["voted"])):
            return told
        return told if _lemma_in(verb, self._words["replies"]) and told.days.since == told.days.until else None

    def _on_occasion(self, verb: Token, before: Span, asked: _Asked) -> _Told | None:
        """Return the date of the letter or meeting a sentence begins with, as told before: "in the letter she wrote …"."""
        scene = not any(before.start <= i < before.end for i in self._evidence)
        for noun in (c for c in verb.children if c.i < verb.i and c.dep_ == "obl" and self._is_said_in(c)):
            same = {c.lower_ for c in noun.children} & self._words["same"]
            told = self._of_mention(noun, asked) if same else None
            if told or scene or same - {"the"}:
                return told or self._of_sentence(before, asked)
        return None

    def _of_mention(self, noun: Token, asked: _Asked) -> _Told | None:
        """Return the date of the last thing of the same name."""
        for token in reversed(self._doc[: noun.i]):
            if token.lemma_ == noun.lemma_ and token.pos_ == noun.pos_:
                own = self._best(token, self._reach.get(token.i, ()), asked)
                governed = token.dep_ in _ADJUNCTS and _is_clause(token.head)
                return own or (self._of_clause(token.head, asked) if governed else None)
        return None

    def _goes_on(self, verb: Token) -> bool:
        """Tell whether a sentence goes on with the one before: "he said", "X also …"."""
        subject = _subject(verb)
        if subject is not None and subject.tag_ == "PRP":
            return True
        adverbs = {c.lower_ for c in verb.children}
        return _lemma_in(verb, self._words["continuing"]) or bool(adverbs & self._words["continuing_adverbs"])

    def _of_sentence(self, sentence: Span, asked: _Asked) -> _Told | None:
        """Return the date of a sentence: that of its main clause, or of the first statement in it that has one."""
        if len(asked.clauses) > _MOST_CLAUSES:
            return None
        cues = sorted(i for i in self._evidence if sentence.start <= i < sentence.end)
        for verb in (_main(sentence), *(self._doc[i] for i in cues)):
            told = self._of_clause(verb, asked)
            if told is not None and told.days.since is not None:
                return told
        return None


def _beside(time: TimeExpression, start: int, end: int) -> bool:
    """Tell whether a time expression stands directly before or after a cue."""
    return 0 <= time.start - end <= 1 or 0 <= start - time.end <= 1


def _touch(one: TimeExpression, other: TimeExpression) -> bool:
    return 0 <= max(one.start, other.start) - min(one.end, other.end) <= len(", ")


def _narrower(one: Days, other: Days) -> bool:
    """Tell whether some days are a part of others ("on Tuesday" of "last week")."""
    if one.since is None or other.since is None:
        return False
    return other.since <= one.since and one.until <= other.until and one[:2] != other[:2]


# --- component -------------------------------------------------------------------------------------------------------


def published_on(date: str | None) -> Days | None:
    """Return the days on one of which something of an ISO 8601 date was published."""
    return Days(*days_of(date)) if date else None


def stated_rows(doc: Doc, statements: Sequence[Statement]) -> list[StatedRow | None]:
    """Return when each of some statements of a parsed document was made; None where nothing tells."""
    if not statements:
        return []
    dater = _Dater(doc, published_on((doc._.document or {}).get("date")), statements)
    return [dater.stated(statement) for statement in statements]


def with_dates(doc: Doc, positions: Sequence[Position]) -> tuple[Position, ...]:
    """Return positions with the dates that their document tells, whoever found them.

    Args:
        doc: The document as the pipeline has parsed it.
        positions: Positions of it; their spans for source, cue and evidence say where each was stated.
    """
    statements = [Statement(*(tuple((s.start, s.end) for s in p) for p in (q.source, q.cue, q.evidence))) for q in positions]
    rows = stated_rows(doc, statements)
    return tuple(p.model_copy(update={"stated": stated_of(row)}) for p, row in zip(positions, rows, strict=True))


def stated_of(row: StatedRow | None) -> Stated | None:
    """Return a date as the model that `Position` holds."""
    if row is None:
        return None
    return Stated.model_validate({**row, "words": [{"start": b, "end": e} for b, e in row["words"]]})


class Dates:
    """Sets `doc._.stated`: for each attribution a `StatedRow`, or None where nothing tells its date."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Date the attributions of a document."""
        rows: list[AttributionRow] = doc._.attributions
        doc._.stated = stated_rows(
            doc, [Statement(*(tuple(map(tuple, row[part])) for part in ("source", "cue", "content"))) for row in rows]
        )
        return doc


if not Doc.has_extension("stated"):
    Doc.set_extension("stated", default=[])


@Language.factory(
    "stancegraph_dates", assigns=["doc._.stated"], requires=["doc._.attributions", "token.dep", "token.tag", "token.lemma"]
)
def make_dates(nlp: Language, name: str) -> Dates:
    """Create the component for the dates of statements.

    Args:
        nlp: The pipeline.
        name: The component's name.
    """
    return Dates(name)
