"""Embeddings laid out as two maps, before and after, in one aligned layout.

Letters: N points, D embedding, K neighbours, E edges.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from types import ModuleType

import numpy as np

from lab.analysis.fuzzy_graph import FuzzyGraph, fuzzy_graph
from lab.analysis.nearest import largest_products
from lab.config import ProjectionConfig

FEWEST = 5  # points; fewer have no neighbourhoods to keep


@dataclass(frozen=True)
class Maps:
    """before, after: (N, 2), the same points in the same order; method: "pca" or "umap"."""

    before: np.ndarray
    after: np.ndarray
    method: str

    @property
    def moved(self) -> np.ndarray:
        """(N,) distance between a point's two places; of UMAP's, compare with noise_floor."""
        return np.linalg.norm(self.after - self.before, axis=1)


@dataclass(frozen=True)
class Descent:
    """How far UMAP's layout is taken: epochs, and the learning rate of the first of them.

    salt: added to the seed, so that the second layout is drawn anew.
    """

    epochs: int
    rate: float
    salt: int = 0


FRESH = Descent(200, 1.0)  # 500 epochs (umap-learn's) give the same trustworthiness to 3 digits
# Laid out twice at 1.0, equal embeddings end 11% of the map's width apart (median, 1,000 points
# in 20 groups); at 0.25 it is 4%, and what moved is laid out nearly as well: trustworthiness
# 0.986 for 0.987. At 0.1, or with 60 epochs, groups that came together stay apart.
FOLLOWING = Descent(100, 0.25, salt=1)


def project(before: np.ndarray, after: np.ndarray, config: ProjectionConfig) -> Maps:
    """Lay out (N, D) embeddings before and after so that a point's two places can be compared.

    before, after: rows of length 1.
    PCA: one pair of axes for both, fitted on before and after together, so a distance between
    the two maps is a distance moved along those axes.
    UMAP: before is laid out from its PCA; after starts from the layout of before, at a quarter
    of its learning rate, and is then turned onto it (orthogonal Procrustes). What looks like
    movement still holds layout noise: see noise_floor.
    Fewer than 5 points have no neighbourhoods: they are laid out by PCA, and `method` says so.
    """
    if config.method == "pca" or len(before) < FEWEST:
        centre, axes = _principal_axes(np.concatenate([before, after]))
        return Maps((before - centre) @ axes, (after - centre) @ axes, method="pca")
    first = _umap(before, _start(before, config.seed), FRESH, config)
    return Maps(first, _follow(after, first, config), method="umap")


def noise_floor(before: np.ndarray, maps: Maps, config: ProjectionConfig) -> np.ndarray:
    """(N,) distances that the points move though nothing changed.

    The embeddings before (N, D) are laid out a second time just as those after were: from the
    first layout, turned onto it. A distance moved that is no larger than these is layout noise.
    By PCA nothing moves that did not change: 0 everywhere.
    """
    if maps.method == "pca":
        return np.zeros(len(before))
    again = _follow(before, maps.before, config)
    return Maps(maps.before, again, maps.method).moved


def _principal_axes(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The centre (D,) and the two axes (D, 2) along which (N, D) rows vary most."""
    centre = x.mean(axis=0, dtype=np.float64)
    centred = x - centre
    # D x D covariance: for N beyond D this is far less than a decomposition of all rows.
    _, axes = np.linalg.eigh(centred.T @ centred)  # ascending
    axes = axes[:, ::-1][:, :2]
    return centre, axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])  # for any LAPACK


def _start(x: np.ndarray, seed: int) -> np.ndarray:
    """PCA of x within about ±10, as UMAP's own first layouts are.

    The noise parts points that lie on one another, which UMAP cannot move apart.
    """
    centre, axes = _principal_axes(x)
    layout = (x - centre) @ axes
    noise = np.random.default_rng(seed).normal(scale=1e-3, size=layout.shape)
    return 10 * layout / max(1e-9, np.abs(layout).max()) + noise


def _follow(x: np.ndarray, first: np.ndarray, config: ProjectionConfig) -> np.ndarray:
    return align(_umap(x, first, FOLLOWING, config), first)


def _umap(
    x: np.ndarray, start: np.ndarray, descent: Descent, config: ProjectionConfig
) -> np.ndarray:
    """UMAP by its two stages, neighbour graph and layout (McInnes et al. 2018, algorithms 1, 5).

    The second takes the start as it is; umap-learn's estimator would stretch the start to a
    square, and with it everything that the two maps share.
    """
    umap, optimize_layout_euclidean = _import_umap()
    graph = neighbour_graph(x, config)
    often = graph.weight >= graph.weight.max() / descent.epochs  # others would not be drawn once
    a, b = umap.find_ab_params(spread=1.0, min_dist=config.min_dist)
    random = np.random.RandomState(config.seed + descent.salt)
    layout = start.astype(np.float32)
    optimize_layout_euclidean(
        layout,  # moved in place, as head and as tail of the edges
        layout,
        graph.head[often],
        graph.tail[often],
        descent.epochs,
        len(x),
        umap.make_epochs_per_sample(graph.weight[often], descent.epochs),
        a,
        b,
        random.randint(-(2**31) + 1, 2**31 - 1, 3).astype(np.int64),
        initial_alpha=descent.rate,
        parallel=False,  # threads would race, and the seed would not decide the layout
        move_other=True,
    )
    return layout.astype(np.float64)


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
    return fuzzy_graph(indices, distances)


def _import_umap() -> tuple[ModuleType, Callable[..., np.ndarray]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # of TensorFlow, for a part not used here
        import umap.umap_
        from umap.layouts import optimize_layout_euclidean
    return umap.umap_, optimize_layout_euclidean


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
