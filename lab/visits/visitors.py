"""Who is here: the browsers that the lab knows, and how long ago each was heard of.

Knows nothing about gradio, nor about what a visitor does.
"""

from __future__ import annotations

import hashlib
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from lab.visits.jobs import Job

if TYPE_CHECKING:
    from lab.visits.kept_runs import KeptRun


@dataclass(eq=False)
class Visitor:
    """One browser. Its id is what it proves itself with, so it cannot be guessed.

    uploads: the name that each goes by -> where it is. Replaced whole, never changed: others read
        it meanwhile.
    job: the newest run; sweep: the newest sweep; under_way: those of both that are not over, at
        most a few.
    runs: those that have finished, oldest first (lab.visits.kept_runs.add_run).
    seen_at: when its page was last heard of, by the clock of Visitors.
    """

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    uploads: dict[str, Path] = field(default_factory=dict)
    job: Job | None = None
    sweep: Job | None = None
    runs: tuple[KeptRun, ...] = ()
    under_way: tuple[Job, ...] = ()
    seen_at: float = 0.0

    def jobs_under_way(self) -> tuple[Job, ...]:
        """The jobs that wait or run."""
        self.under_way = tuple(job for job in self.under_way if not job.is_over)
        return self.under_way

    def let_go(self) -> bool:
        """Let go of what the newest run has found, once it is over; its files stay. -> whether
        there was any of it."""
        job = self.job
        if job is None or not job.is_over or job.snapshot().result is None:
            return False
        self.job = None
        return True

    @property
    def has_something(self) -> bool:
        """Whether anything would be lost with the visitor."""
        return bool(self.uploads or self.runs or self.job or self.sweep)


class Visitors:
    """The visitors that are remembered, at most so many.

    leave: called with each that is forgotten. clock: seconds that only grow.
    """

    def __init__(
        self,
        most: int,
        leave: Callable[[Visitor], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._most = most
        self._leave = leave
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, Visitor] = {}

    def greet(self, visitor_id: object) -> Visitor:
        """The visitor of this id, heard of just now; a new one for anything that is no id."""
        with self._lock:
            visitor = self._known.get(visitor_id) if isinstance(visitor_id, str) else None
            gone = [] if visitor else self._make_room()
            if visitor is None:
                visitor = Visitor()
                self._known[visitor.id] = visitor
            visitor.seen_at = self._clock()
        for other in gone:
            self._leave(other)
        return visitor

    def readmit(self, visitor: Visitor) -> None:
        """Know one that the lab had forgotten, as in a restart; who is known stays as they are."""
        with self._lock:
            gone = [] if visitor.id in self._known else self._make_room()
            self._known.setdefault(visitor.id, visitor).seen_at = self._clock()
        for other in gone:
            self._leave(other)

    def knows(self, visitor_id: object) -> bool:
        """Whether there is such a visitor."""
        return isinstance(visitor_id, str) and visitor_id in self._known

    def seconds_away(self, visitor: Visitor) -> float:
        """How long its page has been silent."""
        return self._clock() - visitor.seen_at

    def forget_absent(self, seconds: float) -> None:
        """Forget those who were away for so long and wait for nothing."""
        with self._lock:
            gone = [
                visitor
                for visitor in self._known.values()
                if self.seconds_away(visitor) > seconds and not visitor.jobs_under_way()
            ]
            for visitor in gone:
                del self._known[visitor.id]
        for visitor in gone:
            self._leave(visitor)

    def all(self) -> list[Visitor]:
        """Those that are remembered."""
        with self._lock:
            return list(self._known.values())

    def _make_room(self) -> list[Visitor]:
        """Forget one where there are too many; nobody who waits for a run."""
        if len(self._known) < self._most:
            return []
        idle = [visitor for visitor in self._known.values() if not visitor.jobs_under_way()]
        gone = min(idle, key=lambda visitor: (visitor.has_something, visitor.seen_at))
        del self._known[gone.id]
        return [gone]


def hash_id(visitor_id: str) -> str:
    """What stands on the disk in a visitor's place: the id is what they prove themselves with, and
    nobody who reads the disk can find it from its hash."""
    return hashlib.sha256(visitor_id.encode("utf-8", "surrogatepass")).hexdigest()
