"""The graph as a person asks it: who holds what position on what outcome, and what proves it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from stancegraph.graph._finding import ActorFinder, OutcomeFinder
from stancegraph.graph.network import network_of
from stancegraph.models import LEAST_SIMILARITY, Stance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import networkx as nx
    import pandas as pd
    from typing_extensions import Unpack

    from stancegraph.corrections import Correction, ReadCorrections
    from stancegraph.graph._corrected import Revision
    from stancegraph.models import Actor, Document, ListedOutcome, Outcome, Position
    from stancegraph.networks.affiliation import AffiliationNormalisation, Agreement, Isolates
    from stancegraph.networks.congruence import Kind, Normalisation
    from stancegraph.networks.events import EventSettings


@dataclass(frozen=True)
class PlacedPosition:
    """A position with its place in the graph.

    Args:
        id: Document id and number of the position in its document, counted in text order from 1.
        position: The position.
        actor: Who holds it.
        outcome: What it is toward.
        via: Who passes it on, outermost first.
    """

    id: str
    position: Position
    actor: Actor
    outcome: Outcome
    via: tuple[Actor, ...] = ()


@dataclass(frozen=True)
class Report:
    """What somebody is reported to say without any attitude (stance `none`); it is no edge of the graph.

    Args:
        position: What is said.
        actor: Who says it.
    """

    position: Position
    actor: Actor


class StanceGraph:
    """Actors, their positions, the outcomes these are toward, and the documents that state them.

    Made by `assemble` or `load`. Actors and outcomes may be given as such or by any name: exactly, misspelt
    or, for outcomes, in other words.

    Args:
        documents: Every document by id, in the order of dates.
        placed: Every position with its place, in the order of documents and of their text.
        reports: Everything said without an attitude, in the same order.
        listed: The outcomes of the user's list, whether positions are assigned to them or not.
        revision: What a reviewer's corrections made of it, if there are any.
    """

    def __init__(
        self,
        documents: Mapping[str, Document],
        placed: Iterable[PlacedPosition],
        reports: Iterable[Report] = (),
        listed: Iterable[Outcome] = (),
        revision: Revision | None = None,
    ) -> None:
        self.documents: dict[str, Document] = dict(documents)
        self.placed: tuple[PlacedPosition, ...] = tuple(placed)
        self.reports: tuple[Report, ...] = tuple(reports)
        self.listed: tuple[Outcome, ...] = tuple(listed)
        self.revision: Revision | None = revision

    def __repr__(self) -> str:
        return (
            f"<StanceGraph: {len(self.placed)} positions of {len(self.actors())} actors "
            f"on {len(self.outcomes())} outcomes in {len(self.documents)} documents>"
        )

    @cached_property
    def network(self) -> nx.MultiDiGraph[str]:
        """The graph itself, for networkx; see `stancegraph.graph.network` for nodes and edges."""
        return network_of(self.documents.values(), self.placed, (report.actor for report in self.reports))

    def actors(self) -> list[Actor]:
        """Return everybody who holds, passes on or is reported, most positions first, then by name."""
        counts: Counter[Actor] = Counter()
        for placed in self.placed:
            counts[placed.actor] += 1
            for actor in placed.via:
                counts.setdefault(actor, 0)
        for report in self.reports:
            counts.setdefault(report.actor, 0)
        return sorted(counts, key=lambda actor: (-counts[actor], actor.name))

    def outcomes(self) -> list[Outcome]:
        """Return everything that positions are about and all listed outcomes, most positions first, then by label."""
        counts = Counter(placed.outcome for placed in self.placed)
        for outcome in self.listed:
            counts.setdefault(outcome, 0)
        return sorted(counts, key=lambda outcome: (-counts[outcome], outcome.label))

    def positions(
        self,
        actor: Actor | str | None = None,
        outcome: Outcome | str | None = None,
        stance: Stance | str | None = None,
    ) -> list[Position]:
        """Return positions in the order of documents and of their text.

        Args:
            actor: Only those that this actor holds.
            outcome: Only those toward this outcome.
            stance: Only those with this stance; only by asking for "none" does one get what is said without attitude.

        Raises:
            UnknownName: If nobody or nothing is called so; names what comes nearest.
            AmbiguousName: If several are meant equally well; names them.
            ValueError: If there is no such stance.
        """
        if stance is not None and _stance(stance) is Stance.NONE:
            sayer = self.actor(actor) if isinstance(actor, str) else actor
            return [r.position for r in self.reports if outcome is None and sayer in (None, r.actor)]
        return [placed.position for placed in self._select(actor, outcome, stance)]

    def who_supports(self, outcome: Outcome | str) -> list[Actor]:
        """Return the actors that support an outcome, most positions first; raises as `positions`."""
        return self._holders(outcome, Stance.SUPPORTS)

    def who_opposes(self, outcome: Outcome | str) -> list[Actor]:
        """Return the actors that oppose an outcome, most positions first; raises as `positions`."""
        return self._holders(outcome, Stance.OPPOSES)

    def actor(self, name: str) -> Actor:
        """Return the actor that a name means; raises as `positions`."""
        return self._actor_finder.find(name)

    def outcome(self, name: str) -> Outcome:
        """Return the outcome that a phrase means; raises as `positions`."""
        return self._outcome_finder.find(name)

    def actor_of(self, position: Position) -> Actor:
        """Return who holds or is reported with a position of this graph; raises KeyError for any other position."""
        return self._sayer_of[position] if position.stance is Stance.NONE else self._place_of[position].actor

    def outcome_of(self, position: Position) -> Outcome:
        """Return what a position of this graph is toward; raises KeyError for any other position."""
        return self._place_of[position].outcome

    def via_of(self, position: Position) -> tuple[Actor, ...]:
        """Return who passes on a position of this graph, outermost first; raises KeyError for any other."""
        return self._place_of[position].via

    def id_of(self, position: Position) -> str:
        """Return the id of a position of this graph, "document#number"; raises KeyError for any other."""
        return self._place_of[position].id

    def speaks_for(self, placed: PlacedPosition) -> str:
        """Return the country or body that the holder of a position speaks for, or else the holder.

        What a position's own document says comes before what most documents say; "Kyiv" and "Ukraine" are one.
        """
        affiliation = placed.position.holder_affiliation or placed.actor.affiliation
        return self._name_by_alias.get(affiliation, affiliation) or placed.actor.name

    def with_outcomes(
        self,
        outcomes: str | Path | Iterable[ListedOutcome],
        *,
        only_listed: bool = False,
        least_similarity: float = LEAST_SIMILARITY,
    ) -> StanceGraph:
        """Return the graph of the same positions assigned to a list of outcomes, without reading any text again.

        Args:
            outcomes: The list, or the YAML file that holds it.
            only_listed: As in `assemble`.
            least_similarity: As in `assemble`.

        Raises:
            OutcomesFileError: If the file of outcomes cannot be used; names file and line.
            ValueError: As in `assemble`.
        """
        from stancegraph.graph.assemble import assemble

        positions: dict[str, list[Position]] = {id_: [] for id_ in self.documents}
        for position in (*(p.position for p in self.as_read.placed), *(r.position for r in self.as_read.reports)):
            positions[position.document.id].append(position)
        read = [(document, positions[id_]) for id_, document in self.documents.items()]
        return assemble(
            read,
            outcomes=outcomes,
            only_listed=only_listed,
            least_similarity=least_similarity,
            corrections=self.revision.corrections if self.revision else (),
        )

    @property
    def as_read(self) -> StanceGraph:
        """The graph before any correction."""
        return self.revision.read if self.revision else self

    @property
    def rejected(self) -> tuple[Position, ...]:
        """The positions that a reviewer has taken out, as they were read."""
        return self.revision.rejected if self.revision else ()

    def with_corrections(self, corrections: str | Path | ReadCorrections | Iterable[Correction]) -> StanceGraph:
        """Return the graph as it was read with a reviewer's corrections, without reading any text again.

        Corrections that were applied before are taken away: the same ones give the same graph however often they are
        applied, and none give back the graph as it was read. Names in them are those of the graph as it was read.

        Args:
            corrections: The corrections, in any order, or the table that holds them; see `stancegraph.corrections`.

        Raises:
            CorrectionsFileError: If the table cannot be used; names file and line.

        Warns:
            SkippedCorrection: For each one that cannot be applied, the others are; `revision.skipped` lists them too.
        """
        from stancegraph.graph._corrected import with_corrections

        return with_corrections(self, corrections)

    def affiliation_network(
        self,
        *,
        agreement: Agreement = "separate",
        normalisation: AffiliationNormalisation = "none",
        isolates: Isolates = "active",
        **settings: Unpack[EventSettings],
    ) -> nx.Graph[str]:
        """Return the network of actors and the outcomes they take a side on; see `stancegraph.networks`."""
        from stancegraph.networks import affiliation_network

        return affiliation_network(self, agreement=agreement, normalisation=normalisation, isolates=isolates, **settings)

    def actor_network(
        self,
        *,
        kind: Kind = "congruence",
        normalisation: Normalisation = "average",
        isolates: Isolates = "active",
        **settings: Unpack[EventSettings],
    ) -> nx.Graph[str]:
        """Return the network of actors who take the same or opposite sides; see `stancegraph.networks`."""
        from stancegraph.networks import actor_network

        return actor_network(self, kind=kind, normalisation=normalisation, isolates=isolates, **settings)

    def outcome_network(
        self,
        *,
        kind: Kind = "congruence",
        normalisation: Normalisation = "average",
        isolates: Isolates = "active",
        **settings: Unpack[EventSettings],
    ) -> nx.Graph[str]:
        """Return the network of outcomes that the same actors take sides on; see `stancegraph.networks`."""
        from stancegraph.networks import outcome_network

        return outcome_network(self, kind=kind, normalisation=normalisation, isolates=isolates, **settings)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each position, with its resolved actor and outcome."""
        import pandas as pd

        rows = [_row(placed) for placed in self.placed]
        frame: pd.DataFrame = pd.DataFrame(rows, columns=list(_COLUMNS))
        return frame

    def to_html(self, path: str | Path) -> None:
        """Write the graph as one self-contained page to explore."""
        from stancegraph.page import render

        Path(path).write_text(render(self), encoding="utf-8", newline="\n")

    def _repr_html_(self) -> str:
        """Show the page in a notebook: in a frame of its own, which can reach nothing of the notebook."""
        from stancegraph.page import framed

        return framed(self)

    def save(self, path: str | Path) -> None:
        """Save the graph as graph.json in a folder, or in a file whose name ends in .json."""
        from stancegraph.graph._saving import save

        save(self, path)

    @classmethod
    def load(cls, path: str | Path) -> StanceGraph:
        """Load a saved graph.

        Args:
            path: The folder or the file that `save` was given.

        Raises:
            GraphFileError: If there is no graph, or none that can be read.
        """
        from stancegraph.graph._saving import load

        return load(path)

    @cached_property
    def _place_of(self) -> dict[Position, PlacedPosition]:
        return {placed.position: placed for placed in self.placed}

    @cached_property
    def _name_by_alias(self) -> dict[str, str]:
        actors = sorted({placed.actor for placed in self.placed}, key=lambda actor: actor.name)
        others = {alias: actor.name for actor in reversed(actors) for alias in actor.aliases}
        return others | {actor.name: actor.name for actor in actors}

    @cached_property
    def _sayer_of(self) -> dict[Position, Actor]:
        return {report.position: report.actor for report in self.reports}

    @cached_property
    def _actor_finder(self) -> ActorFinder:
        return ActorFinder(self.actors())

    @cached_property
    def _outcome_finder(self) -> OutcomeFinder:
        return OutcomeFinder(self.outcomes())

    def _select(
        self, actor: Actor | str | None, outcome: Outcome | str | None, stance: Stance | str | None
    ) -> list[PlacedPosition]:
        wanted_actor = self.actor(actor) if isinstance(actor, str) else actor
        wanted_outcome = self.outcome(outcome) if isinstance(outcome, str) else outcome
        wanted_stance = None if stance is None else _stance(stance)
        return [
            placed
            for placed in self.placed
            if (wanted_actor is None or placed.actor == wanted_actor)
            and (wanted_outcome is None or placed.outcome == wanted_outcome)
            and (wanted_stance is None or placed.position.stance is wanted_stance)
        ]

    def _holders(self, outcome: Outcome | str, stance: Stance) -> list[Actor]:
        counts = Counter(placed.actor for placed in self._select(None, outcome, stance))
        return sorted(counts, key=lambda actor: (-counts[actor], actor.name))


def _stance(stance: Stance | str) -> Stance:
    try:
        return Stance(stance)
    except ValueError:
        choices = ", ".join(kind.value for kind in Stance)
        raise ValueError(f"{stance!r} is no stance; choose one of {choices}") from None


_COLUMNS = (
    *("id", "actor", "actor_type", "role", "affiliation"),
    *("stance", "outcome", "outcome_kind", "similarity", "act", "confidence"),
    *("holder", "target", "via", "evidence", "document", "title", "date", "source", "url"),
)


def _row(placed: PlacedPosition) -> tuple[object, ...]:
    position, document = placed.position, placed.position.document
    return (
        placed.id,
        placed.actor.name,
        placed.actor.type.value,
        position.holder_role,
        position.holder_affiliation,
        position.stance.value,
        placed.outcome.label,
        placed.outcome.kind.value,
        position.similarity,
        position.act.value,
        position.confidence,
        position.holder,
        position.target,
        " | ".join(actor.name for actor in placed.via),
        position.evidence_text,
        document.id,
        document.title,
        document.date,
        document.source,
        document.url,
    )
