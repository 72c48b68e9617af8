"""A run's own stream of random numbers.

Dropout draws from torch's global generators. A generator that yields between steps gives
whoever consumes it the chance to draw from them too; keeping the state per run makes the same
seed give the same adapter whatever happens in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

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
        """Within it, torch draws from this stream; outside, from where it was."""
        with torch.random.fork_rng(self._cuda):
            torch.set_rng_state(self._cpu_state)
            for state, device in zip(self._cuda_states, self._cuda, strict=True):
                torch.cuda.set_rng_state(state, device)
            try:
                yield
            finally:
                self._take()
