"""The biases that train along with LoRA, by the setting `bias`."""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn

from lab.config import Bias
from lab.errors import ConfigError
from lab.lora.layer import LoRALayer
from lab.lora.owned import own_tensors


def find_bias_owners(model: nn.Module, bias: Bias) -> Iterator[tuple[str, nn.Module]]:
    """(path, module) of every module whose bias trains under the setting, as PEFT has it.

    "all": every parameter called `bias` in the model; "lora_only": those of adapted layers.
    Raises ConfigError for another setting.
    """
    if bias not in ("none", "all", "lora_only"):
        raise ConfigError(f"bias = {bias!r}: choose one of none, all, lora_only")
    adapted = {id(m.base_layer) for m in model.modules() if isinstance(m, LoRALayer)}
    for path, module in model.named_modules():
        has_bias = module._parameters.get("bias") is not None
        if has_bias and (bias == "all" or (bias == "lora_only" and id(module) in adapted)):
            yield path, module


def own_biases(model: nn.Module, bias: Bias) -> None:
    """Puts a copy in the place of every bias that will train."""
    own_tensors((module, "bias") for _, module in find_bias_owners(model, bias))
