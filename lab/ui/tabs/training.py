"""Training: the loss while it falls."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from lab.ui.components import LossChart, StatusLine
from lab.words import Words


@dataclass(frozen=True)
class TrainingTab:
    """status: the run in one line; loss: its curve."""

    status: StatusLine
    loss: LossChart


def build_training_tab(words: Mapping[str, Words]) -> TrainingTab:
    """Lay out the tab."""
    status = StatusLine(elem_id="training-status")
    return TrainingTab(status, LossChart(empty=words["loss"]["empty"], elem_id="loss"))
