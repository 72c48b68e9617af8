"""An adapter's factors as its files hold them; the model they belong to is not needed.

    adapter_config.json        ─┐
    adapter_model.safetensors  ─┴─> {path: (A, B, scaling)},  ΔW = scaling · BA

PiSSA is saved as the plain LoRA of rank 2r that it is, so A and B there hold its start beside what
was trained; of DoRA these are the factors that turn the rows, their lengths m left out.
"""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import NamedTuple

import torch
from torch import Tensor

from lab.config import LoRAConfig
from lab.errors import AdapterError
from lab.lora.adapter_files import read_config, read_tensors
from lab.lora.choice import alpha_at

_FACTOR_A = re.compile(r"(?P<path>.+)\.lora_(?:embedding_)?A(?:\.weight)?")


class Factors(NamedTuple):
    """A (r, in) and B (out, r) in fp32; a convolution's kernels as rows."""

    a: Tensor
    b: Tensor
    scaling: float


def read_factors(folder: str | Path) -> dict[str, Factors]:
    """Path in the model -> its factors, from a folder that `save_adapter` or PEFT wrote.

    By path, block 10 after block 9: files do not keep the model's order.
    Raises AdapterError for files that are missing or not whole, for another method, and for
    PEFT's own PiSSA, whose ΔW lies in the base's weights and not in the files.
    """
    folder = Path(folder)
    config = read_config(folder)
    if config.init_lora_weights == "pissa":
        raise AdapterError(
            f"the adapter in {folder.name} starts from its base's weights (PiSSA), which its files "
            "leave out; load it and save it with save_adapter, as plain LoRA"
        )
    tensors, _ = read_tensors(folder)
    found = {match["path"]: match[0] for match in map(_FACTOR_A.fullmatch, tensors) if match}
    paths = sorted(found, key=_in_order)
    factors = {path: _pair(tensors, found[path], path, config) for path in paths}
    if not factors:
        raise AdapterError(f"{folder.name} holds no LoRA factors; choose the folder of an export")
    return factors


def _in_order(path: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in path.split(".")]


def _pair(tensors: dict[str, Tensor], name: str, path: str, config: LoRAConfig) -> Factors:
    start, _, end = name.rpartition("A")
    other = f"{start}B{end}"
    if other not in tensors:
        raise AdapterError(f"the adapter lacks {other}; export it again, for this model")
    a, b = (tensors[key].flatten(1).float() for key in (name, other))  # (r, in), (out, r)
    if b.shape[1] != len(a):
        raise AdapterError(
            f"the adapter's {other} has another rank than its lora_A; export it again"
        )
    for key, factor in ((name, a), (other, b)):
        if not torch.isfinite(factor).all():
            raise AdapterError(f"the adapter's {key} holds NaN or infinity; export it again")
    alpha, r = alpha_at(config, path), len(a)
    return Factors(a, b, alpha / (math.sqrt(r) if config.use_rslora else r))
