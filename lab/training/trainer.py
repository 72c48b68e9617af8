"""One run's moving parts: the plan of its batches, the optimizer, and a single training step.

Knows nothing about LoRA, about when to stop, or about who is told.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor, nn

from lab.config import TrainConfig
from lab.data.batches import unique_batches
from lab.data.dataset import PairDataset
from lab.encoders.base import Encoder
from lab.errors import TrainingError
from lab.training.device import autocast
from lab.training.inputs import InputPipeline
from lab.training.losses import info_nce
from lab.training.rng import RandomStream
from lab.training.schedule import warmup_cosine

MIN_TEMPERATURE = 0.01  # CLIP clips its logit scale at 100 (Radford et al. 2021, section 2.5)


def plan_batches(train: PairDataset, config: TrainConfig) -> list[list[list[int]]]:
    """The pairs of every batch of every epoch, so that the number of steps is known ahead."""
    generator = np.random.default_rng(config.seed)
    a_keys, b_keys = train.a_keys, train.b_keys
    return [
        list(unique_batches(a_keys, b_keys, config.batch_size, generator))
        for _ in range(config.epochs)
    ]


class Trainer:
    """Trains the trainable parameters of an encoder's module, one batch at a time."""

    def __init__(self, encoder: Encoder, train: PairDataset, config: TrainConfig) -> None:
        self.encoder, self.train, self.config = encoder, train, config
        self.device = next(encoder.module.parameters()).device
        self.plan = plan_batches(train, config)
        self.steps = sum(len(batches) for batches in self.plan)
        self.done = 0
        self.inputs = InputPipeline(encoder, self.device)
        self.random = RandomStream(config.seed)
        self.log_temperature = nn.Parameter(
            torch.tensor(math.log(config.temperature), device=self.device),
            requires_grad=config.learn_temperature,
        )
        adapted = [p for p in encoder.module.parameters() if p.requires_grad]
        self.parameters = [*adapted, self.log_temperature]
        if not adapted:
            raise TrainingError("no parameter is trainable; apply LoRA to the model first")
        self.optimizer = self._make_optimizer(adapted)

    def _make_optimizer(self, adapted: list[Tensor]) -> torch.optim.Optimizer:
        groups = [
            {"params": adapted, "weight_decay": self.config.weight_decay},
            {"params": [self.log_temperature], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(groups, lr=self.config.learning_rate)

    def temperature(self) -> Tensor:
        return self.log_temperature.exp().clamp(min=min(MIN_TEMPERATURE, self.config.temperature))

    def loss(self, pairs: PairDataset, batch: list[int]) -> Tensor:
        a_inputs = self.inputs([pairs.pairs[i].a for i in batch], "a")
        b_inputs = self.inputs([pairs.pairs[i].b for i in batch], "b")
        with autocast(self.device, self.config.precision):
            a = self.encoder.embed(a_inputs, "a")  # (B, D)
            b = self.encoder.embed(b_inputs, "b")  # (B, D)
        return info_nce(a, b, self.temperature())

    def step(self, batch: list[int]) -> tuple[float, float, float]:
        """One update; -> loss, gradient norm, learning rate."""
        share = warmup_cosine(self.done, self.steps, self.config.warmup_fraction)
        rate = self.config.learning_rate * share
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        self.encoder.module.train()
        with self.random.active():
            loss = self.loss(self.train, batch)
            self._check_finite("loss", loss)
            self.optimizer.zero_grad(set_to_none=True)
            loss.backward()
        grad_norm = nn.utils.clip_grad_norm_(self.parameters, self.config.max_grad_norm)
        self._check_finite("gradient", grad_norm)
        self.optimizer.step()
        self.done += 1
        return loss.item(), grad_norm.item(), rate

    @torch.no_grad()
    def validation_loss(self, validation: PairDataset | None) -> float | None:
        """Mean InfoNCE over the held-aside pairs, in eval mode and fixed batches."""
        if validation is None:
            return None
        self.encoder.module.eval()
        size = self.config.batch_size
        batches = list(
            unique_batches(validation.a_keys, validation.b_keys, size, np.random.default_rng(0))
        )
        total = sum(self.loss(validation, batch).item() * len(batch) for batch in batches)
        return total / sum(len(batch) for batch in batches)

    def _check_finite(self, name: str, value: Tensor) -> None:
        if not torch.isfinite(value):
            raise TrainingError(
                f"the {name} became {value.item()} at step {self.done + 1} of {self.steps}; the "
                f"adapter of step {self.done} is kept. Lower the learning rate (it was "
                f"{self.config.learning_rate:g}) or alpha, or train in fp32."
            )
