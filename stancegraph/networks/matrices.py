"""One network in two forms: a networkx graph with attributes, and a labelled matrix.

Nodes have the ids that they have in `graph.network`: `actor:<name>` and `outcome:<label>`. Lists in attributes are joined by
" | ", so that every file format of networkx can hold them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stancegraph.networks.events import LEVELS, events

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx
    import pandas as pd

    from stancegraph.graph import StanceGraph
    from stancegraph.graph._selecting import By
    from stancegraph.networks.events import Event

    Matrix = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

SEPARATOR = " | "


class Tally(NamedTuple):
    """How often each actor agreed or disagreed with each outcome: the array X of DNA's manual.

    Args:
        actors: Names, sorted.
        outcomes: Labels, sorted.
        counts: Summed weights of events by level of agreement (0, ½, 1), actor and outcome.
    """

    actors: list[str]
    outcomes: list[str]
    counts: Matrix


def tally(events: Sequence[Event], actors: Iterable[str] = (), outcomes: Iterable[str] = ()) -> Tally:
    """Count events.

    Source: Leifeld, Gruber & Bossner (2018), Discourse Network Analyzer Manual, section "Notation".

    Args:
        events: The events.
        actors: Actors to count even if they have no event.
        outcomes: Outcomes to count even if they have no event.
    """
    rows = sorted({event.actor for event in events}.union(actors))
    columns = sorted({event.outcome for event in events}.union(outcomes))
    row_of = {name: number for number, name in enumerate(rows)}
    column_of = {label: number for number, label in enumerate(columns)}
    counts = np.zeros((len(LEVELS), len(rows), len(columns)))
    for event in events:
        counts[LEVELS.index(event.agreement), row_of[event.actor], column_of[event.outcome]] += event.weight
    return Tally(rows, columns, counts)


def to_matrix(network: nx.Graph[str]) -> pd.DataFrame:
    """Return the labelled matrix of tie weights of a discourse network; 0 where there is no tie.

    Args:
        network: An actor or outcome network (the matrix is then square and symmetric, with 0 in its diagonal), or an
            affiliation network (actors × outcomes; if agreement is kept separate, each outcome has a column for each
            agreement).

    Raises:
        ValueError: If it is not a network of this package.
    """
    import pandas as pd

    if network.graph.get("network") not in ("actor", "outcome", "affiliation"):
        raise ValueError("not a discourse network; give one that actor_network, outcome_network or affiliation_network made")
    labels: dict[str, str] = {node: network.nodes[node]["label"] for node in network}
    two_mode = network.graph["network"] == "affiliation"
    rows = [node for node in network if not two_mode or network.nodes[node]["kind"] == "actor"]
    columns = [node for node in network if network.nodes[node]["kind"] == "outcome"] if two_mode else rows
    if network.is_multigraph():
        keys = [(node, agreement) for node in columns for agreement in network.graph["agreements"].split(SEPARATOR)]
        names: pd.Index = pd.MultiIndex.from_tuples(
            [(labels[node], agreement) for node, agreement in keys], names=["outcome", "agreement"]
        )
    else:
        keys = [(node, "") for node in columns]
        names = pd.Index(
            [labels[node] for node in columns], name="outcome" if two_mode else network.graph["network"], dtype=object
        )
    row_of = {node: number for number, node in enumerate(rows)}
    column_of = {key: number for number, key in enumerate(keys)}
    values = np.zeros((len(rows), len(keys)))
    for one, other, attributes in network.edges(data=True):
        agreement = attributes["agreement"] if network.is_multigraph() else ""
        for start, end in ((one, other), (other, one)):
            if start in row_of and (end, agreement) in column_of:
                values[row_of[start], column_of[end, agreement]] = attributes["weight"]
    kind = "actor" if two_mode else network.graph["network"]
    index = pd.Index([labels[node] for node in rows], name=kind, dtype=object)
    matrix: pd.DataFrame = pd.DataFrame(values, index=index, columns=names)
    return matrix


def words_of(settings: Mapping[str, object]) -> dict[str, str]:
    """Return the settings of events that are words, to be kept with a network."""
    return {setting: value for setting, value in settings.items() if isinstance(value, str)}


def everybody(graph: StanceGraph, by: By) -> list[str]:
    """Return all actors of a graph that hold positions, or whom they speak for."""
    found = events(graph, by=by, duplicates="all", mixed="between", undecided="between")
    return sorted({event.actor for event in found})


def actor_attributes(graph: StanceGraph, names: Iterable[str]) -> dict[str, dict[str, object]]:
    """Return what is known of each actor, for a node: kind, label and, where there are any, type, role and affiliation."""
    actors = {placed.actor.name: placed.actor for placed in graph.placed}
    found: dict[str, dict[str, object]] = {}
    for name in names:
        found[name] = {"kind": "actor", "label": name}
        if name in actors:
            known = {"type": actors[name].type.value, "role": actors[name].role, "affiliation": actors[name].affiliation}
            found[name] |= {key: value for key, value in known.items() if value}
    return found


def outcome_attributes(graph: StanceGraph, labels: Iterable[str]) -> dict[str, dict[str, object]]:
    """Return what is known of each outcome, for a node: kind, label and target_kind."""
    kinds = {placed.outcome.label: placed.outcome.kind.value for placed in graph.placed}
    return {label: {"kind": "outcome", "label": label, "target_kind": kinds[label]} for label in labels}
