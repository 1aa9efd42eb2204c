"""What a reviewer can say of a graph: of one position, of whom names mean, and of what is one outcome."""

from __future__ import annotations

import dataclasses
import re
from enum import Enum
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, model_validator
from pydantic.dataclasses import dataclass

from stancegraph.models import Act, ActorType, Position, Span, Stance, StorableText, TargetKind

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class Kind(str, Enum):
    """What a correction does."""

    ACCEPT = "accept"
    REJECT = "reject"
    CHANGE = "change"
    ADD = "add"
    MERGE_ACTORS = "merge actors"
    SPLIT_ACTOR = "split actor"
    RENAME_ACTOR = "rename actor"
    MERGE_OUTCOMES = "merge outcomes"
    SPLIT_OUTCOME = "split outcome"
    RENAME_OUTCOME = "rename outcome"

    @property
    def of_actors(self) -> bool:
        """Whether it is about whom names mean."""
        return self in (Kind.MERGE_ACTORS, Kind.SPLIT_ACTOR, Kind.RENAME_ACTOR)

    @property
    def of_outcomes(self) -> bool:
        """Whether it is about what is one outcome."""
        return self in (Kind.MERGE_OUTCOMES, Kind.SPLIT_OUTCOME, Kind.RENAME_OUTCOME)


def on_a_line(text: str) -> str:
    """Return text as cells hold it: on one line, without control characters and needless space."""
    return " ".join(_CONTROL.sub(" ", text).split())


def _kind(value: object) -> object:
    return " ".join(value.replace("-", " ").split()).lower() if isinstance(value, str) else value


def _given(value: object) -> object:
    """Take an empty cell for nothing, and a choice in any case."""
    return (value.strip().lower() or None) if isinstance(value, str) else value


def _number(value: object) -> object:
    """Take a comma for a decimal point, as spreadsheets of some countries write it."""
    return value.replace(",", ".") if isinstance(value, str) else value


def _lines(names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line for name in names if (line := on_a_line(name))))


_Line = Annotated[StorableText, AfterValidator(on_a_line)]
_Lines = Annotated[tuple[StorableText, ...], AfterValidator(_lines)]
_Choice = BeforeValidator(_given)

_SOUGHT = ("document", "evidence", "at", "holder", "target", "stance")
_NEW = (
    *("new_holder", "new_holder_type", "new_target", "new_target_kind"),
    *("new_stance", "new_act", "new_via", "new_confidence"),
)
_NOTES = ("note", "reviewer", "date")
# For each kind what it needs and what it may have besides.
_USES: dict[Kind, tuple[tuple[str, ...], tuple[str, ...]]] = {
    Kind.ACCEPT: (("document", "evidence"), _SOUGHT),
    Kind.REJECT: (("document", "evidence"), _SOUGHT),
    Kind.CHANGE: (("document", "evidence"), (*_SOUGHT, *_NEW)),
    Kind.ADD: (("document", "evidence", "new_holder", "new_target", "new_stance"), ("at", *_NEW)),
    Kind.MERGE_ACTORS: (("names", "name"), ("new_holder_type",)),
    Kind.RENAME_ACTOR: (("names", "name"), ("new_holder_type",)),
    Kind.SPLIT_ACTOR: (("names", "name"), (*_SOUGHT, "new_holder_type")),
    Kind.MERGE_OUTCOMES: (("names", "name"), ("new_target_kind",)),
    Kind.RENAME_OUTCOME: (("names", "name"), ("new_target_kind",)),
    Kind.SPLIT_OUTCOME: (("names", "name"), (*_SOUGHT, "new_target_kind")),
}


@dataclass(frozen=True, kw_only=True, config=ConfigDict(extra="forbid"))
class Correction:
    """One correction; a row of a table of corrections.

    Texts are kept on one line. Which fields a kind needs and which it may have is checked.

    Args:
        kind: What it does.
        document: Id of the document in which a position was read.
        evidence: The words that prove the position, parts joined by " … ".
        at: Where they stood (character offsets, end exclusive); a hint, which may have shifted.
        holder: Who held it, as it was read; "" for anybody.
        target: What it was toward, as it was read; "" for anything.
        stance: Its stance, as it was read; None for any.
        new_holder: Who holds it; "" to leave that as it is, as with all that is new.
        new_holder_type: What kind of actor that is; of an actor that is merged, split or renamed, what kind it is.
        new_target: What it is toward.
        new_target_kind: What kind of thing that is; of an outcome that is merged, split or renamed, what kind it is.
        new_stance: What stance it has.
        new_act: What the holder does by saying it.
        new_via: Who passes it on, outermost first; () for nobody, None to leave that as it is.
        new_confidence: How sure that is, in [0, 1].
        names: Names of actors or labels of outcomes that are merged, split or renamed.
        name: What they are to be called.
        note: A remark.
        reviewer: Who says so.
        date: When.
        where: File and line that it was read from, for messages; makes no difference otherwise.

    Raises:
        pydantic.ValidationError: If the kind needs a field that is not given or makes no use of one that is.
    """

    kind: Annotated[Kind, BeforeValidator(_kind)]
    document: _Line = ""
    evidence: _Line = ""
    at: tuple[Span, ...] = ()
    holder: _Line = ""
    target: _Line = ""
    stance: Annotated[Stance | None, _Choice] = None
    new_holder: _Line = ""
    new_holder_type: Annotated[ActorType | None, _Choice] = None
    new_target: _Line = ""
    new_target_kind: Annotated[TargetKind | None, _Choice] = None
    new_stance: Annotated[Stance | None, _Choice] = None
    new_act: Annotated[Act | None, _Choice] = None
    new_via: _Lines | None = None
    new_confidence: Annotated[float | None, Field(ge=0, le=1, allow_inf_nan=False), BeforeValidator(_number), _Choice] = None
    names: _Lines = ()
    name: _Line = ""
    note: _Line = ""
    reviewer: _Line = ""
    date: _Line = ""
    where: str = dataclasses.field(default="", compare=False)

    @model_validator(mode="after")
    def _uses_its_fields(self) -> Correction:
        needed, others = _USES[self.kind]
        given = self.given
        for name in needed:
            if name not in given:
                raise ValueError(f"{self.kind.value} needs {name}; fill it in")
        for name in given:
            if name not in (*needed, *others, *_NOTES, "kind"):
                raise ValueError(f"{self.kind.value} makes no use of {name}; leave it empty")
        if self.kind is Kind.CHANGE and not set(given) & set(_NEW):
            raise ValueError("change needs what is new, such as new_stance; fill one in, or write accept")
        if self.kind in (Kind.RENAME_ACTOR, Kind.RENAME_OUTCOME) and len(self.names) > 1:
            raise ValueError(f"{self.kind.value} takes one of names; to make several one, write merge")
        if self.evidence and not self.document:
            raise ValueError("evidence needs the document that it stands in; fill in document")
        return self

    @property
    def given(self) -> tuple[str, ...]:
        """The names of the fields that say something; new_via says something even if it names nobody."""
        values = ((name, getattr(self, name)) for name in FIELDS)
        return tuple(name for name, value in values if value not in ("", None) and (value != () or name == "new_via"))

    @property
    def new(self) -> dict[str, Any]:
        """What it says of a position, by the names of the position's fields."""
        return {name.removeprefix("new_"): getattr(self, name) for name in self.given if name in _NEW}


FIELDS = tuple(field.name for field in dataclasses.fields(Correction) if field.name != "where")
"""The fields of a correction in the order of columns."""


def correction_of(position: Position, kind: Kind | str, **said: Any) -> Correction:  # noqa: ANN401 - any field
    """Return a correction of a position that was read.

    Args:
        position: The position, as it was read.
        kind: `accept`, `reject` or `change`.
        said: Further fields: what is new, a note.

    Raises:
        pydantic.ValidationError: As `Correction`.
    """
    return Correction(
        kind=Kind(kind),
        document=position.document.id,
        evidence=position.evidence_text,
        at=position.evidence,
        holder=position.holder,
        target=position.target,
        stance=position.stance,
        **said,
    )
