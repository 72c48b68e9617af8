"""Retrieval over the held-out pairs: at which rank the right answer comes.

Letters: N pairs, D embedding, Q queries of a block. Nothing of size N x N is ever held.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

BLOCK = 512  # queries at a time
TIE = 1e-6  # cosines closer than fp32's rounding over D products are ties

# What a query's rank counts for; the metric is the mean over queries.
RANK_SCORES: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "recall@1": lambda ranks: ranks <= 1,
    "recall@5": lambda ranks: ranks <= 5,
    "recall@10": lambda ranks: ranks <= 10,
    "mrr": lambda ranks: 1 / ranks,
}


def retrieval_ranks(
    queries: np.ndarray,
    gallery: np.ndarray,
    query_keys: Sequence[str] | None = None,
    gallery_keys: Sequence[str] | None = None,
) -> np.ndarray:
    """(N,) ranks from 1: where the best right answer of query i stands in the gallery.

    queries, gallery: (N, D), rows of length 1, row i of one belonging to row i of the other.
    keys: equal for equal items. Right answers to query i are its partner, items equal to its
    partner, and partners of queries equal to it; they do not push one another down.

    Ties count against the model: a wrong answer as similar as the right one stands before it,
    so that a collapsed encoder has every rank N, and not 1.
    """
    query_codes = _codes(query_keys, len(queries))
    gallery_codes = _codes(gallery_keys, len(gallery))
    ranks = np.empty(len(queries), dtype=np.int64)
    for start in range(0, len(queries), BLOCK):
        rows = slice(start, min(start + BLOCK, len(queries)))
        similarity = queries[rows] @ gallery.T  # (Q, N)
        right = gallery_codes[rows, None] == gallery_codes[None, :]  # (Q, N)
        right |= query_codes[rows, None] == query_codes[None, :]
        best = similarity.max(axis=1, where=right, initial=-np.inf, keepdims=True)  # (Q, 1)
        # Counted are those not behind: what is no number stands before the right answer too.
        behind = similarity < best - TIE
        ranks[rows] = 1 + len(gallery) - (behind | right).sum(axis=1)
    return ranks


def _codes(keys: Sequence[str] | None, count: int) -> np.ndarray:
    """Equal integers for equal keys; all different where there are no keys."""
    if keys is None:
        return np.arange(count, dtype=np.int32)
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int32)
