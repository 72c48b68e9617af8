"""SIGTERM, a disk that fills, a home that cannot be written: what becomes of the run."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from deaths import run_to_its_death

from lab.cli.interrupt import finish_on_termination
from lab.cli.main import main
from lab.cli.progress import ProgressPrinter
from lab.experiment import Progress
from lab.runs import read_run


@pytest.fixture(autouse=True)
def _quiet(one_thread: None, hurried: None) -> None:
    """Quick, and the same in every run."""


def raise_at(monkeypatch: pytest.MonkeyPatch, stage: str) -> None:
    """SIGTERM arrives when the run is there: at its second step, or as it begins to save."""
    show = ProgressPrinter.__call__

    def terminate(self: ProgressPrinter, event: object) -> None:
        show(self, event)
        at = event.stage if isinstance(event, Progress) else f"step {event.step}"
        if at == stage:
            signal.raise_signal(signal.SIGTERM)

    monkeypatch.setattr(ProgressPrinter, "__call__", terminate)


@pytest.mark.parametrize(
    ("stage", "status", "steps"), [("step 2", "stopped", 2), ("saving", "finished", 8)]
)
def test_termination_keeps_the_run(
    stage: str,
    status: str,
    steps: int,
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    raise_at(monkeypatch, stage)
    assert main(arguments) == 0
    assert "Terminated" in capsys.readouterr().err
    run = read_run(tmp_path / "run")
    assert (run.record["status"], len(run.steps())) == (status, steps)
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


def test_what_terminates_otherwise_does_so_again_afterwards() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with finish_on_termination(lambda _: None) as is_terminated:
        assert not is_terminated()
        signal.raise_signal(signal.SIGTERM)
        signal.raise_signal(signal.SIGTERM)  # asked twice, it still finishes
        assert is_terminated()
    assert signal.getsignal(signal.SIGTERM) is before


def test_disk_that_fills_while_saving_costs_nothing_but_the_saving(
    arguments: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("lab.runs.sync_tree", full)
        assert main(arguments) == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("No space left on device")
    assert [path.name for path in tmp_path.iterdir()] == ["run.partial"]
    assert main(arguments) == 0
    assert "it goes on there" in capsys.readouterr().err
    assert read_run(tmp_path / "run").record["status"] == "finished"


def test_file_that_may_not_grow_is_said_in_one_line(arguments: list[str], tmp_path: Path) -> None:
    """The kernel's own refusal, in the middle of a file: checkpoint, adapter or report."""
    home = tmp_path / "home"
    home.mkdir()
    assert run_to_its_death(arguments, "file-limit", home / "err") == 1
    lines = (home / "err").read_text().splitlines()
    assert any(line.startswith("warning: a checkpoint could not be written") for line in lines)
    assert lines[-1].startswith("python -m lab: ")
    assert "File too large" in lines[-1]
    assert not any("Traceback" in line for line in lines)
    assert list(tmp_path.iterdir()) == [home]
