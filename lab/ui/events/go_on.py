"""The run that ended with the server, or waited then: its visitor is offered to go on with it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gradio as gr

from lab.errors import LabError
from lab.ui import updates
from lab.ui.events.by_name import by_name
from lab.ui.events.run_watch import RunWatcher, Updates
from lab.visits.complaints import phrase
from lab.visits.laboratory import Laboratory
from lab.visits.work import make_job
from lab.words import find_words


class GoOnEvents:
    """A visitor's interrupted run, offered in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_offer(self, visitor_id: str) -> Any:
        """A page was opened: the button, with how far the run came, if there is one."""
        found = self._laboratory.interrupted(visitor_id)
        if not found:
            return gr.update(visible=False)
        words, steps = self._words["page"], found[0].done
        text = words["go_on"]
        if steps is not None:
            text = words["go_on_after"].format(done=steps[0], steps=steps[1])
        return gr.update(visible=True, value=text)

    def on_go_on(self, visitor_id: str) -> Updates:
        """Queue the newest run again: it begins where its last checkpoint is."""
        try:
            visitor = self._laboratory.known_visitor(visitor_id)
            found = self._laboratory.interrupted(visitor_id)
            if not found:
                return {"go_on": gr.update(visible=False)}
            run = found[0]
            job = make_job(
                self._laboratory, visitor, run.config, run.language, run.form, job_id=run.id
            )
            self._laboratory.submit(visitor, job)
        except LabError as error:
            return {"training_status": updates.failed(phrase(error, self._words))}
        shown = {"go_on": gr.update(visible=False), "loss": None}
        return {**shown, "tabs": updates.select("training"), **updates.under_way(True)}


def wire_go_on(
    blocks: gr.Blocks,
    components: Mapping[str, Any],
    laboratory: Laboratory,
    language: str,
    watcher: RunWatcher,
) -> None:
    """components: the page's, by name."""
    events = GoOnEvents(laboratory, language)
    visitor, everything = components["visitor"], list(components.values())
    options = {"show_progress": "hidden", "api_visibility": "private"}
    blocks.load(events.on_offer, visitor, components["go_on"], **options)
    gone_on = components["go_on"].click(
        by_name(events.on_go_on, components), visitor, everything, **options
    )
    watch = by_name(watcher.on_watch, components)
    gone_on.success(watch, visitor, everything, concurrency_limit=None, **options)
