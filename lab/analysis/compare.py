"""Before against after on the held-out pairs: metrics with intervals, and what each pair did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.analysis.bootstrap import Bootstrap
from lab.analysis.crossing import cross
from lab.analysis.geometry import Marks, theoretical_marks
from lab.analysis.groups import GroupTable, recall_by_group
from lab.analysis.metrics import Estimate, Metrics, estimate_mean, measure
from lab.analysis.paired_test import sign_flip_test
from lab.analysis.retrieval import DIRECTIONS, hits
from lab.analysis.verdict import Direction, Verdict, in_english, judge

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet  # loads torch

MEAN = "mean"  # of both directions, beside each of them


@dataclass(frozen=True)
class Comparison:
    """Before against after.

    ranks_before, ranks_after: direction -> (N,) rank of the right answer, from 1.
    recall_gain: direction, or "mean" for that of the two -> recall@1 after minus before,
        resampled in pairs.
    p_values: the same -> two-sided p of the paired test on recall@1.
    marks: metric -> what it would be in two cases of theory.
    """

    before: Metrics
    after: Metrics
    ranks_before: Mapping[str, np.ndarray]
    ranks_after: Mapping[str, np.ndarray]
    recall_gain: Mapping[Direction, Estimate]
    p_values: Mapping[Direction, float]
    marks: Mapping[str, Marks]

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
            "recall_gain": {d: value(gain) for d, gain in self.recall_gain.items()},
            "intervals": {
                "before": self.before.as_json(interval),
                "after": self.after.as_json(interval),
                "recall_gain": {d: interval(gain) for d, gain in self.recall_gain.items()},
            },
            "p_values": dict(self.p_values),
            "marks": {name: asdict(marks) for name, marks in self.marks.items()},
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

    def by_group(self, labels: Sequence[str]) -> GroupTable:
        """Recall@1 of each group of pairs. labels: (N,), say of lab.analysis.groups.find_groups."""
        return recall_by_group(self.ranks_before, self.ranks_after, labels)

    def verdicts(self) -> dict[Direction, Verdict]:
        """Direction, or "mean" for that of the two -> what became of recall@1."""
        return {
            d: judge(d, *self._recall(d), gain, self.p_values[d], len(self))
            for d, gain in self.recall_gain.items()
        }

    def verdict(
        self, a_name: str = "a", b_name: str = "b", controls: Mapping[str, Verdict] | None = None
    ) -> str:
        """One sentence in plain words on recall@1, the mean of both directions.

        controls: name of a control set -> the verdict on it, as verdicts()["mean"] of its own
        comparison.
        """
        return in_english(self.verdicts(), a_name, b_name, controls)

    def _recall(self, direction: Direction) -> tuple[float, float]:
        directions = DIRECTIONS if direction == MEAN else (direction,)
        before, after = (
            float(np.mean([getattr(metrics, d)["recall@1"].value for d in directions]))
            for metrics in (self.before, self.after)
        )
        return before, after


def compare(before: EmbeddingSet, after: EmbeddingSet, seed: int = 0) -> Comparison:
    """Measure both, with intervals from one set of resampled pairs.

    before, after: (N, D) the same pairs in the same order.
    """
    bootstrap = Bootstrap(len(before), seed)
    crossed = cross(before), cross(after)
    ranks_before, ranks_after = (crossing.ranks for crossing in crossed)
    won = {d: hits(ranks_after[d]) - hits(ranks_before[d]) for d in DIRECTIONS}  # (N,) -1 to 1
    won[MEAN] = won["a_to_b"] + won["b_to_a"]
    directions = {"a_to_b": 1, "b_to_a": 1, MEAN: 2}
    return Comparison(
        before=measure(bootstrap, before, crossed[0]),
        after=measure(bootstrap, after, crossed[1]),
        ranks_before=ranks_before,
        ranks_after=ranks_after,
        recall_gain={d: estimate_mean(bootstrap, won[d] / n) for d, n in directions.items()},
        p_values={d: sign_flip_test(gains) for d, gains in won.items()},
        marks=theoretical_marks(before.a.shape[1]),
    )
