"""Runs over one base share what no adapter changes, and end as they would apart."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
import torch
from torch import Tensor
from toy_encoder import adapted_encoder, adapter_of, equal, make_pairs

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.data import load_pairs
from lab.encoders import Encoder, load_encoder
from lab.lora import lora_state_dict
from lab.training.caches import Caches
from lab.training.loop import finetune
from lab.training.session import inject

TRAIN = TrainConfig(epochs=2, batch_size=8, learning_rate=0.02)
TEXT_TOWER = r"text_model\..*\.(q_proj|v_proj)"


def run(base: Encoder, pairs, r: int, caches: Caches | None) -> tuple[list[float], dict]:
    lora = LoRAConfig(r=r, target_modules=TEXT_TOWER)
    encoder = inject(base, RunConfig("clip", "pairs", lora, TRAIN))
    losses = [step.loss for step in finetune(encoder, pairs, TRAIN, caches=caches)]
    return losses, lora_state_dict(encoder.module)


@pytest.fixture(scope="module")
def clip(checkpoints: dict[str, Path]) -> Encoder:
    return load_encoder(checkpoints["clip"])


def test_a_frozen_tower_is_embedded_once_for_all_runs(
    clip: Encoder, image_pairs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pairs = load_pairs(str(image_pairs))
    alone = [run(clip, pairs, r, None) for r in (2, 4)]
    counts: Counter = Counter()
    embed = type(clip).embed

    def counting(self: Encoder, inputs: Mapping[str, Tensor], side: str) -> Tensor:
        if not torch.is_grad_enabled():  # frozen sides are looked up without a graph
            counts[side] += len(next(iter(inputs.values())))
        return embed(self, inputs, side)

    monkeypatch.setattr(type(clip), "embed", counting)
    caches = Caches()
    together = [run(clip, pairs, r, caches) for r in (2, 4)]
    for (losses, state), (own_losses, own_state) in zip(together, alone, strict=True):
        assert losses == own_losses
        assert all(torch.equal(state[name], own_state[name]) for name in own_state)
    assert counts["a"] == len(set(pairs.a_keys))


def test_a_seed_of_its_own_changes_the_first_weights_and_leaves_the_batches() -> None:
    train = dataclasses.replace(TRAIN, init_seed=5)
    assert (train.draws_from, TRAIN.draws_from) == (5, 0)
    pairs = make_pairs()
    plans, ends = [], []
    for config in (TRAIN, train):
        from lab.training.trainer import plan_batches

        plans.append(plan_batches(pairs, 8, 2, config.seed))
        encoder = adapted_encoder(dropout=0.5)
        list(finetune(encoder, pairs, config))
        ends.append(adapter_of(encoder))
    assert plans[0] == plans[1]
    assert not equal(*ends)  # another dropout
