"""The component that takes a query and shows what it finds."""

from __future__ import annotations

from lab.ui.components.base import Chart


class Explorer(Chart):
    """A search over the held-out pairs. Value: {"form", "answer", "error", "ask", "opening"}.

    form, answer: of lab.charts.explorer_values; answer or error is None.
    ask(handler): a query; gr.EventData holds what lab.ui.search.read_query checks, and its number
        "ask", which its answer carries back. opening: the tab was opened, nothing was asked.
    """

    chart = "explorer"
    sends = ("ask",)
