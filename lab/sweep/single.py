"""One point of a sweep: trained, watched on its way, and measured."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.errors import TrainingError
from lab.progress import Progress, Stopwatch
from lab.sweep.curve import Curve
from lab.sweep.plan import PlannedPoint
from lab.sweep.point import HeldOut, SweepPoint, describe_point, failed_point

if TYPE_CHECKING:
    from lab.baseline import Baseline
    from lab.experiment import Outcome
    from lab.training.caches import Caches
    from lab.training.loop import TrainStep


@dataclass(frozen=True)
class PointStep:
    """A training step of a point."""

    key: str
    step: TrainStep


@dataclass(frozen=True)
class PointMoment:
    """A point's held-out pairs at the end of an epoch."""

    key: str
    moment: HeldOut


# A point, and the run that it is of; None where nothing came of the run.
Ran = tuple[SweepPoint, "Outcome | None"]
Report = Callable[["Progress | PointStep | PointMoment"], None]


def never(_: object) -> bool:
    return False


def try_point(planned: PlannedPoint, *arguments: Any) -> Ran | None:
    """As run_point; a training that left nothing to measure is a point too."""
    try:
        return run_point(planned, *arguments)
    except TrainingError as error:
        return failed_point(planned, str(error)), None


def run_point(
    planned: PlannedPoint,
    baseline: Baseline,
    caches: Caches,
    report: Report,
    should_stop: Callable[[], bool],
    is_hopeless: Callable[[list[HeldOut]], bool] = never,
) -> Ran | None:
    """Train and measure one point; None when it was stopped on the way.

    is_hopeless: asked with the curve so far, after every step.
    """
    from lab.experiment import conclude
    from lab.training.session import inject, train

    encoder = inject(baseline.encoder, planned.config)
    key = planned.key
    curve = Curve(baseline, encoder, planned.config, lambda m: report(PointMoment(key, m)))
    clock = Stopwatch(report, baseline.seconds)

    def note(step: TrainStep) -> None:
        report(PointStep(key, step))
        curve.after_step(step)

    def ends() -> bool:
        return should_stop() or is_hopeless(curve.moments)

    curve.begin()
    with clock("training"):
        training = train(encoder, baseline.train, planned.config.train, note, ends, caches)
    if training.was_stopped and should_stop():
        return None
    outcome = conclude(baseline, planned.config, encoder, training, clock)
    curve.end(outcome.after, training.steps[-1])
    return describe_point(planned, outcome, tuple(curve.moments), training.was_stopped), outcome
