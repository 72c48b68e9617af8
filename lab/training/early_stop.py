"""Ending a run when the validation loss no longer falls, with the best parameters put back."""

from __future__ import annotations

import math
from collections.abc import Sequence

from torch import Tensor

from lab.training.snapshot import Snapshot


class EarlyStop:
    """Remembers the parameters of the best epoch; inert when `patience` is None."""

    def __init__(self, parameters: Sequence[Tensor], patience: int | None) -> None:
        self._best = Snapshot(parameters)
        self._best_loss = math.inf
        self._patience = patience
        self._epochs_since = 0

    def note(self, validation_loss: float | None) -> None:
        """Take note of an epoch's validation loss, with the parameters as they are now."""
        if self._patience is None or validation_loss is None:
            return
        self._epochs_since += 1
        if validation_loss < self._best_loss:
            self._best_loss = validation_loss
            self._best.take()
            self._epochs_since = 0

    @property
    def is_due(self) -> bool:
        """Whether the best epoch is `patience` epochs ago."""
        return self._patience is not None and self._epochs_since >= self._patience

    def put_best_back(self) -> None:
        """Set the parameters to those of the best epoch, if one was noted."""
        self._best.put_back()
