"""adapter_config.json: an adapter's settings in PEFT's words, and back.

What would mean another function than the lab computes is refused by its name.
"""

from __future__ import annotations

import inspect
from typing import Any

from torch import nn

from lab.config import LoRAConfig
from lab.errors import AdapterError, ConfigError
from lab.lora.layer import find_lora_layers

CONFIG_NAME = "adapter_config.json"

# Settings of PEFT under which the same two factors would mean another function.
_OTHER_METHODS = (
    "alora_invocation_tokens",
    "arrow_config",
    "kasa_config",
    "layer_replication",
    "lora_bias",
    "target_parameters",
    "trainable_token_indices",
    "use_bdlora",
    "use_qalora",
)

# Ways of drawing the first factors that leave the base's weights as they are, or (PiSSA) alter
# them to what the base alone says.
_STARTS_BESIDE_THE_BASE = (True, False, "gaussian", "orthogonal", "eva", "pissa")

# What a file need not say, and says null where it says nothing.
_OPTIONAL = (
    "lora_dropout",
    "bias",
    "use_dora",
    "use_rslora",
    "rank_pattern",
    "alpha_pattern",
    "exclude_modules",
    "layers_to_transform",
    "layers_pattern",
    "modules_to_save",
)


def peft_settings(model: nn.Module, config: LoRAConfig, base_model_name: str) -> dict[str, Any]:
    """What `peft.LoraConfig` reads to mean the same adapter on the same base."""
    layers = find_lora_layers(model).values()
    # PEFT's wrapper for this task hands inputs_embeds on, which CLIP's forward does not take.
    is_text_model = "inputs_embeds" in inspect.signature(model.forward).parameters
    return {
        "alpha_pattern": {name: _plain(alpha) for name, alpha in config.alpha_pattern},
        "base_model_name_or_path": base_model_name,
        "bias": config.bias,
        "exclude_modules": _names(config.exclude_modules) or None,
        # One flag for all layers: PEFT corrects it, aloud, at those of the other kind.
        "fan_in_fan_out": any(layer.kind == "Conv1D" for layer in layers),
        "inference_mode": True,
        "init_lora_weights": True,
        "layers_pattern": list(config.layers_pattern) or None,
        "layers_to_transform": list(config.layers_to_transform) or None,
        "lora_alpha": _plain(config.lora_alpha),
        "lora_dropout": config.lora_dropout,
        "modules_to_save": list(config.modules_to_save) or None,
        "peft_type": "LORA",
        "r": config.r,
        "rank_pattern": dict(config.rank_pattern),
        "target_modules": _names(config.target_modules),
        "task_type": "FEATURE_EXTRACTION" if is_text_model else None,
        "use_dora": config.use_dora,
        "use_rslora": config.use_rslora,
    }


def parse_settings(settings: Any) -> LoRAConfig:
    """The lab's settings for a file's content; AdapterError where it has none that mean it."""
    if not isinstance(settings, dict) or settings.get("peft_type") != "LORA":
        raise AdapterError(
            f"{CONFIG_NAME} describes no LoRA adapter; choose one whose type is LORA"
        )
    for name in _OTHER_METHODS:
        if settings.get(name):
            raise AdapterError(
                f"{CONFIG_NAME} sets {name}, which only PEFT can load; export without"
            )
    start = settings.get("init_lora_weights", True)
    if start not in _STARTS_BESIDE_THE_BASE:
        raise AdapterError(
            f"{CONFIG_NAME} sets init_lora_weights = {start!r}, which alters the base's weights; "
            "convert the adapter to plain LoRA with PEFT"
        )
    needed = {name: settings.get(name) for name in ("r", "lora_alpha", "target_modules")}
    for name, value in needed.items():
        if value is None:
            raise AdapterError(f"{CONFIG_NAME} does not say {name}; export it again")
    optional = {name: settings[name] for name in _OPTIONAL if settings.get(name) is not None}
    if start == "pissa":
        optional["init_lora_weights"] = start
    try:
        config = LoRAConfig(**needed, **optional)
        # A TypeError unless they are texts.
        "".join([*config.target_modules, *config.exclude_modules, *config.modules_to_save])
    except (ConfigError, TypeError) as error:
        raise AdapterError(f"{CONFIG_NAME} is not whole ({error}); export it again") from error
    return config


def _plain(number: float) -> float:
    return int(number) if number == int(number) else number


def _names(names: tuple[str, ...] | str) -> list[str] | str:
    return names if isinstance(names, str) else list(names)
