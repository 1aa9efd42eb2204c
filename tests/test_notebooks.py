"""Every notebook runs from a clean kernel and shows what it says."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def _run(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    (tmp_path / "seeds").symlink_to(path.parents[1] / "seeds")
    NotebookClient(notebook, timeout=240, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}).execute()
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_there_are_notebooks():
    assert NOTEBOOKS


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_notebook_is_kept_without_outputs(path):
    notebook = nbformat.read(path, as_version=4)
    assert all(not c.outputs and c.execution_count is None for c in notebook.cells if c.cell_type == "code")


def test_the_seed_notebook_answers_shows_a_table_and_a_plot(tmp_path):
    outputs = _run(NOTEBOOKS[0], tmp_path)
    kinds = [kind for output in outputs for kind in output.get("data", {})]
    assert "image/png" in kinds
    assert any("<table" in output["data"].get("text/html", "") for output in outputs if "data" in output)
    assert any("Ukraine" in output["data"].get("text/plain", "") for output in outputs if "data" in output)
