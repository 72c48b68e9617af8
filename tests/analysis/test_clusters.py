from __future__ import annotations

import numpy as np
import pytest
from scipy.cluster.hierarchy import leaves_list, linkage
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score

from lab.analysis import clusters
from lab.analysis.clusters import cluster_items, cluster_order, k_means
from lab.analysis.embeddings import EmbeddingSet

GROUPS = 6  # of unit_rows, item i in group i % 6


def inertia(x: np.ndarray, labels: np.ndarray) -> float:
    parts = [x[labels == label] for label in np.unique(labels)]
    return float(sum(((part - part.mean(axis=0)) ** 2).sum() for part in parts))


def test_k_means_finds_the_groups_there_are(unit_rows) -> None:
    x = unit_rows(120, 32)
    labels = min(
        (k_means(x, GROUPS, seed) for seed in range(5)), key=lambda found: inertia(x, found)
    )
    assert adjusted_rand_score(np.arange(120) % GROUPS, labels) == 1


def test_k_means_ends_where_no_item_has_a_nearer_centre(unit_rows) -> None:
    """scikit-learn, started from our centres, stays there."""
    x = unit_rows(200, 12)
    labels = k_means(x, 9)
    centres = np.stack([x[labels == label].mean(axis=0) for label in range(labels.max() + 1)])
    reference = KMeans(len(centres), init=centres, n_init=1).fit(x)
    np.testing.assert_array_equal(reference.labels_, labels)


def test_the_largest_cluster_comes_first_and_the_seed_decides(unit_rows) -> None:
    x = unit_rows(150, 12)
    labels = k_means(x, 8, seed=4)
    sizes = np.bincount(labels)
    assert (np.diff(sizes) <= 0).all()
    np.testing.assert_array_equal(k_means(x, 8, seed=4), labels)


def test_of_many_items_a_sample_sets_the_centres(unit_rows, monkeypatch) -> None:
    x = unit_rows(300, 32)
    monkeypatch.setattr(clusters, "FITTED", 100)
    labels = min((k_means(x, GROUPS, s) for s in range(5)), key=lambda found: inertia(x, found))
    assert adjusted_rand_score(np.arange(300) % GROUPS, labels) == 1


@pytest.mark.parametrize(("count", "groups"), [(2, 2), (32, 4), (2000, 10)])
def test_how_many_clusters_there_are_by_default(count, groups) -> None:
    x = np.random.default_rng(0).normal(size=(count, 4)).astype(np.float32)
    assert len(np.unique(k_means(x))) == groups


@pytest.mark.parametrize("count", [1, 2, 30])
def test_equal_items_are_one_cluster(count) -> None:
    assert not k_means(np.ones((count, 4), dtype=np.float32), 5).any()


def test_sides_that_lie_apart_are_not_the_clusters(unit_rows) -> None:
    """The same groups on both sides of a gap much wider than they are."""
    a, b = unit_rows(60, 12, seed=1), unit_rows(60, 12, seed=2)
    gap = np.zeros(12, dtype=np.float32)
    gap[0] = 5
    keys = tuple(map(str, range(60)))
    labels = cluster_items(EmbeddingSet(a + gap, b - gap, keys, keys), GROUPS)
    assert adjusted_rand_score(labels[:60], labels[60:]) > 0.6
    assert adjusted_rand_score(np.repeat([0, 1], 60), labels) < 0.1


@pytest.mark.parametrize("count", [2, 3, 10, 60])
def test_the_order_is_scipys_leaves_by_average_linkage(unit_rows, count) -> None:
    x = unit_rows(count, 12)
    expected = leaves_list(linkage(x.astype(np.float64), method="average", metric="cosine"))
    np.testing.assert_array_equal(cluster_order(x), expected)


@pytest.mark.parametrize("count", [0, 1, 20])
def test_an_order_of_equal_or_hardly_any_items_holds_each_once(count) -> None:
    x = np.ones((count, 4), dtype=np.float32) / 2
    assert sorted(cluster_order(x)) == list(range(count))
