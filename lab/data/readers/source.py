"""Where an upload's table and pictures are: a folder, a ZIP, or a lone file.

Names in a table are looked up among the names the source holds, and nowhere else: a name that
points outside finds nothing. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from lab.data.limits import Limits
from lab.errors import DataError

DEEPEST = 100  # folders within one another


class Source(Protocol):
    """name: of the upload; names: what it holds, in its own spelling; refused: what it holds and
    is not read, with the reason."""

    name: str
    names: tuple[str, ...]
    refused: Mapping[str, str]

    def read(self, member: str, most: int | None = None) -> bytes:
        """The bytes of one of `names`, `most` of them. Raises DataError when there are more, when
        all that was read is too much, or when they are broken."""
        ...


class UploadTooLargeError(DataError):
    """All that was read of an upload together is too much: no row goes on after this."""


def open_source(path: Path, name: str | None, limits: Limits) -> Source:
    """The source that a path is. Raises DataError when it cannot be read or is too large."""
    name = name or path.name
    try:
        if path.is_dir():
            return FolderSource(name, path, limits)
        size = path.stat().st_size if path.is_file() else None
    except (OSError, ValueError):
        size = None
    if size is None:
        raise DataError(f"there is no file or folder {name!r} that can be read; check its name")
    if size > limits.file_bytes:
        raise DataError(
            f"{name!r} is larger than {limits.file_bytes >> 20} MB; upload a part of it"
        )
    if path.suffix.lower() == ".zip":
        from lab.data.readers.zip_source import ZipSource

        return ZipSource(name, path, limits)
    return FileSource(name, path, limits)


class Meter:
    """Counts what is read, each member once; used by several threads."""

    def __init__(self, name: str, limits: Limits) -> None:
        self._name, self._most = name, limits.unpacked_bytes
        self._counted: set[str] = set()
        self._total = 0
        self._lock = threading.Lock()

    def count(self, member: str, size: int) -> None:
        """Raise UploadTooLargeError when all members that were read are more than the limit."""
        with self._lock:
            if member not in self._counted:
                self._counted.add(member)
                self._total += size
            if self._total > self._most:
                raise UploadTooLargeError(
                    f"{self._name!r} unpacks to more than {self._most >> 20:,} MB; "
                    "upload a part of it"
                )


@dataclass(frozen=True, eq=False)
class FileSource:
    """One table, no pictures."""

    name: str
    path: Path
    limits: Limits
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The file itself."""
        return (self.path.name,)

    def read(self, member: str, most: int | None = None) -> bytes:
        """The file's bytes."""
        return read_file(self.path, self.name, most or self.limits.table_bytes)


def read_file(path: Path, name: str, most: int) -> bytes:
    """At most so many bytes of a file. Raises DataError when there are more."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError:
        raise DataError(f"{name!r} cannot be read; check its permissions") from None
    check_size(name, len(data), most)
    return data


def check_size(name: str, size: int, most: int) -> None:
    """Raise DataError when a file is larger than it may be."""
    if size > most:
        raise DataError(f"{name!r} is larger than {most >> 20} MB; make it smaller")


@dataclass(frozen=True, eq=False)
class MemorySource:
    """Pictures that stood inside a table."""

    name: str
    pictures: Mapping[str, bytes] = field(repr=False)
    refused: Mapping[str, str] = field(default_factory=dict)

    @property
    def names(self) -> tuple[str, ...]:
        """The pictures' names."""
        return tuple(self.pictures)

    def read(self, member: str, most: int | None = None) -> bytes:
        """The picture's bytes; they were counted when the table was read."""
        data = self.pictures[member]
        check_size(member, len(data), most or len(data))
        return data


class FolderSource:
    """A folder with one table and pictures at any depth; links and hidden files are passed over."""

    def __init__(self, name: str, path: Path, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.refused: dict[str, str] = {}
        self._path = path
        self._meter = Meter(name, limits)
        self.names = tuple(sorted(self._walk()))

    def _walk(self) -> Iterator[str]:
        seen = 0
        for folder, folders, files in os.walk(self._path):
            if len(Path(folder).relative_to(self._path).parts) > DEEPEST:
                raise DataError(
                    f"{self.name!r} holds folders more than {DEEPEST} deep; move them up"
                )
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for file in files:
                seen += 1
                if seen > self.limits.members:
                    raise DataError(f"{self.name!r} holds more than {self.limits.members:,} files")
                path = Path(folder, file)
                name = path.relative_to(self._path).as_posix()
                if path.is_symlink():
                    self.refused[name] = "is a link, and none is followed"
                elif path.is_file() and not file.startswith("."):
                    yield name

    def read(self, member: str, most: int | None = None) -> bytes:
        """The file's bytes."""
        data = read_file(self._path / member, member, most or self.limits.image_bytes)
        self._meter.count(member, len(data))
        return data
