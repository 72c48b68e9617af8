"""Exact nearest neighbours by one matrix product a block.

Letters: Q queries, M gallery rows, D embedding, K neighbours. Q x M is never held whole.
"""

from __future__ import annotations

import numpy as np

BLOCK = 2**22  # products at a time


def largest_products(
    queries: np.ndarray, gallery: np.ndarray, count: int, own: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """(indices, products), each (Q, K), of the gallery rows with the largest inner products.

    queries: (Q, D); gallery: (M, D). The largest comes first. Rows of length 1 make the products
    cosines, and these rows the nearest, by cosine as by Euclidean distance.
    own: (Q,) the gallery row that is the query itself, which is left out. K is `count`, or as
    many as the gallery has.
    """
    import torch

    rows, targets = (torch.from_numpy(np.ascontiguousarray(x)) for x in (queries, gallery))
    count = min(count, len(targets) - (own is not None))
    # Kept in one place: small results between freed blocks would keep their memory in pieces.
    indices = torch.empty(len(rows), count, dtype=torch.int64)
    products = torch.empty(len(rows), count, dtype=rows.dtype)
    size = max(1, BLOCK // len(targets))
    for start in range(0, len(rows), size):
        part = slice(start, start + size)
        block = rows[part] @ targets.T  # (Q', M)
        if own is not None:
            block[np.arange(len(block)), own[part]] = -torch.inf
        torch.topk(block, count, dim=1, out=(products[part], indices[part]))
    return indices.numpy(), products.numpy()


def nearest_on_plane(layout: np.ndarray, count: int, asked: np.ndarray) -> np.ndarray:
    """(Q, K) indices of the nearest other points of an (N, 2) layout, nearest first.

    asked: (Q,) the points whose neighbours are wanted.
    |q - g|² = |q|² - 2 (q·g - |g|²/2): the smallest distance is the largest product of [q, 1]
    with [g, -|g|²/2].
    """
    centred = layout.astype(np.float64) - layout.mean(axis=0)
    gallery = np.c_[centred, -(centred**2).sum(axis=1) / 2]  # (N, 3)
    queries = np.c_[centred[asked], np.ones(len(asked))]
    return largest_products(queries, gallery, count, own=asked)[0]
