"""Coalitions in colours: the largest have one each, whoever stands alone and all others are grey."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from stancegraph.networks import events
from stancegraph.plots import _style as style
from stancegraph.plots._marks import Sign
from stancegraph.plots._text import fitted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd
    from typing_extensions import Unpack

    from stancegraph.graph import StanceGraph
    from stancegraph.networks.events import EventSettings
    from stancegraph.plots._style import Camp

_LONGEST = 1.5  # inches of a name in a key


class Camps(NamedTuple):
    """How coalitions are drawn.

    Args:
        of: How each actor is drawn.
        names: What the key says of each coalition that has a colour: its foremost member, and how many others it has.
    """

    of: Mapping[str, Camp]
    names: Mapping[Camp, str]

    def key(self, actors: Iterable[str]) -> list[Sign]:
        """Return the key of the coalitions of some actors."""
        present = {self.of[actor] for actor in actors}
        signs = [Sign(name, camp.colour, camp.marker) for camp, name in self.names.items() if camp in present]
        others = "others" if signs else "actors without a coalition"
        return [*signs, Sign(others, style.ALONE.colour, style.ALONE.marker)] if style.ALONE in present else signs


def activity(graph: StanceGraph, **settings: Unpack[EventSettings]) -> dict[str, float]:
    """Return how many events each actor has."""
    sums: dict[str, float] = defaultdict(float)
    for event in events(graph, **settings):
        sums[event.actor] += event.weight
    return sums


def camps(numbers: Mapping[str, int] | pd.Series[int], importance: Mapping[str, float]) -> Camps:
    """Return how coalitions are drawn.

    Args:
        numbers: The coalition of each actor, as `coalitions` numbers them, the largest 1.
        importance: How much each actor says; who says most stands for his coalition.
    """
    members: dict[int, list[str]] = {}
    of = {}
    for actor, number in numbers.items():
        members.setdefault(int(number), []).append(str(actor))
        of[str(actor)] = style.ALONE
    names = {}
    for number, camp in enumerate(style.CAMPS, start=1):
        group = sorted(members.get(number, ()), key=lambda actor: (-importance.get(actor, 0), actor))
        if len(group) > 1:
            of.update(dict.fromkeys(group, camp))
            names[camp] = f"{fitted(group[0], _LONGEST, style.LABEL)} and {len(group) - 1:,} more"
    return Camps(of, names)
