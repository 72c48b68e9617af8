"""What holds for all three: nothing is left, nobody is called, nothing is said."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from importlib.util import find_spec
from pathlib import Path
from socket import socket

import pytest
from tracked_runs import Finished, log

from lab.errors import ConfigError, TrackingError
from lab.tracking import TOOLS, Tracking, make_tracker, tracked
from lab.tracking import tracking as setting

pytestmark = pytest.mark.usefixtures("one_thread")


def alive() -> tuple[set[object], ...]:
    """This process's threads, children and sockets."""
    own = Path("/proc/self")
    children = {pid for task in own.glob("task/*/children") for pid in task.read_text().split()}
    names = {os.readlink(link) for link in own.glob("fd/*") if link.is_symlink()}
    sockets = {name for name in names if name.startswith("socket:")}
    return set(threading.enumerate()), children, sockets


def break_off(tracking: Tracking, finished: Finished) -> None:
    """A run that ends in an error after its first step."""
    config, steps = finished.outcome.config, finished.outcome.steps
    with tracked(tracking, config, lambda _: None, name="run") as run:
        run(steps[0])
        raise ZeroDivisionError


@pytest.mark.parametrize("tool", TOOLS)
def test_nothing_is_left_and_nobody_is_called(
    tool: str,
    finished: Finished,
    tmp_path: Path,
    doorman: socket,
    capfd: pytest.CaptureFixture[str],
    recwarn: pytest.WarningsRecorder,
) -> None:
    before = alive()
    assert log(Tracking(tool, "left", tmp_path), finished, "my run")
    assert alive() == before
    assert capfd.readouterr() == ("", "")
    assert not list(recwarn)


@pytest.mark.parametrize("tool", TOOLS)
def test_a_run_that_ends_in_an_error_leaves_nothing_either(
    tool: str, finished: Finished, tmp_path: Path
) -> None:
    before = alive()
    with pytest.raises(ZeroDivisionError):
        break_off(Tracking(tool, "broken", tmp_path), finished)
    assert alive() == before


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_that_is_missing_is_named_with_the_way_out(
    tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def find(name: str) -> object:
        return None if name == tool else find_spec(name)

    monkeypatch.setattr(setting, "find_spec", find)
    with pytest.raises(TrackingError, match=f"run pip install {tool}$"):
        make_tracker(Tracking(tool))


def test_no_tool_is_imported_before_a_run_is_logged() -> None:
    names = {*TOOLS, "torch", "PIL"}
    code = f"import sys, lab.tracking; print(*{names} & sys.modules.keys())"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == []


@pytest.mark.parametrize("project", ["", "a/b", "../up", "-x", "프로젝트", "x" * 101])
def test_projects_that_a_tool_would_change_are_refused(project: str) -> None:
    with pytest.raises(ConfigError, match="track_project"):
        Tracking("trackio", project)


def test_only_known_tools_are_taken() -> None:
    with pytest.raises(ConfigError, match="choose one of trackio, wandb, tensorboard"):
        Tracking("mlflow")


def test_runs_of_one_name_and_project_stay_apart(finished: Finished, tmp_path: Path) -> None:
    tracking = Tracking("tensorboard", folder=tmp_path)
    for _ in range(3):
        log(tracking, finished, "run")
    files = list(tmp_path.rglob("events*"))
    assert len({file.parent for file in files}) == len(files) == 3
