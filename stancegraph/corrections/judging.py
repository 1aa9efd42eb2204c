"""Which positions a reviewer's corrections are of, and what they amount to.

A position has no number that outlives a new reading. It is known again by its document, the words of its evidence, its
holder and its target; its stance decides between several. The same words may stand elsewhere by now, and evidence may have
grown or shrunk. What a correction makes of a position counts as its own, so that one is found again after the reading has
come to say so itself.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import TYPE_CHECKING, Any

from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq

from stancegraph import knowledge
from stancegraph.corrections.correction import Correction, Kind, on_a_line
from stancegraph.documents.source import Skipped
from stancegraph.models import Document, Position, Span, Stance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

# The characters that two stretches of evidence must have in common, as a share of those that either has; and where a text
# no longer holds the words that were sought, the words in common, in order, as a share of the longer.
LEAST_OVERLAP = 0.5
LEAST_WORDS = 0.6

_WORDS = re.compile(r"\w+")
# Marks that word processors and spreadsheets exchange.
_ALIKE = {mark: f"[{marks}]" for marks in ("'‘’‚`´", '"“”„«»', "-‐‑–—") for mark in marks}
_QUOTED = 60


@dataclass(frozen=True)
class Verdict:
    """What corrections make of one position.

    Args:
        rejected: Whether it is none.
        said: What a person says of it, by the names of its fields; nothing for what was only confirmed.
        seen: The stance that whoever confirmed it has read; None if that is not told.
        by: The corrections.
    """

    rejected: bool
    said: Mapping[str, Any]
    seen: Stance | None
    by: tuple[Correction, ...]


@dataclass(frozen=True)
class Addition:
    """A position that was missed.

    Args:
        document: The document.
        evidence: Where its evidence stands.
        said: What a person says of it, by the names of its fields.
        by: The corrections.
    """

    document: Document
    evidence: tuple[Span, ...]
    said: Mapping[str, Any]
    by: tuple[Correction, ...]


@dataclass(frozen=True)
class Judged:
    """What corrections amount to.

    Args:
        verdicts: What is said of positions, by their place in the given order.
        additions: Positions that were missed, in no order that depends on that of corrections.
        skipped: Corrections that could not be applied.
    """

    verdicts: dict[int, Verdict]
    additions: list[Addition]
    skipped: list[Skipped]


_Row = tuple[float, Correction]
_Missed = tuple[str, tuple[Span, ...], str, str]


class Unmatched(LookupError):  # noqa: N818 - says what it is
    """A correction is of no position, or it cannot be told of which; the message says so.

    Args:
        reason: What is wrong.
        fix: What the user can do, as a sentence.
        several: Whether it may be of several.
    """

    def __init__(self, reason: str, fix: str, *, several: bool = False) -> None:
        super().__init__(reason)
        self.reason, self.fix, self.several = reason, fix, several


class Clash(ValueError):  # noqa: N818 - says what it is
    """Two corrections say different things of one position; the message names both.

    Args:
        rows: The two.
        reason: What is wrong.
    """

    def __init__(self, one: Correction, other: Correction) -> None:
        self.rows = tuple(sorted((one, other), key=lambda row: (len(row.where), row.where)))
        first, second = self.rows
        place = f"{first.where} ({first.kind.value})" if first.where else f"another that says {first.kind.value}"
        self.reason = f"{second.kind.value} contradicts {place} on the same position, {quoted(second.evidence)}"
        super().__init__(self.reason)


class Readings:
    """All positions that were read, found by what a reviewer saw of them.

    Args:
        documents: Every document.
        positions: Every position, in any order.
    """

    def __init__(self, documents: Iterable[Document], positions: Sequence[Position]) -> None:
        self.positions = positions
        self.by_id = {document.id: document for document in documents}
        self._documents: dict[str, list[Document]] = defaultdict(list)
        for document in self.by_id.values():
            self._documents[on_a_line(document.id)].append(document)
        self._in: dict[str, list[int]] = defaultdict(list)
        for place, position in enumerate(positions):
            self._in[position.document.id].append(place)

    def document(self, id_: str) -> Document:
        """Return a document by its id as cells hold it; raises Unmatched."""
        found = self._documents.get(id_, [])
        if len(found) == 1:
            return found[0]
        near = process.extractOne(id_, sorted(self._documents), scorer=fuzz.ratio, score_cutoff=60)
        nearest = f"The nearest is {near[0]!r}; correct it" if near else "Correct it"
        raise Unmatched(f"no document {id_!r} is here", f"{nearest}, or take the row out.")

    def find(self, sought: Correction) -> tuple[list[int], float]:
        """Return the places of a position, several if it was read several times alike, and how surely it is meant.

        Raises:
            Unmatched: If there is none, or several are meant equally well.
        """
        document = self.document(sought.document)
        there = self._in[document.id]
        ranks = {place: rank for place in there if (rank := _rank(sought, self.positions[place]))}
        best = max(ranks.values(), default=(0.0,))
        found = [place for place in ranks if ranks[place] == best]
        alike = {_identity(self.positions[place]) for place in found}
        if len(alike) == 1:
            return found, best[0]
        if alike:
            fix = "Say which by holder, target, stance or at, or take the row out."
            raise Unmatched(
                f"{len(alike)} positions in {document.id!r} are meant equally well: {_what(sought)}", fix, several=True
            )
        raise Unmatched(f"no position in {document.id!r} is {_what(sought)}", self._nearest(sought, there))

    def _nearest(self, sought: Correction, there: Sequence[int]) -> str:
        words = _words(sought.evidence)
        near = {place: LCSseq.normalized_similarity(words, _words(self.positions[place].evidence_text)) for place in there}
        if not near:
            return "None was read there; take the row out, or write add."
        position = self.positions[min(near, key=lambda place: (-near[place], place))]
        said = f"{position.holder} {position.stance.value} {position.target}"
        return f"The nearest is {quoted(position.evidence_text)} ({said}); correct the row, or take it out."


def rows_of(corrections: Iterable[Correction], readings: Readings) -> dict[int, list[Correction]]:
    """Return the corrections that are of each position, by its place in the readings."""
    of_place, _, _ = _sorted_in(corrections, readings)
    return {place: [row for _, row in rows] for place, rows in of_place.items()}


def judge(corrections: Iterable[Correction], readings: Readings) -> Judged:
    """Find out what corrections of positions amount to; their order makes no difference.

    Args:
        corrections: The corrections; those of actors and outcomes are left out.
        readings: Every position that was read.
    """
    of_place, missed, skipped = _sorted_in(corrections, readings)
    verdicts: dict[int, Verdict] = {}
    for place, rows in sorted(of_place.items()):
        verdict = _settled(rows, partial(getattr, readings.positions[place]), skipped)
        if verdict:
            verdicts[place] = verdict
    additions = []
    for (document, evidence, _, _), rows in sorted(missed.items(), key=lambda item: (item[0][0], str(item[0][1:]))):
        verdict = _settled(rows, lambda _: None, skipped)
        if verdict:
            additions.append(Addition(readings.by_id[document], evidence, verdict.said, verdict.by))
    return Judged(verdicts, additions, sorted(set(skipped), key=lambda one: (len(one.where), one.where, one.reason)))


def check(corrections: Iterable[Correction]) -> None:
    """Raise Clash if two corrections that describe a position in the same words say different things of it."""
    of: dict[tuple[object, ...], list[Correction]] = defaultdict(list)
    for one in corrections:
        if one.kind in (Kind.ACCEPT, Kind.REJECT, Kind.CHANGE):
            of[one.document, _words(one.evidence), one.at, plain(one.holder), plain(one.target), one.stance].append(one)
    for rows in of.values():
        _verdict(rows, partial(_as_seen, rows[0]))


def _as_seen(row: Correction, name: str) -> object:
    return getattr(row, name, None)


def place_of(correction: Correction) -> str:
    """Return where a correction stands, as messages call it."""
    return correction.where or f"correction ({correction.kind.value})"


def quoted(text: str) -> str:
    """Return the beginning of a text in quotation marks."""
    line = on_a_line(text)
    return f"“{line if len(line) <= _QUOTED else line[: _QUOTED - 1].rstrip() + '…'}”"


def _sorted_in(
    corrections: Iterable[Correction], readings: Readings
) -> tuple[dict[int, list[_Row]], dict[_Missed, list[_Row]], list[Skipped]]:
    """Return the corrections of each position and of each that was missed, and those that are of none."""
    of_place: dict[int, list[_Row]] = defaultdict(list)
    missed: dict[_Missed, list[_Row]] = defaultdict(list)
    skipped: list[Skipped] = []
    for one in corrections:
        if not (one.kind.of_actors or one.kind.of_outcomes):
            problem = _sort_in(one, readings, of_place, missed)
            skipped += [Skipped(place_of(one), problem.reason, problem.fix)] if problem else []
    return of_place, missed, skipped


def _sort_in(
    one: Correction, readings: Readings, of_place: dict[int, list[_Row]], missed: dict[_Missed, list[_Row]]
) -> Unmatched | None:
    """Note what position a correction is of; return what is wrong if that cannot be told."""
    try:
        places, surely = readings.find(one)
        for place in places:
            of_place[place].append((surely, one))
    except Unmatched as problem:
        if one.kind is not Kind.ADD or problem.several:
            return problem
        try:
            document = readings.document(one.document)
            key = (document.id, _stands(one, document), plain(one.new_holder), plain(one.new_target))
            missed[key].append((1, one))
        except Unmatched as missing:
            return missing
    return None


def _settled(rows: Sequence[_Row], current: Callable[[str], Any], skipped: list[Skipped]) -> Verdict | None:
    """Return what corrections of one position amount to; None if they contradict each other."""
    try:
        return _verdict([row for _, row in rows], current)
    except Clash as clash:
        surest = max(surely for surely, _ in rows)
        others = [row for surely, row in rows if surely < surest]
        for row in others:  # whose own position is gone: this one is another's
            fix = "Correct the row, or take it out."
            skipped.append(Skipped(place_of(row), f"no position in {row.document!r} is {_what(row)}", fix))
        if others:
            return _settled([(surely, row) for surely, row in rows if surely == surest], current, skipped)
        skipped.append(Skipped(place_of(clash.rows[1]), clash.reason, "Neither counts; keep one."))
        return None


# What several corrections say of one position


def _verdict(rows: Sequence[Correction], current: Callable[[str], Any]) -> Verdict:
    """Return what corrections of one position amount to; raises Clash."""
    ordered = sorted(rows, key=canonical)
    rejects = [row for row in ordered if row.kind is Kind.REJECT]
    others = [row for row in ordered if row.kind is not Kind.REJECT]
    if rejects and others:
        raise Clash(rejects[0], others[0])
    said: dict[str, tuple[Any, Correction]] = {}
    for row in others:
        for name, value in row.new.items():
            before, by = said.setdefault(name, (value, row))
            if not equal(before, value):
                raise Clash(by, row)
    accepted = [row for row in others if row.kind is Kind.ACCEPT]
    for row in accepted:
        for name, (value, by) in said.items():
            if not equal(value, row.stance if name == "stance" and row.stance else current(name)):
                raise Clash(by, row)
    seen = _seen(accepted) or (None if "stance" in said else _seen(others))
    return Verdict(bool(rejects), {name: value for name, (value, _) in sorted(said.items())}, seen, tuple(ordered))


def _seen(rows: Iterable[Correction]) -> Stance | None:
    """Return the stance that reviewers have read; raises Clash if they have read different ones."""
    told = [row for row in rows if row.stance is not None and "stance" not in row.new]
    for row in told[1:]:
        if row.stance is not told[0].stance:
            raise Clash(told[0], row)
    return told[0].stance if told else None


def canonical(row: Correction) -> tuple[str, ...]:
    """Return what corrections are sorted by, so that their own order makes no difference."""
    return (row.kind.value, *(repr(getattr(row, name)) for name in row.given), row.where)


# Whether a position is the one that is sought


def _identity(position: Position) -> tuple[object, ...]:
    return position.evidence, position.holder, position.target, position.stance


def _rank(sought: Correction, position: Position) -> tuple[float, ...] | None:
    """Return how surely a position is the one that is sought, greater is surer; None if it is not."""
    new = sought.new
    if not (
        _same(position.holder, sought.holder, new.get("holder", ""))
        and _same(position.target, sought.target, new.get("target", ""))
    ):
        return None
    stances = {stance for stance in (sought.stance, new.get("stance")) if stance is not None}
    agrees = not stances or position.stance in stances
    if sought.kind is Kind.REJECT and not agrees:
        return None  # what was rejected is not what is read now
    # A row that names a place is of one position, whose holder or target may have no name.
    nameless = bool(sought.at) and (plain(position.holder), plain(position.target)) == (
        plain(sought.holder),
        plain(sought.target),
    )
    if _words(position.evidence_text) == _words(sought.evidence):
        return (3 if sought.at == position.evidence else 2, agrees, nameless, 0)
    overlap = _overlap(sought.evidence, position)
    return (1, agrees, nameless, overlap) if overlap else None


def _same(name: str, *sought: str) -> bool:
    given = [plain(one) for one in sought if one]
    return not given or plain(name) in given


@lru_cache(maxsize=65_536)
def plain(name: str) -> str:
    """Return a name as it is compared: no accents, capitals, determiner or needless space."""
    return on_a_line(knowledge.fold(on_a_line(name)).casefold()).removeprefix("the ")


def equal(one: object, other: object) -> bool:
    """Tell whether two values of a field are the same, names as they are compared."""
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(equal, one, other))
    if type(one) is str and type(other) is str:  # and no choice such as a stance
        return plain(one) == plain(other)
    return one == other


@lru_cache(maxsize=65_536)
def _words(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared, or the text itself where there are none."""
    plain = knowledge.fold(on_a_line(text)).casefold()
    return tuple(_WORDS.findall(plain)) or (on_a_line(plain),)


def _overlap(evidence: str, position: Position) -> float:
    """Return the share of evidence that a position has in common with what is sought, in [0, 1]; 0 if it is too little."""
    own = {at for span in position.evidence for at in range(span.start, span.end)}
    sought: set[int] = set()
    for part in _parts(evidence):
        places = _places(part, position.document.text)
        if not places:  # the text has changed there
            share = LCSseq.normalized_similarity(_words(evidence), _words(position.evidence_text))
            return share if share >= LEAST_WORDS else 0.0
        sought.update(range(*max(places, key=lambda place: (len(own.intersection(range(*place))), -place[0]))))
    share = len(own & sought) / len(own | sought)
    return share if share >= LEAST_OVERLAP else 0.0


def _parts(evidence: str) -> list[str]:
    return [part for part in (part.strip() for part in evidence.split("…")) if part]


@lru_cache(maxsize=4_096)
def _places(part: str, text: str) -> tuple[tuple[int, int], ...]:
    """Return where words stand in a text, however they are spaced."""
    words = ("".join(_ALIKE.get(character) or re.escape(character) for character in word) for word in part.split())
    pattern = r"[\s\x00-\x1f\x7f-\x9f]+".join(words)
    return tuple(found.span() for found in re.finditer(pattern, text))


def _stands(one: Correction, document: Document) -> tuple[Span, ...]:
    """Return where the evidence of a position that was missed stands; raises Unmatched."""
    text = document.text
    there = " … ".join(span.of(text) for span in one.at)
    if one.at and max(span.end for span in one.at) <= len(text) and _words(there) == _words(one.evidence):
        return one.at
    found: list[tuple[int, int]] = []
    parts = _parts(one.evidence)
    for part in parts:
        places = [place for place in _places(part, text) if not found or place[0] >= found[-1][1]]
        if not places:
            raise Unmatched(f"its evidence is not in the text of {document.id!r}: {quoted(part)}", _quote_fix(part, text))
        if len(parts) == 1 and len(places) > 1 and not one.at:
            reason = f"its evidence stands {len(places)} times in {document.id!r}: {quoted(part)}"
            first = f"{places[0][0]}..{places[0][1]}"
            raise Unmatched(reason, f"Quote more of the text, or say in at which it is, as in {first}.")
        # Of several, the nearest to where it stood.
        found.append(
            min(places, key=lambda place: abs(place[0] - one.at[0].start)) if len(parts) == 1 and one.at else places[0]
        )
    if not found:
        raise Unmatched(f"its evidence has no words: {quoted(one.evidence)}", "Quote the text word for word.")
    return tuple(Span(start=start, end=end) for start, end in found)


def _quote_fix(part: str, text: str) -> str:
    near = fuzz.partial_ratio_alignment(part, text, score_cutoff=70)
    if near is None or not text[near.dest_start : near.dest_end].strip():
        return "Quote the text word for word."
    words = [w.span() for w in re.finditer(r"\S+", text) if w.end() > near.dest_start and w.start() < near.dest_end]
    return f"The nearest there is {quoted(text[words[0][0] : words[-1][1]])}; quote the text word for word."


def _what(sought: Correction) -> str:
    parts = (sought.holder, sought.stance.value if sought.stance else "", sought.target)
    said = " ".join(part for part in parts if part)
    return f"{quoted(sought.evidence)}{f' ({said})' if said else ''}"
