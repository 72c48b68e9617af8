from __future__ import annotations

import numpy as np
import pytest

from lab.analysis.clusters import cluster_order
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


@pytest.mark.parametrize("order", ["given", "cluster"])
@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("count", [5, 50])
def test_every_cell_is_the_cosine_of_the_items_its_row_and_column_name(
    unit_rows, order, joint, count
) -> None:
    before, after = make_set(unit_rows, count, 0), make_set(unit_rows, count, 5)
    made = similarity_matrices(before, after, limit=24, order=order, joint=joint)
    for e, matrix in ((before, made.before), (after, made.after)):
        x = e.stacked()
        np.testing.assert_allclose(matrix, x[made.rows] @ x[made.columns].T, atol=1e-6)
    assert len(made.rows) <= 24
    assert made.is_sample == (count == 50)
    assert (made.order, made.joint) == (order, joint)


@pytest.mark.parametrize("joint", [False, True])
def test_ordered_by_cluster_the_same_pairs_stand_elsewhere(unit_rows, joint) -> None:
    moments = make_set(unit_rows, 50, 0), make_set(unit_rows, 50, 5)
    given = similarity_matrices(*moments, limit=24, joint=joint)
    ordered = similarity_matrices(*moments, limit=24, order="cluster", joint=joint)
    assert sorted(ordered.indices) == list(given.indices)
    groups = ordered.indices % 6  # of unit_rows
    assert np.count_nonzero(np.diff(groups)) < np.count_nonzero(np.diff(given.indices % 6))
    both = [side[given.indices] for e in moments for side in (e.a, e.b)]
    expected = cluster_order(np.concatenate(both, axis=1) / 2)
    np.testing.assert_array_equal(ordered.indices, given.indices[expected])
