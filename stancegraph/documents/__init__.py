"""Files, folders and streams → `Document`, one reader per format.

`read_documents` is the door. Formats are registered in `registry.READERS`: a new one is one file with one
reader in it and one line there.
"""

from __future__ import annotations

from stancegraph.documents.inputs import read_documents
from stancegraph.documents.source import Skipped

__all__ = ["Skipped", "read_documents"]
