"""Names: every setting once and flat, the Trainer's for steps, paths for results."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest
from tracked_runs import Finished

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.runs import read_run
from lab.tracking.names import (
    artifact_name,
    as_file_name,
    final_values,
    flat_config,
    flatten,
    step_values,
)

CONFIG = RunConfig(
    "tiny-bert",
    "captions-en-ko",
    LoRAConfig(target_modules=("query", "value"), rank_pattern={"query": 4, "value": 8}),
    TrainConfig(epochs=3),
)


def test_every_setting_has_one_name_of_its_own() -> None:
    parts = (RunConfig, LoRAConfig, TrainConfig)
    names = [field.name for part in parts for field in dataclasses.fields(part)]
    assert len(set(names)) == len(names)
    assert flat_config(CONFIG).keys() == {*names} - {"lora", "train"}


def test_settings_are_values_that_every_tool_groups_by() -> None:
    config = flat_config(CONFIG)
    assert all(isinstance(value, str | int | float | bool | None) for value in config.values())
    assert config["target_modules"] == "query,value"
    assert config["rank_pattern"] == "query=4,value=8"
    assert config["alpha_pattern"] is None
    assert config["learning_rate"] == CONFIG.train.learning_rate


def test_a_step_has_all_its_numbers(finished: Finished) -> None:
    epochs = finished.outcome.config.train.epochs
    step = dataclasses.replace(finished.outcome.steps[-1], validation_loss=0.5)
    values = step_values(step, epochs)
    told = {name: getattr(step, name) for name in ("loss", "learning_rate", "grad_norm")}
    assert values.items() >= {f"train/{name}": value for name, value in told.items()}.items()
    assert values["train/epoch"] == epochs  # the last step ends the last pass
    assert values["eval/loss"] == 0.5
    without = dataclasses.replace(step, validation_loss=None)
    assert "eval/loss" not in step_values(without, epochs)


def test_results_are_the_numbers_of_metrics_json(finished: Finished) -> None:
    metrics = json.loads((finished.folder / "metrics.json").read_text())
    values = final_values(metrics)
    for moment in ("before", "after"):
        for way in ("a_to_b", "b_to_a"):
            for name, value in metrics[moment][way].items():
                assert values[f"{moment}/{way}/{name}"] == value
        assert values[f"{moment}/alignment"] == metrics[moment]["alignment"]
    for way, gain in metrics["recall_gain"].items():
        assert values[f"recall_gain/{way}"] == gain
    assert all(isinstance(value, float | int) for value in values.values())


def test_what_was_forgotten_is_among_the_results() -> None:
    estimate = {"value": 0.5, "low": 0.25, "high": 0.75}
    control = {"name": "set", "count": 9, "change": {"mean": estimate}, "p_values": {"mean": 0.1}}
    values = final_values({"after": {}, "control": control})
    assert values == {"control/change/mean": 0.5, "control/p_values/mean": 0.1}


def test_runs_from_before_a_metric_was_known_have_the_rest(finished: Finished) -> None:
    metrics = dict(read_run(finished.folder).metrics)
    del metrics["p_values"], metrics["control"]
    assert final_values(metrics)
    assert dict(flatten({"a": {"b": None, "c": 1.0}})) == {"a/c": 1.0}


@pytest.mark.parametrize(
    "name", ["run", "../../up", "/etc/x", "r=8 seed=0", "실행", "..", "", "a\\b"]
)
def test_a_runs_name_is_one_part_of_a_path(name: str, tmp_path: Path) -> None:
    kept = as_file_name(name)
    assert (tmp_path / kept).parent == tmp_path
    assert (tmp_path / kept).resolve() != tmp_path.resolve()
    assert "\\" not in kept


@pytest.mark.parametrize("name", ["run", "../up", "r=8 seed=0", "실행", "x" * 500])
def test_an_artifacts_name_is_one_that_trackio_and_wandb_take(name: str) -> None:
    assert re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9._-]{0,127}", artifact_name(name))
    assert artifact_name(name).endswith("adapter")
