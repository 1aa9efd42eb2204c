"""Who holds what position on what outcome, read from news and statements, each edge proved by its sentence.

>>> import stancegraph
>>> graph = stancegraph.build(["seeds/nato-vilnius-summit-ukraine.txt"])
>>> graph.who_supports("Ukraine's accession to NATO")
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from stancegraph.chain import build as build
    from stancegraph.corrections import Correction as Correction
    from stancegraph.corrections import CorrectionsFileError as CorrectionsFileError
    from stancegraph.corrections import read_corrections as read_corrections
    from stancegraph.corrections import write_corrections as write_corrections
    from stancegraph.graph import AmbiguousName as AmbiguousName
    from stancegraph.graph import OutcomesFileError as OutcomesFileError
    from stancegraph.graph import StanceGraph as StanceGraph
    from stancegraph.graph import UnknownName as UnknownName
    from stancegraph.models import Act as Act
    from stancegraph.models import Actor as Actor
    from stancegraph.models import ActorType as ActorType
    from stancegraph.models import Document as Document
    from stancegraph.models import ListedOutcome as ListedOutcome
    from stancegraph.models import Outcome as Outcome
    from stancegraph.models import Position as Position
    from stancegraph.models import Span as Span
    from stancegraph.models import Stance as Stance
    from stancegraph.models import Stated as Stated
    from stancegraph.models import TargetKind as TargetKind
    from stancegraph.pipeline import load as load
    from stancegraph.pipeline import read as read

_PUBLIC = {
    "build": "stancegraph.chain",
    **dict.fromkeys(
        ("Correction", "CorrectionsFileError", "read_corrections", "write_corrections"), "stancegraph.corrections"
    ),
    "load": "stancegraph.pipeline",
    "read": "stancegraph.pipeline",
    **dict.fromkeys(("AmbiguousName", "OutcomesFileError", "StanceGraph", "UnknownName"), "stancegraph.graph"),
    **dict.fromkeys(
        (
            "Act",
            "Actor",
            "ActorType",
            "Document",
            "ListedOutcome",
            "Outcome",
            "Position",
            "Span",
            "Stance",
            "Stated",
            "TargetKind",
        ),
        "stancegraph.models",
    ),
}

__all__ = [*_PUBLIC, "__version__"]


def __getattr__(name: str) -> Any:  # noqa: ANN401 - any public name
    if name in _PUBLIC:
        return getattr(importlib.import_module(_PUBLIC[name]), name)
    raise AttributeError(f"module 'stancegraph' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
