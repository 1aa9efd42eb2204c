"""Closed classes of English words that the components need, one YAML file a component."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

WordList = Mapping[str, frozenset[str]]


@cache
def word_list(component: str) -> WordList:
    """Return the word classes of one component, by name of the class; all words are lower case."""
    loaded = yaml.safe_load((Path(__file__).parent / f"{component}.yaml").read_text(encoding="utf8"))
    return {name: frozenset(words) for name, words in loaded.items()}
