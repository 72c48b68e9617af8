"""Runs on disk: a folder each, written whole or not at all.

    DIR/
      run.json        what was asked, on what, with which versions, and how it ended
      metrics.json    before and after on the held-out pairs
      steps.jsonl     one TrainStep a line
      adapter/        PEFT's two files and a model card
      report.html     one self-contained page

Knows nothing about models or training: it stores and finds what others made.
"""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.errors import ConfigError, DataError

RUN_NAME = "run.json"
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

    Nothing is left behind when it ends in an error. A new folder appears whole; one that is
    there, and may be where a disk is mounted, is filled, with run.json last.
    Raises DataError when `folder` holds anything, so that no run is ever overwritten.
    """
    check_is_free(folder)
    folder = folder.resolve()
    is_new = not folder.exists()
    home = folder.parent if is_new else folder
    home.mkdir(parents=True, exist_ok=True)
    scratch = home / f".{folder.name}.{uuid.uuid4().hex}.partial"
    scratch.mkdir()
    try:
        yield scratch
        if is_new:
            os.replace(scratch, folder)
        else:
            for file in sorted(scratch.iterdir(), key=lambda file: file.name == RUN_NAME):
                os.replace(file, folder / file.name)
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def check_is_free(folder: Path) -> None:
    """Raise DataError unless `folder` is missing or empty, and may be written."""
    folder = folder.resolve()
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise DataError(
            f"{folder.name!r} already holds something; name a folder that is new or empty"
        )
    there = next(parent for parent in (folder, *folder.parents) if parent.exists())
    if not there.is_dir() or not os.access(there, os.W_OK | os.X_OK):
        raise DataError(
            f"{folder.name!r} cannot be made inside {there.name!r}, where nothing may be written; "
            "name a folder elsewhere"
        )


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

    Raises DataError when the folder holds no finished run, or one of a later format.
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
