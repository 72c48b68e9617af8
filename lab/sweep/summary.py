"""What a sweep's points say: each metric against rank, the smallest rank that is enough, the points
that no other beats in both recall and parameters, and where uniformity turns.

Only what was measured is claimed: over one seed there is no error to compare a difference with.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev

from lab.sweep.point import SweepPoint

# Student's t: what 95% of the draws stay within, for 1 to 30 degrees of freedom.
T_95 = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
NORMAL_95 = 1.960

METRICS = ("recall@1", "alignment", "uniformity", "uniformity_across", "modality_gap")


@dataclass(frozen=True)
class Over:
    """A metric at one rank, over seeds.

    error: the standard error of the mean; None over one seed. low, high: the 95% interval of
    Student's t, which over three seeds is 4.3 standard errors to either side.
    """

    mean: float
    error: float | None
    low: float | None
    high: float | None
    values: tuple[float, ...]


@dataclass(frozen=True)
class RankRow:
    """All seeds of one rank. seconds: of one training, the mean."""

    rank: int
    parameters: int
    seconds: float
    metrics: dict[str, Over]


@dataclass(frozen=True)
class Series:
    """Points that differ in rank and seed alone."""

    learning_rate: float
    targets: tuple[str, ...] | str
    rows: tuple[RankRow, ...]


@dataclass(frozen=True)
class Answer:
    """Which rank is enough.

    best: the rank of the highest mean recall@1. enough: the smallest rank whose mean lies within
        one standard error of the best's (the one-standard-error rule, Breiman et al. 1984, section
        3.4.3); over one seed, the best itself.
    error: the standard error at the best rank; None over one seed.
    turn: the rank where uniformity is lowest, if it has risen by more than one standard error of
        the difference at the largest rank; None if it does not turn, or over one seed.
    lowest: the rank where uniformity is lowest.
    """

    series: Series
    best: RankRow
    enough: RankRow
    error: float | None
    turn: int | None
    lowest: int
    seeds: int


def group_points(points: Iterable[SweepPoint]) -> tuple[Series, ...]:
    """The measured points by learning rate and targets, each group by rank.

    Points that ended early are left out: their numbers are of shorter trainings.
    """
    groups: dict[tuple, dict[int, list[SweepPoint]]] = defaultdict(lambda: defaultdict(list))
    for point in points:
        if point.is_measured and point.status == "finished":
            groups[point.learning_rate, point.targets][point.rank].append(point)
    return tuple(
        Series(rate, targets, tuple(_row(ranks[r]) for r in sorted(ranks)))
        for (rate, targets), ranks in groups.items()
    )


def _row(points: Sequence[SweepPoint]) -> RankRow:
    metrics = {name: over_seeds([point.metrics[name] for point in points]) for name in METRICS}
    seconds = fmean(point.seconds for point in points)
    return RankRow(points[0].rank, points[0].parameters, seconds, metrics)


def over_seeds(values: Sequence[float]) -> Over:
    """The mean of some seeds' values, with its error if there are two and more."""
    mean, count = fmean(values), len(values)
    if count < 2:
        return Over(mean, None, None, None, tuple(values))
    error = stdev(values) / math.sqrt(count)
    reach = (T_95[count - 2] if count - 2 < len(T_95) else NORMAL_95) * error
    return Over(mean, error, mean - reach, mean + reach, tuple(values))


def answer(points: Iterable[SweepPoint]) -> Answer | None:
    """Which rank is enough, in the series with the best mean recall@1; None without points."""
    series = group_points(points)
    if not series:
        return None
    of = max(series, key=lambda s: max(map(_recall, s.rows)))
    return answer_for(of)


def answer_for(series: Series) -> Answer:
    """Which rank is enough, of those in one series."""
    best = max(series.rows, key=_recall)
    recall = best.metrics["recall@1"]
    near = recall.mean - (recall.error or 0.0)
    enough = next(row for row in series.rows if _recall(row) >= near)
    lowest = min(series.rows, key=lambda row: row.metrics["uniformity"].mean)
    turn = lowest.rank if _has_risen(lowest, series.rows[-1]) else None
    return Answer(series, best, enough, recall.error, turn, lowest.rank, len(recall.values))


def _recall(row: RankRow) -> float:
    return row.metrics["recall@1"].mean


def _has_risen(lowest: RankRow, last: RankRow) -> bool:
    low, end = lowest.metrics["uniformity"], last.metrics["uniformity"]
    if lowest is last or low.error is None or end.error is None:
        return False
    return end.mean - low.mean > math.hypot(low.error, end.error)


def pareto_front(series: Iterable[Series]) -> list[tuple[Series, RankRow]]:
    """The rows that no other beats in mean recall@1 with as few parameters, fewest first."""
    rows = [(of, row) for of in series for row in of.rows]
    rows.sort(key=lambda pair: (pair[1].parameters, -_recall(pair[1])))
    front: list[tuple[Series, RankRow]] = []
    for of, row in rows:
        if not front or _recall(row) > _recall(front[-1][1]):
            front.append((of, row))
    return front


def in_english(told: Answer) -> str:
    """One sentence on the rank, and one on uniformity."""
    from lab.words import find_words

    return say_answer(told, find_words("en")["ranks"])


def say_answer(told: Answer, words: dict[str, str]) -> str:
    """The same in the words of a language."""
    best, enough = told.best, told.enough
    numbers = {
        "enough": enough.rank,
        "recall": f"{_recall(enough):.3f}",
        "best": best.rank,
        "best_recall": f"{_recall(best):.3f}",
        "error": "" if told.error is None else f"{told.error:.3f}",
        "seeds": told.seeds,
        "largest": told.series.rows[-1].rank,
        "lowest": told.lowest,
        "turn": told.turn,
    }
    if told.error is None:
        return words["answer_one_seed"].format(**numbers)
    same = "answer_best" if enough is best else "answer_enough"
    turn = "no_turn" if told.turn is None else "turn"
    return f"{words[same].format(**numbers)} {words[turn].format(**numbers)}"
