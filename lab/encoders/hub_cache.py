"""Models in the hub's cache: how large each is, when it was last used, and how one goes.

cache/models--owner--name/{blobs,refs,snapshots}: a snapshot's files are links to the blobs, and a
blob may be a link itself, into cache/blobs, a store that models and datasets share. Broken-off
downloads count like anything else. What others have put into the cache is theirs, and does not
count: a model that the lab has downloaded is marked. Knows of no limit.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

_MODEL, _STORE = "models--", "blobs"
_MARK = ".lora-lab"


@dataclass(frozen=True)
class CachedModel:
    """A model's folder, when it was last used (seconds, as time.time counts them), and the bytes
    of every file that it holds or links to."""

    folder: Path
    used_at: float
    files: Mapping[str, int]


def find_model_folder(name: str) -> Path:
    """Where the hub's cache keeps the model of this name, whether or not it is there."""
    from huggingface_hub import constants

    return Path(constants.HF_HUB_CACHE, _MODEL + name.replace("/", "--"))


def mark_used(folder: Path) -> None:
    """Remember that the model is used now. Access times cannot tell: many disks keep none."""
    with suppress(OSError, ValueError):  # not there yet, or the cache is only to be read
        os.utime(folder)


def mark_ours(folder: Path) -> None:
    """Remember that the lab downloads this model."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _MARK).touch()


def list_models(cache: Path) -> list[CachedModel]:
    """The models that the lab has downloaded into a cache, the longest unused first."""
    found = [_look_into(folder) for folder in cache.glob(_MODEL + "*")]
    return sorted((model for model in found if model), key=lambda model: model.used_at)


def _look_into(folder: Path) -> CachedModel | None:
    if folder.is_symlink() or not (folder / _MARK).is_file():
        return None
    files = {}
    for home, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # a link to nothing, or gone meanwhile
                file = os.path.realpath(os.path.join(home, name))
                files[file] = os.stat(file).st_size
    with suppress(OSError):
        return CachedModel(folder, folder.stat().st_mtime, files)
    return None


def count_bytes(models: Sequence[CachedModel]) -> int:
    """What they take up together; a file that several link to counts once."""
    return sum({file: size for model in models for file, size in model.files.items()}.values())


def choose_outdated(
    models: Sequence[CachedModel], most: int, spared: Collection[Path]
) -> list[CachedModel] | None:
    """Those to remove so that the rest takes at most `most` bytes; None when they do not suffice.

    models: the longest unused first. spared: folders that stay.
    """
    left, outdated = list(models), []
    for model in models:
        if count_bytes(left) > most and model.folder not in spared:
            left.remove(model)
            outdated.append(model)
    return outdated if count_bytes(left) <= most else None


def remove(model: CachedModel) -> bool:
    """Remove a model; under its name it is there whole or not at all. -> whether it went."""
    cache = model.folder.parent
    # Still a model by its name: if the process ends now, the next count finds it.
    going = cache / f"{_MODEL}going--{uuid.uuid4().hex}"
    try:
        model.folder.rename(going)
    except OSError:
        return False
    others = (folder for folder in cache.glob("*--*") if folder != going)
    for blob in _find_shared(going).difference(*map(_find_shared, others)):
        with suppress(OSError):
            blob.unlink()
    shutil.rmtree(going, ignore_errors=True)
    return True


def _find_shared(folder: Path) -> set[Path]:
    """The blobs of the common store that a model or dataset links to."""
    store = (folder.parent / _STORE).resolve()
    links = (blob for blob in (folder / "blobs").glob("*") if blob.is_symlink())
    return {blob for link in links if store in (blob := link.resolve()).parents}
