"""A ZIP with a table and pictures, read member by member and counted. Nothing reaches the disk."""

from __future__ import annotations

import mmap
import stat
import struct
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from lab.data.limits import Limits
from lab.data.readers.source import Meter, check_size
from lab.data.readers.table import cut
from lab.errors import DataError

# Other methods unpack a few bytes into any number at once, before they could be counted.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
DIRECTORY_BYTES = 512  # of a ZIP's directory, for each member it may have
ENTRY, END, END_64 = b"PK\x01\x02", b"PK\x05\x06", b"PK\x06\x06"
TAIL = 66_000  # bytes from a ZIP's end in which its end records stand


class ZipSource:
    """A ZIP with one table and pictures at any depth.

    Folders and hidden files are passed over; links, encrypted members, and names that are
    absolute or climb with ".." are refused. What is unpacked is counted as it is read, whatever
    the ZIP says of its sizes. A ZIP inside the ZIP is not opened.
    """

    def __init__(self, name: str, path: Path, limits: Limits) -> None:
        self.name, self.limits = name, limits
        self.refused: dict[str, str] = {}
        self._meter = Meter(name, limits)
        self._archive = self._open(path)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for info in self._archive.infolist():
            self._sort(info)
        self.names = tuple(sorted(self._members))

    def _open(self, path: Path) -> zipfile.ZipFile:
        too_many = f"{self.name!r} holds more than {self.limits.members:,} files; pack fewer"
        try:
            most = self.limits.members
            if directory_size(path) > DIRECTORY_BYTES * most or has_more_entries(path, most):
                raise DataError(too_many)
            archive = zipfile.ZipFile(path)
        # Whatever else the standard library answers to a broken directory means the same.
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            NotImplementedError,
            OverflowError,
            struct.error,
        ):
            raise DataError(f"{self.name!r} is not a whole ZIP; pack it again") from None
        if len(archive.infolist()) > self.limits.members:
            archive.close()
            raise DataError(too_many)
        return archive

    def _sort(self, info: zipfile.ZipInfo) -> None:
        most = self.limits.name_characters
        name = cut(member_name(info), most)
        if not name or name.endswith("/") or _is_hidden(name):
            return
        reason = why_refused(info, most)
        if reason:
            self.refused[name] = reason
        else:
            self._members[name] = info

    def read(self, member: str, most: int | None = None) -> bytes:
        """The member's bytes, counted against the limits while they are unpacked."""
        most = most or self.limits.image_bytes
        try:
            with self._archive.open(self._members[member]) as file:
                data = file.read(most + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
            OverflowError,
            struct.error,
        ):
            raise DataError(f"{member!r} is broken in the ZIP; pack it again") from None
        check_size(member, len(data), most)
        self._meter.count(member, len(data))
        return data


def directory_size(path: Path) -> int:
    """Bytes of the ZIP's directory, as its end records say: what will be read and parsed.

    zipfile makes an object of every entry before any can be counted; this is known beforehand.
    """
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - TAIL))
        tail = file.read(TAIL)
    at, at_64 = tail.rfind(END), tail.rfind(END_64)
    size = struct.unpack_from("<I", tail, at + 12)[0] if at >= 0 else 0
    size_64 = struct.unpack_from("<Q", tail, at_64 + 40)[0] if at_64 >= 0 else 0
    return size_64 if size == 0xFFFFFFFF else size


def has_more_entries(path: Path, most: int) -> bool:
    """Whether so many entries begin somewhere in the file, whatever its end records say of it."""
    if path.stat().st_size == 0:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data:
        at = data.find(ENTRY)
        while at >= 0 and most >= 0:
            most -= 1
            at = data.find(ENTRY, at + 1)
    return most < 0


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; one not marked as UTF-8 is tried as UTF-8 (macOS) and CP949 (Windows)."""
    if info.flag_bits & 0x800:
        return info.filename
    for encoding in ("utf-8", "cp949"):
        try:
            return info.filename.encode("cp437").decode(encoding)
        except UnicodeError:
            continue
    return info.filename


def why_refused(info: zipfile.ZipInfo, longest: int) -> str:
    """Why a member is not read; "" when it is."""
    if len(member_name(info)) > longest:
        return "has too long a name; shorten it"
    path = PurePosixPath(info.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or any(":" in part for part in path.parts[:1]):
        return "points outside the ZIP"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link, and none is followed"
    if info.flag_bits & 0x1:
        return "is encrypted; pack it without a password"
    if info.compress_type not in METHODS:
        return "is packed in a way that is not read; pack it as a plain ZIP"
    return ""


def _is_hidden(name: str) -> bool:
    parts = PurePosixPath(name.replace("\\", "/")).parts
    return any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in parts)
