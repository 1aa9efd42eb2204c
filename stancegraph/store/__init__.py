"""Documents, actors, outcomes and positions in DuckDB, on disk or in memory: what a graph answers from."""

from stancegraph.store.reading import GraphFileError, Store
from stancegraph.store.steps import SHIFTS, SIDES, STEPS
from stancegraph.store.writing import Contents, in_order, write_store

__all__ = ["SHIFTS", "SIDES", "STEPS", "Contents", "GraphFileError", "Store", "in_order", "write_store"]
