"""The maps' events: an item is chosen, the neighbours come into view, UMAP is laid out again."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import gradio as gr

from lab.errors import LabError
from lab.report.maps import view_maps
from lab.ui.map_answers import check_item, lay_out, measure, read_layout, view_item, view_overview
from lab.visits.complaints import phrase
from lab.visits.laboratory import Laboratory
from lab.visits.own_thread import in_own_thread
from lab.visits.results import Result
from lab.words import find_words

if TYPE_CHECKING:
    from lab.analysis.projection import Maps

Note = dict[str, Any]


class MapEvents:
    """Questions about a visitor's own result, answered in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_point(self, visitor_id: str, data: Any) -> dict[str, Any] | None:
        """An item was chosen: its neighbours; None when there is no such item."""
        result = self._result(visitor_id)
        item = None if result is None else check_item(data, result.outcome)
        if item is None:
            return None
        return in_own_thread(lambda: view_item(result.outcome, item, self._words))

    def on_look(self, visitor_id: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        """The overview came into view: every item's overlap, and a first item's neighbours."""
        result = self._result(visitor_id)
        if result is None:
            return None, None
        return in_own_thread(lambda: view_overview(result.outcome, self._words))

    def on_layout(
        self, visitor_id: str, n_neighbors: Any, min_dist: Any, metric: Any
    ) -> Iterator[tuple[dict[str, Any] | None, Note]]:
        """UMAP by other settings: maps (None: as they are) and a note, as they come."""
        result, words = self._result(visitor_id), self._words["layout"]
        if result is None:
            yield None, _note(words["no_run"], "faint")
            return
        try:
            config = read_layout(result.outcome, n_neighbors, min_dist, metric)
        except LabError as error:
            said = phrase(error, self._words)
            yield None, _note(words["failed"].format(error=said), "error")
            return
        points = f"{2 * len(result.outcome.after):,}"
        yield None, _note(words["running"].format(points=points), "faint")
        began = time.perf_counter()
        maps = in_own_thread(lambda: lay_out(result.outcome, result.maps, config))
        seconds = f"{time.perf_counter() - began:.1f}"
        yield self._show(result, maps), _note(words["measuring"], "faint")
        measured = in_own_thread(lambda: measure(result.outcome, maps, config))
        done = words["done"].format(seconds=seconds)
        yield self._show(result, measured), _note(done, "faint")

    def _show(self, result: Result, maps: tuple[Maps, ...]) -> dict[str, Any]:
        return view_maps(result.outcome, maps, self._words)

    def _result(self, visitor_id: str) -> Result | None:
        job = self._laboratory.visitor(visitor_id).job
        return None if job is None else job.snapshot().result


def _note(text: str, kind: str) -> Note:
    return {"texts": [text], "kind": kind}


def wire_maps(
    page: Mapping[str, Any], visitor: gr.BrowserState, laboratory: Laboratory, language: str
) -> None:
    """Attach them. page: the components of the comparison's tab, by name."""
    events = MapEvents(laboratory, language)

    def point(visitor_id: str, event: gr.EventData) -> Any:
        return _or_skip(events.on_point(visitor_id, event._data))

    def look(visitor_id: str) -> Any:
        return [_or_skip(value) for value in events.on_look(visitor_id)]

    def layout(visitor_id: str, *settings: Any) -> Iterator[Any]:
        for maps, note in events.on_layout(visitor_id, *settings):
            yield _or_skip(maps), note

    options = {"show_progress": "hidden", "api_visibility": "private"}
    maps, overlap, near = page["maps"], page["overlap"], page["neighbours"]
    settings = [visitor, page["n_neighbors"], page["min_dist"], page["metric"]]
    maps.point_click(
        point, visitor, near, trigger_mode="always_last", concurrency_limit=2, **options
    )
    overlap.look(look, visitor, [overlap, near], concurrency_limit=1, **options)
    page["again"].click(
        layout, settings, [maps, page["layout_note"]], concurrency_limit=1, **options
    )


def _or_skip(value: Any) -> Any:
    return gr.skip() if value is None else value
