"""Before against after on the held-out pairs: metrics with intervals, and what each pair did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.analysis.bootstrap import Bootstrap, percentile_interval
from lab.analysis.geometry import pair_distances, potentials
from lab.analysis.retrieval import RANK_SCORES, retrieval_ranks

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch

DIRECTIONS = ("a_to_b", "b_to_a")
SMALLEST = 1e-12  # potential whose log is still taken: far below e^-8, that of opposite points


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
        if gain.low == gain.high == 0:
            return f"{task} stayed at {after:.2f} {where}."
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
    return Metrics(
        a_to_b=_retrieval(bootstrap, ranks["a_to_b"]),
        b_to_a=_retrieval(bootstrap, ranks["b_to_a"]),
        alignment=_mean(bootstrap, pair_distances(embeddings.a, embeddings.b)),
        uniformity_a=_uniformity(bootstrap, embeddings.a),
        uniformity_b=_uniformity(bootstrap, embeddings.b),
    )


def _retrieval(bootstrap: Bootstrap, ranks: np.ndarray) -> dict[str, Estimate]:
    means = {name: _mean(bootstrap, score(ranks)) for name, score in RANK_SCORES.items()}
    middle = _estimate(float(np.median(ranks)), bootstrap.medians(ranks))
    return {**means, "median_rank": middle}


def _uniformity(bootstrap: Bootstrap, x: np.ndarray) -> Estimate:
    """Uniformity is the log of a mean over pairs of items.

    Drawing items twice would put distances of 0 into it; instead each item's own mean is
    resampled, and its deviation counts twice, since an item stands on both sides of a pair
    (the first-order term of a U-statistic, Hoeffding 1948).
    """
    per_item = potentials(x)
    mean = per_item.mean()
    resampled = mean + 2 * (bootstrap.means(per_item) - mean)
    logs = np.log(np.clip([mean, *resampled], SMALLEST, None))
    return _estimate(float(logs[0]), logs[1:])


def _gain(bootstrap: Bootstrap, before: np.ndarray, after: np.ndarray) -> Estimate:
    return _mean(bootstrap, (after <= 1).astype(np.float64) - (before <= 1))


def _mean(bootstrap: Bootstrap, per_pair: np.ndarray) -> Estimate:
    return _estimate(float(per_pair.mean()), bootstrap.means(per_pair))


def _estimate(value: float, resampled: np.ndarray) -> Estimate:
    return Estimate(value, *percentile_interval(resampled))
