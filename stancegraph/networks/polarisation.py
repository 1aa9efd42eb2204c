"""How far a debate falls apart into camps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stancegraph.networks._choices import check_count
from stancegraph.networks.coalitions import agreement_ties, hierarchical, louvain, modularity_matrix
from stancegraph.networks.events import EventSettings, events
from stancegraph.networks.matrices import tally
from stancegraph.networks.windows import Unit, windows

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.matrices import Matrix

    Numbers = np.ndarray[tuple[int, ...], np.dtype[np.int64]]


def polarisation(graph: StanceGraph, *, groups: int | None = 2, **settings: Unpack[EventSettings]) -> float:
    """Return the polarisation of a debate: the highest modularity of its actors' agreement in that many groups.

    The agreement is the subtract network of actors, normalised by average activity, without its negative ties. Modularity is
    the share of ties that lies within the groups, less the share expected if ties fell to actors at random by how many they
    have. With two groups it is between 0 (no way to divide the actors separates those who agree from those who do not) and
    0.5 (two camps of equal weight, and nothing that their members agree on across); with k groups at most 1 − 1/k.

    Actors who agree with nobody have no ties and add nothing: two who merely contradict each other are no camps.

    Source: bipolarisation (k = 2) and multipolarisation (any k) as the highest modularity over cluster solutions of the
    positive subtract network, as in `dna_multiclust` and `dna_polarization(qualityFunction = "modularity")` of rDNA
    (Leifeld); modularity after Newman & Girvan (2004), Finding and evaluating community structure in networks, Physical
    Review E 69, and Newman (2004), Analysis of weighted networks, Physical Review E 70. rDNA searches by a genetic algorithm
    for groups of equal size; here groups may differ in size, and hierarchical clustering, the leading eigenvector and
    Louvain are each improved by moving single actors (the fine tuning of Newman 2006, Modularity and community structure in
    networks, PNAS 103), by which the same debate always gets the same value.

    Args:
        graph: The graph.
        groups: At most how many groups; None for any number.
        settings: As in `events`.

    Returns:
        The polarisation, or NaN if no two actors agree.

    Raises:
        ValueError: If there is no such number of groups; or as in `events`.
    """
    if groups is not None:
        check_count("groups", groups, least=2)
    counts = tally(events(graph, **settings)).counts
    weights = agreement_ties(counts)
    if not weights.any():
        return float("nan")
    most = len(weights) if groups is None else min(groups, len(weights))
    excess = modularity_matrix(weights)
    # Of actors in one group nothing is found, of course; so it is never below 0.
    return max(0.0, *(_improved(excess, start, most) for start in _starts(counts, weights, excess, most)))


def polarisation_over_time(
    graph: StanceGraph,
    *,
    unit: Unit = "months",
    size: int = 1,
    step: int | None = None,
    groups: int | None = 2,
    **settings: Unpack[EventSettings],
) -> pd.DataFrame:
    """Return the polarisation in each time window.

    Source: as in `polarisation` and `windows`; `dna_polarization(timewindow = …)` of rDNA.

    Args:
        graph: The graph.
        unit: As in `windows`.
        size: As in `windows`.
        step: As in `windows`.
        groups: As in `polarisation`.
        settings: As in `events`.

    Returns:
        One row for each window: `since`, `until`, the number of `events` and of `actors`, and `polarisation`.

    Raises:
        ValueError: As in `polarisation` and `windows`.
    """
    import pandas as pd

    rows = []
    for window in windows(graph, unit=unit, size=size, step=step, **settings):
        within: EventSettings = {**settings, "since": window.since, "until": window.until}
        found = events(graph, **within)
        actors = len({event.actor for event in found})
        rows.append((*window, len(found), actors, polarisation(graph, groups=groups, **within)))
    table: pd.DataFrame = pd.DataFrame(rows, columns=["since", "until", "events", "actors", "polarisation"])
    return table


def _starts(counts: Matrix, weights: Matrix, excess: Matrix, groups: int) -> list[list[int]]:
    """Return divisions of the actors that are worth improving."""
    leading = np.linalg.eigh(excess)[1][:, -1]
    communities = [min(number, groups - 1) for number in louvain(weights, 1.0, 0)]
    return [hierarchical(counts)[groups - 1], [int(value > 0) for value in leading], communities]


def _improved(excess: Matrix, start: Sequence[int], groups: int) -> float:
    """Return the modularity of a division after passes in which every actor is moved once, until a pass adds nothing."""
    numbers = np.asarray(start)
    total = float(excess[np.equal.outer(numbers, numbers)].sum())
    while True:
        gain, moved = _pass(excess, numbers, groups)
        # Less than this is an error of rounding, after which passes could go round in circles.
        if gain < 1e-12:
            return total
        total, numbers = total + gain, moved


def _pass(excess: Matrix, numbers: Numbers, groups: int) -> tuple[float, Numbers]:
    """Move every actor once, the best move first even if it costs, and return the best division on the way."""
    actors = np.arange(len(numbers))
    numbers = numbers.copy()
    linked = excess @ np.equal.outer(numbers, np.arange(groups))
    own = excess.diagonal()
    free = np.ones(len(numbers), dtype=bool)
    best, reached, division = 0.0, 0.0, numbers.copy()
    for _ in actors:
        gains = 2 * (linked - (linked[actors, numbers] - own)[:, None])
        gains[~free] = -np.inf
        gains[actors, numbers] = -np.inf
        mover, group = np.unravel_index(np.argmax(gains), gains.shape)
        reached += float(gains[mover, group])
        linked[:, numbers[mover]] -= excess[:, mover]
        linked[:, group] += excess[:, mover]
        numbers[mover] = group
        free[mover] = False
        if reached > best:
            best, division = reached, numbers.copy()
    return best, division
