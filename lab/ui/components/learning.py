"""The components that explain: a fold beside a control, and the first visit's guide."""

from __future__ import annotations

from lab.ui.components.base import Chart


class Help(Chart):
    """A folded explanation. Value: {"open", "text", "picture": model, pairs, layers, lora, ...}."""

    chart = "help"


class Guide(Chart):
    """The way through the page; closed for good once it was closed in a browser.

    Value: {"title", "open", "close", "steps": [{"text", "place": CSS selector, "tab": name}]}.
    """

    chart = "guide"
