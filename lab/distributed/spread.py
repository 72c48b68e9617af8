"""A sweep whose points run on a cluster, as many at a time as it has room for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

from lab.baseline import Baseline
from lab.distributed.cluster import Cluster
from lab.distributed.portable import make_portable
from lab.distributed.worker import MadePoint, PointWorker
from lab.errors import DistributedError
from lab.sweep.config import SweepConfig
from lab.sweep.folder import SweepFolder
from lab.sweep.plan import PlannedPoint, plan_points
from lab.sweep.point import SweepPoint


def check_can_spread(config: SweepConfig) -> None:
    """Raise DistributedError for a sweep that needs its points one after another."""
    if config.stop_early:
        raise DistributedError(
            "points on a cluster end in no order, so that none is compared with those before it; "
            "leave early stopping out, or the cluster"
        )


def spread_sweep(
    config: SweepConfig,
    baseline: Baseline,
    folder: SweepFolder,
    cluster: Cluster,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[SweepPoint]:
    """As `lab.sweep.run.run_sweep`, but for the order: points on disk first, others as they end.

    The workers read and write nothing on their disks: base and pairs go to them, and each point's
    files come back, to be written here. sweep.json lists the points in the order of the plan.
    When `should_stop` says so, points under way are left.
    """
    check_can_spread(config)
    planned = {point.key: point for point in plan_points(config)}
    found = ((key, folder.read(point)) for key, point in planned.items())
    there = {key: point for key, point in found if point is not None}
    folder.list(list(there.values()))
    yield from list(there.values())
    missing = {key: point for key, point in planned.items() if key not in there}
    for made in _make_points(config, baseline, cluster, missing, should_stop):
        folder.save_files(made.point, made.files)
        there[made.point.key] = made.point
        folder.list([there[key] for key in planned if key in there])
        yield made.point


def _make_points(
    config: SweepConfig,
    baseline: Baseline,
    cluster: Cluster,
    missing: Mapping[str, PlannedPoint],
    should_stop: Callable[[], bool],
) -> Iterator[MadePoint]:
    if missing:
        make = partial(PointWorker, device=config.base.train.device)
        yield from cluster.run(make, make_portable(baseline), missing, should_stop)
