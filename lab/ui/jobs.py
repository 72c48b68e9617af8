"""Runs in the background: a queue for one device, and jobs that outlive the page that began them.

A training loop inside a page's own event would end with a reload or a dropped connection. Here a
worker thread owns the loop, and a page only watches. Knows nothing about any page.
"""

from __future__ import annotations

import threading
import time
import traceback
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from lab.config import RunConfig
from lab.errors import LabError
from lab.experiment import Progress, Report
from lab.ui.complaints import Complaint

State = Literal["queued", "running", "done", "failed"]
Work = Callable[[Report, Callable[[], bool]], Any]


@dataclass(frozen=True)
class Snapshot:
    """A job as a watcher sees it at one moment.

    version: grows with every change, so that a watcher knows whether to look again.
    ahead: jobs that run before this one.
    settings: of the run that it is, if it is one.
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

    @property
    def is_over(self) -> bool:
        """Whether nothing more will change."""
        return self.state in ("done", "failed")


@dataclass(eq=False)
class Job:
    """One piece of work; its id is what lets a page find it again, so it cannot be guessed."""

    work: Work
    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    settings: RunConfig | None = None

    def __post_init__(self) -> None:
        self._changed = threading.Condition()
        self._stop = threading.Event()
        self._state: State = "queued"
        self._stage: Progress | None = None
        self._steps: list[Any] = []
        self._result: Any = None
        self._error: LabError | None = None
        self._version = 0
        self.ahead: Callable[[], int] = lambda: 0

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

    def stop(self) -> None:
        """Ask the work to end within a step and keep what it has."""
        with self._changed:
            self._stop.set()
            self._notify()

    def run(self) -> None:
        """Do the work in the calling thread; never raises."""
        self._set_state("running")
        try:
            self.publish(self.work(self.report, self._stop.is_set))
        except LabError as error:
            self._fail(error)
        except Exception as error:  # a bug: the page says so, the log says where
            traceback.print_exc()
            self._fail(Complaint("crashed", kind=type(error).__name__))
        else:
            self._set_state("done")

    def snapshot(self) -> Snapshot:
        """The job as it is now."""
        with self._changed:
            return Snapshot(
                version=self._version,
                state=self._state,
                stage=self._stage,
                steps=tuple(self._steps),
                ahead=self.ahead() if self._state == "queued" else 0,
                stopping=self._stop.is_set(),
                result=self._result,
                error=self._error,
                settings=self.settings,
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


class JobQueue:
    """Runs jobs one after another, in the order they came."""

    def __init__(self) -> None:
        self._waiting: deque[Job] = deque()
        self._arrived = threading.Condition()
        self._busy = False
        self._thread: threading.Thread | None = None

    def submit(self, job: Job) -> Job:
        """Put a job at the end of the queue."""
        with self._arrived:
            self._waiting.append(job)
            job.ahead = lambda: self._ahead(job)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._thread.start()
            self._arrived.notify()
        return job

    def wait(self, job: Job, timeout: float) -> Snapshot:
        """The job's snapshot once it is over, or after `timeout` seconds."""
        end = time.monotonic() + timeout
        snapshot = job.snapshot()
        while not snapshot.is_over and time.monotonic() < end:
            job.wait_for_change(snapshot.version, end - time.monotonic())
            snapshot = job.snapshot()
        return snapshot

    def _ahead(self, job: Job) -> int:
        waiting = list(self._waiting)
        return waiting.index(job) + self._busy if job in waiting else 0

    def _work(self) -> None:
        while True:
            with self._arrived:
                self._arrived.wait_for(lambda: self._waiting)
                job = self._waiting.popleft()
                self._busy = True
            job.run()
            self._busy = False
