"""An encoder's folder, written with a module's present weights beside the other files as read."""

from __future__ import annotations

import shutil
from pathlib import Path

from torch import nn

from lab.encoders.folder import WEIGHTS, WEIGHTS_INDEX
from lab.encoders.weights import save_module

KEPT_SUFFIXES = (".json", ".txt", ".model", ".safetensors")


def save_encoder(module: nn.Module, source: Path, folder: Path, network: str = "") -> None:
    """Write `folder` in the layout of `source`.

    network: where inside the folder the module's own files are ("" for the folder itself).
    """
    folder.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.rglob("*")):
        place = file.relative_to(source)
        if file.suffix not in KEPT_SUFFIXES or _holds_weights(file, source / network):
            continue
        (folder / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, folder / place)
    save_module(module, folder / network)


def _holds_weights(file: Path, network: Path) -> bool:
    """The module's own weights, in one file or in shards; a Dense layer's are elsewhere."""
    own = file.suffix == ".safetensors" or file.name in (WEIGHTS, WEIGHTS_INDEX)
    return own and file.parent == network
