"""Embeddings laid out as two maps, before and after, in one aligned layout.

Letters: N points, D embedding, K neighbours.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from lab.config import ProjectionConfig


@dataclass(frozen=True)
class Maps:
    """before, after: (N, 2), the same points in the same order; method: "pca" or "umap"."""

    before: np.ndarray
    after: np.ndarray
    method: str


def project(before: np.ndarray, after: np.ndarray, config: ProjectionConfig) -> Maps:
    """Lay out (N, D) embeddings before and after so that a point's two places can be compared.

    PCA: one pair of axes for both, fitted on before and after together, so a distance between
    the two maps is a distance moved along those axes.
    UMAP: before is laid out from its PCA; after starts from the layout of before and is then
    turned onto it (orthogonal Procrustes). What looks like movement still holds layout noise.
    """
    if config.method == "pca":
        return Maps(*_pca(before, after), method="pca")
    start = _unit_spread(_pca(before, before)[0])
    first = _umap(before, start, config)
    second = _umap(after, first, config)
    return Maps(first, align(second, first), method="umap")


def _pca(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    both = np.concatenate([before, after]).astype(np.float64)
    centre = both.mean(axis=0)
    # D x D covariance: for N beyond D this is far less than a decomposition of all rows.
    _, axes = np.linalg.eigh(np.cov(both - centre, rowvar=False))  # ascending
    axes = axes[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])  # one sign for any LAPACK
    return (before - centre) @ axes, (after - centre) @ axes


def _unit_spread(layout: np.ndarray) -> np.ndarray:
    """The scale UMAP's own initial layouts have: within about ±10."""
    return (10 * layout / max(1e-9, np.abs(layout).max())).astype(np.float32)


def _umap(x: np.ndarray, start: np.ndarray, config: ProjectionConfig) -> np.ndarray:
    import umap

    neighbours = min(config.n_neighbors, len(x) - 1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of parallelism given up for the seed, and of the k-NN
        layout = umap.UMAP(
            n_neighbors=neighbours,
            min_dist=config.min_dist,
            metric="cosine",
            init=start,
            random_state=config.seed,
            n_jobs=1,
            precomputed_knn=nearest_neighbours(x, neighbours),
        ).fit_transform(x)
    return np.asarray(layout, dtype=np.float64)


def nearest_neighbours(x: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Exact (indices, cosine distances), each (N, K), nearest first, every point its own first.

    x: (N, D), rows of length 1. One matrix product a block, in place of UMAP's approximate
    search, which would cost seconds of compilation.
    """
    import torch

    points = torch.from_numpy(np.ascontiguousarray(x, dtype=np.float32))
    indices, distances = [], []
    for start in range(0, len(points), 1024):
        similarity = points[start : start + 1024] @ points.T  # (Q, N)
        rows = torch.arange(len(similarity))
        similarity[rows, start + rows] = 2.0  # itself first, before its exact duplicates
        nearest = similarity.topk(count, dim=1)
        indices.append(nearest.indices)
        distances.append((1 - nearest.values).clamp(min=0))
    return torch.cat(indices).numpy().astype(np.int32), torch.cat(distances).numpy()


def align(layout: np.ndarray, onto: np.ndarray) -> np.ndarray:
    """`layout` (N, 2) turned, mirrored and shifted to lie closest to `onto` (Schönemann 1966)."""
    centre, target = layout.mean(axis=0), onto.mean(axis=0)
    u, _, vt = np.linalg.svd((layout - centre).T @ (onto - target))
    return (layout - centre) @ (u @ vt) + target


def warm_up() -> None:
    """Compile UMAP: its first layout in a process costs seconds, whatever the data."""
    generator = np.random.default_rng(0)
    x = generator.normal(size=(64, 8)).astype(np.float32)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    project(x, x, ProjectionConfig(method="umap"))
