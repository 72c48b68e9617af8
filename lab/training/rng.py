"""A run's own stream of random numbers.

Dropout draws from torch's global generator. A generator that yields between steps gives
whoever consumes it the chance to draw from it too; keeping the state per run makes the same
seed give the same adapter whatever happens in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch


class RandomStream:
    """The state of torch's generators, as one run sees it."""

    def __init__(self, seed: int) -> None:
        with torch.random.fork_rng():
            torch.manual_seed(seed)
            self._take()

    def _take(self) -> None:
        self._cpu = torch.get_rng_state()
        self._cuda = torch.cuda.get_rng_state_all() if torch.cuda.is_available() else []

    @contextmanager
    def active(self) -> Iterator[None]:
        """Within it, torch draws from this stream; outside, from where it was."""
        with torch.random.fork_rng():
            torch.set_rng_state(self._cpu)
            if self._cuda:
                torch.cuda.set_rng_state_all(self._cuda)
            try:
                yield
            finally:
                self._take()
