"""A server that ends and comes back, as far as that can be had within one process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab.config import RunConfig
from lab.training.loop import TrainStep
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.work import make_job

SOON = 60.0  # seconds
STEP = 3
Keep = Callable[[Laboratory, Visitor], Path]  # see conftest


class Killed(BaseException):
    """What no handler of the lab catches, as none catches SIGKILL."""


@dataclass
class Server:
    """A laboratory on a folder that outlives it, and a visitor with an upload."""

    laboratory: Laboratory
    visitor: Visitor
    config: RunConfig

    def job(self) -> Job:
        return make_job(self.laboratory, self.visitor, self.config, form={"r": 4})

    def restarted(self) -> Laboratory:
        return Laboratory(self.laboratory.runs_folder)


def kill(job: Job) -> None:
    """The job's work, broken off at a step as if the process had ended."""

    def report(event: object) -> None:
        if isinstance(event, TrainStep) and event.step == STEP:
            raise Killed

    job.on_queued()
    with pytest.raises(Killed):
        job.work(report, lambda: False)


def finish(laboratory: Laboratory, visitor: Visitor) -> Path:
    """Wait for the visitor's job; -> its folder."""
    snapshot = laboratory.queue.wait(visitor.job, SOON)
    assert snapshot.state == "done", snapshot.error
    return laboratory.runs_folder / visitor.job.id
