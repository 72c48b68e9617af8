"""Batches in which nothing stands twice: a repeated text or picture would be a false negative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np


def unique_batches(
    a_keys: Sequence[str], b_keys: Sequence[str], batch_size: int, generator: np.random.Generator
) -> Iterator[list[int]]:
    """One epoch: pairs shuffled into batches, none holding the same key twice, on either side.

    Each pair goes into the earliest batch that has room and comes after all batches with one of
    its keys, so the last batches may be smaller where keys repeat a lot. A batch of one pair has
    no negatives and is left out of this epoch. Time is linear in the pairs however often a key
    repeats, but for the inverse Ackermann factor of `_OpenBatches`.
    """
    batches = _OpenBatches(batch_size)
    after: dict[str, int] = {}  # key -> the first batch that comes after all that hold it
    for i in generator.permutation(len(a_keys)).tolist():
        a, b = a_keys[i], b_keys[i]
        batch = batches.put(i, max(after.get(a, 0), after.get(b, 0)))
        after[a] = after[b] = batch + 1
    return (batch for batch in batches.filled if len(batch) > 1)


class _OpenBatches:
    """Batches being filled; finds the next one with room by a union-find over full ones."""

    def __init__(self, batch_size: int) -> None:
        self._size = batch_size
        self._next = [0]  # itself while there is room, else a later batch
        self.filled: list[list[int]] = []

    def put(self, pair: int, earliest: int) -> int:
        """Add a pair to the first batch with room from `earliest` on; -> that batch's number."""
        batch = self._find(earliest)
        if batch == len(self.filled):
            self.filled.append([])
            self._next.append(batch + 1)
        self.filled[batch].append(pair)
        if len(self.filled[batch]) == self._size:
            self._next[batch] = batch + 1
        return batch

    def _find(self, batch: int) -> int:
        while self._next[batch] != batch:
            self._next[batch] = self._next[self._next[batch]]
            batch = self._next[batch]
        return batch
