"""The page: a graph drawn as one HTML file that opens from disk and asks the network for nothing."""

from stancegraph.page.render import framed, render

__all__ = ["framed", "render"]
