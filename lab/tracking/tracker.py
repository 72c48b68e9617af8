"""What a tracker does: one run from its settings to its results."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from lab.config import RunConfig
from lab.tracking.results import Results


@dataclass(frozen=True)
class Start:
    """A run that begins.

    project: the heading that runs are compared under; name: the run's, need not be unique.
    group: what holds the runs of one sweep together; None: the run stands by itself.
    """

    project: str
    name: str
    config: RunConfig
    group: str | None = None


class Tracker(Protocol):
    """One run in one tool's books. Anything may be raised: `lab.tracking.run` sees to it."""

    def start(self, start: Start) -> str:
        """Open the run; -> the command or address that shows it."""

    def step(self, step: int, values: Mapping[str, float]) -> None:
        """Values of one step, under their names; steps rise."""

    def finish(self, results: Results) -> None:
        """What the run ended with; `close` follows."""

    def close(self, *, failed: bool) -> None:
        """Write what is left and let go of every thread, process and file.

        failed: whether the run ended in an error.
        """
