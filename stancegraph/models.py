"""What all parts of the package speak of: documents, spans, actors, outcomes and positions.

All are frozen values. The meaning of each field follows the project's coding scheme: a position is one holder's stated
attitude toward one outcome, as a text reports it, with the words that prove it.
"""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    computed_field,
    model_validator,
)

# Of a target to a listed outcome. Chosen on the training data; graph/README.md gives precision and recall of others.
LEAST_SIMILARITY = 0.65


# What a position derives from its other fields, and is not read back.
DERIVED = {"evidence_text", "date", "document_id", "document_date"}


class Stance(str, Enum):
    """The attitude of a holder toward a target.

    Attributes:
        SUPPORTS: Wants it, backs it, praises it, calls for it, accepts it, promises or does it.
        OPPOSES: Rejects it, warns against it, criticises it, denies or refuses it.
        MIXED: Conditional, partial, or for and against at once.
        UNDECIDED: Says openly that no position has been reached, or abstains.
        NONE: What is said shows no attitude toward any outcome; kept apart from positions, as a report.
    """

    SUPPORTS = "supports"
    OPPOSES = "opposes"
    MIXED = "mixed"
    UNDECIDED = "undecided"
    NONE = "none"


class Act(str, Enum):
    """What a holder does by saying it.

    Attributes:
        ASSERTS: States it; whatever none of the others says better.
        DEMANDS: Calls for it with pressure.
        PROPOSES: Puts it forward.
        PROMISES: Plans, threatens or commits itself to do it.
        EXPECTS: Foresees it or counts on it.
        WARNS: Fears it or points to its danger.
        PRAISES: Speaks well of it.
        CRITICISES: Speaks ill of it, accuses or blames.
        DENIES: Says that it is not so, or refuses it.
        AGREES: Endorses or accepts it.
        DOUBTS: Questions whether it is so or will be.
        ASKS: Requests it politely, or asks a question.
    """

    ASSERTS = "asserts"
    DEMANDS = "demands"
    PROPOSES = "proposes"
    PROMISES = "promises"
    EXPECTS = "expects"
    WARNS = "warns"
    PRAISES = "praises"
    CRITICISES = "criticises"
    DENIES = "denies"
    AGREES = "agrees"
    DOUBTS = "doubts"
    ASKS = "asks"


class ActorType(str, Enum):
    """What kind of actor a holder is.

    Attributes:
        PERSON: One human being.
        COUNTRY: A state or its government.
        ORGANIZATION: A party, agency, company, alliance, court or campaign.
        MEDIA: A news outlet.
        GROUP: Several who are not named ("voters", "officials").
        UNKNOWN: One who is not named, or nobody whom the text tells.
    """

    PERSON = "person"
    COUNTRY = "country"
    ORGANIZATION = "organization"
    MEDIA = "media"
    GROUP = "group"
    UNKNOWN = "unknown"


class TargetKind(str, Enum):
    """What kind of thing an attitude is about.

    Attributes:
        OUTCOME: Something that can be done, decided, avoided or come about.
        ACTOR: A person, body, country or group that is judged.
        CLAIM: A statement whose truth is affirmed against doubt, or denied.
        NONE: Nothing, as there is no attitude.
    """

    OUTCOME = "outcome"
    ACTOR = "actor"
    CLAIM = "claim"
    NONE = ""


_ISO_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")


def _iso_date(value: object) -> object:
    """Accept a date object or an ISO 8601 date of any precision (year, month or day)."""
    if isinstance(value, datetime.date):
        return value.isoformat()[:10]
    if value is None or value == "":
        return None
    if isinstance(value, str) and _ISO_DATE.fullmatch(value[:10]) and _on_the_calendar(value[:10]):
        return value[:10]
    raise ValueError(f"{value!r} is not a date; write it as 2023-07-11, 2023-07 or 2023")


def _on_the_calendar(date: str) -> bool:
    try:
        datetime.date.fromisoformat(date + "-01-01"[len(date) - 4 :])
    except ValueError:
        return False
    return True


def _storable(text: str) -> str:
    """Refuse text that no file can hold."""
    try:
        text.encode("utf8")
    except UnicodeEncodeError as error:
        raise ValueError(
            f"character {error.start} is half of a surrogate pair; decode the text with errors='replace'"
        ) from None
    return text


def _on_one_line(text: str) -> str:
    """Refuse text without a word, and leave out line breaks."""
    if not any(character.isalnum() for character in text):
        raise ValueError(f"{text!r} says nothing; write a phrase of a few words")
    return " ".join(text.split())


StorableText = Annotated[str, AfterValidator(_storable)]
Phrasing = Annotated[StorableText, AfterValidator(_on_one_line)]
IsoDate = Annotated[str | None, BeforeValidator(_iso_date)]


class _Value(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Span(_Value):
    """A stretch of a document's text.

    Args:
        start: Offset of the first character, counted from 0.
        end: Offset after the last character.

    Raises:
        pydantic.ValidationError: If the span is empty, runs backwards or begins before the text.
    """

    start: int = Field(ge=0)
    end: int

    @model_validator(mode="after")
    def _not_empty(self) -> Span:
        if self.end <= self.start:
            raise ValueError(f"span {self.start}-{self.end} is empty or runs backwards")
        return self

    def of(self, text: str) -> str:
        """Return the words under this span.

        Args:
            text: The text of the document.
        """
        return text[self.start : self.end]


class Stated(_Value):
    """When a position was stated, as far as the text tells.

    Args:
        since: The first day on which it may have been, in ISO 8601 ("2022-07-01" of "in July"); None where the text tells
            of something earlier without saying when ("had at first refused").
        until: The last day on which it may have been.
        words: Spans of the words that say so; empty where it is the document's own date.
        earlier: Whether it came before what the document dates to the same days ("earlier in the day").

    Raises:
        pydantic.ValidationError: If a day is not on the calendar or `since` is after `until`.
    """

    since: datetime.date | None
    until: datetime.date
    words: tuple[Span, ...] = ()
    earlier: bool = False

    @model_validator(mode="after")
    def _forwards(self) -> Stated:
        if self.since and self.since > self.until:
            raise ValueError(f"stated since {self.since}, which is after {self.until}")
        return self

    def __str__(self) -> str:
        """Return the time in ISO 8601: a day, month or year where it is just that, else an interval of days."""
        if self.since is None:
            return f"../{self.until}"
        since, until = self.since.isoformat(), self.until.isoformat()
        if since == until:
            return since
        for length in (len("2022"), len("2022-07")):
            if days_of(since[:length]) == (self.since, self.until):
                return since[:length]
        return f"{since}/{until}"


def days_of(date: str) -> tuple[datetime.date, datetime.date]:
    """Return the first and the last day of an ISO 8601 date of any precision ("2022-07" is all of July)."""
    first = datetime.date.fromisoformat(date + "-01-01"[len(date) - 4 :])
    if len(date) == len("2022-07-12"):
        return first, first
    last_month = first.month if len(date) == len("2022-07") else 12
    return first, first.replace(month=last_month, day=calendar.monthrange(first.year, last_month)[1])


def day_range(since: str | None, until: str | None) -> tuple[datetime.date | None, datetime.date | None]:
    """Return the first and the last day of a range; raises ValueError if one is no date or the range runs backwards."""
    start, end = _given_date("since", since), _given_date("until", until)
    first, last = days_of(start)[0] if start else None, days_of(end)[1] if end else None
    if first and last and first > last:
        raise ValueError(f"since={since!r} is after until={until!r}; exchange them")
    return first, last


def _given_date(setting: str, value: str | None) -> str | None:
    try:
        return TypeAdapter(IsoDate).validate_python(value)
    except ValidationError:
        raise ValueError(f"{setting}={value!r} is not a date; write it as 2023-07-11, 2023-07 or 2023") from None


class Document(_Value):
    """One text to read.

    Args:
        id: Name by which positions refer to the document; unique in a corpus.
        text: The text itself; every span of a position counts its characters.
        title: Headline, if known.
        date: Publication date in ISO 8601, of any precision ("2023-07-11", "2023-07", "2023").
        source: Who published it.
        url: Where it was published.

    Raises:
        pydantic.ValidationError: If the id is empty, the date is none, or a text holds half a character.
    """

    id: StorableText = Field(min_length=1)
    text: StorableText
    title: StorableText | None = None
    date: IsoDate = None
    source: StorableText | None = None
    url: StorableText | None = None


class Actor(_Value):
    """Somebody who holds or passes on positions: one person, country, body or group, under one name.

    Args:
        name: The fullest name.
        type: What kind of actor it is.
        aliases: Every other name by which documents call it, sorted.
        role: What documents most often say a person is ("foreign minister"), of several the newest; "" if nothing.
        affiliation: The country or body that the role belongs to, "" if not known.
    """

    name: str
    type: ActorType
    aliases: tuple[str, ...] = ()
    role: str = ""
    affiliation: str = ""


class Outcome(_Value):
    """Something that positions are about, under one label.

    Args:
        label: A short neutral noun phrase.
        kind: What kind of thing it is.
        wordings: Every target phrase that means it, sorted.
        description: What a user's list of outcomes says about it; "" if it is in none.
    """

    label: str
    kind: TargetKind
    wordings: tuple[str, ...] = ()
    description: str = ""


class ListedOutcome(_Value):
    """An outcome of a user's own list, to which positions are to be assigned.

    Args:
        label: What it is to be called: a short neutral noun phrase.
        description: What it is, for people; targets are not compared with it.
        phrasings: Other phrases that mean it.

    Raises:
        pydantic.ValidationError: If the label or a phrasing has no word in it.
    """

    label: Phrasing
    description: StorableText = ""
    phrasings: tuple[Phrasing, ...] = ()


class Position(_Value):
    """One holder's stated attitude toward one outcome, with the words that prove it.

    A position cannot be constructed unless all its spans lie in its document and hold text.

    Args:
        document: The document it was read in; not part of the serialised form, which names its id and date.
        holder: The actor whose position it is, under the fullest name in the document.
        holder_type: What kind of actor the holder is.
        via: Who passes the position on, outermost first.
        target: What the attitude is about, as a neutral noun phrase; empty where there is no attitude.
        target_kind: What kind of thing the target is.
        stance: The attitude.
        act: What the holder does by saying it.
        source: Spans of the words that name the holder (character offsets, end exclusive).
        cue: Spans of the reporting words.
        evidence: Spans of the words that carry the content, in text order; at least one.
        evidence_text: The words under `evidence`, joined by " … "; filled in, or checked if given.
        confidence: Estimated probability that the stance is right, in [0, 1].
        reported: Whether the text reports words or an attitude; else a deed or a noun shows the position.
        holder_role: What the document says the holder is ("foreign minister"), in lower case; "" if nothing.
        holder_affiliation: The country or body that the role belongs to, "" if not known.
        similarity: How near the target is to the outcome of a user's list that it is assigned to, in [0, 1]; None where
            it is assigned to none.
        stated: When it was stated; None where neither the text nor the document's date tells.
        confirmed: Whether a person has read it and stands for it as it is here.
        changed: Names of the fields that a person has changed, sorted.

    Raises:
        pydantic.ValidationError: If a span or `evidence_text` does not match the document's text.
    """

    document: Document = Field(exclude=True, repr=False)
    holder: StorableText
    holder_type: ActorType
    via: tuple[StorableText, ...] = ()
    target: StorableText
    target_kind: TargetKind
    stance: Stance
    act: Act
    source: tuple[Span, ...] = ()
    cue: tuple[Span, ...] = ()
    evidence: tuple[Span, ...] = Field(min_length=1)
    evidence_text: str = ""
    confidence: float = Field(ge=0, le=1)
    reported: bool = True
    holder_role: StorableText = ""
    holder_affiliation: StorableText = ""
    similarity: float | None = Field(default=None, ge=0, le=1)
    stated: Stated | None = None
    confirmed: bool = False
    changed: tuple[str, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _fill_evidence_text(cls, values: Any) -> Any:  # noqa: ANN401 - raw input of any shape
        if isinstance(values, dict) and not values.get("evidence_text"):
            document, evidence = values.get("document"), values.get("evidence")
            if isinstance(document, Document) and isinstance(evidence, (list, tuple)):
                spans = [s if isinstance(s, Span) else Span.model_validate(s) for s in evidence]
                return {**values, "evidence": tuple(spans), "evidence_text": _quote(document.text, spans)}
        return values

    @model_validator(mode="after")
    def _spans_match_text(self) -> Position:
        text = self.document.text
        told = {"stated": self.stated.words} if self.stated else {}
        for role, spans in {"source": self.source, "cue": self.cue, "evidence": self.evidence, **told}.items():
            for span in spans:
                if span.end > len(text):
                    raise ValueError(
                        f"{role} {span.start}-{span.end} ends after document {self.document.id!r} ({len(text)} characters)"
                    )
                if not span.of(text).strip():
                    raise ValueError(f"{role} {span.start}-{span.end} of document {self.document.id!r} holds no words")
        if self.evidence_text != _quote(text, self.evidence):
            raise ValueError(f"evidence_text is not what document {self.document.id!r} says at {self.evidence}")
        return self

    @computed_field  # type: ignore[prop-decorator]
    @property
    def date(self) -> str | None:
        """When it was stated, in ISO 8601.

        That is a day, "2022-07-12", a month or year, "2022-07", or an interval of days, "2022-07-04/2022-07-10";
        "../2022-07-12" is some day before. The document's date where nothing else is known.
        """
        return str(self.stated) if self.stated else self.document.date

    @property
    def day(self) -> str | None:
        """The date by which it is put in order: when it was stated, of an interval the first day, of any precision.

        None where nothing is known, or a text only recalls it.
        """
        day, _, _ = (self.date or "").partition("/")
        return None if day in ("", "..") else day

    @computed_field  # type: ignore[prop-decorator]
    @property
    def document_id(self) -> str:
        """The id of the document it was read in."""
        return self.document.id

    @computed_field  # type: ignore[prop-decorator]
    @property
    def document_date(self) -> str | None:
        """The date of the document it was read in."""
        return self.document.date


def _quote(text: str, spans: Iterable[Span]) -> str:
    return " … ".join(span.of(text) for span in spans)


@dataclass(frozen=True)
class PlacedPosition:
    """A position with its place in the graph.

    Args:
        id: Document id and number of the position in its document, counted in text order from 1.
        position: The position.
        actor: Who holds it.
        outcome: What it is toward.
        via: Who passes it on, outermost first.
    """

    id: str
    position: Position
    actor: Actor
    outcome: Outcome
    via: tuple[Actor, ...] = ()


@dataclass(frozen=True)
class Report:
    """What somebody is reported to say without any attitude (stance `none`); it is no edge of the graph.

    Args:
        position: What is said.
        actor: Who says it.
    """

    position: Position
    actor: Actor
