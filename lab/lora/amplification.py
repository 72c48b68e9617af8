"""What of W an update amplifies (Hu et al. 2021, section 7.3 and table 7).

    ‖ΔW‖ / ‖UᵀWVᵀ‖      U, V: the k directions of ΔW

ΔW does not repeat the largest directions of W where ‖UᵀWV‖ is far below that of W's own k largest;
it is no noise where it is above that of k random directions. The paper's factor says how many times
larger ΔW is than W along the directions of ΔW. V here holds columns, (in, k): the paper's Vᵀ.

DoRA's lengths are left out: ΔW = s·BA is what turns the rows.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from lab.errors import AdapterError
from lab.lora.directions import update_directions
from lab.lora.factors import Factors
from lab.lora.layer import LoRALayer, layer_kind


@dataclass(frozen=True)
class Amplification:
    """One layer's row of table 7; all norms are Frobenius.

    directions: k, those of ΔW; 0 for an update of zero.
    along_update, along_weight, along_random: ‖UᵀWV‖ with the k directions of ΔW, the k largest of
        W itself, and k random ones.
    """

    directions: int
    weight_norm: float
    update_norm: float
    along_update: float
    along_weight: float
    along_random: float

    @property
    def factor(self) -> float:
        """‖ΔW‖ / ‖UᵀWV‖; infinite where W has nothing along ΔW's directions, 0 for ΔW = 0."""
        if self.along_update == 0:
            return math.inf if self.update_norm else 0.0
        return self.update_norm / self.along_update


def find_amplifications(
    model: nn.Module, adapters: Sequence[Mapping[str, Factors]], seed: int = 0
) -> tuple[dict[str, Amplification], ...]:
    """For each adapter of one model: path -> that layer's. Each weight is decomposed once.

    model: the base of the adapters, with or without LoRA in it.
    Raises AdapterError for an adapter of another model.
    """
    found: tuple[dict[str, Amplification], ...] = tuple({} for _ in adapters)
    for path in dict.fromkeys(path for adapter in adapters for path in adapter):
        weight = base_weight(model, path)
        own = torch.linalg.svdvals(weight)
        for adapter, layers in zip(adapters, found, strict=True):
            if path in adapter:
                _refuse_other_shape(path, adapter[path], weight)
                layers[path] = amplification(weight, adapter[path], seed, own)
    return found


@torch.no_grad()
def amplification(
    weight: Tensor, factors: Factors, seed: int = 0, own: Tensor | None = None
) -> Amplification:
    """Of a weight (out, in), in fp32, and its update; seed: of the random directions.

    own: the weight's singular values, where they are known already.
    """
    own = torch.linalg.svdvals(weight) if own is None else own
    left, values, right = update_directions(factors)  # (out, k), (k), (in, k)
    generator = torch.Generator().manual_seed(seed)
    drawn = (torch.randn(*u.shape, generator=generator) for u in (left, right))
    random_left, random_right = (torch.linalg.qr(u).Q for u in drawn)
    k = len(values)
    return Amplification(
        directions=k,
        weight_norm=weight.norm().item(),
        update_norm=values.norm().item(),
        along_update=(left.T @ weight @ right).norm().item(),
        along_weight=own[:k].norm().item(),
        along_random=(random_left.T @ weight @ random_right).norm().item(),
    )


def base_weight(model: nn.Module, path: str) -> Tensor:
    """The frozen weight of a layer as (out, in), in fp32 on the CPU.

    GPT-2's Conv1D and Embedding are turned around.

    Raises AdapterError where the model has no such layer.
    """
    try:
        layer = model.get_submodule(path)
    except AttributeError:
        layer = None
    layer = layer.base_layer if isinstance(layer, LoRALayer) else layer
    if layer is None or layer_kind(layer) is None:
        raise AdapterError(f"this model has no place for the adapter's {path}; load its own model")
    rows = layer.weight.detach().flatten(1).float().cpu()
    return rows.T if layer_kind(layer) in ("Conv1D", "Embedding") else rows


def _refuse_other_shape(path: str, factors: Factors, weight: Tensor) -> None:
    shape, needed = (len(factors.b), factors.a.shape[1]), tuple(weight.shape)
    if shape != needed:
        raise AdapterError(
            f"the adapter's {path} has shape {shape} and this model needs {needed}; load the model "
            "it was trained on"
        )
