"""The nearest items of each item, before and after, in their own space and not on a map.

Letters: N pairs, so 2N items (all of a, then all of b), Q of them asked, K neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from lab.analysis.nearest import largest_products

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch

Among = Literal["across", "within"]


@dataclass(frozen=True)
class Neighbours:
    """The K nearest of each of Q items, before and after.

    items: (Q,) the numbers, among the 2N items, of those asked.
    before, after: (Q, K) the numbers of their neighbours, nearest first.
    cosines_before, cosines_after: (Q, K) similarities to them.
    kept_before: (Q, K) whether a neighbour before is one after as well; if not, it was lost.
    kept_after: (Q, K) whether a neighbour after was one before as well; if not, it was gained.
    """

    items: np.ndarray
    before: np.ndarray
    after: np.ndarray
    cosines_before: np.ndarray
    cosines_after: np.ndarray
    kept_before: np.ndarray
    kept_after: np.ndarray

    @property
    def overlap(self) -> np.ndarray:
        """(Q,) Jaccard index of each item's neighbours before and after: 1 the same, 0 none."""
        common = self.kept_before.sum(axis=1)
        return common / np.maximum(1, 2 * self.kept_before.shape[1] - common)


def find_neighbours(
    before: EmbeddingSet,
    after: EmbeddingSet,
    count: int = 10,
    *,
    among: Among = "across",
    items: np.ndarray | None = None,
) -> Neighbours:
    """The `count` nearest of items, by cosine, exactly.

    before, after: the same pairs in the same order.
    among: "across" asks the other side, which is what training arranges and retrieval ranks;
    "within" asks the item's own side, whose order training leaves free: what was lost there is
    a side effect. The two are never mixed: where the sides lie apart (the modality gap), one
    list would hold the item's own side alone.
    items: the numbers of those asked, ascending; None: all 2N. One item's answer costs one
    product with a side; all of them cost 4 · N² · D multiplications for before and after.
    Equal items count once: as a neighbour the first of them stands for all, and none is its own.
    Collapsed embeddings leave the choice among equally near items open.
    """
    items = np.arange(2 * len(before)) if items is None else np.asarray(items)
    (first, first_cosines), (second, second_cosines) = (
        _nearest(e, items, count, among) for e in (before, after)
    )
    same = first[:, :, None] == second[:, None, :]  # (Q, K, K)
    kept = same.any(axis=2), same.any(axis=1)
    return Neighbours(items, first, second, first_cosines, second_cosines, *kept)


def _nearest(
    e: EmbeddingSet, items: np.ndarray, count: int, among: Among
) -> tuple[np.ndarray, np.ndarray]:
    """(indices, cosines), each (Q, K)."""
    sides = _Side(e.a, e.a_keys, 0), _Side(e.b, e.b_keys, len(e))
    # One K for both sides: as many as the one with fewer distinct items can answer.
    count = min(count, *(len(side.firsts) - (among == "within") for side in sides))
    found = []
    for side, other in (sides, sides[::-1]):
        rows = items[(items >= side.offset) & (items < side.offset + len(e))] - side.offset
        gallery, own = (other, None) if among == "across" else (side, side.places[rows])
        indices, cosines = largest_products(side.x[rows], gallery.distinct, count, own)
        found.append((gallery.firsts[indices] + gallery.offset, cosines))
    indices, cosines = (np.concatenate(both) for both in zip(*found, strict=True))
    return indices, cosines


class _Side:
    """One side's distinct items.

    x: (N, D) all rows; offset: the first item's number among the 2N; firsts: (M,) the first row
    of each distinct item; distinct: (M, D) those rows; places: (N,) each row's among the M.
    """

    def __init__(self, x: np.ndarray, keys: Sequence[str], offset: int) -> None:
        _, firsts, places = np.unique(
            np.array(keys, dtype=object), return_index=True, return_inverse=True
        )
        self.x, self.offset = x, offset
        self.firsts, self.distinct, self.places = firsts, x[firsts], places.reshape(-1)
