"""Batches in which nothing stands twice: a repeated text or picture would be a false negative."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

LOOKAHEAD = 4  # batches' worth of pairs that one batch may pass over


def unique_batches(
    a_keys: Sequence[str], b_keys: Sequence[str], batch_size: int, generator: np.random.Generator
) -> Iterator[list[int]]:
    """One epoch: pairs shuffled into batches, none holding the same key twice.

    A pair that would repeat a key waits for the next batch that has room for it, so batches may
    be smaller where keys repeat a lot. A batch of one pair has no negatives and is left out of
    this epoch. A batch looks at a bounded number of waiting pairs, so the whole takes time
    linear in the pairs however often a key repeats.
    """
    fresh = deque(generator.permutation(len(a_keys)).tolist())
    waiting: deque[int] = deque()
    while fresh or waiting:
        batch: list[int] = []
        seen_a: set[str] = set()
        seen_b: set[str] = set()
        for queue in (waiting, fresh):
            postponed: list[int] = []
            while queue and len(batch) < batch_size and len(postponed) < LOOKAHEAD * batch_size:
                i = queue.popleft()
                if a_keys[i] in seen_a or b_keys[i] in seen_b:
                    postponed.append(i)
                    continue
                seen_a.add(a_keys[i])
                seen_b.add(b_keys[i])
                batch.append(i)
            waiting.extend(postponed)
        if len(batch) > 1:
            yield batch
