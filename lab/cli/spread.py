"""`--ray`: a sweep whose points run on a Ray cluster."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lab.cli.arguments import BadArgumentError, blame
from lab.distributed.cluster import LOCAL, Resources, connected
from lab.errors import ConfigError, DistributedError

if TYPE_CHECKING:
    from lab.baseline import Baseline
    from lab.sweep.config import SweepConfig
    from lab.sweep.folder import SweepFolder
    from lab.sweep.point import SweepPoint
    from lab.sweep.single import Report

    Points = Callable[
        [SweepConfig, Baseline, SweepFolder, Report, Callable[[], bool]], Iterator[SweepPoint]
    ]

HELP = f"spread the points over a Ray cluster; {LOCAL!r}: begin one here"


def add_spread_options(parser: argparse.ArgumentParser) -> None:
    """Add them to the sweep."""
    add = parser.add_argument
    add("--ray", metavar="ADDRESS", help=HELP)
    add("--ray-cpus", type=float, metavar="X", help="that a point takes (default: 1)")
    add("--ray-gpus", type=float, metavar="X", help="the same; 0.5: two share one (default: 1)")


def read_resources(options: argparse.Namespace) -> Resources | None:
    """What a point takes; None without a cluster. Raises BadArgumentError."""
    given = {"cpus": options.ray_cpus, "gpus": options.ray_gpus}
    given = {name: value for name, value in given.items() if value is not None}
    if options.ray is None:
        for name, value in given.items():
            raise BadArgumentError(f"--ray-{name} {value:g}: say with --ray where the points run")
        return None
    for name, value in given.items():
        with blame(f"--ray-{name}", f"{value:g}", ConfigError):
            Resources(**{name: value})
    if options.stop_early:
        raise BadArgumentError(
            "--stop-early: points on a cluster end in no order, so that none is compared with "
            "those before it; leave out --stop-early or --ray"
        )
    return Resources(**given)


@contextmanager
def placed(
    address: str | None, resources: Resources | None, tell: Callable[[str], None]
) -> Iterator[Points]:
    """Within it, what runs a sweep's points: `run_sweep` here, or its like on the cluster."""
    if address is None or resources is None:
        from lab.sweep.run import run_sweep

        yield run_sweep
        return
    from lab.distributed.spread import spread_sweep

    with blame("--ray", address, DistributedError), connected(address, resources) as cluster:
        tell(f"Ray has {cluster.cpus:g} CPUs and {cluster.gpus:g} GPUs for the points.")
        yield lambda config, baseline, folder, _, should_stop: spread_sweep(
            config, baseline, folder, cluster, should_stop
        )
