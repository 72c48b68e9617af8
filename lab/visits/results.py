"""What a run's job has found, and what it leaves to be taken home."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lab.analysis.projection import Maps
    from lab.experiment import Outcome


@dataclass(frozen=True)
class Result:
    """What a job has found, in no language. files: to be taken home, when they are written."""

    outcome: Outcome
    maps: tuple[Maps, ...]
    files: Files | None = None


@dataclass(frozen=True)
class Files:
    """What a run leaves: its adapter and whole folder as ZIPs, its report, and the largest
    difference of the adapter read back."""

    adapter: Path
    run: Path
    report: Path
    difference: float
