"""φ against its definition, written out; and what holds of it whatever the matrices are."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from lab.lora.directions import directions, update_directions
from lab.lora.factors import Factors
from lab.lora.subspaces import (
    EXACT,
    MOST,
    QUANTILE,
    compare_directions,
    draw_chance,
    shown_ranks,
    subspace_similarity,
)


def _matrix(r: int, n: int, seed: int) -> torch.Tensor:
    """Random, with singular values far apart, so that each direction is itself."""
    drawn = torch.randn(r, n, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    left, _, right = torch.linalg.svd(drawn, full_matrices=False)
    return left @ torch.diag(2.0 ** -torch.arange(len(right)).double()) @ right


def _slow(a1: torch.Tensor, a2: torch.Tensor) -> np.ndarray:
    """Section 7.2, equation 4, one (i, j) at a time, by numpy."""
    u1, u2 = (np.linalg.svd(a.numpy(), full_matrices=False)[2].T for a in (a1, a2))
    phi = np.empty((u1.shape[1], u2.shape[1]))
    for i in range(1, u1.shape[1] + 1):
        for j in range(1, u2.shape[1] + 1):
            phi[i - 1, j - 1] = np.linalg.norm(u1[:, :i].T @ u2[:, :j]) ** 2 / min(i, j)
    return phi


@pytest.mark.parametrize(("r1", "r2", "n"), [(4, 9, 20), (9, 4, 20), (1, 1, 3), (6, 7, 7)])
def test_it_is_the_papers_formula_at_every_i_and_j(r1, r2, n):
    a1, a2 = _matrix(r1, n, 0), _matrix(r2, n, 1)
    phi = subspace_similarity(a1, a2)
    np.testing.assert_allclose(phi, _slow(a1, a2), atol=1e-12)
    assert phi.min() >= 0
    assert phi.max() <= 1 + 1e-12
    torch.testing.assert_close(subspace_similarity(a2, a1), phi.T)


def test_a_matrix_shares_everything_with_itself_and_nothing_with_what_is_across():
    a = _matrix(5, 12, 0)
    torch.testing.assert_close(subspace_similarity(a, a), torch.ones(5, 5, dtype=torch.float64))
    left, right = torch.eye(12)[:4], torch.eye(12)[4:]
    assert subspace_similarity(left, right).abs().max() == 0


def test_a_space_in_a_larger_one_is_shared_once_all_of_it_is_there():
    large = _matrix(6, 15, 0)
    small = 3 * large[[4, 1]]
    assert subspace_similarity(small, large)[1, 5].item() == pytest.approx(1)


def test_neither_scale_nor_a_turn_of_the_rows_matters():
    a, b = _matrix(4, 11, 0), _matrix(5, 11, 1)
    turn = torch.linalg.qr(_matrix(4, 4, 2)).Q
    torch.testing.assert_close(subspace_similarity(-7 * turn @ a, b), subspace_similarity(a, b))


def test_directions_that_are_zero_are_none():
    a = _matrix(3, 10, 0)
    repeated = torch.cat([a, a[:2], torch.zeros(2, 10, dtype=a.dtype)])
    assert directions(repeated).shape == (10, 3)
    assert directions(torch.zeros(4, 10)).shape == (10, 0)
    grid = compare_directions(directions(torch.zeros(4, 10)), directions(a.float()))
    assert (grid.i, grid.phi, grid.size) == ((), (), (10, 0, 0))


@pytest.mark.parametrize(("out", "inner", "r"), [(12, 9, 4), (3, 9, 5), (9, 3, 5)])
def test_the_update_s_directions_are_those_of_the_formed_product(out, inner, r):
    a, b = _matrix(r, inner, 0), _matrix(r, out, 1).T
    left, values, right = update_directions(Factors(a, b, 0.5))
    formed = 0.5 * b @ a
    torch.testing.assert_close(left @ torch.diag(values) @ right.T, formed)
    torch.testing.assert_close(values, torch.linalg.svdvals(formed)[: len(values)])
    for side in (left, right):
        torch.testing.assert_close(side.T @ side, torch.eye(len(values), dtype=torch.float64))


@pytest.mark.parametrize("k", [1, 2, EXACT, MOST, MOST + 1, 64, 256])
def test_a_grid_shows_the_first_directions_and_the_last(k):
    shown = shown_ranks(k)
    assert shown[-1] == k
    assert list(shown) == sorted(set(shown))
    assert shown[:EXACT] == tuple(range(1, min(k, EXACT) + 1))
    assert len(shown) <= MOST


def test_a_grid_holds_the_full_one_at_its_ranks():
    a1, a2 = torch.randn(30, 60), torch.randn(40, 60)
    full, grid = subspace_similarity(a1, a2), compare_directions(directions(a1), directions(a2))
    for i, row in zip(grid.i, grid.phi, strict=True):
        for j, phi in zip(grid.j, row, strict=True):
            assert phi == pytest.approx(full[i - 1, j - 1].item())


def test_chance_is_that_of_random_matrices():
    n, k1, k2 = 50, 3, 6
    chance = draw_chance(n, k1, k2, seed=0)
    assert chance.grid.size == (n, k1, k2)
    generator = torch.Generator().manual_seed(1)
    drawn = [
        subspace_similarity(*(torch.randn(k, n, generator=generator) for k in (k1, k2)))
        for _ in range(1000)
    ]
    drawn = torch.stack(drawn)
    # E ‖UᵀV‖² = ij / n: each of the ij products of unit vectors is 1 / n on average.
    i, j = torch.arange(1, k1 + 1)[:, None], torch.arange(1, k2 + 1)
    expected = torch.maximum(i, j) / n
    torch.testing.assert_close(drawn.mean(0), expected.double(), rtol=0.1, atol=0)
    for i, limit in enumerate(chance.limits):
        below = (drawn[:, i, i] <= limit).double().mean().item()
        assert below == pytest.approx(QUANTILE, abs=0.02)


def test_a_seed_means_the_same_draws():
    assert draw_chance(20, 2, 3, seed=5) == draw_chance(20, 2, 3, seed=5)
    assert draw_chance(20, 2, 3, seed=5) != draw_chance(20, 2, 3, seed=6)
