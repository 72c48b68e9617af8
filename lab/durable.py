"""Files that outlast a kill or a power cut: each is there whole, as it was before, or not at all.

A rename is atomic, yet neither it nor what was written lies on the disk before fsync says so: of
the file for its content, of the folder for its name (fsync(2), "Calling fsync() does not
necessarily ensure that the entry in the directory containing the file has also reached disk").
"""

from __future__ import annotations

import errno
import hashlib
import os
import uuid
from collections.abc import Iterator
from pathlib import Path

SUMS_NAME = "SHA256SUMS"  # in the format of coreutils: `sha256sum --check SHA256SUMS` reads it
CHUNK_BYTES = 1 << 20


def write_whole(path: Path, content: bytes) -> None:
    """Write a file, or replace it; whoever opens it finds the one or the other whole.

    Raises OSError where it cannot be written, with what was there before as it was.
    """
    partial = path.with_name(f".{path.name}.{uuid.uuid4().hex}.partial")
    try:
        partial.write_bytes(content)
        sync(partial)
        os.replace(partial, path)
    finally:
        partial.unlink(missing_ok=True)
    sync(path.parent)


def sync(path: Path) -> None:
    """Return when a file's content, or the names in a folder, are on the disk."""
    if os.name == "nt" and path.is_dir():  # Windows opens no folder, and keeps its names itself
        return
    descriptor = os.open(path, os.O_RDWR if os.name == "nt" else os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that has nothing to sync for a folder
            raise
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """As `sync`, for all that is in a folder."""
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def write_sums(folder: Path) -> None:
    """Write SHA256SUMS: the checksum of every file in the folder."""
    lines = (f"{_hash(folder / name)}  {name}\n" for name in sorted(_names(folder)))
    (folder / SUMS_NAME).write_text("".join(lines), encoding="utf-8")


def find_damaged(folder: Path) -> str | None:
    """The first file of SHA256SUMS that is missing or not as it was written; None: all are well.

    Files that it does not list are not looked at, and a folder without it has none to look at.
    """
    sums = folder / SUMS_NAME
    if not sums.is_file():
        return None
    for line in sums.read_text(encoding="utf-8", errors="replace").splitlines():
        digest, _, name = line.partition("  ")
        inside = name and not name.startswith("/") and ".." not in Path(name).parts
        if not inside:
            return SUMS_NAME
        if not (folder / name).is_file() or _hash(folder / name) != digest:
            return name
    return None


def _names(folder: Path) -> Iterator[str]:
    for path in folder.rglob("*"):
        if path.is_file() and path.name != SUMS_NAME:
            yield path.relative_to(folder).as_posix()


def _hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK_BYTES):
            digest.update(chunk)
    return digest.hexdigest()
