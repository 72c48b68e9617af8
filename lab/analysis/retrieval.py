"""Retrieval over the held-out pairs: which answers are right, and what a rank counts for.

Both directions are measured: a query of the first side (a) looks for its answer among all second
items (b), and the other way round. The ranks themselves are counted in lab.analysis.crossing.

Letters: N pairs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

DIRECTIONS = ("a_to_b", "b_to_a")
TIE = 1e-6  # cosines closer than fp32's rounding over D products are ties

# What a query's rank counts for; the metric is the mean over queries. A query has one rank, that of
# its best right answer, so the ideal ranking's DCG is 1 (Järvelin & Kekäläinen 2002).
RANK_SCORES: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "recall@1": lambda ranks: ranks <= 1,
    "recall@5": lambda ranks: ranks <= 5,
    "recall@10": lambda ranks: ranks <= 10,
    "ndcg@10": lambda ranks: np.where(ranks <= 10, 1 / np.log2(1 + ranks), 0),
    "mrr": lambda ranks: 1 / ranks,
    "mean_rank": lambda ranks: ranks,
}


def hits(ranks: np.ndarray) -> np.ndarray:
    """(N,) 1 where the right answer came first, else 0; recall@1 is their mean."""
    return RANK_SCORES["recall@1"](ranks).astype(np.int64)


def item_codes(keys: Sequence[str] | None, count: int) -> np.ndarray:
    """(N,) equal integers from 0 for equal keys; all different where there are no keys."""
    if keys is None:
        return np.arange(count)
    numbers: dict[str, int] = {}
    return np.array([numbers.setdefault(key, len(numbers)) for key in keys])


class RightAnswers:
    """The right answers to N queries, known without a mask of N x N.

    Right answers to query i are its partner, items equal to its partner, and partners of queries
    equal to it. Equal items have equal rows, so a right answer is as similar to query i as some
    pair is within itself: pair j of an equal query, or pair i.
    """

    def __init__(self, own: np.ndarray, queries: np.ndarray, gallery: np.ndarray) -> None:
        """own: (N,) cosines within the pairs; queries, gallery: (N,) codes of both items."""
        best = np.full(queries.max() + 1, -np.inf, dtype=own.dtype)
        with np.errstate(invalid="ignore"):  # what is no number makes its group's best none
            np.maximum.at(best, queries, own)
        self.floors = best[queries] - own.dtype.type(TIE)
        """(N,) what is less similar to query i than this stands behind its best right answer."""
        self._own, self._queries, self._gallery = own, queries, gallery

    def ranks(self, behind: np.ndarray) -> np.ndarray:
        """(N,) ranks from 1, given how many of all N answers lie below each query's floor.

        Right answers do not push one another down. What is no number lies below nothing, and so
        counts against the model.
        """
        wrong = len(behind) - behind - self._not_behind()
        return 1 + np.maximum(wrong, 0)  # a right answer at the very floor may round to below it

    def _not_behind(self) -> np.ndarray:
        """(N,) right answers that do not lie below the floor."""
        reached = ~(self._own < self.floors)
        of_equal_queries = np.bincount(self._queries, weights=reached)[self._queries]
        pairs = self._queries * (self._gallery.max() + 1) + self._gallery
        elsewhere = _repeats(self._gallery) - _repeats(pairs)  # equal answers to other queries
        return (of_equal_queries + reached * elsewhere).astype(np.int64)


def _repeats(codes: np.ndarray) -> np.ndarray:
    """(N,) how often each code occurs."""
    _, places, counts = np.unique(codes, return_inverse=True, return_counts=True)
    return counts[places]
