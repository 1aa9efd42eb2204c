"""Questions to a graph: on debates small enough to answer by hand, and on any graph."""

from __future__ import annotations

import datetime
import html
import json
import math
from itertools import product
from pathlib import Path

import pytest
from given_positions import read, readings
from hypothesis import given, settings
from rich.console import Console

from stancegraph.graph import AmbiguousName, StanceGraph, UnknownName, assemble
from stancegraph.models import (
    Actor,
    ActorType,
    Document,
    Outcome,
    PlacedPosition,
    Position,
    Span,
    Stance,
    Stated,
    TargetKind,
)

SHARED = Path(__file__).parents[2] / "shared"
TEA, COAL, TAX = "free tea", "coal mining", "tax cuts"


def debate() -> StanceGraph:
    """Ann changes on tea; Bob agrees with Ann on coal and disagrees on tax; Cid is on nobody's side."""
    return assemble(
        [
            read("d1", ("Ann", "supports", TEA), ("Bob", "opposes", TEA), ("Ann", "opposes", COAL), date="2023-01-10"),
            read("d2", ("Bob", "opposes", COAL), ("Ann", "supports", TAX), ("Bob", "opposes", TAX), date="2023-02-05"),
            read("d3", ("Ann", "opposes", TEA), ("Cid", "undecided", TEA), ("Dan", "supports", TEA), date="2023-02-20"),
            read("d4", ("Ann", "opposes", TEA), ("Cid", "mixed", TAX), ("Dan", "opposes", COAL), date="2023-04-02"),
        ]
    )


def names(rows: object) -> list[str]:
    return [row.actor.name for row in rows]  # type: ignore[attr-defined]


def dated(*rows: tuple[str, str, str, object], documents: str = "2023-06-30") -> StanceGraph:
    """Return a graph of positions on tea in one document: actor, stance, words, and when it was stated."""
    text = " ".join(row[2] for row in rows)
    document = Document(id="d", text=text, date=documents)
    outcome = Outcome(label=TEA, kind=TargetKind.OUTCOME)
    placed, start = [], 0
    for number, (name, stance, words, when) in enumerate(rows):
        span = Span(start=start, end=start + len(words))
        position = Position(
            document=document,
            holder=name,
            holder_type=ActorType.PERSON,
            target=TEA,
            target_kind=TargetKind.OUTCOME,
            stance=Stance(stance),
            act="asserts",
            evidence=(span,),
            confidence=0.5,
            stated=when,
        )
        placed.append(PlacedPosition(f"d#{number + 1}", position, Actor(name=name, type=ActorType.PERSON), outcome))
        start += len(words) + 1
    return StanceGraph({"d": document}, placed)


def stated(since: str | None, until: str, earlier: bool = False) -> Stated:
    first = datetime.date.fromisoformat(since) if since else None
    return Stated(since=first, until=datetime.date.fromisoformat(until), earlier=earlier)


# Who stands where


def test_who_supports_lists_the_most_active_first_with_their_newest_words() -> None:
    answer = debate().who_opposes(TEA)
    assert [(row.name, row.positions, row.first, row.last) for row in answer] == [
        ("Ann", 2, "2023-02-20", "2023-04-02"),
        ("Bob", 1, "2023-01-10", "2023-01-10"),
    ]
    assert (answer[0].evidence, answer[0].document, answer[0].position) == ("opposes free tea.", "d4", "d4#1")


def test_undecided_latest_and_dates() -> None:
    graph = debate()
    assert names(graph.undecided_on(TEA)) == ["Cid"]
    assert names(graph.who_supports(TEA)) == ["Ann", "Dan"]
    assert names(graph.who_supports(TEA, latest=True)) == ["Dan"], "Ann has changed"
    assert names(graph.who_supports(TEA, until="2023-01")) == ["Ann"]
    assert names(graph.who_supports(TEA, until="2023-01", latest=True)) == ["Ann"]
    assert names(graph.who_supports(TEA, since="2023-02-06")) == ["Dan"]


def test_weights_are_confidences_if_wanted() -> None:
    # given_positions gives each position a confidence of 0.75.
    assert [row.weight for row in debate().who_opposes(TEA, weights="confidence")] == [1.5, 0.75]
    assert [row.weight for row in debate().who_opposes(TEA)] == [2, 1]


def test_every_condition_leaves_something_out() -> None:
    graph = debate()
    assert len(graph.positions()) == 12
    assert len(graph.positions(act="asserts", source="wire", min_confidence=0.75, confirmed=False)) == 12
    assert len(graph.positions(act="warns")) == 0
    assert len(graph.positions(min_confidence=0.76)) == 0
    assert len(graph.positions(confirmed=True)) == 0
    with pytest.raises(UnknownName, match="no publisher 'Wires' in this graph; did you mean 'Wire'"):
        graph.positions(source="Wires")
    for wrong in ({"by": "party"}, {"min_confidence": 2}, {"act": "shouts"}, {"since": "soon"}, {"stance": "for"}):
        with pytest.raises(ValueError, match=r"soon|party|2|shouts|for"):
            graph.positions(**wrong)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="exchange them"):
        graph.positions(since="2024", until="2023")


def test_what_is_said_without_attitude_is_passed_on_too() -> None:
    document, (said, other) = read("d", ("Ann", "none", TEA), ("Bob", "none", TEA))
    passed_on = said.model_copy(update={"via": ("Reuters",)})
    held = read("e", ("Cid", "supports", TEA))
    held[1][0] = held[1][0].model_copy(update={"via": ("Reuters",)})
    graph = assemble([(document, [passed_on, other]), held])
    assert [p.holder for p in graph.positions(stance="none", via="Reuters")] == ["Ann"]


def test_a_part_speaks_for_whom_the_whole_graph_does_also_when_saved(tmp_path: Path) -> None:
    document, (one, other) = read("d", ("Jane Roe", "supports", TEA), ("Oslo", "opposes", TEA, "country"))
    norway = Actor(name="Norway", type=ActorType.COUNTRY, aliases=("Oslo",))
    jane, outcome = Actor(name="Jane Roe", type=ActorType.PERSON), Outcome(label=TEA, kind=TargetKind.OUTCOME)
    placed = [
        PlacedPosition("d#1", one.model_copy(update={"holder_affiliation": "Oslo"}), jane, outcome),
        PlacedPosition("d#2", other, norway, outcome),
    ]
    part = StanceGraph({"d": document}, placed).part(actor=jane)
    part.save(tmp_path)
    for graph in (part, StanceGraph.load(tmp_path)):
        assert names(graph.who_supports(TEA, by="affiliation")) == ["Norway"]
        assert [graph.speaks_for(placed) for placed in graph.placed] == ["Norway"]
        assert [graph.holder_of(position, "affiliation") for position in graph.positions()] == [norway]


def test_the_table_of_a_slice_is_in_its_order() -> None:
    answer = debate().positions()
    assert answer[::-3].to_frame().id.tolist() == answer.to_frame().id.tolist()[::-3]
    assert answer[3:3].to_frame().columns.tolist() == answer.to_frame().columns.tolist()


def test_via_and_rolled_up_to_whom_they_speak_for() -> None:
    document, (one, two) = read("d", ("Jane Roe", "supports", TEA), ("Norway", "opposes", TEA, "country"), date="2023-01-01")
    one = one.model_copy(update={"holder_role": "minister", "holder_affiliation": "Norway", "via": ("Reuters",)})
    graph = assemble([(document, [one, two])])
    assert [p.holder for p in graph.positions(via="Reuters")] == ["Jane Roe"]
    assert names(graph.who_supports(TEA)) == ["Jane Roe"]
    rolled = graph.who_supports(TEA, by="affiliation")
    assert [(row.name, row.actor.type) for row in rolled] == [("Norway", ActorType.COUNTRY)]
    assert len(graph.positions(actor="Norway", by="affiliation")) == 2
    assert len(graph.positions(actor="Norway")) == 1
    lone = assemble([(document, [one])])
    assert names(lone.who_supports(TEA, by="affiliation")) == ["Norway"], "who holds nothing herself may be spoken for"
    assert [actor.name for actor in lone.actors()] == ["Jane Roe", "Reuters"], "and is no actor of the graph for that"


# Who agrees with whom


def test_allies_and_opponents_by_hand() -> None:
    # Sides on balance: tea Ann - (1 for, 2 against), Bob -, Dan +; coal all -; tax Ann +, Bob -.
    graph = debate()
    assert [(r.name, r.agreed, r.disagreed, r.score) for r in graph.allies("Ann")] == [("Bob", 2, 1, pytest.approx(1 / 3))]
    assert [set(r.outcomes) for r in graph.allies("Ann")] == [{TEA, COAL}]
    assert names(graph.opponents("Ann")) == [], "with Dan it is one for one"
    assert [(r.name, r.agreed, r.disagreed) for r in graph.opponents("Dan", until="2023-02")] == [("Bob", 0, 1)]
    early = graph.opponents("Ann", until="2023-01")
    assert [(r.name, r.agreed, r.disagreed, r.score, r.outcomes) for r in early] == [("Bob", 0, 1, -1, (TEA,))]


def test_common_ground_by_hand() -> None:
    shared = debate().common_ground("Ann", "Bob")
    assert [(row.outcome.label, row.stance.value) for row in shared] == [(TEA, "opposes"), (COAL, "opposes")]
    assert (shared[0].evidence_a, shared[0].position_a, shared[0].position_b) == ("opposes free tea.", "d4#1", "d1#2")


def test_contested_and_consensus_by_hand() -> None:
    graph = debate()
    # Tea: Dan for, Ann and Bob against, Cid undecided; tax: Ann for, Bob against, Cid mixed; coal: three against.
    assert [
        (row.outcome.label, row.supporters, row.opponents, row.mixed, row.undecided, round(row.balance, 4))
        for row in graph.contested(min_actors=2)
    ] == [(TAX, 1, 1, 1, 0, 1.0), (TEA, 1, 2, 0, 1, round(8 / 9, 4))]
    assert [row.outcome.label for row in graph.contested()] == [TEA]
    coal, tea = graph.consensus(COAL), graph.consensus(TEA)
    assert (coal.leaning, coal.share, coal.index) == (Stance.OPPOSES, 1, 1)
    # Mean -1/3, so the distances are 4/3 once and 2/3 twice.
    expected = 1 + math.log2(1 - 2 / 3) / 3 + 2 * math.log2(1 - 1 / 3) / 3
    assert (tea.leaning, tea.share, tea.index) == (Stance.OPPOSES, pytest.approx(2 / 3), pytest.approx(expected))
    even = assemble([read("d", ("Ann", "supports", TEA), ("Bob", "opposes", TEA))]).consensus(TEA)
    assert (even.leaning, even.index) == (Stance.MIXED, pytest.approx(0))


# In time


def test_history_and_shifts_by_hand() -> None:
    graph = debate()
    steps = graph.history("Ann", TEA)
    assert [(s.date, s.stance.value, s.positions) for s in steps] == [
        ("2023-01-10", "supports", ("d1#1",)),
        ("2023-02-20", "opposes", ("d3#1",)),
        ("2023-04-02", "opposes", ("d4#1",)),
    ]
    (shift,) = graph.shifts()
    assert (shift.actor.name, shift.outcome.label, shift.date) == ("Ann", TEA, "2023-02-20")
    assert (shift.before.stance, shift.after.stance) == (Stance.SUPPORTS, Stance.OPPOSES)
    assert (shift.before.evidence, shift.after.evidence) == ("supports free tea.", "opposes free tea.")
    assert len(graph.shifts(since="2023-02", until="2023-02")) == 1
    assert len(graph.shifts(since="2023-03")) == 0
    assert len(graph.shifts(until="2023-01")) == 0
    assert len(graph.shifts(outcome=COAL)) == 0
    assert len(graph.shifts(min_confidence=0.8)) == 0


def test_what_is_recalled_or_of_one_time_is_no_shift() -> None:
    graph = dated(
        ("Ann", "supports", "Yes.", None),
        ("Ann", "opposes", "Once no.", stated(None, "2023-06-30")),
        ("Bob", "supports", "Aye.", stated("2023-06-01", "2023-06-01")),
        ("Bob", "opposes", "Nay.", stated("2023-06-01", "2023-06-01")),
    )
    assert len(graph.shifts()) == 0
    assert [s.stance.value for s in graph.history("Bob")] == ["mixed"]
    assert [(s.date, s.stance.value, s.recalled) for s in graph.history("Ann")] == [
        ("../2023-06-30", "opposes", True),
        ("2023-06-30", "supports", False),
    ]
    assert names(graph.who_opposes(TEA, latest=True)) == ["Bob"], "what is only recalled is not the newest"


def test_within_a_day_the_text_may_tell_what_came_first() -> None:
    day = "2023-06-30"
    graph = dated(("Ann", "supports", "Yes.", stated(day, day)), ("Ann", "opposes", "No.", stated(day, day, earlier=True)))
    assert [(s.before.stance.value, s.after.stance.value) for s in graph.shifts()] == [("opposes", "supports")]
    assert names(graph.who_supports(TEA, latest=True)) == ["Ann"]
    assert names(graph.who_opposes(TEA, latest=True)) == []


def test_a_dated_statement_counts_for_its_own_day_not_for_its_document() -> None:
    graph = dated(
        ("Ann", "supports", "Yes.", stated("2023-03-01", "2023-03-31")),
        ("Ann", "opposes", "No.", stated("2022-01-01", "2022-12-31")),
    )
    assert [(s.date, s.stance.value) for s in graph.history("Ann")] == [("2022", "opposes"), ("2023-03", "supports")]
    assert [s.date for s in graph.shifts()] == ["2023-03"]
    assert len(graph.positions(since="2023-04")) == 0


def test_timeline_and_the_state_of_a_day() -> None:
    graph = debate()
    rows = [(b.period, b.supports, b.opposes, b.undecided) for b in graph.timeline(TEA)]
    assert rows == [("2023-01", 1, 1, 0), ("2023-02", 1, 2, 1), ("2023-03", 1, 2, 1), ("2023-04", 1, 2, 1)]
    assert [b.period for b in graph.timeline(TEA, unit="years")] == ["2023"]
    assert graph.timeline(TEA, unit="weeks")[0].period == "2023-01-09"
    state = graph.at("2023-01")
    assert (names(state.who_supports(TEA)), names(state.who_opposes(TEA))) == (["Ann"], ["Bob"])
    later = graph.at("2023-12-31")
    assert names(later.who_supports(TEA)) == ["Dan"]
    assert [p.document.id for p in later.positions(actor="Ann", outcome=TEA)] == ["d4"]
    with pytest.raises(ValueError, match="unit='decades' is no unit"):
        graph.timeline(TEA, unit="decades")  # type: ignore[arg-type]


def test_a_part_is_a_graph_of_its_own() -> None:
    graph = debate()
    part = graph.part(outcome=TEA)
    assert {node for node, data in part.network.nodes(data=True) if data["kind"] == "outcome"} == {f"outcome:{TEA}"}
    assert [actor.name for actor in part.actors()] == ["Ann", "Bob", "Cid", "Dan"]
    assert list(part.documents) == ["d1", "d3", "d4"]
    assert [p.id for p in part.placed] == ["d1#1", "d1#2", "d3#1", "d3#2", "d3#3", "d4#1"]
    assert len(part.shifts()) == len(part.part(actor="Ann").shifts()) == 1
    assert part.consensus(TEA) == graph.consensus(TEA)
    assert part.positions()[0] in graph.positions()
    assert "free tea" in part.to_frame()["outcome"].iloc[0]


# Names


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("zelenskyy", "Volodymyr Zelensky"),
        ("Poland's president", "Andrzej Duda"),
        ("the Polish president", "Andrzej Duda"),
        ("president of Poland", "Andrzej Duda"),
        ("NATO chief", "Jens Stoltenberg"),
        ("kyiv", "Ukraine"),
    ],
)
def test_actors_are_found_the_way_a_person_types_them(asked: str, found: str) -> None:
    document, positions = read(
        "d",
        ("Volodymyr Zelensky", "supports", TEA),
        ("Andrzej Duda", "supports", TEA),
        ("Jens Stoltenberg", "supports", TEA),
        ("Ukraine", "supports", TEA, "country"),
    )
    roles = ["president of Ukraine", "president", "chief", ""]
    bodies = ["Ukraine", "Poland", "NATO", ""]
    positions = [
        p.model_copy(update={"holder_role": role.split(" of ")[0], "holder_affiliation": body})
        for p, role, body in zip(positions, roles, bodies, strict=True)
    ]
    assert assemble([(document, positions)]).actor(asked).name == found


def test_two_in_one_office_are_both_named() -> None:
    document, positions = read("d", ("Ann Lee", "supports", TEA), ("Bo Berg", "supports", TEA))
    positions = [p.model_copy(update={"holder_role": "prime minister", "holder_affiliation": "Sweden"}) for p in positions]
    with pytest.raises(AmbiguousName, match="'Ann Lee', 'Bo Berg'"):
        assemble([(document, positions)]).actor("Sweden's prime minister")


# Evidence and showing


def test_evidence_shows_the_paragraph_with_the_words_marked() -> None:
    text = "First things.\n\nAnn said <b>tea</b> is good, she did.\n\nLast things."
    start = text.index("<b>tea</b> is good")
    document = Document(id="d", text=text, title="On <tea>", date="2023-01-01", source="Wire")
    position = Position(
        document=document,
        holder="Ann",
        holder_type="person",
        target=TEA,
        target_kind="outcome",
        stance="supports",
        act="praises",
        source=(Span(start=text.index("Ann"), end=text.index("Ann") + 3),),
        cue=(Span(start=text.index("said"), end=text.index("said") + 4),),
        evidence=(Span(start=start, end=start + len("<b>tea</b> is good")),),
        confidence=1,
    )
    graph = assemble([(document, [position])])
    evidence = graph.evidence(position)
    assert evidence == graph.evidence("d#1")
    (paragraph,) = evidence.paragraphs
    assert paragraph.text == text[paragraph.start : paragraph.end] == "Ann said <b>tea</b> is good, she did."
    assert [(paragraph.text[m.start : m.end], m.role) for m in paragraph.marked] == [
        ("Ann", "source"),
        ("said", "cue"),
        ("<b>tea</b> is good", "evidence"),
    ]
    shown = evidence._repr_html_()
    assert "<b>Ann</b> <u>said</u> <mark>&lt;b&gt;tea&lt;/b&gt; is good</mark>, she did." in shown
    assert "On &lt;tea&gt; · Wire · 2023-01-01" in shown
    with pytest.raises(KeyError):
        graph.evidence("d#9")


HOSTILE = "[bold]<script>alert(1)</script>\x1b[31m\u202eevil[/bold]"


def test_hostile_text_is_shown_as_text() -> None:
    graph = assemble([read("d", (HOSTILE, "supports", TEA), ("Bob", "opposes", TEA))])
    for answer in (graph.positions(), graph.who_supports(TEA), graph.history(outcome=TEA), graph.opponents("Bob")):
        page = answer._repr_html_()
        assert "<script>" not in page
        assert html.escape("<script>alert(1)</script>") in page
        console = Console(width=300, force_terminal=True, color_system=None, record=False)
        with console.capture() as captured:
            console.print(answer)
        assert "[bold]<script>alert(1)</script>[31mevil[/bold]" in captured.get()
        assert "\u202e" not in captured.get()


def test_a_long_answer_shows_its_beginning_and_says_how_much_is_left() -> None:
    rows = [(f"Bureau {number:02d}", "supports", TEA, "organization") for number in range(45)]
    answer = assemble([read("d", *rows)]).who_supports(TEA)
    assert "… and 25 more" in answer._repr_html_()
    assert "… and 25 more" in repr(answer)
    assert "Bureau 19" in repr(answer)
    assert "Bureau 20" not in repr(answer)
    assert len(answer) == len(list(answer)) == len(answer.to_frame()) == 45
    assert [row.name for row in answer[40:]] == [f"Bureau {number}" for number in range(40, 45)]
    assert answer[-1].name == "Bureau 44"


def test_frames_have_columns_whether_there_are_rows_or_not() -> None:
    graph = debate()
    asks = (
        lambda g, **c: g.positions(**c),
        lambda g, **c: g.who_supports(TEA, **c),
        lambda g, **c: g.history("Ann", TEA, **c),
        lambda g, **c: g.contested(1, **c),
        lambda g, **c: g.timeline(TEA, **c),
    )
    for ask in asks:
        full, empty = ask(graph), ask(graph, min_confidence=1)
        assert len(full) > len(empty) == 0
        assert set(empty.to_frame().columns) <= set(full.to_frame().columns)
        assert set(empty.to_frame().columns)
        assert "<table" in empty._repr_html_()


# On any graph


@settings(max_examples=30, deadline=None)
@given(readings())
def test_answers_are_what_going_through_all_positions_gives(read_: list[tuple[Document, list[Position]]]) -> None:
    graph = assemble(read_)
    for outcome, stance in product(graph.outcomes(), ("supports", "opposes", "undecided")):
        ask = {"supports": graph.who_supports, "opposes": graph.who_opposes, "undecided": graph.undecided_on}[stance]
        counted: dict[Actor, int] = {}
        for placed in graph.placed:
            if placed.outcome == outcome and placed.position.stance.value == stance:
                counted[placed.actor] = counted.get(placed.actor, 0) + 1
        assert {row.actor: row.positions for row in ask(outcome)} == counted
    for actor in graph.actors():
        assert {r.actor: (r.agreed, r.disagreed) for r in graph.allies(actor)} == by_hand(graph, actor, 1)
        assert {r.actor: (r.agreed, r.disagreed) for r in graph.opponents(actor)} == by_hand(graph, actor, -1)


def by_hand(graph: StanceGraph, actor: Actor, sign: int) -> dict[Actor, tuple[int, int]]:
    sums: dict[tuple[Actor, Outcome], int] = {}
    for placed in graph.placed:
        side = {"supports": 1, "opposes": -1}.get(placed.position.stance.value, 0)
        sums[placed.actor, placed.outcome] = sums.get((placed.actor, placed.outcome), 0) + side
    found: dict[Actor, list[int]] = {}
    for (other, outcome), side in sums.items():
        mine = sums.get((actor, outcome), 0)
        if other != actor and side * mine:
            found.setdefault(other, [0, 0])[side * mine < 0] += 1
    return {other: (a, d) for other, (a, d) in found.items() if sign * (a - d) > 0}


@settings(max_examples=30, deadline=None)
@given(readings())
def test_a_saved_graph_answers_as_the_one_that_was_saved(
    tmp_path_factory: pytest.TempPathFactory, read_: list[tuple[Document, list[Position]]]
) -> None:
    graph = assemble(read_)
    folder = tmp_path_factory.mktemp("graph")
    graph.save(folder)
    loaded = StanceGraph.load(folder)
    for ask in (
        lambda g: g.positions(),
        lambda g: g.positions(latest=True, by="affiliation"),
        lambda g: g.contested(1),
        lambda g: g.history(),
        lambda g: g.shifts(),
        lambda g: g.shifts(by="affiliation"),
        lambda g: list(g.at("2020").documents),
        lambda g: json.loads(g.to_frame().to_json()),
    ):
        assert ask(loaded) == ask(graph)


@settings(max_examples=30, deadline=None)
@given(readings())
def test_stored_summaries_are_what_asking_anew_gives(read_: list[tuple[Document, list[Position]]]) -> None:
    graph = assemble(read_)
    anew = graph.part()  # whose summaries are never stored
    for by in ("actor", "affiliation"):
        assert graph.shifts(by=by) == anew.shifts(by=by)
        assert graph.contested(1, by=by) == anew.contested(1, by=by)
    for outcome in graph.outcomes():
        assert graph.consensus(outcome) == anew.consensus(outcome)
        last = graph.timeline(outcome)[-1:]
        dated_ = {p.actor for p in graph.placed if p.outcome == outcome and p.position.document.date}
        assert sum(b.supports + b.opposes + b.mixed + b.undecided for b in last) == len(dated_)
