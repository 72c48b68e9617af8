"""A model's name -> its Encoder: bundled, a local folder, or from the hub."""

from __future__ import annotations

from pathlib import Path

from lab.encoders.base import Encoder
from lab.encoders.folder import load_folder
from lab.encoders.hub import find_hub_folder, looks_like_hub_id
from lab.encoders.registry import CATALOGUE, find_row
from lab.errors import ModelError


def load_encoder(name_or_path: str, pooling: str | None = None) -> Encoder:
    """The encoder that a bundled name, a local folder or a hub id names, frozen and in fp32.

    pooling: how token features become one embedding; None: the model's own way.
    Raises ModelError with the way out: unknown names, an unreachable hub (within 5 s), anything
    but whole and finite safetensors.
    """
    row = find_row(name_or_path)
    if row is not None and row.bundled:
        return load_folder(row.folder, row.name, pooling)
    folder = Path(name_or_path)
    if folder.is_dir():
        return load_folder(folder, folder.resolve().name, pooling)
    repo = row.name if row is not None else name_or_path
    if row is None and ("/" not in repo or not looks_like_hub_id(repo)):
        bundled = ", ".join(row.name for row in CATALOGUE if row.bundled)
        raise ModelError(
            f"there is no model {name_or_path!r}; name a bundled one ({bundled}), a local folder, "
            "or a hub id like openai/clip-vit-base-patch32"
        )
    return load_folder(find_hub_folder(repo), repo, pooling)
