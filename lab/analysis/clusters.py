"""Groups of items: k-means to colour a map by, and an order that puts like pairs side by side.

Letters: N items, D embedding, C clusters, M pairs of a matrix.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch

ROUNDS = 100  # Lloyd's steps at most
FITTED = 10_000  # items; of more, an even sample sets the centres
MOST = 10  # clusters by default: more colours than that cannot be told apart


def cluster_items(e: EmbeddingSet, count: int | None = None, seed: int = 0) -> np.ndarray:
    """(2N,) clusters of all items, of a and then of b, from 0, the largest first.

    Each side's mean is taken out first: otherwise the sides themselves would be the clusters
    where they lie apart (the modality gap).
    """
    centred = [side - side.mean(axis=0) for side in (e.a, e.b)]
    return k_means(np.concatenate(centred), count, seed)


def k_means(x: np.ndarray, count: int | None = None, seed: int = 0) -> np.ndarray:
    """(N,) clusters of (N, D) rows, from 0, the largest first (Lloyd 1982).

    count: at most so many; None: sqrt(N / 2), between 2 and 10.
    """
    if count is None:
        count = int(np.clip(round((len(x) / 2) ** 0.5), 2, MOST))
    sample = np.linspace(0, len(x) - 1, min(len(x), FITTED)).round().astype(int)
    centres = _fit_centres(x[sample], count, np.random.default_rng(seed))
    labels = _nearest_centre(x, centres)
    by_size = np.argsort(-np.bincount(labels, minlength=len(centres)), kind="stable")
    return np.argsort(by_size)[labels]


def _fit_centres(x: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """(C, D) means of the rows nearest to them."""
    centres = _first_centres(x, count, generator)
    labels = _nearest_centre(x, centres)
    for _ in range(ROUNDS):
        held = np.unique(labels)  # a centre that lost all its rows goes
        centres = np.stack([x[labels == label].mean(axis=0) for label in held])
        previous, labels = np.searchsorted(held, labels), _nearest_centre(x, centres)
        if np.array_equal(previous, labels):
            break
    return centres


def _first_centres(x: np.ndarray, count: int, generator: np.random.Generator) -> np.ndarray:
    """k-means++: each centre is drawn with the squared distance to those drawn before it (Arthur
    & Vassilvitskii 2007). Fewer than `count` where there are fewer distinct rows."""
    centres = [x[generator.integers(len(x))]]
    squared = ((x - centres[0]) ** 2).sum(axis=1, dtype=np.float64)  # (N,)
    while len(centres) < count and squared.max() > 0:
        centres.append(x[generator.choice(len(x), p=squared / squared.sum())])
        squared = np.minimum(squared, ((x - centres[-1]) ** 2).sum(axis=1))
    return np.stack(centres)


def _nearest_centre(x: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """(N,): |x - c|² is smallest where x·c - |c|²/2 is largest."""
    return (x @ centres.T - (centres**2).sum(axis=1) / 2).argmax(axis=1)


def cluster_order(x: np.ndarray) -> np.ndarray:
    """(M,) the leaves of an average-linkage tree over (M, D) rows of length 1, left to right.

    Agglomerative clustering by cosine distance (UPGMA, Sokal & Michener 1958); M³ comparisons,
    so for a matrix of a few hundred.
    """
    distances = 1 - x @ x.T.astype(np.float64)  # (M, M)
    np.fill_diagonal(distances, np.inf)
    leaves = {row: [row] for row in range(len(x))}  # row of the matrix -> its cluster's leaves
    age = np.arange(len(x))  # when each row's cluster was made
    for step in range(len(x) - 1):
        first, second = np.unravel_index(distances.argmin(), distances.shape)
        if age[first] > age[second]:
            first, second = second, first  # the older one to the left
        sizes = [len(leaves[row]) for row in (first, second)]
        merged = np.average(distances[[first, second]], axis=0, weights=sizes)
        distances[first], distances[:, first], distances[first, first] = merged, merged, np.inf
        distances[second] = distances[:, second] = np.inf
        leaves[first] += leaves.pop(second)
        age[first] = len(x) + step
    return np.array(leaves.popitem()[1] if leaves else [], dtype=int)
