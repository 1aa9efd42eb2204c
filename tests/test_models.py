"""The values that all rooms speak of: what can be constructed, and what cannot."""

from __future__ import annotations

import datetime

import pytest
from given_positions import positions_in
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from stancegraph.models import DERIVED, Act, ActorType, Document, Position, Span, Stance, TargetKind

TEXT = "Duda said Poland backs the plan. It will not wait."
DOCUMENT = Document(id="d", text=TEXT, date="2023-07-11")


def position(**changes: object) -> Position:
    values: dict[str, object] = {
        "document": DOCUMENT,
        "holder": "Andrzej Duda",
        "holder_type": "person",
        "target": "the plan",
        "target_kind": "outcome",
        "stance": "supports",
        "act": "agrees",
        "source": (Span(start=0, end=4),),
        "cue": (Span(start=5, end=9),),
        "evidence": (Span(start=10, end=31), Span(start=33, end=49)),
        "confidence": 0.9,
    }
    return Position.model_validate({**values, **changes})


def test_a_position_fills_in_what_its_document_says() -> None:
    made = position()
    assert made.evidence_text == "Poland backs the plan … It will not wait"
    assert (made.document_id, made.document_date) == ("d", "2023-07-11")
    assert (made.stance, made.act) == (Stance.SUPPORTS, Act.AGREES)
    assert (made.holder_type, made.target_kind) == (ActorType.PERSON, TargetKind.OUTCOME)
    assert made == position(evidence_text="Poland backs the plan … It will not wait")
    assert "document" not in made.model_dump()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"evidence": (Span(start=10, end=99),)}, "ends after document 'd'"),
        ({"cue": (Span(start=50, end=51),)}, "ends after document 'd'"),
        ({"source": (Span(start=4, end=5),)}, "holds no words"),
        ({"evidence": ()}, "at least 1"),
        ({"evidence_text": "Poland opposes the plan"}, "is not what document 'd' says"),
        ({"confidence": 1.01}, "less than or equal to 1"),
        ({"confidence": float("nan")}, "confidence"),
        ({"stance": "for"}, "stance"),
        ({"act": "says"}, "act"),
        ({"holder_type": "planet"}, "holder_type"),
        ({"mood": "grim"}, "Extra inputs are not permitted"),
    ],
)
def test_a_position_that_its_document_does_not_prove_cannot_be_made(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        position(**changes)


@given(st.integers(-5, 60), st.integers(-5, 60))
def test_evidence_lies_in_the_text_or_there_is_no_position(start: int, end: int) -> None:
    try:
        made = position(evidence=({"start": start, "end": end},))
    except ValidationError:
        assert not (0 <= start < end <= len(TEXT) and TEXT[start:end].strip())
    else:
        assert made.evidence_text == TEXT[start:end]


@given(st.data())
def test_a_position_survives_its_serialised_form(data: st.DataObject) -> None:
    made = data.draw(positions_in(DOCUMENT))
    fields = made.model_dump(mode="json", exclude=DERIVED - {"evidence_text"})
    assert Position.model_validate({**fields, "document": DOCUMENT}) == made


def test_values_do_not_change() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        position().stance = Stance.OPPOSES  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        DOCUMENT.text = "else"  # type: ignore[misc]


def test_a_span_is_never_empty_or_backwards() -> None:
    assert Span(start=0, end=4).of(TEXT) == "Duda"
    for start, end in ((3, 3), (4, 3), (-1, 2)):
        with pytest.raises(ValidationError):
            Span(start=start, end=end)


def test_dates_are_iso_of_any_precision() -> None:
    for given_, kept in [
        ("2023", "2023"),
        ("2023-07", "2023-07"),
        ("2023-07-11T10:00:00Z", "2023-07-11"),
        (datetime.date(2023, 7, 11), "2023-07-11"),
        (datetime.datetime(2023, 7, 11, 10, tzinfo=datetime.timezone.utc), "2023-07-11"),
        ("", None),
        (None, None),
    ]:
        assert Document.model_validate({"id": "d", "text": "", "date": given_}).date == kept
    for wrong in ("July 2023", "2023-13", "2023-7-1", "23", 2023):
        with pytest.raises(ValidationError, match="is not a date; write it as 2023-07-11"):
            Document.model_validate({"id": "d", "text": "", "date": wrong})


def test_a_document_needs_an_id() -> None:
    with pytest.raises(ValidationError, match="id"):
        Document(id="", text="words")
