"""Puts trained networks together into the pipeline that ships."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import torch
from spacy.language import Language
from tokenizers import Tokenizer

import stancegraph.pipeline  # noqa: F401 - registers the components
from stancegraph import __version__
from stancegraph.pipeline.encoder import PieceReader
from stancegraph.pipeline.stance import NETWORK_INPUTS, NETWORK_OUTPUTS
from stancegraph.pipeline.tokens import blank
from stancegraph.training.export import arrays, onnx_bytes
from stancegraph.training.judge import Judge
from stancegraph.training.reader import ExportedEncoder, Labels, Reader

_HEADS = {
    "stancegraph_syntax": (
        "tag",
        "pos",
        "morph",
        "lemma",
        "start",
        "arc_child",
        "arc_parent",
        "dep_child",
        "dep_parent",
    ),
    "stancegraph_names": ("name",),
    "stancegraph_attribution": (
        "cue",
        "cue_full",
        "role_any",
        "role_cue_first",
        "role_cue_last",
        "role_token",
        "role_out",
    ),
    "stancegraph_actors": ("link_query", "link_key", "link_none"),
}
_PARAMETERS = {
    "stancegraph_syntax": ("arc", "dep"),
    "stancegraph_attribution": ("role_distance",),
    "stancegraph_actors": ("link_distance",),
}
EXACT_LAYERS = {"encoder": 2, "judge": 1}  # 1.7 MiB each
_LABELS = {"stancegraph_syntax": ("tag", "pos", "morph", "lemma", "known_lemmas", "dep"), "stancegraph_names": ("name",)}


Inputs = tuple[torch.Tensor, ...]


def encoder_onnx(reader: Reader, calibration: Sequence[Inputs], *, eight_bit: bool = True) -> bytes:
    """Return the encoder as an ONNX network."""
    words = torch.arange(1, 9)[None]
    example = (
        torch.arange(100, 112)[None],
        torch.ones(1, 12, dtype=torch.long),
        torch.ones(1, 12, dtype=torch.long),
        words,
    )
    names = ("ids", "shapes", "gaps", "firsts")
    axes = {n: {1: "words" if n == "firsts" else "pieces"} for n in names} | {"vectors": {1: "words"}}
    layers = EXACT_LAYERS["encoder"]
    exported = ExportedEncoder(reader)
    return onnx_bytes(
        exported, example, names, ("vectors",), axes, calibration, exact_layers=layers, eight_bit=eight_bit
    )  # fmt: skip


def reading_pipeline(
    reader: Reader, labels: Labels, tokenizer: Path, calibration: Sequence[Inputs], *, eight_bit: bool = True
) -> Language:
    """Return a spaCy pipeline with everything that reads the encoder's vectors.

    Args:
        reader: The trained reader.
        labels: Its labels.
        tokenizer: File of the vocabulary.
        calibration: Windows of texts, as the encoder reads them (see `export.smoothed`).
        eight_bit: Whether to quantise.
    """
    nlp = blank()
    encoder: Any = nlp.add_pipe("stancegraph_encoder")
    encoder.network.load(encoder_onnx(reader, calibration, eight_bit=eight_bit))
    encoder.reader = PieceReader(Tokenizer.from_file(str(tokenizer)))
    for name, heads in _HEADS.items():
        weights = nlp.add_pipe(name).weights  # type: ignore[attr-defined]
        weights.arrays = arrays(reader.heads, heads)
        for parameter in _PARAMETERS.get(name, ()):
            value = getattr(reader, parameter)
            weights.arrays[parameter] = (value.weight if hasattr(value, "weight") else value).detach().float().numpy()
        if name == "stancegraph_attribution":
            weights.arrays |= {f"role_{k}": t.weight.detach().float().numpy() for k, t in reader.role_landmarks.items()}
        weights.labels = {k: getattr(labels, k) for k in _LABELS.get(name, ())}
    return nlp


def add_judge(
    nlp: Language,
    judge: Judge,
    temperature: float,
    tokenizer: Path,
    calibration: Sequence[Inputs],
    *,
    eight_bit: bool = True,
) -> None:
    """Add the components for stance, dates and outcome to a reading pipeline, calibrated on passages."""
    pieces = [torch.arange(100, 112)[None], *(torch.ones(1, 12, dtype=torch.long) for _ in range(3))]
    axes = {n: {1: "words" if n == "firsts" else "pieces"} for n in NETWORK_INPUTS}
    axes |= {n: {2: "words"} for n in NETWORK_OUTPUTS if n.endswith(("starts", "ends"))}
    stance: Any = nlp.add_pipe("stancegraph_stance", before="stancegraph_actors", config={"temperature": temperature})
    example = (*pieces, torch.arange(1, 9)[None])
    layers = EXACT_LAYERS["judge"]
    made = onnx_bytes(
        judge, example, NETWORK_INPUTS, NETWORK_OUTPUTS, axes, calibration, exact_layers=layers, eight_bit=eight_bit
    )  # fmt: skip
    stance.network.load(made)
    stance.reader = PieceReader(Tokenizer.from_file(str(tokenizer)))
    nlp.add_pipe("stancegraph_dates")
    nlp.add_pipe("stancegraph_outcomes")


def write(nlp: Language, out: Path) -> None:
    """Write the pipeline into a folder."""
    nlp.meta.update(
        name="stancegraph", version=__version__, license="Apache-2.0", spacy_version=">=3.8.0,<3.9.0",
        description="Names, trees, attributions, holders, stances, targets and dates in news and official statements.",
    )  # fmt: skip
    # The vocabulary holds every word of the texts that the rankings were fitted on; nothing needs it.
    nlp.to_disk(out, exclude=["vocab"])
