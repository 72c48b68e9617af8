"""Run folders: whole or not there, never overwritten, read back as they were."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.errors import DataError, LabError
from lab.runs import (
    FORMAT,
    check_is_free,
    config_as_json,
    config_from_json,
    new_run_folder,
    read_run,
    write_json,
)

CONFIGS = (
    RunConfig("tiny-clip", "shapes-ko"),
    RunConfig(
        "a/모델",
        "./my pairs.csv",
        LoRAConfig(r=3, lora_alpha=1.5, target_modules=r"h\.0\..*", bias="all"),
        TrainConfig(seed=9, validation_fraction=0.2, patience=4, max_seconds=3.5),
        a_column="en",
        b_column="ko",
        pooling="cls",
        test_fraction=0.3,
        control="none",
    ),
    RunConfig("m", "p", LoRAConfig(target_modules=("q_proj", "v_proj"))),
)


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def fill(scratch: Path) -> None:
    (scratch / "run.json").write_text("{}")
    (scratch / "adapter").mkdir()
    (scratch / "adapter" / "weights").write_text("w")


@pytest.mark.parametrize("exists", [False, True])
def test_folder_is_filled_when_all_went_well(tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "deep" / "run"
    if exists:
        folder.mkdir(parents=True)
    with new_run_folder(folder) as scratch:
        fill(scratch)
        assert not (folder / "run.json").exists()
    assert listing(folder) == ["SHA256SUMS", "adapter", "run.json"]
    assert (folder / "adapter" / "weights").read_text() == "w"
    assert listing(folder.parent) == ["run"]


def break_off(folder: Path) -> None:
    with new_run_folder(folder) as scratch:
        fill(scratch)
        raise ZeroDivisionError


@pytest.mark.parametrize("exists", [False, True])
def test_nothing_is_left_of_what_broke_off(tmp_path: Path, exists: bool) -> None:
    folder = tmp_path / "run"
    if exists:
        folder.mkdir()
    with pytest.raises(ZeroDivisionError):
        break_off(folder)
    assert folder.exists() == exists
    assert [path for path in tmp_path.rglob("*") if path.name != "run"] == []


def test_working_folder_itself_can_take_a_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with new_run_folder(Path(".")) as scratch:
        fill(scratch)
    assert listing(tmp_path) == ["SHA256SUMS", "adapter", "run.json"]


def test_what_holds_something_is_never_written(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("mine")
    for taken in (tmp_path, tmp_path / "kept"):
        with pytest.raises(DataError, match="already holds something"):
            check_is_free(taken)
        with pytest.raises(DataError), new_run_folder(taken):
            raise AssertionError("the block must not run")
    assert listing(tmp_path) == ["kept"]


def test_place_that_cannot_be_made_is_found_before_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(DataError, match="cannot be made inside 'file'"):
        check_is_free(tmp_path / "file" / "run")
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(DataError, match="nothing may be written"):
        check_is_free(tmp_path / "run")


@pytest.mark.parametrize("config", CONFIGS, ids=lambda config: config.model)
def test_settings_survive_the_way_through_a_file(config: RunConfig, tmp_path: Path) -> None:
    write_json(tmp_path / "c.json", config_as_json(config))
    text = (tmp_path / "c.json").read_text(encoding="utf-8")
    assert config_from_json(json.loads(text)) == config
    assert config.model in text  # readable, not escaped


def test_not_a_number_is_no_json(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="JSON"):
        write_json(tmp_path / "x.json", {"loss": float("nan")})


def store(folder: Path, record: Any, metrics: Any) -> Path:
    (folder / "run.json").write_text(json.dumps(record))
    (folder / "metrics.json").write_text(json.dumps(metrics))
    return folder


RECORD = {
    "format": FORMAT,
    "status": "finished",
    "config": config_as_json(CONFIGS[0]),
    "data": {"sha256": "0"},
}
METRICS = {"before": {"a_to_b": {}}, "after": {"a_to_b": {}}}


def test_run_is_read_back(tmp_path: Path) -> None:
    run = read_run(store(tmp_path, RECORD, METRICS))
    assert run.config == CONFIGS[0]
    assert run.adapter == tmp_path / "adapter"
    (tmp_path / "steps.jsonl").write_text('{"step": 1}\n{"step": 2}\n')
    assert [step["step"] for step in run.steps()] == [1, 2]


@pytest.mark.parametrize(
    ("record", "metrics"),
    [
        ([], METRICS),
        (RECORD, "no"),
        (RECORD | {"format": FORMAT + 1}, METRICS),
        (RECORD | {"config": {}}, METRICS),
        (RECORD | {"config": RECORD["config"] | {"new": 1}}, METRICS),
        (RECORD | {"config": RECORD["config"] | {"test_fraction": 7}}, METRICS),
        ({key: value for key, value in RECORD.items() if key != "data"}, METRICS),
        (RECORD, {"before": {}}),
    ],
)
def test_what_is_no_run_is_said_in_one_line(tmp_path: Path, record: Any, metrics: Any) -> None:
    with pytest.raises(LabError) as caught:
        read_run(store(tmp_path, record, metrics))
    assert repr(tmp_path.name) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_folder_without_a_run_is_named(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "missing"):
        with pytest.raises(DataError, match="holds no finished run"):
            read_run(folder)
