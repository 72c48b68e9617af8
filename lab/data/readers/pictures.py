"""The pictures that a table names, each decoded once: broken ones are known before a run."""

from __future__ import annotations

import hashlib
import io
import os
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor

from lab.data.images import thumbnail
from lab.data.limits import Limits
from lab.data.pair import Picture
from lab.data.readers.source import Source, UploadTooLargeError
from lab.errors import DataError

THUMBNAIL_SIDE = 64  # pixels
PROGRESS_EVERY = 50  # pictures


def load_pictures(
    source: Source,
    members: Iterable[str],
    limits: Limits,
    progress: Callable[[float], None],
) -> Mapping[str, Picture | str]:
    """Members -> pictures, or the reason why one is none. Each is read and decoded once, in
    parallel, since Pillow frees the GIL; progress: called with the share done, in this thread.

    Raises UploadTooLargeError when all of them together are too much.
    """
    members = list(dict.fromkeys(members))
    loaded: dict[str, Picture | str] = {}
    pixels = _Pixels(source.name, limits)
    with ThreadPoolExecutor(min(os.cpu_count() or 1, 8)) as pool:
        results = pool.map(lambda member: _load(source, member, limits, pixels), members)
        for member, picture in zip(members, results, strict=True):
            loaded[member] = picture
            done = len(loaded)
            if done % PROGRESS_EVERY == 0:
                progress(done / len(members))
    return loaded


class _Pixels:
    """Counts the pixels of all pictures together; used by several threads."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._most = name, limits.all_pixels
        self._total = 0
        self._lock = threading.Lock()

    def count(self, pixels: int) -> None:
        """Raise UploadTooLargeError when they are more than the limit."""
        with self._lock:
            self._total += pixels
            if self._total > self._most:
                raise UploadTooLargeError(
                    f"{self._name!r} holds pictures of more than {self._most / 1e6:,.0f} million "
                    "pixels together; make them smaller"
                )


def _load(source: Source, member: str, limits: Limits, pixels: _Pixels) -> Picture | str:
    try:
        data = source.read(member, limits.image_bytes)
        small = io.BytesIO()
        thumbnail(data, THUMBNAIL_SIDE, limits, pixels.count).save(
            small, "WEBP", quality=80, method=2
        )
    except UploadTooLargeError:
        raise
    except DataError as error:
        return str(error)
    key = hashlib.sha256(data).hexdigest()
    return Picture(member, key, source, member, small.getvalue())
