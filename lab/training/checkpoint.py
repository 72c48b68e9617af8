"""What a run needs to go on where it was, as tensors and JSON: never pickle.

A part of a run that has a state says it as torch's optimizers do: `state_dict` and
`load_state_dict`. A state is nested mappings and lists whose leaves are tensors, numbers, texts
and None. Knows nothing about files.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from torch import Tensor

State = Mapping[str, Any]
TENSOR = "tensor"  # {"tensor": "trainer.parameters.0"} stands where that tensor was


class Checkpoints(Protocol):
    """Where a run's states go, and where a run that goes on finds the last of them."""

    def read(self) -> State | None:
        """The state to go on from; None: there is none."""

    def offer(self, make: Callable[[], State]) -> None:
        """A step has ended: keep the state that `make` gives, if it is time to."""

    def keep(self, make: Callable[[], State]) -> None:
        """Keep it whatever the time."""


def take_apart(state: Any, path: str = "") -> tuple[dict[str, Tensor], Any]:
    """A state as (its tensors by their places, all else as JSON has it).

    The tensors are the state's own, on their devices.
    """
    if isinstance(state, Tensor):
        return {path: state.detach()}, {TENSOR: path}
    if isinstance(state, Mapping):
        parts = {key: take_apart(value, f"{path}.{key}".strip(".")) for key, value in state.items()}
        return _all_tensors(parts.values()), {key: rest for key, (_, rest) in parts.items()}
    if isinstance(state, list | tuple):
        parts = [take_apart(value, f"{path}.{i}".strip(".")) for i, value in enumerate(state)]
        return _all_tensors(parts), [rest for _, rest in parts]
    return {}, state


def _all_tensors(parts: Any) -> dict[str, Tensor]:
    return {name: tensor for tensors, _ in parts for name, tensor in tensors.items()}


def put_together(tensors: Mapping[str, Tensor], rest: Any) -> Any:
    """The state that was taken apart. Raises KeyError when a tensor is not there."""
    if isinstance(rest, Mapping):
        if rest.keys() == {TENSOR}:
            return tensors[rest[TENSOR]]
        return {key: put_together(tensors, value) for key, value in rest.items()}
    if isinstance(rest, list):
        return [put_together(tensors, value) for value in rest]
    return rest
