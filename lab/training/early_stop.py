"""Ending a run when the validation loss no longer falls, with the best parameters put back."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor


class EarlyStop:
    """Remembers the parameters of the best epoch; inert when `patience` is None."""

    def __init__(self, parameters: Sequence[Tensor], patience: int | None) -> None:
        self._parameters = parameters
        self._patience = patience
        self._best_loss = math.inf
        self._best: list[Tensor] | None = None
        self._epochs_since = 0

    def is_due(self, validation_loss: float | None) -> bool:
        """Take note of an epoch's validation loss; whether the run should end now."""
        if self._patience is None or validation_loss is None:
            return False
        if validation_loss < self._best_loss:
            self._best_loss = validation_loss
            self._best = [parameter.detach().clone() for parameter in self._parameters]
            self._epochs_since = 0
        else:
            self._epochs_since += 1
        return self._epochs_since >= self._patience

    @torch.no_grad()
    def put_best_back(self) -> None:
        """Set the parameters to those of the best epoch, if one was noted."""
        for parameter, best in zip(self._parameters, self._best or [], strict=False):
            parameter.copy_(best)
