"""Files that other programs open: positions as JSON lines or as a spreadsheet, the graph as GraphML."""

from stancegraph.exports.extraction import extraction
from stancegraph.exports.graphml import write_graphml
from stancegraph.exports.positions_csv import write_positions_csv
from stancegraph.exports.positions_jsonl import write_positions_jsonl

__all__ = ["extraction", "write_graphml", "write_positions_csv", "write_positions_jsonl"]
