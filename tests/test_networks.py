"""Discourse networks: what Leifeld's definitions give by hand, and what must hold for any debate."""

from __future__ import annotations

import datetime
import itertools
import math
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

import networkx as nx
import numpy as np
import pytest
from given_positions import Row, read
from hypothesis import example, given, settings
from hypothesis import strategies as st

from stancegraph.graph import StanceGraph, UnknownName, assemble
from stancegraph.models import Stated
from stancegraph.networks import (
    Window,
    actor_network,
    affiliation_network,
    backbone,
    backbone_loss,
    backbone_steps,
    centralities,
    coalitions,
    events,
    outcome_network,
    polarisation,
    polarisation_over_time,
    scale_actors,
    to_matrix,
    windows,
)

if TYPE_CHECKING:
    from stancegraph.models import Document, Position

ROOT = Path(__file__).parents[1]
ANN, BOB, CORA, DAN = "Ann Lee", "Bob Moss", "Cora Vane", "Dan Poe"
TAX, WIND, RAIL, PORT = "coal tax", "wind farm", "rail line", "container port"
PLUS, MINUS = "supports", "opposes"


def debate() -> StanceGraph:
    """Return three reports; as counts of support and opposition (x₁, x₀):

    |      | coal tax | wind farm | rail line |
    | ---- | -------- | --------- | --------- |
    | Ann  | 2, 0     | 0, 1      |           |
    | Bob  | 1, 1     | 0, 1      |           |
    | Cora | 0, 1     | 1, 0      |           |
    | Dan  |          |           | mixed     |
    """
    return assemble(
        [
            read("d1", (ANN, PLUS, TAX), (BOB, PLUS, TAX), (CORA, MINUS, TAX), date="2023-01-02"),
            read("d2", (ANN, PLUS, TAX), (ANN, MINUS, WIND), (BOB, MINUS, WIND), date="2023-01-04"),
            read("d3", (CORA, PLUS, WIND), (BOB, MINUS, TAX), (DAN, "mixed", RAIL), date="2023-02-01"),
        ]
    )


def camps(*sides: str, outcomes: tuple[str, ...] = (TAX, WIND), date: str = "2023-01-02") -> StanceGraph:
    """Return a debate in which each actor says "+", "-" or nothing (".") on each outcome, one report an actor."""
    names = (ANN, BOB, CORA, DAN, "Eve Holt", "Finn Gray", "Gil Roe", "Hana Kern")
    said = {"+": PLUS, "-": MINUS}
    return assemble(
        read(
            f"r{number}",
            *((name, said[s], outcome) for s, outcome in zip(side, outcomes, strict=True) if s in said),
            date=date,
        )
        for number, (name, side) in enumerate(zip(names, sides, strict=False))
    )


def test_a_graph_gives_its_networks_itself() -> None:
    graph = debate()
    for own, made in (
        (graph.affiliation_network(agreement="subtract"), affiliation_network(graph, agreement="subtract")),
        (graph.actor_network(kind="conflict", mixed="both"), actor_network(graph, kind="conflict", mixed="both")),
        (graph.outcome_network(normalisation="jaccard"), outcome_network(graph, normalisation="jaccard")),
    ):
        assert own.number_of_edges() > 0
        assert to_matrix(own).equals(to_matrix(made))


# --- three networks by hand --------------------------------------------------------------------------------


def test_the_affiliation_network_is_what_the_counts_give() -> None:
    graph = debate()
    separate = to_matrix(affiliation_network(graph))
    assert list(separate.index) == [ANN, BOB, CORA]
    assert list(separate.columns) == [(TAX, PLUS), (TAX, MINUS), (WIND, PLUS), (WIND, MINUS)]
    assert separate.to_numpy().tolist() == [[2, 0, 0, 1], [1, 1, 0, 1], [0, 1, 1, 0]]
    # x₁ − x₀: Ann 2 − 0 and 0 − 1, Bob 1 − 1 and 0 − 1, Cora 0 − 1 and 1 − 0.
    assert to_matrix(affiliation_network(graph, agreement="subtract")).to_numpy().tolist() == [[2, -1], [0, -1], [-1, 1]]
    # 1 agreement, 2 disagreement, 3 both: Bob is for and against the tax.
    assert to_matrix(affiliation_network(graph, agreement="combined")).to_numpy().tolist() == [[1, 2], [3, 2], [2, 1]]
    assert to_matrix(affiliation_network(graph, agreement="ignore")).to_numpy().tolist() == [[2, 1], [2, 1], [1, 1]]
    # Divided by the 3, 3 and 2 events of the actors.
    active = to_matrix(affiliation_network(graph, agreement="subtract", normalisation="activity"))
    assert active.to_numpy() == pytest.approx(np.array([[2 / 3, -1 / 3], [0, -1 / 3], [-1 / 2, 1 / 2]]))
    # Divided by the 5 and 3 events on the outcomes.
    prominent = to_matrix(affiliation_network(graph, agreement="subtract", normalisation="prominence"))
    assert prominent.to_numpy() == pytest.approx(np.array([[2 / 5, -1 / 3], [0, -1 / 3], [-1 / 5, 1 / 3]]))


def test_the_actor_network_is_what_the_formulas_give() -> None:
    # Congruence Σⱼ (x₁x₁′ + x₀x₀′) over the tax and the wind farm, conflict Σⱼ (x₁x₀′ + x₀x₁′):
    #   Ann–Bob   congruence (2·1 + 0·1) + (0·0 + 1·1) = 3   conflict (2·1 + 0·1) + (0·1 + 1·0) = 2
    #   Ann–Cora  congruence (2·0 + 0·1) + (0·1 + 1·0) = 0   conflict (2·1 + 0·0) + (0·0 + 1·1) = 3
    #   Bob–Cora  congruence (1·0 + 1·1) + (0·1 + 1·0) = 1   conflict (1·1 + 1·0) + (0·0 + 1·1) = 2
    # Events: Ann 3, Bob 3, Cora 2.
    expected = {
        ("congruence", "none"): (3, 0, 1),
        ("conflict", "none"): (2, 3, 2),
        ("subtract", "none"): (3 - 2, 0 - 3, 1 - 2),
        ("ignore", "none"): (3 + 2, 0 + 3, 1 + 2),
        # By (3 + 3) / 2 = 3, (3 + 2) / 2 = 2.5 and 2.5.
        ("congruence", "average"): (3 / 3, 0, 1 / 2.5),
        ("conflict", "average"): (2 / 3, 3 / 2.5, 2 / 2.5),
        ("subtract", "average"): (1 / 3, -3 / 2.5, -1 / 2.5),
        # What one says and the other never does, from both sides, plus Σ x·x′ of the same agreement:
        #   Ann–Bob   Ann: nothing alone; Bob: 1 against the tax; 3 together: 0 + 1 + 3 = 4
        #   Ann–Cora  Ann: 2 + 1, Cora: 1 + 1; 0 together: 5
        #   Bob–Cora  Bob: 1 for the tax, 1 against the wind farm, Cora: 1 for it; 1 together: 4
        ("congruence", "jaccard"): (3 / 4, 0, 1 / 4),
        ("conflict", "jaccard"): (2 / 4, 3 / 5, 2 / 4),
        # By 3 · 3 = 9, 3 · 2 = 6 and 6.
        ("congruence", "cosine"): (3 / 9, 0, 1 / 6),
        ("conflict", "cosine"): (2 / 9, 3 / 6, 2 / 6),
    }
    for (kind, normalisation), (ann_bob, ann_cora, bob_cora) in expected.items():
        matrix = to_matrix(actor_network(debate(), kind=kind, normalisation=normalisation))
        by_hand = np.array([[0, ann_bob, ann_cora], [ann_bob, 0, bob_cora], [ann_cora, bob_cora, 0]])
        assert list(matrix.index) == list(matrix.columns) == [ANN, BOB, CORA]
        assert matrix.to_numpy() == pytest.approx(by_hand), (kind, normalisation)


def test_the_outcome_network_is_what_the_formulas_give() -> None:
    # Tax and wind farm over Ann, Bob, Cora, with (x₁, x₀) of each:
    #   congruence Σᵢ (x₁x₁′ + x₀x₀′): Ann 2·0 + 0·1 = 0, Bob 1·0 + 1·1 = 1, Cora 0·1 + 1·0 = 0; in all 1
    #   conflict   Σᵢ (x₁x₀′ + x₀x₁′): Ann 2·1 + 0·0 = 2, Bob 1·1 + 1·0 = 1, Cora 0·0 + 1·1 = 1; in all 4
    # Events: 5 on the tax, 3 on the wind farm, on average 4.
    def tie(kind: str, normalisation: str) -> float:
        matrix = to_matrix(outcome_network(debate(), kind=kind, normalisation=normalisation))
        assert list(matrix.index) == list(matrix.columns) == [TAX, WIND]
        return float(matrix.loc[TAX, WIND])

    assert tie("congruence", "none") == 1
    assert tie("conflict", "none") == 4
    assert tie("subtract", "average") == (1 - 4) / 4
    assert tie("conflict", "cosine") == pytest.approx(4 / 15)
    # Alone on the tax: Ann's 2 and Bob's 1 for it, Cora's 1 against it; on the wind farm: Ann's 1, Cora's 1; together 1.
    assert tie("congruence", "jaccard") == pytest.approx(1 / (4 + 2 + 1))


def test_a_mixed_position_counts_as_it_is_told_to() -> None:
    graph = assemble([read("d1", (ANN, "mixed", TAX), (BOB, PLUS, TAX), (CORA, "undecided", TAX), date="2023-01-02")])

    def tie(kind: str, **choice: str) -> float:
        matrix = to_matrix(actor_network(graph, kind=kind, normalisation="none", isolates="all", **choice))
        return float(matrix.loc[ANN, BOB])

    assert [event.actor for event in events(graph)] == [BOB]
    assert tie("congruence") == 0
    # Once for and once against: 1·1 and 1·1.
    assert (tie("congruence", mixed="both"), tie("conflict", mixed="both")) == (1, 1)
    # Halfway: 1 − |½ − 1| and |½ − 1|.
    assert (tie("congruence", mixed="between"), tie("conflict", mixed="between")) == (0.5, 0.5)
    both = to_matrix(actor_network(graph, normalisation="none", mixed="between", undecided="between"))
    assert both.loc[ANN, CORA] == 1  # two halves agree
    assert [(e.actor, e.agreement) for e in events(graph, mixed="both")] == [(ANN, 1), (ANN, 0), (BOB, 1)]
    assert to_matrix(affiliation_network(graph, mixed="between")).loc[ANN, (TAX, "between")] == 1
    assert to_matrix(affiliation_network(graph, agreement="combined", mixed="between")).loc[ANN, TAX] == 3


# --- events ------------------------------------------------------------------------------------------------


def test_duplicates_count_once_in_their_period() -> None:
    # 2023-01-01 is a Sunday, so the 2nd begins another week; "2023-03" tells no week and "2023" no month.
    days = ("2023-01-01", "2023-01-02", "2023-01-08", "2023-02-01", "2023-03", "2023", "2022-12-31", None)
    graph = assemble(read(f"d{n}", (ANN, PLUS, TAX), (ANN, PLUS, TAX), date=day) for n, day in enumerate(days))
    counts = {rule: len(events(graph, duplicates=rule)) for rule in ("all", "document", "week", "month", "year", "range")}
    # Weeks: 31 Dec and 1 Jan together, 2 and 8 Jan together, 1 Feb; then "2023-03", "2023" and None by document: 6.
    # Months: 2022-12, 2023-01, 2023-02, 2023-03; "2023" and None by document: 6. Years: 2022, 2023; None by document: 3.
    assert counts == {"all": 16, "document": 8, "week": 6, "month": 6, "year": 3, "range": 1}
    assert [event.date for event in events(graph, duplicates="range")] == ["2022-12-31"]  # the first


def test_opposite_or_other_positions_are_no_duplicates() -> None:
    rows: list[Row] = [(ANN, PLUS, TAX), (ANN, MINUS, TAX), (ANN, PLUS, WIND), (BOB, PLUS, TAX), (BOB, PLUS, TAX)]
    found = events(assemble([read("d1", *rows)]), duplicates="range")
    assert [(e.actor, e.agreement, e.outcome) for e in found] == [
        (ANN, 1, TAX),
        (ANN, 0, TAX),
        (ANN, 1, WIND),
        (BOB, 1, TAX),
    ]


def test_events_come_by_date_and_keep_the_way_to_their_evidence() -> None:
    graph = assemble(
        [
            read("a", (ANN, PLUS, TAX), date="2023-02"),
            read("b", (BOB, MINUS, TAX), date="2023-01-31"),
            read("c", (CORA, PLUS, TAX)),
        ]
    )
    found = events(graph)
    assert [(e.id, e.document, e.date, e.weight) for e in found] == [
        ("b#1", "b", "2023-01-31", 1),
        ("a#1", "a", "2023-02", 1),
        ("c#1", "c", None, 1),
    ]
    network = affiliation_network(debate(), duplicates="all")
    tie = network.edges[f"actor:{ANN}", f"outcome:{TAX}", "supports"]
    assert tie["positions"] == "d1#1 | d2#1"


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        (None, None, "abcde"),
        ("2023", None, "bcd"),  # what has no date is in no range
        ("2023-01-15", None, "cd"),  # January itself begins before the 15th
        (None, "2023-01", "abc"),
        ("2023-01", "2023-01-30", "b"),
        ("2023-01-31", "2023-02", "cd"),
    ],
)
def test_a_range_holds_both_its_ends(since: str | None, until: str | None, expected: str) -> None:
    days = {"a": "2022-12-31", "b": "2023-01", "c": "2023-01-31", "d": "2023-02-28", "e": None}
    graph = assemble(read(id_, (ANN, PLUS, TAX), date=day) for id_, day in days.items())
    assert "".join(event.document for event in events(graph, since=since, until=until)) == expected


def test_values_are_excluded_or_kept_under_any_of_their_names() -> None:
    graph = assemble(
        [
            read("d1", ("Volodymyr Zelensky", PLUS, TAX), ("Zelenskyy", PLUS, WIND), date="2023-01-02"),
            read("d2", ("Norway", MINUS, TAX, "country"), ("Norway", MINUS, ANN, "country", "actor")),
        ]
    )

    def left(**choice: object) -> list[tuple[str, str]]:
        return [(event.actor.split()[-1], event.outcome) for event in events(graph, **choice)]  # type: ignore[arg-type]

    whole = [("Zelensky", TAX), ("Zelensky", WIND), ("Norway", TAX), ("Norway", ANN)]
    assert left() == whole
    assert left(exclude={"actor": "Zelenskyy"}) == whole[2:]
    assert left(only={"actor": "Zelenskyy"}) == whole[:2]
    assert left(exclude={"outcome": [TAX], "actor_type": ["country"]}) == [whole[1]]
    assert left(only={"outcome": [TAX], "actor_type": ["country"]}) == [whole[2]]
    assert left(exclude={"outcome_kind": "actor", "stance": "supports"}) == [whole[2]]
    assert left(only={"document": "d2"}, exclude={"source": "Wire"}) == []


def test_wrong_settings_are_answered_with_the_right_ones() -> None:
    graph = debate()
    with pytest.raises(UnknownName):
        events(graph, exclude={"actor": "Quentin Nobody"})
    with pytest.raises(ValueError, match=r"exclude document: nothing is called 'd7'; nearest are 'd\d'"):
        events(graph, exclude={"document": "d7"})
    with pytest.raises(ValueError, match="'publisher' is none of the choices; choose one of act, actor, "):
        events(graph, only={"publisher": "Wire"})
    with pytest.raises(ValueError, match="only stance: nothing is called 'for'; nearest are "):
        events(graph, only={"stance": "for"})
    with pytest.raises(ValueError, match="choose one of all, document, week, month, year, range"):
        events(graph, duplicates="day")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="since='yesterday' is not a date; write it as 2023-07-11"):
        events(graph, since="yesterday")
    with pytest.raises(ValueError, match="is after until='2022'; exchange them"):
        events(graph, since="2023", until="2022")
    with pytest.raises(ValueError, match="choose one of none, average, jaccard, cosine"):
        actor_network(graph, normalisation="dice")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="choose one of congruence, conflict, subtract, ignore"):
        outcome_network(graph, kind="friendship")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="codes, not quantities"):
        affiliation_network(graph, agreement="combined", normalisation="activity")
    with pytest.raises(TypeError, match="duplicate"):
        actor_network(graph, duplicate="all")  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="not a discourse network"):
        to_matrix(graph.network)


def test_people_count_for_whom_they_speak_for() -> None:
    document, positions = read(
        "d1", (ANN, PLUS, TAX), (BOB, PLUS, TAX), (CORA, MINUS, TAX), ("Norway", PLUS, WIND, "country")
    )
    roles = {ANN: ("minister", "Norway"), BOB: ("senator", "")}
    spoken = [
        p.model_copy(update=dict(zip(("holder_role", "holder_affiliation"), roles.get(p.holder, ("", "")), strict=True)))
        for p in positions
    ]
    graph = assemble([(document, spoken)])
    assert [(e.actor, e.outcome) for e in events(graph, by="affiliation")] == [
        ("Norway", TAX),
        (BOB, TAX),
        (CORA, TAX),
        ("Norway", WIND),
    ]
    network = actor_network(graph, by="affiliation", isolates="all")
    assert network.nodes["actor:Norway"] == {"kind": "actor", "label": "Norway", "type": "country", "events": 2.0}
    assert sorted(network) == [f"actor:{BOB}", f"actor:{CORA}", "actor:Norway"]
    assert [e.outcome for e in events(graph, only={"affiliation": "Norway"})] == [TAX, WIND]


def test_one_country_under_two_names_is_spoken_for_as_one() -> None:
    document, positions = read("d1", ("Ukraine", PLUS, WIND, "country"), ("Kyiv", PLUS, RAIL, "country"), (ANN, PLUS, TAX))
    spoken = [p.model_copy(update={"holder_affiliation": "Kyiv"}) if p.holder == ANN else p for p in positions]
    found = events(assemble([(document, spoken)]), by="affiliation")
    assert [(e.actor, e.outcome) for e in found] == [("Ukraine", WIND), ("Ukraine", RAIL), ("Ukraine", TAX)]


def test_events_can_count_as_much_as_they_are_sure() -> None:
    # Every position of these debates has a confidence of 0.75; Ann–Bob: 3 · 0.75².
    matrix = to_matrix(actor_network(debate(), normalisation="none", weights="confidence"))
    assert matrix.loc[ANN, BOB] == pytest.approx(3 * 0.75 * 0.75)
    # Divided by the mean of 3 · 0.75 and 3 · 0.75.
    assert to_matrix(actor_network(debate(), weights="confidence")).loc[ANN, BOB] == pytest.approx(0.75)


def test_isolates_are_kept_or_dropped() -> None:
    graph = debate()
    late = {"since": "2023-02", "kind": "congruence"}  # Cora supports the wind farm, Bob opposes the tax: no tie

    def names(network: nx.Graph[str]) -> list[str]:
        return [label for _, label in network.nodes(data="label")]

    assert names(actor_network(graph, **late)) == [BOB, CORA]  # type: ignore[arg-type]
    assert names(actor_network(graph, isolates="all", **late)) == [ANN, BOB, CORA, DAN]  # type: ignore[arg-type]
    assert names(actor_network(graph, isolates="drop", **late)) == []  # type: ignore[arg-type]
    assert names(outcome_network(graph, isolates="all")) == [TAX, RAIL, WIND]
    assert names(affiliation_network(graph, isolates="all", since="2023-02")) == [ANN, BOB, CORA, DAN, TAX, RAIL, WIND]
    assert names(affiliation_network(graph, agreement="subtract", isolates="drop", only={"actor": BOB})) == [BOB, WIND]


def test_a_debate_without_events_is_an_empty_network() -> None:
    for graph in (assemble([]), assemble([read("d1", (ANN, "undecided", TAX))])):
        assert to_matrix(actor_network(graph)).shape == to_matrix(outcome_network(graph)).shape == (0, 0)
        assert to_matrix(affiliation_network(graph)).shape == (0, 0)
        assert windows(graph) == []
        assert len(coalitions(graph)) == len(coalitions(graph, method="hierarchical")) == len(scale_actors(graph)) == 0
        assert math.isnan(polarisation(graph))
        assert len(polarisation_over_time(graph)) == len(backbone_steps(graph)) == len(centralities(graph)) == 0


def test_an_actor_and_an_outcome_of_one_name_are_two_nodes() -> None:
    graph = assemble([read("d1", (ANN, PLUS, "Norway", "person", "actor"), ("Norway", MINUS, TAX, "country"))])
    network = affiliation_network(graph)
    assert {"actor:Norway", "outcome:Norway"} < set(network)
    assert to_matrix(network)["Norway"].to_numpy().tolist() == [[1, 0], [0, 0]]


def test_networks_are_written_to_files_of_other_programs(tmp_path: Path) -> None:
    for number, network in enumerate((affiliation_network(debate()), actor_network(debate()), outcome_network(debate()))):
        nx.write_graphml(network, tmp_path / f"{number}.graphml")
        nx.write_gexf(network, tmp_path / f"{number}.gexf")
        again = nx.read_graphml(tmp_path / f"{number}.graphml", force_multigraph=network.is_multigraph())
        assert dict(again.nodes(data=True)) == dict(network.nodes(data=True))
        assert set(nx.read_gexf(tmp_path / f"{number}.gexf")) == set(network)


# --- any debate --------------------------------------------------------------------------------------------

_rows = st.tuples(
    st.sampled_from((ANN, BOB, CORA, DAN)),
    st.sampled_from((PLUS, MINUS, "mixed", "undecided")),
    st.sampled_from((TAX, WIND, RAIL)),
)
_dates = st.none() | st.dates(datetime.date(2020, 1, 1), datetime.date(2023, 12, 31)).flatmap(
    lambda day: st.sampled_from((day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]))
)
_reports = st.lists(st.tuples(_dates, st.lists(_rows, max_size=5)), max_size=6)
_Reading = list[tuple["Document", "list[Position]"]]


def readings(reports: list[tuple[str | None, list[Row]]]) -> _Reading:
    return [read(f"d{number}", *rows, date=date, text="End.") for number, (date, rows) in enumerate(reports)]


debates = _reports.map(lambda reports: assemble(readings(reports)))
NORMALISATIONS = ("none", "average", "jaccard", "cosine")
KINDS = ("congruence", "conflict", "subtract", "ignore")
rules = st.sampled_from(("all", "document", "week", "month", "year", "range"))
choices = st.fixed_dictionaries(
    {
        "duplicates": rules,
        "mixed": st.sampled_from(("leave out", "both", "between")),
        "undecided": st.sampled_from(("leave out", "between")),
    }
)
quick = settings(max_examples=60, deadline=None)


@quick
@given(debates, choices)
def test_networks_are_symmetric_without_loops(graph: StanceGraph, choice: dict[str, str]) -> None:
    for network_of, kind, normalisation in itertools.product((actor_network, outcome_network), KINDS, NORMALISATIONS):
        matrix = to_matrix(network_of(graph, kind=kind, normalisation=normalisation, **choice)).to_numpy()
        assert (matrix == matrix.T).all()
        assert not matrix.diagonal().any()


@quick
@given(debates, choices)
def test_ties_are_sums_over_pairs_of_events(graph: StanceGraph, choice: dict[str, str]) -> None:
    found = events(graph, **choice)
    expected: dict[str, dict[tuple[str, str], float]] = {kind: defaultdict(float) for kind in KINDS}
    for one, other in itertools.permutations(found, 2):
        if one.outcome == other.outcome and one.actor != other.actor:
            apart = abs(one.agreement - other.agreement)
            for kind, share in zip(KINDS, (1 - apart, apart, 1 - 2 * apart, 1), strict=True):
                expected[kind][one.actor, other.actor] += share
    for kind in KINDS:
        matrix = to_matrix(actor_network(graph, kind=kind, normalisation="none", **choice))
        for pair in itertools.permutations(matrix.index, 2):
            assert matrix.loc[pair] == expected[kind][pair]


@quick
@given(debates, choices, st.sampled_from(NORMALISATIONS))
def test_subtract_is_congruence_minus_conflict(graph: StanceGraph, choice: dict[str, str], normalisation: str) -> None:
    for network_of in (actor_network, outcome_network):
        congruence, conflict, subtract, ignore = (
            to_matrix(network_of(graph, kind=kind, normalisation=normalisation, **choice)).to_numpy() for kind in KINDS
        )
        assert subtract == pytest.approx(congruence - conflict)
        assert ignore == pytest.approx(congruence + conflict)


@quick
@given(debates, rules, st.sampled_from(("leave out", "both")))
def test_normalised_ties_keep_within_their_bounds(graph: StanceGraph, duplicates: str, mixed: str) -> None:
    for network_of, kind in itertools.product((actor_network, outcome_network), ("congruence", "conflict")):

        def weights(normalisation: str, repeated: str) -> np.ndarray:
            network = network_of(graph, kind=kind, normalisation=normalisation, duplicates=repeated, mixed=mixed)  # noqa: B023
            return to_matrix(network).to_numpy()

        assert (weights("none", duplicates) >= 0).all()
        assert (weights("none", duplicates) % 1 == 0).all()
        for normalisation in NORMALISATIONS[1:]:
            assert (weights(normalisation, duplicates) >= 0).all()
            assert (weights(normalisation, "range") <= 1 + 1e-12).all()
        assert (weights("cosine", duplicates) <= 1 + 1e-12).all()
        if kind == "congruence":
            assert (weights("jaccard", duplicates) <= 1 + 1e-12).all()


@quick
@given(debates, choices)
def test_affiliations_add_up_to_the_events(graph: StanceGraph, choice: dict[str, str]) -> None:
    found = events(graph, **choice)
    separate = to_matrix(affiliation_network(graph, **choice))
    assert separate.to_numpy().sum() == len(found)
    for event in found:
        word = {1.0: PLUS, 0.0: MINUS, 0.5: "between"}[event.agreement]
        assert separate.loc[event.actor, (event.outcome, word)] >= 1
    subtract = to_matrix(affiliation_network(graph, agreement="subtract", **choice)).to_numpy()
    ignore = to_matrix(affiliation_network(graph, agreement="ignore", **choice)).to_numpy()
    assert (abs(subtract) <= ignore).all()
    for normalisation, axis in (("activity", 1), ("prominence", 0)):
        shares = to_matrix(affiliation_network(graph, agreement="ignore", normalisation=normalisation, **choice)).to_numpy()
        assert shares.sum(axis=axis) == pytest.approx(1)


def _everything(graph: StanceGraph) -> str:
    """Return every result of the package as text."""
    results: list[object] = [events(graph, mixed="both"), windows(graph, unit="events", size=2)]
    results += [sorted(network_of(graph).edges(data=True), key=str) for network_of in (actor_network, affiliation_network)]
    results += [coalitions(graph).to_dict(), coalitions(graph, method="hierarchical").to_dict(), polarisation(graph)]
    results += [polarisation_over_time(graph, unit="years").to_dict(), backbone_steps(graph).to_dict()]
    results += [scale_actors(graph).to_dict(), centralities(graph).to_dict()]
    return repr(results)


@settings(max_examples=25, deadline=None)
@given(_reports, st.randoms(use_true_random=False))
def test_the_order_of_documents_makes_no_difference(reports: list[tuple[str | None, list[Row]]], random: object) -> None:
    reading = readings(reports)
    expected = _everything(assemble(reading))
    random.shuffle(reading)  # type: ignore[attr-defined]
    shuffled = assemble(reading)
    assert _everything(shuffled) == expected
    placed = list(shuffled.placed)
    random.shuffle(placed)  # type: ignore[attr-defined]
    assert _everything(StanceGraph(shuffled.documents, placed)) == expected


def test_every_run_gives_the_same() -> None:
    sides = "'++-', '++.', '--+', '.-+', '+-+', '-+.', outcomes=(t.TAX, t.WIND, t.RAIL)"
    code = f"import test_networks as t; print(t._everything(t.camps({sides})))"
    shown = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(shown) == 1


# --- windows -----------------------------------------------------------------------------------------------


@quick
@given(
    _reports,
    st.sampled_from(("days", "weeks", "months", "years", "events")),
    st.integers(1, 400),
    st.integers(1, 400),
    st.booleans(),
)
def test_windows_cover_the_range(
    reports: list[tuple[str | None, list[Row]]], unit: str, size: int, step: int, ranged: bool
) -> None:
    graph = assemble(readings(reports))
    size = size if unit == "days" else 1 + size % 5
    limits = {"since": "2021-03-17", "until": "2022-11"} if ranged else {}
    found = windows(graph, unit=unit, size=size, step=min(step, size), **limits)
    days = [event.date + "-01-01"[len(event.date) - 4 :] for event in events(graph, **limits) if event.date]
    assert bool(found) == bool(days)
    if found:
        assert found[0].since <= min(days)
        assert found[-1].until >= max(days)
        for window, following in itertools.pairwise(found):
            assert window.since < following.since or window.until < following.until
            # No day is left between a window and the next.
            assert datetime.date.fromisoformat(following.since).toordinal() <= _ordinal(window.until) + 1
    if ranged and found:
        assert (found[0].since, found[-1].until) == ("2021-03-17", "2022-11-30")
    within = {event for window in found for event in events(graph, since=window.since, until=window.until)}
    assert within == {event for event in events(graph, **limits) if event.date}


def _ordinal(day: str) -> int:
    return datetime.date.fromisoformat(day).toordinal()


@quick
@given(debates, st.sampled_from(("days", "weeks", "months", "years", "events")), st.integers(1, 3))
def test_windows_that_do_not_overlap_share_no_event(graph: StanceGraph, unit: str, size: int) -> None:
    found = windows(graph, unit=unit, size=20 * size if unit == "days" else size)
    ids = [event.id for window in found for event in events(graph, since=window.since, until=window.until)]
    assert len(ids) == len(set(ids))
    if unit == "events":
        counts = [len(events(graph, since=window.since, until=window.until)) for window in found]
        assert all(count >= size for count in counts[:-1])


def test_windows_are_those_of_the_calendar() -> None:
    graph = debate()  # from Monday 2 January to Wednesday 1 February 2023
    assert windows(graph) == [Window("2023-01-01", "2023-01-31"), Window("2023-02-01", "2023-02-28")]
    assert windows(graph, unit="years") == [Window("2023-01-01", "2023-12-31")]
    assert windows(graph, unit="weeks", size=3) == [Window("2023-01-02", "2023-01-22"), Window("2023-01-23", "2023-02-12")]
    assert windows(graph, size=2, step=1, since="2022-12-15") == [
        Window("2022-12-15", "2023-01-31"),
        Window("2023-01-01", "2023-02-28"),
    ]
    # Three events on the 2nd, three on the 4th, two in February; days without events go to the window before them.
    assert windows(graph, unit="events", size=4) == [Window("2023-01-02", "2023-01-31"), Window("2023-02-01", "2023-02-01")]
    assert windows(graph, unit="events", size=3, step=3)[1] == Window("2023-01-04", "2023-01-31")


def test_windows_end_with_the_calendar() -> None:
    for unit in ("days", "weeks", "months", "years"):
        graph = assemble([read("a", (ANN, PLUS, TAX), date="9999-12-30"), read("b", (ANN, PLUS, TAX), date="9999-12-31")])
        assert windows(graph, unit=unit, size=3)[-1].until == "9999-12-31"  # type: ignore[arg-type]
    first = assemble([read("a", (ANN, PLUS, TAX), date="0001-01-01")])
    assert windows(first, unit="weeks")[0].since == "0001-01-01"


@pytest.mark.parametrize(
    ("choice", "reason"),
    [
        ({"unit": "decades"}, "choose one of days, weeks, months, years, events"),
        ({"size": 0}, "size=0 is not a whole number of at least 1"),
        ({"size": 1.5}, "size=1.5 is not a whole number"),
        ({"size": 2, "step": 3}, "would leave gaps; choose at most 2"),
    ],
)
def test_windows_that_make_no_sense_are_refused(choice: dict[str, object], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        windows(debate(), **choice)  # type: ignore[arg-type]


# --- coalitions and polarisation ---------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["louvain", "hierarchical"])
def test_camps_are_coalitions(method: str) -> None:
    graph = camps("+-", "+-", "+-", "-+", "-+")
    assert coalitions(graph, method=method).to_dict() == {ANN: 1, BOB: 1, CORA: 1, DAN: 2, "Eve Holt": 2}  # type: ignore[arg-type]


@pytest.mark.parametrize("method", ["louvain", "hierarchical"])
def test_who_agrees_with_nobody_is_a_coalition_of_one(method: str) -> None:
    # Of Ann, Bob and Cora only Ann and Bob agree more than they disagree.
    assert coalitions(debate(), method=method).to_dict() == {ANN: 1, BOB: 1, CORA: 2}  # type: ignore[arg-type]


def test_as_many_coalitions_as_asked_for() -> None:
    graph = camps("++", "++", "+-", "--", "--")
    for groups in (1, 2, 3, 9):
        assert coalitions(graph, method="hierarchical", groups=groups).nunique() == min(groups, 5)
    # At two groups Cora is ½ of Jaccard distance 1 − 1/3 from both; average linkage joins the earliest pair.
    assert coalitions(graph, method="hierarchical", groups=3).to_dict() == {ANN: 1, BOB: 1, CORA: 3, DAN: 2, "Eve Holt": 2}
    with pytest.raises(ValueError, match="by resolution"):
        coalitions(graph, groups=2)
    with pytest.raises(ValueError, match="choose one of louvain, hierarchical"):
        coalitions(graph, method="leiden")  # type: ignore[arg-type]


def test_polarisation_is_modularity() -> None:
    # Two camps of two, with one tie each and none across: Σ (within / all − (degrees / 2 all)²) = 2 · (½ − ¼) = ½.
    assert polarisation(camps("+-", "+-", "-+", "-+")) == pytest.approx(0.5)
    # Three against two: ties 3 and 1, all of weight 2/2 = 1: (3/4 − (6/8)²) + (1/4 − (2/8)²) = 3/16 + 3/16.
    assert polarisation(camps("+-", "+-", "+-", "-+", "-+")) == pytest.approx(3 / 8)
    # Everybody of one mind: whichever way they are divided, as much agreement is cut as is kept, or more.
    assert polarisation(camps("++", "++", "++", "++")) == 0
    # Nobody agrees with anybody: there is no agreement to divide.
    assert math.isnan(polarisation(camps("+-", "-+")))
    # Three camps of two, each on an outcome of its own: three times 1/3 − 1/9; in two groups 1/3 − 1/9 and 2/3 − 4/9.
    three = camps("+..", "+..", ".+.", ".+.", "..+", "..+", outcomes=(TAX, WIND, RAIL))
    assert polarisation(three, groups=None) == polarisation(three, groups=3) == pytest.approx(2 / 3)
    assert polarisation(three) == pytest.approx(4 / 9)
    with pytest.raises(ValueError, match="groups=1 is not a whole number of at least 2"):
        polarisation(three, groups=1)


_sides = st.lists(st.text("+-.", min_size=3, max_size=3), min_size=2, max_size=7)


@quick
@given(_sides)
@example(["---", "+-+", "+++", ".++", "-.+", "-+."])  # no method of division finds it at once
def test_polarisation_is_the_best_of_all_divisions(sides: list[str]) -> None:
    graph = camps(*sides, outcomes=(TAX, WIND, RAIL))
    network = actor_network(graph, kind="subtract")
    network.remove_edges_from([(a, b) for a, b, weight in network.edges(data="weight") if weight <= 0])
    found = polarisation(graph)
    if not network.size():
        assert math.isnan(found)
        return
    nodes = list(network)
    divisions = (
        [
            {n for n, side in zip(nodes, marks, strict=True) if side},
            {n for n, side in zip(nodes, marks, strict=True) if not side},
        ]
        for marks in itertools.product((0, 1), repeat=len(nodes))
    )
    best = max(nx.community.modularity(network, division) for division in divisions)
    assert found == pytest.approx(best)
    assert 0 <= found <= 0.5 + 1e-12


def test_polarisation_is_followed_over_time() -> None:
    early, late = camps("++", "++", "++"), camps("+-", "+-", "-+", "-+", date="2023-03-05")
    placed = [*early.placed, *late.placed]
    table = polarisation_over_time(StanceGraph({**early.documents, **late.documents}, placed))
    assert table["since"].tolist() == ["2023-01-01", "2023-02-01", "2023-03-01"]
    assert table["until"].tolist() == ["2023-01-31", "2023-02-28", "2023-03-31"]
    assert table["events"].tolist() == [6, 0, 8]
    assert table["actors"].tolist() == [3, 0, 4]
    assert table["polarisation"].tolist() == pytest.approx([0, float("nan"), 0.5], nan_ok=True)


# --- backbone, scaling, centralities -----------------------------------------------------------------------


def test_outcomes_that_repeat_others_are_redundant() -> None:
    # Wind farm and port divide the actors as the tax does; on the railway everybody is of one mind.
    graph = camps("+--+", "+--+", "-+++", "-+++", outcomes=(TAX, WIND, PORT, RAIL))
    steps = backbone_steps(graph)
    assert steps["left"].tolist() == [3, 2, 1, 0]
    assert set(steps["outcome"]) == {TAX, WIND, PORT, RAIL}
    assert steps["loss"].tolist()[0] == pytest.approx(0)
    found = backbone(graph, size=2)
    assert set(found.backbone) | set(found.redundant) == {TAX, WIND, PORT, RAIL}
    assert found.backbone == tuple(steps["outcome"])[:1:-1]
    assert (found.backbone_loss, found.redundant_loss) == pytest.approx(backbone_loss(graph, found.backbone))
    assert found.backbone_loss == pytest.approx(steps["loss"][1])
    with pytest.raises(ValueError, match="more than the 4 outcomes there are"):
        backbone(graph, size=5)


def test_the_loss_is_the_distance_of_spectra() -> None:
    # On the tax all three agree, on the railway only Ann and Bob speak, and agree.
    graph = camps("++", "++", "+.", outcomes=(TAX, RAIL))
    # All: Ann–Bob 2, Ann–Cora 1, Bob–Cora 1. Laplacian [[3,−2,−1],[−2,3,−1],[−1,−1,2]]: eigenvalues 0, 3, 5, of sum 8.
    # Tax alone: a triangle of ties of 1: eigenvalues 0, 3, 3. Railway alone: one tie of 1: eigenvalues 0, 0, 2.
    by_hand = (
        math.hypot(0, 3 / 8 - 3 / 6, 5 / 8 - 3 / 6),
        math.hypot(0, 3 / 8 - 0, 5 / 8 - 1),
    )
    assert backbone_loss(graph, [TAX], normalisation="none") == pytest.approx(by_hand)
    steps = backbone_steps(graph, normalisation="none")
    assert steps["outcome"].tolist() == [RAIL, TAX]
    # At last nothing is left: the distance to nothing is the length of (0, 3/8, 5/8).
    assert steps["loss"].tolist() == pytest.approx([by_hand[0], math.hypot(3 / 8, 5 / 8)])


@quick
@given(_sides)
def test_losses_are_within_their_bounds(sides: list[str]) -> None:
    losses = backbone_steps(camps(*sides, outcomes=(TAX, WIND, RAIL)))["loss"]
    assert ((losses >= 0) & (losses <= math.sqrt(2))).all()


def test_actors_stand_on_a_line_between_two_sides() -> None:
    graph = camps("++++", "++++", "++--", "----", "----", outcomes=(TAX, WIND, RAIL, PORT))
    places = scale_actors(graph)
    # Distances: Ann–Bob and Dan–Eve 0, Cora ½ from all, the sides 1 apart. That is a line: −½, −½, 0, ½, ½.
    # The first by name of those farthest out is positive.
    assert places.to_dict() == pytest.approx({ANN: 0.5, BOB: 0.5, CORA: 0, DAN: -0.5, "Eve Holt": -0.5})


def test_places_are_as_far_apart_as_actors_disagree() -> None:
    # Distances: Ann–Bob ¼, Bob–Cora ¾, Ann–Cora 1; on a line 0, ¼, 1, less their mean 5/12, and the farthest positive.
    places = scale_actors(camps("++++", "+++-", "----", outcomes=(TAX, WIND, RAIL, PORT)))
    assert places.to_dict() == pytest.approx({ANN: -5 / 12, BOB: -2 / 12, CORA: 7 / 12})


def test_who_cannot_be_compared_has_no_place() -> None:
    places = scale_actors(camps("++.", "--.", "..+", outcomes=(TAX, WIND, RAIL)))
    assert places.to_dict() == pytest.approx({ANN: 0.5, BOB: -0.5, CORA: float("nan")}, nan_ok=True)
    assert scale_actors(camps("+.", ".+")).isna().all()
    assert scale_actors(camps("++", "++")).to_dict() == {ANN: 0, BOB: 0}


def test_centralities_are_those_of_a_star() -> None:
    # Ann shares one outcome with each of the others, who share none: ties of 1 / ((3 + 1) / 2) = ½, each of length 2.
    table = centralities(camps("+++", "+..", ".+.", "..+", outcomes=(TAX, WIND, RAIL)))
    assert table.loc[ANN].to_dict() == pytest.approx({"degree": 3, "strength": 1.5, "closeness": 1 / 2, "betweenness": 1})
    # From Bob it is 2 to Ann and 4 to each of the others, on average 10/3.
    assert table.loc[BOB].to_dict() == pytest.approx({"degree": 1, "strength": 0.5, "closeness": 0.3, "betweenness": 0})
    assert centralities(camps("+", "-", outcomes=(TAX,)), kind="subtract")["degree"].tolist() == [0, 0]


def test_events_are_dated_by_when_they_were_stated() -> None:
    document, positions = read(
        "d", ("Ann", "supports", "tea"), ("Bob", "supports", "tea"), ("Cid", "opposes", "tea"), date="2023-05-05"
    )
    times = (
        Stated(since=datetime.date(2023, 4, 24), until=datetime.date(2023, 4, 30)),
        Stated(since=None, until=datetime.date(2023, 5, 5)),
        None,
    )
    graph = assemble([(document, [p.model_copy(update={"stated": t}) for p, t in zip(positions, times, strict=True)])])
    assert [(event.actor, event.date) for event in events(graph)] == [
        ("Ann", "2023-04-24"),
        ("Cid", "2023-05-05"),
        ("Bob", None),
    ]
    assert [event.actor for event in events(graph, since="2023-04", until="2023-04")] == ["Ann"]
    assert [window.since for window in windows(graph, unit="months")] == ["2023-04-01", "2023-05-01"]
