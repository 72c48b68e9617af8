"""kill -9 in the middle of a run: what is there afterwards, and how the run goes on."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
from deaths import hurry, run_to_its_death

from lab.cli.main import main
from lab.runs import read_run


@pytest.fixture(autouse=True)
def _quiet(one_thread: None, hurried: None) -> None:
    """The same order of additions in every process."""


@pytest.fixture(scope="module")
def finished(
    settings: list[str], one_thread: None, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """A run that nobody killed."""
    folder = tmp_path_factory.mktemp("finished") / "run"
    with pytest.MonkeyPatch.context() as patch:
        hurry(patch.setattr)
        assert main([*settings, "--out", str(folder)]) == 0
    return folder


def result(folder: Path) -> tuple[bytes, bytes, list[dict]]:
    """Of a run, all but its times: adapter, metrics, steps."""
    timeless = [
        {name: value for name, value in step.items() if not name.startswith("seconds")}
        for step in read_run(folder).steps()
    ]
    weights = (folder / "adapter" / "adapter_model.safetensors").read_bytes()
    return weights, (folder / "metrics.json").read_bytes(), timeless


@pytest.mark.parametrize("moment", ["training", "checkpoint", "save"])
def test_killed_run_goes_on_and_ends_as_if_it_had_not_been(
    moment: str,
    arguments: list[str],
    finished: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run_to_its_death(arguments, moment) == -signal.SIGKILL
    assert not (tmp_path / "run").exists()
    capsys.readouterr()
    assert main(arguments) == 0
    assert "A run was interrupted here after step" in capsys.readouterr().err
    assert result(tmp_path / "run") == result(finished)
    assert list(tmp_path.iterdir()) == [tmp_path / "run"]


def test_other_settings_do_not_go_on_with_it(
    arguments: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_to_its_death(arguments, "training") == -signal.SIGKILL
    assert (tmp_path / "run.partial").is_dir()
    assert main([*arguments, "--seed", "1"]) == 2
    complaint = capsys.readouterr().err.splitlines()[-1]
    assert "'run.partial' holds the checkpoint of a run with other settings" in complaint
    assert "--out" in complaint
