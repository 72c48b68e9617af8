"""Cosine similarities of every first item with every second one, before and after.

Letters: N pairs, M of them shown, R rows of a matrix.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from lab.analysis.clusters import cluster_order

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch

Order = Literal["given", "cluster"]


@dataclass(frozen=True)
class SimilarityMatrices:
    """indices: (M,) the pairs shown, in their order; pairs: N, of which they are.

    before, after: (M, M), row a_i, column b_j; joint: (2M, 2M), all of a and then all of b on
    either side, so that similarities within a and within b stand beside those across.
    """

    indices: np.ndarray
    before: np.ndarray
    after: np.ndarray
    pairs: int
    order: Order = "given"
    joint: bool = False

    @property
    def difference(self) -> np.ndarray:
        """(R, R) after minus before."""
        return self.after - self.before

    @property
    def is_sample(self) -> bool:
        """Whether only some of the pairs are shown."""
        return len(self.indices) < self.pairs

    @property
    def rows(self) -> np.ndarray:
        """(R,) which of the 2N items, all of a and then all of b, a row is of."""
        return self._both if self.joint else self.indices

    @property
    def columns(self) -> np.ndarray:
        """(R,) which of the 2N items a column is of."""
        return self._both if self.joint else self.pairs + self.indices

    @property
    def _both(self) -> np.ndarray:
        return np.concatenate([self.indices, self.pairs + self.indices])


def similarity_matrices(
    before: EmbeddingSet,
    after: EmbeddingSet,
    limit: int = 300,
    *,
    order: Order = "given",
    joint: bool = False,
) -> SimilarityMatrices:
    """The matrices of all pairs, or of an even sample whose matrices have `limit` rows.

    order: "given", or "cluster": like pairs side by side. One order for rows and columns, so
    that pairs stay on the diagonal, and for before and after alike.
    """
    count = len(before)
    shown = min(limit // 2 if joint else limit, count)
    indices = np.linspace(0, count - 1, shown).round().astype(int)
    if order == "cluster":
        indices = indices[_pair_order(before, after, indices)]
    made = [_joint(e, indices) if joint else e.a[indices] @ e.b[indices].T for e in (before, after)]
    return SimilarityMatrices(indices, *made, count, order, joint)


@dataclass(frozen=True)
class MatrixView:
    """matrices: in the order given; by_cluster: (R,) their rows, and columns, with like pairs side
    by side."""

    matrices: SimilarityMatrices
    by_cluster: np.ndarray


def matrix_views(
    before: EmbeddingSet, after: EmbeddingSet, *, joint: bool, limit: int = 300
) -> tuple[MatrixView, ...]:
    """The matrices across the sides and, where asked for, those of all items with all items."""
    return tuple(
        _view(before, after, limit, is_joint) for is_joint in ((False, True) if joint else (False,))
    )


def _view(before: EmbeddingSet, after: EmbeddingSet, limit: int, joint: bool) -> MatrixView:
    made = similarity_matrices(before, after, limit, joint=joint)
    order = _pair_order(before, after, made.indices)  # (M,)
    return MatrixView(made, np.concatenate([order, len(order) + order]) if joint else order)


def _joint(e: EmbeddingSet, indices: np.ndarray) -> np.ndarray:
    both = np.concatenate([e.a[indices], e.b[indices]])  # (2M, D)
    return both @ both.T


def _pair_order(before: EmbeddingSet, after: EmbeddingSet, indices: np.ndarray) -> np.ndarray:
    """Two pairs are as alike as their a, and their b, are on average, before and after.

    By one moment alone, that moment would look the more orderly for it.
    """
    sides = [before.a, before.b, after.a, after.b]
    return cluster_order(np.concatenate([side[indices] for side in sides], axis=1) / 2)
