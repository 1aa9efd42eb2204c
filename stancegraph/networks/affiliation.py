"""The affiliation network: which actors agree or disagree with which outcomes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Literal

from stancegraph.networks._choices import check_choice
from stancegraph.networks.events import EventSettings, events
from stancegraph.networks.matrices import SEPARATOR, actor_attributes, everybody, outcome_attributes, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import Event

Agreement = Literal["separate", "combined", "subtract", "ignore"]
AffiliationNormalisation = Literal["none", "activity", "prominence"]
Isolates = Literal["active", "all", "drop"]

_WORDS = {1.0: "supports", 0.0: "opposes", 0.5: "between"}
_Tie = tuple[str, str, str]


def affiliation_network(
    graph: StanceGraph,
    *,
    agreement: Agreement = "separate",
    normalisation: AffiliationNormalisation = "none",
    isolates: Isolates = "active",
    **settings: Unpack[EventSettings],
) -> nx.Graph[str]:
    """Return the bipartite network of actors and the outcomes they take positions on.

    Source: Leifeld, Gruber & Bossner (2018), Discourse Network Analyzer Manual, sections "Affiliation Networks" and
    "Normalisation of Affiliation Networks"; `dna_network(networkType = "twomode")` of rDNA.

    Args:
        graph: The graph.
        agreement: What a tie of weight x says, with x₁ events of agreement and x₀ of disagreement: "separate" gives a
            `MultiGraph` with one tie for x₁ and one for x₀; "subtract" gives x₁ − x₀ (and no tie where they are even);
            "combined" gives 1 for agreement alone, 2 for disagreement alone, 3 for both; "ignore" gives x₁ + x₀.
        normalisation: "none"; "activity" divides by all events of the actor; "prominence" by all events on the outcome.
        isolates: Which nodes to have: those with an event in the selection ("active"), those of the whole graph ("all")
            or those with a tie ("drop").
        settings: As in `events`.

    Returns:
        Nodes `actor:<name>` and `outcome:<label>`, each with `bipartite` 0 or 1 and the number of its `events`; ties with
        `weight`, `agreement` ("supports", "opposes", "between" or "") and the ids of the `positions` behind them.

    Raises:
        ValueError: As in `events`; or if "combined", whose weights are no quantities, is to be normalised.
    """
    import networkx as nx

    check_choice("agreement", agreement, ("separate", "combined", "subtract", "ignore"))
    check_choice("normalisation", normalisation, ("none", "activity", "prominence"))
    check_choice("isolates", isolates, ("active", "all", "drop"))
    if agreement == "combined" and normalisation != "none":
        raise ValueError('agreement="combined" gives codes, not quantities; choose normalisation="none"')
    found = events(graph, **settings)
    ties = _ties(found, agreement)
    network: nx.Graph[str] = nx.MultiGraph() if agreement == "separate" else nx.Graph()
    network.graph.update(words_of(settings), network="affiliation", agreement=agreement, normalisation=normalisation)
    if agreement == "separate":
        words = {_WORDS[event.agreement] for event in found} | {"supports", "opposes"}
        network.graph["agreements"] = SEPARATOR.join(sorted(words, reverse=True))
    activity, prominence = _sums((e.actor, e.weight) for e in found), _sums((e.outcome, e.weight) for e in found)
    if isolates == "all":
        activity = dict.fromkeys(everybody(graph, settings.get("by", "actor")), 0.0) | activity
        prominence = dict.fromkeys((placed.outcome.label for placed in graph.placed), 0.0) | prominence
    for name, attributes in actor_attributes(graph, sorted(activity)).items():
        network.add_node(f"actor:{name}", bipartite=0, events=activity[name], **attributes)
    for label, attributes in outcome_attributes(graph, sorted(prominence)).items():
        network.add_node(f"outcome:{label}", bipartite=1, events=prominence[label], **attributes)
    for (actor, outcome, word), behind in sorted(ties.items()):
        weight = _weight(behind, agreement)
        divisor = {"none": 1.0, "activity": activity[actor], "prominence": prominence[outcome]}[normalisation]
        if weight and divisor:
            key = {"key": word} if agreement == "separate" else {}
            positions = SEPARATOR.join(dict.fromkeys(event.id for event in behind))
            values = {"weight": weight / divisor, "agreement": word, "positions": positions}
            network.add_edge(f"actor:{actor}", f"outcome:{outcome}", **key, **values)
    if isolates == "drop":
        network.remove_nodes_from(list(nx.isolates(network)))
    return network


def _ties(found: Sequence[Event], agreement: Agreement) -> Mapping[_Tie, list[Event]]:
    ties: dict[_Tie, list[Event]] = defaultdict(list)
    for event in found:
        ties[event.actor, event.outcome, _WORDS[event.agreement] if agreement == "separate" else ""].append(event)
    return ties


def _weight(behind: Sequence[Event], agreement: Agreement) -> float:
    if agreement == "subtract":
        return sum((2 * event.agreement - 1) * event.weight for event in behind)
    if agreement == "combined":
        levels = {event.agreement for event in behind if event.weight}
        # What lies between is neither alone, so it is a mixture, too.
        return {(1.0,): 1.0, (0.0,): 2.0, (): 0.0}.get(tuple(levels), 3.0)
    return sum(event.weight for event in behind)


def _sums(pairs: Iterable[tuple[str, float]]) -> dict[str, float]:
    sums: dict[str, float] = defaultdict(float)
    for name, weight in pairs:
        sums[name] += weight
    return sums
