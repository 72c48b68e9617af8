"""The work of a sweep's job: one point after the other, its state published as it comes.

Knows nothing about gradio.
"""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.experiment import Progress, Report
from lab.sweep.config import SweepConfig
from lab.sweep.plan import plan_points
from lab.sweep.point import SweepPoint
from lab.sweep.view import read_losses, smooth_losses
from lab.visits.disk import remove
from lab.visits.found_sweeps import write_sweep
from lab.visits.interrupted import Restarting, Visit
from lab.visits.jobs import Job
from lab.visits.sweep_state import PACKED, PointUnderWay, Sweeping

if TYPE_CHECKING:
    from lab.visits.laboratory import Laboratory, Visitor


class SweepWatch:
    """Follows what `run_sweep` tells, and shows the state after each event.

    show: called with each new Sweeping.
    """

    def __init__(
        self, config: SweepConfig, now: Sweeping, show: Callable[[Sweeping], None]
    ) -> None:
        self.now = now
        self._show = show
        self._planned = {
            point.key: PointUnderWay(point.key, point.config.lora.r, point.seed, number)
            for number, point in enumerate(plan_points(config), start=1)
        }

    def note(self, event: Any) -> None:
        """A PointStep or a PointMoment; a stage of a point is no news."""
        if isinstance(event, Progress):
            return
        point = self._planned[event.key]
        if (step := getattr(event, "step", None)) is not None:
            point = replace(point, step=step, losses=(*point.losses, (step.step, step.loss)))
        else:
            point = replace(point, curve=(*point.curve, event.moment))
        self._planned[event.key] = point
        self._tell(under_way={**self._others(event.key), event.key: point})

    def end_point(self, point: SweepPoint) -> None:
        """A point has ended and is on disk, maybe since before the server ended."""
        heard = self._planned[point.key].losses
        known = {point.key: smooth_losses(heard)} if heard else {}
        self._tell(
            points=(*self.now.points, point),
            losses={**self.now.losses, **(known or read_losses(self.now.folder, [point]))},
            under_way=self._others(point.key),
        )

    def _others(self, key: str) -> dict[str, PointUnderWay]:
        return {k: point for k, point in self.now.under_way.items() if k != key}

    def _tell(self, **changes: Any) -> None:
        self.now = replace(self.now, **changes)
        self._show(self.now)


def make_sweep(
    laboratory: Laboratory,
    visitor: Visitor,
    config: SweepConfig,
    language: str = "en",
    estimate: float | None = None,
    job_id: str | None = None,
) -> Job:
    """A job that runs every point of a sweep; stopped, it keeps those that are there.

    Its result is a Sweeping, published at every step. language: of the report. job_id: of the sweep
    that it goes on with; None: a new one.
    """

    def work(report: Report, should_stop: Callable[[], bool]) -> Sweeping:
        from lab.sweep.folder import SweepFolder
        from lab.sweep.run import describe_sweep, run_sweep

        with visit.gone_unless_broken_off():
            baseline = laboratory.prepared.baseline(visitor, config.base, report)
            report(Progress("training"))
            settings = describe_sweep(config, baseline)
            folder = SweepFolder(visit.result, settings)
            watch = SweepWatch(config, Sweeping(settings, folder.path, len(config)), job.publish)
            for point in run_sweep(config, baseline, folder, watch.note, should_stop):
                watch.end_point(point)
            if laboratory.is_ending.is_set() and len(watch.now.points) < len(config):
                raise Restarting
            state = finish(watch.now, language)
            if state.is_packed:
                write_sweep(visitor, state)
        return state

    home, job_id = laboratory.runs_folder, job_id or uuid.uuid4().hex
    visit = Visit(home, job_id, visitor, config, language, {})
    hooks = {"on_queued": visit.note, "on_withdrawn": visit.withdraw}
    job = Job(work, job_id, estimate=estimate, kind="sweep", **hooks)
    return job


def finish(state: Sweeping, language: str) -> Sweeping:
    """Write the report, and pack the folder; without a point there is neither."""
    from lab.sweep.report import write_sweep_report

    ended = replace(state, under_way={})
    if not state.points:
        return ended
    write_sweep_report(state.folder, language)
    pack_sweep(state.folder)
    return replace(ended, is_packed=True)


def pack_sweep(folder: Path) -> None:
    """The folder as a ZIP in itself; one that a server left there as it ended is replaced."""
    (folder / PACKED).unlink(missing_ok=True)
    members = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    with zipfile.ZipFile(folder / PACKED, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in members:
            archive.write(path, path.relative_to(folder).as_posix())


def drop_former(laboratory: Laboratory, former: Job | None) -> None:
    """Where finished runs are bounded, a visitor's new sweep takes the place of the one before."""
    if former is not None and laboratory.service.runs_kept is not None:
        remove(laboratory.runs_folder / former.id)
