"""The lab's graph against umap-learn's own."""

from __future__ import annotations

import numpy as np
import pytest

from lab.analysis.fuzzy_graph import neighbour_graph
from lab.analysis.projection import _import_umap
from lab.config import ProjectionConfig


def umaps_graph(x: np.ndarray, config: ProjectionConfig):
    """umap-learn's, from distances of all points to all."""
    umap, _ = _import_umap()
    cosine = np.maximum(1 - x @ x.T, 0)
    np.fill_diagonal(cosine, -1)  # the point itself first
    indices = np.argsort(cosine, axis=1)[:, : config.n_neighbors]
    distances = np.maximum(np.take_along_axis(cosine, indices, axis=1), 0)
    if config.metric == "euclidean":
        distances = np.sqrt(2 * distances)
    graph, _, _ = umap.fuzzy_simplicial_set(
        x,
        config.n_neighbors,
        np.random.RandomState(0),
        config.metric,
        knn_indices=indices.astype(np.int32),
        knn_dists=distances.astype(np.float32),
    )
    return graph.tocoo()


@pytest.mark.parametrize("metric", ["cosine", "euclidean"])
@pytest.mark.parametrize("neighbours", [2, 5, 15])
def test_the_graph_is_umap_learns(unit_rows, metric, neighbours) -> None:
    x, config = unit_rows(80, 12), ProjectionConfig(metric=metric, n_neighbors=neighbours)
    graph, expected = neighbour_graph(x, config), umaps_graph(x, config)
    np.testing.assert_array_equal(graph.head, expected.row)
    np.testing.assert_array_equal(graph.tail, expected.col)
    np.testing.assert_allclose(graph.weight, expected.data, atol=1e-4)


def test_equal_points_belong_together_wholly() -> None:
    graph = neighbour_graph(np.ones((20, 4), dtype=np.float32) / 2, ProjectionConfig())
    np.testing.assert_allclose(graph.weight, 1)


def test_a_pair_of_copies_among_others_leaves_the_graph_umap_learns(unit_rows) -> None:
    x = unit_rows(60, 12)
    x[1] = x[0]
    config = ProjectionConfig(n_neighbors=6)
    expected = umaps_graph(x, config)
    np.testing.assert_allclose(neighbour_graph(x, config).weight, expected.data, atol=1e-4)
