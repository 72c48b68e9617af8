"""Points trained in one pass are those that were trained one after another."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
import torch

from lab.baseline import Baseline, measure_baseline
from lab.lora import read_factors
from lab.sweep import run as sweep_run
from lab.sweep.config import SweepConfig
from lab.sweep.folder import SweepFolder
from lab.sweep.plan import plan_points
from lab.sweep.point import SweepPoint
from lab.sweep.run import describe_sweep, run_sweep
from lab.sweep.single import PointStep
from lab.sweep.together import MOST, find_companions, run_together
from lab.training.caches import Caches


@pytest.fixture(scope="module")
def baseline(sweep: SweepConfig) -> Baseline:
    return measure_baseline(sweep.base)


def run(sweep: SweepConfig, baseline: Baseline, folder: Path, events: list) -> list[SweepPoint]:
    kept = SweepFolder(folder, describe_sweep(sweep, baseline))
    return list(run_sweep(sweep, baseline, kept, events.append))


def same_seed(missing, baseline, stops_early):
    """As on a GPU."""
    return [planned for planned in missing if planned.seed == missing[0].seed]


def losses(events: list, key: str) -> list[float]:
    return [e.step.loss for e in events if isinstance(e, PointStep) and e.key == key]


def test_one_pass_gives_the_points_that_one_after_another_gives(
    sweep: SweepConfig, baseline: Baseline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    apart_events, together_events = [], []
    apart = run(sweep, baseline, tmp_path / "apart", apart_events)
    monkeypatch.setattr(sweep_run, "find_companions", same_seed)
    together = run(sweep, baseline, tmp_path / "together", together_events)
    assert [point.key for point in together] == [point.key for point in apart]
    for one, other in zip(apart, together, strict=True):
        expected = losses(apart_events, one.key)
        assert losses(together_events, one.key) == pytest.approx(expected, abs=1e-4)
        assert other.parameters == one.parameters
        assert [m.epoch for m in other.curve] == [m.epoch for m in one.curve]
        assert other.curve[-1].alignment == pytest.approx(one.curve[-1].alignment, abs=1e-3)
        folders = [
            tmp_path / name / "points" / one.key / "adapter" for name in ("apart", "together")
        ]
        first, second = map(read_factors, folders)
        for path in first:
            torch.testing.assert_close(second[path].a, first[path].a, atol=1e-3, rtol=1e-3)
            assert second[path].a.shape[0] == one.rank  # no padding goes into the file


def test_steps_of_one_pass_come_in_turn(sweep: SweepConfig, baseline: Baseline):
    events: list = []
    run_together(plan_points(sweep)[:2], baseline, Caches(), events.append, lambda: False)
    keys = [event.key for event in events if isinstance(event, PointStep)]
    assert keys[:4] == ["r002-seed0", "r004-seed0"] * 2


def test_a_pass_that_is_stopped_leaves_no_point(sweep: SweepConfig, baseline: Baseline):
    events: list = []
    made = run_together(plan_points(sweep)[:2], baseline, Caches(), events.append, lambda: True)
    assert made == []


@pytest.mark.parametrize("lora", [{"use_dora": True}, {"lora_dropout": 0.5}, {"bias": "all"}])
def test_what_does_not_stand_together_is_run_apart(
    sweep: SweepConfig, baseline: Baseline, lora: dict
):
    base = dataclasses.replace(sweep.base, lora=dataclasses.replace(sweep.base.lora, **lora))
    planned = plan_points(dataclasses.replace(sweep, base=base))[:2]
    assert run_together(planned, baseline, Caches(), lambda _: None, lambda: False) is None


def test_on_a_cpu_every_point_runs_alone(sweep: SweepConfig, baseline: Baseline):
    planned = plan_points(sweep)
    assert find_companions(planned, baseline, stops_early=False) == [planned[0]]
    assert len(SweepConfig.ranks) <= MOST
