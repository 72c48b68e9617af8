"""Where an upload's table and pictures are: a folder, a ZIP, or a lone file.

Names in a table are looked up among the names the source holds, and nowhere else: a name that
points outside finds nothing. Nothing is ever unpacked to disk.
"""

from __future__ import annotations

import stat
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Protocol

from lab.data.images import SUFFIXES
from lab.data.limits import Limits
from lab.data.readers.table import TABLE_SUFFIXES
from lab.errors import DataError


class Source(Protocol):
    """name: of the upload; names: what it holds, in its own spelling."""

    name: str
    names: tuple[str, ...]

    def read(self, member: str) -> bytes:
        """The bytes of one of `names`. Raises DataError when they are too many or broken."""
        ...


def open_source(path: Path, name: str | None, limits: Limits) -> Source:
    """The source that a path is. Raises DataError when it cannot be read or is too large."""
    name = name or path.name
    if path.is_dir():
        return FolderSource(name, path, limits)
    if not path.is_file():
        raise DataError(f"there is no file or folder {name!r}; check its name")
    if path.stat().st_size > limits.file_bytes:
        raise DataError(
            f"{name!r} is larger than {limits.file_bytes >> 20} MB; upload a part of it"
        )
    if path.suffix.lower() == ".zip":
        return ZipSource(name, path, limits)
    return FileSource(name, path)


@dataclass(frozen=True, eq=False)
class FileSource:
    """One table, no pictures."""

    name: str
    path: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The file itself."""
        return (self.path.name,)

    def read(self, member: str) -> bytes:
        """The file's bytes."""
        return self.path.read_bytes()


@dataclass(eq=False)
class FolderSource:
    """A folder with one table and pictures at any depth; links are not followed."""

    name: str
    path: Path
    limits: Limits
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.names = tuple(sorted(self._walk()))

    def _walk(self) -> Iterator[str]:
        for count, path in enumerate(self.path.rglob("*")):
            if count > self.limits.members:
                raise DataError(f"{self.name!r} holds more than {self.limits.members:,} files")
            relative = path.relative_to(self.path)
            crosses_link = any((self.path / part).is_symlink() for part in _prefixes(relative))
            hidden = any(part.startswith(".") for part in relative.parts)
            if path.is_file() and not crosses_link and not hidden:
                yield relative.as_posix()

    def read(self, member: str) -> bytes:
        """The file's bytes."""
        path = self.path / member
        if path.stat().st_size > self.limits.file_bytes:
            raise DataError(f"{member!r} is larger than {self.limits.file_bytes >> 20} MB")
        return path.read_bytes()


def _prefixes(relative: Path) -> list[Path]:
    return [relative, *relative.parents][:-1]


@dataclass(eq=False)
class ZipSource:
    """A ZIP with one table and pictures at any depth, read member by member.

    Folders, links, encrypted members, and names that are absolute or climb with ".." are passed
    over. What is unpacked is counted as it is read, whatever the ZIP says of its sizes.
    """

    name: str
    path: Path
    limits: Limits
    names: tuple[str, ...] = field(init=False)

    def __post_init__(self) -> None:
        try:
            self._archive = zipfile.ZipFile(self.path)
        except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
            raise DataError(f"{self.name!r} is not a whole ZIP; pack it again") from None
        members = self._archive.infolist()
        if len(members) > self.limits.members:
            raise DataError(f"{self.name!r} holds more than {self.limits.members:,} files")
        self._members = {member_name(info): info for info in members if _is_plain(info)}
        self.names = tuple(sorted(self._members))
        self._unpacked: dict[str, int] = {}

    def read(self, member: str) -> bytes:
        """The member's bytes, counted against the limits while they are unpacked."""
        room = self.limits.file_bytes
        try:
            with self._archive.open(self._members[member]) as file:
                data = file.read(room + 1)
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            EOFError,
            NotImplementedError,
            RuntimeError,
        ):
            raise DataError(f"{member!r} is broken in the ZIP; pack it again") from None
        except Exception as error:
            if type(error).__module__ not in ("zlib", "lzma", "_lzma", "bz2", "_bz2"):
                raise
            raise DataError(f"{member!r} is broken in the ZIP; pack it again") from None
        if len(data) > room:
            raise DataError(f"{member!r} unpacks to more than {room >> 20} MB")
        self._unpacked[member] = len(data)
        if sum(self._unpacked.values()) > self.limits.unpacked_bytes:
            limit = self.limits.unpacked_bytes >> 20
            raise DataError(f"{self.name!r} unpacks to more than {limit:,} MB; upload a part of it")
        return data


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; one not marked as UTF-8 is tried as CP949 (Korean Windows)."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("cp949")
    except UnicodeError:
        return info.filename


def _is_plain(info: zipfile.ZipInfo) -> bool:
    name = PurePosixPath(info.filename.replace("\\", "/"))
    climbs = (
        name.is_absolute() or ".." in name.parts or ":" in name.parts[0] if name.parts else True
    )
    hidden = any(part.startswith((".", "__MACOSX")) for part in name.parts)
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    encrypted = bool(info.flag_bits & 0x1)
    return not (info.is_dir() or climbs or hidden or is_link or encrypted)


def find_table(source: Source) -> str:
    """The name of the source's one table.

    Raises DataError when there is none, or when several leave it open which is meant.
    """
    tables = [name for name in source.names if name.lower().endswith(TABLE_SUFFIXES)]
    if isinstance(source, FileSource):
        return source.names[0]
    if len(tables) == 1:
        return tables[0]
    if not tables:
        pictures = sum(name.lower().endswith(SUFFIXES) for name in source.names)
        raise DataError(
            f"{source.name!r} holds {pictures} pictures and no table; add a metadata.csv with the "
            "columns image,text and a line like cat.jpg,a sleeping cat for each picture"
        )
    named = [name for name in tables if PurePosixPath(name).stem.lower() == "metadata"]
    if len(named) == 1:
        return named[0]
    shown = ", ".join(tables[:5])
    raise DataError(
        f"{source.name!r} holds several tables ({shown}); keep one, or name it metadata.csv"
    )


class PictureIndex:
    """Finds a source's pictures by what a table calls them."""

    def __init__(self, source: Source, table: str) -> None:
        self._folder = PurePosixPath(table).parent
        pictures = [name for name in source.names if name.lower().endswith(SUFFIXES)]
        self._by_path = {_spelling(name): name for name in pictures}
        by_file: dict[str, list[str]] = {}
        for name in pictures:
            by_file.setdefault(_spelling(PurePosixPath(name).name), []).append(name)
        self._by_file = {file: names[0] for file, names in by_file.items() if len(names) == 1}

    def __len__(self) -> int:
        return len(self._by_path)

    def find(self, name: str) -> str | None:
        """The source's own name of the picture: beside the table, from the top, or by file name."""
        spelled = _spelling(name)
        beside = _spelling(str(self._folder / spelled))
        found = self._by_path.get(beside) or self._by_path.get(spelled)
        return found or (self._by_file.get(spelled) if "/" not in spelled else None)


def _spelling(name: str) -> str:
    """One spelling for a name: forward slashes, no leading "./", composed letters (NFC)."""
    name = unicodedata.normalize("NFC", name.strip().replace("\\", "/"))
    return name.removeprefix("./")
