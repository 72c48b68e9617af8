"""One run's moving parts: the plan of its batches, the optimizer, and a single training step.

Of LoRA it knows the rates that LoRA+ gives its factors; nothing about when to stop, or about who
is told.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from lab.config import TrainConfig
from lab.data.batches import pair_lengths, unique_batches
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.errors import DataError, TrainingError
from lab.lora import loraplus_groups
from lab.training.embedder import Embedder
from lab.training.losses import info_nce
from lab.training.rng import RandomStream
from lab.training.schedule import warmup_cosine
from lab.training.snapshot import Snapshot

MIN_TEMPERATURE = 0.01  # CLIP clips its logit scale at 100 (Radford et al. 2021, section 2.5)


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
    """Trains the trainable parameters of an encoder's module, one batch at a time."""

    def __init__(
        self,
        encoder: Encoder,
        train: PairDataset,
        config: TrainConfig,
        validation: PairDataset | None = None,
    ) -> None:
        self.encoder, self.train, self.config = encoder, train, config
        self.device = next(encoder.module.parameters()).device
        self.plan = plan_batches(
            train, config.batch_size, config.epochs, config.seed, config.group_by_length
        )
        self.steps = sum(len(batches) for batches in self.plan)
        self.done = 0
        self._validation = validation
        if validation is not None:
            # Fixed batches: the loss depends on them, and epochs are compared.
            self._validation_batches = plan_batches(validation, config.batch_size, 1, 0)[0]
        self._embed = Embedder(encoder, config.precision, config.micro_batch_size)
        self.random = RandomStream(config.seed)
        self.log_temperature = nn.Parameter(
            torch.tensor(math.log(config.temperature), device=self.device),
            requires_grad=config.learn_temperature,
        )
        adapted = [p for p in encoder.module.parameters() if p.requires_grad]
        if not adapted:
            raise TrainingError("no parameter is trainable; apply LoRA to the model first")
        self.parameters = [*adapted, self.log_temperature]
        # A step's loss is that of the parameters before it. If it is not finite, the last that
        # are known to be sound are those before the step before.
        self._sound, self._before = Snapshot(self.parameters), Snapshot(self.parameters)
        self._before.take()
        self.optimizer = self._make_optimizer(adapted)

    def _make_optimizer(self, adapted: list[Tensor]) -> torch.optim.Optimizer:
        rate, ratio = self.config.learning_rate, self.config.loraplus_ratio
        groups = [{"params": adapted, "lr": rate, "weight_decay": self.config.weight_decay}]
        if ratio != 1:
            decay = self.config.weight_decay
            groups = loraplus_groups(self.encoder.module, rate, ratio, weight_decay=decay)
        groups.append({"params": [self.log_temperature], "lr": rate, "weight_decay": 0.0})
        return torch.optim.AdamW([{**group, "peak": group["lr"]} for group in groups])

    def temperature(self) -> Tensor:
        """A scalar; with a gradient if it is learned."""
        return self.log_temperature.exp()

    def step(self, batch: list[int]) -> StepNumbers:
        """One update.

        Raises TrainingError when the loss or the gradient is not finite, with the parameters
        put back to where the loss last was.
        """
        share = warmup_cosine(self.done, self.steps, self.config.warmup_fraction)
        rate = self.config.learning_rate * share
        for group in self.optimizer.param_groups:
            group["lr"] = group["peak"] * share
        self.encoder.module.train()
        try:
            numbers = self._update(batch)
        except torch.OutOfMemoryError:
            size = min(len(batch), self.config.micro_batch_size or len(batch))
            raise TrainingError(
                f"the device ran out of memory with {size} pairs of a batch of {len(batch)} in it"
                f"{self._kept()}; set micro_batch_size to {max(1, size // 2)} (the same training "
                "in less memory), or lower the batch size"
            ) from None
        # The step's only wait for the device, which until here works while Python goes on.
        loss, grad_norm, temperature = numbers.tolist()
        self._check_finite("loss", loss, self._sound)
        self._check_finite("gradient", grad_norm, self._before)
        self.done += 1
        return StepNumbers(loss, grad_norm, temperature, rate)

    def _update(self, batch: list[int]) -> Tensor:
        """-> loss, gradient norm and temperature (3,), of which nobody has looked at any."""
        self._sound, self._before = self._before, self._sound
        self._before.take()
        with self.random.active():
            loss = self._loss(self.train, batch)
            self._check_trainable(loss)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
        grad_norm = nn.utils.clip_grad_norm_(self.parameters, self.config.max_grad_norm)
        self.optimizer.step()
        self._limit_temperature()
        return torch.stack([loss.detach(), grad_norm, self.temperature().detach()])

    def _loss(self, pairs: PairDataset, batch: list[int]) -> Tensor:
        a = self._embed(pairs, batch, "a")  # (B, D)
        b = self._embed(pairs, batch, "b")  # (B, D)
        return info_nce(a, b, self.temperature())

    @torch.no_grad()
    def _limit_temperature(self) -> None:
        """On the parameter itself: a limit in the forward pass would have no gradient beyond it,
        and the temperature would never come back."""
        if self.config.learn_temperature:
            lowest = min(MIN_TEMPERATURE, self.config.temperature)
            self.log_temperature.clamp_(min=math.log(lowest))

    @torch.no_grad()
    def validation_loss(self) -> float | None:
        """Mean InfoNCE over the held-aside pairs, in eval mode; None without such pairs."""
        if self._validation is None:
            return None
        self.encoder.module.eval()
        batches = self._validation_batches
        losses = [self._loss(self._validation, batch) * len(batch) for batch in batches]
        loss = (sum(losses) / sum(len(batch) for batch in batches)).item()
        self._check_finite("validation loss", loss, self._before)
        return loss

    @torch.no_grad()
    def check_last(self, batch: list[int]) -> None:
        """The last update, which no step came after: whether the loss is finite with it too."""
        self.encoder.module.eval()
        self._check_finite("loss", self._loss(self.train, batch).item(), self._before)

    def _check_trainable(self, loss: Tensor) -> None:
        if not loss.requires_grad:
            raise TrainingError(
                "no trainable parameter has a part in the embeddings; choose target_modules that "
                "they pass through"
            )

    def _check_finite(self, name: str, value: float, sound: Snapshot) -> None:
        if not math.isfinite(value):
            sound.put_back()
            raise TrainingError(
                f"the {name} became {value} after step {self.done} of {self.steps}"
                f"{self._kept()}; lower the learning rate (it was "
                f"{self.config.learning_rate:g}) or alpha, or train in fp32"
            )

    def _kept(self) -> str:
        return ", and the last good adapter is kept" if self.done else ""
