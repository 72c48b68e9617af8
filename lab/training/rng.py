"""A run's own stream of random numbers.

Dropout draws from torch's global generators. A generator that yields between steps gives
whoever consumes it the chance to draw from them too; keeping the state per run makes the same
seed give the same adapter whatever happens in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch

CPU = torch.device("cpu")


class RandomStream:
    """The state of torch's generators, of the CPU and of one device, as one run sees it."""

    def __init__(self, seed: int, device: torch.device = CPU) -> None:
        # On another device the CPU draws too: first weights, seeds, whatever is made there.
        self._cuda = [device] if device.type == "cuda" else []
        with torch.random.fork_rng(self._cuda):
            torch.manual_seed(seed)
            self._take()

    def _take(self) -> None:
        self._cpu_state = torch.get_rng_state()
        self._cuda_states = [torch.cuda.get_rng_state(device) for device in self._cuda]

    @contextmanager
    def active(self) -> Iterator[None]:
        """Within it, torch draws from this stream; outside, from where it was.

        What breaks off has drawn nothing: tried again, it draws the same.
        """
        with torch.random.fork_rng(self._cuda):
            torch.set_rng_state(self._cpu_state)
            for state, device in zip(self._cuda_states, self._cuda, strict=True):
                torch.cuda.set_rng_state(state, device)
            yield
            self._take()

    def state_dict(self) -> dict[str, Any]:
        """What is drawn next depends on it alone (see lab.training.checkpoint)."""
        return {"cpu": self._cpu_state, "cuda": self._cuda_states}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Draw from there on; a device that the state says nothing of goes on as it is."""
        self._cpu_state = state["cpu"].cpu()
        if len(state["cuda"]) == len(self._cuda):
            self._cuda_states = [one.cpu() for one in state["cuda"]]
