"""A run that was interrupted goes on, and ends bit for bit as one that was not."""

from __future__ import annotations

import dataclasses
import os
from pathlib import Path
from typing import Any

import pytest
import torch
from faults import each_step, ending, train_until
from torch import Tensor

from lab.config import RunConfig, TrainConfig
from lab.encoders import load_encoder
from lab.encoders.clip import ClipEncoder
from lab.errors import DataError
from lab.experiment import run_experiment
from lab.training.checkpoint_folder import NAME, SHARE, CheckpointFolder
from lab.training.fingerprint import fingerprint

TRAIN = TrainConfig(
    epochs=2,
    batch_size=8,
    learning_rate=0.02,
    learn_temperature=True,
    validation_fraction=0.2,
    patience=1,
    precision="fp32",
)
RUNS: dict[str, tuple[str, dict[str, Any], dict[str, Any]]] = {
    "dropout": ("bert", {"lora_dropout": 0.3}, {}),
    "gradient-caching": ("bert", {"lora_dropout": 0.3}, {"micro_batch_size": 3}),
    "by-length": ("gpt2", {"lora_dropout": 0.1}, {"group_by_length": True, "loraplus_ratio": 4.0}),
    "bf16": ("bert", {}, {"precision": "bf16"}),
    "lower-blocks": ("bert", {"target_modules": r"encoder\.layer\.1\..*query"}, {}),
    "frozen-side": ("clip", {"target_modules": r"text_model\..*q_proj"}, {}),
    "norms": ("sentence", {"modules_to_save": ("LayerNorm",), "bias": "lora_only"}, {}),
    "dora": ("clip", {"use_dora": True, "lora_dropout": 0.2}, {}),
}


@pytest.fixture(autouse=True)
def _quiet(one_thread: None) -> None:
    """The same order of additions in every run."""


@pytest.fixture(params=RUNS)
def run(request: pytest.FixtureRequest, config_of: dict[str, RunConfig]) -> RunConfig:
    family, lora, train = RUNS[request.param]
    config = config_of[family]
    return dataclasses.replace(
        config,
        lora=dataclasses.replace(config.lora, **lora),
        train=dataclasses.replace(TRAIN, **train),
    )


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[n], other[n]) for n in one)


def test_run_goes_on_bit_for_bit(run: RunConfig, tmp_path: Path) -> None:
    whole, checkpoints = ending(run), each_step(tmp_path / "run.partial")
    cut = 5  # an epoch is behind it, and the best parameters so far
    train_until(run, checkpoints, cut)
    assert checkpoints.steps_kept() == (cut, len(whole.steps))
    resumed = ending(run, checkpoints)
    assert same(resumed.adapter, whole.adapter)
    assert resumed.steps == whole.steps


def test_it_goes_on_from_any_step_and_more_than_once(
    config_of: dict[str, RunConfig], tmp_path: Path
) -> None:
    run = dataclasses.replace(config_of["bert"], train=TRAIN)
    whole, checkpoints = ending(run), each_step(tmp_path / "run.partial")
    for cut in range(1, len(whole.steps)):
        train_until(run, checkpoints, cut)
    resumed = ending(run, checkpoints)
    assert same(resumed.adapter, whole.adapter)
    assert resumed.steps == whole.steps


def test_checkpoint_of_another_run_is_refused(
    config_of: dict[str, RunConfig], tmp_path: Path
) -> None:
    mine = each_step(tmp_path / "run.partial")
    train_until(config_of["bert"], mine, 1)
    other = CheckpointFolder(mine.folder, {"config": "another"})
    for look in (other.read, other.steps_kept):
        with pytest.raises(DataError, match="name another folder, or remove this one"):
            look()


def test_checkpoint_that_is_not_whole_is_none(
    config_of: dict[str, RunConfig], tmp_path: Path
) -> None:
    checkpoints = each_step(tmp_path / "run.partial")
    train_until(config_of["bert"], checkpoints, 1)
    file = checkpoints.folder / NAME
    content = file.read_bytes()
    for damaged in (b"", content[:100], content[:-1]):
        file.write_bytes(damaged)
        assert checkpoints.read() is None


def test_full_disk_does_not_end_a_run(
    config_of: dict[str, RunConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    told: list[Exception] = []
    checkpoints = CheckpointFolder(tmp_path / "run.partial", {}, every=0.0, tell=told.append)
    run = config_of["bert"]
    assert ending(run, checkpoints).steps == ending(run).steps
    assert len(told) == 1  # once a run is enough
    assert not checkpoints.folder.exists()


def test_checkpoints_take_a_small_share_of_the_time(tmp_path: Path) -> None:
    """However slow the disk: here each takes a second, and each step too."""
    now = 0.0

    def make() -> dict[str, Any]:
        nonlocal now
        now += 1.0
        written.append(now)
        return {"steps": []}

    written: list[float] = []
    checkpoints = CheckpointFolder(tmp_path / "run.partial", {}, clock=lambda: now)
    for _ in range(1000):
        now += 1.0
        checkpoints.offer(make)
    assert 0 < len(written) <= 1 + SHARE * now


def test_what_is_computed_once_is_computed_with_the_same_others(
    config_of: dict[str, RunConfig], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A product's last bit may depend on who else is in it; here all of a picture's bits do."""
    embed = ClipEncoder.embed

    def embed_together(self: ClipEncoder, inputs: dict[str, Tensor], side: str) -> Tensor:
        rows = embed(self, inputs, side)
        return rows + rows.mean(dim=0) if side == "a" else rows

    monkeypatch.setattr(ClipEncoder, "embed", embed_together)
    lora = dataclasses.replace(config_of["clip"].lora, target_modules=r"text_model\..*q_proj")
    run = dataclasses.replace(config_of["clip"], lora=lora)
    whole, checkpoints = ending(run), each_step(tmp_path / "run.partial")
    train_until(run, checkpoints, 2)
    assert same(ending(run, checkpoints).adapter, whole.adapter)


def test_whole_run_goes_on_from_its_folder_of_checkpoints(
    config_of: dict[str, RunConfig], tmp_path: Path, hurried: None
) -> None:
    run = dataclasses.replace(config_of["bert"], train=TRAIN, control="none")
    folder, whole = tmp_path / "run.partial", run_experiment(run)

    def break_off(event: object) -> None:
        if getattr(event, "step", 0) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_experiment(run, report=break_off, checkpoints=folder)
    resumed = run_experiment(run, checkpoints=folder)
    assert resumed.comparison.as_json() == whole.comparison.as_json()
    other = dataclasses.replace(run, train=dataclasses.replace(TRAIN, seed=1))
    with pytest.raises(DataError, match="other settings"):
        run_experiment(other, checkpoints=folder)


def test_other_weights_under_the_same_name_are_another_base(
    config_of: dict[str, RunConfig],
) -> None:
    one, other = (load_encoder(config_of["bert"].model).module for _ in range(2))
    assert fingerprint(one) == fingerprint(other)
    with torch.no_grad():
        next(other.parameters())[0, 0] += 1e-6
    assert fingerprint(one) != fingerprint(other)
