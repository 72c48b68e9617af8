"""How much two subspaces share (Hu et al. 2021, section 7.2 and appendix G).

    φ(i, j) = ‖U₁[:, :i]ᵀ U₂[:, :j]‖² / min(i, j)

U₁ and U₂ hold the singular vectors of two matrices, the largest singular value first. φ is 0 where
the first i directions of one and the first j of the other have nothing in common, and 1 where the
larger of the two spaces holds the smaller. Random subspaces have max(i, j) / n on average.

Letters: n length of the vectors, k directions of a matrix, at most its rank r.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from lab.lora.directions import directions

FIRST = 4  # directions that a comparison is summed up by
DRAWS = 400  # of random subspaces, which their quantile is read from
QUANTILE = 0.99
EXACT, MOST = 8, 24  # i and j of a grid: all up to the first, evenly spaced on a log scale beyond


@dataclass(frozen=True)
class Grid:
    """φ at some i and j, of matrices whose singular vectors have length n.

    i, j: ascending; the last are the numbers of directions there are, k₁ and k₂. Both are empty
        where one of the matrices is zero and has none.
    phi: phi[a][b] is φ(i[a], j[b]).
    """

    n: int
    i: tuple[int, ...]
    j: tuple[int, ...]
    phi: tuple[tuple[float, ...], ...]

    @property
    def size(self) -> tuple[int, int, int]:
        """(n, k₁, k₂); k = 0 where there is no direction."""
        return (self.n, self.i[-1], self.j[-1]) if self.i else (self.n, 0, 0)

    def first(self, count: int) -> float:
        """φ(count, count), for a count up to EXACT and the directions there are."""
        return self.phi[count - 1][count - 1]


@dataclass(frozen=True)
class Chance:
    """φ of random subspaces of one size.

    grid: of two random Gaussian matrices, as in the paper's figure 4. A Gaussian matrix prefers no
        direction, so that φ of one with a trained matrix is distributed alike.
    limits: limits[i - 1] is the QUANTILE of φ(i, i), up to FIRST.
    """

    grid: Grid
    limits: tuple[float, ...]


def subspace_similarity(a1: Tensor, a2: Tensor) -> Tensor:
    """φ(i, j) of two matrices (r₁, n) and (r₂, n) at all i and j: (k₁, k₂) in fp64.

    [i - 1, j - 1] is φ(i, j), of their right-singular vectors.
    """
    return _similarity(directions(a1), directions(a2))


def compare_directions(u1: Tensor, u2: Tensor) -> Grid:
    """The grid of orthonormal columns (n, k₁) and (n, k₂)."""
    if 0 in (u1.shape[1], u2.shape[1]):
        return Grid(len(u1), (), (), ())
    i, j = (shown_ranks(u.shape[1]) for u in (u1, u2))
    phi = _similarity(u1, u2)[torch.tensor(i) - 1][:, torch.tensor(j) - 1]
    return Grid(len(u1), i, j, tuple(map(tuple, phi.tolist())))


def draw_chance(n: int, k1: int, k2: int, seed: int) -> Chance:
    """Of random directions, k₁ and k₂ of length n, drawn on the CPU by the seed."""
    generator = torch.Generator().manual_seed(seed)
    grid = compare_directions(*(directions(_gaussian(k, n, generator)) for k in (k1, k2)))
    first = min(FIRST, k1, k2)
    draws = [_draw_overlaps(n, first, generator) for _ in range(DRAWS)]
    limits = torch.stack(draws).quantile(QUANTILE, dim=0)  # (first)
    return Chance(grid, tuple(limits.tolist()))


def shown_ranks(k: int) -> tuple[int, ...]:
    """The i of a grid with k directions: all where they are at most MOST, k always among them."""
    if k <= MOST:
        return tuple(range(1, k + 1))
    steps = MOST - EXACT
    beyond = (round(EXACT * (k / EXACT) ** (step / steps)) for step in range(1, steps + 1))
    return tuple(sorted({*range(1, EXACT + 1), *beyond}))


def _similarity(u1: Tensor, u2: Tensor) -> Tensor:
    """(n, k₁) and (n, k₂) -> (k₁, k₂): one product, its squares summed up over both sides."""
    shared = (u1.T @ u2).double().square().cumsum(0).cumsum(1)
    i, j = (torch.arange(1, k + 1) for k in shared.shape)
    return shared / torch.minimum(i[:, None], j)


def _draw_overlaps(n: int, k: int, generator: torch.Generator) -> Tensor:
    """φ(i, i) for i up to k (k) of one draw of k random directions with k that stand still.

    Only where the two lie to each other matters: the second may be the first k unit vectors.
    """
    drawn = torch.linalg.qr(_gaussian(k, n, generator).T).Q  # (n, k)
    return _similarity(drawn, torch.eye(n, k)).diagonal()


def _gaussian(rows: int, n: int, generator: torch.Generator) -> Tensor:
    return torch.randn(rows, n, generator=generator)
