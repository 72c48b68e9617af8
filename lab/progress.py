"""Where a run is: what it tells whoever asked while it goes on, and how long each stage took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lab.training.loop import TrainStep

Stage = Literal[
    "model",
    "pairs",
    "baseline",
    "control",
    "training",
    "embedding",
    "comparing",
    "layout",
    "saving",
]


@dataclass(frozen=True)
class Progress:
    """Where a run is: its stage, and how much of that stage is done (0 to 1; None: unknown)."""

    stage: Stage
    fraction: float | None = None


Report = Callable[["Progress | TrainStep"], None]


def no_report(_: Progress | TrainStep) -> None:
    """Nobody asked to be told."""


class Stopwatch:
    """Announces each stage and keeps how long it took, in seconds."""

    def __init__(self, report: Report, seconds: Mapping[str, float] | None = None) -> None:
        self.report = report
        self.seconds: dict[str, float] = dict(seconds or {})

    @contextmanager
    def __call__(self, stage: Stage) -> Iterator[None]:
        self.report(Progress(stage))
        began = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - began
