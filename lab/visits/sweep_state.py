"""A sweep as it is at one moment, as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.sweep.point import HeldOut, SweepPoint

if TYPE_CHECKING:
    from lab.training.loop import TrainStep

REPORT, PACKED = "sweep.html", "sweep.zip"


@dataclass(frozen=True)
class PointUnderWay:
    """A point that trains: its curve and its losses so far, and its last step."""

    key: str
    rank: int
    seed: int
    number: int
    curve: tuple[HeldOut, ...] = ()
    losses: tuple[tuple[int, float], ...] = ()
    step: TrainStep | None = None

    @property
    def is_measuring(self) -> bool:
        """Whether it is past its last step."""
        return self.step is not None and self.step.step == self.step.steps


@dataclass(frozen=True)
class Sweeping:
    """A sweep as it is at one moment.

    settings: see lab.sweep.run.describe_sweep. planned: points in all; points: those that have
    ended. losses: their smoothed training losses by key. under_way: those that train, by key; one,
    or where the device holds them, all ranks in one pass; the one that was heard of last is last.
    folder: where all is kept; is_packed: whether it is ready to be taken home.
    """

    settings: Mapping[str, Any]
    folder: Path
    planned: int
    points: tuple[SweepPoint, ...] = ()
    losses: Mapping[str, list[tuple[int, float]]] = field(default_factory=dict)
    under_way: Mapping[str, PointUnderWay] = field(default_factory=dict)
    is_packed: bool = False

    @property
    def point(self) -> PointUnderWay | None:
        """The one that was heard of last."""
        return next(reversed(list(self.under_way.values())), None)
