"""A sweep from its first point to its last, a generator of the points as they are there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from lab.sweep.config import SweepConfig
from lab.sweep.early import MedianRule
from lab.sweep.folder import FORMAT, SweepFolder, sweep_as_json
from lab.sweep.plan import PlannedPoint, plan_points
from lab.sweep.point import HeldOut, SweepPoint
from lab.sweep.single import Ran, Report, never, try_point
from lab.sweep.together import find_companions, run_together

if TYPE_CHECKING:
    from lab.baseline import Baseline
    from lab.training.caches import Caches


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
    plan = plan_points(config)
    for number, planned in enumerate(plan):
        point = folder.read(planned)
        if point is None:
            missing = [other for other in plan[number:] if folder.read(other) is None]
            companions = find_companions(missing, baseline, config.stop_early)
            given_up = rule.is_hopeless if config.stop_early else never
            made = _run_all(companions, given_up, baseline, caches, report, should_stop)
            if not made:
                return
            for ran in made:
                folder.save(*ran)
            point = made[0][0]
        rule.add(point)
        points.append(point)
        folder.list(points)
        yield point


def _run_all(
    companions: Sequence[PlannedPoint],
    is_hopeless: Callable[[list[HeldOut]], bool],
    baseline: Baseline,
    caches: Caches,
    report: Report,
    should_stop: Callable[[], bool],
) -> list[Ran]:
    """The companions in one pass, or the first of them alone; none when it was stopped."""
    if len(companions) > 1:
        made = run_together(companions, baseline, caches, report, should_stop)
        if made is not None:
            return made
    ran = try_point(companions[0], baseline, caches, report, should_stop, is_hopeless)
    return [] if ran is None else [ran]
