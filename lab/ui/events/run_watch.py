"""A run is watched: its line, its loss, and what it found, as soon as there is any of it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

from lab.charts import values
from lab.ui import updates
from lab.ui.views import maps_of, status_value
from lab.visits.jobs import Job, Snapshot
from lab.visits.laboratory import Laboratory
from lab.visits.results import Result
from lab.words import find_words

Updates = dict[str, Any]
WATCH_SECONDS = 0.5  # between two looks at a job; what a page draws it takes from the training


class RunWatcher:
    """Shows the runs of one laboratory's visitors, in one language."""

    def __init__(self, laboratory: Laboratory, language: str = "en") -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_watch(self, visitor_id: str) -> Iterator[Updates]:
        """Show the visitor's job from where it is until it is over; also after a reload."""
        job = self._laboratory.visitor(visitor_id).job
        yield from updates.only_news(self._watch(visitor_id, job)) if job else [{}]

    def _watch(self, visitor_id: str, job: Job) -> Iterator[Updates]:
        shown, version = None, -1
        while True:
            job.wait_for_change(version, timeout=1.0)
            self._laboratory.visitor(visitor_id)  # whoever watches is here
            snapshot = job.snapshot()
            version = snapshot.version
            yield self._show(snapshot, shown)
            shown = snapshot.result
            if snapshot.is_over:
                return
            threading.Event().wait(WATCH_SECONDS)

    def _show(self, snapshot: Snapshot, shown: Result | None) -> Updates:
        """What is new since `shown`; charts are sent again only when they changed."""
        status = status_value(snapshot, self._words)
        news: Updates = {"status": status, "training_status": status}
        news |= updates.under_way(not snapshot.is_over)
        if snapshot.steps:
            last = snapshot.steps[-1]
            batch = snapshot.settings and snapshot.settings.train.batch_size
            words = self._words["loss"]
            news["loss"] = values.loss_value(snapshot.steps, last.steps, words, batch)
        result = snapshot.result
        if result is None or result is shown:
            return news
        if shown is None:
            news["tabs"] = updates.select("compare")
            news["matrices"] = None  # those of a run before; they are made when they are seen
        if shown is None or shown.outcome is not result.outcome:
            news |= updates.comparison(result, self._words)
        elif shown.maps is not result.maps:
            news["maps"] = maps_of(result, self._words)
        return news | updates.take_home(result, self._words)
