"""The same runs one after another and together, and what it means that they end alike."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pytest
import torch
from torch import nn
from toy_encoder import adapter_of

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.errors import TrainingError
from lab.training.loop import TrainStep, finetune
from lab.training.session import inject
from lab.training.together import train_together

TRAIN = TrainConfig(epochs=3, batch_size=8, learning_rate=0.01, precision="fp32")
LORA = LoRAConfig(r=4, target_modules=("0", "2"))


def make_configs(ranks: Sequence[int] = (2, 4, 40), **changes: object) -> list[RunConfig]:
    """Of other ranks, and of other first weights."""
    return [
        RunConfig(
            "toy",
            "toys",
            dataclasses.replace(LORA, r=r),
            dataclasses.replace(TRAIN, init_seed=i, **changes),
        )
        for i, r in enumerate(ranks)
    ]


def run_apart(
    base: Encoder, pairs: PairDataset, configs: Sequence[RunConfig], **options: object
) -> tuple[list[Encoder], list[list[TrainStep]]]:
    encoders = [inject(base, config) for config in configs]
    runs = [
        list(finetune(encoder, pairs, config.train, **options))
        for encoder, config in zip(encoders, configs, strict=True)
    ]
    return encoders, runs


def run_together(
    base: Encoder, pairs: PairDataset, configs: Sequence[RunConfig], **options: object
) -> tuple[list[Encoder], list[list[TrainStep | TrainingError]]]:
    encoders = [inject(base, config) for config in configs]
    runs: list[list] = [[] for _ in configs]
    for k, event in train_together(encoders, pairs, [c.train for c in configs], **options):
        runs[k].append(event)
    return encoders, runs


def numbers_of(step: TrainStep) -> dict[str, float]:
    """All that a step says but the time."""
    said = dataclasses.asdict(step).items()
    return {n: x for n, x in said if x is not None and not n.startswith("seconds")}


def assert_alike(one: Sequence[TrainStep], other: Sequence[TrainStep], tolerance: float) -> None:
    assert len(one) == len(other)
    for mine, theirs in zip(one, other, strict=True):
        expected = pytest.approx(numbers_of(theirs), rel=tolerance, abs=tolerance)
        assert numbers_of(mine) == expected


def assert_ends_as_alone(
    base: Encoder, pairs: PairDataset, configs: Sequence[RunConfig], **options: object
) -> None:
    apart, expected = run_apart(base, pairs, configs, **options)
    together, found = run_together(base, pairs, configs, **options)
    for mine, theirs in zip(found, expected, strict=True):
        assert_alike(mine, theirs, 1e-4)
    for mine, theirs in zip(together, apart, strict=True):
        assert not mine.module.training
        for name, factor in adapter_of(mine).items():
            torch.testing.assert_close(factor, adapter_of(theirs)[name], rtol=1e-3, atol=1e-4)


def without_dropout(encoder: Encoder) -> Encoder:
    for module in encoder.module.modules():
        if isinstance(module, nn.Dropout):
            module.p = 0.0
        for name, value in list(vars(module).items()):
            if "drop" in name and isinstance(value, float):
                setattr(module, name, 0.0)
    return encoder
