"""95% intervals by the percentile bootstrap over pairs (Efron & Tibshirani 1993, chapter 13).

Every statistic is resampled with the same draws, so differences of two of them are paired.

Letters: N pairs, R resamples.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

RESAMPLES = 1000
BLOCK = 2_000_000  # draws, or counts as floats, at a time
Interval = tuple[float, float]


class Bootstrap:
    """N pairs drawn N at a time with replacement, R times; the same seed draws the same pairs.

    What is kept is how often each draw holds each pair, one byte each: 50 MB for 50,000 pairs.
    A count beyond 255 would need 256 equal draws of one pair where 1 is expected.
    """

    def __init__(self, count: int, seed: int = 0, resamples: int = RESAMPLES) -> None:
        self.seed = seed
        self._counts = np.empty((resamples, count), dtype=np.uint8)
        generator = np.random.default_rng(seed)
        for rows in self._blocks():
            drawn = generator.integers(count, size=rows.shape)
            drawn += np.arange(len(rows))[:, None] * count  # one range of numbers a resample
            rows[:] = np.bincount(drawn.ravel(), minlength=rows.size).reshape(rows.shape)

    def _blocks(self) -> Iterator[np.ndarray]:
        size = max(1, BLOCK // self._counts.shape[1])
        for start in range(0, len(self._counts), size):
            yield self._counts[start : start + size]

    def means(self, per_pair: np.ndarray) -> np.ndarray:
        """(R,) means of (N,) values; (R, K) of (N, K), which costs little more than of one."""
        values = per_pair.astype(np.float64)
        sums = [rows.astype(np.float64) @ values for rows in self._blocks()]
        return np.concatenate(sums) / len(per_pair)

    def medians(self, per_pair: np.ndarray) -> np.ndarray:
        """(R,) medians of (N,) values."""
        order = np.argsort(per_pair, kind="stable")
        middle = ((len(order) - 1) // 2, len(order) // 2)  # one place where N is odd
        found = []
        for rows in self._blocks():
            upto = rows[:, order].cumsum(axis=1, dtype=np.int32)  # (R', N)
            places = [(upto > place).argmax(axis=1) for place in middle]
            found.append(per_pair[order[np.array(places)]].mean(axis=0))
        return np.concatenate(found)


def percentile_interval(values: np.ndarray) -> Interval:
    """The middle 95% of resampled values."""
    low, high = np.percentile(values, [2.5, 97.5])
    return float(low), float(high)
