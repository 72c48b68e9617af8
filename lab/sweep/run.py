"""A sweep from its first point to its last, a generator of the points as they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.errors import TrainingError
from lab.progress import Progress, Stopwatch
from lab.sweep.config import SweepConfig
from lab.sweep.curve import Curve
from lab.sweep.early import MedianRule
from lab.sweep.folder import FORMAT, SweepFolder, sweep_as_json
from lab.sweep.plan import PlannedPoint, plan_points
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


def describe_sweep(config: SweepConfig, baseline: Baseline) -> dict[str, Any]:
    """settings.json: what is asked, on which pairs, and the held-out pairs as the base has them."""
    from lab.analysis.compare import compare
    from lab.archive import find_versions

    comparison = compare(baseline.before, baseline.before, seed=config.base.train.seed)
    return {
        "format": FORMAT,
        "config": sweep_as_json(config),
        "data": {
            "name": baseline.dataset.name,
            "sha256": baseline.dataset.digest,
            "train": len(baseline.train),
            "test": len(baseline.test),
            "side_names": list(baseline.test.side_names),
        },
        "model": {"name": baseline.encoder.name, "dim": baseline.before.a.shape[1]},
        "before": comparison.before.as_json(lambda estimate: estimate.value),
        "marks": {name: vars(marks) for name, marks in comparison.marks.items()},
        "versions": find_versions(),
    }


def run_sweep(
    config: SweepConfig,
    baseline: Baseline,
    folder: SweepFolder,
    report: Report,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[SweepPoint]:
    """Every point in turn, those on disk first; each is on disk before it is yielded.

    baseline: of the base's settings; its split serves all. A point that fails is a point of
    status "failed"; the sweep goes on. When `should_stop` says so, the point under way is left,
    and is run whole when the sweep goes on.
    """
    from lab.training.caches import Caches

    caches, rule, points = Caches(), MedianRule(), []
    for planned in plan_points(config):
        point = folder.read(planned)
        if point is None:
            given_up = rule.is_hopeless if config.stop_early else _never
            ran = try_point(planned, baseline, caches, report, should_stop, given_up)
            if ran is None:
                return
            point = ran[0]
            folder.save(*ran)
        rule.add(point)
        points.append(point)
        folder.list(points)
        yield point


def _never(_: object) -> bool:
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
    is_hopeless: Callable[[list[HeldOut]], bool] = _never,
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
