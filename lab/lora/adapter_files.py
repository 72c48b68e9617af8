"""Adapter files in PEFT's format, so that what is trained here loads there and back.

adapter_config.json         the settings
adapter_model.safetensors   base_model.model.<path>.lora_A.weight and what else trained
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save
from torch import Tensor, nn

from lab.config import LoRAConfig
from lab.errors import AdapterError, TargetError
from lab.lora.adapter_settings import CONFIG_NAME, parse_settings, peft_settings
from lab.lora.inject import apply_lora_to_model, remove_lora
from lab.lora.layer import find_lora_layers
from lab.lora.pissa import as_plain_lora
from lab.lora.state import (
    count_parameters,
    load_lora_state_dict,
    lora_state_dict,
    predict_parameters,
)

WEIGHTS_NAME = "adapter_model.safetensors"
# Running statistics in modules_to_save count in whole numbers.
DTYPES = (torch.float32, torch.float16, torch.bfloat16, torch.float64, torch.int64)
CONFIG_BYTES = 8 << 20
PREFIX = "base_model.model."


def save_adapter(
    folder: str | Path, model: nn.Module, config: LoRAConfig, base_model_name: str
) -> None:
    """Writes the adapter's two files; `peft.PeftModel.from_pretrained(base, folder)` reads them.

    The settings are written last, so a folder that has them is whole. A layer that several
    paths share is written under its first path, the only one that PEFT would adapt. PiSSA is
    written as the plain LoRA of twice the rank that it is on the untouched base. Dropout on the
    factors, which PEFT cannot express, is a note beside the tensors.
    Raises AdapterError for a model without LoRA.
    """
    if not find_lora_layers(model):
        raise AdapterError("the model carries no LoRA to save; apply_lora_to_model puts it in")
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CONFIG_NAME).unlink(missing_ok=True)
    tensors = {
        PREFIX + name: tensor.cpu().contiguous() for name, tensor in _file_tensors(model, config)
    }
    settings = peft_settings(model, as_plain_lora(config), base_model_name)
    text = json.dumps(settings, indent=2, ensure_ascii=False) + "\n"
    # safetensors' own files are closed to other users; ours follow the umask, as all others do.
    _write(folder / WEIGHTS_NAME, save(tensors, {"format": "pt"} | _beyond_peft(config)))
    _write(folder / CONFIG_NAME, text.encode())


def load_adapter(folder: str | Path, model: nn.Module) -> LoRAConfig:
    """Puts the saved adapter into the model, in place, and returns its settings.

    Reads what `save_adapter` or PEFT wrote, if it is plain LoRA. torch's generator is left as
    it was. Raises AdapterError, and leaves the model without LoRA, for files that are missing
    or not whole, another method, or tensors that do not fit the model.
    """
    folder = Path(folder)
    config = read_config(folder)
    state, notes = read_tensors(folder)
    if notes.get("lora_dropout_on") == "factors":
        config = replace(config, lora_dropout_on="factors")
    try:
        _check_size(state, model, config)
        # Injection draws an A that is replaced at once.
        with torch.random.fork_rng(devices=[]):
            apply_lora_to_model(model, config)
    except TargetError as error:
        raise AdapterError(f"the adapter in {folder.name} does not fit: {error}") from error
    try:
        own_names = {file: own for own, file in _file_names(model).items()}
        state = {own_names.get(name, name): tensor for name, tensor in state.items()}
        _drop_repetitions(state, model)
        load_lora_state_dict(model, state, config.bias)
    except AdapterError:
        remove_lora(model)
        raise
    return config


def _check_size(state: dict[str, Tensor], model: nn.Module, config: LoRAConfig) -> None:
    """Raises AdapterError for a rank that the file cannot hold and memory might not.

    Whether the tensors fit one by one is seen when they are loaded.
    """
    wanted, _ = predict_parameters(model, config)
    held = sum(tensor.numel() for tensor in state.values())
    if wanted > held + count_parameters(model)[1]:
        raise AdapterError(
            f"{CONFIG_NAME} asks for {wanted:,} numbers and {WEIGHTS_NAME} holds {held:,}; "
            "export it again"
        )


def _beyond_peft(config: LoRAConfig) -> dict[str, str]:
    """What PEFT has no setting for, beside the tensors: in its JSON it would warn of it."""
    if config.lora_dropout_on == "input":
        return {}
    return {
        "lora_dropout_on": config.lora_dropout_on,
        "note": "Trained with dropout on the factors A and B. PEFT cannot express this: there "
        "the adapter means the same, but training on drops entries of the layers' inputs.",
    }


def _file_tensors(model: nn.Module, config: LoRAConfig) -> Iterator[tuple[str, Tensor]]:
    for path, layer in find_lora_layers(model).items():
        for file, tensor in layer.exported().items():
            yield f"{path}.{file}", tensor
    in_layers = _file_names(model)
    for name, tensor in lora_state_dict(model, config.bias).items():
        if name not in in_layers:
            yield name, tensor


def _file_names(model: nn.Module) -> dict[str, str]:
    """The layers' tensors by their names here, each with its name in PEFT's file."""
    return {
        f"{path}.{own}": f"{path}.{file}"
        for path, layer in find_lora_layers(model).items()
        for own, file in layer.file_names().items()
    }


def _drop_repetitions(state: dict[str, Tensor], model: nn.Module) -> None:
    """Takes out what PEFT writes twice.

    The table itself, where it adapts a language model's embedding; and, under bias "all", the
    biases of modules_to_save once more by their names within its wrapper.
    """
    for name in [
        name for name in state if re.search(r"\.(modules_to_save|original_module)\.", name)
    ]:
        del state[name]
    there = model.state_dict()
    for name in [name for name in state if name.endswith(".base_layer.weight") and name in there]:
        if not torch.equal(state[name].to(there[name]), there[name]):
            raise AdapterError(f"the adapter's {name} is of another base; load its own model")
        del state[name]


def _write(path: Path, content: bytes) -> None:
    partial = path.with_name(path.name + ".partial")
    partial.write_bytes(content)
    os.replace(partial, path)


def read_config(folder: Path) -> LoRAConfig:
    """The settings of an adapter's folder; AdapterError where it has none that the lab can mean."""
    path = folder / CONFIG_NAME
    if not path.is_file():
        raise AdapterError(
            f"{folder.name} holds no {CONFIG_NAME}; choose the folder an export wrote"
        )
    if path.stat().st_size > CONFIG_BYTES:
        raise AdapterError(f"{CONFIG_NAME} is larger than {CONFIG_BYTES >> 20} MB; export it again")
    try:
        settings = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise AdapterError(f"{CONFIG_NAME} is not JSON ({error}); export it again") from None
    return parse_settings(settings)


def read_tensors(folder: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """An adapter's tensors by their names in the model, and the notes beside them; AdapterError."""
    if not (folder / WEIGHTS_NAME).is_file():
        raise AdapterError(f"{folder.name} holds no {WEIGHTS_NAME}; choose the folder of an export")
    tensors, notes = read_safetensors(folder / WEIGHTS_NAME)
    return {name.removeprefix(PREFIX): tensor for name, tensor in tensors.items()}, notes


def read_safetensors(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    """A file's tensors, and the notes beside them; AdapterError where it is not whole."""
    try:
        with safe_open(path, "pt") as file:
            tensors, notes = load_file(path), file.metadata() or {}
    # A type that this torch does not know is a KeyError or whatever else.
    except Exception as error:
        raise AdapterError(f"{path.name} is not whole ({error}); export it again") from error
    for name, tensor in tensors.items():
        if tensor.dtype not in DTYPES:
            kind = str(tensor.dtype).removeprefix("torch.")
            raise AdapterError(
                f"the adapter's {name} holds {kind}; export it again in fp32, fp16 or bf16"
            )
    return tensors, notes
