"""Visitors' files: each in a folder of its own that nobody can guess, all within limits.

They are the lab's own: what gradio keeps of an upload it clears away by a rule of its own.
"""

from __future__ import annotations

import os
import shutil
import threading
import time
import uuid
from collections.abc import Collection
from pathlib import Path
from typing import Any

from lab.visits.complaints import Complaint
from lab.visits.disk import measure, remove
from lab.visits.service_config import MB, ServiceConfig
from lab.visits.typed_json import read_as
from lab.visits.visitors import Visitor

HOME = ".uploads"  # in the folder of the runs


def list_uploads(visitor: Visitor, names: Collection[str]) -> dict[str, str]:
    """Those of these names, as `find_uploads` finds them again: name -> its folder and file."""
    return {
        name: f"{path.parent.name}/{path.name}"
        for name, path in visitor.uploads.items()
        if name in names
    }


def find_uploads(runs_folder: Path, listed: Any) -> dict[str, Path]:
    """Those that are still there, of what `list_uploads` gave; none outside the folder of uploads.

    Raises ValueError for what is no list of them.
    """
    home = (runs_folder / HOME).resolve()
    paths = {name: home / path for name, path in read_as(dict[str, str], listed).items()}
    return {
        name: path
        for name, path in paths.items()
        if path.resolve().parent.parent == home and path.is_file()
    }


class Uploads:
    """The uploads of all visitors, in one folder."""

    def __init__(self, home: Path, service: ServiceConfig) -> None:
        self._home = home
        self._service = service
        self._lock = threading.Lock()

    def take(self, visitor: Visitor, path: Path) -> str:
        """Keep a file; -> the name it goes by from now on. Raises Complaint when it is too much."""
        with self._lock:
            self._check(visitor, path)
            name = path.name
            while name in visitor.uploads:
                name = f"{name} (new)"
            visitor.uploads = {**visitor.uploads, name: self._keep(path)}
            return name

    def drop(self, visitor: Visitor, name: str) -> None:
        """Remove one of a visitor's files."""
        with self._lock:
            uploads = dict(visitor.uploads)
            path = uploads.pop(name)
            visitor.uploads = uploads
        remove(path.parent)

    def forget(self, visitor: Visitor) -> None:
        """Remove all of a visitor's files."""
        for name in visitor.uploads:
            self.drop(visitor, name)

    def remove_left_over(self, in_use: set[Path]) -> None:
        """Remove what a lab that ran before left here, once it is as old as uploads may become."""
        if self._service.keep_seconds is None or not self._home.is_dir():
            return
        for folder in self._home.iterdir():
            stored = measure(folder)
            if stored is None or folder in in_use:
                continue
            if time.time() - stored.written_at > self._service.keep_seconds:
                remove(folder)

    def _check(self, visitor: Visitor, path: Path) -> None:
        service, size = self._service, path.stat().st_size
        if len(visitor.uploads) >= service.uploads:
            raise Complaint("uploads", limit=service.uploads)
        own = sum(kept.stat().st_size for kept in visitor.uploads.values())
        if own + size > service.upload_mb * MB:
            raise Complaint("upload_mb", limit=service.upload_mb)
        stored = measure(self._home)
        if (stored.bytes if stored else 0) + size > service.all_uploads_mb * MB:
            raise Complaint("all_uploads_mb", limit=service.all_uploads_mb)

    def _keep(self, path: Path) -> Path:
        folder = self._home / uuid.uuid4().hex
        folder.mkdir(parents=True)
        kept = folder / path.name
        try:
            os.link(path, kept)  # the same bytes under two names take the space of one
        except OSError:  # another disk
            shutil.copyfile(path, kept)
        return kept
