"""Parameters as they were at some moment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


class Snapshot:
    """A copy of some parameters' values, taken again and again into the same memory."""

    def __init__(self, parameters: Sequence[Tensor]) -> None:
        self._parameters = list(parameters)
        self._values: list[Tensor] = []

    @torch.no_grad()
    def take(self) -> None:
        """Keep the values of now."""
        if not self._values:
            self._values = [parameter.detach().clone() for parameter in self._parameters]
        torch._foreach_copy_(self._values, self._parameters)  # few launches for many tensors

    @torch.no_grad()
    def put_back(self) -> None:
        """Set the parameters to the values that were taken last, if any were."""
        if self._values:
            torch._foreach_copy_(self._parameters, self._values)

    def state_dict(self) -> dict[str, Any]:
        """The values that were taken last (see lab.training.checkpoint)."""
        return {"values": self._values}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """As if the values of `state` had been taken last."""
        pairs = zip(state["values"], self._parameters, strict=bool(state["values"]))
        self._values = [value.to(parameter.device, copy=True) for value, parameter in pairs]
