"""LoRA+ in the loop: B's rate is a multiple of A's at every step of the schedule."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from lab.config import RunConfig
from lab.data import load_pairs
from lab.encoders import load_encoder
from lab.training.session import inject
from lab.training.trainer import Trainer

pytestmark = pytest.mark.usefixtures("one_thread")
RATIO = 8.0


def train(
    config: RunConfig, ratio: float, steps: int = 5
) -> tuple[Trainer, list[dict[str, float]]]:
    """Rates by the name of the parameter, step by step."""
    settings = replace(config.train, loraplus_ratio=ratio)
    encoder = inject(load_encoder(config.model), replace(config, train=settings))
    trainer = Trainer(encoder, load_pairs(config.pairs), settings)
    names = {id(p): name for name, p in encoder.module.named_parameters()}
    rates = []
    for batch in trainer.plan[0][:steps]:
        trainer.step(batch)
        rates.append(
            {
                names[id(p)]: group["lr"]
                for group in trainer.update.optimizer.param_groups
                for p in group["params"]
                if id(p) in names
            }
        )
    return trainer, rates


def test_b_learns_so_many_times_as_fast_at_every_step(config_of: dict[str, RunConfig]) -> None:
    _, rates = train(config_of["bert"], RATIO)
    assert len({tuple(step.values()) for step in rates}) > 1  # the schedule moves them
    for step in rates:
        a = {rate for name, rate in step.items() if name.endswith("lora_A")}
        b = {rate for name, rate in step.items() if name.endswith("lora_B")}
        assert len(a) == len(b) == 1
        assert b.pop() == pytest.approx(RATIO * a.pop())


def test_a_ratio_of_one_is_the_plain_optimizer(config_of: dict[str, RunConfig]) -> None:
    plain, rates = train(config_of["bert"], 1.0)
    assert all(len(set(step.values())) == 1 for step in rates)
    assert len(plain.update.optimizer.param_groups) == 2  # the adapter, and the temperature
    faster, _ = train(config_of["bert"], RATIO)
    pairs = zip(plain.parameters, faster.parameters, strict=True)
    assert not all(torch.equal(one, other) for one, other in pairs)
