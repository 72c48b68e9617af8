"""The control set's events: one is uploaded, and chosen when it holds pairs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import gradio as gr

from lab.errors import LabError
from lab.ui import updates
from lab.ui.sidebar import Sidebar
from lab.visits.complaints import phrase
from lab.visits.laboratory import Laboratory
from lab.words import find_words

Shown = tuple[Any, Any]  # the control set to choose, and a status line


class ControlEvents:
    """Uploads of control sets, answered in one language."""

    def __init__(self, laboratory: Laboratory, language: str) -> None:
        self._laboratory = laboratory
        self._words = find_words(language)

    def on_upload(self, path: str | None, visitor_id: str) -> Shown:
        """Read the file; it joins the visitor's uploads, or the status says why not."""
        if path is None:
            return gr.skip(), gr.skip()
        try:
            visitor = self._laboratory.known_visitor(visitor_id)
            name, _ = self._laboratory.take_upload(visitor, Path(path))
        except LabError as error:
            return gr.skip(), updates.failed(phrase(error, self._words))
        return {**updates.controls(visitor, self._words["forgetting"]), "value": name}, None


def wire_control(
    sidebar: Sidebar, visitor: gr.BrowserState, laboratory: Laboratory, language: str
) -> None:
    """What a visitor uploads beside the control set's choice becomes that choice."""
    events = ControlEvents(laboratory, language)
    sidebar.control_upload.upload(
        events.on_upload,
        [sidebar.control_upload, visitor],
        [sidebar.form.control, sidebar.status],
        show_progress="hidden",
        api_visibility="private",
    )
