"""Every notebook runs from a clean kernel and shows what it says."""

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

SHARED = Path(os.environ.get("STANCEGRAPH_DATA", Path(__file__).parents[2] / "shared"))
NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))


def _run(path, tmp_path):
    notebook = nbformat.read(path, as_version=4)
    for folder in ("seeds", "data"):
        (tmp_path / folder).symlink_to(path.parents[1] / folder)
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


def test_the_discourse_notebook_draws_every_figure_and_compares_reading_with_coding(tmp_path, monkeypatch):
    sample = SHARED / "data/dna/sample.dna"
    if sample.exists():
        monkeypatch.setenv("STANCEGRAPH_DNA", str(sample))
    outputs = _run(next(path for path in NOTEBOOKS if path.stem.startswith("04")), tmp_path)
    images = [output["data"] for output in outputs if "image/png" in output.get("data", {})]
    assert len(images) == (17 if sample.exists() else 14)
    said = "".join(output["text"] for output in outputs if output.output_type == "stream" and output["name"] == "stdout")
    assert "265 positions of 83 actors" in said
    assert "0 statements skipped" in said
    assert re.search(r"\d+ actors coded, \d+ read, \d+ in both; of these \d+ with the same stance", said)
    assert not any(output.output_type == "stream" and output["name"] == "stderr" for output in outputs)


def _named(number):
    return next(path for path in NOTEBOOKS if path.stem.startswith(number))


def test_the_notebook_of_questions_answers_each_with_its_words(tmp_path):
    outputs = _run(_named("02"), tmp_path)
    pages = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert any("<mark>" in page for page in pages), "evidence in its paragraph"
    for title in ("Who supports", "Who opposes", "Allies of Jens Stoltenberg", "Common ground", "Contested outcomes"):
        assert any(title in page for page in pages), title
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 2
    assert not any(output.output_type == "stream" and output["name"] == "stderr" for output in outputs)


def test_the_notebook_of_tracking_shows_turkey_and_hungary_change(tmp_path):
    outputs = _run(_named("03"), tmp_path)
    pages = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    shifts = next(page for page in pages if "Shifts: " in page)
    for actor in ("Recep Tayyip Erdoğan", "Viktor Orbán", "Social Democrats", "Turkey"):
        assert actor in shifts
    assert sum("image/png" in output.get("data", {}) for output in outputs) == 4
    assert not any(output.output_type == "stream" and output["name"] == "stderr" for output in outputs)
