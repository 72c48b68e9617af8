"""Whole runs with each option: trained, saved, read back, merged, over a base left as it was."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import numpy as np
import pytest

from lab.archive import export_merged, save_outcome
from lab.config import LoRAConfig, RunConfig
from lab.experiment import adapt, measure_baseline
from lab.runs import read_run

pytestmark = pytest.mark.usefixtures("one_thread")

OPTIONS = {
    "rslora_and_patterns": {"use_rslora": True, "rank_pattern": {"query": 2}},
    "one_block": {"layers_to_transform": (0,), "exclude_modules": ("value",)},
    "dora": {"use_dora": True, "lora_dropout": 0.1},
    "pissa": {"init_lora_weights": "pissa", "bias": "all"},
    "embeddings": {"target_modules": ("word_embeddings", "query")},
    "modules_to_save": {"modules_to_save": ("attention.output.LayerNorm",)},
    "factor_dropout": {"lora_dropout": 0.1, "lora_dropout_on": "factors"},
}


@pytest.mark.parametrize("option", OPTIONS)
def test_a_run_ends_in_files_that_are_its_model(
    option: str, config_of: dict[str, RunConfig], tmp_path: Path
):
    config = config_of["bert"]
    lora: LoRAConfig = dataclasses.replace(config.lora, **OPTIONS[option])
    config = dataclasses.replace(config, lora=lora)
    baseline = measure_baseline(config)
    state = {name: t.clone() for name, t in baseline.encoder.module.state_dict().items()}
    outcome = adapt(baseline, config)
    assert outcome.status == "finished"
    assert not np.array_equal(outcome.after.a, baseline.before.a)
    after = baseline.encoder.module.state_dict()
    assert all(after[name].equal(tensor) for name, tensor in state.items())
    saved = save_outcome(outcome, tmp_path / "run", maps=[])
    assert saved.largest_difference < 1e-5
    run = read_run(tmp_path / "run")
    assert run.config == config
    assert export_merged(run, tmp_path / "merged") < 1e-4
