"""What one process of the lab holds: models, pairs and baselines in use, visitors, and their runs.

One frozen base in memory serves every visitor. Knows nothing about gradio.
"""

from __future__ import annotations

import threading
import uuid
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from lab.config import RunConfig
from lab.errors import DataError
from lab.experiment import Baseline, Report, measure_baseline, measure_control
from lab.ui.complaints import Complaint
from lab.ui.jobs import Job, JobQueue
from lab.ui.own_thread import in_own_thread

if TYPE_CHECKING:
    from lab.analysis.forgetting import ControlBaseline
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder
    from lab.ui.kept_runs import KeptRun

T = TypeVar("T")
MODELS_KEPT, BASELINES_KEPT, DATASETS_KEPT = 3, 6, 8


class Shelf:
    """Keeps the most recently used results of something costly; makes each once."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._made: OrderedDict[Hashable, Any] = OrderedDict()
        self._making: dict[Hashable, threading.Lock] = {}

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gave for this key.

        Others who ask for the same key meanwhile wait for it; other keys do not wait.
        """
        with self._lock:
            turn = self._making.setdefault(key, threading.Lock())
        with turn:
            if key not in self._made:
                made = make()
                with self._lock:
                    self._made[key] = made
        return self._use(key)

    def _use(self, key: Hashable) -> Any:
        with self._lock:
            self._made.move_to_end(key)
            kept = self._made[key]
            while len(self._made) > self._size:
                oldest, _ = self._made.popitem(last=False)
                self._making.pop(oldest, None)
            return kept


@dataclass(eq=False)
class Visitor:
    """One browser. Its id is what it proves itself with, so it cannot be guessed.

    runs: those that have finished, oldest first (lab.ui.kept_runs.add_run).
    """

    id: str = field(default_factory=lambda: uuid.uuid4().hex)
    uploads: dict[str, Path] = field(default_factory=dict)
    job: Job | None = None
    runs: tuple[KeptRun, ...] = ()


class Laboratory:
    """The shared rooms of one process.

    runs_folder: where finished runs are kept.
    open_folders: whether visitors may name folders of this machine as models (only when the
        machine is their own).
    """

    def __init__(self, runs_folder: Path, open_folders: bool = True) -> None:
        self.runs_folder = runs_folder
        self.queue = JobQueue()
        self._open_folders = open_folders
        self._visitors: dict[str, Visitor] = {}
        self._models = Shelf(MODELS_KEPT)
        self._datasets = Shelf(DATASETS_KEPT)
        self._baselines = Shelf(BASELINES_KEPT)
        self._controls = Shelf(BASELINES_KEPT)

    def visitor(self, visitor_id: str | None) -> Visitor:
        """The visitor of this id, or a new one when there is none."""
        known = self._visitors.get(visitor_id or "")
        if known is None:
            known = Visitor()
            self._visitors[known.id] = known
        return known

    def encoder(self, model: str, pooling: str | None) -> Encoder:
        """The frozen base of this name. Raises LabError with the way out."""
        from lab.encoders import load_encoder

        model = model.strip()
        if not self._open_folders and Path(model).exists():
            raise Complaint("folders")
        return self._models.get(
            (model, pooling), lambda: in_own_thread(lambda: load_encoder(model, pooling))
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
        path = visitor.uploads.get(pairs)
        if path is None:
            raise Complaint("no_upload", name=pairs)
        key = (visitor.id, str(path), a_column, b_column)
        return self._datasets.get(
            key, lambda: read_pairs(path, a_column, b_column, name=pairs, progress=progress)
        )

    def take_upload(self, visitor: Visitor, path: Path) -> tuple[str, PairDataset]:
        """Read an uploaded file; -> the name it goes by from now on, and its pairs.

        Raises DataError, and forgets the file, when it holds no pairs.
        """
        name = path.name
        while name in visitor.uploads:
            name = f"{name} (new)"
        visitor.uploads[name] = path
        try:
            return name, self.dataset(visitor, name, None, None)
        except DataError:
            del visitor.uploads[name]
            raise

    def fit_pairs(self, visitor: Visitor, form: dict[str, Any]) -> dict[str, Any]:
        """The form, with bundled pairs of the other kind replaced by those the model starts with.

        An upload of the visitor's own is never swapped for anything.
        """
        from lab.data.bundled import BUNDLED_PAIRS, find_bundled

        encoder = self.encoder(form["model"] or "", form["pooling"] or None)
        bundled = find_bundled(form["pairs"] or "")
        if bundled is None or bundled.kind == encoder.kind:
            return form
        pairs = next(row.name for row in BUNDLED_PAIRS if row.kind == encoder.kind)
        return {**form, "pairs": pairs, "a_column": None, "b_column": None}

    def baseline(self, visitor: Visitor, config: RunConfig, report: Report) -> Baseline:
        """The run's starting point, measured once for any number of runs on the same choice."""
        from lab.experiment import Progress

        dataset = self.dataset(visitor, config.pairs, config.a_column, config.b_column, report)
        report(Progress("model"))
        encoder = self.encoder(config.model, config.pooling)
        seed, share = config.train.seed, config.test_fraction
        key = (config.model, config.pooling, dataset.digest, seed, share)

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
        key = (config.model, config.pooling, baseline.dataset.digest, content)

        def measure() -> ControlBaseline | None:
            return measure_control(baseline, config, pairs=pairs, report=report)

        return self._controls.get(key, lambda: in_own_thread(measure))

    def submit(self, visitor: Visitor, job: Job) -> Job:
        """Queue a visitor's job; one at a time each. Raises Complaint when one is under way."""
        if visitor.job is not None and not visitor.job.snapshot().is_over:
            raise Complaint("under_way")
        visitor.job = self.queue.submit(job)
        return job
