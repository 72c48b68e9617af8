"""Before against after on the held-out pairs: metrics with intervals, and what each pair did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from lab.analysis.bootstrap import (
    Bootstrap,
    log_mean_potential,
    mean_over_pairs,
    percentile_interval,
)
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.geometry import pair_distances, potentials
from lab.analysis.retrieval import (
    mean_reciprocal_rank,
    median_rank,
    recall_at_k,
    retrieval_ranks,
)

RETRIEVAL: Mapping[str, Callable[[np.ndarray], np.ndarray]] = {
    "recall@1": lambda ranks: recall_at_k(ranks, 1),
    "recall@5": lambda ranks: recall_at_k(ranks, 5),
    "recall@10": lambda ranks: recall_at_k(ranks, 10),
    "mrr": mean_reciprocal_rank,
    "median_rank": median_rank,
}
DIRECTIONS = ("a_to_b", "b_to_a")


@dataclass(frozen=True)
class Estimate:
    """A number and its 95% bootstrap interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Metrics:
    """One moment's metrics.

    a_to_b, b_to_a: retrieval with the first or the second item as the query, by metric name.
    alignment, uniformity_a, uniformity_b: Wang & Isola 2020; lower is better.
    """

    a_to_b: Mapping[str, Estimate]
    b_to_a: Mapping[str, Estimate]
    alignment: Estimate
    uniformity_a: Estimate
    uniformity_b: Estimate

    def as_json(self, pick: Callable[[Estimate], Any]) -> dict[str, Any]:
        """The metrics as a tree of what `pick` makes of each estimate."""
        retrieval = {
            direction: {name: pick(e) for name, e in getattr(self, direction).items()}
            for direction in DIRECTIONS
        }
        names = ("alignment", "uniformity_a", "uniformity_b")
        return {**retrieval, **{name: pick(getattr(self, name)) for name in names}}


@dataclass(frozen=True)
class Comparison:
    """Before against after.

    ranks_before, ranks_after: direction -> (N,) rank of the right answer, from 1.
    recall_gain: direction -> recall@1 after minus before, resampled in pairs.
    """

    before: Metrics
    after: Metrics
    ranks_before: Mapping[str, np.ndarray]
    ranks_after: Mapping[str, np.ndarray]
    recall_gain: Mapping[str, Estimate]

    def __len__(self) -> int:
        return len(self.ranks_before["a_to_b"])

    def as_json(self) -> dict[str, Any]:
        """metrics.json: values before and after, and their intervals beside them."""

        def value(estimate: Estimate) -> float:
            return estimate.value

        def interval(estimate: Estimate) -> list[float]:
            return [estimate.low, estimate.high]

        return {
            "before": self.before.as_json(value),
            "after": self.after.as_json(value),
            "intervals": {
                "before": self.before.as_json(interval),
                "after": self.after.as_json(interval),
            },
            "pairs": len(self),
        }

    def change(self) -> np.ndarray:
        """(N,) places won, over both directions on a log scale; negative: lost."""
        return sum(np.log2(self.ranks_before[d]) - np.log2(self.ranks_after[d]) for d in DIRECTIONS)

    def most_changed(self, count: int) -> tuple[list[int], list[int]]:
        """(risen, fallen): the pairs that changed most, the largest change first."""
        change = self.change()
        order = np.argsort(-change, kind="stable")
        risen = [int(i) for i in order[:count] if change[i] > 0]
        fallen = [int(i) for i in order[::-1][:count] if change[i] < 0]
        return risen, fallen

    def verdict(self, a_name: str = "a", b_name: str = "b") -> str:
        """One sentence in plain words on recall@1, in the direction b to a."""
        gain = self.recall_gain["b_to_a"]
        before = self.before.b_to_a["recall@1"].value
        after = self.after.b_to_a["recall@1"].value
        where = f"on {len(self)} held-out pairs"
        span = f"(95%: {gain.low:+.2f} to {gain.high:+.2f})"
        task = f"Recall@1, finding the {a_name} for a {b_name},"
        if gain.low > 0:
            return f"{task} rose from {before:.2f} to {after:.2f} {where} {span}."
        if gain.high < 0:
            return f"{task} fell from {before:.2f} to {after:.2f} {where} {span}."
        return (
            f"{task} went from {before:.2f} to {after:.2f} {where}, which is within what chance "
            f"would do {span}."
        )


def compare(before: EmbeddingSet, after: EmbeddingSet, seed: int = 0) -> Comparison:
    """Measure both, with intervals from one set of resampled pairs.

    before, after: the same pairs in the same order.
    """
    bootstrap = Bootstrap(len(before), seed)
    ranks = [{d: _ranks(e, d) for d in DIRECTIONS} for e in (before, after)]
    gain = {d: _gain(bootstrap, ranks[0][d], ranks[1][d]) for d in DIRECTIONS}
    return Comparison(
        before=_measure(bootstrap, before, ranks[0]),
        after=_measure(bootstrap, after, ranks[1]),
        ranks_before=ranks[0],
        ranks_after=ranks[1],
        recall_gain=gain,
    )


def _ranks(embeddings: EmbeddingSet, direction: str) -> np.ndarray:
    a = (embeddings.a, embeddings.a_keys)
    b = (embeddings.b, embeddings.b_keys)
    (queries, query_keys), (gallery, gallery_keys) = (a, b) if direction == "a_to_b" else (b, a)
    return retrieval_ranks(queries, gallery, query_keys, gallery_keys)


def _measure(
    bootstrap: Bootstrap, embeddings: EmbeddingSet, ranks: Mapping[str, np.ndarray]
) -> Metrics:
    retrieval = {
        direction: {
            name: _estimate(bootstrap, statistic, ranks[direction])
            for name, statistic in RETRIEVAL.items()
        }
        for direction in DIRECTIONS
    }
    return Metrics(
        **retrieval,
        alignment=_estimate(bootstrap, mean_over_pairs, pair_distances(embeddings.a, embeddings.b)),
        uniformity_a=_uniformity(bootstrap, embeddings.a),
        uniformity_b=_uniformity(bootstrap, embeddings.b),
    )


def _uniformity(bootstrap: Bootstrap, x: np.ndarray) -> Estimate:
    per_item = potentials(x)
    return _estimate(bootstrap, log_mean_potential(float(per_item.mean())), per_item)


def _gain(bootstrap: Bootstrap, before: np.ndarray, after: np.ndarray) -> Estimate:
    gained = (after <= 1).astype(np.float64) - (before <= 1)
    return _estimate(bootstrap, mean_over_pairs, gained)


def _estimate(
    bootstrap: Bootstrap, statistic: Callable[[np.ndarray], np.ndarray], per_pair: np.ndarray
) -> Estimate:
    low, high = percentile_interval(bootstrap.values(statistic, per_pair))
    return Estimate(float(statistic(per_pair)), low, high)
