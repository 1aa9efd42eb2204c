"""The graph as a person asks it: who holds what position on what outcome, and what proves it."""

from __future__ import annotations

import datetime
import difflib
import json
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from stancegraph import knowledge
from stancegraph.graph import _history, _sides
from stancegraph.graph._finding import ActorFinder, OutcomeFinder, UnknownName
from stancegraph.graph._selecting import By, Conditions, Timeless, Weights, chosen, stance_of
from stancegraph.graph.answers import Answer, Balance, Consensus, Contest, Holder, Relation, Shared, Shift, Step, cell_of
from stancegraph.graph.evidence import Evidence, evidence_of
from stancegraph.graph.network import network_of
from stancegraph.models import LEAST_SIMILARITY, Actor, ActorType, Outcome, PlacedPosition, Stance, day_range

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    import networkx as nx
    import pandas as pd
    from typing_extensions import Unpack

    from stancegraph.corrections import Correction, ReadCorrections
    from stancegraph.graph._corrected import Revision
    from stancegraph.models import Document, ListedOutcome, Position, Report
    from stancegraph.networks.affiliation import AffiliationNormalisation, Agreement, Isolates
    from stancegraph.networks.congruence import Kind, Normalisation
    from stancegraph.networks.events import EventSettings
    from stancegraph.networks.windows import Unit as WindowUnit
    from stancegraph.plots import Plot
    from stancegraph.plots.network import NetworkKind
    from stancegraph.store import Contents, Store


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
        # Each is otherwise made of what is stored, when it is first asked for.
        self.documents = dict(documents)
        self.placed = tuple(placed)
        self.reports = tuple(reports)
        self.listed = tuple(listed)
        self.revision = revision
        self._is_stored = False

    @classmethod
    def of_store(cls, store: Store) -> StanceGraph:
        """Return the graph that answers from a store, and reads of it only what is asked for."""
        graph = cls.__new__(cls)
        graph._store = store
        graph._is_stored = True
        return graph

    @cached_property
    def documents(self) -> dict[str, Document]:
        """Every document by id, in the order of dates."""
        return {document.id: document for document in self._store.documents()}

    @cached_property
    def placed(self) -> tuple[PlacedPosition, ...]:
        """Every position with its place, in the order of documents and of their text."""
        return tuple(self._store.placed())

    @cached_property
    def reports(self) -> tuple[Report, ...]:
        """Everything said without an attitude, in the same order."""
        return tuple(self._store.reports())

    @cached_property
    def listed(self) -> tuple[Outcome, ...]:
        """The outcomes of the user's list, whether positions are assigned to them or not."""
        return tuple(self._store.listed())

    @cached_property
    def revision(self) -> Revision | None:
        """What a reviewer's corrections made of the graph, if there are any; a part of a graph knows of none."""
        saved = None if self.is_part else self._store.revision()
        if saved is None:
            return None
        from stancegraph.graph._saving_revision import loaded_revision

        return self._store.valid("revision", lambda: loaded_revision(json.loads(saved), self.documents, list(self.placed)))

    @cached_property
    def _store(self) -> Store:
        from stancegraph.store import Store

        return Store.of(self.contents())

    def __len__(self) -> int:
        """Return the number of positions."""
        return self._count("positions")

    def __bool__(self) -> bool:
        return True  # a graph without positions is one all the same

    def __repr__(self) -> str:
        return (
            f"<StanceGraph: {len(self)} positions of {len(self.actors())} actors "
            f"on {len(self.outcomes())} outcomes in {self._count('documents')} documents>"
        )

    def _count(self, table: Literal["positions", "documents"]) -> int:
        return int(self._store.rows(f"SELECT count(*) FROM {table}")[0][0])

    @cached_property
    def network(self) -> nx.MultiDiGraph[str]:
        """The graph itself, for networkx; see `stancegraph.graph.network` for nodes and edges.

        Of a large graph ask for a part first: `graph.part(outcome="Sweden's accession to NATO").network`.
        """
        return network_of(self.documents.values(), self.placed, (report.actor for report in self.reports))

    def actors(self) -> list[Actor]:
        """Return everybody who holds, passes on or is reported, most positions first, then by name."""
        rows = self._store.rows(
            """
            SELECT who, sum(held) AS held FROM (
                SELECT actor AS who, 1 AS held FROM positions
                UNION ALL SELECT DISTINCT unnest(via_actors), 0 FROM positions
                UNION ALL SELECT DISTINCT actor, 0 FROM reports
            ) GROUP BY who ORDER BY held DESC, who
            """
        )
        return [self._store.actors[who] for who, _ in rows]

    def outcomes(self) -> list[Outcome]:
        """Return everything that positions are about and all listed outcomes, most positions first, then by label."""
        rows = self._store.rows(
            """
            SELECT outcome, sum(held) AS held FROM (
                SELECT outcome, 1 AS held FROM positions UNION ALL SELECT number, 0 FROM outcomes WHERE listed NOTNULL
            ) GROUP BY outcome ORDER BY held DESC, outcome
            """
        )
        return [self._store.outcomes[number] for number, _ in rows]

    def positions(
        self,
        actor: Actor | str | None = None,
        outcome: Outcome | str | None = None,
        stance: Stance | str | None = None,
        **conditions: Unpack[Conditions],
    ) -> Answer[Position]:
        """Return positions in the order of documents and of their text.

        Args:
            actor: Only those that this actor holds.
            outcome: Only those toward this outcome.
            stance: Only those with this stance; only by asking for "none" does one get what is said without attitude.
            conditions: What else they must be; see `Conditions`.

        Raises:
            UnknownName: If nobody or nothing is called so; names what comes nearest.
            AmbiguousName: If several are meant equally well; names them.
            ValueError: If a condition makes no sense.
        """
        asked = chosen(self, actor=actor, outcome=outcome, stance=stance, **conditions)
        numbers = [number for (number,) in asked.rows(self._store, "SELECT number FROM chosen ORDER BY number")]
        if stance is not None and stance_of(stance) is Stance.NONE:
            return Answer(
                "What is said without an attitude", numbers, self._said, cells=self._report_cells, columns=_REPORTED
            )
        title = _title("Positions", actor=actor, outcome=outcome, stance=stance)
        return Answer(
            title, numbers, self._held, cells=self._position_cells, frame=self._positions_frame, columns=_POSITION_SHOWN
        )

    def who_supports(
        self, outcome: Outcome | str, *, weights: Weights = "count", **conditions: Unpack[Conditions]
    ) -> Answer[Holder]:
        """Return who supports an outcome, most positions first, each with the newest words for it.

        Args:
            outcome: The outcome.
            weights: What a position counts: 1 ("count") or its "confidence".
            conditions: What positions count; see `Conditions`.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        return self._holders(outcome, Stance.SUPPORTS, weights, conditions)

    def who_opposes(
        self, outcome: Outcome | str, *, weights: Weights = "count", **conditions: Unpack[Conditions]
    ) -> Answer[Holder]:
        """Return who opposes an outcome; as `who_supports`."""
        return self._holders(outcome, Stance.OPPOSES, weights, conditions)

    def undecided_on(
        self, outcome: Outcome | str, *, weights: Weights = "count", **conditions: Unpack[Conditions]
    ) -> Answer[Holder]:
        """Return who says openly to have no position on an outcome yet; as `who_supports`."""
        return self._holders(outcome, Stance.UNDECIDED, weights, conditions)

    def allies(self, actor: Actor | str, **conditions: Unpack[Conditions]) -> Answer[Relation]:
        """Return the actors that agree with one on more outcomes than they disagree on.

        Actors agree on an outcome if their positions on it, on balance, take the same side: one vote for each outcome,
        however often somebody spoke. Ordered by how many more, as in the subtract network of Leifeld (2017, "Discourse
        Network Analysis: Policy Debates as Dynamic Networks"); for its other weights see `actor_network`.

        Args:
            actor: The actor.
            conditions: What positions count; see `Conditions`. With `latest=True` only what they held last.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        return self._relations(actor, "allies", conditions)

    def opponents(self, actor: Actor | str, **conditions: Unpack[Conditions]) -> Answer[Relation]:
        """Return the actors that disagree with one on more outcomes than they agree on; as `allies`."""
        return self._relations(actor, "opponents", conditions)

    def common_ground(self, a: Actor | str, b: Actor | str, **conditions: Unpack[Conditions]) -> Answer[Shared]:
        """Return the outcomes on which two actors take the same side, the most spoken of first.

        Args:
            a: One actor.
            b: The other.
            conditions: What positions count; see `Conditions`.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        by = conditions.get("by", "actor")
        numbers = self.number_of_actor(a, by), self.number_of_actor(b, by)
        one, other = (self._store.actors[number].name for number in numbers)
        title = f"Common ground of {one} and {other}"
        return _sides.common_ground(self._store, chosen(self, **conditions), *numbers, title)

    def contested(self, min_actors: int = 3, **conditions: Unpack[Conditions]) -> Answer[Contest]:
        """Return the outcomes that divide actors, the most evenly divided first, then the most spoken on.

        Args:
            min_actors: Least number of actors that support or oppose it.
            conditions: What positions count; see `Conditions`.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        return _sides.contested(self._store, chosen(self, **conditions), min_actors, "Contested outcomes")

    def consensus(self, outcome: Outcome | str, **conditions: Unpack[Conditions]) -> Consensus:
        """Return how far those who speak on an outcome agree.

        Args:
            outcome: The outcome.
            conditions: What positions count; see `Conditions`.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        meant = self._meant_outcome(outcome)
        return _sides.consensus(self._store, chosen(self, outcome=meant, **conditions), meant)

    def evidence(self, position: Position | str) -> Evidence:
        """Return what proves a position: its words, marked in the paragraph around them.

        Args:
            position: The position, or its id.

        Raises:
            KeyError: If it is no position of this graph.
        """
        if isinstance(position, str):
            numbers = self._store.rows("SELECT number FROM positions WHERE id = $id", id=position)
            if not numbers:
                raise KeyError(f"no position {position!r} in this graph; an id is that of a document, # and a number")
            return evidence_of(self._fetched([numbers[0][0]])[0])
        return evidence_of(self._place(position))

    def history(
        self, actor: Actor | str | None = None, outcome: Outcome | str | None = None, **conditions: Unpack[Conditions]
    ) -> Answer[Step]:
        """Return what an actor held on an outcome at each time, by the dates on which it was stated, the newest last.

        What texts only recall, without saying when, comes first, and then what has no date.

        Args:
            actor: Whose; None for everybody's.
            outcome: On what; None for everything.
            conditions: What positions count; see `Conditions`.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        asked = chosen(self, actor=actor, outcome=outcome, **conditions)
        return _history.steps(self._store, asked, _title("History", actor=actor, outcome=outcome))

    def shifts(
        self,
        since: str | None = None,
        until: str | None = None,
        *,
        actor: Actor | str | None = None,
        outcome: Outcome | str | None = None,
        **conditions: Unpack[Timeless],
    ) -> Answer[Shift]:
        """Return who changed their stance, from what to what and when, the newest change first.

        Positions count for the time at which they were stated (`Position.stated`). What a text only recalls without a date,
        and what has none, is no change; nor is a difference between positions of one time, which make it mixed.

        Args:
            since: Only changes on this day or later, or in the month or year that begins with it. The stance before may be
                older.
            until: Only changes on this day or before, or before the end of this month or year.
            actor: Only changes of this actor.
            outcome: Only changes on this outcome.
            conditions: What positions count; see `Conditions`.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        asked = chosen(self, actor=actor, outcome=outcome, **conditions)
        title = _title("Shifts", actor=actor, outcome=outcome)
        return _history.shifts(self._store, asked, title, day_range(since, until))

    def timeline(
        self, outcome: Outcome | str, *, unit: _history.Unit = "months", **conditions: Unpack[Conditions]
    ) -> Answer[Balance]:
        """Return how many actors stood where on an outcome at the end of each period; each stands where it last stood.

        Args:
            outcome: The outcome.
            unit: The length of a period: "days", "weeks", "months" or "years".
            conditions: What positions count; see `Conditions`.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        asked = chosen(self, outcome=outcome, **conditions)
        return _history.timeline(self._store, asked, unit, _title("Balance", outcome=outcome))

    def at(self, date: str, *, by: By = "actor", min_confidence: float = 0.0) -> StanceGraph:
        """Return the state of the debate on a day: of each actor and outcome the newest positions until then.

        Args:
            date: The day, or the month or year that ends with it.
            by: Whose newest positions: of each "actor", or of each country or body spoken for ("affiliation").
            min_confidence: Least confidence of positions that count, in [0, 1].

        Returns:
            A graph that answers all the same questions. Positions without a date, and what is only recalled, are not in it.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        if not date:
            raise ValueError("no day was given; write it as 2023-07-11, 2023-07 or 2023")
        return self.part(until=date, latest=True, by=by, min_confidence=min_confidence)

    def part(
        self,
        actor: Actor | str | None = None,
        outcome: Outcome | str | None = None,
        stance: Stance | str | None = None,
        **conditions: Unpack[Conditions],
    ) -> StanceGraph:
        """Return the graph of some of the positions, with the documents that state them and without reports.

        Args:
            actor: As in `positions`.
            outcome: As in `positions`.
            stance: As in `positions`, but not "none".
            conditions: As in `positions`.

        Raises:
            UnknownName, AmbiguousName, ValueError: As `positions`.
        """
        if stance is not None and stance_of(stance) is Stance.NONE:
            raise ValueError("what is said without attitude makes no graph; ask for another stance")
        asked = chosen(self, actor=actor, outcome=outcome, stance=stance, **conditions)
        return StanceGraph.of_store(
            self._store.part(f"WITH chosen AS ({asked.sql}) SELECT number FROM chosen", **asked.values)
        )

    def actor(self, name: str) -> Actor:
        """Return the actor that a name means; raises as `positions`."""
        return self._actor_finder.find(name)

    def outcome(self, name: str) -> Outcome:
        """Return the outcome that a phrase means; raises as `positions`."""
        return self._outcome_finder.find(name)

    def actor_of(self, position: Position) -> Actor:
        """Return who holds or is reported with a position of this graph; raises KeyError for any other position."""
        return self._sayer_of[position] if position.stance is Stance.NONE else self._place(position).actor

    def holder_of(self, position: Position, by: By = "actor") -> Actor:
        """Return whose a position of this graph is, counted by "actor" or "affiliation"; raises KeyError for any other."""
        placed = self._place(position)
        if by == "actor":
            return placed.actor
        return self._body_by_id[placed.id]

    def outcome_of(self, position: Position) -> Outcome:
        """Return what a position of this graph is toward; raises KeyError for any other position."""
        return self._place(position).outcome

    def via_of(self, position: Position) -> tuple[Actor, ...]:
        """Return who passes on a position of this graph, outermost first; raises KeyError for any other."""
        return self._place(position).via

    def id_of(self, position: Position) -> str:
        """Return the id of a position of this graph, "document#number"; raises KeyError for any other."""
        return self._place(position).id

    def speaks_for(self, placed: PlacedPosition | Report) -> str:
        """Return the country or body that the holder of a position speaks for, or else the holder.

        What a position's own document says comes before what most documents say; "Kyiv" and "Ukraine" are one.
        """
        if self._is_stored and isinstance(placed, PlacedPosition) and placed.id in self._body_by_id:
            return self._body_by_id[placed.id].name  # of a part, names that only the whole graph knows count as well
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

    # Plots, which need the extra `plots`; what each shows, and how it is adjusted, is told in `stancegraph.plots`.

    def plot_history(
        self,
        outcome: Outcome | str,
        *,
        actors: Iterable[Actor | str] | None = None,
        most: int = 20,
        title: str | None = None,
        width: float = 7.5,
        **conditions: Unpack[Conditions],
    ) -> Plot:
        """Draw how each actor stood on an outcome over time; see `stancegraph.plots.plot_history`."""
        from stancegraph.plots import plot_history

        return plot_history(self, outcome, actors=actors, most=most, title=title, width=width, **conditions)

    def plot_balance(
        self,
        outcome: Outcome | str,
        *,
        unit: _history.Unit = "months",
        title: str | None = None,
        width: float = 7.5,
        height: float | None = None,
        **conditions: Unpack[Conditions],
    ) -> Plot:
        """Draw how many actors stood where on an outcome over time; see `stancegraph.plots.plot_balance`."""
        from stancegraph.plots import plot_balance

        return plot_balance(self, outcome, unit=unit, title=title, width=width, height=height, **conditions)

    def plot_sides(
        self,
        outcome: Outcome | str,
        *,
        most: int = 30,
        title: str | None = None,
        width: float = 7.5,
        **conditions: Unpack[Conditions],
    ) -> Plot:
        """Draw who stands where on an outcome now; see `stancegraph.plots.plot_sides`."""
        from stancegraph.plots import plot_sides

        return plot_sides(self, outcome, most=most, title=title, width=width, **conditions)

    def plot_matrix(
        self,
        *,
        most_actors: int = 30,
        most_outcomes: int = 15,
        title: str | None = None,
        width: float = 7.5,
        **settings: Unpack[EventSettings],
    ) -> Plot:
        """Draw actors by outcomes, those that are alike beside each other; see `stancegraph.plots.plot_matrix`."""
        from stancegraph.plots import plot_matrix

        return plot_matrix(self, most_actors=most_actors, most_outcomes=most_outcomes, title=title, width=width, **settings)

    def plot_network(
        self,
        kind: NetworkKind = "congruence",
        *,
        normalisation: Normalisation = "average",
        most: int = 40,
        most_ties: int | None = None,
        title: str | None = None,
        width: float = 7.5,
        height: float | None = None,
        **settings: Unpack[EventSettings],
    ) -> Plot:
        """Draw a discourse network in the colours of its coalitions; see `stancegraph.plots.plot_network`."""
        from stancegraph.plots import plot_network

        return plot_network(
            self,
            kind,
            normalisation=normalisation,
            most=most,
            most_ties=most_ties,
            title=title,
            width=width,
            height=height,
            **settings,
        )

    def plot_polarisation(
        self,
        *,
        unit: WindowUnit = "months",
        size: int = 1,
        step: int | None = None,
        groups: int | None = 2,
        title: str | None = None,
        width: float = 7.5,
        height: float | None = None,
        **settings: Unpack[EventSettings],
    ) -> Plot:
        """Draw how far the debate falls into camps over time; see `stancegraph.plots.plot_polarisation`."""
        from stancegraph.plots import plot_polarisation

        return plot_polarisation(
            self, unit=unit, size=size, step=step, groups=groups, title=title, width=width, height=height, **settings
        )

    def plot_scaling(
        self, *, most: int = 40, title: str | None = None, width: float = 7.5, **settings: Unpack[EventSettings]
    ) -> Plot:
        """Draw actors on a line from one side of the debate to the other; see `stancegraph.plots.plot_scaling`."""
        from stancegraph.plots import plot_scaling

        return plot_scaling(self, most=most, title=title, width=width, **settings)

    def plot_coalitions(
        self,
        *,
        groups: int | None = None,
        most: int = 60,
        title: str | None = None,
        width: float = 7.5,
        **settings: Unpack[EventSettings],
    ) -> Plot:
        """Draw the tree by which actors join into coalitions; see `stancegraph.plots.plot_coalitions`."""
        from stancegraph.plots import plot_coalitions

        return plot_coalitions(self, groups=groups, most=most, title=title, width=width, **settings)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each position, with its resolved actor and outcome."""
        return self.positions().to_frame()

    def to_html(self, path: str | Path) -> None:
        """Write the graph as one self-contained page to explore."""
        from stancegraph.page import render

        Path(path).write_text(render(self), encoding="utf-8", newline="\n")

    def _repr_html_(self) -> str:
        """Show the page in a notebook: in a frame of its own, which can reach nothing of the notebook."""
        from stancegraph.page import framed

        return framed(self)

    def save(self, path: str | Path) -> None:
        """Save the graph as graph.duckdb in a folder, or in a file whose name ends in .duckdb or .json.

        A store (.duckdb) is read little by little when it is loaded. JSON is for other programs and for comparing: the
        same graph gives the same bytes, while DuckDB gives each file a number of its own.
        """
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

    @property
    def is_part(self) -> bool:
        """Whether it is a part of another graph, of which some positions are left out."""
        return self._store.is_part

    # Names

    def number_of_actor(self, actor: Actor | str, by: By = "actor") -> int:
        """Return the number by which the store knows an actor, or the country or body that is spoken for."""
        if isinstance(actor, str):
            actor = (self._body_finder if by == "affiliation" else self._actor_finder).find(actor)
        if actor not in self._actor_numbers:
            raise UnknownName(actor.name, "actor")
        return self._actor_numbers[actor]

    def number_of_outcome(self, outcome: Outcome | str) -> int:
        """Return the number by which the store knows an outcome."""
        meant = self._meant_outcome(outcome)
        if meant not in self._outcome_numbers:
            raise UnknownName(meant.label, "outcome")
        return self._outcome_numbers[meant]

    def publisher(self, name: str) -> str:
        """Return a publisher's name if there are documents of it; raises UnknownName with the nearest otherwise."""
        known = [source for (source,) in self._store.rows("SELECT DISTINCT source FROM documents WHERE source NOTNULL")]
        if name.lower() not in {source.lower() for source in known}:
            nearest = difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.3)
            raise UnknownName(name, "publisher", nearest)
        return name

    def _meant_outcome(self, outcome: Outcome | str) -> Outcome:
        return self.outcome(outcome) if isinstance(outcome, str) else outcome

    @cached_property
    def _actor_numbers(self) -> dict[Actor, int]:
        return {actor: number for number, actor in enumerate(self._store.actors)}

    @cached_property
    def _outcome_numbers(self) -> dict[Outcome, int]:
        return {outcome: number for number, outcome in enumerate(self._store.outcomes)}

    @cached_property
    def _actor_finder(self) -> ActorFinder:
        return ActorFinder(self.actors())

    @cached_property
    def _body_finder(self) -> ActorFinder:
        return ActorFinder(
            self._store.actors[n] for (n,) in self._store.rows("SELECT DISTINCT body FROM positions ORDER BY 1")
        )

    @cached_property
    def _outcome_finder(self) -> OutcomeFinder:
        return OutcomeFinder(self.outcomes())

    @cached_property
    def _name_by_alias(self) -> dict[str, str]:
        holders = {placed.actor for placed in self.placed} if "placed" in self.__dict__ else self._stored_holders()
        actors = sorted(holders, key=lambda actor: actor.name)
        others = {alias: actor.name for actor in reversed(actors) for alias in actor.aliases}
        return others | {actor.name: actor.name for actor in actors}

    @cached_property
    def _body_by_id(self) -> dict[str, Actor]:
        """Whom holders speak for, by the ids of their positions."""
        actors = self._store.actors
        return {id_: actors[body] for id_, body in self._store.rows("SELECT id, body FROM positions")}

    def _stored_holders(self) -> set[Actor]:
        return {self._store.actors[number] for (number,) in self._store.rows("SELECT DISTINCT actor FROM positions")}

    # What is asked of the store

    def contents(self) -> Contents:
        """Return everything the graph consists of, ready to be stored."""
        from stancegraph.store import Contents

        names = [*map(self.speaks_for, self.placed), *map(self.speaks_for, self.reports)]
        actors = {a for p in self.placed for a in (p.actor, *p.via)} | {r.actor for r in self.reports}
        actors |= set(self._body_by_id.values()) if self._is_stored else set()
        return Contents(
            documents=tuple(self.documents.values()),
            placed=self.placed,
            reports=self.reports,
            listed=self.listed,
            body_of=_bodies(names, actors),
            revision=self._saved_revision(),
            speaks_for=names,
        )

    def _saved_revision(self) -> str | None:
        from stancegraph.graph._saving_revision import saved_revision

        saved = saved_revision(self)
        return json.dumps(saved["revision"], ensure_ascii=False) if saved else None

    def _holders(self, outcome: Outcome | str, stance: Stance, weights: Weights, conditions: Conditions) -> Answer[Holder]:
        meant = self._meant_outcome(outcome)
        asked = chosen(self, outcome=meant, stance=stance, **conditions)
        verb = "is undecided" if stance is Stance.UNDECIDED else stance.value
        return _sides.holders(self._store, asked, f"Who {verb}: {meant.label}", weights)

    def _relations(
        self, actor: Actor | str, kind: Literal["allies", "opponents"], conditions: Conditions
    ) -> Answer[Relation]:
        number = self.number_of_actor(actor, conditions.get("by", "actor"))
        title = f"{kind.capitalize()} of {self._store.actors[number].name}"
        return _sides.relations(self._store, chosen(self, **conditions), number, kind, title)

    def _fetched(self, numbers: Sequence[int]) -> list[PlacedPosition]:
        if "placed" in self.__dict__ and not self._store.is_part:
            return [self.placed[number] for number in numbers]
        found = self._store.placed(numbers)
        self._places.update((placed.position, placed) for placed in found)
        return found

    def _held(self, numbers: Sequence[int]) -> list[Position]:
        return [placed.position for placed in self._fetched(numbers)]

    def _said(self, numbers: Sequence[int]) -> list[Position]:
        return [self.reports[number].position for number in numbers]

    @cached_property
    def _places(self) -> dict[Position, PlacedPosition]:
        """The places of the positions met so far."""
        return {}

    def _place(self, position: Position) -> PlacedPosition:
        if position not in self._places:
            self._places.update((placed.position, placed) for placed in self.placed)
        return self._places[position]

    @cached_property
    def _sayer_of(self) -> dict[Position, Actor]:
        return {report.position: report.actor for report in self.reports}

    def _position_cells(self, position: Position) -> dict[str, object]:
        placed = self._place(position)
        return {
            "date": position.date,
            "actor": placed.actor.name,
            "stance": position.stance.value,
            "outcome": placed.outcome.label,
            "evidence": position.evidence_text,
            "document": position.document.id,
        }

    def _report_cells(self, position: Position) -> dict[str, object]:
        cells = (position.date, self.actor_of(position).name, position.evidence_text, position.document.id)
        return dict(zip(_REPORTED, cells, strict=True))

    def _positions_frame(self, numbers: Sequence[int]) -> pd.DataFrame:
        frame = self._store.frame(_FRAME, numbers=list(numbers))
        days = zip(frame.pop("first_day"), frame.pop("last_day"), strict=True)
        names = [actor.name for actor in self._store.actors]
        frame["stated"] = [
            _sides.day_text(*(datetime.date.fromisoformat(d) if isinstance(d, str) else None for d in both)) for both in days
        ]
        frame["via"] = [" | ".join(names[number] for number in via) for via in frame.pop("via_actors")]
        ordered: pd.DataFrame = frame[list(_COLUMNS)]
        return ordered


def _bodies(names: Iterable[str], actors: Iterable[Actor]) -> dict[str, Actor]:
    """Return the actors of these names; where none is called so, one that is only spoken for."""
    known = {actor.name: actor for actor in sorted(actors, key=lambda a: (a.name, a.model_dump_json()), reverse=True)}
    return {name: known.get(name) or Actor(name=name, type=_type_of_body(name)) for name in sorted(set(names))}


def _type_of_body(name: str) -> ActorType:
    entry = knowledge.look_up(name)
    return entry.type if entry else ActorType.ORGANIZATION


def _title(what: str, **given: Actor | Outcome | Stance | str | None) -> str:
    named = [str(cell_of(value)) for value in given.values() if value is not None]
    return f"{what}: {', '.join(named)}" if named else what


_POSITION_SHOWN = ("date", "actor", "stance", "outcome", "evidence", "document")
_REPORTED = ("date", "actor", "evidence", "document")
_COLUMNS = (
    *("id", "actor", "actor_type", "role", "affiliation", "speaks_for"),
    *("stance", "outcome", "outcome_kind", "similarity", "act", "confidence", "confirmed", "stated"),
    *("holder", "target", "via", "evidence", "document", "title", "date", "source", "url"),
)
_FRAME = """
SELECT positions.id, actors.name AS actor, actors.type AS actor_type, holder_role AS role, holder_affiliation AS affiliation,
       bodies.name AS speaks_for, stance, outcomes.label AS outcome, outcomes.kind AS outcome_kind, similarity, act,
       confidence, confirmed, first_day::VARCHAR AS first_day, last_day::VARCHAR AS last_day, holder, target, via_actors,
       evidence_text AS evidence, documents.id AS document, documents.title, documents.date, documents.source, documents.url
FROM positions JOIN actors ON actor = actors.number JOIN actors AS bodies ON body = bodies.number
JOIN outcomes ON outcome = outcomes.number JOIN documents ON document = documents.number
JOIN (SELECT unnest($numbers) AS asked, generate_subscripts($numbers, 1) AS place) ON asked = positions.number
ORDER BY place
"""
