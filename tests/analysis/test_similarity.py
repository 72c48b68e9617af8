from __future__ import annotations

import numpy as np

from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.similarity import similarity_matrices


def make_set(rows, count: int, seed: int) -> EmbeddingSet:
    keys = tuple(str(i) for i in range(count))
    return EmbeddingSet(rows(count, 8, seed=seed), rows(count, 8, seed=seed + 1), keys, keys)


def test_all_pairs_when_they_fit(unit_rows) -> None:
    before, after = make_set(unit_rows, 20, 0), make_set(unit_rows, 20, 5)
    made = similarity_matrices(before, after)
    np.testing.assert_allclose(made.before, before.a @ before.b.T, rtol=1e-6)
    np.testing.assert_allclose(made.difference, after.a @ after.b.T - made.before, rtol=1e-6)
    assert not made.is_sample


def test_an_even_sample_past_the_limit_which_says_so(unit_rows) -> None:
    before, after = make_set(unit_rows, 50, 0), make_set(unit_rows, 50, 5)
    made = similarity_matrices(before, after, limit=12)
    steps = np.diff(made.indices)
    assert made.is_sample
    assert made.pairs == 50
    assert made.before.shape == (12, 12)
    assert (made.indices[0], made.indices[-1]) == (0, 49)
    assert set(steps) <= {4, 5}
    np.testing.assert_allclose(
        made.after, (after.a @ after.b.T)[np.ix_(made.indices, made.indices)]
    )
