"""gradio's slider, whose number box a visitor may empty."""

from __future__ import annotations

import gradio as gr


class Slider(gr.Slider):
    """An emptied box is None for its handler, which says what it needs; gradio's own errs."""

    def preprocess(self, payload: float | None) -> float | None:
        """The number, checked against the slider's ends; None for none."""
        return None if payload is None else super().preprocess(payload)

    def get_block_name(self) -> str:
        """The frontend's component that draws it."""
        return "slider"
