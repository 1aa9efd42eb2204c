"""The tables that lie beside this module."""

from __future__ import annotations

import csv
from importlib.resources import files


def table(name: str) -> list[dict[str, str]]:
    """Return the rows of a TSV file by its columns' names."""
    text = files(__package__).joinpath(name).read_text(encoding="utf8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))
