"""Finished runs on disk: which of them go when there are too many, or they are too old.

A run's folder is named by its job's id; nothing of another name is ever touched. What a browser is
downloading is gradio's copy of it, so that no download breaks when a run goes.
"""

from __future__ import annotations

import re
import shutil
import time
import uuid
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.visits.service_config import MB, ServiceConfig

# A run, its checkpoints, or what a process that was killed left of writing one.
OURS = re.compile(r"[0-9a-f]{32}(\.partial)?|\.[0-9a-f]{32}\..+")


@dataclass(frozen=True)
class StoredRun:
    """A folder: its size in bytes, and when anything in it was last written (seconds, as
    time.time counts them)."""

    folder: Path
    bytes: int
    written_at: float


def list_runs(home: Path) -> list[StoredRun]:
    """The runs in a folder, the oldest first."""
    if not home.is_dir():
        return []
    found = [measure(folder) for folder in home.iterdir() if OURS.fullmatch(folder.name)]
    return sorted((run for run in found if run), key=lambda run: run.written_at)


def measure(folder: Path) -> StoredRun | None:
    """What a folder holds; None when it went meanwhile, or is none."""
    try:
        if folder.is_symlink() or not folder.is_dir():
            return None
        told = [path.lstat() for path in (folder, *folder.rglob("*"))]
    except OSError:
        return None
    return StoredRun(folder, sum(one.st_size for one in told), max(one.st_mtime for one in told))


def choose_outdated(
    runs: Sequence[StoredRun], service: ServiceConfig, in_use: Collection[str], now: float
) -> list[StoredRun]:
    """Those to remove, the oldest first. runs: oldest first; in_use: names of folders to spare.

    By age first; then the oldest until number and size are within their limits.
    """
    count, size = len(runs), sum(run.bytes for run in runs)
    outdated = []
    for run in runs:
        if run.folder.name.strip(".").partition(".")[0] in in_use:
            continue
        is_old = service.keep_seconds is not None and now - run.written_at > service.keep_seconds
        are_many = service.all_runs_kept is not None and count > service.all_runs_kept
        are_large = service.all_runs_mb is not None and size > service.all_runs_mb * MB
        if is_old or are_many or are_large:
            outdated.append(run)
            count, size = count - 1, size - run.bytes
    return outdated


def remove_outdated(
    home: Path, service: ServiceConfig, in_use: Collection[str], now: float | None = None
) -> list[Path]:
    """Remove them from a folder of runs; -> the folders that went."""
    now = time.time() if now is None else now
    outdated = choose_outdated(list_runs(home), service, in_use, now)
    return [run.folder for run in outdated if remove(run.folder)]


def remove(folder: Path) -> bool:
    """Remove a folder; under its name it is there whole or not at all. -> whether it was there."""
    going = folder.with_name(f".{uuid.uuid4().hex}.going")
    try:
        folder.rename(going)
    except OSError:
        return False
    shutil.rmtree(going, ignore_errors=True)
    return True
