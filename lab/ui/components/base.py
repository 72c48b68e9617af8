"""A chart of lab.charts as a gradio component.

Templates are constant and every text travels inside the value, as JSON: gradio's templates would
run what stands in them. Knows nothing about what the values mean.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any, ClassVar

import gradio as gr

from lab.ui.components.routes import head_tags

MOUNT = Template((Path(__file__).parent / "mount.js").read_text(encoding="utf-8"))
FRAME = '<div class="lab-chart"></div>'


class Chart(gr.HTML):
    """Base of all: shows `value`, or the sentence `empty` while there is none.

    value: what lab.charts.values makes, plain JSON; None: nothing to show yet.
    Every word a chart shows comes in its value.
    """

    chart: ClassVar[str]
    sends: ClassVar[tuple[str, ...]] = ()
    plotly: ClassVar[bool] = False

    def __init__(
        self,
        value: Mapping[str, Any] | None = None,
        *,
        empty: str = "",
        **options: Any,
    ) -> None:
        super().__init__(
            value,
            html_template=FRAME,
            css_template="",
            js_on_load=MOUNT.substitute(name=self.chart, events=json.dumps(self.sends)),
            head=head_tags(plotly=self.plotly),
            apply_default_css=False,
            empty=empty,
            **options,
        )
        # Else gradio takes the name for an event's, since the script has it in quotes, and what it
        # then copies at every visit holds the whole page.
        self.empty = empty

    def postprocess(self, value: Mapping[str, Any] | None) -> dict[str, Any] | None:
        """The value as it goes to the browser."""
        return None if value is None else dict(value)

    def preprocess(self, payload: Any) -> None:
        """Nothing: these components only show, and what a browser sends is not to be trusted."""

    def api_info(self) -> dict[str, Any]:
        """Any JSON object."""
        return {"type": "object"}

    def example_payload(self) -> None:
        """None: nothing is sent."""

    def example_value(self) -> None:
        """None: the empty sentence."""

    def get_block_name(self) -> str:
        """The frontend's component that draws it."""
        return "html"
