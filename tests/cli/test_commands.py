"""Every command on tiny models of every family: what it prints, writes and leaves out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import Lab

from lab.analysis.embeddings import compute_embeddings
from lab.data import load_pairs
from lab.encoders import load_encoder
from lab.encoders.registry import CATALOGUE
from lab.lora import count_parameters, find_leaf_names, find_target_modules, load_adapter
from lab.runs import read_run

FAMILIES = ["clip", "gpt2", "bert", "sentence"]
RETRIEVAL = {"recall@1", "recall@5", "recall@10", "ndcg@10", "mrr", "mean_rank", "median_rank"}
METRICS = {
    "a_to_b", "b_to_a", "alignment",
    "uniformity_a", "uniformity_b", "uniformity_across", "modality_gap",
}  # fmt: skip


def test_models_lists_the_catalogue(lab: Lab) -> None:
    answer = lab("models")
    assert (answer.code, answer.err) == (0, "")
    for row in CATALOGUE:
        line = next(line for line in answer.out.splitlines() if line.split()[:1] == [row.name])
        assert row.family in line
        assert row.pairs in line


@pytest.mark.parametrize("family", FAMILIES)
def test_layers_prints_the_model_and_what_each_name_costs(
    family: str, lab: Lab, checkpoints: dict[str, Path]
) -> None:
    answer = lab("layers", checkpoints[family], "--r", 3)
    assert (answer.code, answer.err) == (0, "")
    module = load_encoder(checkpoints[family]).module
    assert str(module) in answer.out
    table = answer.out.removeprefix(str(module)).splitlines()
    for group in find_target_modules(module):
        line = next(line for line in table if line.split()[:2] == [group.name, group.kind])
        assert line.endswith(f"{group.parameters(3):,}")
    assert {line.split()[0] for line in table if line} >= set(find_leaf_names(module))
    assert f"{count_parameters(module)[1]:,} parameters in the model" in answer.out


@pytest.mark.parametrize("family", FAMILIES)
def test_finetune_compare_and_export(
    family: str, lab: Lab, arguments: dict[str, list], checkpoints: dict[str, Path], tmp_path: Path
) -> None:
    folder = tmp_path / "run"
    trained = lab(*arguments[family], "--r", 4, "--alpha", 8, "--seed", 3, "--dropout", 0.1)
    assert trained.code == 0, trained.err
    assert str(folder) in trained.out
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    names = ("adapter_config.json", "adapter_model.safetensors", "README.md")
    adapter = {f"adapter/{name}" for name in names}
    assert files == {"run.json", "metrics.json", "steps.jsonl", "report.html", *adapter}
    check_record(folder)
    check_metrics(folder)
    compared = lab("compare", folder)
    assert (compared.code, compared.err) == (0, "")
    exported = lab("export", folder, "--merged", tmp_path / "merged")
    assert exported.code == 0, exported.err
    check_merged(folder, tmp_path / "merged", checkpoints[family])


def check_record(folder: Path) -> None:
    run = read_run(folder)
    lora, train = run.config.lora, run.config.train
    assert (lora.r, lora.lora_alpha, lora.lora_dropout, train.seed) == (4, 8, 0.1, 3)
    assert {"config", "seed", "versions", "data", "seconds"} <= run.record.keys()
    assert run.record["data"]["sha256"] == load_pairs(run.config.pairs).digest
    assert len(run.steps()) == run.record["steps"]["done"] == run.record["steps"]["planned"]


def check_metrics(folder: Path) -> None:
    metrics = json.loads((folder / "metrics.json").read_text())
    assert metrics.keys() >= {"before", "after", "intervals", "recall_gain", "p_values", "pairs"}
    for values, spans in ((metrics[m], metrics["intervals"][m]) for m in ("before", "after")):
        assert values.keys() == spans.keys() == METRICS
        for direction in ("a_to_b", "b_to_a"):
            assert values[direction].keys() == spans[direction].keys() == RETRIEVAL
        low, high = spans["a_to_b"]["mrr"]
        assert low <= values["a_to_b"]["mrr"] <= high


def check_merged(folder: Path, merged: Path, base: Path) -> None:
    encoder, plain = load_encoder(base), load_encoder(merged)
    load_adapter(folder / "adapter", encoder.module)
    pairs = load_pairs(read_run(folder).config.pairs)
    one, other = compute_embeddings(encoder, pairs), compute_embeddings(plain, pairs)
    assert abs(one.a - other.a).max() <= 1e-5
    assert abs(one.b - other.b).max() <= 1e-5


def test_compare_of_two_shows_both_and_what_differs(
    lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    assert lab(*arguments["bert"], "--seed", 0).code == 0
    other = [
        tmp_path / "other" if value == tmp_path / "run" else value for value in arguments["bert"]
    ]
    assert lab(*other, "--seed", 1, "--r", 2).code == 0
    answer = lab("compare", tmp_path / "run", tmp_path / "other")
    assert answer.code == 0
    table, _, settings = answer.out.partition("What differs")
    runs = [read_run(tmp_path / name) for name in ("run", "other")]
    recall = next(line for line in table.splitlines() if line.startswith("a to b mrr"))
    expected = [
        f"{run.metrics[m]['a_to_b']['mrr']:.3f}" for run in runs for m in ("before", "after")
    ]
    assert recall.split()[-4:] == expected
    rows = {line.split()[0]: line.split()[1:] for line in settings.splitlines() if line.strip()}
    assert rows.keys() == {"setting", "lora.r", "train.seed"}
    assert rows["train.seed"] == ["0", "1"]


def test_compare_reads_runs_from_before_a_metric_was_known(
    lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    assert lab(*arguments["bert"]).code == 0
    path = tmp_path / "run" / "metrics.json"
    metrics = json.loads(path.read_text())
    del metrics["p_values"], metrics["control"]
    for moment in ("before", "after"):
        del metrics[moment]["modality_gap"], metrics[moment]["a_to_b"]["ndcg@10"]
    path.write_text(json.dumps(metrics))
    (tmp_path / "run" / "SHA256SUMS").unlink()  # nor were there checksums then
    answer = lab("compare", tmp_path / "run")
    assert answer.code == 0, answer.err
    rows = answer.out.splitlines()
    for label in ("a to b ndcg@10", "modality_gap"):
        assert next(row for row in rows if row.startswith(label)).split()[-2:] == ["-", "-"]
    assert next(row for row in rows if row.startswith("held out")).split()[-1] == "-"


def test_what_is_not_given_suits_model_and_pairs(
    lab: Lab, checkpoints: dict[str, Path], text_pairs: Path, tmp_path: Path
) -> None:
    answer = lab(
        "finetune", "--model", checkpoints["gpt2"], "--pairs", text_pairs,
        "--out", tmp_path / "run", "--max-seconds", 0.001,
    )  # fmt: skip
    assert answer.code == 0, answer.err
    assert "ended after step 1 of" in answer.out
    config = read_run(tmp_path / "run").config
    assert config.lora.target_modules == ("c_attn",)
    assert config.train.batch_size <= 10


def test_patience_alone_sets_some_pairs_aside(
    lab: Lab, arguments: dict[str, list], tmp_path: Path
) -> None:
    assert lab(*arguments["bert"], "--patience", 2, "--learn-temperature").code == 0
    run = read_run(tmp_path / "run")
    assert run.config.train.patience == 2
    assert run.config.train.validation_fraction > 0
    assert run.config.train.learn_temperature
    assert run.steps()[-1]["validation_loss"] is not None
