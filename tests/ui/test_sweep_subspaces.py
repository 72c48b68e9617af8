"""Which two points of a sweep are compared, and which stand beside them."""

from __future__ import annotations

from typing import Any

import pytest

from lab.ui.sweep_subspaces import choose_two, find_seeds, usual_two
from lab.visits.complaints import Complaint
from tests.sweep.test_summary import point, points_of


def test_the_usual_pair_is_smallest_and_largest_or_two_seeds() -> None:
    points = points_of({4: [0.5, 0.5], 8: [0.5, 0.5]})
    assert [p.key for p in usual_two(points)] == ["r004-seed0", "r008-seed0"]
    seeds = points_of({4: [0.5, 0.5]})
    assert [p.key for p in usual_two(seeds)] == ["r004-seed0", "r004-seed1"]
    assert usual_two(seeds[:1]) is None
    assert usual_two([]) is None


def test_two_seeds_of_the_higher_rank_stand_beside() -> None:
    points = points_of({4: [0.5, 0.5], 8: [0.5, 0.5]})
    assert [p.key for p in find_seeds(points, usual_two(points))] == ["r008-seed0", "r008-seed1"]
    lone = [*points_of({4: [0.5, 0.5]}), point(8, 0, 0.5)]
    assert [p.key for p in find_seeds(lone, (lone[0], lone[-1]))] == ["r004-seed0", "r004-seed1"]
    assert find_seeds(points, (points[0], points[1])) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [("r004-seed0", "r004-seed0"), ("r004-seed0", "../.."), (None, None), ({}, ["r008-seed0"])],
)
def test_only_two_points_that_are_there_can_be_compared(first: Any, second: Any) -> None:
    failed = point(16, 0, 0.0, status="failed", metrics={})
    points = [*points_of({4: [0.5], 8: [0.5]}), failed]
    with pytest.raises(Complaint):
        choose_two(points, first, second)
    with pytest.raises(Complaint):
        choose_two(points, "r004-seed0", failed.key)
