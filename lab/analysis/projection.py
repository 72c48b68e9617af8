"""Embeddings laid out as two maps, before and after, in one aligned layout.

Letters: N points, D embedding.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from lab.analysis.compiled import import_compiled
from lab.analysis.fuzzy_graph import neighbour_graph
from lab.analysis.principal_axes import Axes, principal_axes
from lab.config import ProjectionConfig

if TYPE_CHECKING:
    from lab.analysis.map_reading import MapQuality

FEWEST = 5  # points; fewer have no neighbourhoods to keep


@dataclass(frozen=True)
class Maps:
    """before, after: (N, 2), the same points in the same order; method: "pca" or "umap".

    axes: of PCA; None: UMAP has none. quality: where map_reading.measure_maps has measured it.
    """

    before: np.ndarray
    after: np.ndarray
    method: str
    axes: Axes | None = None
    quality: MapQuality | None = None

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
        axes = principal_axes(np.concatenate([before, after]))
        return Maps(axes.place(before), axes.place(after), "pca", axes)
    first = _umap(before, _start(before, config.seed), FRESH, config)
    return Maps(first, _follow(after, first, config), "umap")


def place(x: np.ndarray, maps: Maps, config: ProjectionConfig) -> np.ndarray:
    """(N, 2) places on the maps of other embeddings x (N, D) of the same points.

    By PCA along the maps' axes; by UMAP laid out from the map before, as the map after is.
    So maps of a base with itself can be made while it still trains: placing what it became
    takes a third of the time of both.
    """
    return maps.axes.place(x) if maps.axes else _follow(x, maps.before, config)


def noise_floor(before: np.ndarray, maps: Maps, config: ProjectionConfig) -> np.ndarray:
    """(N,) distances that the points move though nothing changed.

    The embeddings before (N, D) are placed a second time just as those after were. A distance
    moved that is no larger than these is layout noise. By PCA it is 0 everywhere.
    A larger one need not be the point's own: where many of its neighbours moved (a quarter of
    all points, say), UMAP carries it along. movement.moved_in_space tells the two apart.
    """
    return replace(maps, after=place(before, maps, config)).moved


def _start(x: np.ndarray, seed: int) -> np.ndarray:
    """PCA of x within about ±10, as UMAP's own first layouts are.

    The noise parts points that lie on one another, which UMAP cannot move apart.
    """
    layout = principal_axes(x).place(x)
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


def _import_umap() -> tuple[ModuleType, Callable[..., np.ndarray]]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ImportWarning)  # of TensorFlow, for a part not used here
        return import_compiled(_import_parts)


def _import_parts() -> tuple[ModuleType, Callable[..., np.ndarray]]:
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
