"""Networks of actors who agree or disagree with each other, and of outcomes that are taken alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np

from stancegraph.networks._choices import check_choice
from stancegraph.networks.affiliation import Isolates
from stancegraph.networks.events import LEVELS, EventSettings, events
from stancegraph.networks.matrices import SEPARATOR, actor_attributes, everybody, outcome_attributes, tally, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    import networkx as nx
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.matrices import Matrix

Kind = Literal["congruence", "conflict", "subtract", "ignore"]
Normalisation = Literal["none", "average", "jaccard", "cosine"]

_DISTANCE = np.abs(np.subtract.outer(LEVELS, LEVELS))
# How much a pair of events on the same outcome counts, by the levels of agreement of the two.
_PAIRS: dict[str, Matrix] = {
    "congruence": 1 - _DISTANCE,
    "conflict": _DISTANCE,
    "subtract": 1 - 2 * _DISTANCE,
    "ignore": np.ones_like(_DISTANCE),
}


def actor_network(
    graph: StanceGraph,
    *,
    kind: Kind = "congruence",
    normalisation: Normalisation = "average",
    isolates: Isolates = "active",
    **settings: Unpack[EventSettings],
) -> nx.Graph[str]:
    """Return the network of actors who take the same ("congruence") or opposite ("conflict") sides on outcomes.

    With x(i, j, k) events in which actor i gives outcome j the agreement k, two actors are tied by::

        congruence  Σⱼ Σₖ Σₖ′ x(i, j, k) · x(i′, j, k′) · (1 − |k − k′|)
        conflict    Σⱼ Σₖ Σₖ′ x(i, j, k) · x(i′, j, k′) · |k − k′|
        subtract    congruence − conflict
        ignore      congruence + conflict

    divided, with aᵢ events of actor i in all, by::

        none        1
        average     (aᵢ + aᵢ′) / 2
        jaccard     the events of either on what the other has none of, plus Σⱼ Σₖ x(i, j, k) · x(i′, j, k)
        cosine      aᵢ · aᵢ′

    Congruence divided by `cosine` or `jaccard` lies in [0, 1] if agreement is yes or no; by `average` it does if each actor
    says the same only once (`duplicates="range"`). `cosine` is DNA's, the root of a squared sum; it is not the cosine of the
    angle between two actors' events, in which squares are summed.

    Source: Leifeld, Gruber & Bossner (2018), Discourse Network Analyzer Manual, sections "Construction of One-Mode Networks"
    and "Normalisation for One-Mode Networks"; Leifeld (2017), Discourse network analysis: policy debates as dynamic
    networks, Oxford Handbook of Political Networks; `dna_network(networkType = "onemode")` of rDNA.

    Args:
        graph: The graph.
        kind: What ties two actors.
        normalisation: What corrects for actors who say much.
        isolates: Which nodes to have: those with an event in the selection ("active", rDNA's `isolates = FALSE`), those of
            the whole graph ("all", `isolates = TRUE`) or those with a tie ("drop").
        settings: As in `events`.

    Returns:
        Nodes `actor:<name>` with the number of their `events`; ties with `weight` and the `outcomes` behind it.

    Raises:
        ValueError: As in `events`.
    """
    extra = everybody(graph, settings.get("by", "actor")) if isolates == "all" else ()
    found = tally(events(graph, **settings), actors=extra)
    network = _network("actor", kind, normalisation, found.actors, found.outcomes, found.counts)
    network.graph.update(words_of(settings))
    for name, attributes in actor_attributes(graph, found.actors).items():
        network.nodes[f"actor:{name}"].update(attributes)
    return _without_isolates(network, isolates)


def outcome_network(
    graph: StanceGraph,
    *,
    kind: Kind = "congruence",
    normalisation: Normalisation = "average",
    isolates: Isolates = "active",
    **settings: Unpack[EventSettings],
) -> nx.Graph[str]:
    """Return the network of outcomes that the same actors take the same or opposite sides on.

    The formulas, settings, source and errors are those of `actor_network`, with actors and outcomes exchanged.

    Source: Leifeld, Gruber & Bossner (2018), Discourse Network Analyzer Manual, section "Graphical Intuition": the concept
    network.

    Args:
        graph: The graph.
        kind: What ties two outcomes.
        normalisation: What corrects for outcomes of which much is said.
        isolates: As in `actor_network`.
        settings: As in `events`.

    Returns:
        Nodes `outcome:<label>` with the number of their `events`; ties with `weight` and the `actors` behind it.

    Raises:
        ValueError: As in `events`.
    """
    extra = [placed.outcome.label for placed in graph.placed] if isolates == "all" else ()
    found = tally(events(graph, **settings), outcomes=extra)
    counts = found.counts.swapaxes(1, 2)
    network = _network("outcome", kind, normalisation, found.outcomes, found.actors, counts)
    network.graph.update(words_of(settings))
    for label, attributes in outcome_attributes(graph, found.outcomes).items():
        network.nodes[f"outcome:{label}"].update(attributes)
    return _without_isolates(network, isolates)


def ties(counts: Matrix, kind: Kind, normalisation: Normalisation) -> Matrix:
    """Return the square matrix of tie weights between the rows of a tally; formulas and source as in `actor_network`."""
    check_choice("kind", kind, _PAIRS)
    check_choice("normalisation", normalisation, ("none", "average", "jaccard", "cosine"))
    raw = _products(counts, _PAIRS[kind])
    divisor = _divisor(counts, normalisation)
    weights: Matrix = np.divide(raw, divisor, out=np.zeros_like(raw), where=divisor > 0)
    np.fill_diagonal(weights, 0)
    return weights


def _products(counts: Matrix, pairs: Matrix) -> Matrix:
    size = counts.shape[1]
    total = np.zeros((size, size))
    for one, of_one in enumerate(counts):
        for other, of_other in enumerate(counts):
            if pairs[one, other]:
                total += pairs[one, other] * (of_one @ of_other.T)
    return total


def _divisor(counts: Matrix, normalisation: Normalisation) -> Matrix:
    activity = counts.sum(axis=(0, 2))
    if normalisation == "average":
        mean: Matrix = np.add.outer(activity, activity) / 2
        return mean
    if normalisation == "cosine":
        product: Matrix = np.multiply.outer(activity, activity)
        return product
    if normalisation == "jaccard":
        shared = sum((level @ (level > 0).T for level in counts), np.zeros((len(activity), len(activity))))
        alone = activity[:, None] - shared
        both: Matrix = alone + alone.T + _products(counts, np.eye(len(counts)))
        return both
    return np.ones((len(activity), len(activity)))


def _network(
    of: str, kind: Kind, normalisation: Normalisation, names: Sequence[str], through: Sequence[str], counts: Matrix
) -> nx.Graph[str]:
    import networkx as nx

    weights = ties(counts, kind, normalisation)
    network: nx.Graph[str] = nx.Graph(network=of, kind=kind, normalisation=normalisation)
    for name, count in zip(names, counts.sum(axis=(0, 2)), strict=True):
        network.add_node(f"{of}:{name}", events=float(count))
    said = counts.sum(axis=0) > 0
    other = "outcomes" if of == "actor" else "actors"
    for row, column in np.argwhere(np.triu(weights)):
        shared = SEPARATOR.join(through[int(number)] for number in np.flatnonzero(said[row] & said[column]))
        weight = float(weights[row, column])
        network.add_edge(f"{of}:{names[row]}", f"{of}:{names[column]}", weight=weight, **{other: shared})
    return network


def _without_isolates(network: nx.Graph[str], isolates: Isolates) -> nx.Graph[str]:
    import networkx as nx

    check_choice("isolates", isolates, ("active", "all", "drop"))
    if isolates == "drop":
        network.remove_nodes_from(list(nx.isolates(network)))
    return network
