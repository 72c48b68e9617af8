"""`--track` and `--track-project`: a run is logged while it is made, or the argument is named."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import Lab
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

from lab.cli.progress import ProgressPrinter
from lab.runs import read_run
from lab.tracking import tracking
from lab.tracking.to_tensorboard import TensorBoardTracker


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TensorBoard's `runs` stands in the working folder."""
    monkeypatch.chdir(tmp_path)


def test_a_run_is_logged_under_its_folders_name(
    lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    answer = lab(*arguments["bert"], "--track", "tensorboard", "--track-project", "colours")
    assert answer.code == 0, answer.err
    assert "tensorboard --logdir runs/colours" in answer.err
    events = EventAccumulator(str(tmp_path / "runs" / "colours" / "run")).Reload()
    run = read_run(tmp_path / "run")
    assert [scalar.step for scalar in events.Scalars("train/loss")] == [
        step["step"] for step in run.steps()
    ]
    assert events.Scalars("after/alignment")[0].value == pytest.approx(
        run.metrics["after"]["alignment"]
    )
    assert events.Tags()["images"] == ["figures/metrics", "figures/maps_pca"]


def test_a_run_that_is_not_logged_says_and_writes_nothing_of_it(
    lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    answer = lab(*arguments["bert"])
    assert answer.code == 0, answer.err
    assert "Logging" not in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_tracker_that_fails_is_one_line_and_the_run_is_whole(
    lab: Lab, arguments: dict[str, list], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(TensorBoardTracker, "step", full)
    answer = lab(*arguments["bert"], "--track", "tensorboard")
    assert answer.code == 0, answer.err
    (line,) = [line for line in answer.err.splitlines() if "No space left" in line]
    assert line.startswith("warning: the run can no longer be logged")
    run = read_run(tmp_path / "run")
    assert run.record["status"] == "finished"


def test_a_run_that_fails_is_logged_as_failed(
    lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    answer = lab(*arguments["bert"], "--lr", 1, "--alpha", 1e20, "--track", "tensorboard")
    assert answer.code == 1
    events = EventAccumulator(str(tmp_path / "runs" / "lora-lab" / "run")).Reload()
    (status,) = events.Tensors("status/text_summary")
    assert status.tensor_proto.string_val == [b"failed"]


def refuse(*_: object) -> None:
    raise AssertionError("something was loaded before the arguments were checked")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--track", "mlflow"), ("--track", "mlflow", "tensorboard")),
        (("--track", "wandb", "--track-project", "a/b"), ("--track-project a/b", "letters")),
        (("--track-project", "x"), ("--track-project x", "--track")),
    ],
)
def test_bad_values_are_named_before_anything_is_loaded(
    options: tuple[str, ...], says: tuple[str, ...], lab: Lab, arguments: dict[str, list],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(ProgressPrinter, "__enter__", refuse)
    answer = lab(*arguments["bert"], *options)
    assert answer.code == 2
    assert [text for text in says if text not in answer.complaint] == []


def test_a_tool_that_is_not_installed_is_named_before_anything_is_loaded(
    lab: Lab, arguments: dict[str, list], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ProgressPrinter, "__enter__", refuse)
    monkeypatch.setattr(tracking, "find_spec", lambda _: None)
    answer = lab(*arguments["bert"], "--track", "trackio")
    assert answer.code == 2
    assert "--track trackio" in answer.complaint
    assert answer.complaint.endswith("run pip install trackio")
