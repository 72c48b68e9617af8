"""The sweep that ended with the server, or waited then: its visitor is offered to go on with it."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lab.errors import LabError
from lab.ui.events.sweep_watch import begun
from lab.ui.updates import error_note
from lab.visits.complaints import phrase
from lab.visits.laboratory import Laboratory
from lab.visits.sweeps import drop_former, make_sweep
from lab.words import find_words

Updates = dict[str, Any]


class SweepGoOnEvents:
    """A visitor's interrupted sweep, offered in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_offer(self, visitor_id: str) -> Updates:
        """A page was opened: the button, with how far the sweep came, if there is one."""
        found = self._laboratory.interrupted(visitor_id, "sweep")
        if not found:
            return {"go_on": gr.update(visible=False)}
        words, done = self._words["ranks"], found[0].done
        text = words["go_on"]
        if done is not None:
            text = words["go_on_after"].format(done=done[0], planned=done[1])
        return {"go_on": gr.update(visible=True, value=text)}

    def on_go_on(self, visitor_id: str) -> Updates:
        """Queue the newest sweep again: its points that are on the disk are not run again."""
        laboratory = self._laboratory
        hidden = {"go_on": gr.update(visible=False)}
        try:
            visitor = laboratory.known_visitor(visitor_id)
            found = laboratory.interrupted(visitor_id, "sweep")
            if not found:
                return hidden
            sweep, former = found[0], visitor.sweep
            job = make_sweep(laboratory, visitor, sweep.config, sweep.language, job_id=sweep.id)
            laboratory.submit(visitor, job)
        except LabError as error:
            return {"plan": error_note(phrase(error, self._words))}
        drop_former(laboratory, former)
        return {**begun(), **hidden}
