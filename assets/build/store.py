"""Writes a model folder as the hub lays it out, with its weights in half precision."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from transformers import PreTrainedModel, PreTrainedTokenizerFast

MODELS = Path(__file__).parents[1] / "models"


def round_to_half(module: PreTrainedModel) -> None:
    """Round every weight to what fp16 can hold, so that what is measured is what is saved."""
    for tensor in module.state_dict().values():
        if tensor.is_floating_point():
            tensor.copy_(tensor.half().float())


def save_model(folder: Path, module: PreTrainedModel, tokenizer: PreTrainedTokenizerFast) -> None:
    """Write the module as fp16 safetensors, and its tokenizer.

    config.json says float32, so that every reader computes in it, as the lab does.
    """
    folder.mkdir(parents=True, exist_ok=True)
    module.to(torch.float16).save_pretrained(folder)
    module.to(torch.float32)
    (folder / "model.safetensors").chmod(0o644)  # save_pretrained leaves it to its owner alone
    tokenizer.save_pretrained(folder)
    path = folder / "config.json"
    config = json.loads(path.read_text())
    for part in (
        config,
        *(config[name] for name in ("text_config", "vision_config") if name in config),
    ):
        part["dtype"] = "float32"
    write_json(path, config)


def write_json(path: Path, content: object) -> None:
    """A JSON file as the hub's are indented."""
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
