"""`python -m lab strength` on runs of tiny models: the table, the files, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from command_line import Lab

from lab.analysis.embeddings import compute_embeddings
from lab.config import RunConfig
from lab.data import load_pairs
from lab.durable import write_sums
from lab.encoders import load_encoder
from lab.lora import load_adapter
from lab.lora.strength import at_strength
from lab.runs import read_run

LAMBDAS = ["0", "0.5", "1"]


@pytest.mark.parametrize("family", ["clip", "bert"])
def test_both_curves_in_a_table_and_the_adapter_at_a_point(
    family: str, lab: Lab, arguments: dict[str, list], config_of: dict[str, RunConfig], tmp_path
) -> None:
    assert lab(*arguments[family], "--lr", 0.02).code == 0
    run, out = tmp_path / "run", tmp_path / "weaker"
    options = ("--lambdas", ",".join(LAMBDAS), "--out", out, "--at", 0.5)
    answer = lab("strength", run, *options)
    assert answer.code == 0, answer.err
    title, header, *rows = answer.out.splitlines()
    control = {"clip": "shapes-en", "bert": "captions-en"}[family]
    assert f"256 control pairs of {control}" in title
    assert header.split()[0] == "λ"
    table = {cells[0]: [float(cell) for cell in cells[1:]] for cells in map(str.split, rows[:3])}
    assert list(table) == LAMBDAS
    metrics = read_run(run).metrics
    for strength, moment in (("0", "before"), ("1", "after")):
        recalls = [metrics[moment][d]["recall@1"] for d in ("a_to_b", "b_to_a")]
        assert table[strength][:3] == pytest.approx([*recalls, sum(recalls) / 2], abs=6e-4)
    written = json.loads((out / "strength.json").read_text("utf-8"))
    assert [point["strength"] for point in written["points"]] == [0, 0.5, 1]
    assert written["points"][1]["control"]["mean"] == pytest.approx(table["0.5"][5], abs=6e-4)
    check_adapter(config_of[family], run / "adapter", out / "adapter")


def check_adapter(config: RunConfig, whole: Path, half: Path) -> None:
    """The written adapter is the run's own at λ = 0.5."""
    encoder = load_encoder(config.model, config.pooling)
    pairs = load_pairs(config.pairs).subset(range(8))
    load_adapter(whole, encoder.module)
    expected = compute_embeddings(
        encoder.with_module(at_strength(encoder.module, 0.5)), pairs
    ).stacked()
    again = load_encoder(config.model, config.pooling)
    load_adapter(half, again.module)
    np.testing.assert_allclose(
        compute_embeddings(again, pairs).stacked(), expected, rtol=0, atol=1e-5
    )


@pytest.fixture
def run_folder(lab: Lab, arguments: dict[str, list], tmp_path: Path) -> Path:
    """A finished run of the tiny BERT."""
    assert lab(*arguments["bert"]).code == 0
    return tmp_path / "run"


def test_control_pairs_of_one_s_own(lab: Lab, run_folder: Path, tmp_path: Path) -> None:
    rows = "\n".join(f"word {i},term {i}" for i in range(12))
    (tmp_path / "old.csv").write_text(f"sentence1,sentence2\n{rows}\n", "utf-8")
    answer = lab("strength", run_folder, "--control", tmp_path / "old.csv", "--lambdas", "1")
    assert answer.code == 0, answer.err
    assert "12 control pairs of old.csv" in answer.out
    assert len(answer.out.splitlines()) == 3


def test_pairs_that_changed_since_are_noticed(
    lab: Lab, run_folder: Path, config_of: dict[str, RunConfig]
) -> None:
    record = json.loads((run_folder / "run.json").read_text("utf-8"))
    record["data"]["sha256"] = "0" * 64
    (run_folder / "run.json").write_text(json.dumps(record), "utf-8")
    write_sums(run_folder)  # a run of other pairs, not a damaged one
    answer = lab("strength", run_folder)
    assert answer.code == 1
    assert "holds other pairs than the run was made with" in answer.complaint


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--lambdas", "0,x"], "--lambdas 0,x: give numbers from 0"),
        (["--lambdas=-1"], "--lambdas -1: give numbers from 0"),
        (["--lambdas", "0,inf"], "--lambdas 0,inf: give numbers from 0"),
        (["--at", "0.5"], "--at 0.5: name a folder for the adapter with --out"),
        (["--at", "0", "--out", "new"], "--at 0: give a number above 0"),
        (["--out", "."], "--out .: "),
        ([], "DIR nowhere: "),
    ],
)
def test_bad_arguments_are_one_line(options: list[str], message: str, lab: Lab) -> None:
    answer = lab("strength", "nowhere", *options)
    assert answer.code == 2
    assert message in answer.complaint
    assert len(answer.err.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "message"),
    [("shapes-en", "choose a control set such as captions-en"), ("no-such", "there are no pairs")],
)
def test_a_control_set_that_does_not_fit_is_named(
    name: str, message: str, lab: Lab, run_folder: Path
) -> None:
    answer = lab("strength", run_folder, "--control", name)
    assert answer.code == 2
    assert answer.complaint.startswith(f"python -m lab: --control {name}: ")
    assert message in answer.complaint
