"""An outcome on disk: complete, readable by others, loadable, and truthful about itself."""

from __future__ import annotations

import dataclasses
import json
import os
import stat
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.analysis.embeddings import compute_embeddings
from lab.archive import Saved, describe_metrics, export_merged, save_outcome
from lab.config import RunConfig
from lab.encoders import load_encoder
from lab.errors import DataError
from lab.experiment import Outcome, Progress, run_experiment
from lab.lora import find_lora_layers, load_adapter
from lab.runs import read_run

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def outcome(one_thread: None, config_of: dict[str, RunConfig]) -> Outcome:
    return run_experiment(config_of["bert"])


@pytest.fixture(scope="module")
def saved(outcome: Outcome, tmp_path_factory: pytest.TempPathFactory) -> Saved:
    return save_outcome(outcome, tmp_path_factory.mktemp("runs") / "run", maps=[])


@pytest.fixture
def umask() -> Iterator[int]:
    """The usual one: all may read."""
    before = os.umask(0o022)
    yield 0o022
    os.umask(before)


def modes(folder: Path) -> set[int]:
    return {stat.S_IMODE(path.stat().st_mode) for path in folder.rglob("*") if path.is_file()}


def test_folder_holds_everything(saved: Saved, outcome: Outcome) -> None:
    files = {path.relative_to(saved.folder).as_posix() for path in saved.folder.rglob("*.*")}
    adapter = {
        "adapter/adapter_config.json",
        "adapter/adapter_model.safetensors",
        "adapter/README.md",
    }
    assert files == {"run.json", "metrics.json", "steps.jsonl", "report.html", *adapter}
    run = read_run(saved.folder)
    assert run.config == outcome.config
    assert run.steps() == [dataclasses.asdict(step) for step in outcome.steps]
    assert run.metrics == json.loads(json.dumps(describe_metrics(outcome)))
    assert run.metrics.keys() - outcome.comparison.as_json().keys() == {"control"}


def test_metrics_are_told_by_group_where_a_column_groups_the_pairs(outcome: Outcome) -> None:
    test = outcome.baseline.test
    halves = [("even", "odd")[i % 2] for i in range(len(test))]
    pairs = (
        dataclasses.replace(pair, extra={"half": half})
        for pair, half in zip(test.pairs, halves, strict=True)
    )
    baseline = dataclasses.replace(
        outcome.baseline, test=dataclasses.replace(test, pairs=(*pairs,))
    )
    table = describe_metrics(dataclasses.replace(outcome, baseline=baseline))["groups"]["half"]
    json.dumps(table, allow_nan=False)
    assert {group["label"]: group["pairs"] for group in table["groups"]} == Counter(halves)


def test_record_says_what_was_run_on_what(saved: Saved, outcome: Outcome) -> None:
    record = read_run(saved.folder).record
    baseline = outcome.baseline
    assert (record["status"], record["error"], record["seed"]) == ("finished", None, 0)
    assert record["data"]["sha256"] == baseline.dataset.digest
    control = outcome.control.pairs
    assert record["control"] == {
        "name": "captions-en",
        "sha256": control.digest,
        "pairs": len(control),
    }
    counts = [record["data"][name] for name in ("pairs", "train", "test")]
    assert counts == [len(baseline.dataset), len(baseline.train), len(baseline.test)]
    assert record["model"]["trainable_parameters"] == outcome.trainable
    assert record["adapter_reloaded_largest_difference"] == saved.largest_difference
    assert {"torch", "transformers", "python", "lora_lab"} <= set(record["versions"])
    assert all(seconds > 0 for seconds in record["seconds"].values())
    assert {"baseline", "training", "pair"} <= set(record["seconds"])


def test_saved_adapter_is_the_trained_one(saved: Saved, outcome: Outcome) -> None:
    assert saved.largest_difference <= 1e-6
    encoder = load_encoder(outcome.config.model)
    load_adapter(saved.folder / "adapter", encoder.module)
    again = compute_embeddings(encoder, outcome.baseline.test)
    assert abs(again.a - outcome.after.a).max() <= 1e-6


def test_stages_are_told_and_maps_laid_out_when_none_are_given(
    outcome: Outcome, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Outcome] = []
    monkeypatch.setattr("lab.archive.layout_maps", lambda given: asked.append(given) or [])
    told: list[Progress] = []
    save_outcome(outcome, tmp_path / "run", told.append)
    assert asked == [outcome]
    assert [event.stage for event in told] == ["layout", "saving", "saving"]


def test_report_holds_both_maps_and_opens_offline(outcome: Outcome, tmp_path: Path) -> None:
    save_outcome(outcome, tmp_path / "run")
    report = (tmp_path / "run" / "report.html").read_text(encoding="utf-8")
    assert '"umap"' in report
    assert '"pca"' in report
    assert 'src="http' not in report


def test_all_files_follow_the_umask(
    outcome: Outcome, saved: Saved, tmp_path: Path, umask: int
) -> None:
    expected = {0o666 & ~umask}
    save_outcome(outcome, tmp_path / "run", maps=[])
    assert modes(tmp_path / "run") == expected
    export_merged(read_run(saved.folder), tmp_path / "merged")
    assert modes(tmp_path / "merged") == expected


def test_taken_folder_is_left_as_it_is(outcome: Outcome, saved: Saved) -> None:
    before = (saved.folder / "run.json").read_bytes()
    with pytest.raises(DataError, match="already holds something"):
        save_outcome(outcome, saved.folder, maps=[])
    assert (saved.folder / "run.json").read_bytes() == before


@pytest.mark.parametrize("family", ["clip", "gpt2", "bert", "sentence"])
def test_merged_export_is_a_model_like_any_other(
    family: str, config_of: dict[str, RunConfig], tmp_path: Path
) -> None:
    outcome = run_experiment(config_of[family])
    save_outcome(outcome, tmp_path / "run", maps=[])
    difference = export_merged(read_run(tmp_path / "run"), tmp_path / "merged")
    assert difference is not None
    assert difference <= 1e-5
    merged = load_encoder(tmp_path / "merged")
    assert not find_lora_layers(merged.module)
    assert merged.family == family
    embeddings = compute_embeddings(merged, outcome.baseline.test)
    assert abs(embeddings.a - outcome.after.a).max() <= 1e-5
    assert abs(embeddings.b - outcome.after.b).max() <= 1e-5


def test_merged_export_needs_no_pairs(saved: Saved, outcome: Outcome, tmp_path: Path) -> None:
    run = read_run(saved.folder)
    config = {**run.record["config"], "pairs": str(tmp_path / "gone.csv")}
    orphan = dataclasses.replace(run, record={**run.record, "config": config})
    assert export_merged(orphan, tmp_path / "merged") is None
    merged = compute_embeddings(load_encoder(tmp_path / "merged"), outcome.baseline.test)
    assert abs(merged.a - outcome.after.a).max() <= 1e-5
