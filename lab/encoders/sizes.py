"""Whether a model is as large as its files: what config.json says is believed only that far.

A line of JSON can ask for a billion layers or for tables larger than any memory, and transformers
would make them before it looks at the weights. Knows nothing of what the tensors are for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import torch

from lab.encoders.folder import too_large
from lab.errors import ModelError
from lab.memory import find_free

if TYPE_CHECKING:
    from transformers import PreTrainedConfig, PreTrainedModel

# What counts modules, over the families that the lab reads.
LAYER_COUNTS = ("num_hidden_layers", "n_layer", "n_layers")


def check_size(
    network: type[PreTrainedModel], config: PreTrainedConfig, files: Sequence[Path], name: str
) -> None:
    """Raise ModelError when the configuration asks for more tensors or numbers than are there, or
    for more memory than is left."""
    tensors, numbers = _count_in_files(files)
    layers = sum(_find_counts(config.to_dict()))
    if layers > tensors:
        raise ModelError(
            f"{name!r} asks for {layers:,} layers in its config.json, but its files hold "
            f"{tensors:,} tensors; save or download it again"
        )
    with torch.device("meta"):  # shapes without memory
        module = network._from_config(config, attn_implementation="eager")
    wanted = sum(parameter.numel() for parameter in module.parameters())
    # A pooler that was not saved, and is left out later, is at most what the rest is.
    if wanted > 2 * numbers:
        raise ModelError(
            f"{name!r} asks for {wanted:,} numbers in its config.json, but its files hold "
            f"{numbers:,}; save or download it again"
        )
    free = find_free()
    if free is not None and wanted * torch.float32.itemsize > free:
        raise too_large(name)


def _count_in_files(files: Sequence[Path]) -> tuple[int, int]:
    """(tensors, numbers in all of them), by the files' headers."""
    from safetensors import safe_open

    tensors = numbers = 0
    for file in files:
        with safe_open(file, framework="pt") as opened:
            for key in opened.keys():  # noqa: SIM118 (no mapping)
                tensors += 1
                numbers += torch.Size(opened.get_slice(key).get_shape()).numel()
    return tensors, numbers


def _find_counts(settings: dict[str, object]) -> Iterator[int]:
    for key, value in settings.items():
        if isinstance(value, dict):
            yield from _find_counts(value)
        elif key in LAYER_COUNTS and isinstance(value, int):
            yield value
