"""From positions to the graph of who holds what position on what outcome."""

from stancegraph.graph._corrected import Revision, SkippedCorrection
from stancegraph.graph._finding import AmbiguousName, UnknownName
from stancegraph.graph._listed import OutcomesFileError, listed_outcomes
from stancegraph.graph.assemble import assemble
from stancegraph.graph.queries import StanceGraph
from stancegraph.store import GraphFileError

__all__ = [
    "AmbiguousName",
    "GraphFileError",
    "OutcomesFileError",
    "Revision",
    "SkippedCorrection",
    "StanceGraph",
    "UnknownName",
    "assemble",
    "listed_outcomes",
]
