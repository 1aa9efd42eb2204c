"""Positions as plain records, the form in which they are scored and exchanged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    from stancegraph.models import Document, Position

_FIELDS = {"holder", "holder_type", "via", "target", "target_kind", "stance", "act"}


def extraction(document: Document, positions: Iterable[Position]) -> dict[str, Any]:
    """Return a document's positions as `{"id", "positions"}`, ready for JSON.

    Args:
        document: The document.
        positions: Its positions.

    Returns:
        The id of the document, and of each position holder, holder_type, via, target, target_kind, stance and act, and the
        spans of source, cue and evidence as pairs of character offsets, end exclusive.
    """
    return {
        "id": document.id,
        "positions": [
            position.model_dump(mode="json", include=_FIELDS)
            | {role: [[span.start, span.end] for span in getattr(position, role)] for role in ("source", "cue", "evidence")}
            for position in positions
        ],
    }
