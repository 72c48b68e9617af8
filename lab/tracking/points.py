"""A sweep's points, each logged as a run of one group."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from lab.config import RunConfig
from lab.errors import TrackingError
from lab.progress import no_report
from lab.tracking.results import Results
from lab.tracking.run import Tell, TrackedRun, tracked
from lab.tracking.tracking import Tracking

if TYPE_CHECKING:
    from lab.training.loop import TrainStep

Note = Callable[[TrackedRun], None]


class TrackedPoints:
    """Keeps what points tell of themselves, and logs each point whole when it ends.

    Points may train side by side, and Trackio has one run open at a time. When one can no longer
    be logged it is told once, and the sweep goes on without: a server that is gone would hold up
    every point anew.

    tracking: None: nothing is kept or logged. group: the sweep's name.
    """

    def __init__(self, tracking: Tracking | None, group: str, tell: Tell) -> None:
        self._tracking, self._group, self._told = tracking, group, tell
        self._notes: dict[str, list[Note]] = defaultdict(list)

    def step(self, point: str, step: TrainStep) -> None:
        """A training step of a point."""
        self._keep(point, lambda run: run(step))

    def measure(self, point: str, step: int, values: Mapping[str, float]) -> None:
        """What was measured of a point on its way, say `eval/recall@1`, after so many steps."""
        self._keep(point, lambda run: run.log(step, values))

    def end(self, point: str, config: RunConfig, read: Callable[[], Results]) -> None:
        """Log the point. read: as `TrackedRun.finish` has it."""
        notes, tracking = self._notes.pop(point, []), self._tracking
        names = {"name": point, "group": self._group, "tell": self._tell}
        try:
            with tracked(tracking, config, no_report, **names) as run:
                for note in notes:
                    note(run)
                run.finish(read)
        except TrackingError as error:
            self._tell(error)

    def _keep(self, point: str, note: Note) -> None:
        if self._tracking is not None:
            self._notes[point].append(note)

    def _tell(self, error: TrackingError) -> None:
        self._tracking = None
        self._notes.clear()
        self._told(error)
