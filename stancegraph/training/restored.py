"""From the pipeline that ships back to a network that can be trained on.

The encoder ships in 8 bits with smoothed layers (see `export.smoothed`); what is read back computes the same, but for the
rounding of what goes into each layer.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from spacy.language import Language
from torch import Tensor
from transformers import BertModel

from stancegraph.pipeline.attribution import LANDMARKS
from stancegraph.training.reader import Labels, Reader, ReaderSettings
from stancegraph.training.ship import HEADS, PARAMETERS


def save(nlp: Language, encoder: Path, labels: Labels, settings: ReaderSettings, checkpoint: Path) -> None:
    """Write the weights of a pipeline as a checkpoint that `reader.train` can start from.

    Args:
        nlp: A pipeline as `ship.write` writes it.
        encoder: Folder of the pretrained encoder, for its form.
        labels: The labels of the texts to train on.
        settings: Settings of the run.
        checkpoint: File to write.
    """
    bert = BertModel.from_pretrained(encoder, add_pooling_layer=False)
    checkpoint.parent.mkdir(parents=True, exist_ok=True)
    torch.save({"reader": restore(nlp, Reader(bert, labels, settings), labels).state_dict()}, checkpoint)


def restore(nlp: Language, reader: Reader, labels: Labels) -> Reader:
    """Give a new reader the weights of a pipeline's encoder and heads.

    Args:
        nlp: A pipeline as `ship.write` writes it.
        reader: A reader of the same settings; parts that do not ship keep their weights.
        labels: The reader's labels; heads whose labels have another order than the pipeline's are left as they are.
    """
    state = encoder_state(nlp.get_pipe("stancegraph_encoder").network.to_bytes())  # type: ignore[attr-defined]
    for component in HEADS:
        weights: Any = nlp.get_pipe(component).weights  # type: ignore[attr-defined]
        known = {k: v for k, v in weights.labels.items() if getattr(labels, k) == v}
        for key, value in weights.arrays.items():
            head = key.split(".")[0]
            if head in weights.labels and head not in known:
                continue
            state[f"heads.{key}"] = torch.from_numpy(np.array(value))
        for key in PARAMETERS.get(component, ()):
            value = state.pop(f"heads.{key}", None)
            if value is not None:
                state[key if key in ("arc", "dep") else f"{key}.weight"] = value
    for key in LANDMARKS:
        state[f"role_landmarks.{key}.weight"] = state.pop(f"heads.role_{key}")
    for part in ("weight", "bias"):  # what the head that does not ship begins with
        state[f"heads.name_other.{part}"] = state[f"heads.name.{part}"]
    own = reader.state_dict()
    taken = {k: v.to(own[k].dtype) for k, v in state.items() if k in own and own[k].shape == v.shape}
    reader.load_state_dict(taken, strict=False)
    return reader


def encoder_state(network: bytes) -> dict[str, Tensor]:
    """Return the parameters of an encoder's ONNX network under the names that `Reader` has for them."""
    graph = onnx.load_from_string(network).graph
    found = {i.name: numpy_helper.to_array(i) for i in graph.initializer}
    state: dict[str, np.ndarray[Any, Any]] = {}
    for name, value in found.items():
        if name.startswith("reader."):
            plain = name.removeprefix("reader.").removesuffix("_quantized")
            if name.endswith("_quantized"):
                stem = name.removesuffix("_quantized")
                state[plain] = (value.astype(np.float32) - found[f"{stem}_zero_point"]) * found[f"{stem}_scale"]
            elif not name.endswith(("_scale", "_zero_point", ".factor")):
                state[plain.replace(".layer.bias", ".bias") if ".dense.layer." in plain or ".self." in plain else plain] = (
                    value
                )
    for node in graph.node:
        if node.op_type not in ("MatMulInteger", "MatMul") or not node.name.startswith("/bert/encoder/"):
            continue
        matrix = found.get(node.input[1])
        if matrix is None or matrix.ndim != 2:
            continue
        if node.op_type == "MatMulInteger":
            scale = found[node.input[1].replace("_quantized", "_scale")]
            matrix = matrix.astype(np.float32) * scale
        module = node.name.removeprefix("/").split("/layer/")[0].replace("/", ".")
        factor = found[f"reader.{module}.factor"]
        state[f"{module}.weight"] = (matrix * factor[:, None]).T
    return {k: torch.from_numpy(np.array(v, dtype=np.float32)) for k, v in state.items()}
