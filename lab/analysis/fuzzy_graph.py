"""UMAP's neighbour graph: how strongly points belong together (McInnes et al. 2018, algorithms 2
and 3).

umap-learn's own function gives the same graph, and compiles for five seconds to do so.

Letters: N points, D embedding, K neighbours, E edges.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from lab.analysis.nearest import largest_products
from lab.config import ProjectionConfig

HALVINGS = 64  # of the search for a bandwidth
NARROWEST = 1e-3  # bandwidth, as a share of the mean distance: equal points would have none


@dataclass(frozen=True)
class FuzzyGraph:
    """head, tail: (E,) int32, both ways of every edge, sorted; weight: (E,) in (0, 1]."""

    head: np.ndarray
    tail: np.ndarray
    weight: np.ndarray


def neighbour_graph(x: np.ndarray, config: ProjectionConfig) -> FuzzyGraph:
    """UMAP's graph over (N, D) rows of length 1; a point counts among its n_neighbors itself.

    On the sphere both metrics name the same neighbours, |x - y|² = 2 (1 - cosine); Euclidean
    distances set the near ones further apart, compared with the far ones.
    """
    count = min(config.n_neighbors, len(x)) - 1
    indices, cosines = largest_products(x, x, count, own=np.arange(len(x)))
    distances = np.maximum(1 - cosines, 0)
    if config.metric == "euclidean":
        distances = np.sqrt(2 * distances)
    return _fuzzy_union(indices, distances)


def _fuzzy_union(indices: np.ndarray, distances: np.ndarray) -> FuzzyGraph:
    """The fuzzy union of every point's neighbourhood.

    indices, distances: (N, K), nearest first, the point itself left out.
    """
    count, neighbours = indices.shape
    weights = _memberships(distances).ravel()
    head = np.repeat(np.arange(count, dtype=np.int64), neighbours)
    tail = indices.ravel().astype(np.int64)
    codes = np.concatenate([head * count + tail, tail * count + head])
    edges, places = np.unique(codes, return_inverse=True)
    there, back = (
        np.bincount(half, weights, len(edges)) for half in np.split(places.reshape(-1), 2)
    )
    head, tail = np.divmod(edges, count)
    return FuzzyGraph(head.astype(np.int32), tail.astype(np.int32), there + back - there * back)


def _memberships(distances: np.ndarray) -> np.ndarray:
    """(N, K) exp(-(d - rho) / sigma), 1 for the nearest: rho is the distance of the nearest
    that is not the same point, and sigma makes a row's sum log2(K + 1)."""
    distances = distances.astype(np.float64)
    rho = np.min(distances, axis=1, where=distances > 0, initial=np.inf)
    rho[np.isinf(rho)] = 0
    beyond = np.maximum(distances - rho[:, None], 0)
    return np.exp(-beyond / _bandwidths(beyond, distances, rho)[:, None])


def _bandwidths(beyond: np.ndarray, distances: np.ndarray, rho: np.ndarray) -> np.ndarray:
    count, neighbours = beyond.shape
    target = np.log2(neighbours + 1)
    low, high, sigma = np.zeros(count), np.full(count, np.inf), np.ones(count)
    for _ in range(HALVINGS):
        above = np.exp(-beyond / sigma[:, None]).sum(axis=1) > target
        low, high = np.where(above, low, sigma), np.where(above, sigma, high)
        sigma = np.where(np.isinf(high), 2 * sigma, (low + high) / 2)
    # Means over K + 1, as if the point itself were its first neighbour at distance 0.
    own = distances.sum(axis=1) / (neighbours + 1)
    least = NARROWEST * np.where(rho > 0, own, own.mean())
    return np.maximum(sigma, np.maximum(least, np.finfo(float).tiny))
