"""The training loop: a generator of plain records, one per optimizer step.

Knows nothing about LoRA (it trains whatever parameters ask for gradients), about files, or
about who consumes the records. Close the generator to stop; what was learned stays.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lab.config import TrainConfig
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.training.caches import Caches
from lab.training.early_stop import EarlyStop
from lab.training.trainer import Trainer
from lab.training.world import ALONE, World


@dataclass(frozen=True)
class TrainStep:
    """What one optimizer step did.

    step: from 1 to `steps`; epoch: from 1.
    loss: InfoNCE of the step's batch, before the update.
    learning_rate: of this step; grad_norm: before clipping; temperature: after the update.
    seconds: since training began; seconds_left: at the pace so far.
    validation_loss: at the last step of an epoch, if pairs were set aside for it.
    """

    step: int
    steps: int
    epoch: int
    loss: float
    learning_rate: float
    grad_norm: float
    temperature: float
    seconds: float
    seconds_left: float
    validation_loss: float | None = None


def finetune(
    encoder: Encoder,
    train: PairDataset,
    config: TrainConfig,
    *,
    validation: PairDataset | None = None,
    caches: Caches | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    world: World = ALONE,
) -> Iterator[TrainStep]:
    """Train the encoder's trainable parameters in place, yielding a TrainStep after each step.

    caches: what earlier runs over the same base and the same pairs have computed; None: an own one.
    world: the processes that take part, each with this call; all end after the same step, when the
    first would. Ends after config.epochs, when `should_stop` says so (asked after every step), past
    config.max_seconds, or when the validation loss has not improved for config.patience epochs.
    With a patience, the parameters are those of the best epoch however the run ended. The
    module is in eval mode afterwards.

    Raises TrainingError on a non-finite loss or gradient, with the parameters of the last step
    whose loss was finite; DataError when there is nothing to make a batch of.
    """
    trainer = Trainer(encoder, train, config, validation, caches, world)
    early_stop = EarlyStop(trainer.parameters, config.patience)
    try:
        with trainer.computing():
            yield from _steps(trainer, early_stop, should_stop)
    finally:
        early_stop.put_best_back()
        encoder.module.eval()


def _steps(
    trainer: Trainer, early_stop: EarlyStop, should_stop: Callable[[], bool]
) -> Iterator[TrainStep]:
    """The steps of all epochs, or of as many as there are until something ends them."""
    longest = trainer.config.max_seconds
    began = time.perf_counter()
    for epoch, batches in enumerate(trainer.plan, start=1):
        for position, batch in enumerate(batches, start=1):
            numbers = trainer.step(batch)
            held_out = trainer.validation_loss() if position == len(batches) else None
            early_stop.note(held_out)
            seconds = time.perf_counter() - began
            yield TrainStep(
                step=trainer.done,
                steps=trainer.steps,
                epoch=epoch,
                **numbers._asdict(),
                seconds=seconds,
                seconds_left=seconds / trainer.done * (trainer.steps - trainer.done),
                validation_loss=held_out,
            )
            too_long = longest is not None and seconds > longest
            (ends,) = trainer.world.agree([should_stop() or too_long])
            if ends or early_stop.is_due:
                trainer.check_last(batch)
                return
    trainer.check_last(batch)
