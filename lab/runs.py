"""Runs on disk: a folder each, written whole or not at all.

    DIR/
      run.json        what was asked, on what, with which versions, and how it ended
      metrics.json    before and after on the held-out pairs
      steps.jsonl     one TrainStep a line
      adapter/        PEFT's two files and a model card
      report.html     one self-contained page
      SHA256SUMS      what all of these were when they were written

A run that is under way keeps its checkpoints beside the folder, in DIR.partial/.

Knows nothing about models or training: it stores and finds what others made.
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.durable import SUMS_NAME, find_damaged, sync, sync_tree, write_sums
from lab.errors import ConfigError, DataError

RUN_NAME = "run.json"
LAST = (SUMS_NAME, RUN_NAME)  # a folder that has them has all else
PARTIAL = ".partial"
FORMAT = 1  # of run.json; raised when a field changes its meaning


@dataclass(frozen=True)
class Run:
    """A run read back from its folder."""

    folder: Path
    record: Mapping[str, Any]
    metrics: Mapping[str, Any]

    @property
    def config(self) -> RunConfig:
        """The settings the run was made with."""
        return config_from_json(self.record["config"])

    @property
    def adapter(self) -> Path:
        """The folder with PEFT's two files."""
        return self.folder / "adapter"

    def steps(self) -> list[dict[str, Any]]:
        """The training steps, oldest first."""
        lines = (self.folder / "steps.jsonl").read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines]


@contextmanager
def new_run_folder(folder: Path) -> Iterator[Path]:
    """A scratch folder whose content becomes that of `folder` when the block ends well.

    Nothing is left behind when it ends in an error, and what a process that was killed left of
    writing this folder goes. A new folder appears whole; one that is
    there, and may be where a disk is mounted, is filled, with run.json last. What is there is on
    the disk when the block has ended, a run with the checksums of its files.
    Raises DataError when `folder` holds anything, so that no run is ever overwritten.
    """
    check_is_free(folder)
    folder = folder.resolve()
    is_new = not folder.exists()
    home = folder.parent if is_new else folder
    home.mkdir(parents=True, exist_ok=True)
    scratches = re.compile(rf"\.{re.escape(folder.name)}\.[0-9a-f]{{32}}{re.escape(PARTIAL)}")
    for left in filter(lambda path: scratches.fullmatch(path.name), home.iterdir()):
        shutil.rmtree(left, ignore_errors=True)
    scratch = home / f".{folder.name}.{uuid.uuid4().hex}{PARTIAL}"
    scratch.mkdir()
    try:
        yield scratch
        if (scratch / RUN_NAME).is_file():
            write_sums(scratch)
        sync_tree(scratch)
        if is_new:
            os.replace(scratch, folder)
        else:
            _fill(folder, scratch)
        sync(home)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def _fill(folder: Path, scratch: Path) -> None:
    first = [path for path in scratch.iterdir() if path.name not in LAST]
    last = [scratch / name for name in LAST if (scratch / name).exists()]
    for path in (*first, *last):
        os.replace(path, folder / path.name)


def checkpoint_folder(folder: Path) -> Path:
    """Where a run that will be `folder` keeps its checkpoints: beside it, or inside one that is
    there already and may be where a disk is mounted."""
    folder = folder.resolve()
    return folder / PARTIAL if folder.is_dir() else folder.with_name(folder.name + PARTIAL)


def check_is_free(folder: Path) -> None:
    """Raise DataError unless `folder` is missing or empty, and may be written.

    What a run that was interrupted left in it (checkpoints, and what it was writing) is nothing.
    """
    folder = folder.resolve()
    if folder.is_file() or (folder.is_dir() and not all(map(_is_left, folder.iterdir()))):
        raise DataError(
            f"{folder.name!r} already holds something; name a folder that is new or empty"
        )
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise DataError(
            f"{folder.name!r} cannot be made inside {there.name!r}, where nothing may be written; "
            "name a folder elsewhere"
        )


def _is_left(path: Path) -> bool:
    return path.name.startswith(".") and path.name.endswith(PARTIAL)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write `value` as readable JSON (UTF-8; NaN is refused)."""
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")


def write_steps(path: Path, steps: Iterable[Any]) -> None:
    """Write training steps as JSON Lines."""
    lines = (json.dumps(dataclasses.asdict(step)) + "\n" for step in steps)
    path.write_text("".join(lines), encoding="utf-8")


def read_run(folder: Path) -> Run:
    """The run in `folder`.

    Raises DataError when the folder holds no finished run, one of a later format, or a file that
    is not as it was written.
    """
    try:
        record = _read_object(folder / RUN_NAME)
        metrics = _read_object(folder / "metrics.json")
    except (OSError, ValueError):
        raise DataError(
            f"{folder.name!r} holds no finished run (run.json and metrics.json); name the "
            "folder that was given as --out"
        ) from None
    if record.get("format") != FORMAT:
        raise DataError(
            f"{folder.name!r} was written in format {record.get('format')!r}, this lab reads "
            f"format {FORMAT}; use the version that wrote it"
        )
    damaged = find_damaged(folder)
    if damaged is not None:
        raise DataError(
            f"{folder.name!r} is damaged: {damaged} is missing or not as it was written "
            f"({SUMS_NAME}); take it from a copy, or run it again"
        )
    run = Run(folder, record, metrics)
    try:
        _ = run.config, record["status"], record["data"]["sha256"]
        _ = metrics["before"]["a_to_b"], metrics["after"]["a_to_b"]
    except (KeyError, TypeError, ConfigError) as error:
        raise DataError(
            f"{folder.name!r} holds a run.json or metrics.json that is not whole ({error}); "
            "run it again"
        ) from None
    return run


def _read_object(path: Path) -> dict[str, Any]:
    value = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(value, dict):
        raise ValueError(f"{path.name} holds no object")
    return value


def config_as_json(config: RunConfig) -> dict[str, Any]:
    """The settings as plain JSON values; `config_from_json` reads them back."""
    return dataclasses.asdict(config)


def config_from_json(value: Mapping[str, Any]) -> RunConfig:
    """The settings that `config_as_json` wrote; they check themselves again."""
    lora, train = LoRAConfig(**value["lora"]), TrainConfig(**value["train"])
    return RunConfig(**{**value, "lora": lora, "train": train})
