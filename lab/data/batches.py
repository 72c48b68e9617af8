"""Batches in which nothing stands twice: a repeated text or picture would be a false negative."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from lab.data.dataset import PairDataset
from lab.data.pair import Item

WINDOW = 8  # batches whose pairs are sorted by length: wide enough to pad little, still shuffled


def unique_batches(
    a_keys: Sequence[str],
    b_keys: Sequence[str],
    batch_size: int,
    generator: np.random.Generator,
    lengths: np.ndarray | None = None,
) -> Iterator[list[int]]:
    """One epoch: pairs shuffled into batches, none holding the same key twice, on either side.

    Each pair goes into the earliest batch that has room and comes after all batches with one of
    its keys, so the last batches may be smaller where keys repeat a lot. A batch of one pair has
    no negatives and is left out of this epoch. Time is linear in the pairs however often a key
    repeats, but for the inverse Ackermann factor of `_OpenBatches`.

    lengths: (N,) of each pair. With them a batch holds pairs of like length, which pad each
    other little: the shuffled order is sorted within windows of 8 batches, and the batches are
    then shuffled, or short ones would come first in every window.
    """
    order = generator.permutation(len(a_keys))  # (N,)
    if lengths is not None:
        order = _sort_in_windows(order, lengths, WINDOW * batch_size)
    batches = _OpenBatches(batch_size)
    after: dict[str, int] = {}  # key -> the first batch that comes after all that hold it
    for i in order.tolist():
        a, b = a_keys[i], b_keys[i]
        batch = batches.put(i, max(after.get(a, 0), after.get(b, 0)))
        after[a] = after[b] = batch + 1
    if lengths is not None:
        generator.shuffle(batches.filled)
    return (batch for batch in batches.filled if len(batch) > 1)


def _sort_in_windows(order: np.ndarray, lengths: np.ndarray, window: int) -> np.ndarray:
    starts = range(0, len(order), window)
    parts = [order[start : start + window] for start in starts]
    return np.concatenate([part[np.argsort(lengths[part], kind="stable")] for part in parts])


def pair_lengths(pairs: PairDataset) -> np.ndarray:
    """The text lengths of both sides of each pair, added up (N,)."""
    return np.array([text_length(pair.a) + text_length(pair.b) for pair in pairs.pairs])


def text_length(item: Item) -> int:
    """A text's characters, which tell well enough how many tokens there are.

    A picture counts nothing: all are of one size once they are prepared.
    """
    return len(item) if isinstance(item, str) else 0


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
