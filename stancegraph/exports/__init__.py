"""Files that other programs open: spreadsheets, JSON lines, GraphML and GEXF, databases of Discourse Network Analyzer."""

from stancegraph.exports.dna import write_dna
from stancegraph.exports.extraction import extraction
from stancegraph.exports.gexf import write_gexf
from stancegraph.exports.graphml import write_graphml
from stancegraph.exports.positions_csv import write_positions_csv
from stancegraph.exports.positions_jsonl import write_positions_jsonl
from stancegraph.exports.table import write_matrix, write_table

__all__ = [
    "extraction",
    "write_dna",
    "write_gexf",
    "write_graphml",
    "write_matrix",
    "write_positions_csv",
    "write_positions_jsonl",
    "write_table",
]
