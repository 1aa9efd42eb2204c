"""Corrections: what a reviewer says of a graph, kept apart from it, and the same after every new reading."""

from __future__ import annotations

import csv
import io
import json
import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pytest
from given_positions import NAMES, TARGETS, read, readings
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

import stancegraph
from stancegraph.corrections import (
    Correction,
    CorrectionsFileError,
    Kind,
    correction_of,
    read_corrections,
    write_corrections,
)
from stancegraph.graph import SkippedCorrection, StanceGraph, assemble
from stancegraph.imports import read_table
from stancegraph.models import Act, ActorType, Document, ListedOutcome, Position, Span, Stance, TargetKind

if TYPE_CHECKING:
    import random

Reading = list[tuple[Document, list[Position]]]


def debate() -> Reading:
    return [
        read(
            "mon",
            ("Ann Lee", "supports", "the coal tax"),
            ("Bob Moss", "opposes", "the coal tax"),
            ("Ann Lee", "none", "lunch"),
            ("Bush", "supports", "the rail line"),
            date="2023-01-02",
        ),
        read(
            "fri",
            ("Ann Lee", "opposes", "the rail line"),
            ("Bush", "opposes", "the coal tax"),
            ("NATO", "supports", "a truce", "organization"),
            date="2023-01-06",
        ),
    ]


def held(graph: StanceGraph) -> list[tuple[str, str, str, str]]:
    return [(p.id, p.actor.name, p.position.stance.value, p.outcome.label) for p in graph.placed]


def at(graph: StanceGraph, id_: str) -> Position:
    return next(placed.position for placed in graph.placed if placed.id == id_)


def quietly(graph: StanceGraph, corrections: object) -> StanceGraph:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkippedCorrection)
        return graph.with_corrections(corrections)


def applied(graph: StanceGraph, *corrections: Correction) -> StanceGraph:
    """Apply corrections all of which must find what they are of."""
    found = quietly(graph, corrections)
    assert found.revision
    assert found.revision.skipped == ()
    return found


def problems(graph: StanceGraph, *corrections: Correction) -> list[str]:
    found = quietly(graph, corrections)
    assert found.revision
    return [str(one) for one in found.revision.skipped]


def same(one: StanceGraph, other: StanceGraph) -> bool:
    return (
        one.documents == other.documents
        and one.placed == other.placed
        and one.reports == other.reports
        and one.listed == other.listed
    )


# Positions


def test_an_accepted_position_is_confirmed_and_nothing_else_changes() -> None:
    graph = assemble(debate())
    found = applied(graph, correction_of(at(graph, "mon#1"), "accept"))
    assert at(found, "mon#1") == at(graph, "mon#1").model_copy(update={"confirmed": True})
    assert [p for p in found.placed if p.id != "mon#1"] == [p for p in graph.placed if p.id != "mon#1"]
    assert found.actors() == graph.actors()
    assert found.outcomes() == graph.outcomes()


def test_a_rejected_position_is_gone_but_stays_listed() -> None:
    graph = assemble(debate())
    found = applied(graph, correction_of(at(graph, "mon#2"), "reject"))
    assert held(found) == [row for row in held(graph) if row[0] != "mon#2"]
    assert found.rejected == (at(graph, "mon#2"),)
    assert "Bob Moss" not in {actor.name for actor in found.actors()}
    assert "position:mon#2" not in found.network


def test_a_changed_position_says_what_was_changed() -> None:
    graph = assemble(debate())
    found = applied(
        graph,
        correction_of(at(graph, "mon#2"), "change", new_stance="mixed", new_target="rail line", new_act="demands"),
        correction_of(at(graph, "fri#1"), "change", new_confidence=0.25, new_via=["Bob Moss", "The Gazette"]),
    )
    assert held(found)[1] == ("mon#2", "Bob Moss", "mixed", "the rail line")
    changed = at(found, "mon#2")
    assert (changed.confirmed, changed.changed) == (True, ("act", "stance", "target"))
    assert changed.act is Act.DEMANDS
    assert changed.confidence == at(graph, "mon#2").confidence
    other = at(found, "fri#1")
    assert (other.confidence, other.via, other.changed) == (0.25, ("Bob Moss", "The Gazette"), ("confidence", "via"))
    assert [actor.name for actor in found.via_of(other)] == ["Bob Moss", "The Gazette"]
    nobody = applied(found, correction_of(at(graph, "fri#1"), "change", new_via=[]))
    assert at(nobody, "fri#1").changed == ()  # nobody passed it on before


def test_a_new_holder_is_taken_at_their_word() -> None:
    graph = assemble(debate())
    found = applied(
        graph,
        correction_of(at(graph, "mon#1"), "change", new_holder="the nato"),
        correction_of(at(graph, "mon#2"), "change", new_holder="Kyiv"),
        correction_of(at(graph, "fri#1"), "change", new_holder="Cora Vane"),
    )
    assert [row[1] for row in held(found)[:4]] == ["NATO", "Kyiv", "Bush", "Cora Vane"]
    by_name = {actor.name: actor for actor in found.actors()}
    assert at(found, "mon#1").holder_type is by_name["NATO"].type is ActorType.ORGANIZATION
    assert at(found, "mon#2").holder_type is by_name["Kyiv"].type is ActorType.COUNTRY
    assert at(found, "fri#1").holder_type is by_name["Cora Vane"].type is ActorType.PERSON
    assert "the nato" in by_name["NATO"].aliases


def test_a_name_that_is_written_so_may_mean_somebody_else() -> None:
    graph = assemble(
        [
            read("a", ("George W. Bush", "supports", "x y"), ("Bush", "opposes", "x y")),
            read("b", ("Jeb Bush", "supports", "x y"), ("Bush", "opposes", "x y")),
            read("c", ("Bush", "mixed", "x y")),
        ]
    )
    assert [row[1] for row in held(graph)] == ["George W. Bush", "George W. Bush", "Jeb Bush", "Jeb Bush", "Bush"]
    found = applied(graph, correction_of(at(graph, "a#2"), "change", new_holder="Bush"))
    assert (held(found)[1][1], at(found, "a#2").changed) == ("Bush", ("holder",))
    same_name = applied(graph, correction_of(at(graph, "a#1"), "change", new_holder="george w. bush"))
    assert at(same_name, "a#1").changed == ()


def test_what_kind_of_actor_or_outcome_it_is_can_be_changed_too() -> None:
    graph = assemble(debate())
    found = applied(
        graph,
        correction_of(at(graph, "mon#3"), "change", new_holder_type="group"),
        correction_of(at(graph, "fri#3"), "change", new_target_kind="claim"),
    )
    assert found.actor_of(at(found, "mon#3")).type is ActorType.GROUP
    assert found.outcome_of(at(found, "fri#3")).kind is TargetKind.CLAIM


def test_what_is_said_without_attitude_can_become_a_position_and_the_other_way_round() -> None:
    graph = assemble(debate())
    (report,) = graph.reports
    found = applied(
        graph,
        correction_of(report.position, "change", new_stance="supports", new_target="a longer lunch"),
        correction_of(at(graph, "fri#2"), "change", new_stance="none"),
    )
    assert ("mon#4", "Ann Lee", "supports", "a longer lunch") in held(found)
    assert [row[0] for row in held(found)] == ["mon#1", "mon#2", "mon#4", "mon#3", "fri#1", "fri#3"]
    assert [(r.actor.name, r.position.target, r.position.confirmed) for r in found.reports] == [("Bush", "", True)]


def test_a_missed_position_is_added() -> None:
    graph = assemble(debate())
    said = {"new_holder": "Bob Moss", "new_target": "a truce", "new_stance": "opposes"}
    found = applied(graph, Correction(kind="add", document="fri", evidence="opposes the\ncoal  tax", **said))
    assert held(found)[-2] == ("fri#4", "Bob Moss", "opposes", "a truce")
    added = at(found, "fri#4")
    assert added.evidence_text == "opposes the coal tax"
    assert (added.confidence, added.confirmed) == (1.0, True)
    assert added.changed == ("evidence", "holder", "stance", "target")


def test_what_was_added_and_is_read_by_now_is_not_there_twice() -> None:
    graph = assemble(debate())
    again = Correction(
        kind="add",
        document="fri",
        evidence="opposes the coal tax.",
        new_holder="Bush",
        new_target="The coal tax",
        new_stance="opposes",
    )
    found = applied(graph, again)
    assert held(found) == held(graph)
    assert (at(found, "fri#2").confirmed, at(found, "fri#2").changed) == (True, ())
    other = applied(graph, Correction(**{**_fields(again), "new_stance": "mixed"}))
    assert (at(other, "fri#2").stance, at(other, "fri#2").changed) == (Stance.MIXED, ("stance",))


def _fields(correction: Correction) -> dict[str, object]:
    return {name: getattr(correction, name) for name in correction.given}


# Known again


def shifted(reading: Reading, before: str) -> Reading:
    """Return a reading of texts with something more in front."""
    found = []
    for document, positions in reading:
        longer = document.model_copy(update={"text": before + document.text})
        found.append((longer, [_moved(position, longer, len(before)) for position in positions]))
    return found


def _moved(position: Position, document: Document, by: int) -> Position:
    def spans(some: tuple[Span, ...]) -> tuple[Span, ...]:
        return tuple(Span(start=span.start + by, end=span.end + by) for span in some)

    given_ = {name: spans(getattr(position, name)) for name in ("source", "cue", "evidence")}
    return position.model_copy(update={"document": document, **given_})


def test_a_position_is_known_again_where_its_words_have_moved_to() -> None:
    graph = assemble(debate())
    rows = [correction_of(at(graph, "mon#2"), "reject"), correction_of(at(graph, "fri#1"), "change", new_stance="mixed")]
    found = applied(assemble(shifted(debate(), "A note in front. ")), *rows)
    assert [row[1:] for row in held(found)] == [row[1:] for row in held(applied(graph, *rows))]


def _reread(reading: Reading, number: int, **changes: object) -> Reading:
    """Return a reading in which one position of the first document is read otherwise."""
    document, positions = reading[0]
    values = {**positions[number].model_dump(exclude={"evidence_text", "date", "document_id", "document_date"}), **changes}
    positions[number] = Position(document=document, **values)
    return reading


def test_evidence_may_have_grown_or_shrunk() -> None:
    row = correction_of(debate()[0][1][1], "reject")  # “opposes the coal tax.” of Bob Moss
    (span,) = row.at
    for start, end, known in ((-9, 0, True), (0, -5, True), (0, -16, False)):
        reading = _reread(debate(), 1, evidence=[Span(start=span.start + start, end=span.end + end)])
        found = quietly(assemble(reading), [row])
        assert bool(found.rejected) is known
        assert bool(found.revision.skipped) is not known


def test_words_that_are_no_longer_in_the_text_are_known_by_most_of_them() -> None:
    _, positions = read("d", ("Ann Lee", "supports", "the new coal tax of the ministry in full"))
    row = correction_of(positions[0], "reject")
    for text, known in (("the new coal tax of our ministry in full", True), ("the tax", False)):
        (changed,) = read("d", ("Ann Lee", "supports", text))[1]
        changed = changed.model_copy(update={"target": positions[0].target})
        assert bool(quietly(assemble([(changed.document, [changed])]), [row]).rejected) is known


def test_a_position_of_somebody_else_or_on_something_else_is_another() -> None:
    for changes in ({"holder": "Ann Moss"}, {"target": "a tax on gas"}):
        row = correction_of(debate()[0][1][1], "accept")
        found = quietly(assemble(_reread(debate(), 1, **changes)), [row])
        assert not at(found, "mon#2").confirmed
        (problem,) = found.revision.skipped
        assert "no position in 'mon' is “opposes the coal tax.” (Bob Moss opposes the coal tax)" in problem.reason
        assert "The nearest is “opposes the coal tax.”" in problem.fix


def test_what_was_accepted_outweighs_a_later_reading_and_what_was_rejected_was_another_stance() -> None:
    graph = assemble(debate())
    accept, reject = (correction_of(at(graph, "mon#2"), kind) for kind in ("accept", "reject"))
    later = assemble(_reread(debate(), 1, stance="supports"))
    found = applied(later, accept)
    assert (at(found, "mon#2").stance, at(found, "mon#2").changed) == (Stance.OPPOSES, ("stance",))
    (problem,) = problems(later, reject)
    assert "no position in 'mon' is" in problem
    assert "Bob Moss supports the coal tax" in problem


def test_a_correction_that_changes_nothing_any_more_still_confirms() -> None:
    graph = assemble(debate())
    row = correction_of(at(graph, "mon#2"), "change", new_stance="mixed", new_holder="Bob Mosley", new_target="coal tax law")
    later = assemble(_reread(debate(), 1, stance="mixed", holder="Bob Mosley", target="coal tax law"))
    found = applied(later, row)
    assert (at(found, "mon#2").confirmed, at(found, "mon#2").changed) == (True, ())
    assert held(found) == held(later)


def test_stance_and_place_decide_between_positions_in_the_same_words() -> None:
    document, positions = read("d", ("Ann", "supports", "it"), ("Ann", "supports", "it"), ("Ann", "opposes", "it"))
    graph = assemble([(document, positions)])
    _, second, third = (placed.position for placed in graph.placed)
    assert held(applied(graph, correction_of(second, "reject"))) == [held(graph)[0], held(graph)[2]]
    assert held(applied(graph, correction_of(third, "reject"))) == held(graph)[:2]
    row = Correction(kind="reject", document="d", evidence="supports it.", holder="Ann")
    (problem,) = problems(graph, row)
    assert "2 positions in 'd' are meant equally well" in problem
    assert "Say which by holder, target, stance or at" in problem
    assert quietly(graph, [row]).placed == graph.placed


def test_what_is_gone_does_not_stand_in_the_way_of_what_is_there() -> None:
    document, positions = read("d", ("Ann", "supports", "the long new coal tax"))
    whole, part = positions[0], positions[0].model_copy(update={"evidence": (Span(start=4, end=27),), "evidence_text": ""})
    part = Position.model_validate(
        {**part.model_dump(exclude={"date", "document_id", "document_date"}), "document": document}
    )
    rows = [correction_of(part, "reject"), correction_of(whole, "accept")]
    both = quietly(assemble([(document, [whole, part])]), rows)
    assert [p.position.evidence_text for p in both.placed] == [whole.evidence_text]
    one = quietly(assemble([(document, [whole])]), rows)
    assert [p.position.confirmed for p in one.placed] == [True]
    assert len(one.revision.skipped) == 1


# What cannot be applied


def test_what_matches_nothing_is_named_and_the_rest_is_applied(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "correction,document,evidence,new_holder,new_target,new_stance\n"
        "reject,mon,opposes the coal tax,,,\n"
        "reject,mun,opposes the coal tax,,,\n"
        "accept,mon,something quite different,,,\n"
        "add,mon,suports the coal tax,Ann,x,supports\n"
        "accpet,mon,supports the coal tax,,,\n"
    )
    with pytest.warns(SkippedCorrection) as warned:
        graph = assemble(debate(), corrections=tmp_path / "c.csv")
    assert [position.holder for position in graph.rejected] == ["Bob Moss"]
    said = [str(one.message).removeprefix(f"{tmp_path}/") for one in warned]
    assert said == [
        "c.csv:3: no document 'mun' is here; skipped. The nearest is 'mon'; correct it, or take the row out.",
        "c.csv:4: no position in 'mon' is “something quite different”; skipped. The nearest is “supports the coal tax.” "
        "(Ann Lee supports the coal tax); correct the row, or take it out.",
        "c.csv:5: its evidence is not in the text of 'mon': “suports the coal tax”; skipped. "
        "The nearest there is “supports the coal tax.”; quote the text word for word.",
        "c.csv:6: correction 'accpet' cannot be used; skipped. It should be 'accept', 'reject', 'change', 'add', "
        "'merge actors', 'split actor', 'rename actor', 'merge outcomes', 'split outcome' or 'rename outcome'.",
    ]
    assert [str(one) for one in graph.revision.skipped] == [str(one.message) for one in warned]


def test_evidence_that_stands_twice_needs_its_place() -> None:
    document, _ = read("d", text="No, no and no.")
    graph = assemble([(document, [])])
    said = {"new_holder": "Ann", "new_target": "it", "new_stance": "opposes"}
    (problem,) = problems(graph, Correction(kind="add", document="d", evidence="no", **said))
    assert "its evidence stands 2 times in 'd': “no”; skipped. Quote more of the text, or say in at which it is" in problem
    found = applied(graph, Correction(kind="add", document="d", evidence="no", at=[Span(start=9, end=11)], **said))
    assert found.placed[0].position.evidence == (Span(start=11, end=13),)


@pytest.mark.parametrize(
    "rows",
    [
        ("accept,mon,opposes the coal tax,,", "reject,mon,opposes the coal tax,,"),
        ("change,mon,opposes the coal tax,mixed,", "change,mon,opposes the coal tax,supports,"),
        ("accept,mon,opposes the coal tax,,", "change,mon,opposes the coal tax,mixed,"),
    ],
)
def test_contradicting_rows_are_an_error_that_names_both_lines(tmp_path: Path, rows: tuple[str, str]) -> None:
    for one, other in (rows, rows[::-1]):
        (tmp_path / "c.csv").write_text(f"correction,document,evidence,new_stance,note\n{one}\naccept,x,y,,\n{other}\n")
        with pytest.raises(CorrectionsFileError, match=r"c\.csv:4: .* contradicts .*c\.csv:2 .*; keep one"):
            read_corrections(tmp_path / "c.csv")


def test_rows_that_turn_out_to_be_of_one_position_contradict_each_other_too(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "correction,document,evidence,holder,new_stance\n"
        "reject,mon,opposes the coal tax,,\n"
        "accept,mon,opposes the coal tax,Bob Moss,\n"
        "accept,mon,supports the coal tax,,\n"
    )
    graph = quietly(assemble(debate()), tmp_path / "c.csv")
    (problem,) = graph.revision.skipped
    assert problem.where == f"{tmp_path}/c.csv:3"
    assert f"contradicts {tmp_path}/c.csv:2 (reject) on the same position" in problem.reason
    assert not at(graph, "mon#2").confirmed
    assert at(graph, "mon#1").confirmed


def test_changes_that_go_together_are_one() -> None:
    graph = assemble(debate())
    position = at(graph, "mon#2")
    found = applied(
        graph,
        correction_of(position, "change", new_stance="mixed"),
        correction_of(position, "change", new_act="doubts"),
        correction_of(position, "change", new_stance="mixed"),
    )
    assert (at(found, "mon#2").stance, at(found, "mon#2").act) == (Stance.MIXED, Act.DOUBTS)


# Actors and outcomes


def test_names_are_made_one_actor() -> None:
    graph = assemble(debate())
    row = Correction(kind="merge actors", names=["Bob Moss", "Bush"], name="Bob Bush")
    found = applied(graph, row)
    assert [r[1] for r in held(found)] == ["Ann Lee", "Bob Bush", "Bob Bush", "Ann Lee", "Bob Bush", "NATO"]
    assert found.actor("Bob Bush").aliases == ("Bob Moss", "Bush")
    assert [p.position for p in found.placed] == [p.position for p in graph.placed]
    assert "actor:Bush" not in found.network
    kept = applied(graph, Correction(kind="merge actors", names=["Bush"], name="Bob Moss"))
    assert kept.actor("Bush").name == "Bob Moss"


def test_names_that_are_one_actor_by_now_stay_one() -> None:
    graph = assemble([read("d", ("Volodymyr Zelensky", "supports", "x y"), ("Zelensky", "opposes", "z y"))])
    row = Correction(kind="merge actors", names=["Zelensky", "Volodymyr Zelensky"], name="Volodymyr Zelensky")
    assert same(applied(graph, row), graph)


def test_merges_may_build_on_each_other_in_any_order() -> None:
    graph = assemble(debate())
    rows = [
        Correction(kind="merge actors", names=["Bob Moss"], name="Ann Lee"),
        Correction(kind="rename actor", names=["Ann Lee"], name="Ann Lee-Moss"),
        Correction(kind="merge actors", names=["Ann Lee-Moss", "Bush"], name="the Committee", new_holder_type="group"),
    ]
    one, other = applied(graph, *rows), applied(graph, *rows[::-1])
    assert same(one, other)
    assert {actor.name for actor in one.actors()} == {"the Committee", "NATO"}
    assert one.actor("Bush").type is ActorType.GROUP


def test_another_can_be_told_from_a_namesake() -> None:
    graph = assemble(debate())
    by_document = applied(graph, Correction(kind="split actor", names=["Bush"], document="fri", name="Jeb Bush"))
    assert [row[1] for row in held(by_document)] == ["Ann Lee", "Bob Moss", "Bush", "Ann Lee", "Jeb Bush", "NATO"]
    assert by_document.actor("Jeb Bush").aliases == ("Bush",)
    assert by_document.actor("Jeb Bush").type is ActorType.PERSON
    position = at(graph, "mon#3")
    one = Correction(kind="split actor", names=["Bush"], document="mon", evidence=position.evidence_text, name="Jeb Bush")
    assert [row[1] for row in held(applied(graph, one)) if "Bush" in row[1]] == ["Jeb Bush", "Bush"]
    both = Correction(kind="split actor", names=["Bush"], document="mon", name="Bush (the elder)")
    two = applied(graph, both, Correction(kind="split actor", names=["Bush"], document="fri", name="Jeb Bush"))
    assert {"Bush (the elder)", "Jeb Bush"} <= {actor.name for actor in two.actors()}
    assert "Bush" not in {actor.name for actor in two.actors()}


def test_a_renamed_actor_takes_its_old_name_along_but_nobodys() -> None:
    graph = assemble(debate())
    found = applied(graph, Correction(kind="rename actor", names=["Ann Lee"], name="Ann van Lee"))
    assert found.actor("Ann Lee").name == "Ann van Lee"
    assert [found.actor_of(r.position).name for r in found.reports] == ["Ann van Lee"]
    (problem,) = problems(graph, Correction(kind="rename actor", names=["Ann Lee"], name="Bush"))
    assert "another actor, 'Bush', is called 'Bush' already; skipped. Write merge actors to make them one" in problem


def test_outcomes_are_merged_split_and_renamed() -> None:
    graph = assemble([*debate(), read("sat", ("Ann Lee", "supports", "coal taxes"))])
    assert graph.outcome("coal taxes").label == "the coal tax"
    merged = applied(graph, Correction(kind="merge outcomes", names=["a truce", "the rail line"], name="peace by rail"))
    assert merged.outcome("a truce").label == "peace by rail"
    assert merged.outcome("a truce").wordings == ("a truce", "the rail line")
    split = applied(graph, Correction(kind="split outcome", names=["coal taxes"], name="taxes on coal abroad"))
    assert held(split)[-1] == ("sat#1", "Ann Lee", "supports", "taxes on coal abroad")
    assert split.outcome("the coal tax").wordings == ("the coal tax",)
    renamed = applied(
        graph, Correction(kind="rename outcome", names=["the coal tax"], name="coal levy", new_target_kind="claim")
    )
    assert renamed.outcome("coal levy").kind is TargetKind.CLAIM
    assert renamed.outcome("coal levy").wordings == ("coal taxes", "the coal tax")


def test_what_is_toward_an_actor_follows_it() -> None:
    graph = assemble([*debate(), read("sun", ("Ann Lee", "opposes", "NATO", "person", "actor"))])
    found = applied(graph, Correction(kind="rename actor", names=["NATO"], name="North Atlantic alliance"))
    assert held(found)[-1] == ("sun#1", "Ann Lee", "opposes", "North Atlantic alliance")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([("merge actors", ["Bob", "Nobody"], "Ann Lee")], "no actor is called 'Bob'; skipped. The nearest is 'Bob Moss'"),
        ([("rename outcome", ["coal"], "x")], "no outcome is called 'coal'"),
        (
            [("rename actor", ["Bush"], "A"), ("rename actor", ["Bush"], "B")],
            "'Bush' is to be 'B', and by correction (rename actor) 'A'; skipped. Neither counts; keep one.",
        ),
        ([("merge actors", ["Bush"], "NATO"), ("merge actors", ["NATO"], "Bush")], "and so on in a circle"),
        (
            [("split actor", ["Bush"], "A"), ("split actor", ["Bush"], "B")],
            "what is to be 'B' is to be 'A' by correction (split actor)",
        ),
        ([("split actor", ["Busch"], "A")], "no actor is called 'Busch'; skipped. The nearest is 'Bush'"),
    ],
)
def test_names_that_mean_nothing_or_go_in_circles_change_nothing(rows: list[tuple[str, list[str], str]], said: str) -> None:
    graph = assemble(debate())
    made = [Correction(kind=kind, names=names, name=name) for kind, names, name in rows]
    assert any(said in problem for problem in problems(graph, *made))
    assert same(quietly(graph, made), graph)


def test_a_persons_word_puts_a_position_on_a_listed_outcome() -> None:
    listed = [ListedOutcome(label="coal tax"), ListedOutcome(label="truce talks", description="Of any kind.")]
    graph = assemble(debate(), outcomes=listed)
    found = applied(
        graph,
        Correction(kind="merge outcomes", names=["the rail line"], name="truce talks"),
        correction_of(at(graph, "mon#2"), "change", new_target="something else"),
        Correction(kind="rename outcome", names=["coal tax"], name="levy on coal"),
    )
    similarities = {p.id: p.position.similarity for p in found.placed}
    assert similarities["mon#3"] == similarities["fri#1"] == 1.0
    assert similarities["mon#2"] is None
    assert similarities["mon#1"] == at(graph, "mon#1").similarity
    assert [outcome.label for outcome in found.listed] == ["levy on coal", "truce talks"]
    assert found.outcome("truce talks").description == "Of any kind."
    # They outlast another list.
    again = quietly(found, found.revision.corrections).with_outcomes([ListedOutcome(label="coal tax")])
    assert at(again, "mon#2").changed == ("target",)


# A table and what was read


def test_names_that_people_coded_stay_as_they_were(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "actor,outcome,stance\nKyiv,NATO accession,supports\nUkraine,accession to NATO,opposes\nBush,x,mixed\n"
    )
    graph = read_table(tmp_path / "t.csv").graph
    found = applied(
        graph,
        correction_of(graph.placed[0].position, "change", new_stance="mixed"),
        correction_of(graph.placed[2].position, "change", new_holder="Kyiv"),
    )
    assert [row[1:] for row in held(found)] == [
        ("Kyiv", "mixed", "NATO accession"),
        ("Ukraine", "opposes", "accession to NATO"),
        ("Kyiv", "mixed", "x"),
    ]
    assert same(found.with_corrections([]), graph)


def test_corrections_are_applied_anew_and_taken_away_and_never_destroy(tmp_path: Path) -> None:
    graph = assemble(debate())
    first = [correction_of(at(graph, "mon#2"), "reject"), Correction(kind="rename actor", names=["Bush"], name="Jeb Bush")]
    found = applied(graph, *first)
    assert same(applied(found, *first), found)
    assert same(found.with_corrections([]), graph)
    assert held(applied(found, correction_of(at(graph, "mon#2"), "accept"))) == held(graph)
    found.save(tmp_path)
    again = StanceGraph.load(tmp_path)
    assert same(again, found)
    assert same(again.as_read, graph)
    assert again.rejected == found.rejected
    assert again.revision == found.revision or again.revision.corrections == found.revision.corrections
    found.save(tmp_path / "found.json")
    again.save(tmp_path / "again.json")
    StanceGraph.load(tmp_path / "found.json").save(tmp_path / "third.json")
    for name in ("again.json", "third.json"):
        assert (tmp_path / name).read_bytes() == (tmp_path / "found.json").read_bytes()
    assert StanceGraph.load(tmp_path).part().revision is None


def test_a_saved_graph_whose_revision_is_broken_is_refused_by_name(tmp_path: Path) -> None:
    graph = assemble(debate())
    file = tmp_path / "graph.json"
    applied(graph, correction_of(at(graph, "mon#2"), "reject")).save(file)
    content = json.loads(file.read_text())
    content["revision"]["positions"][0]["actor"] = 99
    file.write_text(json.dumps(content))
    with pytest.raises(ValueError, match=r"graph\.json: revisions\[0\] is not valid"):
        StanceGraph.load(file)
    applied(graph, correction_of(at(graph, "mon#2"), "reject")).save(tmp_path)
    with duckdb.connect(str(tmp_path / "graph.duckdb")) as database:
        database.execute("UPDATE revision SET content = ?", [json.dumps(content["revision"])])
    with pytest.raises(ValueError, match=r"graph\.duckdb: revision holds something that is not valid"):
        StanceGraph.load(tmp_path).rejected  # noqa: B018 - reading it is what fails


def test_what_is_kept_of_a_correction_is_in_every_export(tmp_path: Path) -> None:
    from stancegraph.exports import write_positions_csv, write_positions_jsonl

    graph = assemble(debate())
    found = applied(graph, correction_of(at(graph, "mon#2"), "change", new_stance="mixed"))
    edges = {start: data for start, _, data in found.network.edges(data=True) if data["kind"] == "toward"}
    assert [edges[f"position:{p.id}"]["confirmed"] for p in found.placed] == [False, True, False, False, False, False]
    assert edges["position:mon#2"]["changed"] == found.network.nodes["position:mon#2"]["changed"] == ["stance"]
    write_positions_csv(found, tmp_path / "p.csv")
    with (tmp_path / "p.csv").open(encoding="utf-8-sig") as file:
        assert [row["confirmed"] for row in csv.DictReader(file)][:3] == ["False", "True", "False"]
    write_positions_jsonl(found, tmp_path / "p.jsonl")
    lines = [json.loads(line) for line in (tmp_path / "p.jsonl").read_text().splitlines()]
    assert [line["changed"] for line in lines][:3] == [[], ["stance"], []]


def test_build_takes_a_table(tmp_path: Path) -> None:
    text = "The mayor opposes the toll. The council supports the toll."
    graph = stancegraph.build([Document(id="d", text=text)])
    assert len(graph.placed) == 2
    write_corrections([correction_of(graph.positions()[0], "reject")], tmp_path / "c.yaml")
    found = stancegraph.build([Document(id="d", text=text)], corrections=tmp_path / "c.yaml")
    assert held(found) == held(graph)[1:]
    (tmp_path / "c.yaml").write_text("- correction: accept\n  documnt: d\n")
    with pytest.raises(CorrectionsFileError, match=r"c\.yaml:2: unknown field 'documnt'"):
        stancegraph.build(["missing.txt"], corrections=str(tmp_path / "c.yaml"))


# The form of a table


FULL = Correction(
    kind="change",
    document="2023-07-11",
    evidence="=1+1",
    at=[Span(start=3, end=15), Span(start=20, end=21)],
    holder="'-",
    target="3-12",
    stance="opposes",
    new_holder="TRUE",
    new_holder_type="group",
    new_target="@x",
    new_target_kind="claim",
    new_stance="none",
    new_act="asks",
    new_via=["a | b", "(none)", "c\\|"],
    new_confidence=0.1,
    note="“so”; 1,5",
    reviewer="me",
    date="2024-05-01",
)


@pytest.mark.parametrize("name", ["c.csv", "c.yaml"])
def test_every_field_is_written_and_read(tmp_path: Path, name: str) -> None:
    rows = (
        FULL,
        correction_of(debate()[0][1][0], "change", new_via=[]),
        Correction(kind="merge actors", names=["(none)"], name="x"),
    )
    write_corrections(rows, tmp_path / name)
    assert read_corrections(tmp_path / name) == (rows, ())
    first = read_corrections(tmp_path / name).corrections[0]
    assert first.where == f"{tmp_path}/{name}:{2 if name == 'c.csv' else 1}"


def test_a_spreadsheet_neither_runs_nor_counts_a_cell(tmp_path: Path) -> None:
    write_corrections([FULL], tmp_path / "c.csv")
    data = (tmp_path / "c.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfcorrection,")
    (row,) = csv.DictReader(io.StringIO(data.decode("utf-8-sig")))
    for column in ("document", "evidence", "holder", "target", "new_holder", "new_target"):
        assert row[column].startswith("'"), column
    assert row["at"] == "3..15 | 20..21"
    assert row["new_confidence"] == "0.1"


def test_what_a_spreadsheet_makes_of_a_table_is_read(tmp_path: Path) -> None:
    content = (
        "\ufeffdate;correction;document;evidence;note;new_stance;new_confidence\r\n"
        '01.05.2024;Reject;mon;"opposes the\ncoal tax.";"a; b";;\r\n;;;;;;\r\n'
        ";CHANGE;mon;supports the coal tax.;;Mixed;0,25\r\n"
    )
    (tmp_path / "c.csv").write_bytes(content.encode())
    (first, second), skipped = read_corrections(tmp_path / "c.csv")
    assert skipped == ()
    assert (first.kind, first.note, first.date, second.new_stance) == (Kind.REJECT, "a; b", "01.05.2024", Stance.MIXED)
    assert (first.where, second.where) == (f"{tmp_path}/c.csv:2", f"{tmp_path}/c.csv:5")
    assert second.new_confidence == 0.25
    found = applied(assemble(debate()), first, second)
    assert held(found)[0] == ("mon#1", "Ann Lee", "mixed", "the coal tax")


def test_an_excel_table_is_read(tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["correction", "document", "evidence", "date"])
    book.active.append(["reject", "mon", "opposes the coal tax.", "2024-05-01"])
    book.save(tmp_path / "c.xlsx")
    assert len(quietly(assemble(debate()), str(tmp_path / "c.xlsx")).rejected) == 1


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("c.csv", b"", r"c\.csv: is empty; give it a row of headings: correction, document"),
        ("c.csv", b"document,evidence\nd,e\n", r"c\.csv:1: no column is called 'correction'; add it"),
        ("c.csv", b"correction,evidnce\n", r"c\.csv:1: unknown column 'evidnce'; use correction, document, evidence"),
        ("c.csv", b"correction,note,note\n", r"c\.csv:1: two columns are called 'note'; keep one"),
        ("c.csv", b"correction\n\xff\n", r"c\.csv: not UTF-8 \(byte 11\); save it as CSV UTF-8"),
        ("c.xls", b"", r"c\.xls: an old Excel file; save it as \.xlsx or as CSV"),
        ("c.yaml", b"a: b\n", r"c\.yaml:1: must be a list of entries; start each with \"- correction: …\""),
        ("c.yaml", b"- correction: [\n", r"c\.yaml:2: not valid YAML"),
        ("c.yaml", b"- correction: accept\n  names: Bush\n", r"c\.yaml:2: names must be a list"),
        ("no.csv", None, r"no\.csv: cannot be read"),
        ("no.yaml", None, r"no\.yaml: cannot be read"),
    ],
)
def test_a_table_that_cannot_be_used_is_named_with_line_and_fix(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(CorrectionsFileError, match=said):
        read_corrections(tmp_path / name)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("accept,,x,,,", "accept needs document; skipped. Fill it in."),
        ("accept,d,,,,", "accept needs evidence; skipped. Fill it in."),
        ("accept,d,e,mixed,,", "accept makes no use of new_stance; skipped. Leave it empty."),
        ("change,d,e,,,", "change needs what is new, such as new_stance; skipped. Fill one in, or write accept."),
        ("change,d,e,agrees,,", "new_stance 'agrees' cannot be used; skipped. It should be 'supports', 'opposes'"),
        ("rename actor,,,,a | b,c", "rename actor takes one of names; skipped. To make several one, write merge."),
        ("merge actors,,,,a,", "merge actors needs name; skipped. Fill it in."),
        (",d,e,,,", "says not what to correct; skipped. Write accept, reject, change … in correction."),
        (
            "accept,d,e,,,,x",
            "has 7 cells, the headings are 6; skipped. Put cells that hold the delimiter in quotation marks.",
        ),
    ],
)
def test_a_row_that_is_none_is_named_and_the_others_go_on(tmp_path: Path, row: str, said: str) -> None:
    (tmp_path / "c.csv").write_text(f"correction,document,evidence,new_stance,names,name\n{row}\naccept,d,e,,,\n")
    corrections, skipped = read_corrections(tmp_path / "c.csv")
    assert len(corrections) == 1
    assert str(skipped[0]).startswith(f"{tmp_path}/c.csv:2: {said}")


def test_places_are_written_so_that_they_are_no_days(tmp_path: Path) -> None:
    (tmp_path / "c.csv").write_text(
        "correction,document,evidence,at\naccept,d,e,12-40\naccept,d,f,Dec-40\naccept,d,g,9..3\n"
    )
    corrections, skipped = read_corrections(tmp_path / "c.csv")
    assert corrections[0].at == (Span(start=12, end=40),)
    assert [str(one).removeprefix(f"{tmp_path}/") for one in skipped] == [
        "c.csv:3: at 'Dec-40' is no place; skipped. Write it as 12..40, or leave it empty.",
        "c.csv:4: at '9..3' is no place; skipped. Write it as 12..40, or leave it empty.",
    ]


def test_a_correction_refuses_what_it_makes_no_use_of() -> None:
    with pytest.raises(ValidationError, match="reject makes no use of names"):
        Correction(kind="reject", document="d", evidence="e", names=["x"])
    with pytest.raises(ValidationError, match="half of a surrogate pair"):
        Correction(kind="reject", document="d", evidence="\ud800")


# Whatever is read and corrected

_lines = st.sampled_from(["", "x", "=1", "'=1", "''5", "12", "1 May", "true", "a|b", "\\", "\\|", "(none)"]) | st.text(
    max_size=12
)
_names = st.lists(_lines, max_size=3)


_some = _lines.map(str.strip).filter(lambda text: bool(text) and text.isprintable())
_spans = st.lists(st.tuples(st.integers(0, 10**6), st.integers(1, 99)), max_size=2)
_places = _spans.map(lambda pairs: tuple(Span(start=start, end=start + length) for start, length in pairs))
_sought = {"at": _places, "holder": _lines, "target": _lines, "stance": st.none() | st.sampled_from(Stance)}
_position = {"document": _some, "evidence": _some}
_type = {"new_holder_type": st.none() | st.sampled_from(ActorType)}
_kind = {"new_target_kind": st.none() | st.sampled_from([kind for kind in TargetKind if kind.value])}
_new = {
    **_type,
    **_kind,
    "new_holder": _lines,
    "new_target": _lines,
    "new_act": st.none() | st.sampled_from(Act),
    "new_via": st.none() | _names,
    "new_confidence": st.none() | st.floats(0, 1),
}
_said = {"new_stance": st.sampled_from(Stance)}
_called = {"names": st.lists(_some, min_size=1, max_size=3), "name": _some}
_one = {"names": st.lists(_some, min_size=1, max_size=1), "name": _some}
_notes = {"note": _lines, "reviewer": _lines, "date": _lines}
_fields_of = {
    Kind.ACCEPT: {**_position, **_sought},
    Kind.REJECT: {**_position, **_sought},
    Kind.CHANGE: {**_position, **_sought, **_new, **_said},
    Kind.ADD: {**_position, "at": _places, **_new, **_said, "new_holder": _some, "new_target": _some},
    Kind.MERGE_ACTORS: {**_called, **_type},
    Kind.RENAME_ACTOR: {**_one, **_type},
    Kind.SPLIT_ACTOR: {**_one, **_type, **_position, **_sought},
    Kind.MERGE_OUTCOMES: {**_called, **_kind},
    Kind.RENAME_OUTCOME: {**_one, **_kind},
    Kind.SPLIT_OUTCOME: {**_one, **_kind, "document": _some},
}


@st.composite
def any_corrections(draw: st.DrawFn) -> Correction:
    """Return any correction that can be made."""
    kind = draw(st.sampled_from(Kind))
    return Correction(kind=kind, **{name: draw(value) for name, value in {**_fields_of[kind], **_notes}.items()})


@settings(max_examples=100, deadline=None)
@given(st.lists(any_corrections(), max_size=4))
def test_whatever_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[Correction]) -> None:
    folder = tmp_path_factory.mktemp("tables")
    for name in ("c.csv", "c.yaml"):
        write_corrections(rows, folder / name)
        try:
            found = read_corrections(folder / name)
        except CorrectionsFileError as error:
            assert "contradicts" in str(error)
        else:
            assert found == (tuple(rows), ())
    for line in csv.reader(io.StringIO((folder / "c.csv").read_text(encoding="utf-8-sig"), newline="")):
        assert not [cell for cell in line if cell[:1] in tuple("=+-@＝＋－＠")]


@st.composite
def corrected_readings(draw: st.DrawFn) -> tuple[Reading, list[Correction]]:
    """Return any reading with any few corrections of it."""
    reading = draw(readings(most=3))
    graph = assemble(reading)
    positions = [*(p.position for p in graph.placed), *(r.position for r in graph.reports)]
    positions = [p for p in positions if _can_be_named(p)]
    rows = []
    new = {
        "new_holder": st.sampled_from(NAMES).filter(bool),
        "new_target": st.sampled_from(TARGETS),
        "new_stance": st.sampled_from(Stance),
        "new_via": st.lists(st.sampled_from(NAMES).filter(bool), max_size=2),
        "new_holder_type": st.sampled_from(ActorType),
    }
    for position in positions and draw(st.lists(st.sampled_from(positions), max_size=6)):
        kind = draw(st.sampled_from(["accept", "reject", "change"]))
        said = {draw(st.sampled_from(sorted(new))) for _ in range(2)} if kind == "change" else set()
        rows.append(correction_of(position, kind, **{name: draw(new[name]) for name in said}))
    names = st.sampled_from([*{a.name for a in graph.actors()}, *NAMES]).filter(_is_a_line)
    labels = st.sampled_from([*{o.label for o in graph.outcomes()}, *TARGETS]).filter(_is_a_line)
    for kind, some in draw(
        st.lists(
            st.sampled_from([*((k, names) for k in Kind if k.of_actors), *((k, labels) for k in Kind if k.of_outcomes)]),
            max_size=4,
        )
    ):
        document = draw(st.sampled_from(["", *(d.id for d, _ in reading)])) if "split" in kind.value else ""
        many = draw(st.lists(some, min_size=1, max_size=1 if "rename" in kind.value else 3))
        rows.append(Correction(kind=kind, names=many, name=draw(some), document=document))
    return reading, rows


def _can_be_named(position: Position) -> bool:
    return _is_a_line(position.document.id) and _is_a_line(position.evidence_text)


def _is_a_line(text: str) -> bool:
    return bool("".join(" " if ord(c) < 32 or 126 < ord(c) < 160 or c in "\u2028\u2029" else c for c in text).strip())


@settings(max_examples=100, deadline=None)
@given(corrected_readings(), st.randoms(use_true_random=False))
def test_order_makes_no_difference_and_twice_is_once(
    tmp_path_factory: pytest.TempPathFactory, given_: tuple[Reading, list[Correction]], rng: random.Random
) -> None:
    reading, rows = given_
    graph = assemble(reading)
    found = quietly(graph, rows)
    shuffled = rng.sample(rows, len(rows))
    assert same(quietly(graph, shuffled), found)
    assert same(quietly(found, rows), found)
    assert same(found.with_corrections(()), graph)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkippedCorrection)
        assert same(assemble(rng.sample(reading, len(reading)), corrections=shuffled), found)
    folder = tmp_path_factory.mktemp("saved")
    found.save(folder)
    again = StanceGraph.load(folder)
    assert same(again, found)
    assert same(again.as_read, graph)
    # Every name is one actor's, every position has its place, and ids are unique.
    assert len({a.name for a in found.actors()}) == len(found.actors())
    assert len({o.label for o in found.outcomes()}) == len(found.outcomes())
    assert len({p.id for p in found.placed}) == len(found.placed)
    assert set(found.network) >= {f"position:{p.id}" for p in found.placed}


@settings(max_examples=100, deadline=None)
@given(readings())
def test_accepting_everything_changes_nothing_but_confirmed(reading: Reading) -> None:
    graph = assemble(reading)
    said = [*(p.position for p in graph.placed), *(r.position for r in graph.reports)]
    found = quietly(graph, [correction_of(p, "accept") for p in said if _can_be_named(p)])
    confirmed = [p.model_copy(update={"confirmed": p.confirmed or _can_be_named(p)}) for p in said]
    assert [*(p.position for p in found.placed), *(r.position for r in found.reports)] == confirmed
    assert [(p.id, p.actor, p.outcome, p.via) for p in found.placed] == [
        (p.id, p.actor, p.outcome, p.via) for p in graph.placed
    ]
    assert [r.actor for r in found.reports] == [r.actor for r in graph.reports]
    assert found.actors() == graph.actors()


# The guide


GUIDE = (Path(__file__).parents[1] / "docs" / "guide" / "corrections.md").read_text(encoding="utf8")


def test_the_tables_of_the_guide_are_read_and_apply(tmp_path: Path) -> None:
    table = re.findall(r":caption: corrections.csv\n\n(.*?)```", GUIDE, re.DOTALL)[0]
    entries = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)[0]
    (tmp_path / "c.csv").write_text(table, encoding="utf-8")
    (tmp_path / "c.yaml").write_text(entries, encoding="utf-8")
    reading = [
        read(
            "mon",
            ("Ann Lee", "supports", "the coal tax"),
            ("Bob Moss", "opposes", "the rail line"),
            ("R. Moss", "supports", "x y"),
        ),
        read(
            "fri", ("Bush", "opposes", "the coal tax"), ("Bob Moss", "supports", "tea"), text="Cora Vane wants a long truce."
        ),
    ]
    graph = assemble(reading)
    corrections, skipped = read_corrections(tmp_path / "c.csv")
    assert skipped == ()
    assert {kind.value for kind in Kind} - {one.kind.value for one in corrections} == {
        "rename actor",
        "merge outcomes",
        "split outcome",
    }
    found = applied(graph, *corrections)
    assert [row[1:] for row in held(found)] == [
        ("Jeb Bush", "mixed", "coal levy"),
        ("Robert Moss", "supports", "tea"),
        ("Cora Vane", "supports", "a truce"),
        ("Ann Lee", "supports", "coal levy"),
        ("Robert Moss", "supports", "x y"),
    ]
    assert applied(graph, *read_corrections(tmp_path / "c.yaml").corrections).actor("R. Moss").name == "Robert Moss"
