"""What one process of the lab holds: models, pairs and baselines in use, visitors, and their runs.

One frozen base in memory serves every visitor. Knows nothing about gradio.
"""

from __future__ import annotations

import math
import re
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.config import RunConfig
from lab.encoders.hub_room import HubRoom
from lab.experiment import Baseline, Report, measure_baseline, measure_control
from lab.visits.complaints import Complaint
from lab.visits.disk import remove
from lab.visits.found_runs import write_run
from lab.visits.interrupted import Interrupted, find_interrupted
from lab.visits.job_queue import JobQueue
from lab.visits.jobs import Job, Kind, Terms
from lab.visits.kept_runs import add_run
from lab.visits.own_thread import in_own_thread
from lab.visits.returning import find_visitor
from lab.visits.service_config import OWN_MACHINE, ServiceConfig
from lab.visits.shelf import Shelf
from lab.visits.uploads import HOME, Uploads
from lab.visits.visitors import Visitor, Visitors

if TYPE_CHECKING:
    from lab.analysis.forgetting import ControlBaseline
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder
    from lab.visits.results import Result

MODELS_KEPT, BASELINES_KEPT, DATASETS_KEPT = 3, 16, 16
# What a hub calls a model; a path that is none of these is not even looked for.
NAME = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)


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
        self._hub = HubRoom(service.model_mb, service.all_models_mb)
        self.queue = JobQueue(service.trainings)
        self._open_folders = open_folders
        self.visitors = Visitors(service.visitors, self._on_left)
        self.uploads = Uploads(runs_folder / HOME, service)
        self._submitting, self._keeping, self._recalling = (threading.Lock() for _ in range(3))
        self.is_ending = threading.Event()  # the process is asked to end, and takes its leave
        self._models = Shelf(MODELS_KEPT)
        self._datasets = Shelf(DATASETS_KEPT)
        self._baselines = Shelf(BASELINES_KEPT)
        self._controls = Shelf(BASELINES_KEPT)

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

    def encoder(self, model: str, pooling: str | None) -> Encoder:
        """The frozen base of this name. Raises LabError with the way out."""
        from lab.encoders import load_encoder

        model = model.strip()
        if not self._open_folders and (not NAME.fullmatch(model) or Path(model).exists()):
            raise Complaint("folders")
        return self._models.get(
            (model, pooling),
            lambda: in_own_thread(lambda: load_encoder(model, pooling, self._hub)),
            lambda encoder: (model, encoder.pooling),
        )

    def dataset(
        self,
        visitor: Visitor,
        pairs: str,
        a_column: str | None,
        b_column: str | None,
        report: Report | None = None,
    ) -> PairDataset:
        """Bundled pairs, or an upload of this visitor's own. Raises LabError."""
        from lab.data import load_pairs, read_pairs
        from lab.data.bundled import find_bundled
        from lab.experiment import Progress

        def progress(share: float) -> None:
            if report is not None:
                report(Progress("pairs", share))

        if find_bundled(pairs) is not None:
            key = (pairs, a_column, b_column)
            return self._datasets.get(
                key, lambda: load_pairs(pairs, a_column, b_column, progress=progress)
            )
        path = visitor.uploads.get(pairs) if isinstance(pairs, str) else None
        if path is None:
            raise Complaint("no_upload", name=pairs)
        key = (visitor.id, str(path), a_column, b_column)
        return self._datasets.get(
            key, lambda: read_pairs(path, a_column, b_column, name=pairs, progress=progress)
        )

    def take_upload(self, visitor: Visitor, path: Path) -> tuple[str, PairDataset]:
        """Read an uploaded file; -> the name it goes by from now on, and its pairs.

        Raises Complaint when it is more than a visitor may keep; DataError, and forgets the file,
        when it holds no pairs.
        """
        name = self.uploads.take(visitor, path)
        try:
            return name, self.dataset(visitor, name, None, None)
        except BaseException:
            self.uploads.drop(visitor, name)
            raise

    def baseline(self, visitor: Visitor, config: RunConfig, report: Report) -> Baseline:
        """The run's starting point, measured once for any number of runs on the same choice."""
        from lab.experiment import Progress

        dataset = self.dataset(visitor, config.pairs, config.a_column, config.b_column, report)
        report(Progress("model"))
        encoder = self.encoder(config.model, config.pooling)
        seed, share = config.train.seed, config.test_fraction
        owner = self._owner(visitor, config.pairs)
        key = (owner, config.model, encoder.pooling, dataset.digest, seed, share)

        def measure() -> Baseline:
            return measure_baseline(config, encoder=encoder, dataset=dataset, report=report)

        return self._baselines.get(key, lambda: in_own_thread(measure))

    def control_pairs(self, visitor: Visitor, control: str) -> PairDataset | None:
        """An upload of the visitor's own; None for what the lab has. Raises LabError else.

        A name is no path here: a visitor reaches no file of this machine.
        """
        from lab.analysis.control_sets import CONTROL_SETS

        if control in ("auto", "none", *(row.name for row in CONTROL_SETS)):
            return None
        return self.dataset(visitor, control, None, None)

    def check_control(self, visitor: Visitor, config: RunConfig, baseline: Baseline) -> None:
        """Raise LabError where the control set that a visitor chose does not suit the run."""
        from lab.analysis.control_sets import find_control

        if config.control != "auto":
            pairs = self.control_pairs(visitor, config.control)
            find_control(config.control, baseline.dataset, pairs)

    def control(
        self, visitor: Visitor, config: RunConfig, baseline: Baseline, report: Report
    ) -> ControlBaseline | None:
        """The run's control set as the base finds it, measured once for any number of runs."""
        pairs = self.control_pairs(visitor, config.control)
        content = config.control if pairs is None else pairs.digest
        owners = self._owner(visitor, config.pairs), self._owner(visitor, config.control)
        key = (*owners, config.model, baseline.encoder.pooling, baseline.dataset.digest, content)

        def measure() -> ControlBaseline | None:
            return measure_control(baseline, config, pairs=pairs, report=report)

        return self._controls.get(key, lambda: in_own_thread(measure))

    def _owner(self, visitor: Visitor, pairs: str) -> str:
        """Whose results these are: two visitors whose uploads are alike do not meet in one."""
        return visitor.id if pairs in visitor.uploads else ""

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
        for shelf in (self._datasets, self._baselines, self._controls):
            shelf.forget(lambda key: visitor.id in key)
