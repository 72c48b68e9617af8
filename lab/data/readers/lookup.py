"""Finding a source's table, and its pictures by what a table calls them."""

from __future__ import annotations

import posixpath
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from pathlib import PurePosixPath

from lab.data.images import SUFFIXES
from lab.data.limits import Limits
from lab.data.readers.source import FileSource, MemorySource, Source
from lab.data.readers.table import TABLE_SUFFIXES, list_names, shorten
from lab.errors import DataError


def find_table(source: Source) -> str:
    """The name of the source's one table.

    Raises DataError when there is none, or when several leave it open which is meant.
    """
    if isinstance(source, FileSource):
        return source.names[0]
    tables = [name for name in source.names if name.lower().endswith(TABLE_SUFFIXES)]
    if len(tables) == 1:
        return tables[0]
    if not tables:
        raise _no_table(source)
    named = [name for name in tables if PurePosixPath(name).stem.lower() == "metadata"]
    if len(named) == 1:
        return named[0]
    way_out = "keep one of them" if named else "keep one, or name it metadata.csv"
    raise DataError(f"{source.name!r} holds several tables ({list_names(tables)}); {way_out}")


def _no_table(source: Source) -> DataError:
    for name, reason in source.refused.items():
        if name.lower().endswith(TABLE_SUFFIXES):
            return DataError(f"the table {shorten(name)!r} in {source.name!r} {reason}")
    pictures = sum(name.lower().endswith(SUFFIXES) for name in source.names)
    return DataError(
        f"{source.name!r} holds {pictures} pictures and no table; add a metadata.csv with the "
        "columns image,text and a line like cat.jpg,a sleeping cat for each picture"
    )


class PictureIndex:
    """The pictures of a source, found by path (from the table's folder, or from the top), else by
    file name; capital letters count only where they tell two pictures apart."""

    def __init__(self, source: Source, table: str, limits: Limits) -> None:
        # Composing letters takes time with the square of a name's length.
        self._longest = limits.name_characters
        self._folder = str(PurePosixPath(table).parent)
        inside = isinstance(source, MemorySource)
        self._exact = frozenset(source.names if inside else ())
        pictures = [name for name in source.names if name.lower().endswith(SUFFIXES) and not inside]
        self._by_path = {spell(name): name for name in pictures}
        self._by_caseless_path = _unambiguous((spell(name).casefold(), name) for name in pictures)
        self._by_file = _unambiguous(
            (posixpath.basename(spell(name)).casefold(), name) for name in pictures
        )
        self._refused = {spell(name): reason for name, reason in source.refused.items()}

    def __len__(self) -> int:
        return len(self._by_path) + len(self._exact)

    def find(self, name: str) -> str | None:
        """The source's own name of the picture that a table calls `name`; None: there is none."""
        if name in self._exact:
            return name
        if len(name) > self._longest:
            return None
        spelled = spell(name)
        for path in (posixpath.normpath(posixpath.join(self._folder, spelled)), spelled):
            found = self._by_path.get(path) or self._by_caseless_path.get(path.casefold())
            if found:
                return found
        return self._by_file.get(spelled.casefold()) if "/" not in spelled else None

    def why_missing(self, name: str) -> str:
        """Why `find` found nothing, in words that go on from "line 7: "."""
        shown = shorten(name)
        if name.lstrip().lower().startswith("data:"):
            return "its picture is written out in the cell; put it into the upload as a file"
        if len(name) > self._longest:
            return f"{shown!r} is longer than any file's name; name a picture of the upload"
        spelled = spell(name)
        if "://" in name or spelled.startswith("//"):
            return f"its picture {shown!r} is a web address, and none is fetched; put it in the ZIP"
        path = posixpath.normpath(posixpath.join(self._folder, spelled))
        for known in (path, spelled):
            if known in self._refused:
                return f"its picture {shown!r} {self._refused[known]}"
        if path.startswith(("/", "..")) or path[1:2] == ":":
            return f"its picture {shown!r} points outside the upload; put it inside"
        if not spelled.lower().endswith(SUFFIXES):
            return f"{shown!r} names no picture; use {', '.join(SUFFIXES)}"
        return f"there is no picture {shown!r} in the upload"


def _unambiguous(items: Iterable[tuple[str, str]]) -> dict[str, str]:
    names: defaultdict[str, list[str]] = defaultdict(list)
    for key, name in items:
        names[key].append(name)
    return {key: found[0] for key, found in names.items() if len(found) == 1}


def spell(name: str) -> str:
    """One spelling for a name: forward slashes, no leading "./", composed letters (NFC)."""
    name = unicodedata.normalize("NFC", name.strip().replace("\\", "/"))
    return name.removeprefix("./")
