"""What a sweep says is what its points say, and no more."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from lab.sweep.early import MedianRule
from lab.sweep.point import HeldOut, SweepPoint
from lab.sweep.summary import (
    METRICS,
    NORMAL_95,
    T_95,
    answer,
    group_points,
    in_english,
    over_seeds,
    pareto_front,
)


def point(rank: int, seed: int, recall: float, uniformity: float = -1.0, **other) -> SweepPoint:
    metrics = {**dict.fromkeys(METRICS, 0.0), "recall@1": recall, "uniformity": uniformity}
    values = {
        "key": f"r{rank:03d}-seed{seed}",
        "alpha": 2.0 * rank,
        "scaling": 2.0,
        "learning_rate": 0.01,
        "targets": ("q_proj",),
        "parameters": 100 * rank,
        "steps": 4,
        "epochs": 2,
        "seconds": 1.0,
        "status": "finished",
        "error": None,
        "metrics": metrics,
        "curve": (),
        **other,
    }
    return SweepPoint(rank=rank, seed=seed, **values)


def points_of(recalls: dict[int, list[float]], uniformities: dict[int, list[float]] | None = None):
    return [
        point(rank, seed, recall, uniformities[rank][seed] if uniformities else -1.0)
        for rank, values in recalls.items()
        for seed, recall in enumerate(values)
    ]


def test_quantiles_of_students_t_are_scipys():
    expected = stats.t.ppf(0.975, range(1, len(T_95) + 1))
    assert pytest.approx(expected, abs=5e-4) == np.array(T_95)
    assert pytest.approx(stats.norm.ppf(0.975), abs=5e-4) == NORMAL_95


def test_intervals_over_seeds_are_scipys():
    values = np.random.default_rng(0).normal(size=5)
    over = over_seeds(values.tolist())
    interval = stats.t.interval(0.95, 4, loc=values.mean(), scale=stats.sem(values))
    assert (over.low, over.high) == pytest.approx(interval, rel=1e-3)
    assert over.error == pytest.approx(stats.sem(values))


def test_the_smallest_rank_within_one_error_of_the_best_is_enough():
    # The best, rank 16, has a mean of 0.80 and a standard error of 0.02.
    told = answer(points_of({4: [0.7, 0.7], 8: [0.785, 0.785], 16: [0.78, 0.82]}))
    assert (told.enough.rank, told.best.rank, told.error) == (8, 16, pytest.approx(0.02))
    assert "Rank 8 is the smallest within one standard error" in in_english(told)
    told = answer(points_of({4: [0.7, 0.7], 8: [0.775, 0.775], 16: [0.78, 0.82]}))
    assert told.enough is told.best
    assert "no smaller rank" in in_english(told)


def test_one_seed_has_no_error_and_is_told_so():
    told = answer(points_of({4: [0.7], 8: [0.79]}))
    assert (told.enough.rank, told.error, told.turn) == (8, None, None)
    assert "with one seed" in in_english(told)


def test_uniformity_turns_where_it_has_risen_by_more_than_the_error():
    recalls = {r: [0.5, 0.6] for r in (4, 8, 16)}
    rises = {4: [-1.0, -1.1], 8: [-2.0, -2.1], 16: [-1.5, -1.6]}
    assert answer(points_of(recalls, rises)).turn == 8
    within = {4: [-1.0, -1.1], 8: [-2.0, -2.2], 16: [-1.9, -2.2]}
    assert answer(points_of(recalls, within)).turn is None
    falls = {4: [-1.0, -1.1], 8: [-2.0, -2.1], 16: [-2.5, -2.6]}
    assert answer(points_of(recalls, falls)).turn is None


def test_points_that_ended_early_or_failed_are_in_no_mean():
    early = point(8, 2, 0.0, status="stopped early")
    failed = point(4, 2, 0.0, status="failed", metrics={})
    (series,) = group_points([*points_of({4: [0.7, 0.7], 8: [0.8, 0.8]}), early, failed])
    assert [len(row.metrics["recall@1"].values) for row in series.rows] == [2, 2]
    assert answer([failed]) is None


def test_other_rates_and_targets_are_series_of_their_own():
    others = [point(4, 0, 0.9, learning_rate=0.1), point(4, 0, 0.1, targets=("v_proj",))]
    series = group_points([*points_of({4: [0.7, 0.7]}), *others])
    assert len(series) == 3
    assert answer([*points_of({4: [0.7, 0.7]}), *others]).series.learning_rate == 0.1


def test_the_front_holds_what_nothing_beats():
    points = points_of({4: [0.5], 8: [0.4], 16: [0.7], 32: [0.7]})
    rows = [row for _, row in pareto_front(group_points(points))]
    assert [row.rank for row in rows] == [4, 16]
    for row in rows:
        recall, parameters = row.metrics["recall@1"].mean, row.parameters
        assert not [
            p for p in points if p.metrics["recall@1"] > recall and p.parameters <= parameters
        ]


def curve(*recalls: float) -> tuple[HeldOut, ...]:
    return tuple(HeldOut(4 * e, e, recall, 0.0, 0.0) for e, recall in enumerate((0.0, *recalls)))


def test_a_point_below_the_median_of_those_before_is_hopeless():
    finished = [point(4, s, 0.5, curve=curve(0.2 + 0.1 * s, 0.6)) for s in range(3)]
    rule = MedianRule(finished)
    assert rule.is_hopeless(curve(0.29))  # the median there is 0.3
    assert not rule.is_hopeless(curve(0.31))
    assert not rule.is_hopeless(curve(0.5, 0.1))  # the best so far counts
    assert not rule.is_hopeless(curve())  # the base is no result


def test_nothing_is_hopeless_before_three_points_have_finished():
    short = point(4, 3, 0.5, curve=curve(0.9), status="stopped early")
    rule = MedianRule([*(point(4, s, 0.5, curve=curve(0.9)) for s in range(2)), short])
    assert not rule.is_hopeless(curve(0.0))
    rule.add(point(4, 4, 0.5, curve=curve(0.9)))
    assert rule.is_hopeless(curve(0.0))
