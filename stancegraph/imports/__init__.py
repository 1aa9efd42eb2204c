"""What people coded or read before, as a graph: files of Discourse Network Analyzer, tables, positions line by line."""

from stancegraph.imports._coded import Imported
from stancegraph.imports.dna import DnaFileError, read_dna, read_dna_attributes
from stancegraph.imports.positions import ReadPositions, read_positions
from stancegraph.imports.table import TableFileError, read_table

__all__ = [
    "DnaFileError",
    "Imported",
    "ReadPositions",
    "TableFileError",
    "read_dna",
    "read_dna_attributes",
    "read_positions",
    "read_table",
]
