"""The language pipeline: text → spaCy document with positions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from threadpoolctl import threadpool_limits

from stancegraph.models import Document, Position
from stancegraph.pipeline.actors import make_actors as make_actors
from stancegraph.pipeline.attribution import make_attribution as make_attribution
from stancegraph.pipeline.dates import make_dates as make_dates
from stancegraph.pipeline.dates import with_dates as with_dates
from stancegraph.pipeline.encoder import make_encoder as make_encoder
from stancegraph.pipeline.names import make_names as make_names
from stancegraph.pipeline.outcomes import document_of
from stancegraph.pipeline.outcomes import make_outcomes as make_outcomes
from stancegraph.pipeline.stance import make_stance as make_stance
from stancegraph.pipeline.syntax import make_syntax as make_syntax
from stancegraph.pipeline.tokens import create_tokenizer as create_tokenizer

LONGEST_TEXT = 1_000_000_000
SHIPPED = Path(__file__).parent.parent / "weights" / "pipeline"


def load() -> Language:
    """Return the shipped pipeline, ready for ordinary spaCy code; positions are in `doc._.positions`.

    Each call returns a pipeline of its own, which the caller may change.
    """
    nlp = spacy.load(SHIPPED)
    nlp.max_length = LONGEST_TEXT  # spaCy's own limit is for models that read a text in one piece
    return nlp


@cache
def _shared() -> Language:
    return load()


def read(
    documents: Iterable[Document], *, batch_size: int = 32, workers: int = 1
) -> Iterator[tuple[Document, tuple[Position, ...]]]:
    """Read documents and yield each with its positions, in the order given.

    Positions come in text order; those with stance "none" are included. A document's positions do not depend on what
    else is read, on `batch_size` or on `workers`.

    Args:
        documents: The documents; they may be a stream.
        batch_size: Documents handed to a worker at once.
        workers: Number of processes.
    """
    nlp = _shared()
    with threadpool_limits(limits=1):  # sums in one order, and no fight between workers for cores
        made = (unread(nlp, document) for document in documents)
        for doc in nlp.pipe(made, batch_size=batch_size, n_process=workers):
            yield document_of(doc), doc._.positions


def unread(nlp: Language, document: Document) -> Doc:
    """Return a document's text as spaCy tokens that know what they were made of, for `nlp.pipe` to read."""
    doc = nlp.make_doc(document.text)
    doc._.document = document.model_dump(exclude={"text"}, exclude_none=True)
    return doc
