from __future__ import annotations

import numpy as np
import pytest
from sklearn.neighbors import NearestNeighbors

from lab.analysis import nearest
from lab.analysis.nearest import largest_products, nearest_on_plane


@pytest.fixture(params=[1, 100, 2**22], ids=["a row a block", "few rows a block", "one block"])
def _block(request, monkeypatch) -> None:
    monkeypatch.setattr(nearest, "BLOCK", request.param)


@pytest.mark.usefixtures("_block")
def test_the_largest_products_are_scikit_learns_nearest_by_cosine(unit_rows) -> None:
    queries, gallery = unit_rows(30, 12, seed=1), unit_rows(50, 12, seed=2)
    indices, products = largest_products(queries, gallery, 8)
    reference = NearestNeighbors(n_neighbors=8, metric="cosine").fit(gallery)
    distances, expected = reference.kneighbors(queries)
    np.testing.assert_array_equal(indices, expected)
    np.testing.assert_allclose(1 - products, distances, atol=1e-6)


@pytest.mark.usefixtures("_block")
def test_an_item_is_not_its_own_neighbour_even_beside_its_copy(unit_rows) -> None:
    x = unit_rows(40, 12)
    x[7] = x[3]
    indices, _ = largest_products(x, x, 5, own=np.arange(40))
    assert not (indices == np.arange(40)[:, None]).any()
    assert (indices[7, 0], indices[3, 0]) == (3, 7)


def test_no_more_neighbours_than_there_are(unit_rows) -> None:
    x = unit_rows(4, 12)
    assert largest_products(x, x, 10)[0].shape == (4, 4)
    assert largest_products(x, x, 10, own=np.arange(4))[0].shape == (4, 3)


def test_neighbours_on_the_plane_are_scikit_learns(unit_rows) -> None:
    layout = 100 + np.random.default_rng(0).normal(size=(60, 2))
    asked = np.arange(0, 60, 3)
    indices = nearest_on_plane(layout, 5, asked)
    expected = NearestNeighbors(n_neighbors=5).fit(layout).kneighbors(return_distance=False)
    np.testing.assert_array_equal(indices, expected[asked])
