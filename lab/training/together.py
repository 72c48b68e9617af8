"""Adapters over one frozen base, trained in one pass: a step of each per step of all.

A small model leaves a GPU idle between its launches; the batches of several adapters, one after
another in one, fill it. Each adapter ends as it would alone, but for rounding.
Letters: K adapters.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from lab.config import TrainConfig
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.errors import TrainingError
from lab.lora import find_lora_layers
from lab.lora.grouped import grouped
from lab.training.caches import Caches
from lab.training.eligible import why_apart
from lab.training.joint_trainer import JointTrainer, Learner
from lab.training.loop import TrainStep

Event = tuple[int, TrainStep | TrainingError]


def train_together(
    encoders: Sequence[Encoder],
    train: PairDataset,
    configs: Sequence[TrainConfig],
    *,
    validation: PairDataset | None = None,
    caches: Caches | None = None,
    should_stop: Callable[[], bool] = lambda: False,
) -> Iterator[Event]:
    """Train the adapters of K encoders in place; what `finetune` yields for each, with its number.

    Yields (k, TrainStep) for every adapter after each step of all, and (k, TrainingError) once for
    one that cannot go on: it keeps the parameters of its last step whose loss was finite, and the
    others go on. Ends after the last epoch, when `should_stop` says so (asked after every step), or
    when no adapter is left. Between steps each encoder can be used as it is; at the end its module
    is in eval mode.

    encoders, configs: such that `why_apart` has nothing against it.
    Raises TrainingError when it has, or when the batches do not fit the device's memory together;
    DataError when there is nothing to make a batch of.
    """
    reason = why_apart(encoders, configs)
    if reason:
        raise TrainingError(f"the adapters cannot train together: {reason}; train them apart")
    order = _by_rank(encoders)
    encoders, configs = [encoders[k] for k in order], [configs[k] for k in order]
    modules = [encoder.module for encoder in encoders]
    try:
        with grouped(modules) as module:
            trainer = JointTrainer(module, encoders, train, configs, validation, caches)
            with trainer.computing():
                for place, event in _steps(trainer, should_stop):
                    yield order[place], event
    finally:
        for module in modules:
            module.eval()


def _by_rank(encoders: Sequence[Encoder]) -> list[int]:
    """Their numbers, like ranks side by side: buckets hold neighbours, and pad to the largest."""
    adapters = [find_lora_layers(encoder.module).values() for encoder in encoders]
    ranks = [[layer.r for layer in layers] for layers in adapters]
    return sorted(range(len(encoders)), key=ranks.__getitem__)


def _steps(trainer: JointTrainer, should_stop: Callable[[], bool]) -> Iterator[Event]:
    began = time.perf_counter()
    learning = dict(enumerate(trainer.learners))
    for epoch, batch, ends_epoch in _planned(trainer.plan):
        numbers = trainer.step(batch)
        held_out = trainer.validation_losses() if ends_epoch else [None] * len(numbers)
        seconds = time.perf_counter() - began
        yield from _take_ended(learning)
        for k in learning:
            step = TrainStep(
                step=trainer.done,
                steps=trainer.steps,
                epoch=epoch,
                **numbers[k]._asdict(),
                seconds=seconds,
                seconds_left=seconds / trainer.done * (trainer.steps - trainer.done),
                validation_loss=held_out[k],
            )
            yield k, step
        if should_stop() or not learning:
            break
    trainer.check_last(batch)
    yield from _take_ended(learning)


def _planned(plan: Sequence[Sequence[list[int]]]) -> Iterator[tuple[int, list[int], bool]]:
    """(epoch from 1, batch, whether it is the epoch's last)."""
    for epoch, batches in enumerate(plan, start=1):
        for position, batch in enumerate(batches, start=1):
            yield epoch, batch, position == len(batches)


def _take_ended(learning: dict[int, Learner]) -> Iterator[Event]:
    """The errors of those that have ended, each once."""
    for k, learner in list(learning.items()):
        if learner.error is not None:
            del learning[k]
            yield k, learner.error
