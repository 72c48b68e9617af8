"""The retrieval explorer's events: its tab is opened, a query is asked."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from typing import Any

import gradio as gr

from lab.errors import LabError
from lab.ui.explorer_view import find_ground, view_answer, view_opening
from lab.ui.form import read_form
from lab.ui.search import Ground
from lab.ui.selection import Selection
from lab.ui.tabs.explorer import ExplorerTab
from lab.visits.laboratory import Laboratory
from lab.words import find_words

LOADED_WITHIN, LOOK_EVERY = 60.0, 0.3  # seconds


class ExplorerEvents:
    """Queries over one laboratory, answered in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_show(
        self, visitor_id: str, selection: Selection, *form_values: Any
    ) -> Iterator[dict[str, Any] | None]:
        """The tab was selected: the form and a first answer, once the choice is loaded."""
        end = time.monotonic() + LOADED_WITHIN
        while time.monotonic() < end:
            ground = self._ground(visitor_id, selection, form_values)
            if ground is not None:
                yield {**view_opening(ground, self._words), "opening": True}
                return
            yield None
            time.sleep(LOOK_EVERY)

    def on_ask(
        self, data: Any, visitor_id: str, selection: Selection, *form_values: Any
    ) -> dict[str, Any] | None:
        """A query; its number goes back with the answer."""
        ground = self._ground(visitor_id, selection, form_values)
        if ground is None:
            return None
        number = data.get("ask") if isinstance(data, dict) else None
        return {
            **view_answer(ground, data, self._words),
            "ask": number if type(number) is int else 0,
            "opening": False,
        }

    def _ground(
        self, visitor_id: str, selection: Selection, form_values: Sequence[Any]
    ) -> Ground | None:
        visitor = self._laboratory.visitor(visitor_id)
        try:
            return find_ground(self._laboratory, visitor, selection, read_form(tuple(form_values)))
        except LabError:  # the sidebar says it already
            return None


def wire_explorer(
    tab: ExplorerTab, inputs: Sequence[Any], laboratory: Laboratory, language: str
) -> None:
    """inputs: the visitor, the selection, and the form's controls in their order."""
    events = ExplorerEvents(laboratory, language)

    def ask(event: gr.EventData, *values: Any) -> dict[str, Any] | None:
        return events.on_ask(event._data, *values)

    options = {"show_progress": "hidden", "api_visibility": "private"}
    tab.tab.select(events.on_show, list(inputs), tab.explorer, concurrency_limit=None, **options)
    tab.explorer.ask(
        ask, list(inputs), tab.explorer, concurrency_limit=2, trigger_mode="multiple", **options
    )
