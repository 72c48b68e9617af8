"""A sweep on disk.

    DIR/
      sweep.json      the points that are there: rank, alpha, seed, parameters, seconds, metrics
      settings.json   what was asked, on which pairs, and what the base finds of the held-out ones
      points/KEY/     a run's folder (see lab.runs) without a report, and point.json

A point's folder appears whole or not at all, so that a sweep that was killed goes on where it was.
"""

from __future__ import annotations

import dataclasses
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab import runs
from lab.errors import ConfigError, DataError
from lab.sweep.config import SweepConfig
from lab.sweep.plan import PlannedPoint
from lab.sweep.point import SweepPoint

if TYPE_CHECKING:
    from lab.experiment import Outcome

SWEEP_NAME, SETTINGS_NAME, POINT_NAME = "sweep.json", "settings.json", "point.json"
FORMAT = 1


class SweepFolder:
    """Where a sweep's points are kept.

    settings: as `describe_sweep` has them. Raises DataError when the folder holds anything but
    this very sweep.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        self.path = folder
        self._points = folder / "points"
        if (folder / SETTINGS_NAME).is_file():
            _check_same(folder, settings)
        else:
            runs.check_is_free(folder)
            folder.mkdir(parents=True, exist_ok=True)
            _replace_json(folder / SETTINGS_NAME, settings)

    def read(self, planned: PlannedPoint) -> SweepPoint | None:
        """The point, if it is there."""
        path = self._points / planned.key / POINT_NAME
        return _read_point(path) if path.is_file() else None

    def save(self, point: SweepPoint, outcome: Outcome | None) -> None:
        """Write the point's folder: the point, and its run, adapter and all, if there is one."""
        from lab.archive import write_records

        with runs.new_run_folder(self._points / point.key) as scratch:
            if outcome is not None:
                write_records(scratch, outcome)
            runs.write_json(scratch / POINT_NAME, point.as_json())

    def save_files(self, point: SweepPoint, files: Mapping[str, bytes]) -> None:
        """As `save`, of a run that was written elsewhere: paths in its folder -> their bytes."""
        with runs.new_run_folder(self._points / point.key) as scratch:
            for name, content in files.items():
                path = scratch / name
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(content)
            runs.write_json(scratch / POINT_NAME, point.as_json())

    def list(self, points: Sequence[SweepPoint]) -> None:
        """Write sweep.json anew, whole or not at all."""
        _replace_json(self.path / SWEEP_NAME, [point.as_json() for point in points])

    def adapter(self, key: str) -> Path:
        """The folder of a point's adapter, in PEFT's format."""
        return self._points / key / "adapter"


@dataclasses.dataclass(frozen=True)
class StoredSweep:
    """A sweep read back. settings: see `describe_sweep`."""

    folder: Path
    config: SweepConfig
    settings: Mapping[str, Any]
    points: tuple[SweepPoint, ...]


def read_sweep(folder: Path) -> StoredSweep:
    """The sweep in a folder, with the points that are there by now.

    Raises DataError when the folder holds none, or one of a later format.
    """
    try:
        settings = json.loads((folder / SETTINGS_NAME).read_text(encoding="utf-8"))
        values = json.loads((folder / SWEEP_NAME).read_text(encoding="utf-8"))
        config = sweep_from_json(settings["config"])
        points = tuple(map(SweepPoint.from_json, values))
    except (OSError, ValueError, KeyError, TypeError, ConfigError):
        raise DataError(
            f"{folder.name!r} holds no sweep; name the folder that was given as --out"
        ) from None
    if settings.get("format") != FORMAT:
        raise DataError(
            f"{folder.name!r} was written in another format; use the version that wrote it"
        )
    return StoredSweep(folder, config, settings, points)


def sweep_as_json(config: SweepConfig) -> dict[str, Any]:
    """The settings as plain JSON values; `sweep_from_json` reads them back."""
    return {**dataclasses.asdict(config), "base": runs.config_as_json(config.base)}


def sweep_from_json(value: Mapping[str, Any]) -> SweepConfig:
    """The settings that `sweep_as_json` wrote; they check themselves again."""
    return SweepConfig(**{**value, "base": runs.config_from_json(value["base"])})


def _check_same(folder: Path, settings: Mapping[str, Any]) -> None:
    try:
        there = json.loads((folder / SETTINGS_NAME).read_text(encoding="utf-8"))
    except ValueError:
        there = {}
    # As JSON has them: tuples are lists there.
    asked = json.loads(json.dumps(settings))
    if any(there.get(name) != asked[name] for name in ("format", "config", "data")):
        raise DataError(
            f"{folder.name!r} holds a sweep with other settings or pairs; name a new folder, or "
            "give the settings it was begun with"
        )


def _read_point(path: Path) -> SweepPoint:
    try:
        return SweepPoint.from_json(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError):
        raise DataError(
            f"the point {path.parent.name!r} is not whole; remove its folder, and it is run again"
        ) from None


def _replace_json(path: Path, value: Any) -> None:
    partial = path.with_name(f".{path.name}.partial")
    runs.write_json(partial, value)
    os.replace(partial, path)
