"""The resampled values against drawing rows one by one, and the intervals against theory."""

from __future__ import annotations

import numpy as np
import pytest

from lab.analysis import bootstrap
from lab.analysis.bootstrap import Bootstrap, percentile_interval


def drawn_one_by_one(count: int, seed: int, resamples: int) -> list[np.ndarray]:
    generator = np.random.default_rng(seed)
    return [generator.integers(count, size=count) for _ in range(resamples)]


@pytest.mark.parametrize("count", [1, 2, 20, 31])
@pytest.mark.parametrize("block", [64, 10_000_000])
def test_means_and_medians_are_those_of_the_drawn_pairs(monkeypatch, count, block) -> None:
    monkeypatch.setattr(bootstrap, "BLOCK", block)
    values = np.random.default_rng(1).integers(9, size=count)
    draws = drawn_one_by_one(count, seed=5, resamples=50)
    made = Bootstrap(count, seed=5, resamples=50)
    np.testing.assert_allclose(made.means(values), [values[d].mean() for d in draws])
    np.testing.assert_allclose(made.medians(values), [np.median(values[d]) for d in draws])


def test_means_of_several_values_are_those_of_each() -> None:
    values = np.random.default_rng(1).normal(size=(31, 3))
    made = Bootstrap(31, resamples=50)
    each = np.stack([made.means(column) for column in values.T], axis=1)
    np.testing.assert_allclose(made.means(values), each)


def test_the_interval_of_a_mean_is_about_the_normal_one() -> None:
    values = np.random.default_rng(0).normal(size=2000)
    low, high = percentile_interval(Bootstrap(2000).means(values))
    half = 1.96 * values.std() / np.sqrt(2000)
    assert (low, high) == pytest.approx((values.mean() - half, values.mean() + half), abs=half / 8)


def test_the_interval_covers_the_truth_about_95_times_in_100() -> None:
    covered = 0
    for seed in range(200):
        hits = np.random.default_rng(seed).random(80) < 0.3
        low, high = percentile_interval(Bootstrap(80, seed).means(hits))
        covered += low <= 0.3 <= high
    assert 180 <= covered <= 199
