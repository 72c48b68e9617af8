"""What a worker of a spread sweep does: trains and measures points, one after another."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from lab.baseline import Baseline
from lab.sweep.plan import PlannedPoint
from lab.sweep.point import SweepPoint

if TYPE_CHECKING:
    from lab.experiment import Outcome


@dataclass(frozen=True)
class MadePoint:
    """A point, and its run's folder: the files' paths in it -> what is in them."""

    point: SweepPoint
    files: Mapping[str, bytes]


class PointWorker:
    """One base in one process, with what its points share. device: as TrainConfig has it."""

    def __init__(self, baseline: Baseline, device: str) -> None:
        from lab.training.caches import Caches
        from lab.training.device import find_device

        baseline.encoder.module.to(find_device(device))
        self._baseline, self._caches = baseline, Caches()

    def __call__(self, planned: PlannedPoint) -> MadePoint:
        """The point, as one of a sweep in one process would be."""
        from lab.sweep.single import try_point

        point, outcome = try_point(planned, self._baseline, self._caches, _tell_nobody, _never)
        return MadePoint(point, {} if outcome is None else _files_of(outcome))


def _files_of(outcome: Outcome) -> dict[str, bytes]:
    from lab.archive import write_records

    with tempfile.TemporaryDirectory(prefix="lora-lab-") as name:
        folder = Path(name)
        write_records(folder, outcome)
        files = (path for path in sorted(folder.rglob("*")) if path.is_file())
        return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def _tell_nobody(_: object) -> None:
    pass


def _never() -> bool:
    return False
