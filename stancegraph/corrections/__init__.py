"""A reviewer's corrections, kept apart from what was read and applied to it anew after every reading.

`read_corrections` and `write_corrections` are the door to tables; `StanceGraph.with_corrections` and `assemble` apply them.
"""

from stancegraph.corrections.correction import Correction, Kind, correction_of
from stancegraph.corrections.table import CorrectionsFileError, ReadCorrections, read_corrections, write_corrections

__all__ = [
    "Correction",
    "CorrectionsFileError",
    "Kind",
    "ReadCorrections",
    "correction_of",
    "read_corrections",
    "write_corrections",
]
