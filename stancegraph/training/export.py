"""From trained torch networks to the files that ship: ONNX in 8 bits, heads as plain arrays.

Eight bits hold the inputs of a layer badly where few of them are very large. Before quantising, each input is divided by a
factor of its own, by which the layer's weights are multiplied: Xiao et al. (2023), "SmoothQuant: Accurate and Efficient
Post-Training Quantization for Large Language Models". What is still lost is lost mostly in the matrices by which the first
layers narrow what they have widened; they may stay in single precision.
"""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from stancegraph.pipeline.weights import Floats

SMOOTHING = 0.8  # how much of the largeness of its inputs a layer's weights take over; SmoothQuant's alpha


class _Smoothed(nn.Module):
    """A linear layer whose inputs are scaled before, and whose weights are scaled the other way."""

    def __init__(self, layer: nn.Linear, largest: Tensor) -> None:
        super().__init__()
        weights = layer.weight.detach()
        scale = largest.clamp(min=1e-3) ** SMOOTHING / weights.abs().amax(0).clamp(min=1e-4) ** (1 - SMOOTHING)
        scale = scale / scale.log().mean().exp()
        self.register_buffer("factor", 1 / scale)
        self.layer = copy.deepcopy(layer)
        self.layer.weight.data = weights * scale

    def forward(self, x: Tensor) -> Tensor:
        """Return what the layer returned before."""
        out: Tensor = self.layer(x * self.factor)
        return out


def smoothed(network: nn.Module, calibration: Sequence[tuple[Tensor, ...]]) -> nn.Module:
    """Return a copy of a network that computes the same, whose layers' inputs lie closer together.

    Args:
        network: The trained network; of its layers those within its module `encoder` are smoothed.
        calibration: Inputs by which the largest value of each layer's inputs is known.
    """
    network = copy.deepcopy(network).eval()
    layers = {n: m for n, m in network.named_modules() if isinstance(m, nn.Linear) and ".encoder." in n}
    largest: dict[str, Tensor] = {}

    def note(name: str) -> Any:  # noqa: ANN401 - torch's type of a hook
        def hook(_: nn.Module, inputs: tuple[Tensor, ...]) -> None:
            seen = inputs[0].detach().abs().flatten(0, -2).amax(0)
            largest[name] = torch.maximum(largest.get(name, seen), seen)

        return hook

    hooks = [layer.register_forward_pre_hook(note(name)) for name, layer in layers.items()]
    with torch.no_grad():
        for inputs in calibration:
            network(*inputs)
    for hook in hooks:
        hook.remove()
    for name, layer in layers.items():
        parent, _, own = name.rpartition(".")
        setattr(network.get_submodule(parent), own, _Smoothed(layer, largest[name]))
    return network


def onnx_bytes(
    network: nn.Module,
    example: tuple[Tensor, ...],
    inputs: Sequence[str],
    outputs: Sequence[str],
    axes: dict[str, dict[int, str]],
    calibration: Sequence[tuple[Tensor, ...]],
    *,
    exact_layers: int = 0,
    eight_bit: bool = True,
) -> bytes:
    """Return the network in ONNX form, its weights in 8 bits with one scale for each output channel.

    Args:
        network: The trained network.
        example: One input of each kind.
        inputs: Names of the inputs.
        outputs: Names of the outputs.
        axes: Which axes of which input or output vary in length.
        calibration: Inputs like those that the network will see (see `smoothed`).
        exact_layers: Of how many layers, from the first, the narrowing matrix stays in single precision.
        eight_bit: Whether to quantise; otherwise the weights stay in single precision.
    """
    network = smoothed(network, calibration) if eight_bit else network.eval()
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
            nodes_to_exclude=_narrowing(full)[:exact_layers],
        )
        return small.read_bytes()


def _narrowing(network: Path) -> list[str]:
    """Return the names of the nodes that multiply by a matrix with more rows than columns, from the first layer on."""
    graph = onnx.load(network).graph
    shapes = {i.name: tuple(i.dims) for i in graph.initializer}
    products = ((n.name, shapes.get(n.input[1], ())) for n in graph.node if n.op_type == "MatMul")
    return [name for name, shape in products if len(shape) == 2 and shape[0] > shape[1]]


def arrays(module: nn.Module, names: Sequence[str]) -> dict[str, Floats]:
    """Return those parameters of a module whose names begin with one of `names`."""
    state = module.state_dict()
    return {
        key: value.detach().float().numpy().astype(np.float32)
        for key, value in state.items()
        if any(key == n or key.startswith(n + ".") for n in names)
    }
