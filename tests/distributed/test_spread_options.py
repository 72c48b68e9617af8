"""`python -m lab sweep --ray`: what is refused before anything is loaded."""

from __future__ import annotations

import pytest

from lab.cli.main import main


def refused(capsys: pytest.CaptureFixture[str], *options: str) -> str:
    """The one line that the command ends with."""
    assert main(["sweep", "--model", "tiny-clip", "--out", "nowhere", *options]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    return line


def test_what_a_point_takes_needs_a_cluster(capsys: pytest.CaptureFixture[str]):
    assert "--ray-gpus 1: say with --ray where" in refused(capsys, "--ray-gpus", "1")


def test_a_point_takes_something(capsys: pytest.CaptureFixture[str]):
    line = refused(capsys, "--ray", "local", "--ray-cpus", "0")
    assert "--ray-cpus 0: ray_cpus = 0.0: choose more than 0" in line


def test_points_on_a_cluster_are_not_stopped_early(capsys: pytest.CaptureFixture[str]):
    assert "end in no order" in refused(capsys, "--ray", "local", "--stop-early")


def test_a_sweep_is_not_launched_in_several_processes(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("WORLD_SIZE", "2")
    assert "--ray local" in refused(capsys)
