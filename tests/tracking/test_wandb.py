"""An offline run of Weights & Biases read back from its own file."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tracked_runs import Finished, log
from wandb_file import of_type, read_items, read_records

from lab.errors import TrackingError
from lab.tracking import Results, Tracking, make_tracker, read_results, tracked
from lab.tracking.names import flat_config, step_values

KEY = "0" * 40  # the shape of one


@pytest.fixture(scope="module")
def folder(finished: Finished, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The run's own folder, which `wandb sync` would send."""
    home = tmp_path_factory.mktemp("wandb")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("WANDB_MODE", "offline")
        where = log(Tracking("wandb", "colours", home), finished, "r=8", group="ranks")
    (folder,) = (home / "wandb").glob("offline-run-*")
    assert where == f"wandb sync {folder}"
    return folder


@pytest.fixture(scope="module")
def records(folder: Path) -> list[Any]:
    (file,) = folder.glob("*.wandb")
    return read_records(file)


def test_nothing_is_said_of_weave_where_its_libraries_are_loaded(
    finished: Finished,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WANDB_MODE", "offline")
    monkeypatch.setitem(sys.modules, "huggingface_hub.inference", ModuleType("inference"))
    assert log(Tracking("wandb", "weave", tmp_path), finished, "run")
    assert capfd.readouterr() == ("", "")


def test_the_run_has_its_names_and_settings(records: list[Any], finished: Finished) -> None:
    run = of_type(records, "run")[0]
    config = finished.outcome.config
    assert (run.project, run.display_name, run.run_group) == ("colours", "r=8", "ranks")
    assert run.job_type == "finetune"
    assert list(run.tags) == [Path(config.model).name, Path(config.pairs).name]
    settings = read_items(run.config.update)
    assert {**settings, "_wandb": None} == {**flat_config(config), "_wandb": None}


def test_every_step_is_there_with_its_values(records: list[Any], finished: Finished) -> None:
    history = [read_items(each.item) for each in of_type(records, "history")]
    steps = finished.outcome.steps
    assert [row["_step"] for row in history] == [step.step for step in steps]
    for row, step in zip(history, steps, strict=True):
        assert step_values(step, finished.outcome.config.train.epochs).items() <= row.items()


def test_final_values_are_the_summary(records: list[Any], finished: Finished) -> None:
    summary: dict[str, Any] = {}
    for each in of_type(records, "summary"):
        summary.update(read_items(each.update))
    assert summary.items() >= read_results(finished.folder).summary.items()


def test_figures_and_report_are_files_of_the_last_step(
    records: list[Any], folder: Path, finished: Finished
) -> None:
    last = read_items(of_type(records, "history")[-1].item)
    pictures = read_results(finished.folder, [finished.maps]).pictures
    for title, picture in pictures.items():
        assert last[f"{title}/_type"] == "image-file"
        drawn = Image.open(folder / "files" / last[f"{title}/path"])
        np.testing.assert_array_equal(np.asarray(drawn), np.asarray(picture))
    assert last["report/_type"] == "html-file"
    page = folder / "files" / last["report/path"]
    assert page.read_bytes() == (finished.folder / "report.html").read_bytes()


def test_the_adapter_is_a_model_artifact(records: list[Any], finished: Finished) -> None:
    (artifact,) = [each for each in of_type(records, "artifact") if each.type == "model"]
    assert artifact.name == "r-8-adapter"
    files = {file.name: file.read_bytes() for file in (finished.folder / "adapter").iterdir()}
    entries = artifact.manifest.contents
    assert {each.path: Path(each.local_path).read_bytes() for each in entries} == files


def test_a_run_that_went_well_says_so(records: list[Any]) -> None:
    (end,) = of_type(records, "exit")
    assert end.exit_code == 0


def test_a_run_that_failed_says_so(finished: Finished, tmp_path: Path) -> None:
    config = finished.outcome.config
    with tracked(Tracking("wandb", folder=tmp_path), config, lambda _: None, name="run") as run:
        run.finish(lambda: Results({}, failed=True))
    (file,) = tmp_path.rglob("*.wandb")
    (end,) = of_type(read_records(file), "exit")
    assert end.exit_code == 1


def test_without_an_account_the_way_out_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WANDB_MODE")
    with pytest.raises(TrackingError, match="run wandb login, or set WANDB_MODE=offline"):
        make_tracker(Tracking("wandb"))


def test_a_key_in_the_environment_or_in_netrc_is_an_account(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("WANDB_MODE")
    with monkeypatch.context() as patch:
        patch.setenv("WANDB_API_KEY", KEY)
        make_tracker(Tracking("wandb"))
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine api.wandb.ai login user password {KEY}\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    make_tracker(Tracking("wandb"))


def test_a_server_that_is_gone_is_told_once(
    monkeypatch: pytest.MonkeyPatch, finished: Finished, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        port = door.getsockname()[1]  # nobody listens there any more
    monkeypatch.delenv("WANDB_MODE")
    monkeypatch.setenv("WANDB_BASE_URL", f"http://127.0.0.1:{port}")
    monkeypatch.setenv("WANDB_API_KEY", KEY)
    monkeypatch.setenv("WANDB_INIT_TIMEOUT", "1")
    told: list[TrackingError] = []
    tracking = Tracking("wandb", folder=tmp_path)
    config = finished.outcome.config
    with tracked(tracking, config, lambda _: None, name="run", tell=told.append) as run:
        for step in finished.outcome.steps:
            run(step)
    assert len(told) == 1
    assert run.where is None


KILLED = """
import os, pathlib, signal, sys, time
from lab.config import RunConfig
from lab.tracking import Results, Tracking, tracked

tracking = Tracking("wandb", folder=pathlib.Path(sys.argv[1]))
with tracked(tracking, RunConfig("m", "p"), print, name="run", tell=print) as run:
    for step in range(1, 4):
        run.log(step, {"train/loss": 1.0})
    task = pathlib.Path("/proc/self/task") / str(os.getpid())
    for child in (task / "children").read_text().split():
        os.kill(int(child), signal.SIGKILL)
        os.waitpid(int(child), 0)
    for step in range(4, 99):
        run.log(step, {"train/loss": 1.0})
        time.sleep(0.01)
    run.finish(lambda: Results({}))
"""


def test_wandbs_process_may_be_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", KILLED, str(tmp_path)]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout.count("can no longer be logged") == 1
