"""Silver labels: what the shipped pipeline reads where the corpora say nothing, kept only where something confirms it.

Statements and wires name the holder of a position but not the words of the text that stand for the holder: those that
the pipeline finds are kept where they resolve to that very holder.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from stancegraph.corpora import json_lines
from stancegraph.pipeline.actors import source_spans
from stancegraph.pipeline.attribution import AttributionRow, Cue, landmarks_of
from stancegraph.pipeline.encoder import visible_tokens
from stancegraph.pipeline.weights import vectors_of
from stancegraph.training.holders import same_name


def sources(nlp: Language, path: Path) -> Iterator[dict[str, Any]]:
    """Yield for each document of a file of positions `{"id", "sources"}`: [cue, evidence, source] by character spans."""
    for row in json_lines(path):
        doc = nlp.make_doc(row["text"])
        doc._.document = {"id": row["id"], "source": row.get("publisher")}
        for component in ("stancegraph_encoder", "stancegraph_syntax", "stancegraph_names"):
            doc = nlp.get_pipe(component)(doc)
        yield {"id": row["id"], "sources": list(_confirmed(nlp, doc, row["positions"]))}


def _confirmed(nlp: Language, doc: Doc, positions: Sequence[dict[str, Any]]) -> Iterator[list[Any]]:
    tokens = visible_tokens(doc)
    at = {c: i for i, t in enumerate(tokens) for c in range(t.idx, t.idx + len(t))}
    wanted, spans = [], []
    for p in positions:
        hit = [at[c] for b, e in p["cue"] for c in range(b, e) if c in at]
        if hit:
            wanted.append(p)
            spans.append(Cue(hit[0], hit[-1] + 1, 1.0, reported=True))
    attribution: Any = nlp.get_pipe("stancegraph_attribution")
    found = attribution.roles(vectors_of(doc, tokens), spans, landmarks_of(doc, tokens)) if tokens else []
    rows = [
        AttributionRow(
            cue=[tuple(s) for s in p["cue"]],
            source=[(tokens[b].idx, tokens[e - 1].idx + len(tokens[e - 1])) for b, e in said_by],
            content=[tuple(s) for s in p["evidence"]],
            confidence=1.0,
            reported=True,
        )
        for p, (said_by, _) in zip(wanted, found, strict=True)
    ]
    for row in rows:
        row["source"] = row["source"] or [(s.start_char, s.end_char) for s in source_spans(doc, row)]
    doc._.attributions = rows
    nlp.get_pipe("stancegraph_actors")(doc)
    for p, row, holding in zip(wanted, rows, doc._.holdings, strict=True):
        if row["source"] and any(same_name(p["holder"], h["name"]) for h in holding["holders"]):
            yield [p["cue"], p["evidence"], row["source"]]


def write(nlp: Language, data: Path, out: Path) -> None:
    """Write the sources found in the statements and wires to a file."""
    out.parent.mkdir(parents=True, exist_ok=True)
    with out.open("w", encoding="utf8") as lines:
        for file in ("statements-train.jsonl", "wires-train.jsonl"):
            lines.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in sources(nlp, data / "gold" / file))
