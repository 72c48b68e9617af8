"""How far points moved in their own space, and how many moved further than layout noise does.

Letters: N points, D embedding.
"""

from __future__ import annotations

import numpy as np

CERTAIN = 95  # percent of the noise that a movement has to pass


def moved_in_space(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    """(N,) cosine distances, 0 to 2, of a point's two (N, D) embeddings of length 1.

    A turn of the whole space counts as movement here, though it changes no neighbour.
    """
    return np.clip(1 - (before * after).sum(axis=1), 0, 2)


def share_beyond(moved: np.ndarray, floor: np.ndarray) -> float:
    """Share of the points that moved further on the map than 95% of the noise floor does."""
    return float((moved > np.percentile(floor, CERTAIN)).mean())
