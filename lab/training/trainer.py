"""One run's moving parts: the plan of its batches, and a single training step that is checked.

Knows nothing about LoRA, about when to stop, or about who is told.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from typing import Any, NamedTuple, TypeVar

import numpy as np
import torch
from torch import Tensor

from lab.config import TrainConfig
from lab.data.batches import pair_lengths, unique_batches
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.errors import DataError, DistributedError, TrainingError
from lab.memory import is_out_of_memory
from lab.training.batch_steps import BatchSteps
from lab.training.caches import Caches
from lab.training.device import choose_precision
from lab.training.embedder import Embedder
from lab.training.frozen_weights import kept_in_bf16
from lab.training.memory_need import fit_batch
from lab.training.rng import RandomStream
from lab.training.schedule import warmup_cosine
from lab.training.soundness import Soundness
from lab.training.update import Update
from lab.training.world import ALONE, World

T = TypeVar("T")


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
    micro_batch_size: of the settings, or fewer where the memory did not suffice.
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
        self.micro_batch_size = self._fit_batch()
        embed = Embedder(encoder, self.precision, self.micro_batch_size, caches)
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
        """One update; in smaller chunks, by gradient caching, where the memory does not suffice.

        Raises TrainingError when the loss or the gradient is not finite, with the parameters
        put back to where the loss last was; and when there is no memory for a single pair.
        """
        share = warmup_cosine(self.done, self.steps, self.config.warmup_fraction)
        self.update.set_rate(share)
        if not self.encoder.module.training:
            self.encoder.module.train()
        self._soundness.begin_step()
        numbers = self._fitting(batch, lambda: self._learn(batch))
        self._fitting(batch, self.batch_steps.prepare_next)
        # The step's only wait for the device, which until here works while Python goes on.
        loss, grad_norm, temperature = self.world.agree(numbers.tolist())
        self._soundness.end_step(loss, grad_norm)
        return StepNumbers(loss, grad_norm, temperature, self.config.learning_rate * share)

    def _learn(self, batch: list[int]) -> Tensor:
        with self.random.active():
            return self.batch_steps(batch)

    def _loss(self, pairs: PairDataset, batch: list[int]) -> Tensor:
        embed = self.batch_steps.embed
        return self.update.loss(*self._fitting(batch, lambda: embed(pairs, batch)))

    def _fitting(self, batch: list[int], compute: Callable[[], T]) -> T:
        """What `compute` answers, asked again for as long as smaller chunks are left to try."""
        while True:
            try:
                return compute()
            except (RuntimeError, MemoryError) as error:
                if not is_out_of_memory(error):
                    raise
            # Not in the handler, where the error still holds all that its frames had made.
            self._shrink(batch)

    def _fit_batch(self) -> int | None:
        if self.world.size > 1:  # they share a machine's memory, and cannot ask each for themselves
            return self.config.micro_batch_size
        size = fit_batch(self.encoder, self.train, self.config)
        if size == 0:
            raise TrainingError(self._describe_memory(self.config.batch_size, 1))
        return size

    def _shrink(self, batch: list[int]) -> None:
        share = len(self.world.share(batch))
        size = min(share, self.micro_batch_size or share)
        if self.world.size > 1:
            # The others wait for its embeddings, and cannot be told: the run ends for all.
            raise DistributedError(self._describe_memory(len(batch), size))
        # Half a step cannot be taken again.
        if size == 1 or self.update.is_descending:
            raise TrainingError(self._describe_memory(len(batch), size))
        self.micro_batch_size = size // 2
        self.batch_steps.shrink(self.micro_batch_size)

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

    def state_dict(self) -> dict[str, Any]:
        """Between two steps (see lab.training.checkpoint)."""
        return {
            "update": self.update.state_dict(),
            "buffers": {name: buffer.clone() for name, buffer in self._buffers().items()},
            "random": self.random.state_dict(),
            "soundness": self._soundness.state_dict(),
            "micro_batch_size": self.micro_batch_size,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """As if the steps until then had been taken."""
        if state["micro_batch_size"] != self.micro_batch_size:
            self.micro_batch_size = state["micro_batch_size"]
            self.batch_steps.shrink(self.micro_batch_size)
        self.encoder.module.train()
        with self.random.active():
            self.batch_steps.skip(state["soundness"]["done"])
        for name, buffer in self._buffers().items():
            if not torch.equal(buffer, state["buffers"][name].to(buffer)):  # a frozen one is shared
                buffer.copy_(state["buffers"][name])
        self.update.load_state_dict(state["update"])
        self.random.load_state_dict(state["random"])
        self._soundness.load_state_dict(state["soundness"])

    def _buffers(self) -> dict[str, Tensor]:
        """Running statistics, of norms that train along, say."""
        module = self.encoder.module
        parameters = {name for name, _ in module.named_parameters(remove_duplicate=False)}
        return {n: tensor for n, tensor in module.state_dict().items() if n not in parameters}

    def _describe_memory(self, count: int, size: int) -> str:
        is_kept = self.done and self.world.size == 1
        kept = ", and the last good adapter is kept" if is_kept else ""
        if size == 1:
            return (
                f"the device ran out of memory with one pair of a batch of {count} in it{kept}; "
                "choose a smaller model or a lower r, or lower the batch size"
            )
        return (
            f"the device ran out of memory with {size} pairs of a batch of {count} in it{kept}; "
            f"set micro_batch_size to {size // 2} (the same training in less memory), or "
            "lower the batch size"
        )
