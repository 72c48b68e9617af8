"""A run that is logged while it goes on, and goes on when it can no longer be logged."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from lab.config import RunConfig
from lab.errors import TrackingError
from lab.progress import Progress, Report
from lab.tracking.names import step_values
from lab.tracking.results import Results
from lab.tracking.tracker import Start, Tracker
from lab.tracking.tracking import Tracking, make_tracker

if TYPE_CHECKING:
    from lab.training.loop import TrainStep

Tell = Callable[[TrackingError], None]


class TrackedRun:
    """Hands on what a run reports, and logs its steps; call it with each.

    Whatever a tracker raises is told once, and the run goes on without it: a server that is gone
    or a full disk is no reason to lose a training.
    where: the command or address that shows the run; None: it is not logged.
    """

    def __init__(self, report: Report, epochs: int, tracker: Tracker | None, tell: Tell) -> None:
        self._report, self._epochs = report, epochs
        self._tracker, self._tell = tracker, tell
        self.where: str | None = None

    def __call__(self, event: Progress | TrainStep) -> None:
        self._report(event)
        if not isinstance(event, Progress):
            self.log(event.step, step_values(event, self._epochs))

    def log(self, step: int, values: Mapping[str, float]) -> None:
        """Log other values, such as `eval/recall@1`, after so many steps."""
        self._log(lambda tracker: tracker.step(step, values))

    def finish(self, read: Callable[[], Results]) -> None:
        """Log what the run ended with. read: is called only where the run is logged."""

        def finish(tracker: Tracker) -> None:
            results = read()
            tracker.finish(results)
            tracker.close(failed=results.failed)

        self._log(finish)
        self._tracker = None

    def _start(self, start: Start) -> None:
        def begin(tracker: Tracker) -> None:
            self.where = tracker.start(start)

        self._log(begin)

    def _close(self, *, failed: bool) -> None:
        self._log(lambda tracker: tracker.close(failed=failed))

    def _log(self, act: Callable[[Tracker], None]) -> None:
        tracker = self._tracker
        if tracker is None:
            return
        try:
            act(tracker)
        except Exception as error:
            self._tracker = self.where = None
            with suppress(Exception):
                tracker.close(failed=True)
            reason = str(error) or type(error).__name__
            self._tell(
                TrackingError(
                    f"the run can no longer be logged ({reason}); it goes on, and its own folder "
                    "will hold everything"
                )
            )


@contextmanager
def tracked(
    tracking: Tracking | None,
    config: RunConfig,
    report: Report,
    *,
    name: str,
    group: str | None = None,
    tell: Tell = lambda _: None,
) -> Iterator[TrackedRun]:
    """Within it, what is reported to the yielded run is handed to `report` and logged.

    tracking: None: only handed on. name: the run's; group: its sweep's, if any.
    tell: is given the TrackingError, once, when the run can no longer be logged.
    Raises TrackingError before anything else where the tool is missing or not set up.
    """
    tracker = None if tracking is None else make_tracker(tracking)
    run = TrackedRun(report, config.train.epochs, tracker, tell)
    if tracking is not None:
        run._start(Start(tracking.project, name, config, group))
    try:
        yield run
    except BaseException:
        run._close(failed=True)
        raise
    run._close(failed=False)
