"""The biases that train along with LoRA, each as a copy of its own.

A base may be shared by many adapted copies, and its biases are the only part of it that a
setting (`bias`) lets train: so the trained bias is a copy, and the base's stays beside it.
"""

from __future__ import annotations

from collections.abc import Iterator

from torch import nn

from lab.config import Bias
from lab.errors import ConfigError
from lab.lora.layer import LoRALayer


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
    """Puts a copy in the place of every bias that will train; the base's stays as `base_bias`.

    Biases that were one tensor stay one.
    """
    copies: dict[int, nn.Parameter] = {}
    for _, module in find_bias_owners(model, bias):
        if hasattr(module, "base_bias"):
            continue
        base = module.bias
        module.bias = copies.setdefault(id(base), nn.Parameter(base.detach().clone()))
        # A buffer moves between devices with the module; not persistent: never in a file.
        module.register_buffer("base_bias", base.detach(), persistent=False)


def restore_biases(model: nn.Module) -> None:
    """Puts the base's biases back."""
    for module in model.modules():
        if hasattr(module, "base_bias"):
            module.bias = nn.Parameter(module.base_bias, requires_grad=False)
            del module.base_bias
