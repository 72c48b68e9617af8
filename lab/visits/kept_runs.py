"""A visitor's finished runs, as the page remembers them.

Models and embeddings are let go: ten runs on large models would fill the memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from lab.analysis.projection import Maps
from lab.charts.run_summary import RunSummary
from lab.charts.values import MAX_POINTS, decimate

if TYPE_CHECKING:
    from lab.experiment import Outcome
    from lab.visits.results import Files, Result

KEPT = 10


@dataclass(frozen=True)
class KeptRun:
    """summary: to compare; form: the controls' values it was started with; files: to take home."""

    summary: RunSummary
    form: Mapping[str, Any]
    files: Files


def add_run(
    runs: Sequence[KeptRun], result: Result, form: Mapping[str, Any]
) -> tuple[KeptRun, ...]:
    """The runs with a finished one after them; the newest ten. result: with its files."""
    assert result.files is not None
    number = runs[-1].summary.number + 1 if runs else 1
    kept = KeptRun(summarise(result, number), dict(form), result.files)
    return (*runs, kept)[-KEPT:]


def summarise(result: Result, number: int) -> RunSummary:
    """What is compared of a result."""
    outcome = result.outcome
    baseline, told = outcome.baseline, outcome.forgetting
    return RunSummary(
        number=number,
        finished_at=datetime.now(timezone.utc),
        status=outcome.status,
        config=outcome.config,
        model=outcome.encoder.name,
        kind=baseline.dataset.kind,
        pairs=baseline.dataset.name,
        side_names=baseline.test.side_names,
        train_pairs=len(baseline.train),
        held_out=baseline.test.digest,
        comparison=outcome.comparison,
        control=None if told is None else (told.name, told.verdict()),
        steps=tuple(decimate(outcome.steps, MAX_POINTS)),
        pca=_find_layout(result.maps),
        trainable=outcome.trainable,
        seconds=_training_seconds(outcome),
    )


def _find_layout(maps: Sequence[Maps]) -> Maps:
    """PCA's places alone: its axes are as long as the embeddings, and asked for no more."""
    pca = next(one for one in maps if one.method == "pca")
    return Maps(pca.before, pca.after, pca.method)


def _training_seconds(outcome: Outcome) -> float:
    return float(outcome.seconds["training"])


def find_runs(runs: Sequence[KeptRun], numbers: Any) -> list[KeptRun]:
    """The kept runs of these numbers, oldest first; what a browser sent is not to be trusted."""
    if not isinstance(numbers, list):
        return []
    asked = {number for number in numbers[:KEPT] if type(number) is int}
    return [run for run in runs if run.summary.number in asked]
