"""How strongly an adapter acts: W + λ·ΔW, from the base (λ = 0) past what was trained (λ = 1).

    LoRA, PiSSA             the scaling times λ
    DoRA                    W + λ(W' - W), which is again a DoRA of the same W, with other B and m
    biases, saved modules   base + λ(trained - base)

So every parameter that training moved lies on the line from the base through where it ended
(Wortsman et al. 2022, "Robust fine-tuning of zero-shot models", section 3: weight-space ensembles).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from lab.config import LoRAConfig
from lab.errors import AdapterError, ConfigError, TargetError
from lab.lora.adapter_files import save_adapter
from lab.lora.dora import DoRALayer
from lab.lora.inject import copy_sharing_parameters
from lab.lora.layer import find_lora_layers
from lab.lora.owned import find_owned

Place = tuple[nn.Module, str, Any]  # module, attribute, value


@contextmanager
def update_strength(module: nn.Module, strength: float) -> Iterator[None]:
    """Within it, the module computes with W + λ·ΔW; afterwards with the tensors it had.

    At 1 nothing is touched; at 0 it computes what its base does. The base's tensors are never
    written, but the module itself is: one that several threads use takes `at_strength` instead.
    Raises ConfigError for a λ that is no number from 0, TargetError for a module without LoRA
    and for what has no such line (running statistics; a DoRA row that would lose its length).
    """
    scaled = _places(module, strength)
    before = [(part, name, getattr(part, name)) for part, name, _ in scaled]
    try:
        _put(module, scaled)
        yield
    finally:
        _put(module, before)


def at_strength(module: nn.Module, strength: float) -> nn.Module:
    """A copy that computes with W + λ·ΔW, all other tensors shared; raises as `update_strength`.

    The module stays as it is, so any number of threads may each look at another λ.
    """
    copy = copy_sharing_parameters(module)
    _put(copy, _places(copy, strength))
    return copy


def save_adapter_at_strength(
    folder: str | Path, model: nn.Module, config: LoRAConfig, base_model_name: str, strength: float
) -> None:
    """`save_adapter` of λ·ΔW: PEFT reads the folder as the model that `at_strength` gives.

    Plain LoRA keeps its factors, and lora_alpha is λ times as large.
    Raises AdapterError at λ = 0, where nothing is left to save; else as `at_strength`.
    """
    scaled = at_strength(model, strength)
    if strength == 0:
        raise AdapterError("at strength 0 the model is its own base; choose a strength above 0")
    save_adapter(folder, scaled, _settings_at(config, strength), base_model_name)


def _settings_at(config: LoRAConfig, strength: float) -> LoRAConfig:
    if config.use_dora:
        return config  # the strength is in B and m
    alphas = [(name, strength * alpha) for name, alpha in config.alpha_pattern]
    return replace(config, lora_alpha=strength * config.lora_alpha, alpha_pattern=alphas)


def _places(module: nn.Module, strength: float) -> list[Place]:
    """What is to stand where, at this strength."""
    if not 0 <= strength < math.inf:
        raise ConfigError(f"strength = {strength!r}: choose a number from 0, 1 being as trained")
    layers = find_lora_layers(module)
    if not layers:
        raise TargetError("the model carries no LoRA to scale; apply_lora_to_model puts it in")
    if strength == 1:
        return []
    places = list(_owned_at(module, strength))
    for path, layer in layers.items():
        if isinstance(layer, DoRALayer):
            places += _dora_at(layer, path, strength)
        else:
            places.append((layer, "scaling", strength * layer.scaling))
    return places


@torch.no_grad()
def _put(module: nn.Module, places: Iterable[Place]) -> None:
    for part, name, value in places:
        setattr(part, name, value)
    for layer in find_lora_layers(module).values():
        if layer.merged:
            layer.merge()


@torch.no_grad()
def _owned_at(module: nn.Module, strength: float) -> Iterator[Place]:
    """Biases and saved modules."""
    for path, part, name, base in find_owned(module):
        if name not in part._parameters:
            raise TargetError(
                f"{path} keeps running statistics ({name}), which no strength lies between; "
                "train it without this module in modules_to_save"
            )
        value = torch.lerp(base, getattr(part, name), strength)
        yield part, name, nn.Parameter(value, requires_grad=False)


@torch.no_grad()
def _dora_at(layer: DoRALayer, path: str, strength: float) -> list[Place]:
    """W + λ(W' - W) as a DoRA, row by row.

    With c = m / ‖W + ΔW‖:   W + λ(c (W + ΔW) - W) = k (W + t·ΔW),   k = 1 + λ(c - 1),   t = λc / k,
    whose length is m = k ‖W + t·ΔW‖ and whose B is t times as large. k < 0 turns a row around,
    as a negative m does.
    """
    weight = layer.to_rows(layer.base_layer.weight.float())  # (out, in)
    update = layer.to_rows(layer.delta_weight())  # (out, in)
    c = layer.lora_magnitude_vector.flatten() / _lengths(weight + update)  # (out)
    k = 1 + strength * (c - 1)
    if (k.abs() < torch.finfo(k.dtype).eps).any():
        raise TargetError(
            f"at strength {strength:g} a row of {path} would lose its length, which DoRA cannot "
            "say; choose another strength"
        )
    t = strength * c / k
    b = layer.lora_B * t.view(-1, *[1] * (layer.lora_B.ndim - 1))
    m = (k * _lengths(weight + t[:, None] * update)).view_as(layer.lora_magnitude_vector)
    return [
        (layer, "lora_B", nn.Parameter(b, requires_grad=False)),
        (layer, "lora_magnitude_vector", nn.Parameter(m, requires_grad=False)),
    ]


def _lengths(rows: Tensor) -> Tensor:
    """(out) the rows' norms; a row of zeros counts as DoRA counts it."""
    return rows.norm(dim=1).clamp_min(torch.finfo(rows.dtype).tiny)
