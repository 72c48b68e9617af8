"""Finished runs and sweeps on disk: whose they are, and what the page remembers of them.

    RUNS/ID/kept.jsonl
      line 1   a hash of the visitor's id, what it is, when it was kept, and the checksum of line 2
      line 2   what the page needs beside the folder's own files to show it again

Whoever asks with an id that is not theirs has only the first lines read. As in
lab.visits.interrupted, the id itself never reaches the disk.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.durable import write_whole
from lab.visits.jobs import Kind
from lab.visits.typed_json import NotAsWrittenError, read_as, write_json
from lab.visits.visitors import hash_id

NAME = "kept.jsonl"
LONGEST_HEAD = 1024  # bytes
JOB_ID = re.compile("[0-9a-f]{32}")


@dataclass(frozen=True)
class Head:
    """The first line. at: seconds, as time.time counts them."""

    visitor: str
    kind: Kind
    at: float
    sha256: str


@dataclass(frozen=True)
class KeptFile:
    """What a visitor has kept, still unread."""

    folder: Path
    head: Head

    def read(self) -> dict[str, Any]:
        """The second line. Raises OSError, or NotAsWrittenError."""
        with (self.folder / NAME).open("rb") as file:
            file.readline(LONGEST_HEAD)
            line = file.read()
        if hashlib.sha256(line).hexdigest() != self.head.sha256:
            raise NotAsWrittenError(self.folder)
        return read_as(dict[str, Any], json.loads(line))


def write_kept(folder: Path, visitor_id: str, kind: Kind, values: Mapping[str, Any]) -> None:
    """Write it into the folder of a run or a sweep, whole or not at all. Raises OSError."""
    line = write_json(values).encode()
    head = Head(hash_id(visitor_id), kind, time.time(), hashlib.sha256(line).hexdigest())
    write_whole(folder / NAME, write_json(vars(head)).encode() + b"\n" + line)


def find_kept(home: Path, visitor_id: str) -> list[KeptFile]:
    """What this visitor has kept, the newest first. home: the folder of all runs."""
    visitor = hash_id(visitor_id)
    heads = ((folder, _read_head(folder / NAME, visitor)) for folder in _list_folders(home))
    found = [KeptFile(folder, head) for folder, head in heads if head is not None]
    return sorted(found, key=lambda kept: -kept.head.at)


def _list_folders(home: Path) -> list[Path]:
    if not home.is_dir():
        return []
    with os.scandir(home) as entries:
        return [
            Path(entry.path)
            for entry in entries
            if JOB_ID.fullmatch(entry.name) and entry.is_dir(follow_symlinks=False)
        ]


def _read_head(file: Path, visitor: str) -> Head | None:
    """The first line, if it is this visitor's; any other is looked at no further."""
    try:
        with file.open("rb") as opened:
            line = opened.readline(LONGEST_HEAD)
        head = read_as(Head, json.loads(line)) if visitor.encode() in line else None
    except (OSError, ValueError, RecursionError):
        return None  # of another version, say
    return head if head is not None and head.visitor == visitor else None


def is_kept(folder: Path) -> bool:
    """Whether what is in a folder has ended and was kept."""
    return (folder / NAME).is_file()
