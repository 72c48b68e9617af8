"""How commands end other than well: failed runs, Ctrl-C, readers that go away, full disks."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch
from command_line import Lab

from lab.cli.interrupt import stop_on_interrupt
from lab.cli.progress import ProgressPrinter
from lab.encoders import load_encoder
from lab.lora import load_adapter
from lab.runs import read_run

ROOT = str(Path(__file__).parents[2])


def test_non_finite_run_writes_the_last_good_adapter_and_exits_1(
    lab: Lab, arguments: dict[str, list], checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    answer = lab(*arguments["bert"], "--lr", 1, "--alpha", 1e20)
    assert answer.code == 1, answer.err
    assert "became" in answer.complaint
    assert "lower the learning rate" in answer.complaint
    assert str(tmp_path / "run") in answer.complaint
    assert "Traceback" not in answer.err
    run = read_run(tmp_path / "run")
    assert run.record["status"] == "failed"
    assert run.record["error"] in answer.complaint
    encoder = load_encoder(checkpoints["bert"])
    load_adapter(run.adapter, encoder.module)
    assert all(torch.isfinite(p).all() for p in encoder.module.parameters())
    assert lab("compare", tmp_path / "run").code == 0


def test_ctrl_c_stops_after_the_step_and_keeps_the_run(
    lab: Lab, arguments: dict[str, list], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    show = ProgressPrinter.__call__
    steps = 0

    def interrupt(self: ProgressPrinter, event: object) -> None:
        nonlocal steps
        show(self, event)
        if hasattr(event, "loss"):
            steps += 1
            if steps == 2:
                signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr(ProgressPrinter, "__call__", interrupt)
    answer = lab(*arguments["bert"], "--batch-size", 4)
    assert answer.code == 0, answer.err
    assert "what was learned is kept" in answer.out
    run = read_run(tmp_path / "run")
    assert (run.record["status"], len(run.steps())) == ("stopped", 2)


def test_second_ctrl_c_breaks_off_and_the_handler_is_put_back() -> None:
    before = signal.getsignal(signal.SIGINT)
    told: list[str] = []
    with stop_on_interrupt(told.append) as should_stop:
        assert not should_stop()
        signal.raise_signal(signal.SIGINT)
        assert should_stop()
        assert len(told) == 1
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_elsewhere_is_one_line(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("lab.cli.models.print_table", interrupt)
    answer = lab("models")
    assert (answer.code, answer.err) == (130, "python -m lab: interrupted\n")


def test_disk_that_cannot_be_written_is_one_line(
    lab: Lab, arguments: dict[str, list], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lab.report.write_report", full)
    answer = lab(*arguments["bert"])
    assert answer.code == 1
    assert "No space left on device" in answer.complaint
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("command", ["models", "layers"])
def test_reader_that_goes_away_is_no_error(command: str, checkpoints: dict[str, Path]) -> None:
    model = [str(checkpoints["clip"])] if command == "layers" else []
    process = subprocess.Popen(
        [sys.executable, "-m", "lab", command, *model],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    process.stdout.close()  # before anything is written
    error = process.stderr.read()
    process.stderr.close()
    assert (process.wait(60), error) == (0, b"")


def test_narrow_console_shows_other_scripts_as_codes(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-m", "lab", "compare", "없음"],
        env={**os.environ, "PYTHONIOENCODING": "ascii", "PYTHONPATH": ROOT},
        cwd=tmp_path,
        capture_output=True,
        timeout=60,
    )
    assert result.returncode == 2
    assert result.stderr.startswith(b"python -m lab: DIR \\uc5c6\\uc74c")
    assert b"Traceback" not in result.stderr
