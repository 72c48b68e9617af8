"""A sweep's points: as plain runs give them, kept as they come, and gone on with."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lab.baseline import Baseline, measure_baseline
from lab.errors import DataError
from lab.experiment import adapt
from lab.runs import read_run
from lab.sweep.config import SweepConfig
from lab.sweep.folder import SweepFolder, read_sweep
from lab.sweep.plan import plan_points
from lab.sweep.point import SweepPoint
from lab.sweep.run import describe_sweep, run_sweep
from lab.sweep.single import PointMoment, PointStep


@pytest.fixture(scope="module")
def baseline(sweep: SweepConfig) -> Baseline:
    return measure_baseline(sweep.base)


def run(sweep: SweepConfig, baseline: Baseline, folder: Path, **options) -> list[SweepPoint]:
    events = options.pop("events", [])
    kept = SweepFolder(folder, describe_sweep(sweep, baseline))
    return list(run_sweep(sweep, baseline, kept, events.append, **options))


def without_times(points: list[SweepPoint]) -> list[SweepPoint]:
    return [dataclasses.replace(point, seconds=0) for point in points]


@pytest.fixture(scope="module")
def done(
    sweep: SweepConfig, baseline: Baseline, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, list[SweepPoint], list]:
    """The whole sweep: its folder, its points, and what it reported."""
    folder, events = tmp_path_factory.mktemp("sweeps") / "whole", []
    return folder, run(sweep, baseline, folder, events=events), events


def test_each_point_is_the_run_of_its_settings(done, sweep: SweepConfig, baseline: Baseline):
    _, points, _ = done
    for planned, point in zip(plan_points(sweep), points, strict=True):
        alone = adapt(baseline, planned.config)
        metrics = alone.comparison.after.as_json(lambda estimate: estimate.value)
        assert {name: point.metrics[name] for name in metrics} == metrics
        assert point.parameters == alone.trainable
        mean = (metrics["a_to_b"]["recall@1"] + metrics["b_to_a"]["recall@1"]) / 2
        assert point.metrics["recall@1"] == mean == point.curve[-1].recall


def test_seeds_start_from_other_weights_on_the_same_pairs(done):
    _, points, events = done
    first = {}
    for event in events:
        if isinstance(event, PointStep) and event.step.step == 1:
            first[event.key] = event.step.loss
    # B is zero at first, so the first step's loss is the base's, whatever A is.
    assert len(set(first.values())) == 1
    assert points[0].metrics != points[2].metrics


def test_curves_go_from_the_base_through_every_epoch(done, sweep: SweepConfig):
    _, points, events = done
    for point in points:
        assert [moment.epoch for moment in point.curve] == [0, 1, 2, 3]
        told = [e.moment for e in events if isinstance(e, PointMoment) and e.key == point.key]
        assert tuple(told) == point.curve
    assert len({point.curve[0] for point in points}) == 1


def test_sweep_json_is_a_list_of_points(done):
    folder, points, _ = done
    rows = json.loads((folder / "sweep.json").read_text())
    assert [SweepPoint.from_json(row) for row in rows] == points
    assert {"rank", "alpha", "seed", "parameters", "seconds", "metrics"} <= set(rows[0])
    assert read_sweep(folder).points == tuple(points)


def test_each_point_is_a_run_that_can_be_taken_home(done, sweep: SweepConfig):
    folder, points, _ = done
    for point in points:
        stored = read_run(folder / "points" / point.key)
        assert stored.config.lora.r == point.rank
        assert (stored.adapter / "adapter_model.safetensors").is_file()
        assert len(stored.steps()) == point.steps


def test_what_is_there_is_not_trained_again(done, sweep: SweepConfig, baseline: Baseline):
    folder, points, _ = done
    events: list = []
    assert run(sweep, baseline, folder, events=events) == points
    assert not events


def test_a_stopped_sweep_goes_on_with_the_point_it_left(
    done, sweep: SweepConfig, baseline: Baseline, tmp_path: Path
):
    _, points, _ = done
    events: list = []

    def enough() -> bool:
        return sum(isinstance(event, PointStep) for event in events) > points[0].steps + 2

    first = run(sweep, baseline, tmp_path / "s", events=events, should_stop=enough)
    assert without_times(first) == without_times(points[:1])
    assert without_times(run(sweep, baseline, tmp_path / "s")) == without_times(points)


def test_a_killed_sweep_ends_with_the_same_numbers(done, sweep: SweepConfig, tmp_path: Path):
    _, points, _ = done
    folder = tmp_path / "killed"
    base = sweep.base
    command = [sys.executable, "-m", "lab", "sweep", "--model", base.model, "--pairs", base.pairs]
    command += ["--ranks", "2,4", "--seeds", "2", "--r", "4", "--alpha", "8", "--epochs", "3"]
    command += ["--targets", "q_proj,v_proj", "--batch-size", "6", "--lr", "0.02"]
    command += ["--temperature", str(base.train.temperature), "--out", str(folder)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        wait_for(folder / "points" / points[0].key, process)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    ended = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "one standard error" in ended.stdout
    assert without_times(list(read_sweep(folder).points)) == without_times(points)


def wait_for(path: Path, process: subprocess.Popen) -> None:
    while not path.exists():
        assert process.poll() is None, "the sweep ended before it could be killed"
        time.sleep(0.005)


def test_another_sweep_does_not_go_into_the_folder(done, sweep: SweepConfig, baseline: Baseline):
    folder, _, _ = done
    with pytest.raises(DataError, match="other settings"):
        run(dataclasses.replace(sweep, seeds=3), baseline, folder)


def test_a_folder_with_something_else_in_it_is_left_alone(
    sweep: SweepConfig, baseline: Baseline, tmp_path: Path
):
    (tmp_path / "thesis.tex").touch()
    with pytest.raises(DataError, match="already holds something"):
        run(sweep, baseline, tmp_path)
    assert [file.name for file in tmp_path.iterdir()] == ["thesis.tex"]


def test_a_point_that_fails_is_said_and_the_sweep_goes_on(
    sweep: SweepConfig, baseline: Baseline, tmp_path: Path
):
    wild = dataclasses.replace(sweep, learning_rates=(0.02, 1.0), seeds=1, ranks=(2,))
    train = dataclasses.replace(sweep.base.train, max_grad_norm=1e30)
    lora = dataclasses.replace(sweep.base.lora, lora_alpha=1e30)
    broken = dataclasses.replace(sweep.base, train=train, lora=lora)
    points = run(dataclasses.replace(wild, base=broken), baseline, tmp_path / "s")
    assert [point.status for point in points] == ["failed", "failed"]
    assert all(point.error for point in points)
    assert points == run(dataclasses.replace(wild, base=broken), baseline, tmp_path / "s")
