"""`accelerate launch -m lab finetune`: one run in two processes, from the command line to disk."""

from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from lab.config import RunConfig
from lab.distributed import launch
from lab.distributed.follow import check_same_run
from lab.encoders import load_encoder
from lab.errors import DistributedError
from lab.experiment import measure_baseline, run_experiment
from lab.lora import load_adapter, lora_state_dict
from lab.runs import read_run
from lab.training.world import ALONE, Alone

# On a machine without GPUs, or with --device cpu, its processes meet over gloo. Its own --cpu
# starts one process only, unless MPI is there.
LAUNCH = ("-m", "accelerate.commands.launch", "--multi_gpu", "--num_machines", "1")
LAUNCH += ("--mixed_precision", "no", "--dynamo_backend", "no", "--main_process_port", "0")
LAUNCH += ("--num_processes", "2")


def finetune(config: RunConfig, out: Path) -> subprocess.CompletedProcess:
    lora, train = config.lora, config.train
    command = [sys.executable, *LAUNCH, "-m", "lab", "finetune", "--model", config.model]
    command += ["--pairs", config.pairs, "--r", str(lora.r), "--alpha", str(lora.lora_alpha)]
    command += ["--targets", ",".join(lora.target_modules), "--epochs", str(train.epochs)]
    command += ["--batch-size", str(train.batch_size), "--lr", str(train.learning_rate)]
    command += ["--temperature", str(train.temperature), "--control", "none"]
    command += ["--device", "cpu", "--out", str(out)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_launched_run_ends_as_one_process_does(config_of: dict[str, RunConfig], tmp_path: Path):
    given = config_of["clip"]
    train = dataclasses.replace(given.train, batch_size=5, learning_rate=0.001)
    config = dataclasses.replace(given, train=train)
    launched = finetune(config, tmp_path / "run")
    assert launched.returncode == 0, launched.stderr
    assert launched.stdout.count("Everything is in") == 1  # the first process alone tells
    alone = run_experiment(dataclasses.replace(config, control="none"))
    losses = [step["loss"] for step in read_run(tmp_path / "run").steps()]
    assert losses == pytest.approx([step.loss for step in alone.steps], abs=1e-5)
    encoder = load_encoder(config.model)
    load_adapter(tmp_path / "run" / "adapter", encoder.module)
    stored, trained = lora_state_dict(encoder.module), lora_state_dict(alone.encoder.module)
    torch.testing.assert_close(dict(stored), dict(trained), rtol=0, atol=1e-5)


def test_a_process_without_others_is_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with launch.joined("auto") as world:
        assert world is ALONE


def test_a_missing_package_is_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setattr(launch, "find_spec", lambda _: None)
    with pytest.raises(DistributedError, match="pip install accelerate"), launch.joined("cpu"):
        pass


def test_more_processes_than_gpus_are_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.setattr("torch.cuda.is_available", lambda: True)
    monkeypatch.setattr("torch.cuda.device_count", lambda: 1)
    with pytest.raises(DistributedError, match="launch as many"), launch.joined("auto"):
        pass


class Second(Alone):
    """A process whose first told another fingerprint."""

    def agree(self, numbers):
        return [number + 1 for number in numbers]


def test_processes_with_other_pairs_are_found_out(config_of: dict[str, RunConfig]):
    config = config_of["bert"]
    dataset = measure_baseline(config).dataset
    check_same_run(ALONE, dataset, config)
    with pytest.raises(DistributedError, match="the same command"):
        check_same_run(Second(), dataset, config)
