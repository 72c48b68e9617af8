"""`--track`: a run that is logged to Trackio, Weights & Biases or TensorBoard as well."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lab.cli.arguments import BadArgumentError, blame
from lab.cli.progress import ProgressPrinter
from lab.tracking import TOOLS, TrackedRun, Tracking, make_tracker, tracked

if TYPE_CHECKING:
    from lab.config import RunConfig


def add_tracking_options(parser: argparse.ArgumentParser) -> None:
    """Add them to a command that trains."""
    add = parser.add_argument
    add("--track", choices=TOOLS, help="log the run there too; installed apart")
    add("--track-project", metavar="NAME", help=f"its heading (default: {Tracking.project})")


def read_tracking(options: argparse.Namespace) -> Tracking | None:
    """Where to log to; None: nowhere. Raises BadArgumentError where it would not work, so that
    nothing is loaded in vain."""
    project = options.track_project
    if options.track is None:
        if project is not None:
            raise BadArgumentError(f"--track-project {project}: say with --track where to log to")
        return None
    if project is None:
        project = Tracking.project
    with blame("--track-project", project):
        tracking = Tracking(options.track, project)
    with blame("--track", options.track):
        make_tracker(tracking)
    return tracking


@contextmanager
def logged(
    tracking: Tracking | None, config: RunConfig, printer: ProgressPrinter, name: str
) -> Iterator[TrackedRun]:
    """`lab.tracking.tracked` on a terminal: says where the run is shown, and if it is lost."""

    def tell(error: Exception) -> None:
        printer.say(f"warning: {error}")

    with tracked(tracking, config, printer, name=name, tell=tell) as run:
        if tracking is not None and run.where is not None:
            printer.say(f"Logging the run to {tracking.tool}; to look at it: {run.where}")
        yield run
