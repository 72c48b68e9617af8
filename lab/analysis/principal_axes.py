"""The plane in which points vary most: PCA in two dimensions.

Letters: N points, D embedding.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Axes:
    """The plane of a PCA: centre (D,), directions (D, 2)."""

    centre: np.ndarray
    directions: np.ndarray

    def place(self, x: np.ndarray) -> np.ndarray:
        """(N, 2) places of (N, D) rows."""
        return (x - self.centre) @ self.directions


def principal_axes(x: np.ndarray) -> Axes:
    """The plane in which (N, D) rows vary most."""
    centre = x.mean(axis=0, dtype=np.float64)
    centred = x - centre
    # D x D covariance: for N beyond D this is far less than a decomposition of all rows.
    _, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    axes = axes[:, ::-1][:, :2]
    largest = axes[np.abs(axes).argmax(axis=0), [0, 1]]
    return Axes(centre, axes * np.sign(largest))  # whichever sign LAPACK chose
