"""One optimizer step on the embeddings of a batch: loss, gradients, clipping, AdamW.

Knows nothing about pairs or encoders. It waits for no number, so that a CUDA graph can hold it.
Letters: B batch, D embedding.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from lab.config import TrainConfig
from lab.errors import TrainingError
from lab.lora import loraplus_groups
from lab.training.losses import info_nce
from lab.training.world import ALONE, World

MIN_TEMPERATURE = 0.01  # CLIP clips its logit scale at 100 (Radford et al. 2021, section 2.5)


class Update:
    """The trainable parameters of a module, the temperature, and their optimizer.

    is_descending: whether a step has begun to change the parameters, and has not ended.
    world: the processes that each take a share of the embeddings' gradients to the parameters.
    Raises TrainingError when the module has no trainable parameter.
    """

    def __init__(self, module: nn.Module, config: TrainConfig, world: World = ALONE) -> None:
        self._config, self._world = config, world
        self.is_descending = False
        self._device = next(module.parameters()).device
        self.log_temperature = nn.Parameter(
            torch.tensor(math.log(config.temperature), device=self._device),
            requires_grad=config.learn_temperature,
        )
        adapted = [p for p in module.parameters() if p.requires_grad]
        if not adapted:
            raise TrainingError("no parameter is trainable; apply LoRA to the model first")
        self.parameters = [*adapted, self.log_temperature]
        self.optimizer = self._make_optimizer(module, adapted)

    def _make_optimizer(
        self, module: nn.Module, adapted: Sequence[Tensor]
    ) -> torch.optim.Optimizer:
        rate, ratio = self._config.learning_rate, self._config.loraplus_ratio
        decay = self._config.weight_decay
        groups = [{"params": adapted, "lr": rate, "weight_decay": decay}]
        if ratio != 1:
            groups = loraplus_groups(module, rate, ratio, weight_decay=decay)
        groups.append({"params": [self.log_temperature], "lr": rate, "weight_decay": 0.0})
        groups = [{**group, "peak": group["lr"], "lr": self._rate(group["lr"])} for group in groups]
        if self._device.type == "cuda":
            return torch.optim.AdamW(groups, fused=True, capturable=True)
        return torch.optim.AdamW(groups)

    def _rate(self, rate: float) -> float | Tensor:
        # A graph reads the rate from memory; as a number it would stay what it was at capture.
        return torch.tensor(rate, device=self._device) if self._device.type == "cuda" else rate

    def set_rate(self, share: float) -> None:
        """Every group learns at this share of its own peak from now on."""
        for group in self.optimizer.param_groups:
            if isinstance(group["lr"], Tensor):
                group["lr"].fill_(group["peak"] * share)
            else:
                group["lr"] = group["peak"] * share

    def temperature(self) -> Tensor:
        """A scalar; with a gradient if it is learned."""
        return self.log_temperature.exp()

    def loss(self, a: Tensor, b: Tensor) -> Tensor:
        """InfoNCE of a batch's embeddings (B, D) at the temperature of now."""
        return info_nce(a, b, self.temperature())

    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        """Embeddings (B, D) -> loss, gradient norm before clipping, temperature after: (3,).

        Raises TrainingError when no gradient leads to them.
        """
        loss = self.loss(a, b)
        self.optimizer.zero_grad(set_to_none=True)
        pass_back(loss)
        self._add_up_shares()
        grad_norm = self.descend()
        return torch.stack([loss.detach(), grad_norm, self.temperature().detach()])

    def _add_up_shares(self) -> None:
        gradients = [p.grad for p in self.parameters if p.grad is not None]
        if self._world.size > 1 and self.log_temperature.grad is not None:
            # It comes from the loss itself, which every process has whole.
            self.log_temperature.grad /= self._world.size
        self._world.add_up(gradients)

    def descend(self) -> Tensor:
        """One step along the gradients that there are; -> their norm before clipping."""
        grad_norm = nn.utils.clip_grad_norm_(self.parameters, self._config.max_grad_norm)
        self.is_descending = True
        self.optimizer.step()
        self._limit_temperature()
        self.is_descending = False
        return grad_norm

    def state_dict(self) -> dict[str, Any]:
        """All that the next step depends on (see lab.training.checkpoint)."""
        moments = self.optimizer.state_dict()["state"]
        return {
            "parameters": list(self.parameters),
            "moments": {str(index): state for index, state in moments.items()},
        }

    @torch.no_grad()
    def load_state_dict(self, state: dict[str, Any]) -> None:
        """As if the steps until then had been taken."""
        for own, value in zip(self.parameters, state["parameters"], strict=True):
            own.copy_(value)
        moments = {int(index): value for index, value in state["moments"].items()}
        groups = self.optimizer.state_dict()["param_groups"]
        self.optimizer.load_state_dict({"state": moments, "param_groups": groups})

    @torch.no_grad()
    def _limit_temperature(self) -> None:
        """On the parameter itself: a limit in the forward pass would have no gradient beyond it,
        and the temperature would never come back."""
        if self._config.learn_temperature:
            lowest = min(MIN_TEMPERATURE, self._config.temperature)
            self.log_temperature.clamp_(min=math.log(lowest))


def pass_back(loss: Tensor) -> None:
    """Gradients of a scalar loss for every parameter that it depends on.

    Raises TrainingError when it depends on none.
    """
    if not loss.requires_grad:
        raise TrainingError(
            "no trainable parameter has a part in the embeddings; choose target_modules that "
            "they pass through"
        )
    loss.backward()
