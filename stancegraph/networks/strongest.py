"""The ties that matter in a dense network, of which a drawing would otherwise be a ball of wool."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stancegraph.networks._choices import check_count

if TYPE_CHECKING:
    import networkx as nx


def strongest_ties(network: nx.Graph[str], *, most: int) -> nx.Graph[str]:
    """Return a network with all its nodes and at most so many of its ties: those that say most about either end.

    For an actor with k ties of strength s in all, the chance that a tie takes a share of at least w / s if shares are drawn
    at random is (1 − w / s)ᵏ⁻¹; a tie has the lower one of its two ends. First come the ties of a spanning forest of the
    greatest weight, so that what hangs together still does (even if they are more than `most`), then those with the lowest
    chance; of equal ones the heavier, then the first by name.

    Source: Serrano, Boguñá & Vespignani (2009), Extracting the multiscale backbone of complex weighted networks, PNAS 106:
    the disparity filter, here with a number of ties in place of a level of significance.

    Args:
        network: A network of actors or of outcomes, with `weight` on its ties; negative ones count by their size.
        most: How many ties to keep.

    Raises:
        ValueError: If `most` is no number of ties.
    """
    import networkx as nx

    check_count("most", most)
    weights = {(min(tie), max(tie)): abs(network.edges[tie]["weight"]) for tie in network.edges}
    plain: nx.Graph[str] = nx.Graph()
    # In the order of names and rounded, so that of equal ties it is always the same that are kept.
    plain.add_weighted_edges_from((*tie, round(weight, 12)) for tie, weight in sorted(weights.items()))
    strengths, degrees = dict(plain.degree(weight="weight")), dict(plain.degree())

    def chance(tie: tuple[str, str]) -> float:
        shares = ((1 - plain.edges[tie]["weight"] / strengths[end], degrees[end]) for end in tie)
        return min((rest ** (degree - 1) if degree > 1 else 1.0) for rest, degree in shares)

    forest = {(min(tie), max(tie)) for tie in nx.maximum_spanning_edges(plain, data=False)}
    others = sorted(
        (tie for tie in weights if tie not in forest),
        key=lambda tie: (round(chance(tie), 12), -plain.edges[tie]["weight"], tie),
    )
    thin = network.copy()
    thin.remove_edges_from(others[max(0, most - len(forest)) :])
    return thin
