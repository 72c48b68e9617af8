"""Is a change more than chance? An exact paired test, before against after.

Letters: N pairs.
"""

from __future__ import annotations

import numpy as np


def sign_flip_test(gains: np.ndarray) -> float:
    """Two-sided p that a total as far from 0 comes about when every gain's sign is a coin's toss.

    gains: (N,) -1, 0 or 1 as after and before differ in one hit or miss; -2 to 2 over both
    directions. Fisher's randomisation test for paired samples (The Design of Experiments 1935,
    section 21), exact, from binomials rather than by drawing; with gains of one size it is
    McNemar's exact test. 1 when nothing changed; 0 where it is below the smallest float.
    """
    total = abs(int(gains.sum()))
    if total == 0:
        return 1.0
    sizes = np.abs(gains)
    ones, twos = int((sizes == 1).sum()), int((sizes == 2).sum())
    of_ones, of_twos = _tosses(ones), _tosses(twos)
    at_least = np.append(of_twos[::-1].cumsum()[::-1], 0.0)  # P(at least so many heads)
    # k heads of n tosses add up to 2k - n; the twos' heads must make up for what is left.
    left = total - (2 * np.arange(ones + 1) - ones)
    heads = np.ceil((left / 2 + twos) / 2).clip(0, twos + 1).astype(np.int64)
    return float(min(1.0, 2 * of_ones @ at_least[heads]))


def _tosses(count: int) -> np.ndarray:
    """(count + 1,) P(k heads in `count` tosses of a fair coin)."""
    logs = np.append(0.0, np.log(np.arange(1, count + 1)).cumsum())  # log k!
    return np.exp(logs[-1] - logs - logs[::-1] - count * np.log(2))
