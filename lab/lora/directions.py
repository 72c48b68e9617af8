"""The directions of a matrix: its singular vectors, the largest singular value first.

Letters: n length of a vector, r rows, k directions (the rank), m = min(r, n).
"""

from __future__ import annotations

import torch
from torch import Tensor

from lab.lora.factors import Factors


def directions(rows: Tensor) -> Tensor:
    """Right-singular vectors of a matrix (r, n) as columns (n, k).

    Those of singular value 0, to working precision, are none: nothing says where they point.
    """
    _, values, vectors = torch.linalg.svd(rows, full_matrices=False)  # (r, m), (m), (m, n)
    return vectors[: _rank(values, rows)].T


def update_directions(factors: Factors) -> tuple[Tensor, Tensor, Tensor]:
    """U (out, k), σ (k) and V (in, k) of ΔW = s·BA, which is never formed.

    With B = Q_b R_b and Aᵀ = Q_a R_a they are those of s·R_b R_aᵀ, turned by Q_b and Q_a.
    """
    q_a, r_a = torch.linalg.qr(factors.a.T)  # (in, m), (m, r)
    q_b, r_b = torch.linalg.qr(factors.b)  # (out, m), (m, r)
    core = factors.scaling * r_b @ r_a.T
    left, values, right = torch.linalg.svd(core, full_matrices=False)
    k = _rank(values, core)
    return q_b @ left[:, :k], values[:k], q_a @ right[:k].T


def _rank(values: Tensor, matrix: Tensor) -> int:
    zero = values.max() * max(matrix.shape) * torch.finfo(values.dtype).eps
    return int((values > zero).sum())
