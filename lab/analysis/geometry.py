"""Alignment and uniformity of embeddings on the unit sphere (Wang & Isola, ICML 2020).

Letters: N items, D embedding. Nothing of size N x N is ever held.
"""

from __future__ import annotations

import numpy as np

BLOCK = 512


def pair_distances(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(N,) squared distances of the pairs, 0 to 4; alignment is their mean."""
    return ((a - b) ** 2).sum(axis=1)


def alignment(a: np.ndarray, b: np.ndarray) -> float:
    """Mean squared distance of a pair's two embeddings (alpha = 2); lower is better.

    a, b: (N, D), rows of length 1. Equals 2 - 2 · mean cosine.
    """
    return float(pair_distances(a, b).mean())


def potentials(x: np.ndarray) -> np.ndarray:
    """(N,) mean over the others of exp(-2 |x_i - x_j|²); uniformity is the log of their mean."""
    sums = np.empty(len(x), dtype=np.float64)
    for start in range(0, len(x), BLOCK):
        # -2 |x - y|² is 4 (cosine - 1) on the sphere; rounding may put a cosine above 1.
        exponents = x[start : start + BLOCK] @ x.T  # (Q, N)
        exponents -= 1
        exponents *= 4
        np.minimum(exponents, 0, out=exponents)
        # The item itself stands in its row with distance 0 and potential 1.
        sums[start : start + BLOCK] = np.exp(exponents, out=exponents).sum(axis=1, dtype=float) - 1
    return sums / max(1, len(x) - 1)


def uniformity(x: np.ndarray) -> float:
    """log E exp(-2 |x - y|²) over distinct items (t = 2); lower is better.

    x: (N, D), rows of length 1. 0 when all collapse to a point; -4 + 8/D, about, when they
    cover the sphere evenly.
    """
    return float(np.log(potentials(x).mean()))
