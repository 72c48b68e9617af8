"""Where embeddings lie on the unit sphere: alignment and uniformity (Wang & Isola, ICML 2020), and
the modality gap (Liang et al., "Mind the Gap", NeurIPS 2022).

Letters: N items, D embedding. Nothing of size N x N is ever held.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

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


def potential_of(cosines: np.ndarray) -> np.ndarray:
    """exp(-2 |x - y|²) of points on the sphere (t = 2), from their cosine: |x - y|² = 2 - 2 cos."""
    return np.exp(4 * (cosines - 1))


def potentials(x: np.ndarray) -> np.ndarray:
    """(N,) mean over the others of exp(-2 |x_i - x_j|²); uniformity is the log of their mean."""
    sums = np.empty(len(x), dtype=np.float64)
    for start in range(0, len(x), BLOCK):
        cosines = x[start : start + BLOCK] @ x.T  # (Q, N)
        np.minimum(cosines, 1, out=cosines)  # rounding may put a cosine above 1
        # The item itself stands in its row with distance 0 and potential 1.
        sums[start : start + BLOCK] = potential_of(cosines).sum(axis=1, dtype=float) - 1
    return sums / max(1, len(x) - 1)


def uniformity(x: np.ndarray) -> float:
    """log E exp(-2 |x - y|²) over distinct items (t = 2); lower is better.

    x: (N, D), rows of length 1. 0 when all collapse to a point; -4 + 8/D, about, when they
    cover the sphere evenly.
    """
    return float(np.log(potentials(x).mean()))


def gap_shares(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """(N,) how far each pair's first item lies from its second one along the line that joins the
    two sides' centroids; their mean is the modality gap.

    They are the gap's first-order terms, which is what makes it a mean that can be resampled.
    """
    between = a.mean(axis=0, dtype=np.float64) - b.mean(axis=0, dtype=np.float64)  # (D,)
    length = np.linalg.norm(between)
    direction = (between / length if length else between).astype(a.dtype)
    return a @ direction - b @ direction


def modality_gap(a: np.ndarray, b: np.ndarray) -> float:
    """Distance of the two sides' centroids (section 3 of "Mind the Gap"); 0 to 2.

    a, b: (N, D), rows of length 1. Sampling alone puts it above 0, by about the root of 2/N where
    both sides cover the sphere evenly.
    """
    return float(np.linalg.norm(a.mean(axis=0, dtype=float) - b.mean(axis=0, dtype=float)))


@dataclass(frozen=True)
class Marks:
    """What a number would be in two cases of theory.

    collapse: every item of both sides on one point.
    sphere: both sides spread evenly over the whole sphere, with no regard to the pairs.
    """

    collapse: float
    sphere: float


def theoretical_marks(width: int) -> Mapping[str, Marks]:
    """Metric -> its marks, for embeddings of `width` dimensions."""
    even = Marks(0.0, even_uniformity(width))
    uniformities = {f"uniformity_{of}": even for of in ("a", "b", "across")}
    return {"alignment": Marks(0.0, 2.0), **uniformities, "modality_gap": Marks(0.0, 0.0)}


def even_uniformity(width: int) -> float:
    """Uniformity of points spread evenly over the sphere in d dimensions, exact; -4 + 8/d, about.

    On it E exp(k cos) = 0F1(; d/2; k²/4), the constant of the von Mises-Fisher distribution
    (Mardia & Jupp 2000, section 9.3.2), here with k = 4: a sum of 4^n / (n! (d/2)(d/2 + 1)...).
    """
    term = total = 1.0
    for n in range(1, 40):  # by then terms are below 1e-20 of the sum in any dimension
        term *= 4 / (n * (width / 2 + n - 1))
        total += term
    return math.log(total) - 4
