"""Checkpoints of loralib, the paper's own library: a plain state dict of `.lora_A`, `.lora_B`.

    loralib.lora_state_dict(model, bias)   ──safetensors──>   load_loralib

Knows nothing of loralib but its names and shapes, which are the lab's own but for two kinds.
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
from lab.lora.layer import layer_kind
from lab.lora.state import load_lora_state_dict


def load_loralib(path: str | Path, model: nn.Module, lora_alpha: float) -> LoRAConfig:
    """Puts a loralib checkpoint's Linear and Embedding updates into the model, in place.

    -> the settings they mean; `save_adapter` takes them, to write PEFT's files.
    lora_alpha: as it was in training; the checkpoint does not say it.
    The model is the plain base, with the layers at the paths that loralib's stood at.
    Raises AdapterError, and leaves the model without LoRA, for a file that does not fit it.
    """
    state, _ = read_safetensors(Path(path))
    config = _find_config(state, lora_alpha)
    for adapted in _adapted(state):
        _refuse_another_form(model, adapted, state)
    try:
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
    return [name.removesuffix(".lora_A") for name in state if name.endswith(".lora_A")]


def _find_config(state: Mapping[str, Tensor], lora_alpha: float) -> LoRAConfig:
    ranks = {path: len(state[f"{path}.lora_A"]) for path in _adapted(state)}
    if not ranks:
        raise AdapterError(
            "the checkpoint has no tensor named .lora_A; save what loralib.lora_state_dict gives"
        )
    r = Counter(ranks.values()).most_common(1)[0][0]
    biases = {name.rpartition(".")[0] for name in state if name.rpartition(".")[2] == "bias"}
    bias = "none" if not biases else "lora_only" if biases <= ranks.keys() else "all"
    try:
        return LoRAConfig(
            r=r,
            lora_alpha=lora_alpha,
            target_modules="|".join(re.escape(path) for path in ranks),
            rank_pattern={f"^{re.escape(p)}": rank for p, rank in ranks.items() if rank != r},
            bias=bias,
        )
    except ConfigError as error:
        raise AdapterError(f"the checkpoint makes no adapter: {error}") from error


def _refuse_another_form(model: nn.Module, path: str, state: Mapping[str, Tensor]) -> None:
    a, b = state[f"{path}.lora_A"], state.get(f"{path}.lora_B")
    module = dict(model.named_modules()).get(path)
    is_conv = module is not None and layer_kind(module) == "Conv2d"
    if is_conv or (b is not None and a.shape[0] != b.shape[1]):
        raise AdapterError(
            f"{path} is one of loralib's Conv2d or MergedLinear layers, whose factors are not "
            "those of one product BA; merge the checkpoint with loralib, or train the layer here"
        )


def _own_names(state: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """A bias of an adapted layer is its base layer's here."""
    names = {f"{path}.bias": f"{path}.base_layer.bias" for path in _adapted(state)}
    return {names.get(name, name): tensor for name, tensor in state.items()}
