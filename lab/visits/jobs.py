"""Work in the background: jobs that outlive the page that began them, and what a watcher sees.

A training loop inside a page's own event would end with a reload or a dropped connection. Here a
worker thread of the queue (lab.visits.job_queue) owns the loop, and a page only watches. Knows
nothing about any page.
"""

from __future__ import annotations

import math
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from lab.config import RunConfig
from lab.errors import LabError
from lab.experiment import Progress, Report
from lab.memory import is_out_of_memory
from lab.visits.complaints import Complaint
from lab.visits.waiting import Place

State = Literal["queued", "running", "done", "failed"]
# Who ended a job early: a person, nobody who waits for it any more, or its time.
StoppedBy = Literal["asked", "left", "time"]
Kind = Literal["run", "sweep"]
Work = Callable[[Report, Callable[[], bool]], Any]


@dataclass(frozen=True)
class Snapshot:
    """A job as a watcher sees it at one moment.

    version: grows with every change, so that a watcher knows whether to look again.
    ahead: jobs that run before this one.
    settings: of the run that it is, if it is one.
    wait: seconds until it begins, as far as can be told.
    stopped_by: why it ends before its work does; None: it does not.
    """

    version: int
    state: State
    stage: Progress | None
    steps: tuple[Any, ...]
    ahead: int
    stopping: bool
    result: Any
    error: LabError | None
    settings: RunConfig | None = None
    wait: float | None = None
    stopped_by: StoppedBy | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more will change."""
        return self.state in ("done", "failed")


@dataclass(frozen=True)
class Terms:
    """On what terms a job has the device.

    is_wanted: whether anybody still waits for it. seconds: after which it is stopped.
    """

    is_wanted: Callable[[], bool] = lambda: True
    seconds: float = math.inf


@dataclass(eq=False)
class Job:
    """One piece of work; its id is what lets a page find it again, so it cannot be guessed.

    estimate: seconds that it takes, about; None: unknown.
    kind: which of a visitor's places it takes, the newest run's or the newest sweep's.
    on_queued: called before it waits; on_withdrawn: with the reason when it will not begin.
    """

    work: Work
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    settings: RunConfig | None = None
    estimate: float | None = None
    terms: Terms = Terms()
    kind: Kind = "run"
    on_queued: Callable[[], None] = lambda: None
    on_withdrawn: Callable[[LabError], None] = lambda error: None

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._stopped_by: StoppedBy | None = None
        self._began = 0.0
        self._state: State = "queued"
        self._stage: Progress | None = None
        self._steps: list[Any] = []
        self._result: Any = None
        self._error: LabError | None = None
        self._version = 0
        self.place: Callable[[], Place] = Place

    def report(self, event: Any) -> None:
        """Take note of a Progress or a TrainStep."""
        with self._changed:
            if isinstance(event, Progress):
                self._stage = event
            else:
                self._steps.append(event)
            self._notify()

    def publish(self, result: Any) -> None:
        """Show a result, whole or so far, to whoever watches."""
        with self._changed:
            self._result = result
            self._notify()

    def stop(self, by: StoppedBy = "asked") -> None:
        """Ask the work to end within a step and keep what it has."""
        with self._changed:
            self._stopped_by = self._stopped_by or by
            self._notify()

    @property
    def is_queued(self) -> bool:
        """Whether it has not begun."""
        return self._state == "queued"

    @property
    def is_over(self) -> bool:
        """Whether nothing more will change."""
        return self._state in ("done", "failed")

    def withdraw(self, error: LabError) -> bool:
        """End the job before it begins, with the reason; -> whether it had not begun."""
        with self._changed:
            was_queued = self.is_queued
            if was_queued:
                self._fail(error)
        if was_queued:
            self.on_withdrawn(error)
        return was_queued

    def run(self) -> None:
        """Do the work in the calling thread, unless it was withdrawn; never raises."""
        with self._changed:
            if self._state != "queued":
                return
            self._began = time.monotonic()
            self._set_state("running")
        try:
            self.publish(self.work(self.report, self._should_stop))
        except LabError as error:
            self._fail(error)
        except Exception as error:  # a bug: the page says so, the log says where
            traceback.print_exc()
            is_full = is_out_of_memory(error)
            kind = type(error).__name__
            self._fail(Complaint("memory_full") if is_full else Complaint("crashed", kind=kind))
        else:
            self._set_state("done")

    def _should_stop(self) -> bool:
        """Whether the work is to end, as it asks after every step."""
        if self._stopped_by is None:
            if time.monotonic() - self._began > self.terms.seconds:
                self.stop("time")
            elif not self.terms.is_wanted():
                self.stop("left")
        return self._stopped_by is not None

    def seconds_left(self) -> float | None:
        """About how long it still takes, by its own pace once it has one; None: unknown."""
        with self._changed:
            left = getattr(self._steps[-1], "seconds_left", None) if self._steps else None
            elapsed = time.monotonic() - self._began if self._state == "running" else 0.0
            if left is None and self.estimate is not None:
                left = max(0.0, self.estimate - elapsed)
            allowed = max(0.0, self.terms.seconds - elapsed)
            return left if left is None else min(left, allowed)

    def snapshot(self) -> Snapshot:
        """The job as it is now."""
        place = self.place()  # asks other jobs, which may be asking this one: not under its lock
        with self._changed:
            is_queued = self._state == "queued"
            return Snapshot(
                version=self._version,
                state=self._state,
                stage=self._stage,
                steps=tuple(self._steps),
                ahead=place.ahead if is_queued else 0,
                stopping=self._stopped_by is not None,
                result=self._result,
                error=self._error,
                settings=self.settings,
                wait=place.seconds if is_queued else None,
                stopped_by=self._stopped_by,
            )

    def wait_for_change(self, version: int, timeout: float) -> None:
        """Return when the job is past `version`, or after `timeout` seconds."""
        with self._changed:
            self._changed.wait_for(lambda: self._version != version, timeout)

    def _set_state(self, state: State) -> None:
        with self._changed:
            self._state = state
            self._notify()

    def _fail(self, error: LabError) -> None:
        with self._changed:
            self._error = error
            self._state = "failed"
            self._notify()

    def _notify(self) -> None:
        self._version += 1
        self._changed.notify_all()
