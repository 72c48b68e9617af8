"""Checkpoints of loralib, the paper's own library: a plain state dict of `.lora_A`, `.lora_B`.

    loralib.lora_state_dict(model, bias)   ──safetensors──>   load_loralib

Knows nothing of loralib but its names and shapes. Those of Linear and Embedding are the lab's
own; Conv2d and MergedLinear are written there as other products, and here as one of higher rank.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from lab.config import LoRAConfig
from lab.errors import AdapterError, ConfigError, TargetError
from lab.lora.adapter_files import read_safetensors
from lab.lora.inject import apply_lora_to_model, remove_lora
from lab.lora.layer import layer_kind, layer_shape
from lab.lora.state import load_lora_state_dict


def load_loralib(path: str | Path, model: nn.Module, lora_alpha: float) -> LoRAConfig:
    """Puts a loralib checkpoint into the model, in place.

    -> the settings it means; `save_adapter` takes them, to write PEFT's files.
    lora_alpha: as it was in training; the checkpoint does not say it.
    The model is the plain base, with a layer at each path where loralib's stood.
    Raises AdapterError, and leaves the model without LoRA, for a file that does not fit it.
    """
    state, _ = read_safetensors(Path(path))
    alphas = {name: lora_alpha * _rewrite(state, name, model) for name in _adapted(state)}
    config = _find_config(state, lora_alpha, alphas)
    try:
        # Injection draws an A that is replaced at once.
        with torch.random.fork_rng(devices=[]):
            apply_lora_to_model(model, config)
    except TargetError as error:
        raise AdapterError(f"the checkpoint does not fit: {error}") from error
    try:
        load_lora_state_dict(model, _own_names(state), config.bias)
    except AdapterError:
        remove_lora(model)
        raise
    return config


def _adapted(state: Mapping[str, Tensor]) -> list[str]:
    names = [name.removesuffix(".lora_A") for name in state if name.endswith(".lora_A")]
    if not names:
        raise AdapterError(
            "the checkpoint has no tensor named .lora_A; save what loralib.lora_state_dict gives"
        )
    for name in names:
        if f"{name}.lora_B" not in state:
            raise AdapterError(f"the checkpoint lacks {name}.lora_B; save it again")
        a, b = state[f"{name}.lora_A"], state[f"{name}.lora_B"]
        if a.dim() < 2 or b.dim() < 2 or not b.shape[1] or len(a) % b.shape[1]:
            raise AdapterError(
                f"the checkpoint's factors of {name} have shapes {tuple(a.shape)} and "
                f"{tuple(b.shape)}, which make no update; save it again"
            )
    return names


def _rewrite(state: dict[str, Tensor], path: str, model: nn.Module) -> int:
    """Makes one product of the factors of a Conv2d or MergedLinear layer.

    -> how many times as large a rank that takes.
    """
    a, b = state[f"{path}.lora_A"], state[f"{path}.lora_B"]
    layer = dict(model.named_modules()).get(path)
    times = 1
    if layer is not None and layer_kind(layer) == "Conv2d":
        # ΔW is BA, (out k, in k), read as (out, in, k, k): k rows of BA on end make one of ΔW.
        out, features, times, _ = layer.weight.shape
        a = torch.block_diag(*[a] * times)  # (r k k, in k k)
        times *= times
        if a.shape[1] == features * times and b.numel() == out * len(a):
            a = a.view(-1, *layer.weight.shape[1:])
            b = b.reshape(out, -1, 1, 1)  # (out, r k k, 1, 1)
    elif len(a) != b.shape[1]:
        # The parts' A lie on end (n r, in), and so do their B (out, r).
        times = len(a) // b.shape[1]
        if layer is not None and len(b) != layer_shape(layer)[0]:
            raise AdapterError(
                f"{path} is a MergedLinear layer that adapts some of its parts, and the checkpoint "
                "does not say which; merge it with loralib, or train with all of enable_lora"
            )
        b = torch.block_diag(*b.chunk(times))  # (out, n r)
    state[f"{path}.lora_A"], state[f"{path}.lora_B"] = a, b
    return times


def _find_config(
    state: Mapping[str, Tensor], lora_alpha: float, alphas: Mapping[str, float]
) -> LoRAConfig:
    ranks = {path: len(state[f"{path}.lora_A"]) for path in alphas}
    r = Counter(ranks.values()).most_common(1)[0][0]
    biases = {name.rpartition(".")[0] for name in state if name.rpartition(".")[2] == "bias"}
    bias = "none" if not biases else "lora_only" if biases <= ranks.keys() else "all"
    try:
        return LoRAConfig(
            r=r,
            lora_alpha=lora_alpha,
            target_modules="|".join(re.escape(path) for path in ranks),
            rank_pattern=_others(ranks, r),
            alpha_pattern=_others(alphas, lora_alpha),
            bias=bias,
        )
    except ConfigError as error:
        raise AdapterError(f"the checkpoint makes no adapter: {error}") from error


def _others(values: Mapping[str, float], usual: float) -> dict[str, float]:
    return {f"^{re.escape(path)}": value for path, value in values.items() if value != usual}


def _own_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A bias of an adapted layer is its base layer's here."""
    names = {f"{path}.bias": f"{path}.base_layer.bias" for path in _adapted(state)}
    return {names.get(name, name): tensor for name, tensor in state.items()}
