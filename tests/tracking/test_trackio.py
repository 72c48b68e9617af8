"""A run read back from Trackio's database."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from tracked_runs import Finished, log

from lab.tracking import Tracking, read_results
from lab.tracking.names import flat_config, step_values

PROJECT = "colours"


@pytest.fixture(scope="module")
def name(finished: Finished) -> str:
    """The run's."""
    where = log(Tracking("trackio", PROJECT), finished, "r=8", group="ranks")
    assert where == f"trackio show --project {PROJECT}"
    return "r=8"


@pytest.fixture(scope="module")
def rows(name: str) -> list[dict[str, Any]]:
    """Everything logged, oldest first."""
    from trackio.sqlite_storage import SQLiteStorage

    return SQLiteStorage.get_logs(PROJECT, name)


def test_every_step_is_there_with_its_values(
    rows: list[dict[str, Any]], finished: Finished
) -> None:
    steps = finished.outcome.steps
    for row, step in zip(rows, steps, strict=False):
        expected = step_values(step, finished.outcome.config.train.epochs)
        assert {"step": step.step, **expected}.items() <= row.items()
    assert len(rows) == len(steps) + 1


def test_final_values_stand_at_the_last_step(
    rows: list[dict[str, Any]], finished: Finished
) -> None:
    assert rows[-1]["step"] == finished.outcome.steps[-1].step
    assert rows[-1].items() >= read_results(finished.folder).summary.items()


def test_settings_and_group_are_the_runs_config(name: str, finished: Finished) -> None:
    import trackio

    (run,) = trackio.Api().runs(PROJECT)
    assert run.name == name
    assert run.config.items() >= flat_config(finished.outcome.config).items()
    assert run.config["_Group"] == "ranks"


def test_figures_and_report_are_files(rows: list[dict[str, Any]], finished: Finished) -> None:
    from trackio.utils import MEDIA_DIR

    pictures = read_results(finished.folder, [finished.maps]).pictures
    for title, picture in pictures.items():
        drawn = Image.open(MEDIA_DIR / rows[-1][title]["file_path"]).convert("RGB")
        np.testing.assert_array_equal(np.asarray(drawn), np.asarray(picture))
    report = MEDIA_DIR / rows[-1]["report"]["file_path"]
    assert report.read_bytes() == (finished.folder / "report.html").read_bytes()


def test_the_adapter_is_a_model_artifact(name: str, finished: Finished) -> None:
    from trackio.sqlite_storage import SQLiteStorage

    found = SQLiteStorage.get_artifact_manifest(PROJECT, "r-8-adapter", "latest")
    digests = {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in (finished.folder / "adapter").iterdir()
    }
    assert found["type"] == "model"
    assert {entry["path"]: entry["digest"] for entry in found["manifest"]} == digests
    assert found["metadata"]["model"]["name"] == finished.outcome.encoder.name


@pytest.mark.filterwarnings("ignore")  # that is how Trackio says it
def test_a_full_disk_ends_no_run(finished: Finished, monkeypatch: pytest.MonkeyPatch) -> None:
    from trackio.sqlite_storage import SQLiteStorage

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(SQLiteStorage, "bulk_log", full)
    assert log(Tracking("trackio", "full"), finished, "run")


def test_a_name_leads_to_no_other_folder(finished: Finished) -> None:
    from trackio.utils import MEDIA_DIR

    log(Tracking("trackio", "names"), finished, "../../../up")
    assert list((MEDIA_DIR / "names").rglob("*.html"))
    assert {Path(path).name for path in (MEDIA_DIR / "names").iterdir()} == {"-..-..-up"}
