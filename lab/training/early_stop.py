"""Ending a run when the validation loss no longer falls, with the best parameters put back."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

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

    def state_dict(self) -> dict[str, Any]:
        """The best epoch so far (see lab.training.checkpoint)."""
        loss = self._best_loss if math.isfinite(self._best_loss) else None  # JSON has no infinity
        return {"best": self._best.state_dict(), "loss": loss, "since": self._epochs_since}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """As if every epoch until then had been noted."""
        self._best.load_state_dict(state["best"])
        self._best_loss = math.inf if state["loss"] is None else state["loss"]
        self._epochs_since = state["since"]
