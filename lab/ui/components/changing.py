"""gradio's lists, whose choices change while somebody chooses."""

from __future__ import annotations

from typing import Any

import gradio as gr


class ChangingDropdown(gr.Dropdown):
    """Leaves it to its handler whether what was chosen is there.

    A page may send what it showed just before other choices came; gradio would refuse the whole
    event, and an upload with it. What is sent is not to be trusted.
    """

    def preprocess(self, payload: Any) -> Any:
        """As it was sent."""
        return payload

    def get_block_name(self) -> str:
        """The frontend's component that draws it."""
        return "dropdown"


class ChangingCheckboxGroup(gr.CheckboxGroup):
    """As ChangingDropdown."""

    def preprocess(self, payload: Any) -> Any:
        """As it was sent."""
        return payload

    def get_block_name(self) -> str:
        """The frontend's component that draws it."""
        return "checkboxgroup"
