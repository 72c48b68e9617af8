"""One run's moving parts: the plan of its batches, and a single training step that is checked.

Knows nothing about LoRA, about when to stop, or about who is told.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from lab.config import TrainConfig
from lab.data.batches import pair_lengths, unique_batches
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.errors import DataError, DistributedError, TrainingError
from lab.training.batch_steps import BatchSteps
from lab.training.caches import Caches
from lab.training.device import choose_precision
from lab.training.embedder import Embedder
from lab.training.frozen_weights import kept_in_bf16
from lab.training.rng import RandomStream
from lab.training.schedule import warmup_cosine
from lab.training.soundness import Soundness
from lab.training.update import Update
from lab.training.world import ALONE, World


def plan_batches(
    pairs: PairDataset, batch_size: int, epochs: int, seed: int, group_by_length: bool = False
) -> list[list]:
    """The indices of every batch of every epoch, so that the number of steps is known ahead.

    Raises DataError when no two pairs can share a batch.
    """
    generator = np.random.default_rng(seed)
    keys = pairs.a_keys, pairs.b_keys
    lengths = pair_lengths(pairs) if group_by_length else None
    plan = [list(unique_batches(*keys, batch_size, generator, lengths)) for _ in range(epochs)]
    if not all(plan):
        raise DataError(
            f"{len(pairs)} pairs with no two different ones cannot make a batch, whose other "
            "pairs are each pair's negatives; add pairs, or hold fewer of them out"
        )
    return plan


class StepNumbers(NamedTuple):
    """What a step came to; lab.training.loop.TrainStep says what each is."""

    loss: float
    grad_norm: float
    temperature: float
    learning_rate: float


class Trainer:
    """Trains the trainable parameters of an encoder's module, one batch at a time.

    world: the processes that train it together; each takes the same steps.
    """

    def __init__(
        self,
        encoder: Encoder,
        train: PairDataset,
        config: TrainConfig,
        validation: PairDataset | None = None,
        caches: Caches | None = None,
        world: World = ALONE,
    ) -> None:
        self.encoder, self.train, self.config = encoder, train, config
        self.world = world
        self.plan = plan_batches(
            train, config.batch_size, config.epochs, config.seed, config.group_by_length
        )
        batches = [batch for batches in self.plan for batch in batches]
        self.steps = len(batches)
        self._validation = validation
        if validation is not None:
            # Fixed batches: the loss depends on them, and epochs are compared.
            self._validation_batches = plan_batches(validation, config.batch_size, 1, 0)[0]
        self.precision = choose_precision(config.precision, encoder.module)
        self.update = Update(encoder.module, config, world)
        self.parameters = self.update.parameters
        world.copy_first(self.parameters)
        self._soundness = Soundness(self.parameters, self.steps, config.learning_rate)
        device = next(encoder.module.parameters()).device
        self.random = RandomStream(config.draws_from + world.rank, device)  # dropout of its own
        embed = Embedder(encoder, self.precision, config.micro_batch_size, caches)
        self.batch_steps = BatchSteps(embed, train, batches, self.update, device, world)

    @property
    def done(self) -> int:
        """Steps taken so far."""
        return self._soundness.done

    def computing(self) -> AbstractContextManager:
        """Training within it is faster, and the same: weights lie in the precision of the run."""
        if self.precision == "bf16":
            return kept_in_bf16(self.encoder.module)
        return nullcontext()

    def step(self, batch: list[int]) -> StepNumbers:
        """One update.

        Raises TrainingError when the loss or the gradient is not finite, with the parameters
        put back to where the loss last was.
        """
        share = warmup_cosine(self.done, self.steps, self.config.warmup_fraction)
        self.update.set_rate(share)
        if not self.encoder.module.training:
            self.encoder.module.train()
        self._soundness.begin_step()
        try:
            with self.random.active():
                numbers = self.batch_steps(batch)
            self.batch_steps.prepare_next()
        except torch.OutOfMemoryError:
            told = self._describe_memory(batch)
            if self.world.size > 1:
                # The others wait for its embeddings, and cannot be told: the run ends for all.
                raise DistributedError(told) from None
            raise TrainingError(told) from None
        # The step's only wait for the device, which until here works while Python goes on.
        loss, grad_norm, temperature = self.world.agree(numbers.tolist())
        self._soundness.end_step(loss, grad_norm)
        return StepNumbers(loss, grad_norm, temperature, self.config.learning_rate * share)

    def _loss(self, pairs: PairDataset, batch: list[int]) -> Tensor:
        return self.update.loss(*self.batch_steps.embed(pairs, batch))

    @torch.no_grad()
    def validation_loss(self) -> float | None:
        """Mean InfoNCE over the held-aside pairs, in eval mode; None without such pairs."""
        if self._validation is None:
            return None
        self.encoder.module.eval()
        batches = self._validation_batches
        losses = [self._loss(self._validation, batch) * len(batch) for batch in batches]
        mean = (sum(losses) / sum(len(batch) for batch in batches)).item()
        (loss,) = self.world.agree([mean])
        self._soundness.check_validation(loss)
        return loss

    @torch.no_grad()
    def check_last(self, batch: list[int]) -> None:
        """The last update, which no step came after: whether the loss is finite with it too."""
        self.encoder.module.eval()
        (loss,) = self.world.agree([self._loss(self.train, batch).item()])
        self._soundness.check_last(loss)

    def _describe_memory(self, batch: list[int]) -> str:
        count, share = len(batch), len(self.world.share(batch))
        size = min(share, self.config.micro_batch_size or share)
        is_kept = self.done and self.world.size == 1
        kept = ", and the last good adapter is kept" if is_kept else ""
        return (
            f"the device ran out of memory with {size} pairs of a batch of {count} in it{kept}; "
            f"set micro_batch_size to {max(1, size // 2)} (the same training in less memory), or "
            "lower the batch size"
        )
