"""The backbone of a debate: the outcomes without which its network of actors would look different."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from stancegraph.networks._choices import check_count
from stancegraph.networks.congruence import Kind, Normalisation, ties
from stancegraph.networks.events import EventSettings, events
from stancegraph.networks.matrices import tally

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    import pandas as pd
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.matrices import Matrix


class Backbone(NamedTuple):
    """A division of the outcomes of a debate.

    Args:
        backbone: Those that give the network of actors its structure, the most needed first.
        redundant: The others, the least needed last.
        backbone_loss: Distance between the whole network and that of the backbone, in [0, √2].
        redundant_loss: Distance between the whole network and that of the other outcomes.
    """

    backbone: tuple[str, ...]
    redundant: tuple[str, ...]
    backbone_loss: float
    redundant_loss: float


def backbone_steps(
    graph: StanceGraph,
    *,
    kind: Kind = "subtract",
    normalisation: Normalisation = "average",
    **settings: Unpack[EventSettings],
) -> pd.DataFrame:
    """Return the outcomes in the order in which they can be done without, the most redundant first.

    From all outcomes, the one is taken away whose loss changes the network of actors least, then the next, until none is
    left. The loss is the Euclidean distance between the eigenvalues of the Laplacians of the whole and of the remaining
    network, each scaled to sum 1; negative ties count 0. Of outcomes with equal loss the first by name goes first.

    With n actors and m outcomes this takes m²/2 eigenvalue problems of size n.

    Source: `dna_backbone(method = "nested")` of rDNA (Leifeld & Henrichsen), whose documentation defines the loss as the
    Euclidean spectral distance; that distance after Shore & Lubin (2015), Spectral goodness of fit for network models,
    Social Networks 43. (The program of rDNA sums absolute differences instead.)

    Args:
        graph: The graph.
        kind: As in `actor_network`.
        normalisation: As in `actor_network`.
        settings: As in `events`.

    Returns:
        One row for each outcome: `outcome`, how many are `left` without it and those before, and the `loss` then.

    Raises:
        ValueError: As in `events`.
    """
    import pandas as pd

    found = tally(events(graph, **settings))
    whole = _spectrum(found.counts, kind, normalisation)
    left = list(range(len(found.outcomes)))
    rows = []
    while left:
        losses = [_loss(whole, found.counts, [o for o in left if o != gone], kind, normalisation) for gone in left]
        # Rounded, so that outcomes that are alike are taken by name whatever the last bit says.
        loss, gone = min((round(loss, 12), gone) for loss, gone in zip(losses, left, strict=True))
        left.remove(gone)
        rows.append((found.outcomes[gone], len(left), loss))
    steps: pd.DataFrame = pd.DataFrame(rows, columns=["outcome", "left", "loss"])
    return steps


def backbone(
    graph: StanceGraph,
    *,
    size: int,
    kind: Kind = "subtract",
    normalisation: Normalisation = "average",
    **settings: Unpack[EventSettings],
) -> Backbone:
    """Return the backbone of a given size, and the redundant outcomes.

    Source: as in `backbone_steps`, which shows how much each size loses.

    Args:
        graph: The graph.
        size: How many outcomes the backbone has.
        kind: As in `actor_network`.
        normalisation: As in `actor_network`.
        settings: As in `events`.

    Raises:
        ValueError: If there are fewer outcomes than that; or as in `events`.
    """
    check_count("size", size)
    steps = backbone_steps(graph, kind=kind, normalisation=normalisation, **settings)
    if size > len(steps):
        raise ValueError(f"size={size} is more than the {len(steps)} outcomes there are; choose fewer")
    order = [str(outcome) for outcome in steps["outcome"]][::-1]
    losses = backbone_loss(graph, order[:size], kind=kind, normalisation=normalisation, **settings)
    return Backbone(tuple(order[:size]), tuple(order[size:]), *losses)


def backbone_loss(
    graph: StanceGraph,
    outcomes: Iterable[str],
    *,
    kind: Kind = "subtract",
    normalisation: Normalisation = "average",
    **settings: Unpack[EventSettings],
) -> tuple[float, float]:
    """Return how much of the network of actors is lost without all but some outcomes, and how much without these.

    Source: `dna_evaluateBackboneSolution` of rDNA; the loss as in `backbone_steps`.

    Args:
        graph: The graph.
        outcomes: Any names of the outcomes to keep.
        kind: As in `actor_network`.
        normalisation: As in `actor_network`.
        settings: As in `events`.

    Returns:
        The loss of the network of these outcomes, and that of the network of all others.

    Raises:
        UnknownName: If there is no such outcome.
        AmbiguousName: If several are meant equally well.
        ValueError: As in `events`.
    """
    wanted = {graph.outcome(name).label for name in outcomes}
    found = tally(events(graph, **settings))
    whole = _spectrum(found.counts, kind, normalisation)
    kept = [number for number, label in enumerate(found.outcomes) if label in wanted]
    others = [number for number, label in enumerate(found.outcomes) if label not in wanted]
    return (
        _loss(whole, found.counts, kept, kind, normalisation),
        _loss(whole, found.counts, others, kind, normalisation),
    )


def _loss(whole: Matrix, counts: Matrix, left: Sequence[int], kind: Kind, normalisation: Normalisation) -> float:
    return float(np.linalg.norm(whole - _spectrum(counts[:, :, list(left)], kind, normalisation)))


def _spectrum(counts: Matrix, kind: Kind, normalisation: Normalisation) -> Matrix:
    """Return the eigenvalues of a network's Laplacian, in order, scaled to sum 1; zeros if it has no ties."""
    weights = np.maximum(ties(counts, kind, normalisation), 0)
    values = np.linalg.eigvalsh(np.diag(weights.sum(axis=0)) - weights)
    scaled: Matrix = values / values.sum() if weights.any() else np.zeros_like(values)
    return scaled
