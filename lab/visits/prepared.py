"""What runs begin from: models, pairs, and what the base makes of them.

Each is made once, and serves every visitor who may see it: one frozen base in memory for all.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from lab.config import RunConfig
from lab.encoders.hub_room import HubRoom
from lab.experiment import Baseline, Report, measure_baseline, measure_control
from lab.memory import is_out_of_memory
from lab.visits.complaints import Complaint
from lab.visits.own_thread import in_own_thread
from lab.visits.service_config import ServiceConfig
from lab.visits.shelf import Shelf
from lab.visits.visitors import Visitor

if TYPE_CHECKING:
    from lab.analysis.forgetting import ControlBaseline
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder

T = TypeVar("T")
MODELS_KEPT, BASELINES_KEPT, DATASETS_KEPT = 3, 16, 16
# What a hub calls a model; a path that is none of these is not even looked for.
NAME = re.compile(r"\w[\w.-]{0,95}(/\w[\w.-]{0,95})?", re.ASCII)


class Prepared:
    """What one process has ready.

    open_folders: whether visitors may name folders of this machine as models. make_room: called
    whenever there is more of it, and where there is no room for more.
    """

    def __init__(
        self, service: ServiceConfig, open_folders: bool, make_room: Callable[[], None]
    ) -> None:
        self._make_room = make_room
        self._open_folders = open_folders
        self._hub = HubRoom(service.model_mb, service.all_models_mb)
        sizes = MODELS_KEPT, DATASETS_KEPT, BASELINES_KEPT, BASELINES_KEPT
        self._shelves = tuple(Shelf(size, make_room) for size in sizes)
        self._models, self._datasets, self._baselines, self._controls = self._shelves

    def shrink(self) -> None:
        """Let go of all but what was used last: it can be made again."""
        for shelf in self._shelves:
            shelf.shrink()

    def forget(self, visitor: Visitor) -> None:
        """Let go of all that was made of a visitor's uploads."""
        for shelf in (self._datasets, self._baselines, self._controls):
            shelf.forget(lambda key: visitor.id in key)

    def encoder(self, model: str, pooling: str | None) -> Encoder:
        """The frozen base of this name. Raises LabError with the way out."""
        from lab.encoders import load_encoder

        model = model.strip()
        if not self._open_folders and (not NAME.fullmatch(model) or Path(model).exists()):
            raise Complaint("folders")
        return self._models.get(
            (model, pooling),
            lambda: self._in_thread(lambda: load_encoder(model, pooling, self._hub)),
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

        def read() -> PairDataset:
            return read_pairs(path, a_column, b_column, name=pairs, progress=progress)

        return self._datasets.get(key, lambda: self._fitting(read))

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

        return self._baselines.get(key, lambda: self._in_thread(measure))

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

        return self._controls.get(key, lambda: self._in_thread(measure))

    def _owner(self, visitor: Visitor, pairs: str) -> str:
        """Whose results these are: two visitors whose uploads are alike do not meet in one."""
        return visitor.id if pairs in visitor.uploads else ""

    def _in_thread(self, make: Callable[[], T]) -> T:
        return self._fitting(lambda: in_own_thread(make))

    def _fitting(self, make: Callable[[], T]) -> T:
        """What `make` gives, once there is room for it; else a Complaint."""
        for _ in range(2):
            try:
                return make()
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            # Not in the handler, where the error still holds all that its frames had made.
            self._make_room()
        raise Complaint("memory_full")
