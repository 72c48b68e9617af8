"""Adapter files in PEFT's format, so that what is trained here loads there and back.

adapter_config.json         the settings
adapter_model.safetensors   base_model.model.<path>.lora_A.weight, .lora_B.weight, biases
"""

from __future__ import annotations

import inspect
import json
import os
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save
from torch import Tensor, nn

from lab.config import LoRAConfig
from lab.errors import AdapterError, ConfigError, TargetError
from lab.lora.inject import apply_lora_to_model, remove_lora
from lab.lora.layer import find_lora_layers
from lab.lora.state import load_lora_state_dict, lora_state_dict

CONFIG_NAME = "adapter_config.json"
WEIGHTS_NAME = "adapter_model.safetensors"
PREFIX = "base_model.model."

# Settings of PEFT under which the same two factors would mean another function.
_OTHER_METHODS = (
    "alora_invocation_tokens",
    "alpha_pattern",
    "arrow_config",
    "exclude_modules",
    "kasa_config",
    "layer_replication",
    "layers_to_transform",
    "lora_bias",
    "modules_to_save",
    "rank_pattern",
    "target_parameters",
    "trainable_token_indices",
    "use_bdlora",
    "use_dora",
    "use_qalora",
    "use_rslora",
)

# Ways of drawing the first factors that leave the base's weights as they are.
_STARTS_BESIDE_THE_BASE = (True, False, "gaussian", "orthogonal", "eva")


def save_adapter(
    folder: str | Path, model: nn.Module, config: LoRAConfig, base_model_name: str
) -> None:
    """Writes the adapter's two files; `peft.PeftModel.from_pretrained(base, folder)` reads them.

    The settings are written last, so a folder that has them is whole. A layer that several
    paths share is written under its first path, the only one that PEFT would adapt.
    Raises AdapterError for a model without LoRA.
    """
    if not find_lora_layers(model):
        raise AdapterError("the model carries no LoRA to save; apply_lora_to_model puts it in")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG_NAME).unlink(missing_ok=True)
    tensors = {
        _peft_name(name): tensor.cpu().contiguous()
        for name, tensor in lora_state_dict(model, config.bias).items()
    }
    settings = _peft_settings(model, config, base_model_name)
    text = json.dumps(settings, indent=2, ensure_ascii=False) + "\n"
    # safetensors' own files are closed to other users; ours follow the umask, as all others do.
    _write(folder / WEIGHTS_NAME, save(tensors, {"format": "pt"}))
    _write(folder / CONFIG_NAME, text.encode())


def load_adapter(folder: str | Path, model: nn.Module) -> LoRAConfig:
    """Puts the saved adapter into the model, in place, and returns its settings.

    Reads what `save_adapter` or PEFT wrote, if it is plain LoRA. torch's generator is left as
    it was. Raises AdapterError, and leaves the model without LoRA, for files that are missing
    or not whole, another method, or tensors that do not fit the model.
    """
    folder = Path(folder)
    config = _read_config(folder)
    state = _read_tensors(folder)
    try:
        # Injection draws an A that is replaced at once.
        with torch.random.fork_rng(devices=[]):
            apply_lora_to_model(model, config)
    except TargetError as error:
        raise AdapterError(f"the adapter in {folder.name} does not fit: {error}") from error
    try:
        load_lora_state_dict(model, state, config.bias)
    except AdapterError:
        remove_lora(model)
        raise
    return config


def _peft_name(name: str) -> str:
    is_factor = name.endswith((".lora_A", ".lora_B"))
    return PREFIX + name + (".weight" if is_factor else "")


def _own_name(name: str) -> str:
    name = name.removeprefix(PREFIX)
    is_factor = name.endswith((".lora_A.weight", ".lora_B.weight"))
    return name.removesuffix(".weight") if is_factor else name


def _peft_settings(model: nn.Module, config: LoRAConfig, base_model_name: str) -> dict[str, Any]:
    targets = config.target_modules
    alpha = config.lora_alpha
    layers = find_lora_layers(model).values()
    # PEFT's wrapper for this task hands inputs_embeds on, which CLIP's forward does not take.
    is_text_model = "inputs_embeds" in inspect.signature(model.forward).parameters
    return {
        "base_model_name_or_path": base_model_name,
        "bias": config.bias,
        # One flag for all layers: PEFT corrects it, aloud, at those of the other kind.
        "fan_in_fan_out": any(layer.fan_in_fan_out for layer in layers),
        "inference_mode": True,
        "init_lora_weights": True,
        "lora_alpha": int(alpha) if alpha == int(alpha) else alpha,
        "lora_dropout": config.lora_dropout,
        "peft_type": "LORA",
        "r": config.r,
        "target_modules": targets if isinstance(targets, str) else list(targets),
        "task_type": "FEATURE_EXTRACTION" if is_text_model else None,
    }


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def _read_config(folder: Path) -> LoRAConfig:
    try:
        settings = json.loads((folder / CONFIG_NAME).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise AdapterError(
            f"{folder.name} holds no {CONFIG_NAME}; choose the folder an export wrote"
        ) from None
    except ValueError as error:
        raise AdapterError(f"{CONFIG_NAME} is not JSON ({error}); export it again") from None
    if not isinstance(settings, dict) or settings.get("peft_type") != "LORA":
        raise AdapterError(
            f"{CONFIG_NAME} describes no LoRA adapter; choose one whose type is LORA"
        )
    return _parse_settings(settings)


def _parse_settings(settings: dict[str, Any]) -> LoRAConfig:
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
    optional = {name: settings[name] for name in ("lora_dropout", "bias") if name in settings}
    try:
        config = LoRAConfig(**needed, **optional)
        "".join(config.target_modules)  # a TypeError unless they are texts
    except (ConfigError, TypeError) as error:
        raise AdapterError(f"{CONFIG_NAME} is not whole ({error}); export it again") from error
    return config


def _read_tensors(folder: Path) -> dict[str, Tensor]:
    path = folder / WEIGHTS_NAME
    if not path.is_file():
        raise AdapterError(f"{folder.name} holds no {WEIGHTS_NAME}; choose the folder of an export")
    try:
        tensors = load_file(path)
    except (SafetensorError, OSError) as error:
        raise AdapterError(f"{WEIGHTS_NAME} is not whole ({error}); export it again") from error
    return {_own_name(name): tensor for name, tensor in tensors.items()}
