"""Who changed on Sweden's accession to NATO, in sixteen dated reports whose positions and dates were labelled by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from stancegraph.graph import StanceGraph, assemble
from stancegraph.imports import read_positions

DATA = Path(__file__).parents[1] / "data"
SWEDEN = "Sweden's accession to NATO"
ERDOGAN, ORBAN = "Recep Tayyip Erdoğan", "Viktor Orbán"


@pytest.fixture(scope="module")
def labelled() -> StanceGraph:
    """The graph of the labelled positions."""
    results, skipped = read_positions(DATA / "track-positions.jsonl", DATA / "track.jsonl")
    assert skipped == ()
    return assemble(results)


def test_those_who_change_are_found_with_dates_and_both_sentences_and_nobody_else(labelled: StanceGraph) -> None:
    found = [
        (shift.actor.name, shift.before.stance.value, shift.after.stance.value, shift.date, shift.after.evidence)
        for shift in reversed(labelled.shifts(outcome=SWEDEN))
    ]
    assert [(*row[:4], row[4].split()[:5]) for row in found] == [
        ("Social Democrats", "undecided", "supports", "2022-05-15", ["Her", "Social", "Democrats", "gave", "their"]),
        ("Turkey", "mixed", "supports", "2022-06-28", ["back", "the", "invitation", "of", "Finland"]),
        (ERDOGAN, "opposes", "mixed", "2022-06-30", ["the", "accession", "papers", "would", "go"]),
        (ERDOGAN, "mixed", "opposes", "2023-01-23", ["Sweden", "need", "not", "count", "on"]),
        (ERDOGAN, "opposes", "mixed", "2023-03-17", ["can", "move", "forward", "only", "once"]),
        (ERDOGAN, "mixed", "supports", "2023-07-10", ["send", "the", "protocol", "on", "Sweden's"]),
        (ORBAN, "supports", "mixed", "2023-09", ["before", "any", "vote,", "the", "prime"]),
        (ERDOGAN, "supports", "mixed", "2023-12-01/2023-12-27", ["if", "the", "US", "Congress", "cleared"]),
        (ORBAN, "mixed", "supports", "2024-01-24", ["keep", "urging", "Hungary's", "parliament", "to"]),
    ]
    before = [shift.before.evidence.split()[:4] for shift in reversed(labelled.shifts(outcome=SWEDEN, actor=ORBAN))]
    assert before == [["Hungary's", "parliament", "will", "approve"], ["before", "any", "vote,", "the"]]


def test_what_a_report_only_recalls_is_in_the_history_and_no_change(labelled: StanceGraph) -> None:
    steps = [(step.date, step.stance.value, step.recalled) for step in labelled.history("Turkey", SWEDEN)]
    assert ("../2024-03-07", "mixed", True) in steps
    assert [(date, stance) for date, stance, recalled in steps if not recalled] == [
        ("2022-06-14", "mixed"),
        ("2022-06-28", "supports"),
        ("2024-01", "supports"),
    ]


def test_the_state_of_a_day_goes_by_when_things_were_said(labelled: StanceGraph) -> None:
    # The report of 16 May tells that the party decided on Sunday, the 15th.
    for day, stance in (("2022-05-14", "undecided"), ("2022-05-15", "supports")):
        assert [p.stance.value for p in labelled.at(day).positions(actor="Social Democrats", outcome=SWEDEN)] == [stance]
