"""Runs that end, and runs that are cut off, as these tests compare them."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from torch import Tensor

from lab.config import RunConfig
from lab.data import load_pairs
from lab.data.splits import split
from lab.encoders import load_encoder
from lab.lora import lora_state_dict
from lab.training.checkpoint import Checkpoints
from lab.training.checkpoint_folder import CheckpointFolder
from lab.training.loop import TrainStep, finetune
from lab.training.session import inject


@dataclass(frozen=True)
class Ending:
    """steps: but for their times, which differ; adapter: what was learned."""

    steps: list[TrainStep]
    adapter: dict[str, Tensor]


def begin(config: RunConfig, checkpoints: Checkpoints | None = None, **options: object):
    """-> the adapted encoder, and the generator that trains it."""
    pairs = load_pairs(config.pairs)
    train, validation = split(pairs, config.train.seed, config.train.validation_fraction or 0.2)
    encoder = inject(load_encoder(config.model), config)
    held = validation if config.train.validation_fraction else None
    return encoder, finetune(
        encoder, train, config.train, validation=held, checkpoints=checkpoints, **options
    )


def ending(config: RunConfig, checkpoints: Checkpoints | None = None) -> Ending:
    """A run to its end, or what is left of it."""
    encoder, steps = begin(config, checkpoints)
    timeless = [dataclasses.replace(step, seconds=0.0, seconds_left=0.0) for step in steps]
    return Ending(timeless, dict(lora_state_dict(encoder.module, config.lora.bias)))


def train_until(config: RunConfig, checkpoints: Checkpoints, steps: int) -> None:
    """A run that is cut off while its step number `steps` + 1 would begin."""
    _, generator = begin(config, checkpoints)
    for _ in islice(generator, steps + 1):
        pass
    generator.close()


def each_step(folder: Path) -> CheckpointFolder:
    """Checkpoints after every step: by this clock writing takes no time."""
    return CheckpointFolder(folder, {}, every=0.0, clock=lambda: 0.0)
