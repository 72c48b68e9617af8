"""The events of an update's strength: it is measured, watched, stopped, and taken home."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import gradio as gr

from lab.errors import LabError
from lab.ui.handing_out import hand_out
from lab.ui.inside_view import view_measured, view_progress
from lab.ui.strengths import Measurements, read_strength, write_adapter
from lab.ui.updates import failed
from lab.visits.complaints import phrase
from lab.visits.jobs import Job, Snapshot
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.own_thread import in_own_thread
from lab.visits.results import Result
from lab.words import find_words

Updates = dict[str, Any]
AT_STRENGTH = "at-strength"  # in the run's folder, and gone with it
HIDDEN = gr.update(value=None, visible=False)  # a line without words would leave a gap


class StrengthEvents:
    """Measurements of the visitors' runs, told in one language."""

    def __init__(self, laboratory: Laboratory, language: str, measurements: Measurements) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)
        self._measurements = measurements

    def on_measure(self, visitor_id: str) -> Iterator[Updates]:
        """Measure the visitor's run, and show it from point to point."""
        visitor = self._laboratory.visitor(visitor_id)
        run, result = find_run(visitor)
        if result is not None:
            job = self._measurements.begin(run, result)
            yield from self._watch(visitor, run, job, result)

    def on_show(self, visitor_id: str) -> Iterator[Updates]:
        """The tab was selected: what was measured of the visitor's run, or is being."""
        visitor = self._laboratory.visitor(visitor_id)
        run, result = find_run(visitor)
        job = None if result is None else self._measurements.find(run)
        if job is None:
            yield {"explorer": None, "measuring": HIDDEN, **self._buttons(None)}
        else:
            yield from self._watch(visitor, run, job, result)

    def on_stop(self, visitor_id: str) -> None:
        """Stop after the strength that is being measured."""
        run = self._laboratory.visitor(visitor_id).job
        job = None if run is None else self._measurements.find(run)
        if job is not None:
            job.stop()

    def on_export(self, asked: Any, visitor_id: str) -> Updates:
        """The adapter at a strength, as a file; what cannot be one says why."""
        visitor = self._laboratory.visitor(visitor_id)
        strength, (run, result) = read_strength(asked), find_run(visitor)
        if strength is None or result is None:
            return {"adapter": None}
        folder = self._laboratory.runs_folder / run.id / AT_STRENGTH
        try:
            path = in_own_thread(lambda: write_adapter(result.outcome, strength, folder))
        except LabError as error:
            said = phrase(error, self._words)
            return {"adapter": None, "measuring": shown(failed(said))}
        return {"adapter": hand_out(path)}

    def _watch(self, visitor: Visitor, run: Job, job: Job, result: Result) -> Iterator[Updates]:
        """Until it is over, the page is left, or the visitor starts another run."""
        version = -1
        with self._measurements.watched(job):
            while visitor.job in (run, None):  # None: let go of, which a page need not notice
                job.wait_for_change(version, timeout=1.0)
                snapshot = job.snapshot()
                if snapshot.version != version:
                    yield self._show(snapshot, result)
                version = snapshot.version
                if snapshot.is_over:
                    return

    def _show(self, snapshot: Snapshot, result: Result) -> Updates:
        status = shown(view_progress(snapshot, self._words))
        news = {"measuring": status, **self._buttons(snapshot)}
        if snapshot.result is not None:
            news["explorer"] = view_measured(snapshot.result, result.outcome, self._words)
        return news

    def _buttons(self, snapshot: Snapshot | None) -> Updates:
        idle, words = snapshot is None or snapshot.is_over, self._words["inside"]
        name = words["measure" if snapshot is None else "again"]
        return {
            "measure": gr.update(value=name, visible=idle),
            "stop": gr.update(visible=not idle),
        }


def shown(status: dict[str, Any]) -> Any:
    """A status line with its words."""
    return gr.update(value=status, visible=True)


def find_run(visitor: Visitor) -> tuple[Job | None, Result | None]:
    """The visitor's run, and what it has found when it has ended.

    Asked for once and together: both may be let go of meanwhile.
    """
    run = visitor.job
    return run, None if run is None else run.snapshot().result
