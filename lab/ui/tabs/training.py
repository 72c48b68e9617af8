"""Training: the loss while it falls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from lab.ui.components import LossChart, StatusLine
from lab.words import Words


@dataclass(frozen=True)
class TrainingTab:
    """status: the run in one line; go_on: with one that a restart interrupted; loss: its curve."""

    status: StatusLine
    go_on: gr.Button
    loss: LossChart


def build_training_tab(words: Mapping[str, Words]) -> TrainingTab:
    """Lay out the tab."""
    status = StatusLine(elem_id="training-status")
    go_on = gr.Button(words["page"]["go_on"], visible=False, elem_id="go-on")
    return TrainingTab(status, go_on, LossChart(empty=words["loss"]["empty"], elem_id="loss"))
