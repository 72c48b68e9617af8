"""A sweep is watched: its line, its curves, its charts, and at its end what is taken home."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import gradio as gr

from lab.ui.handing_out import hand_out
from lab.ui.sweep_subspaces import usual_two
from lab.ui.sweeps_view import brief_status, point_choices, status_value, view_charts, view_live
from lab.ui.updates import only_news
from lab.visits.jobs import Snapshot
from lab.visits.laboratory import Laboratory
from lab.visits.sweep_state import PACKED, REPORT, Sweeping
from lab.words import find_words

Updates = dict[str, Any]
WATCH_SECONDS = 1.0  # between two looks at a sweep


class SweepWatcher:
    """Shows the sweeps of one laboratory's visitors, in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_watch(self, visitor_id: str) -> Iterator[Updates]:
        """Show the visitor's sweep from where it is until it is over; also after a reload, or a
        restart."""
        yield {}  # a generator that ends without an answer empties all that it may change
        if self._laboratory.recall(visitor_id):
            yield from only_news(self._watch(visitor_id))

    def _watch(self, visitor_id: str) -> Iterator[Updates]:
        visitor = self._laboratory.visitor(visitor_id)
        job, version, shown = visitor.sweep, -1, None
        line: dict[str, Any] = {}
        while job is not None and job is visitor.sweep:
            job.wait_for_change(version, timeout=1.0)
            self._laboratory.visitor(visitor_id)  # whoever watches is here
            snapshot = job.snapshot()
            if snapshot.version == version:
                yield {}
                continue
            # The sidebar's line has other news too, so a sweep is only told point by point.
            brief = brief_status(snapshot, self._words)
            news = {} if brief == line else {"status": brief}
            yield {**self._show(snapshot, shown), **news}
            line = brief
            version, shown = snapshot.version, snapshot.result
            if snapshot.is_over:
                return
            threading.Event().wait(WATCH_SECONDS)

    def _show(self, snapshot: Snapshot, shown: Sweeping | None) -> Updates:
        """What is new since `shown`; the charts are sent again when a point has ended."""
        progress = gr.update(value=status_value(snapshot, self._words), visible=True)
        news: Updates = {"progress": progress, **buttons(not snapshot.is_over)}
        state: Sweeping | None = snapshot.result
        if state is None:
            return news | ({} if shown else {"said": None, "charts": None, "curves": None})
        news["curves"] = view_live(state, self._words["ranks"])
        if shown is None or len(shown.points) != len(state.points):
            said, charts = view_charts(state, self._words)
            news |= {"said": said, "charts": charts}
        if snapshot.is_over:
            news |= self._take_home(state) | self._offer_points(state)
        return news

    def _take_home(self, state: Sweeping) -> Updates:
        files = {"packed": PACKED, "report": REPORT} if state.is_packed else {}
        handed = {name: hand_out(state.folder / file) for name, file in files.items()}
        return {
            name: gr.update(value=path, visible=path is not None) for name, path in handed.items()
        }

    def _offer_points(self, state: Sweeping) -> Updates:
        """The points to compare, at first the smallest and the largest rank of the first seed."""
        choices = point_choices(state, self._words["ranks"])
        keys = [point.key for point in usual_two(state.points) or ()] or [None, None]
        offered = zip(("first", "second"), keys, strict=True)
        return {
            "others": gr.update(visible=len(choices) > 1),
            **{name: gr.update(choices=choices, value=key) for name, key in offered},
        }


def begun() -> Updates:
    """A sweep waits or trains now, and nothing of the one before is left on the page."""
    hidden = dict.fromkeys(("packed", "report", "others"), gr.update(visible=False))
    return {**buttons(True), **hidden, "subspaces": None, "compared": None}


def buttons(runs: bool) -> Updates:
    """The two buttons, one of them shown."""
    return {"start": gr.update(visible=not runs), "stop": gr.update(visible=runs)}
