"""One moment's metrics, each with its interval.

Letters: N pairs, R resamples, K metrics.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.analysis.bootstrap import Bootstrap, percentile_interval
from lab.analysis.geometry import gap_shares, pair_distances, potentials
from lab.analysis.retrieval import DIRECTIONS, RANK_SCORES

if TYPE_CHECKING:
    from lab.analysis.crossing import Crossing
    from lab.analysis.embeddings import EmbeddingSet  # loads torch

RETRIEVAL = (*RANK_SCORES, "median_rank")
GEOMETRY = ("alignment", "uniformity_a", "uniformity_b", "uniformity_across", "modality_gap")
SMALLEST = 1e-12  # potential whose log is still taken: far below e^-8, that of opposite points
SAMPLE = 5_000  # items of a side whose uniformity is measured, evenly spread over the pairs


@dataclass(frozen=True)
class Estimate:
    """A number and its 95% interval; of the bootstrap, but for groups (see lab.analysis.groups)."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Metrics:
    """One moment's metrics.

    a_to_b, b_to_a: retrieval with the first or the second item as the query, by metric name.
    alignment, uniformity_a, uniformity_b: Wang & Isola 2020; lower is better.
    uniformity_across: the same of a_i with b_j, j other than i: of items that are no pair.
    modality_gap: distance of the sides' centroids, Liang et al. 2022.
    """

    a_to_b: Mapping[str, Estimate]
    b_to_a: Mapping[str, Estimate]
    alignment: Estimate
    uniformity_a: Estimate
    uniformity_b: Estimate
    uniformity_across: Estimate
    modality_gap: Estimate

    def as_json(self, pick: Callable[[Estimate], Any]) -> dict[str, Any]:
        """The metrics as a tree of what `pick` makes of each estimate."""
        retrieval = {
            direction: {name: pick(e) for name, e in getattr(self, direction).items()}
            for direction in DIRECTIONS
        }
        return {**retrieval, **{name: pick(getattr(self, name)) for name in GEOMETRY}}


def measure(bootstrap: Bootstrap, embeddings: EmbeddingSet, crossing: Crossing) -> Metrics:
    """All metrics. bootstrap: over the same pairs; it makes the intervals."""
    gap = estimate_mean(bootstrap, gap_shares(embeddings.a, embeddings.b))
    return Metrics(
        a_to_b=_retrieval(bootstrap, crossing.ranks["a_to_b"]),
        b_to_a=_retrieval(bootstrap, crossing.ranks["b_to_a"]),
        alignment=estimate_mean(bootstrap, pair_distances(embeddings.a, embeddings.b)),
        uniformity_a=_uniformity(*_side(bootstrap, embeddings.a)),
        uniformity_b=_uniformity(*_side(bootstrap, embeddings.b)),
        uniformity_across=_uniformity(bootstrap, crossing.potentials),
        modality_gap=Estimate(gap.value, max(0.0, gap.low), gap.high),
    )


def estimate_mean(bootstrap: Bootstrap, per_pair: np.ndarray) -> Estimate:
    """The mean of (N,) values, and its interval."""
    return _estimate(per_pair.mean(), bootstrap.means(per_pair))


def _retrieval(bootstrap: Bootstrap, ranks: np.ndarray) -> dict[str, Estimate]:
    scores = np.stack([score(ranks) for score in RANK_SCORES.values()], axis=1)  # (N, K)
    resampled = bootstrap.means(scores).T  # (K, R)
    means = map(_estimate, scores.mean(axis=0), resampled)
    middle = _estimate(np.median(ranks), bootstrap.medians(ranks))
    return {**dict(zip(RANK_SCORES, means, strict=True)), "median_rank": middle}


def _side(bootstrap: Bootstrap, x: np.ndarray) -> tuple[Bootstrap, np.ndarray]:
    """One side's potentials, and what resamples them.

    Of many items a sample: each side's own N x N cosines would cost as much as those across, and
    an interval from 5,000 items is narrow already.
    """
    if len(x) <= SAMPLE:
        return bootstrap, potentials(x)
    sample = np.linspace(0, len(x) - 1, SAMPLE).round().astype(np.int64)
    return Bootstrap(SAMPLE, bootstrap.seed), potentials(x[sample])


def _uniformity(bootstrap: Bootstrap, per_item: np.ndarray) -> Estimate:
    """Uniformity is the log of a mean over pairs of items.

    Drawing items twice would put distances of 0 into it; instead each item's own mean is
    resampled, and its deviation counts twice, since an item stands on both sides of a pair
    (the first-order term of a U-statistic, Hoeffding 1948).
    """
    mean = per_item.mean()
    resampled = mean + 2 * (bootstrap.means(per_item) - mean)
    logs = np.log(np.clip([mean, *resampled], SMALLEST, None))
    return _estimate(logs[0], logs[1:])


def _estimate(value: float, resampled: np.ndarray) -> Estimate:
    return Estimate(float(value), *percentile_interval(resampled))
