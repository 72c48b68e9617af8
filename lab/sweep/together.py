"""Points of a sweep in one pass over the base: on a GPU, which a small model alone leaves idle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from lab.errors import TrainingError
from lab.progress import Stopwatch
from lab.sweep.curve import Curve
from lab.sweep.plan import PlannedPoint
from lab.sweep.point import HeldOut, describe_point, failed_point
from lab.sweep.single import PointMoment, PointStep, Ran, Report

if TYPE_CHECKING:
    from lab.baseline import Baseline
    from lab.encoders.base import Encoder
    from lab.training.caches import Caches
    from lab.training.loop import TrainStep

MOST = 8  # in one pass: the network holds so many times the batch


def find_companions(
    missing: Sequence[PlannedPoint], baseline: Baseline, stops_early: bool
) -> Sequence[PlannedPoint]:
    """The first of the missing points, and those that may be trained in one pass with it.

    On a CPU nothing is idle, and points that may end early end one at a time.
    """
    first = missing[0]
    on_gpu = next(baseline.encoder.module.parameters()).device.type == "cuda"
    if not on_gpu or stops_early:
        return [first]
    return [planned for planned in missing if planned.seed == first.seed][:MOST]


def run_together(
    points: Sequence[PlannedPoint],
    baseline: Baseline,
    caches: Caches,
    report: Report,
    should_stop: Callable[[], bool],
) -> list[Ran] | None:
    """Train and measure the points in one pass; none when that was stopped on the way.

    None where they have to be trained apart: what they adapt does not stand together
    (lab.training.eligible), or not all of them fit the device's memory.
    """
    from lab.training.eligible import why_apart
    from lab.training.session import inject
    from lab.training.together import train_together

    encoders = [inject(baseline.encoder, planned.config) for planned in points]
    configs = [planned.config.train for planned in points]
    if configs[0].validation_fraction or why_apart(encoders, configs):
        return None
    ways = [_Way(*pair, baseline, report) for pair in zip(points, encoders, strict=True)]
    clock = Stopwatch(report)
    try:
        with clock("training"):
            for k, event in train_together(
                encoders, baseline.train, configs, caches=caches, should_stop=should_stop
            ):
                ways[k].note(event)
    except TrainingError:
        return None
    if should_stop():
        return []
    share = clock.seconds["training"] / len(points)
    return [way.end(share) for way in ways]


class _Way:
    """One of the points on its way through the pass."""

    def __init__(
        self, planned: PlannedPoint, encoder: Encoder, baseline: Baseline, report: Report
    ) -> None:
        self._planned, self._encoder, self._baseline = planned, encoder, baseline
        self._report = report
        self._steps: list[TrainStep] = []
        self._error: str | None = None
        key = planned.key
        self._curve = Curve(
            baseline, encoder, planned.config, lambda m: report(PointMoment(key, m))
        )
        self._curve.begin()

    def _tell(self, moment: HeldOut) -> None:
        self._report(PointMoment(self._planned.key, moment))

    def note(self, event: TrainStep | TrainingError) -> None:
        if isinstance(event, TrainingError):
            self._error = str(event)
            return
        self._steps.append(event)
        self._report(PointStep(self._planned.key, event))
        self._curve.after_step(event)

    def end(self, seconds: float) -> Ran:
        """The point. seconds: its share of the pass."""
        from lab.experiment import conclude
        from lab.training.session import Training

        clock = Stopwatch(self._report, {**self._baseline.seconds, "training": seconds})
        training = Training(tuple(self._steps), self._error, was_stopped=False)
        if not self._steps:
            return failed_point(self._planned, self._error or ""), None
        try:
            outcome = conclude(self._baseline, self._planned.config, self._encoder, training, clock)
        except TrainingError as error:
            return failed_point(self._planned, str(error)), None
        self._curve.end(outcome.after, self._steps[-1])
        return describe_point(self._planned, outcome, tuple(self._curve.moments), False), outcome
