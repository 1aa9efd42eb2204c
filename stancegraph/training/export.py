"""From trained torch networks to the files that ship: ONNX in 8 bits, heads as plain arrays."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from stancegraph.pipeline.weights import Floats


def onnx_bytes(
    network: nn.Module,
    example: tuple[Tensor, ...],
    inputs: Sequence[str],
    outputs: Sequence[str],
    axes: dict[str, dict[int, str]],
    *,
    eight_bit: bool = True,
) -> bytes:
    """Return the network in ONNX form, its weights in 8 bits with one scale for each output channel.

    Args:
        network: The trained network.
        example: One input of each kind.
        inputs: Names of the inputs.
        outputs: Names of the outputs.
        axes: Which axes of which input or output vary in length.
        eight_bit: Whether to quantise; otherwise the weights stay in single precision.
    """
    network.eval()
    with tempfile.TemporaryDirectory() as folder:
        full, small = Path(folder) / "full.onnx", Path(folder) / "small.onnx"
        torch.onnx.export(
            network, example, str(full), input_names=list(inputs), output_names=list(outputs), dynamic_axes=axes,
            opset_version=17, dynamo=False,
        )  # fmt: skip
        if not eight_bit:
            return full.read_bytes()
        quantize_dynamic(
            full,
            small,
            weight_type=QuantType.QInt8,
            per_channel=True,
            op_types_to_quantize=["MatMul", "Gather"],
        )
        return small.read_bytes()


def arrays(module: nn.Module, names: Sequence[str]) -> dict[str, Floats]:
    """Return those parameters of a module whose names begin with one of `names`."""
    state = module.state_dict()
    return {
        key: value.detach().float().numpy().astype(np.float32)
        for key, value in state.items()
        if any(key == n or key.startswith(n + ".") for n in names)
    }
