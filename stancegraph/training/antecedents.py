"""Trains the ranking of persons whom a pronoun or a title stands for, on the holders of the gold positions.

A conditional logit: the chance of a candidate is the softmax of its weighted features over all candidates. For titles
"nobody of them" is one more candidate, with a weight of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from spacy.language import Language
from torch import Tensor
from torch.nn import functional

from stancegraph import knowledge
from stancegraph.models import ActorType
from stancegraph.pipeline.actors import Resolver, joined
from stancegraph.pipeline.attribution import AttributionRow
from stancegraph.pipeline.links import FEATURES, Spoken
from stancegraph.pipeline.weights import Floats, HeadWeights
from stancegraph.pipeline.words import word_list
from stancegraph.training.holders import same_name

READ_BY = ("stancegraph_encoder", "stancegraph_syntax", "stancegraph_names")
REACH = 400
PULL = 0.1  # towards the weights of the start, which a rare feature keeps


@dataclass
class Choice:
    """The candidates of one pronoun or title (shape: candidates, features), and which of them is right: -1 for nobody."""

    kind: str
    table: Floats
    right: int
    words: str


def untrained() -> dict[str, Floats]:
    """Return weights to begin with: whoever is linked best."""
    first = np.zeros(len(FEATURES), dtype=np.float32)
    first[FEATURES.index("link")] = 1
    first[FEATURES.index("other gender")] = -4
    return {"antecedent_pronoun": first, "antecedent_title": np.append(first, np.float32(0.5))}


def choices(nlp: Language, weights: HeadWeights, rows: Iterable[dict[str, Any]]) -> Iterator[Choice]:
    """Yield the choices that the sources of gold documents pose.

    Args:
        nlp: A pipeline with the components `READ_BY`.
        weights: The weights of its component for actors, with those of the ranking so far.
        rows: The documents with their positions.
    """
    words = word_list("actors")
    for row in rows:
        doc = nlp.make_doc(row["text"])
        for component in READ_BY:
            doc = nlp.get_pipe(component)(doc)
        held: dict[str, tuple[AttributionRow, dict[str, Any]]] = {}
        for p in row["positions"]:
            attribution = AttributionRow(
                cue=_pairs(p["cue"]),
                source=_pairs(p.get("source") or []),
                content=_pairs(p["evidence"]),
                confidence=1.0,
                reported=True,
            )
            held.setdefault(json.dumps([p["cue"], p["evidence"]]), (attribution, p))
        spoken = Spoken.of(doc, [a for a, _ in held.values()])
        resolver = Resolver(doc, weights, spoken, words, REACH)
        for attribution, p in held.values():
            for start, end in attribution["source"][:1]:
                span = doc.char_span(start, end, alignment_mode="expand")
                if span is not None:
                    yield from _posed(resolver, span, p)


def _pairs(spans: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    return [(b, e) for b, e in spans]


def _posed(resolver: Resolver, span: Any, p: dict[str, Any]) -> Iterator[Choice]:  # noqa: ANN401 - a spaCy span
    heads = list(joined(span))
    if len(heads) != 1:
        return
    head, tokens = heads[0]
    phrase = span.doc[tokens[0].i : tokens[-1].i + 1].text
    if head.lower_ in ("he", "she"):
        names, table = resolver.antecedents.features(head.i, head.text)
        right = next((k for k, n in enumerate(names) if same_name(n, p["holder"])), None)
        if right is not None:
            yield Choice("pronoun", table, right, phrase)
    elif head.ent_type_ == "" and "Plur" not in head.morph.get("Number", []) and knowledge.is_role(phrase):
        names, table = resolver.antecedents.features(head.i, phrase)
        person = p["holder_type"] == ActorType.PERSON.value
        right = next((k for k, n in enumerate(names) if person and same_name(n, p["holder"])), -1)
        yield Choice("title", table, right, phrase)


def fit(posed: Sequence[Choice], kind: str) -> Floats:
    """Return the weights of one kind of choice: of the features, and for titles that of nobody."""
    rows = [c for c in posed if c.kind == kind and len(c.table)]
    nobody = kind == "title"
    before = torch.tensor(untrained()[f"antecedent_{kind}"])
    weights = before.clone().requires_grad_()
    tables = [torch.tensor(c.table) for c in rows]
    optimizer = torch.optim.LBFGS([weights], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> Tensor:
        optimizer.zero_grad()
        parts = [_loss(weights, table, c.right, nobody) for table, c in zip(tables, rows, strict=True)]
        total = torch.stack(parts).mean() + PULL * ((weights - before) ** 2).mean()
        total.backward()  # type: ignore[no-untyped-call]
        return total

    optimizer.step(loss)  # type: ignore[no-untyped-call]
    found: Floats = weights.detach().numpy().astype(np.float32)
    return found


def _loss(weights: Tensor, table: Tensor, right: int, nobody: bool) -> Tensor:
    if not nobody:
        return functional.cross_entropy((table @ weights)[None], torch.tensor([right]))
    scores = torch.cat([table @ weights[:-1], weights[-1:]])
    return functional.cross_entropy(scores[None], torch.tensor([right if right >= 0 else len(table)]))
