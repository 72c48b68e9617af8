"""How far a map can be believed: do points that lie together on it belong together?

Letters: N points, D embedding, K neighbours, Q points asked.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.analysis.nearest import nearest_on_plane

BLOCK = 512  # points at a time
ASKED = 2_000  # points; of more, an even sample is asked for its neighbours among all


@dataclass(frozen=True)
class Faithfulness:
    """neighbours: K that both numbers look at.

    trustworthiness: 1 when the K nearest on the map are the K nearest in D dimensions, less the
    further away those that are not are really; about 0.5 for a map drawn at random (Venna &
    Kaski 2001).
    kept: share of the K true neighbours that are among the K nearest on the map; K / (N - 1) for
    a map drawn at random.
    """

    neighbours: int
    trustworthiness: float
    kept: float


def faithfulness(x: np.ndarray, layout: np.ndarray, count: int = 10) -> Faithfulness:
    """Measure an (N, 2) layout of (N, D) rows of length 1, by their K = `count` nearest.

    K is under N / 2, as the formula needs; so few points as have no such K are kept by any map.
    """
    total = len(x)
    count = min(count, (total - 1) // 2)
    if count < 1:
        return Faithfulness(0, 1.0, 1.0)
    asked = np.linspace(0, total - 1, min(total, ASKED)).round().astype(int)
    shown = nearest_on_plane(layout, count, asked)
    ranks = _true_ranks(x, asked, shown)
    excess = np.maximum(ranks - count, 0).sum()
    worst = len(asked) * count * (2 * total - 3 * count - 1) / 2
    return Faithfulness(count, float(1 - excess / worst), float((ranks <= count).mean()))


def _true_ranks(x: np.ndarray, asked: np.ndarray, shown: np.ndarray) -> np.ndarray:
    """(Q, K) ranks in D dimensions of the neighbours shown: one more than points are nearer."""
    ranks = np.ones(shown.shape, dtype=np.int64)
    for start in range(0, len(asked), BLOCK):
        rows = slice(start, start + BLOCK)
        cosines = x[asked[rows]] @ x.T  # (Q', N)
        cosines[np.arange(len(cosines)), asked[rows]] = -np.inf
        reached = np.take_along_axis(cosines, shown[rows], axis=1)  # (Q', K)
        for place, limit in enumerate(reached.T):
            ranks[rows, place] += np.count_nonzero(cosines > limit[:, None], axis=1)
    return ranks
