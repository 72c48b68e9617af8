"""What helps to read maps: how far they can be believed, and what is known of each item on them.

Letters: N pairs, so 2N items (all of a, then all of b), D embedding.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from lab.analysis.clusters import cluster_items
from lab.analysis.faithfulness import Faithfulness, faithfulness
from lab.analysis.movement import moved_in_space, share_beyond
from lab.analysis.neighbours import Neighbours, find_neighbours
from lab.analysis.projection import Maps, noise_floor
from lab.analysis.suggestions import Suggestion, suggest
from lab.config import ProjectionConfig

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch

SURVEYED = 4_000  # items; of more, an even sample is asked for its neighbours among all


@dataclass(frozen=True)
class MapQuality:
    """before, after: how faithful each map is.

    moved: the median distance between an item's two places, floor: that which the layout alone
    makes (projection.noise_floor); both as shares of the maps' width.
    beyond: share of the items that moved further than 95% of the noise floor does.
    """

    before: Faithfulness
    after: Faithfulness
    moved: float
    floor: float
    beyond: float


def measure_maps(
    before: np.ndarray, after: np.ndarray, maps: Maps, config: ProjectionConfig
) -> Maps:
    """The same maps with their quality measured.

    before, after: (2N, D), rows of length 1, as they were laid out by `config`. A second of UMAP
    for the noise floor, and less for the rest, at 4,000 items.
    """
    floor = noise_floor(before, maps, config)
    width = _width(maps)
    quality = MapQuality(
        faithfulness(before, maps.before),
        faithfulness(after, maps.after),
        moved=float(np.median(maps.moved)) / width,
        floor=float(np.median(floor)) / width,
        beyond=share_beyond(maps.moved, floor),
    )
    return replace(maps, quality=quality)


def _width(maps: Maps) -> float:
    """The longer side of the box around both maps."""
    places = np.concatenate([maps.before, maps.after])
    return float(np.ptp(places, axis=0).max()) or 1.0


@dataclass(frozen=True)
class ItemReading:
    """moved: (2N,) cosine distance between an item's embeddings before and after, 0 to 2.

    clusters: (2N,) k-means of the embeddings after, from 0, the largest first.
    """

    moved: np.ndarray
    clusters: np.ndarray


def read_items(before: EmbeddingSet, after: EmbeddingSet, seed: int = 0) -> ItemReading:
    """The same pairs before and after; a tenth of a second at 4,000 items."""
    moved = moved_in_space(before.stacked(), after.stacked())
    return ItemReading(moved, cluster_items(after, seed=seed))


def survey_neighbours(
    before: EmbeddingSet, after: EmbeddingSet
) -> tuple[Neighbours, list[Suggestion]]:
    """The nearest on the other side of every item, or of an even sample; which to look at first.

    A third of a second at 4,000 items.
    """
    total = 2 * len(before)
    items = np.linspace(0, total - 1, min(total, SURVEYED)).round().astype(int)
    found = find_neighbours(before, after, items=items)
    return found, suggest(before, after, found)
