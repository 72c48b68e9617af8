"""Handlers that answer by component name, as gradio takes them: by component."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr


def by_name(handler: Callable, components: Mapping[str, Any]) -> Callable:
    """The handler, or generator, with its values keyed by component; what is not named stays."""

    def keyed(updates: Mapping[str, Any]) -> Any:
        if not updates:  # gradio would take an empty dict for one component's value
            return gr.skip()
        return {components[name]: value for name, value in updates.items()}

    if inspect.isgeneratorfunction(handler):

        @functools.wraps(handler)
        def generate(*values: Any) -> Any:
            for updates in handler(*values):
                yield keyed(updates)

        return generate

    @functools.wraps(handler)
    def call(*values: Any) -> Any:
        return keyed(handler(*values))

    return call
