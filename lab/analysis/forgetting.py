"""Forgetting: recall@1 on a control set before and after, so that a gain bought with a loss shows.

Knows nothing of what a control set is (lab.analysis.control_sets).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from lab.analysis.bootstrap import Bootstrap
from lab.analysis.metrics import Estimate, estimate_mean
from lab.analysis.paired_test import sign_flip_test
from lab.analysis.recall import Hits, find_hits
from lab.analysis.verdict import Verdict, judge

if TYPE_CHECKING:
    import torch

    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder

Direction = Literal["a_to_b", "b_to_a", "mean"]


@dataclass(frozen=True)
class ControlRecall:
    """Recall@1 on the control set, with 95% intervals; mean: of both directions of each pair."""

    a_to_b: Estimate
    b_to_a: Estimate
    mean: Estimate


@dataclass(frozen=True)
class Forgetting:
    """Before against after on a control set.

    name: the control set's; count: its pairs.
    change: after minus before, resampled in pairs; below 0 something was forgotten.
    p_values: direction, or "mean" for both together -> p of the paired test.
    """

    name: str
    count: int
    before: ControlRecall
    after: ControlRecall
    change: ControlRecall
    p_values: Mapping[str, float]

    def as_json(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    def verdict(self, direction: Direction = "mean") -> Verdict:
        """What became of it; `Comparison.verdict` takes it in, under the set's name."""
        moments = (self.before, self.after, self.change)
        before, after, change = (getattr(moment, direction) for moment in moments)
        p = self.p_values[direction]
        return judge(direction, before.value, after.value, change, p, self.count)


@dataclass(frozen=True)
class ControlBaseline:
    """A control set, and what the base finds of it: it serves any number of runs."""

    pairs: PairDataset
    before: Hits


def measure_base(
    base: Encoder,
    control: PairDataset,
    device: torch.device | str = "cpu",
    progress: Callable[[float], None] | None = None,
) -> ControlBaseline:
    """Embed the control set with the base.

    progress: called with the share that is done. Raises ModelError for embeddings that are not
    finite, as does `measure_after`.
    """
    return ControlBaseline(control, _embed(base, control, device, progress))


def measure_after(
    control: ControlBaseline,
    adapted: Encoder,
    device: torch.device | str = "cpu",
    progress: Callable[[float], None] | None = None,
    seed: int = 0,
) -> Forgetting:
    """Embed the control set with the adapted model too, and compare recall@1."""
    after = _embed(adapted, control.pairs, device, progress)
    return compare_hits(control.pairs.name, control.before, after, seed)


def _embed(
    encoder: Encoder,
    control: PairDataset,
    device: torch.device | str,
    progress: Callable[[float], None] | None,
) -> Hits:
    from lab.analysis.embeddings import compute_embeddings

    return find_hits(compute_embeddings(encoder, control, device=device, progress=progress))


def compare_hits(name: str, before: Hits, after: Hits, seed: int = 0) -> Forgetting:
    """Forgetting, from the same pairs' hits before and after."""
    count, change = len(before.sum), after - before
    bootstrap = Bootstrap(count, seed)
    moments = (_estimate(bootstrap, hits) for hits in (before, after, change))
    gains = {"a_to_b": change.a_to_b, "b_to_a": change.b_to_a, "mean": change.sum}
    p_values = {direction: sign_flip_test(gain) for direction, gain in gains.items()}
    return Forgetting(name, count, *moments, p_values)


def _estimate(bootstrap: Bootstrap, hits: Hits) -> ControlRecall:
    directions = (hits.a_to_b, hits.b_to_a, hits.sum / 2)
    return ControlRecall(*(estimate_mean(bootstrap, found) for found in directions))
