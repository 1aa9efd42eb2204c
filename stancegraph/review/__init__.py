"""Walking through the least certain positions of a graph, and writing down what a reviewer decides."""

from stancegraph.review.queue import Filters, pending
from stancegraph.review.walk import Walk, walk

__all__ = ["Filters", "Walk", "pending", "walk"]
