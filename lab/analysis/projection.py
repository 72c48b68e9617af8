"""Embeddings laid out as two maps, before and after, in one aligned layout.

Letters: N points, D embedding, K neighbours.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from lab.config import ProjectionConfig

EPOCHS = 200  # of UMAP; 500 (its default) give the same trustworthiness to three digits
# Learning rates of the two layouts. Laid out twice at 1.0, equal embeddings end 11% of the map's
# width apart (median, 1,000 points in 20 groups); at 0.25 it is 4%, and what moved is laid out
# as well as at 1.0. At 0.1 groups that came together stay apart.
FRESH, FOLLOWING = 1.0, 0.25
FEWEST = 5  # points; fewer have no neighbourhoods to keep


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
    UMAP: before is laid out from its PCA; after starts from the layout of before, at a quarter
    of its learning rate, and is then turned onto it (orthogonal Procrustes). What looks like
    movement still holds layout noise.
    Fewer than 5 points have no neighbourhoods: they are laid out by PCA, and `method` says so.
    """
    if config.method == "pca" or len(before) < FEWEST:
        return Maps(*_pca(before, after), method="pca")
    first = _umap(before, _start(before, config.seed), FRESH, config)
    second = _umap(after, first, FOLLOWING, config)
    return Maps(first, align(second, first), method="umap")


def _pca(before: np.ndarray, after: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    both = np.concatenate([before, after]).astype(np.float64)
    centre = both.mean(axis=0)
    # D x D covariance: for N beyond D this is far less than a decomposition of all rows.
    _, axes = np.linalg.eigh(np.cov(both - centre, rowvar=False))  # ascending
    axes = axes[:, ::-1][:, :2]
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])  # one sign for any LAPACK
    return (before - centre) @ axes, (after - centre) @ axes


def _start(x: np.ndarray, seed: int) -> np.ndarray:
    """PCA of x within about ±10, as UMAP's own first layouts are.

    The noise parts points that lie on one another, which UMAP cannot move apart.
    """
    layout = _pca(x, x)[0]
    noise = np.random.default_rng(seed).normal(scale=1e-3, size=layout.shape)
    return 10 * layout / max(1e-9, np.abs(layout).max()) + noise


def _umap(x: np.ndarray, start: np.ndarray, rate: float, config: ProjectionConfig) -> np.ndarray:
    """UMAP by its two stages, neighbour graph and layout (McInnes et al. 2018, algorithms 1, 5).

    They take exact neighbours and the start as they are; the estimator would stretch the start
    to a square, and with it everything that the two maps share.
    """
    umap, optimize_layout_euclidean = _import_umap()
    neighbours = min(config.n_neighbors, len(x) - 1)
    random = np.random.RandomState(config.seed)
    indices, distances = nearest_neighbours(x, neighbours)
    graph, _, _ = umap.fuzzy_simplicial_set(
        x, neighbours, random, "cosine", knn_indices=indices, knn_dists=distances
    )
    edges = graph.tocoo()
    often = edges.data >= edges.data.max() / EPOCHS  # the others would not be drawn once
    a, b = umap.find_ab_params(spread=1.0, min_dist=config.min_dist)
    layout = start.astype(np.float32)
    optimize_layout_euclidean(
        layout,  # moved in place, as head and as tail of the edges
        layout,
        edges.row[often],
        edges.col[often],
        EPOCHS,
        len(x),
        umap.make_epochs_per_sample(edges.data[often], EPOCHS),
        a,
        b,
        random.randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64),
        initial_alpha=rate,
        parallel=False,  # threads would race, and the seed would not decide the layout
        move_other=True,
    )
    return layout.astype(np.float64)


def _import_umap() -> tuple[ModuleType, Callable[..., np.ndarray]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # of TensorFlow, for a part not used here
        import umap.umap_
        from umap.layouts import optimize_layout_euclidean
    return umap.umap_, optimize_layout_euclidean


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
    """Compile UMAP: its first layout in a process costs seconds, whatever the data.

    For a background thread. There is one path through UMAP here for any number of points.
    """
    generator = np.random.default_rng(0)
    x = generator.normal(size=(64, 8)).astype(np.float32)
    x /= np.linalg.norm(x, axis=1, keepdims=True)
    project(x, x, ProjectionConfig(method="umap"))
