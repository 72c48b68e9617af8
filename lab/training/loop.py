"""The training loop: a generator of plain records, one per optimizer step.

Knows nothing about LoRA (it trains whatever parameters ask for gradients), about files, or
about who consumes the records. Close the generator to stop; what was learned stays.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from lab.config import TrainConfig
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.training.caches import Caches
from lab.training.checkpoint import Checkpoints
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
    micro_batch_size: pairs in the network at once, where the memory did not suffice for as many
        as were asked for.
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
    micro_batch_size: int | None = None


def finetune(
    encoder: Encoder,
    train: PairDataset,
    config: TrainConfig,
    *,
    validation: PairDataset | None = None,
    caches: Caches | None = None,
    should_stop: Callable[[], bool] = lambda: False,
    world: World = ALONE,
    checkpoints: Checkpoints | None = None,
) -> Iterator[TrainStep]:
    """Train the encoder's trainable parameters in place, yielding a TrainStep after each step.

    caches: what earlier runs over the same base and the same pairs have computed; None: an own one.
    world: the processes that take part, each with this call; all end after the same step, when the
    first would. Ends after config.epochs, when `should_stop` says so (asked after every step), past
    config.max_seconds, or when the validation loss has not improved for config.patience epochs.
    checkpoints: where the run's states go. One that is there is gone on from: its steps are yielded
    again, at once, and the run ends as it would have ended, on a CPU bit for bit. (Of several
    processes none keeps any.)
    With a patience, the parameters are those of the best epoch however the run ended. The
    module is in eval mode afterwards.

    Raises TrainingError on a non-finite loss or gradient, with the parameters of the last step
    whose loss was finite; DataError when there is nothing to make a batch of.
    """
    trainer = Trainer(encoder, train, config, validation, caches, world)
    early_stop = EarlyStop(trainer.parameters, config.patience)
    try:
        with trainer.computing():
            yield from _Run(trainer, early_stop, checkpoints).steps(should_stop)
    finally:
        early_stop.put_best_back()
        encoder.module.eval()


class _Run:
    """A run from its first step, or from its last checkpoint, to its end."""

    def __init__(
        self, trainer: Trainer, early_stop: EarlyStop, checkpoints: Checkpoints | None
    ) -> None:
        self._trainer, self._early_stop = trainer, early_stop
        self._checkpoints = checkpoints if trainer.world.size == 1 else None
        self._lines: list[str] = []  # every step as JSON, for the checkpoints

    def steps(self, should_stop: Callable[[], bool]) -> Iterator[TrainStep]:
        """The steps of all epochs, or of as many as there are until something ends them."""
        trainer, early_stop = self._trainer, self._early_stop
        earlier = self._go_on()
        yield from earlier
        began = time.perf_counter() - (earlier[-1].seconds if earlier else 0.0)
        plan = _planned(trainer.plan)
        for epoch, batch, ends_epoch in plan[trainer.done :]:
            numbers = trainer.step(batch)
            held_out = trainer.validation_loss() if ends_epoch else None
            early_stop.note(held_out)
            seconds = time.perf_counter() - began
            micro = trainer.micro_batch_size
            step = TrainStep(
                step=trainer.done,
                steps=trainer.steps,
                epoch=epoch,
                **numbers._asdict(),
                seconds=seconds,
                seconds_left=seconds / trainer.done * (trainer.steps - trainer.done),
                validation_loss=held_out,
                micro_batch_size=micro if micro != trainer.config.micro_batch_size else None,
            )
            self._lines.append(json.dumps(vars(step)))
            yield step
            if self._ends(seconds, should_stop):
                break
        trainer.check_last(plan[trainer.done - 1][1])

    def _ends(self, seconds: float, should_stop: Callable[[], bool]) -> bool:
        """Whether the step was the last; if it was not, its state may be kept."""
        trainer, longest = self._trainer, self._trainer.config.max_seconds
        asked = should_stop()
        too_long = longest is not None and seconds > longest
        (ends,) = trainer.world.agree([asked or too_long])
        is_over = trainer.done == trainer.steps or self._early_stop.is_due
        if self._checkpoints is not None and not is_over:
            # What was asked to stop may be killed before it has saved what it has.
            keep = self._checkpoints.keep if asked else self._checkpoints.offer
            keep(self._state)
        return bool(ends) or self._early_stop.is_due

    def _state(self) -> dict[str, Any]:
        return {
            "steps": "\n".join(self._lines),
            "trainer": self._trainer.state_dict(),
            "early_stop": self._early_stop.state_dict(),
        }

    def _go_on(self) -> list[TrainStep]:
        """Be where the last checkpoint is; -> the steps until then."""
        state = self._checkpoints.read() if self._checkpoints is not None else None
        if state is None:
            return []
        self._trainer.load_state_dict(state["trainer"])
        self._early_stop.load_state_dict(state["early_stop"])
        self._lines = state["steps"].splitlines()
        return [TrainStep(**json.loads(line)) for line in self._lines]


def _planned(plan: Sequence[Sequence[list[int]]]) -> list[tuple[int, list[int], bool]]:
    """(epoch from 1, batch, whether it is the epoch's last)."""
    return [
        (epoch, batch, position == len(batches))
        for epoch, batches in enumerate(plan, start=1)
        for position, batch in enumerate(batches, start=1)
    ]
