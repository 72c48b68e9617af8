"""The nearest items of each item, before and after, in their own space and not on a map.

Letters: N pairs, so 2N items (all of a, then all of b), D embedding, K neighbours.
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
    """The K nearest of each of 2N items, before and after.

    before, after: (2N, K) the neighbours' own numbers among the 2N items, nearest first.
    cosines_before, cosines_after: (2N, K) similarities to them.
    kept_before: (2N, K) whether a neighbour before is one after as well; if not, it was lost.
    kept_after: (2N, K) whether a neighbour after was one before as well; if not, it was gained.
    among: which items were asked, see find_neighbours.
    """

    before: np.ndarray
    after: np.ndarray
    cosines_before: np.ndarray
    cosines_after: np.ndarray
    kept_before: np.ndarray
    kept_after: np.ndarray
    among: Among

    @property
    def overlap(self) -> np.ndarray:
        """(2N,) Jaccard index of each item's neighbours before and after: 1 the same, 0 none."""
        common = self.kept_before.sum(axis=1)
        return common / np.maximum(1, 2 * self.kept_before.shape[1] - common)


def find_neighbours(
    before: EmbeddingSet, after: EmbeddingSet, count: int = 10, among: Among = "across"
) -> Neighbours:
    """The `count` nearest of every item, by cosine, exactly.

    before, after: the same pairs in the same order.
    among: "across" asks the other side, which is what training arranges and retrieval ranks;
    "within" asks the item's own side, whose order training leaves free: what was lost there is
    a side effect. The two are never mixed: where the sides lie apart (the modality gap), one
    list would hold the item's own side alone.
    Equal items count once: as a neighbour the first of them stands for all, and none is its own.
    Collapsed embeddings leave the choice among equally near items open.
    """
    first, second = (_nearest(e, count, among) for e in (before, after))
    (indices_before, cosines_before), (indices_after, cosines_after) = first, second
    same = indices_before[:, :, None] == indices_after[:, None, :]  # (2N, K, K)
    return Neighbours(
        indices_before,
        indices_after,
        cosines_before,
        cosines_after,
        kept_before=same.any(axis=2),
        kept_after=same.any(axis=1),
        among=among,
    )


def _nearest(e: EmbeddingSet, count: int, among: Among) -> tuple[np.ndarray, np.ndarray]:
    a, b = _Distinct(e.a, e.a_keys, 0), _Distinct(e.b, e.b_keys, len(e))
    galleries = (b, a) if among == "across" else (a, b)
    # One K for both sides, as many as the smaller gallery can answer.
    fewest = min(len(a.rows), len(b.rows)) - (among == "within")
    found = [q.nearest(g, min(count, fewest)) for q, g in zip((a, b), galleries, strict=True)]
    indices, cosines = (np.concatenate(both) for both in zip(*found, strict=True))
    return indices, cosines


class _Distinct:
    """The distinct items of one side, whose first item has the number `offset` among the 2N.

    rows: (M, D); firsts: (M,) the number of the first item of each; places: (N,) into the M.
    """

    def __init__(self, x: np.ndarray, keys: Sequence[str], offset: int) -> None:
        _, firsts, places = np.unique(
            np.array(keys, dtype=object), return_index=True, return_inverse=True
        )
        self.rows, self.firsts, self.places = x[firsts], firsts + offset, places.reshape(-1)

    def nearest(self, gallery: _Distinct, count: int) -> tuple[np.ndarray, np.ndarray]:
        """(indices, cosines), each (N, K)."""
        own = np.arange(len(self.rows)) if gallery is self else None
        indices, cosines = largest_products(self.rows, gallery.rows, count, own)
        return gallery.firsts[indices][self.places], cosines[self.places]
