"""Plots of a debate for print and screen: figures of matplotlib that need no adjustment.

Each is a function of a graph and a method of it: `plot_history(graph, outcome)` is `graph.plot_history(outcome)`. What they
show is computed by the graph's queries and `stancegraph.networks`. Colours are those of the page, told apart with any colour
vision, and shapes differ as well; names are drawn as they are spelt, cut with an ellipsis where they are too long; the same
graph gives the same file.

>>> figure = graph.plot_history("Sweden's accession to NATO")
>>> figure.savefig("history.svg")
"""

try:
    import matplotlib as _matplotlib  # noqa: F401 - only to say what is missing
except ImportError as error:
    raise ImportError("plots need matplotlib, which is not installed: pip install 'stancegraph[plots]'") from error

from stancegraph.plots._figure import Plot
from stancegraph.plots.balance import plot_balance
from stancegraph.plots.coalitions import plot_coalitions
from stancegraph.plots.history import plot_history
from stancegraph.plots.matrix import plot_matrix
from stancegraph.plots.network import plot_network
from stancegraph.plots.polarisation import plot_polarisation
from stancegraph.plots.scaling import plot_scaling
from stancegraph.plots.sides import plot_sides

__all__ = [
    "Plot",
    "plot_balance",
    "plot_coalitions",
    "plot_history",
    "plot_matrix",
    "plot_network",
    "plot_polarisation",
    "plot_scaling",
    "plot_sides",
]
