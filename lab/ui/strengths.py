"""Measuring a run at weaker and stronger updates: one measurement a run, in the queue of the runs.

The queue has one device: a measurement waits for a training that is under way, and never runs
beside one. Knows nothing about gradio.
"""

from __future__ import annotations

import tempfile
import threading
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from lab.analysis.strength import STRENGTHS, StrengthCurve, StrengthPoint, strength_curve
from lab.visits.job_queue import JobQueue
from lab.visits.jobs import Job

if TYPE_CHECKING:
    import numpy as np

    from lab.analysis.embeddings import EmbeddingSet
    from lab.analysis.principal_axes import Axes
    from lab.encoders.base import Encoder
    from lab.experiment import Outcome, Report
    from lab.visits.results import Result


@dataclass(frozen=True)
class Measured:
    """What a measurement has found so far.

    places: at each of the curve's points (2N, 2) on the axes of the run's PCA map.
    """

    curve: StrengthCurve = field(default_factory=lambda: StrengthCurve(()))
    places: tuple[np.ndarray, ...] = ()

    @property
    def is_whole(self) -> bool:
        """Whether all strengths were measured."""
        return len(self.curve.points) == len(STRENGTHS)


class Measurements:
    """The measurement of each run, kept for as long as the run is."""

    def __init__(self, queue: JobQueue) -> None:
        self._queue = queue
        self._lock = threading.Lock()
        self._of: WeakKeyDictionary[Job, Job] = WeakKeyDictionary()  # run -> measurement
        self._watchers: Counter[str] = Counter()  # by the measurement's id

    def find(self, run: Job) -> Job | None:
        """The run's measurement, under way or over."""
        return self._of.get(run)

    def begin(self, run: Job, result: Result) -> Job:
        """A new measurement of a run; the one that is under way, if there is one."""
        with self._lock:
            job = self._of.get(run)
            if job is None or job.snapshot().is_over:
                job = self._of[run] = self._queue.submit(make_measurement(result))
            return job

    @contextmanager
    def watched(self, job: Job) -> Iterator[None]:
        """Within it somebody waits for the job; when the last one leaves early, it is stopped."""
        with self._lock:
            self._watchers[job.id] += 1
        try:
            yield
        finally:
            with self._lock:
                self._watchers[job.id] -= 1
                if not self._watchers[job.id]:
                    del self._watchers[job.id]
                    job.stop()  # of one that is over, nothing comes


def make_measurement(result: Result) -> Job:
    """A job that measures the run at each of STRENGTHS, publishing a Measured at each."""
    outcome = result.outcome

    def work(_report: Report, should_stop: Callable[[], bool]) -> Measured:
        axes = find_axes(result)
        found: list[tuple[StrengthPoint, np.ndarray]] = []

        def look(point: StrengthPoint, embeddings: EmbeddingSet) -> None:
            found.append((point, axes.place(embeddings.stacked())))
            job.publish(_measured(found))

        strength_curve(
            lambda strength: _encoder_at(outcome.encoder, strength),
            outcome.baseline.test,
            outcome.control.pairs if outcome.control else None,
            known={0.0: outcome.baseline.before, 1.0: outcome.after},
            look=look,
            device=next(outcome.encoder.module.parameters()).device,
            should_stop=should_stop,
        )
        return _measured(found)

    job = Job(work, estimate=estimate_seconds(outcome))
    return job


def find_axes(result: Result) -> Axes:
    """Those of the run's PCA map; before and after together have none where it has no such map."""
    from lab.analysis.projection import project
    from lab.config import ProjectionConfig

    axes = next((maps.axes for maps in result.maps if maps.axes is not None), None)
    if axes is not None:
        return axes
    before, after = result.outcome.baseline.before.stacked(), result.outcome.after.stacked()
    return project(before, after, ProjectionConfig(method="pca")).axes


def estimate_seconds(outcome: Outcome) -> float:
    """About how long a measurement takes: λ = 0 and 1 of the new pairs are known already."""
    pairs = (len(STRENGTHS) - 2) * len(outcome.baseline.test)
    if outcome.control:
        pairs += len(STRENGTHS) * len(outcome.control.pairs)
    return pairs * outcome.baseline.seconds["pair"]


def write_adapter(outcome: Outcome, strength: float, folder: Path) -> Path:
    """A ZIP of the adapter at λ, as PEFT reads it, in place of the one before in `folder`.

    Raises TargetError where there is no such adapter.
    """
    from lab.lora import save_adapter_at_strength

    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.zip"):
        old.unlink()
    target = folder / f"{file_name(outcome.encoder.name)}-lora-{strength:g}.zip"
    with tempfile.TemporaryDirectory() as scratch:
        adapter = Path(scratch) / "adapter"
        module, lora = outcome.encoder.module, outcome.config.lora
        save_adapter_at_strength(adapter, module, lora, outcome.encoder.name, strength)
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path in sorted(adapter.iterdir()):
                archive.write(path, path.name)
    return target


def file_name(model: str) -> str:
    """A model's name as part of a file's."""
    return "".join(c if c.isalnum() or c in "-." else "-" for c in model)


def read_strength(asked: object) -> float | None:
    """The strength that a browser asks an adapter for; None for what is no number above 0."""
    if isinstance(asked, bool) or not isinstance(asked, int | float):
        return None
    return round(float(asked), 4) if 0 < asked <= max(STRENGTHS) else None


def _measured(found: list[tuple[StrengthPoint, np.ndarray]]) -> Measured:
    return Measured(
        StrengthCurve(tuple(point for point, _ in found)), tuple(places for _, places in found)
    )


def _encoder_at(encoder: Encoder, strength: float) -> Encoder:
    from lab.lora import at_strength

    return encoder.with_module(at_strength(encoder.module, strength))
