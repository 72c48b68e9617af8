"""A finished run, and how it is logged as if it were going on."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from lab.analysis.projection import Maps
from lab.experiment import Outcome
from lab.tracking import Tracking, read_results, tracked


@dataclass(frozen=True)
class Finished:
    """A run, its folder and its maps."""

    outcome: Outcome
    folder: Path
    maps: Maps


def log(tracking: Tracking, finished: Finished, name: str, group: str | None = None) -> str:
    """Log the run as if it were going on; -> where it is shown."""
    outcome, told = finished.outcome, []
    with tracked(
        tracking, outcome.config, lambda _: None, name=name, group=group, tell=told.append
    ) as run:
        for step in outcome.steps:
            run(step)
        run.finish(lambda: read_results(finished.folder, [finished.maps]))
    assert told == []
    return run.where
