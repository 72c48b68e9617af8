from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch

Rows = Callable[..., np.ndarray]


@pytest.fixture(autouse=True)
def _one_thread():
    """Tiny products are faster on one thread, and the cores are shared."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def unit_rows() -> Rows:
    """unit_rows(N, D, seed) -> (N, D) float32 of length 1, around a few centres."""

    def make(count: int, width: int, seed: int = 0, centres: int = 6) -> np.ndarray:
        middles = 2 * np.random.default_rng(99).normal(size=(centres, width))
        noise = np.random.default_rng(seed).normal(size=(count, width))
        rows = middles[np.arange(count) % centres] + noise
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    return make
