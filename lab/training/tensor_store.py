"""Tensors of one run that are made once: where they lie up to a size, in a temporary file past it.

Knows nothing about models: an item is whatever tensors it was put in as, under its key.
"""

from __future__ import annotations

import shutil
import tempfile
import weakref
from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

MEMORY_BYTES = 1 << 30  # about 1,700 pictures of 224 x 224 pixels in fp32
FILE_BYTES = 1 << 34  # about 28,000 more


class TensorStore:
    """Key -> tensors. What has no room in memory or in the file is not kept."""

    def __init__(self, memory_bytes: int = MEMORY_BYTES, file_bytes: int = FILE_BYTES) -> None:
        self._room = memory_bytes
        self._in_memory: dict[str, Mapping[str, Tensor]] = {}
        self._in_file: dict[str, dict[str, _Place]] = {}
        self._file: _Overflow | None = None
        self._file_bytes = file_bytes

    def get(self, key: str) -> Mapping[str, Tensor] | None:
        """The tensors that were put in under the key; None when they were not kept."""
        if key in self._in_file:
            return {name: self._file.read(place) for name, place in self._in_file[key].items()}
        return self._in_memory.get(key)

    def put(self, key: str, inputs: Mapping[str, Tensor]) -> None:
        """Keep the tensors if there is room."""
        size = sum(tensor.nbytes for tensor in inputs.values())
        if size <= self._room:
            self._room -= size
            self._in_memory[key] = inputs
        elif self._file_bytes:
            self._file = self._file or _Overflow(self._file_bytes)
            places = {
                name: self._file.write(tensor.cpu().numpy()) for name, tensor in inputs.items()
            }
            if None not in places.values():
                self._in_file[key] = places


class _Place(NamedTuple):
    start: int
    shape: tuple[int, ...]
    dtype: np.dtype


class _Overflow:
    """A file that grows until a limit, half the free disk, or an error; gone with this object.

    Read, not mapped: the system keeps what is read in memory just as well, and a disk that
    fills up is an error that can be caught instead of the end of the process.
    """

    def __init__(self, limit: int) -> None:
        self._file = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115 (closed by finalize)
        weakref.finalize(self, self._file.close)
        self._limit = min(limit, shutil.disk_usage(tempfile.gettempdir()).free // 2)
        self._end = 0

    def write(self, array: np.ndarray) -> _Place | None:
        place = _Place(self._end, array.shape, array.dtype)
        if self._end + array.nbytes > self._limit:
            return None
        try:
            self._file.seek(self._end)
            written = self._file.write(np.ascontiguousarray(array).data)
        except OSError:
            written = 0
        if written != array.nbytes:
            self._limit = 0  # the disk is full: no more is tried
            return None
        self._end += array.nbytes
        return place

    def read(self, place: _Place) -> Tensor:
        array = np.empty(place.shape, place.dtype)
        self._file.seek(place.start)
        self._file.readinto(array.data)
        return torch.from_numpy(array)
