"""What is remembered of a finished run to compare it with others: results, not weights."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lab.analysis.compare import Comparison, Verdict
from lab.analysis.projection import Maps
from lab.config import RunConfig
from lab.data.pair import Kind


@dataclass(frozen=True)
class RunSummary:
    """number: counts a visitor's runs from 1.

    held_out: of the held-out pairs' content; runs that share it were asked the same questions.
    control: the control set's name and what became of it; None where none was scored.
    steps: TrainStep records, few enough to draw. pca: the held-out pairs' maps.
    trainable: parameters. seconds: that training took.
    """

    number: int
    finished_at: datetime
    status: str
    config: RunConfig
    model: str
    kind: Kind
    pairs: str
    side_names: tuple[str, str]
    train_pairs: int
    held_out: str
    comparison: Comparison
    control: tuple[str, Verdict] | None
    steps: tuple[Any, ...]
    pca: Maps
    trainable: int
    seconds: float
