"""`--track` for a sweep: every point a run of its own, all of one group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.cli.sweep_progress import SweepPrinter
from lab.sweep.folder import SweepFolder
from lab.sweep.plan import plan_points
from lab.tracking import TrackedPoints, Tracking, read_results

if TYPE_CHECKING:
    from lab.sweep.config import SweepConfig
    from lab.sweep.point import SweepPoint


class SweepLog:
    """Shows what a sweep reports, and logs the points that are new; call it with each report."""

    def __init__(
        self,
        tracking: Tracking | None,
        config: SweepConfig,
        folder: SweepFolder,
        printer: SweepPrinter,
    ) -> None:
        self._printer, self._folder = printer, folder
        self._points = TrackedPoints(tracking, folder.path.resolve().name, self._warn)
        plan = plan_points(config)
        self._new = {planned.key: planned.config for planned in plan if not folder.read(planned)}

    def __call__(self, event: Any) -> None:
        """What `run_sweep` reports."""
        self._printer(event)
        if hasattr(event, "moment"):
            moment = event.moment
            names = ("recall", "alignment", "uniformity")
            values = {f"eval/{name}": getattr(moment, name) for name in names}
            values["eval/recall@1"] = values.pop("eval/recall")
            self._points.measure(event.key, moment.step, values)
        elif hasattr(event, "key"):
            self._points.step(event.key, event.step)

    def end(self, point: SweepPoint, number: int, count: int) -> None:
        """A point is on disk."""
        self._printer.end_point(point, number, count)
        if point.key in self._new and point.is_measured:
            folder = self._folder.adapter(point.key).parent
            self._points.end(point.key, self._new[point.key], lambda: read_results(folder))

    def _warn(self, error: Exception) -> None:
        self._printer.say(f"warning: {error}")
