"""Coalitions: groups of actors who agree more with each other than with the rest."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

import numpy as np

from stancegraph.networks._choices import check_choice, check_count
from stancegraph.networks.congruence import ties
from stancegraph.networks.events import EventSettings, events
from stancegraph.networks.matrices import tally

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.matrices import Matrix

Method = Literal["louvain", "hierarchical"]
_MOST_ORDERED = 300


def coalitions(
    graph: StanceGraph,
    *,
    method: Method = "louvain",
    groups: int | None = None,
    resolution: float = 1.0,
    seed: int = 0,
    **settings: Unpack[EventSettings],
) -> pd.Series[int]:
    """Return the coalition of each actor, numbered from 1 for the largest.

    "louvain" maximises the modularity of the agreement between actors: the subtract network, normalised by average activity,
    without its negative ties. "hierarchical" joins actors by average linkage of the Jaccard distances of what they support
    and oppose, and keeps as many groups as asked for, or as many as give the highest modularity.

    Source: Leifeld & Haunss (2012), Political discourse networks and the conflict over software patents in Europe, European
    Journal of Political Research 51, on discourse coalitions as clusters; `dna_multiclust` of rDNA for networks, distances
    and the choice by modularity; Blondel, Guillaume, Lambiotte & Lefebvre (2008), Fast unfolding of communities in large
    networks, Journal of Statistical Mechanics P10008, for Louvain, as networkx has it.

    Args:
        graph: The graph.
        method: How actors are grouped.
        groups: How many groups to keep, for "hierarchical" only.
        resolution: Above 1 for more and smaller groups, for "louvain" only.
        seed: Where chance begins in "louvain"; the same seed gives the same groups.
        settings: As in `events`.

    Returns:
        The number of the `coalition` of each actor, by name.

    Raises:
        ValueError: As in `events`; or if `groups` is given to "louvain" or is no number of groups.
    """
    import pandas as pd

    check_choice("method", method, ("louvain", "hierarchical"))
    if groups is not None:
        check_count("groups", groups)
        if method == "louvain":
            raise ValueError('groups is for method="hierarchical"; change the number of "louvain" groups by resolution')
    found = tally(events(graph, **settings))
    by_ties = method == "louvain"
    numbers = louvain(agreement_ties(found.counts), resolution, seed) if by_ties else cut(found.counts, groups)
    index = pd.Index(found.actors, name="actor", dtype=object)
    return pd.Series(by_size(numbers), index=index, name="coalition", dtype="int64")


def cut(counts: Matrix, groups: int | None) -> list[int]:
    """Return the group of each actor of a tally, in so many groups or in those that divide the debate best.

    Source: as in `coalitions` for "hierarchical".
    """
    cuts = hierarchical(counts)
    if groups and cuts:
        return cuts[min(groups, len(cuts)) - 1]
    weights = agreement_ties(counts)
    # Of equally good divisions the finest: whoever agrees with nobody is in no coalition but his own.
    return max(cuts, key=lambda numbers: (round(modularity(weights, numbers), 9), len(set(numbers))), default=[])


def agreement_ties(counts: Matrix) -> Matrix:
    """Return the positive part of the subtract network of the actors of a tally, normalised by average activity.

    Source: `dna_multiclust` of rDNA ("positive subtract network").
    """
    positive: Matrix = np.maximum(ties(counts, "subtract", "average"), 0)
    return positive


def modularity(weights: Matrix, numbers: Sequence[int]) -> float:
    """Return how much more of the ties lies within groups than expected by chance; 0 if there are no ties.

    Source: Newman (2004), Analysis of weighted networks, Physical Review E 70.

    Args:
        weights: Symmetric tie weights of at least 0.
        numbers: The group of each row.
    """
    same = np.equal.outer(np.asarray(numbers), np.asarray(numbers))
    return float(modularity_matrix(weights)[same].sum())


def modularity_matrix(weights: Matrix) -> Matrix:
    """Return what each pair adds to modularity if it is in one group; source as in `modularity`."""
    total = weights.sum()
    if not total:
        return np.zeros_like(weights)
    degrees = weights.sum(axis=0)
    excess: Matrix = weights / total - np.multiply.outer(degrees, degrees) / total**2
    return excess


def louvain(weights: Matrix, resolution: float, seed: int) -> list[int]:
    """Return the group of each row by the Louvain method; source as in `coalitions`."""
    import networkx as nx

    # Numbers as nodes, for the order of names in sets differs from run to run.
    network: nx.Graph[int] = nx.Graph()
    network.add_nodes_from(range(len(weights)))
    network.add_weighted_edges_from((int(a), int(b), float(weights[a, b])) for a, b in np.argwhere(np.triu(weights)))
    found = nx.community.louvain_communities(network, weight="weight", resolution=resolution, seed=seed)
    group_of = {node: number for number, nodes in enumerate(found) for node in nodes}
    return [group_of[node] for node in range(len(weights))]


def hierarchical(counts: Matrix) -> list[list[int]]:
    """Return the group of each actor of a tally in 1, 2, 3 … groups, by average linkage of Jaccard distances.

    Source: as in `coalitions`. Actors at equal distances are joined in the order of their names.
    """
    from scipy.cluster.hierarchy import cut_tree

    actors = counts.shape[1]
    if actors < 2:
        return [[0]] * actors
    numbers = cut_tree(joined(counts))
    return [[int(number) for number in numbers[:, actors - groups]] for groups in range(1, actors + 1)]


def joined(counts: Matrix) -> Matrix:
    """Return how the actors of a tally are joined, two at least, as `scipy.cluster.hierarchy.linkage` tells it."""
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import pdist

    tree: Matrix = linkage(pdist(_said(counts), "jaccard"), method="average")
    return tree


def in_order(counts: Matrix) -> list[int]:
    """Return the rows of a tally in an order in which those that are alike are neighbours, and groups stay together.

    Source: Bar-Joseph, Gifford & Jaakkola (2001), Fast optimal leaf ordering for hierarchical clustering, Bioinformatics 17,
    as scipy has it; it takes the cube of the number of rows, so of many rows the order is that in which they are joined.
    """
    from scipy.cluster.hierarchy import leaves_list, optimal_leaf_ordering
    from scipy.spatial.distance import pdist

    rows = counts.shape[1]
    if rows < 2:
        return list(range(rows))
    tree = joined(counts)
    if rows <= _MOST_ORDERED:
        tree = optimal_leaf_ordering(tree, pdist(_said(counts), "jaccard"))
    return [int(row) for row in leaves_list(tree)]


def _said(counts: Matrix) -> Matrix:
    said: Matrix = (counts > 0).swapaxes(0, 1).reshape(counts.shape[1], -1)
    return said


def by_size(numbers: Sequence[int]) -> list[int]:
    """Number groups from 1, the largest first, of equal ones that of the earliest member."""
    members: dict[int, list[int]] = defaultdict(list)
    for place, number in enumerate(numbers):
        members[number].append(place)
    order = sorted(members, key=lambda number: (-len(members[number]), members[number][0]))
    rank = {number: place for place, number in enumerate(order, 1)}
    return [rank[number] for number in numbers]
