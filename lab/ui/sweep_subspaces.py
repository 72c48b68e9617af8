"""Two points of a sweep, compared direction by direction, beside two seeds of one rank."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.charts.subspace_values import Trained, TrainedPair, subspaces_value
from lab.sweep.point import SweepPoint
from lab.visits.complaints import Complaint
from lab.words import Words

if TYPE_CHECKING:
    from torch import nn

    from lab.lora.amplification import Amplification
    from lab.lora.factors import Factors

Two = tuple[SweepPoint, SweepPoint]


def choose_two(points: Sequence[SweepPoint], first: object, second: object) -> Two:
    """The two points of these keys. Raises Complaint for what a browser may not ask for."""
    by_key = {point.key: point for point in points if point.is_measured}
    known = [key for key in (first, second) if isinstance(key, str) and key in by_key]
    if len(set(known)) < 2:
        raise Complaint("sweep_points")
    return by_key[known[0]], by_key[known[1]]


def usual_two(points: Sequence[SweepPoint]) -> Two | None:
    """The smallest and the largest rank of the first seed; of one rank, two seeds.

    None where there are no two points.
    """
    measured = [point for point in points if point.is_measured]
    ranked = sorted(measured, key=lambda point: (point.seed, point.rank))
    first = [point for point in ranked if point.seed == ranked[0].seed]
    ends = first if len(first) > 1 else ranked
    return (ends[0], ends[-1]) if len(ends) > 1 else None


def find_seeds(points: Sequence[SweepPoint], two: Two) -> Two | None:
    """Two seeds of one rank to stand beside two ranks: of the higher rank, if there are."""
    if two[0].rank == two[1].rank:
        return None
    for chosen in sorted(two, key=lambda point: -point.rank):
        others = [p for p in points if p.is_measured and _differ_in_seed(chosen, p)]
        if others:
            return chosen, others[0]
    return None


def _differ_in_seed(one: SweepPoint, other: SweepPoint) -> bool:
    same = ("rank", "learning_rate", "targets")
    return one.seed != other.seed and all(getattr(one, n) == getattr(other, n) for n in same)


def compare_points(
    folder: Path, points: Sequence[SweepPoint], two: Two, base: nn.Module, words: Words
) -> dict[str, Any]:
    """The value of the chart. folder: the sweep's; base: the model that all adapt.

    words: the place "subspaces". Raises AdapterError where the two have no layer in common.
    """
    from lab.lora.amplification import find_amplifications
    from lab.lora.factors import read_factors

    pairs = [two, *filter(None, [find_seeds(points, two)])]
    used = list({point.key: point for pair in pairs for point in pair}.values())
    factors = {p.key: read_factors(folder / "points" / p.key / "adapter") for p in used}
    found = find_amplifications(base, list(factors.values()))
    amplified = dict(zip(factors, found, strict=True))
    return subspaces_value([_pair(pair, factors, amplified) for pair in pairs], words)


def _pair(
    two: Two,
    factors: dict[str, dict[str, Factors]],
    amplified: dict[str, dict[str, Amplification]],
) -> TrainedPair:
    from lab.lora.shared_directions import compare_factors

    first, second = (Trained(point.rank, point.seed, amplified[point.key]) for point in two)
    return TrainedPair(first, second, compare_factors(factors[two[0].key], factors[two[1].key]))
