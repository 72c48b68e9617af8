"""The paired test against scipy's binomial test, and against every possible flip of signs."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from scipy import stats

from lab.analysis.paired_test import sign_flip_test


@pytest.mark.parametrize(("won", "lost"), [(0, 1), (1, 1), (6, 0), (9, 2), (40, 61), (900, 1000)])
def test_hits_and_misses_give_mcnemars_exact_test(won: int, lost: int) -> None:
    gains = np.repeat([1, -1, 0], [won, lost, 17])
    expected = stats.binomtest(won, won + lost, 0.5).pvalue
    assert sign_flip_test(gains) == pytest.approx(expected, rel=1e-9)


@pytest.mark.parametrize("seed", range(20))
def test_both_directions_give_the_share_of_all_flips(seed: int) -> None:
    gains = np.random.default_rng(seed).integers(-2, 3, size=9)
    flips = np.array(list(itertools.product([-1, 1], repeat=9)))  # (2^9, 9)
    expected = (np.abs(flips @ gains) >= abs(gains.sum())).mean()
    assert sign_flip_test(gains) == pytest.approx(expected)


def test_two_directions_are_scipys_exact_permutation_test() -> None:
    gains = np.array([2, 1, -1, 2, 0, 1, 1, 2])
    expected = stats.permutation_test(
        (gains,), np.sum, permutation_type="samples", n_resamples=np.inf
    )
    assert sign_flip_test(gains) == pytest.approx(expected.pvalue)


def test_nothing_changed_is_chance_and_everything_changed_is_not() -> None:
    assert sign_flip_test(np.zeros(10, dtype=np.int64)) == 1
    assert sign_flip_test(np.ones(50_000, dtype=np.int64)) == 0
    assert sign_flip_test(np.full(50_000, -2)) == 0


def test_without_an_effect_it_speaks_up_in_at_most_5_of_100() -> None:
    draw = np.random.default_rng(0)
    ps = [sign_flip_test(draw.integers(-2, 3, size=60)) for _ in range(400)]
    assert np.mean(np.array(ps) < 0.05) == pytest.approx(0.05, abs=0.025)
