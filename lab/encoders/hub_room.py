"""How much models of the hub may take on this machine: one of them, and its cache's together."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from lab.encoders.hub_cache import (
    choose_outdated,
    count_bytes,
    find_model_folder,
    list_models,
    mark_ours,
    mark_used,
    remove,
)
from lab.errors import ModelError

MB = 1 << 20  # bytes


class HubRoom:
    """What may be downloaded, in MB (2^20 bytes). Where nothing is limited, nothing is counted.

    model_mb: of one model; one that is in the cache loads whatever its size.
    cache_mb: all models that the lab has downloaded into the hub's cache; the longest unused go to
        make room for another.
    None: no limit.

    One room serves all threads of a process. Other processes on the same cache are not known here:
    what they are loading may go.
    """

    def __init__(self, model_mb: int | None = None, cache_mb: int | None = None) -> None:
        self._cache_mb = cache_mb
        self._most_mb = min((mb for mb in (model_mb, cache_mb) if mb is not None), default=None)
        self._changed = threading.Condition()
        self._in_use: set[Path] = set()
        self._reserved: dict[Path, int] = {}  # bytes that a folder takes up once it is downloaded

    @property
    def is_limited(self) -> bool:
        """Whether a download's size matters."""
        return self._most_mb is not None

    @contextmanager
    def use(self, name: str) -> Iterator[None]:
        """While a model is looked for, downloaded and loaded, it is not removed.

        One at a time: whoever wants the same model waits, and finds it in the cache.
        """
        if self._cache_mb is None:
            yield
            return
        folder = find_model_folder(name)
        with self._changed:
            self._changed.wait_for(lambda: folder not in self._in_use)
            self._in_use.add(folder)
        try:
            mark_used(folder)
            yield
        finally:
            with self._changed:
                self._in_use.remove(folder)
                self._changed.notify_all()

    @contextmanager
    def reserve(self, name: str, sizes: Sequence[int | None]) -> Iterator[None]:
        """Room for a model in use while it is downloaded, however that ends.

        sizes: of its files in bytes; None where the hub does not say.
        Raises ModelError when the model is too large, or those in use leave no room.
        """
        if self._most_mb is None:
            yield
            return
        size = _add_up(name, sizes, self._most_mb)
        if self._cache_mb is None:
            yield
            return
        folder = find_model_folder(name)
        with self._changed:
            self._reserved[folder] = self._make_room(name, size, self._cache_mb * MB)
        try:
            with suppress(OSError):  # of a disk that is full or only to be read the download tells
                mark_ours(folder)
            yield
        finally:
            with self._changed:
                del self._reserved[folder]

    def _make_room(self, name: str, size: int, most: int) -> int:
        """Remove the longest unused; -> the bytes of the model's folder with `size` more in it.

        What an earlier download has left there is kept, to go on from, where it can be.
        """
        folder = find_model_folder(name)
        models = [one for one in list_models(folder.parent) if one.folder not in self._reserved]
        left = most - sum(self._reserved.values()) - size
        outdated = choose_outdated(models, left, spared=self._in_use - {folder})
        if outdated is None or not all(map(remove, outdated)):
            raise ModelError(
                f"there is no room for {name!r} beside the models in use; try again in a minute, "
                "or choose a smaller model"
            )
        kept = [one for one in models if one.folder == folder and one not in outdated]
        return size + count_bytes(kept)


def _add_up(name: str, sizes: Sequence[int | None], most_mb: int) -> int:
    if None in sizes:
        raise ModelError(
            f"the hub does not say how large {name!r} is, and a model may take at most "
            f"{most_mb:,} MB here; choose another model"
        )
    size = sum(sizes)
    if size > most_mb * MB:
        raise ModelError(
            f"{name!r} takes {-(-size // MB):,} MB, and a model may take at most {most_mb:,} MB "
            "here; choose a smaller model"
        )
    return size
