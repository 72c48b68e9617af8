"""`python -m lab sweep`: what it prints, what it leaves, and what it refuses."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import Answer, Lab
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from lab.config import RunConfig
from lab.sweep.folder import read_sweep

Sweep = Callable[..., Answer]


@pytest.fixture
def sweep(lab: Lab, config_of: dict[str, RunConfig], tmp_path: Path) -> Sweep:
    """sweep("--ranks", "2"): one epoch of a tiny BERT into tmp_path/sweep."""
    config = config_of["bert"]
    targets = ",".join(config.lora.target_modules)
    given = ["--model", config.model, "--pairs", config.pairs, "--targets", targets]
    given += ["--epochs", "1", "--batch-size", "8", "--out", str(tmp_path / "sweep")]
    return lambda *options: lab("sweep", *given, *options)


def test_a_sweep_says_which_rank_is_enough_and_goes_on(sweep: Sweep, tmp_path: Path) -> None:
    options = ("--ranks", "2,4", "--seeds", "2", "--r", "4")
    answer = sweep(*options)
    assert answer.code == 0, answer.err
    assert "within one standard error" in answer.out
    assert answer.out.splitlines()[0].split() == [
        "rank",
        "parameters",
        "recall@1",
        "error",
        "uniformity",
        "seconds",
    ]
    points = json.loads((tmp_path / "sweep" / "sweep.json").read_text())
    assert [(point["rank"], point["seed"]) for point in points] == [(2, 0), (4, 0), (2, 1), (4, 1)]
    assert (tmp_path / "sweep" / "sweep.html").is_file()
    again = sweep(*options)
    assert again.out == answer.out
    assert "Training" not in again.err


def test_alpha_follows_its_rule(sweep: Sweep, tmp_path: Path) -> None:
    options = ("--ranks", "2,4", "--seeds", "1", "--r", "4", "--alpha", "8")
    assert sweep(*options, "--alpha-rule", "fixed").code == 0
    points = read_sweep(tmp_path / "sweep").points
    assert [(point.alpha, point.scaling) for point in points] == [(8, 4), (8, 2)]


def test_ranks_beyond_the_layers_are_left_out_or_refused(sweep: Sweep, tmp_path: Path) -> None:
    answer = sweep("--seeds", "1")
    assert "Ranks up to 16" in answer.err
    assert [point.rank for point in read_sweep(tmp_path / "sweep").points] == [4, 8, 16]
    refused = sweep("--ranks", "4,1000")
    assert refused.code == 2
    assert "room for r = 16" in refused.complaint


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (("--ranks", "4,x"), "--ranks 4,x"),
        (("--ranks", "0"), "ranks"),
        (("--seeds", "0"), "--seeds 0"),
        (("--learning-rates", "7"), "--learning-rates 7"),
        (("--target-sets", "query;nowhere"), "nowhere"),
    ],
)
def test_bad_arguments_are_named(sweep: Sweep, options: tuple, named: str, tmp_path: Path) -> None:
    answer = sweep(*options)
    assert answer.code == 2
    assert named in answer.complaint
    assert not (tmp_path / "sweep").exists()


def test_every_new_point_is_logged_in_one_group(
    sweep: Sweep, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    options = ("--ranks", "2,4", "--seeds", "1", "--r", "4", "--track", "tensorboard")
    assert sweep(*options).code == 0
    home = tmp_path / "runs" / "lora-lab" / "sweep"
    assert sorted(path.name for path in home.iterdir()) == ["r002-seed0", "r004-seed0"]
    events = EventAccumulator(str(home / "r002-seed0")).Reload()
    (point,) = (p for p in read_sweep(tmp_path / "sweep").points if p.rank == 2)
    assert len(events.Scalars("train/loss")) == point.steps
    recalls = [scalar.value for scalar in events.Scalars("eval/recall_at_1")]
    assert recalls == pytest.approx([moment.recall for moment in point.curve])
    files = {path for path in home.rglob("*") if path.is_file()}
    assert sweep(*options).code == 0
    assert {path for path in home.rglob("*") if path.is_file()} == files
