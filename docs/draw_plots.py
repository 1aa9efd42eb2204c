"""Draw the pictures of the guide's page on plots: `python docs/draw_plots.py`, from the repository's root."""

from __future__ import annotations

from pathlib import Path

from stancegraph.graph import assemble
from stancegraph.imports import read_positions

OUTCOME = "Sweden's accession to NATO"


def draw(folder: Path) -> None:
    """Draw the annotated reports in `data/` as PNG."""
    graph = assemble(read_positions("data/track-positions.jsonl", "data/track.jsonl").results)
    pictures = {
        "plot-history": graph.plot_history(OUTCOME, by="affiliation", most=14),
        "plot-balance": graph.plot_balance(OUTCOME, by="affiliation"),
        "plot-matrix": graph.plot_matrix(by="affiliation", most_actors=20, most_outcomes=10),
        "plot-network": graph.plot_network(by="affiliation"),
    }
    for name, figure in pictures.items():
        figure.savefig(folder / f"{name}.png", dpi=144, pil_kwargs={"optimize": True})


if __name__ == "__main__":
    draw(Path("docs"))
