"""The queue for one device: jobs run in the order they came, so many at a time."""

from __future__ import annotations

import threading
import time

from lab.visits.complaints import Complaint
from lab.visits.jobs import Job, Snapshot
from lab.visits.waiting import Place, expect_wait


class JobQueue:
    """Runs jobs in the order they came, `at_once` at the same time.

    A job that nobody waits for any more leaves before its turn.
    """

    def __init__(self, at_once: int = 1) -> None:
        self._at_once = at_once
        self._waiting: list[Job] = []
        self._running: list[Job] = []
        self._arrived = threading.Condition()
        self._threads: list[threading.Thread] = []

    def submit(self, job: Job) -> Job:
        """Put a job at the end of the queue."""
        job.on_queued()
        with self._arrived:
            self._waiting.append(job)
            job.place = lambda: self._place_of(job)
            if len(self._threads) < self._at_once:
                thread = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._threads.append(thread)
                thread.start()
            self._arrived.notify()
        return job

    def count_waiting(self) -> int:
        """How many jobs wait."""
        return len(self._still_waiting())

    def wait(self, job: Job, timeout: float) -> Snapshot:
        """The job's snapshot once it is over, or after `timeout` seconds."""
        end = time.monotonic() + timeout
        snapshot = job.snapshot()
        while not snapshot.is_over and time.monotonic() < end:
            job.wait_for_change(snapshot.version, end - time.monotonic())
            snapshot = job.snapshot()
        return snapshot

    def _place_of(self, job: Job) -> Place:
        waiting = self._still_waiting()
        if job not in waiting:
            return Place()
        before = waiting[: waiting.index(job)]
        running = list(self._running)
        seconds = expect_wait(
            [other.seconds_left() for other in running],
            [other.seconds_left() for other in before],
            self._at_once,
        )
        return Place(len(before) + len(running), seconds)

    def _still_waiting(self) -> list[Job]:
        """The queue, after those have left it whom nobody waits for."""
        with self._arrived:
            waiting = list(self._waiting)
        gone = [job for job in waiting if not job.terms.is_wanted()]
        for job in gone:
            job.withdraw(Complaint("left_queue"))
        with self._arrived:
            self._waiting = [job for job in self._waiting if job.is_queued]
            return list(self._waiting)

    def _work(self) -> None:
        while True:
            with self._arrived:
                self._arrived.wait_for(lambda: self._waiting)
                job = self._waiting.pop(0)
                self._running.append(job)
            if job.terms.is_wanted():
                job.run()
            else:
                job.withdraw(Complaint("left_queue"))
            with self._arrived:
                self._running.remove(job)
