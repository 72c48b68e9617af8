"""95% intervals by the percentile bootstrap over pairs (Efron & Tibshirani 1993, chapter 13).

Every statistic is resampled with the same draws, so differences of two of them are paired.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

RESAMPLES = 1000
CHUNK = 4_000_000  # indices drawn at a time
Interval = tuple[float, float]


class Bootstrap:
    """Resampled values of statistics over `count` pairs; the same seed draws the same pairs."""

    def __init__(self, count: int, seed: int = 0, resamples: int = RESAMPLES) -> None:
        self._count, self._seed, self._resamples = count, seed, resamples

    def values(
        self, statistic: Callable[[np.ndarray], np.ndarray], per_pair: np.ndarray
    ) -> np.ndarray:
        """(resamples,) values of a statistic that works over the last axis of (..., count)."""
        return np.concatenate([statistic(per_pair[drawn]) for drawn in self._draws()])

    def _draws(self) -> Iterator[np.ndarray]:
        generator = np.random.default_rng(self._seed)
        rows = max(1, CHUNK // self._count)
        for start in range(0, self._resamples, rows):
            size = (min(rows, self._resamples - start), self._count)
            yield generator.integers(self._count, size=size)


def percentile_interval(values: np.ndarray) -> Interval:
    """The middle 95% of resampled values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)


def mean_over_pairs(per_pair: np.ndarray) -> np.ndarray:
    """Mean over the last axis."""
    return per_pair.mean(axis=-1)


def log_mean_potential(mean: float) -> Callable[[np.ndarray], np.ndarray]:
    """Uniformity from resampled potentials around their overall `mean`.

    Uniformity is a mean over pairs of items. Drawing items twice would put distances of 0 into
    it; instead each item's own mean is resampled, and its deviation counts twice, since an item
    stands on both sides of a pair (the first-order term of a U-statistic, Hoeffding 1948).
    """

    def statistic(per_item: np.ndarray) -> np.ndarray:
        return np.log(np.clip(mean + 2 * (per_item.mean(axis=-1) - mean), 1e-12, None))

    return statistic
