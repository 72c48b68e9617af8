"""Cosine similarities of every first item with every second one, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch


@dataclass(frozen=True)
class SimilarityMatrices:
    """indices: (M,) the pairs shown; before, after: (M, M), row a_i, column b_j; pairs: of N."""

    indices: np.ndarray
    before: np.ndarray
    after: np.ndarray
    pairs: int

    @property
    def difference(self) -> np.ndarray:
        """(M, M) after minus before."""
        return self.after - self.before

    @property
    def is_sample(self) -> bool:
        """Whether only some of the pairs are shown."""
        return len(self.indices) < self.pairs


def similarity_matrices(
    before: EmbeddingSet, after: EmbeddingSet, limit: int = 300
) -> SimilarityMatrices:
    """The matrices of all pairs, or of an even sample of `limit` of them."""
    count = len(before)
    indices = np.linspace(0, count - 1, min(limit, count)).round().astype(int)
    before_ab, after_ab = (e.a[indices] @ e.b[indices].T for e in (before, after))
    return SimilarityMatrices(indices, before_ab, after_ab, count)
