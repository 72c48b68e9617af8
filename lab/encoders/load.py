"""The one door to models: a bundled name, a folder, or a hub id -> an Encoder.

name ──> folder (bundled, given, cached or downloaded) ──> family ──> Encoder
Only safetensors, never a pickle, never a model's own code.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from lab.encoders.hub_room import HubRoom
from lab.encoders.registry import (
    CATALOGUE,
    POOLINGS,
    bundled_models_dir,
    find_known_row,
)
from lab.errors import ModelError

if TYPE_CHECKING:
    from lab.encoders.base import Encoder

UNLIMITED = HubRoom()
_HUB_ID = re.compile(r"\w[\w.-]*/\w[\w.-]*", re.ASCII)  # owner/name


def load_encoder(
    name_or_path: str | Path, pooling: str | None = None, room: HubRoom = UNLIMITED
) -> Encoder:
    """Load a model, frozen, in fp32 and in eval mode.

    name_or_path: a bundled name, a folder, or a hub id, looked for in this order.
    pooling: one of the family's (registry.POOLINGS); None: the model's own.
    room: what may be downloaded.
    Raises ModelError when it cannot be found, reached within 5 s, or loaded safely, or when there
    is no room for it.
    """
    asked = str(name_or_path)
    with room.use(_find_hub_name(asked)):
        # The hub is asked before anything heavy is imported, so that its answer comes in time.
        folder, name = find_folder(asked, room)
        from lab.encoders.folder import explain

        with explain(name, folder, "its files cannot be read"):
            return _load(folder, name, pooling)


def _load(folder: Path, name: str, pooling: str | None) -> Encoder:
    from lab.encoders.folder import find_family

    family = find_family(folder, name)
    if family == "sentence":
        return _load_sentence(folder, name, pooling)
    row = find_known_row(name)
    poolings = row.poolings if row and row.family == family else POOLINGS[family]
    _check_pooling(pooling, poolings, name)
    if family == "clip":
        from lab.encoders.clip import load_clip

        return load_clip(folder, name)
    from lab.encoders.text import load_text

    return load_text(folder, name, family, pooling or poolings[0])


def _load_sentence(folder: Path, name: str, pooling: str | None) -> Encoder:
    from lab.encoders.sentence import load_sentence

    encoder = load_sentence(folder, name)
    _check_pooling(pooling, (encoder.pooling,), name)
    return encoder


def find_folder(asked: str, room: HubRoom = UNLIMITED) -> tuple[Path, str]:
    """-> where the model's files are, downloaded if need be, and the name to call it by.

    Raises ModelError when it is nowhere, or there is no room for it.
    """
    row = find_known_row(asked)
    if row is not None and row.bundled:
        return _find_bundled(row.name), row.name
    folder = Path(asked).expanduser()
    if folder.is_dir():
        return folder, folder.resolve().name
    name = _find_hub_name(asked)
    if not _HUB_ID.fullmatch(name):
        raise ModelError(
            f"there is no model or folder {asked!r}; choose {_bundled_names()}, a model's "
            "folder, or a hub id such as openai-community/gpt2"
        )
    from lab.encoders.hub import fetch

    return fetch(name, room), name


def _find_hub_name(asked: str) -> str:
    row = find_known_row(asked)
    return asked if row is None else row.name


def _find_bundled(name: str) -> Path:
    folder = bundled_models_dir() / name
    if not folder.is_dir():
        raise ModelError(
            f"the bundled model {name!r} is missing from assets/models; get the lab's assets "
            "again, or choose another model"
        )
    return folder


def _bundled_names() -> str:
    return ", ".join(row.name for row in CATALOGUE if row.bundled)


def _check_pooling(pooling: str | None, poolings: tuple[str, ...], name: str) -> None:
    if pooling is not None and pooling not in poolings:
        raise ModelError(
            f"{name!r} cannot be pooled by {pooling!r}; choose {' or '.join(poolings)}"
        )
