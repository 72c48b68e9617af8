"""The Runs tab's events: it is opened, runs are ticked, a run's settings are asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import gradio as gr

from lab.ui.events.by_name import by_name
from lab.ui.form import form_fields, read_form
from lab.ui.handlers import Handlers, Updates
from lab.ui.runs_view import view_comparison, view_runs
from lab.ui.selection import Selection
from lab.ui.tabs.runs import RunsTab
from lab.visits.kept_runs import find_runs
from lab.visits.laboratory import Laboratory
from lab.words import find_words


class RunsEvents:
    """A visitor's finished runs, shown in one language."""

    def __init__(self, laboratory: Laboratory, language: str, handlers: Handlers) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)
        self._handlers = handlers

    def on_show(self, visitor_id: str) -> tuple[dict[str, Any] | None, None]:
        """The tab was selected: the table, and nothing said of it yet."""
        return view_runs(self._laboratory.visitor(visitor_id).runs, self._words), None

    def on_pick(self, numbers: Any, visitor_id: str) -> dict[str, Any] | None:
        """Runs were ticked."""
        runs = self._laboratory.visitor(visitor_id).runs
        return view_comparison(find_runs(runs, numbers), self._words)

    def on_use(self, number: Any, visitor_id: str, selection: Selection) -> Iterator[Updates]:
        """A run's settings into the form: its model and pairs load as if they had been chosen."""
        found = find_runs(self._laboratory.visitor(visitor_id).runs, [number])
        if not found:
            yield {}
            return
        kept = found[0].form  # of an older version, it may be, after a restart
        form = read_form(tuple(map(kept.get, form_fields())))
        name = self._words["runs"]["run"].format(number=found[0].summary.number)
        yield {"model": form["model"], "pairs": form["pairs"]}
        # Another model comes with its own pooling and other pairs with their own columns; the
        # second time they are there to be read as the run read them.
        is_there = (selection.model, selection.pairs) == (form["model"], form["pairs"])
        for _ in range(1 if is_there else 2):
            yield from self._handlers.choose(visitor_id, selection, form)
        if selection.shows(form["model"], form["pairs"]):
            used = self._words["runs"]["used"].format(name=name)
            yield {
                **self._fill(visitor_id, selection, form),
                "runs_note": {"texts": [used], "kind": "plain"},
            }

    def _fill(self, visitor_id: str, selection: Selection, form: dict[str, Any]) -> Updates:
        values = [form[name] for name in form_fields()]
        counted = self._handlers.on_rank(visitor_id, selection, *values)
        return {
            **form,
            **counted,
            "names": {**counted.get("names", gr.update()), "value": form["names"]},
        }


def _sent(event: gr.EventData, name: str) -> Any:
    """What a browser sent under a name; it may have sent anything."""
    return event._data.get(name) if isinstance(event._data, dict) else None


def wire_runs(
    tab: RunsTab,
    components: Mapping[str, Any],
    selection: gr.State,
    laboratory: Laboratory,
    language: str,
    handlers: Handlers,
) -> None:
    """components: the page's, by name: the settings of a run reach nearly all of them."""
    events = RunsEvents(laboratory, language, handlers)
    everything = {**components, "runs_note": tab.note}
    visitor = components["visitor"]

    def pick(event: gr.EventData, visitor_id: str) -> dict[str, Any] | None:
        return events.on_pick(_sent(event, "numbers"), visitor_id)

    def use(event: gr.EventData, visitor_id: str, selected: Selection) -> Iterator[Updates]:
        yield from events.on_use(_sent(event, "number"), visitor_id, selected)

    options = {"show_progress": "hidden", "api_visibility": "private"}
    tab.tab.select(events.on_show, visitor, [tab.table, tab.note], **options)
    tab.table.pick_runs(pick, visitor, tab.comparison, trigger_mode="always_last", **options)
    tab.table.use_settings(
        by_name(use, everything), [visitor, selection], list(everything.values()), **options
    )
