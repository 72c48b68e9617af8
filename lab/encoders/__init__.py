"""Encoders: models that turn the items of a pair into embeddings of one space.

name or folder ──load──> Encoder: preprocess (items -> tensors), embed (tensors -> (B, D))

Names are imported when they are first used: the catalogue is read without torch.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOME_OF = {
    "CATALOGUE": "lab.encoders.registry",
    "Defaults": "lab.encoders.registry",
    "Encoder": "lab.encoders.base",
    "ModelRow": "lab.encoders.registry",
    "describe": "lab.encoders.base",
    "find_defaults": "lab.encoders.registry",
    "find_row": "lab.encoders.registry",
    "load_encoder": "lab.encoders.load",
}

__all__ = sorted(_HOME_OF)


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'lab.encoders' has no attribute {name!r}")
    return getattr(import_module(_HOME_OF[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
