"""What one process of the lab holds: visitors, their runs, and what runs begin from.

Knows nothing about gradio.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.visits.complaints import Complaint
from lab.visits.disk import remove
from lab.visits.found_runs import write_run
from lab.visits.interrupted import Interrupted, find_interrupted
from lab.visits.job_queue import JobQueue
from lab.visits.jobs import Job, Kind, Terms
from lab.visits.kept_runs import add_run
from lab.visits.making_room import make_room
from lab.visits.prepared import Prepared
from lab.visits.returning import find_visitor
from lab.visits.service_config import OWN_MACHINE, ServiceConfig
from lab.visits.uploads import HOME, Uploads
from lab.visits.visitors import Visitor, Visitors

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset
    from lab.visits.results import Result


class Laboratory:
    """The shared rooms of one process.

    runs_folder: where finished runs are kept.
    open_folders: whether visitors may name folders of this machine as models (only when the
        machine is their own).
    service: what each visitor, and all of them together, may take up.
    """

    def __init__(
        self, runs_folder: Path, open_folders: bool = True, service: ServiceConfig = OWN_MACHINE
    ) -> None:
        self.runs_folder, self.service = runs_folder, service
        self.queue = JobQueue(service.trainings)
        self.visitors = Visitors(service.visitors, self._on_left)
        self.uploads = Uploads(runs_folder / HOME, service)
        self._submitting, self._keeping, self._recalling = (threading.Lock() for _ in range(3))
        self.is_ending = threading.Event()  # the process is asked to end, and takes its leave
        self.prepared = Prepared(service, open_folders, self.make_room)

    def make_room(self) -> None:
        """Where memory is tight, let go of what nobody works with."""
        make_room(self.service.memory_mb, self.prepared, self.visitors.all(), self.is_here)

    def visitor(self, visitor_id: object) -> Visitor:
        """The visitor of this id, who is thereby heard of, or a new one when there is none."""
        return self.visitors.greet(visitor_id)

    def welcome(self, visitor_id: object) -> Visitor:
        """As `visitor`; one of a process before this is who they were, with what they had."""
        self.recall(visitor_id)
        return self.visitor(visitor_id)

    def recall(self, visitor_id: object) -> bool:
        """Whether there is such a visitor, here or on the disk, who is then known again."""
        with self._recalling:  # a page asks several times as it opens, and the files are read once
            if self.visitors.knows(visitor_id):
                return True
            found = find_visitor(self.runs_folder, visitor_id)
            if found is not None:
                self.visitors.readmit(found)
            return found is not None

    def interrupted(self, visitor_id: object, kind: Kind = "run") -> list[Interrupted]:
        """The visitor's that are neither finished nor under way, the newest first."""
        busy = {job.id for visitor in self.visitors.all() for job in visitor.jobs_under_way()}
        found = find_interrupted(self.runs_folder, visitor_id)
        return [one for one in found if one.kind == kind and one.id not in busy]

    def known_visitor(self, visitor_id: object) -> Visitor:
        """The visitor of this id. Raises Complaint when the lab knows none: what was begun for a
        new one, their page would never show."""
        if not self.visitors.knows(visitor_id):
            raise Complaint("unknown_visitor")
        return self.visitors.greet(visitor_id)

    def take_upload(self, visitor: Visitor, path: Path) -> tuple[str, PairDataset]:
        """Read an uploaded file; -> the name it goes by from now on, and its pairs.

        Raises Complaint when it is more than a visitor may keep; DataError, and forgets the file,
        when it holds no pairs.
        """
        name = self.uploads.take(visitor, path)
        try:
            return name, self.prepared.dataset(visitor, name, None, None)
        except BaseException:
            self.uploads.drop(visitor, name)
            raise

    def submit(self, visitor: Visitor, job: Job) -> Job:
        """Queue a visitor's job. Raises Complaint when too many of theirs, or of all, are there.

        It has the device for as long as the service grants, and while its visitor is here.
        """
        service = self.service
        with self._submitting:
            under_way = visitor.jobs_under_way()
            if len(under_way) >= service.runs_under_way:
                raise Complaint("under_way", limit=service.runs_under_way)
            if self.queue.count_waiting() >= service.waiting:
                raise Complaint("queue_full", limit=service.waiting)
            job.terms = Terms(lambda: self.is_here(visitor), service.run_seconds or math.inf)
            visitor.under_way = (*under_way, job)
            if job.kind == "sweep":
                visitor.sweep = job
            else:
                visitor.job = job
            self.queue.submit(job)
        return job

    def is_here(self, visitor: Visitor) -> bool:
        """Whether the visitor's page was heard of within the grace period."""
        grace = self.service.grace_seconds
        return grace is None or self.visitors.seconds_away(visitor) <= grace

    def keep_run(self, visitor: Visitor, result: Result, form: Mapping[str, Any]) -> None:
        """A run has finished and is on disk: remember it, there too, and let the oldest go."""
        with self._keeping:
            before = visitor.runs
            visitor.runs = add_run(before, result, form)
            write_run(visitor, visitor.runs[-1])
        if self.service.runs_kept is not None:
            files = [run.files.run.parent for run in (*before, visitor.runs[-1])]
            for folder in files[: -self.service.runs_kept]:
                remove(folder)

    def _on_left(self, visitor: Visitor) -> None:
        """A visitor is forgotten: so is all that was made of their uploads."""
        self.uploads.forget(visitor)
        self.prepared.forget(visitor)
