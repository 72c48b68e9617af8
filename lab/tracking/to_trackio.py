"""Runs in Trackio's database on this machine: `trackio show` opens its page.

Trackio keeps what it has where TRACKIO_DIR says, or beside Hugging Face's cache. Who is logged in
to the Hub is asked there for their name by Trackio itself, once a process.
"""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING

from lab.tracking.names import artifact_name, as_file_name, flat_config
from lab.tracking.results import Results
from lab.tracking.tracker import Start

if TYPE_CHECKING:
    import trackio

_PRINTING = threading.Lock()  # sys.stdout belongs to every thread


@contextmanager
def _quiet() -> Iterator[None]:
    """Trackio prints where a run is shown, and more, among our own lines."""
    with _PRINTING, redirect_stdout(io.StringIO()):
        yield


class TrackioTracker:
    """One run."""

    def __init__(self) -> None:
        self._run: trackio.Run | None = None
        self._last = 0

    def start(self, start: Start) -> str:
        """Open the run. Its name is also a folder's, for pictures and pages."""
        import trackio

        with _quiet():
            self._run = trackio.init(
                start.project,
                name=as_file_name(start.name),
                group=start.group,
                config=flat_config(start.config),
                embed=False,
            )
        return f"trackio show --project {start.project}"

    def step(self, step: int, values: Mapping[str, float]) -> None:
        """One row of values."""
        self._last = step
        self._run.log(dict(values), step=step)

    def finish(self, results: Results) -> None:
        """Final values and figures at the last step, and the adapter as an artifact."""
        import trackio

        pictures = {name: trackio.Image(picture) for name, picture in results.pictures.items()}
        page = {} if results.report is None else {"report": trackio.Html(results.report)}
        self._run.log({**results.summary, **pictures, **page}, step=self._last)
        if results.adapter is not None:
            name = artifact_name(self._run.name)
            artifact = trackio.Artifact(name, type="model", metadata=dict(results.about))
            artifact.add_dir(str(results.adapter))
            self._run.log_artifact(artifact)

    def close(self, *, failed: bool) -> None:
        """Write what waits and end the run's thread."""
        import trackio

        if self._run is not None:
            with _quiet():
                trackio.finish()
