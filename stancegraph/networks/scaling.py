"""Where actors stand: on one line from one side of a debate to the other, and at its centre or its edge."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancegraph.networks.congruence import Kind, Normalisation, actor_network, ties
from stancegraph.networks.events import EventSettings, events
from stancegraph.networks.matrices import tally

if TYPE_CHECKING:
    import pandas as pd
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.matrices import Matrix


def scale_actors(graph: StanceGraph, **settings: Unpack[EventSettings]) -> pd.Series[float]:
    """Return the place of each actor on a line on which those who agree are near and those who disagree far.

    The agreement of two actors is the share of congruence in congruence and conflict, in [0, 1]; their distance is 1 less
    that. The line is the first eigenvector of the double-centred squared distances, times the root of its eigenvalue.
    Pairs that share no outcome get the mean distance. Which end is positive says nothing: it is that of the
    actor farthest out, of several that of the first by name. Actors who share no outcome, directly or through others,
    with the largest group that does cannot be compared with it and get NaN.

    Source: Poole (2005), Spatial Models of Parliamentary Voting, chapter 2, for the agreement score and its eigenvector,
    from which the item response models of `dna_scale1dbin` in rDNA start (`theta_start`); Torgerson (1952), Multidimensional
    scaling: I. Theory and method, Psychometrika 17, for double centring. No uncertainty is estimated.

    Args:
        graph: The graph.
        settings: As in `events`.

    Returns:
        The `place` of each actor, by name, without a unit: distances are those of agreement, in [0, 1].

    Raises:
        ValueError: As in `events`.
    """
    import pandas as pd

    found = tally(events(graph, **settings))
    congruence = ties(found.counts, "congruence", "none")
    both = ties(found.counts, "ignore", "none")
    places = np.full(len(found.actors), np.nan)
    largest = _largest_component(both)
    if len(largest) > 1:
        chosen = np.ix_(largest, largest)
        places[largest] = _line(congruence[chosen], both[chosen])
    line: pd.Series[float] = pd.Series(
        places, index=pd.Index(found.actors, name="actor", dtype=object), name="place", dtype="float64"
    )
    return line


def centralities(
    graph: StanceGraph,
    *,
    kind: Kind = "congruence",
    normalisation: Normalisation = "average",
    **settings: Unpack[EventSettings],
) -> pd.DataFrame:
    """Return how central each actor is in the network of actors; only positive ties count.

    `degree` is the number of ties, `strength` the sum of their weights. On shortest paths, on which a tie is as long as 1
    divided by its weight, `closeness` is 1 divided by the mean length to others, times the share of others that can be
    reached, and `betweenness` the share of pairs of others between which the actor lies, in [0, 1].

    Source: Freeman (1978), Centrality in social networks: conceptual clarification, Social Networks 1; for weighted ties
    Barrat, Barthélemy, Pastor-Satorras & Vespignani (2004), PNAS 101 (strength), and Newman (2001), Physical Review E 64
    (length as inverse weight); computed by networkx. Compare `dna_plotCentrality` of rDNA.

    Args:
        graph: The graph.
        kind: As in `actor_network`.
        normalisation: As in `actor_network`.
        settings: As in `events`.

    Returns:
        One row for each actor, by name.

    Raises:
        ValueError: As in `events`.
    """
    import networkx as nx
    import pandas as pd

    network = actor_network(graph, kind=kind, normalisation=normalisation, **settings)
    network.remove_edges_from([(a, b) for a, b, attributes in network.edges(data=True) if attributes["weight"] <= 0])
    for _, _, attributes in network.edges(data=True):
        attributes["length"] = 1 / attributes["weight"]
    columns: dict[str, dict[str, float]] = {
        "degree": dict(network.degree()),
        "strength": dict(network.degree(weight="weight")),
        "closeness": nx.closeness_centrality(network, distance="length"),
        "betweenness": nx.betweenness_centrality(network, weight="length"),
    }
    index = pd.Index([network.nodes[node]["label"] for node in network], name="actor", dtype=object)
    values = {name: [of[node] for node in network] for name, of in columns.items()}
    table: pd.DataFrame = pd.DataFrame(values, index=index)
    return table


def _largest_component(both: Matrix) -> list[int]:
    import networkx as nx

    found = nx.connected_components(nx.from_numpy_array(both))
    return sorted(max(found, key=lambda nodes: (len(nodes), -min(nodes)), default=()))


def _line(congruence: Matrix, both: Matrix) -> Matrix:
    known = both > 0
    distance = np.zeros_like(both)
    distance[known] = 1 - congruence[known] / both[known]
    off_diagonal = ~np.eye(len(both), dtype=bool)
    distance[off_diagonal & ~known] = distance[known].mean()
    squared = distance**2
    centred = squared - squared.mean(axis=0) - squared.mean(axis=1)[:, None] + squared.mean()
    values, vectors = np.linalg.eigh(-centred / 2)
    places: Matrix = vectors[:, -1] * np.sqrt(max(values[-1], 0.0))
    # Rounded, so that of two ends equally far out the name decides and not the last bit.
    outermost = np.argmax(np.abs(places).round(9))
    return places if places[outermost] >= 0 else -places
