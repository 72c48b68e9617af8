"""A sweep's points: one run each, in one group, whichever order they report in."""

from __future__ import annotations

from pathlib import Path

import pytest
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from test_tensorboard import hparams
from tracked_runs import Finished

from lab.errors import TrackingError
from lab.tracking import Results, TrackedPoints, Tracking

KEYS = ("r4-seed0", "r8-seed0")


def sweep(finished: Finished, tracked: TrackedPoints) -> None:
    """Two points that train side by side."""
    for step in finished.outcome.steps:
        for key in KEYS:
            tracked.step(key, step)
            tracked.measure(key, step.step, {"eval/recall@1": step.step / 10})
    for key in KEYS:
        tracked.end(key, finished.outcome.config, lambda: Results({"after/recall@1": 0.5}))


def test_each_point_is_a_run_of_the_group(finished: Finished, tmp_path: Path) -> None:
    told: list[TrackingError] = []
    tracking = Tracking("tensorboard", "colours", tmp_path)
    sweep(finished, TrackedPoints(tracking, "my-sweep", told.append))
    assert told == []
    group = tmp_path / "colours" / "my-sweep"
    assert {folder.name for folder in group.iterdir()} == set(KEYS)
    for key in KEYS:
        events = EventAccumulator(str(group / key)).Reload()
        for name in ("train/loss", "eval/recall_at_1"):
            steps = [scalar.step for scalar in events.Scalars(name)]
            assert steps == [step.step for step in finished.outcome.steps]
        (metric,) = hparams(events, "experiment").experiment.metric_infos
        assert metric.name.tag == "after/recall_at_1"


def test_points_of_trackio_share_a_group(finished: Finished) -> None:
    import trackio

    sweep(finished, TrackedPoints(Tracking("trackio", "swept"), "my-sweep", pytest.fail))
    runs = list(trackio.Api().runs("swept"))
    assert {run.name for run in runs} == set(KEYS)
    assert {run.config["_Group"] for run in runs} == {"my-sweep"}


def test_a_tracker_that_is_gone_is_told_once_a_sweep(finished: Finished, tmp_path: Path) -> None:
    (tmp_path / "runs").write_text("a file")
    told: list[TrackingError] = []
    tracking = Tracking("tensorboard", folder=tmp_path / "runs")
    sweep(finished, TrackedPoints(tracking, "my-sweep", told.append))
    assert len(told) == 1


def test_an_account_that_is_lost_on_the_way_ends_no_sweep(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WANDB_MODE")
    told: list[TrackingError] = []
    sweep(finished, TrackedPoints(Tracking("wandb"), "my-sweep", told.append))
    assert len(told) == 1
    assert "wandb login" in str(told[0])


def test_without_a_tracker_nothing_is_kept(
    finished: Finished, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.tracking.run.make_tracker", pytest.fail)
    sweep(finished, TrackedPoints(None, "my-sweep", pytest.fail))
