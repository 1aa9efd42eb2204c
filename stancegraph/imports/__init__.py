"""Statements that people coded elsewhere, as a graph: Discourse Network Analyzer's files and tables."""

from stancegraph.imports._coded import Imported
from stancegraph.imports.dna import DnaFileError, read_dna, read_dna_attributes
from stancegraph.imports.table import TableFileError, read_table

__all__ = ["DnaFileError", "Imported", "TableFileError", "read_dna", "read_dna_attributes", "read_table"]
