"""How fast questions are answered: `python tests/benchmarks/query_speed.py [--positions N] [--runs N] [--plain]`.

A store of invented positions (a million by default) is written, whose actors and outcomes are used as unevenly as words are
(Zipf's law), in documents of 20 positions over ten years, and opened anew. Every kind of question is asked for actors and
outcomes drawn by how often they are spoken of, so that the most frequent come often. Timed is the question with its answer:
names are found, the answer is built and its first rows are made as they are shown in a notebook. The first question of each
kind, for which names may have to be read, is timed apart. With --plain the same is asked of the same positions in a table of
pandas and, where it is feasible, in a networkx graph, which hold all of them in memory, with names given exactly.
"""

from __future__ import annotations

import argparse
import datetime
import resource
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import numpy as np
import pandas as pd

from stancegraph.graph import StanceGraph
from stancegraph.store import writing

ACTORS, OUTCOMES, PER_DOCUMENT = 50_000, 20_000, 20
FIRST_DAY, DAYS = datetime.date(2015, 1, 1), 3650
STANCES = ("supports", "opposes", "mixed", "undecided")
SENTENCE = "{number:>2}. In the debate of the week somebody said so, after all that had been heard from both of the sides."
GIVEN = ("Ann", "Bo", "Cyril", "Dee", "Eve", "Frida", "Gustav", "Hana", "Ivo", "Jelena", "Karim", "Lena", "Mehmet", "Nora")
BEGINNINGS = ("Bar", "Den", "Fal", "Gor", "Hol", "Jan", "Kov", "Lin", "Mar", "Nov", "Ols", "Pet", "Ros", "Sam", "Tor", "Vel")
ENDINGS = ("berg", "ic", "man", "ova", "rup", "sen", "ski", "stad", "ton", "vik", "ez", "elli", "ides", "uk", "oglu", "ini")
DEEDS = ("closure", "reform", "sale", "enlargement", "funding", "inspection", "renaming", "rebuilding", "leasing", "audit")
OTHER_DEEDS = ("shutdown", "overhaul", "selling", "expansion", "financing", "checks", "new name", "repair", "rent", "review")
THINGS = ("harbour", "railway", "museum", "hospital", "forest", "border", "airport", "archive", "school", "power plant")


def main() -> None:
    """Print how long each kind of question takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--positions", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--plain", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "graph.duckdb")
        started = time.perf_counter()
        table = written(path, options.positions)
        size = path.stat().st_size / 1e6
        print(f"{options.positions:,} positions written in {time.perf_counter() - started:.0f} s, {size:.0f} MB")
        started = time.perf_counter()
        graph = StanceGraph.load(path)
        print(f"opened in {time.perf_counter() - started:.2f} s: {graph!r}")
        report("stancegraph", questions(graph, table, np.random.default_rng(3)), options.runs)
        print(f"largest memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")
    if options.plain:
        report("pandas", pandas_questions(table, np.random.default_rng(3)), max(5, options.runs // 10))
        report("networkx", networkx_questions(table, np.random.default_rng(3)), max(5, options.runs // 10))
        print(f"largest memory so far: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


def report(what: str, kinds: dict[str, Callable[[], object]], runs: int) -> None:
    """Time each kind of question; print the first one, and the median, the 99th percentile and the longest of the others."""
    print(f"\n{what}, ms over {runs} questions each\n{'':28}{'first':>9}{'median':>9}{'99 %':>9}{'longest':>9}")
    for kind, ask in kinds.items():
        times = []
        for _ in range(runs + 1):
            started = time.perf_counter()
            ask()
            times.append(1000 * (time.perf_counter() - started))
        first, *others = times
        print(f"{kind:28}{first:9.1f}{np.median(others):9.1f}{np.percentile(others, 99):9.1f}{max(others):9.1f}", flush=True)


def questions(graph: StanceGraph, table: pd.DataFrame, rng: np.random.Generator) -> dict[str, Callable[[], object]]:
    """Return one function for each kind of question; each call asks for another actor or outcome."""
    actor, outcome = drawn(rng, table["actor"]), drawn(rng, table["outcome"])
    month = drawn(rng, table["day"].astype(str).str[:7])

    def shown(answer: object) -> object:
        return answer._repr_html_()  # type: ignore[attr-defined]

    def misspelt(name: str) -> str:
        return name[:3] + name[4:]

    return {
        "who_supports": lambda: shown(graph.who_supports(outcome())),
        "who_opposes, latest": lambda: shown(graph.who_opposes(outcome(), latest=True)),
        "who_supports, affiliation": lambda: shown(graph.who_supports(outcome(), by="affiliation", weights="confidence")),
        "undecided_on": lambda: shown(graph.undecided_on(outcome())),
        "positions of an actor": lambda: shown(graph.positions(actor=actor())),
        "positions, all conditions": lambda: shown(
            graph.positions(
                outcome=outcome(), stance="opposes", act="asserts", source="Wire 3", since="2017", min_confidence=0.5
            )
        ),
        "allies": lambda: shown(graph.allies(actor())),
        "opponents": lambda: shown(graph.opponents(actor())),
        "common_ground": lambda: shown(graph.common_ground(actor(), actor())),
        "contested": lambda: shown(graph.contested(min_actors=10)),
        "consensus": lambda: graph.consensus(outcome()),
        "evidence": lambda: graph.evidence(f"d{rng.integers(1000):06d}#1")._repr_html_(),
        "history": lambda: shown(graph.history(actor(), outcome())),
        "history of an actor": lambda: shown(graph.history(actor())),
        "shifts on an outcome": lambda: shown(graph.shifts(outcome=outcome())),
        "shifts in a month": lambda: shown(graph.shifts(since=(one := month()), until=one)),
        "shifts, all": lambda: shown(graph.shifts()),
        "timeline": lambda: shown(graph.timeline(outcome())),
        "actor, misspelt": lambda: found_or_not(graph.actor, misspelt(actor())),
        "outcome, misspelt": lambda: found_or_not(graph.outcome, misspelt(outcome())),
        "outcome, in other words": lambda: found_or_not(graph.outcome, in_other_words(outcome())),
        "part and its networkx graph": lambda: graph.part(outcome=outcome_name(int(rng.integers(500, OUTCOMES)))).network,
    }


def in_other_words(label: str) -> str:
    """Return an outcome's label with another word for what is done, so that only its meaning leads to it."""
    deed, rest = label.split(" ", 1)
    return f"{dict(zip(DEEDS, OTHER_DEEDS, strict=True))[deed]} {rest}"


def found_or_not(find: Callable[[str], object], name: str) -> object:
    """Ask for a name; with so many alike it may well be ambiguous, which is an answer too."""
    try:
        return find(name)
    except LookupError as error:
        return error


def drawn(rng: np.random.Generator, column: pd.Series) -> Callable[[], str]:
    """Return a function that draws a value of some row, so that what is frequent comes often."""
    values = column.to_numpy()
    return lambda: str(values[rng.integers(len(values))])


def zipf(number: int) -> np.ndarray:
    """Return how often the first, second, third … comes."""
    weights = 1 / np.arange(1, number + 1)
    return weights / weights.sum()


def actor_name(number: int) -> str:
    """Return the name of an actor."""
    given, rest = GIVEN[number % len(GIVEN)], number // len(GIVEN)
    beginning, rest = BEGINNINGS[rest % len(BEGINNINGS)], rest // len(BEGINNINGS)
    ending, rest = ENDINGS[rest % len(ENDINGS)], rest // len(ENDINGS)
    return f"{given} {beginning}{ENDINGS[rest % len(ENDINGS)]}{ending}"


def outcome_name(number: int) -> str:
    """Return the label of an outcome."""
    deed, rest = DEEDS[number % len(DEEDS)], number // len(DEEDS)
    thing, rest = THINGS[rest % len(THINGS)], rest // len(THINGS)
    return f"{deed} of the {thing} at {BEGINNINGS[rest % len(BEGINNINGS)]}{ENDINGS[rest // len(BEGINNINGS) % len(ENDINGS)]}"


def written(path: Path, size: int) -> pd.DataFrame:
    """Write a store of so many positions and return them as a table for pandas."""
    rng = np.random.default_rng(1)
    number = np.arange(size)
    document = number // PER_DOCUMENT
    n_documents = int(document[-1]) + 1
    days = [FIRST_DAY + datetime.timedelta(days=int(n * DAYS / n_documents)) for n in range(n_documents)]
    lines = [SENTENCE.format(number=n) for n in range(PER_DOCUMENT)]
    length = len(lines[0])
    day = np.array(days, dtype="datetime64[D]")[document]
    names, labels = sorted(map(actor_name, range(ACTORS))), sorted(map(outcome_name, range(OUTCOMES)))
    place_of_actor, place_of_outcome = ({name: n for n, name in enumerate(some)} for some in (names, labels))
    actor = np.array([place_of_actor[actor_name(n)] for n in range(ACTORS)])[rng.choice(ACTORS, size, p=zipf(ACTORS))]
    outcome = np.array([place_of_outcome[outcome_name(n)] for n in range(OUTCOMES)])[
        rng.choice(OUTCOMES, size, p=zipf(OUTCOMES))
    ]
    # Most actors keep to one side of an outcome, some change it: that is what a debate is like.
    side = (actor * 7919 + outcome * 104729) % 100
    often = rng.random(size) < 0.9
    usual = np.where(side < 55, 0, np.where(side < 92, 1, 2))
    stance = np.where(often, usual, rng.choice(4, size, p=[0.4, 0.3, 0.2, 0.1]))
    table = pd.DataFrame(
        {
            "number": number,
            "document": document,
            "actor": actor,
            "outcome": outcome,
            "day": day,
            "stance": pd.Categorical.from_codes(stance, STANCES),
            "confidence": rng.random(size).round(4),
            "start": number % PER_DOCUMENT * (length + 1),
        }
    )
    documents = pd.DataFrame(
        {
            "number": range(n_documents),
            "id": [f"d{n:06d}" for n in range(n_documents)],
            "title": [f"Report {n}" for n in range(n_documents)],
            "date": [one.isoformat() for one in days],
            "source": [f"Wire {n % 7}" for n in range(n_documents)],
            "text": "\n".join(lines),
        }
    )
    connection = writing.connect()
    writing.attach(connection, path, "written", "READ_WRITE")
    connection.execute("USE written")
    connection.execute(writing.SCHEMA)
    connection.execute("INSERT INTO stancegraph VALUES (?, 'a benchmark')", [writing.VERSION])
    connection.register("given_documents", documents)
    connection.register("given_positions", table)
    connection.register("given_actors", pd.DataFrame({"number": range(ACTORS), "name": names}))
    connection.register("given_outcomes", pd.DataFrame({"number": range(OUTCOMES), "label": labels}))
    connection.execute("INSERT INTO documents BY NAME SELECT * FROM given_documents")
    connection.execute("INSERT INTO actors SELECT number, name, 'person', [], '', '', false FROM given_actors")
    connection.execute("INSERT INTO outcomes SELECT number, label, 'outcome', [], '', NULL FROM given_outcomes")
    connection.execute(
        f"""
        INSERT INTO positions BY NAME
        SELECT p.number, d.id || '#' || (p.number % {PER_DOCUMENT} + 1) AS id, document, actor, outcome, actor // 10 AS body,
               []::INTEGER[] AS via_actors, day AS first_day, day AS last_day, false AS earlier, stance::VARCHAR AS stance,
               CASE stance WHEN 'supports' THEN 1 WHEN 'opposes' THEN -1 WHEN 'mixed' THEN 0 END AS side,
               'asserts' AS act, confidence, d.text[start + 1:start + {length}] AS evidence_text, a.name AS holder,
               'person' AS holder_type, '' AS holder_role, '' AS holder_affiliation, []::VARCHAR[] AS via, o.label AS target,
               'outcome' AS target_kind, true AS reported, false AS confirmed, []::VARCHAR[] AS changed,
               []::INTEGER[] AS source, []::INTEGER[] AS cue, [start, start + {length}] AS evidence,
               []::INTEGER[] AS stated_words
        FROM given_positions AS p JOIN given_documents AS d ON d.number = document
        JOIN given_actors AS a ON a.number = actor JOIN given_outcomes AS o ON o.number = outcome ORDER BY p.number
        """
    )
    writing.summarise(connection)
    connection.execute("CHECKPOINT written; USE memory; DETACH written")
    connection.close()
    table["actor"], table["outcome"] = np.array(names)[table["actor"]], np.array(labels)[table["outcome"]]
    return table


def pandas_questions(table: pd.DataFrame, rng: np.random.Generator) -> dict[str, Callable[[], object]]:
    """Return the same questions to a table in memory."""
    actor, outcome = drawn(rng, table["actor"]), drawn(rng, table["outcome"])
    table = table.astype({"actor": "category", "outcome": "category"})

    def holders(stance: str) -> object:
        found = table[(table["outcome"] == outcome()) & (table["stance"] == stance)]
        return found.groupby("actor", observed=True).agg(n=("number", "size"), last=("day", "max")).sort_values("n")

    def sides(rows: pd.DataFrame) -> pd.Series:
        sign = rows["stance"].map({"supports": 1, "opposes": -1, "mixed": 0, "undecided": 0}).astype(int)
        return np.sign(sign.groupby([rows["actor"], rows["outcome"]], observed=True).sum())

    def relations(sign: int) -> object:
        me = actor()
        mine = sides(table[table["actor"] == me]).droplevel(0)
        others = sides(table[table["outcome"].isin(mine.index)])
        product = others * others.index.get_level_values(1).map(mine).astype(float)
        return (sign * product.groupby(level=0, observed=True).sum()).nlargest(20)

    def contested() -> object:
        signs = sides(table)
        camps = signs.groupby(level=1, observed=True).agg(s=lambda x: (x > 0).sum(), o=lambda x: (x < 0).sum())
        return (4 * camps["s"] * camps["o"] / (camps["s"] + camps["o"]) ** 2).nlargest(20)

    def shifts() -> object:
        ordered = table[["actor", "outcome", "day", "stance"]].sort_values(["actor", "outcome", "day"])
        before = ordered.groupby(["actor", "outcome"], observed=True)["stance"].shift()
        return ordered[before.notna() & (before != ordered["stance"])]

    return {
        "who_supports": lambda: holders("supports"),
        "positions of an actor": lambda: table[table["actor"] == actor()],
        "allies": lambda: relations(1),
        "contested": contested,
        "history": lambda: table[(table["actor"] == actor()) & (table["outcome"] == outcome())].sort_values("day"),
        "shifts, all": shifts,
    }


def networkx_questions(table: pd.DataFrame, rng: np.random.Generator) -> dict[str, Callable[[], object]]:
    """Return the same questions to a graph in memory: actors and outcomes are nodes, positions are edges."""
    actor, outcome = drawn(rng, table["actor"]), drawn(rng, table["outcome"])
    graph: nx.MultiDiGraph = nx.MultiDiGraph()
    columns = ("actor", "outcome", "number", "stance", "day", "confidence")
    graph.add_edges_from(
        (a, o, n, {"stance": s, "day": d, "confidence": c})
        for a, o, n, s, d, c in zip(*(table[name].tolist() for name in columns), strict=True)
    )

    def holders(stance: str) -> object:
        return Counter(a for a, _, s in graph.in_edges(outcome(), data="stance") if s == stance).most_common()

    def side(a: str, o: str) -> int:
        stances = [data["stance"] for data in graph[a][o].values()]
        return int(np.sign(stances.count("supports") - stances.count("opposes")))

    def allies() -> object:
        me = actor()
        votes: Counter[str] = Counter()
        for o in graph[me]:
            if mine := side(me, o):
                for other in graph.predecessors(o):
                    votes[other] += mine * side(other, o)
        return votes.most_common(20)

    return {
        "who_supports": lambda: holders("supports"),
        "positions of an actor": lambda: list(graph.out_edges(actor(), data=True)),
        "allies": allies,
        "history": lambda: sorted((graph.get_edge_data(actor(), outcome()) or {}).items(), key=lambda one: one[1]["day"]),
    }


if __name__ == "__main__":
    main()
