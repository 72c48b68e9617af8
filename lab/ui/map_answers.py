"""What the maps' visitor asks for: an item's neighbours, an overview of all, another layout.

Plain functions over a run's outcome. What comes from a browser is checked here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.charts.neighbour_values import neighbours_value
from lab.charts.values import name_sides
from lab.config import ProjectionConfig
from lab.report.maps import view_overlap
from lab.words import Words

if TYPE_CHECKING:
    from lab.analysis.projection import Maps
    from lab.experiment import Outcome


def check_item(data: Any, outcome: Outcome) -> int | None:
    """The item that a browser's {"index"} means, or None when it means none."""
    index = data.get("index") if isinstance(data, dict) else None
    if type(index) is not int:  # a bool is an int to isinstance
        return None
    return index if 0 <= index < 2 * len(outcome.after) else None


def view_item(outcome: Outcome, item: int, words: Mapping[str, Words]) -> dict[str, Any]:
    """The neighbours of one item, on either side."""
    from lab.analysis.neighbours import find_neighbours

    asked, both = np.array([item]), (outcome.baseline.before, outcome.after)
    lists = {
        among: find_neighbours(*both, among=among, items=asked) for among in ("across", "within")
    }
    test = name_sides(outcome.baseline.test, words["sides"])
    return neighbours_value(test, lists, words["neighbours"])


def view_overview(
    outcome: Outcome, words: Mapping[str, Words]
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Every item's overlap with suggestions, and the first suggestion's neighbours."""
    value = view_overlap(outcome, words)
    told = value["suggestions"]
    return value, view_item(outcome, told[0]["item"], words) if told else None


def lay_out(
    outcome: Outcome, drawn: tuple[Maps, ...], config: ProjectionConfig
) -> tuple[Maps, ...]:
    """The PCA maps that are drawn, and UMAP's by other settings."""
    from lab.analysis.projection import project

    pca = tuple(maps for maps in drawn if maps.method == "pca")
    return (*pca, project(outcome.baseline.before.stacked(), outcome.after.stacked(), config))


def read_layout(outcome: Outcome, n_neighbors: Any, min_dist: Any, metric: Any) -> ProjectionConfig:
    """UMAP's settings as a visitor wants them, with the run's seed. Raises LabError."""
    return ProjectionConfig(
        method="umap",
        n_neighbors=n_neighbors if type(n_neighbors) is int else 0,
        min_dist=min_dist if type(min_dist) in (int, float) else -1,
        metric=str(metric),
        seed=outcome.config.train.seed,
    )


def measure(outcome: Outcome, maps: tuple[Maps, ...], config: ProjectionConfig) -> tuple[Maps, ...]:
    """The same maps, each with how far it can be believed; PCA's was measured with the run."""
    from lab.analysis.map_reading import measure_maps

    both = outcome.baseline.before.stacked(), outcome.after.stacked()
    return tuple(drawn if drawn.quality else measure_maps(*both, drawn, config) for drawn in maps)
