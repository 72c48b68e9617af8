"""Recall@1 in both directions, pair by pair, so that it can be averaged and resampled.

Letters: N pairs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from lab.analysis.crossing import cross
from lab.analysis.retrieval import hits

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch


@dataclass(frozen=True)
class Hits:
    """Whether each pair finds its partner first: (N,) 0 or 1 for either query.

    The difference of two moments' hits is one too, of -1, 0 and 1.
    """

    a_to_b: np.ndarray
    b_to_a: np.ndarray

    def __sub__(self, other: Hits) -> Hits:
        return Hits(self.a_to_b - other.a_to_b, self.b_to_a - other.b_to_a)

    @property
    def sum(self) -> np.ndarray:
        """(N,) of both directions of a pair; half its mean is the mean of the two recalls."""
        return self.a_to_b + self.b_to_a


def find_hits(embeddings: EmbeddingSet) -> Hits:
    """The pairs' hits; ties and repeated items count as in `cross`."""
    ranks = cross(embeddings).ranks
    return Hits(hits(ranks["a_to_b"]), hits(ranks["b_to_a"]))
