"""Several runs' moving parts in one: a single step of all their adapters, each checked by itself.

What lab.training.trainer is for one. The network draws and mixes nothing (lab.training.eligible),
so that it answers in train mode as in eval mode.
Letters: K adapters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext

import torch
from torch import Tensor, nn

from lab.config import TrainConfig
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.errors import TrainingError
from lab.memory import is_out_of_memory
from lab.training.batch_steps import BatchSteps
from lab.training.caches import Caches
from lab.training.device import choose_precision
from lab.training.frozen_weights import kept_in_bf16
from lab.training.grouped_update import GroupedUpdate
from lab.training.schedule import warmup_cosine
from lab.training.snapshot import Snapshot
from lab.training.soundness import Soundness
from lab.training.stacked import StackedEmbedder
from lab.training.trainer import StepNumbers, plan_batches
from lab.training.update import Update


class Learner:
    """One adapter among others.

    error: why it ended before them. From then on, what a step makes of its parameters is undone;
    the others' steps do not depend on it.
    """

    def __init__(self, encoder: Encoder, config: TrainConfig, steps: int) -> None:
        self._module, self._config, self._steps = encoder.module, config, steps
        self.update = Update(encoder.module, config)
        self._soundness = Soundness(self.update.parameters, steps, config.learning_rate)
        self._last = Snapshot(self.update.parameters)
        self.error: TrainingError | None = None

    def begin_step(self, done: int) -> None:
        """Sets its rate and keeps its parameters, `done` steps after the first."""
        self._share = warmup_cosine(done, self._steps, self._config.warmup_fraction)
        self.update.set_rate(self._share)
        if not self._module.training:
            self._module.train()  # a merged weight would be that of an earlier step
        self._soundness.begin_step()

    def end_step(self, loss: float, grad_norm: float, temperature: float) -> StepNumbers:
        """What the step came to, if it is sound."""
        self._look(lambda: self._soundness.end_step(loss, grad_norm))
        rate = self._config.learning_rate * self._share
        return StepNumbers(loss, grad_norm, temperature, rate)

    def check_validation(self, loss: float) -> float:
        """The validation loss, if it is sound."""
        self._look(lambda: self._soundness.check_validation(loss))
        return loss

    def check_last(self, loss: float) -> None:
        """The loss that no step comes after."""
        self._look(lambda: self._soundness.check_last(loss))

    def _look(self, check: Callable[[], None]) -> None:
        if self.error is not None:
            self._last.put_back()
            return
        try:
            check()
        except TrainingError as error:
            self.error = error
            self._last.take()


class JointTrainer:
    """Trains the adapters of K encoders through one module that carries them all.

    module: of lab.lora.grouped, over the encoders' own.
    """

    def __init__(
        self,
        module: nn.Module,
        encoders: Sequence[Encoder],
        train: PairDataset,
        configs: Sequence[TrainConfig],
        validation: PairDataset | None = None,
        caches: Caches | None = None,
    ) -> None:
        config = configs[0]
        self._module, self._train, self._validation = module.train(), train, validation
        self.plan = plan_batches(
            train, config.batch_size, config.epochs, config.seed, config.group_by_length
        )
        batches = [batch for batches in self.plan for batch in batches]
        self.steps, self.done = len(batches), 0
        if validation is not None:
            self._validation_batches = plan_batches(validation, config.batch_size, 1, 0)[0]
        self.precision = choose_precision(config.precision, encoders[0].module)
        self.learners = [
            Learner(encoder, config, self.steps)
            for encoder, config in zip(encoders, configs, strict=True)
        ]
        self._update = GroupedUpdate([learner.update for learner in self.learners])
        embed = StackedEmbedder(
            encoders[0].with_module(module),
            self.precision,
            len(encoders),
            config.micro_batch_size,
            caches,
        )
        device = next(module.parameters()).device
        self.batch_steps = BatchSteps(embed, train, batches, self._update, device)

    def computing(self) -> AbstractContextManager:
        """As Trainer.computing."""
        return kept_in_bf16(self._module) if self.precision == "bf16" else nullcontext()

    def step(self, batch: list[int]) -> list[StepNumbers]:
        """One update of all; numbers count for those whose Learner has no error.

        Raises TrainingError when the batch does not fit the device's memory.
        """
        for learner in self.learners:
            learner.begin_step(self.done)
        try:
            numbers = self.batch_steps(batch)
            self.batch_steps.prepare_next()
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            raise TrainingError(
                f"the device ran out of memory with {len(batch)} pairs for each of "
                f"{len(self.learners)} adapters; train fewer together, or one after another"
            ) from None
        self.done += 1
        # The step's only wait for the device, which until here works while Python goes on.
        rows = numbers.tolist()
        return [learner.end_step(*row) for learner, row in zip(self.learners, rows, strict=True)]

    @torch.no_grad()
    def validation_losses(self) -> list[float | None]:
        """Each adapter's mean InfoNCE over the held-aside pairs; None without such pairs."""
        if self._validation is None:
            return [None] * len(self.learners)
        batches = self._validation_batches
        losses = sum(self._losses(self._validation, batch) * len(batch) for batch in batches)
        means = (losses / sum(len(batch) for batch in batches)).tolist()
        pairs = zip(self.learners, means, strict=True)
        return [learner.check_validation(loss) for learner, loss in pairs]

    @torch.no_grad()
    def check_last(self, batch: list[int]) -> None:
        """The last updates, which no step came after: whether the losses are finite with them."""
        losses = self._losses(self._train, batch).tolist()
        for learner, loss in zip(self.learners, losses, strict=True):
            learner.check_last(loss)

    def _losses(self, pairs: PairDataset, batch: list[int]) -> Tensor:
        return self._update.losses(*self.batch_steps.embed(pairs, batch))  # (K,)
