"""Frozen weights in bf16 for as long as a training computes in it.

Autocast turns every frozen weight into bf16 anew at each use; here it is done once. The numbers
are those of autocast: a weight that only products read is rounded the same way, now or then.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn

from lab.lora import find_lora_layers
from lab.lora.dora import DoRALayer
from lab.lora.layer import LoRALayer, layer_kind

PRODUCTS = ("Linear", "Conv1D", "Conv2d")


@contextmanager
def kept_in_bf16(module: nn.Module) -> Iterator[None]:
    """Within it, the frozen weights of `module`'s products are bf16; after it, what they were.

    Parameters of its own are exchanged, so that whoever shares the tensors sees nothing.
    """
    layers = [layer for layer in _products(module) if _is_frozen_fp32(layer.weight)]
    weights = [layer.weight for layer in layers]
    for layer, weight in zip(layers, weights, strict=True):
        layer.weight = nn.Parameter(weight.detach().to(torch.bfloat16), requires_grad=False)
    try:
        yield
    finally:
        for layer, weight in zip(layers, weights, strict=True):
            layer.weight = weight


def _products(module: nn.Module) -> list[nn.Module]:
    adapted = find_lora_layers(module).values()
    apart = {id(layer.base_layer) for layer in adapted if _reads_in_fp32(layer)}
    found = (layer for layer in module.modules() if layer_kind(layer) in PRODUCTS)
    return [layer for layer in found if id(layer) not in apart]


def _reads_in_fp32(layer: LoRALayer) -> bool:
    """Whether the base's weight is more than a factor: DoRA measures it, merging adds to it."""
    return isinstance(layer, DoRALayer) or layer.merge_weights


def _is_frozen_fp32(weight: torch.Tensor) -> bool:
    return weight.dtype == torch.float32 and not weight.requires_grad
