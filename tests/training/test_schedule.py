"""The learning rate's course against transformers' own schedule."""

from __future__ import annotations

import pytest
import torch
from transformers import get_cosine_schedule_with_warmup

from lab.training.schedule import warmup_cosine


def shares(steps: int, warmup_fraction: float) -> list[float]:
    return [warmup_cosine(step, steps, warmup_fraction) for step in range(steps)]


def shares_of_transformers(steps: int, warmup: int) -> list[float]:
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = get_cosine_schedule_with_warmup(optimizer, warmup, steps)
    rates = []
    for _ in range(steps):
        rates.append(schedule.get_last_lr()[0])
        optimizer.step()
        schedule.step()
    return rates


@pytest.mark.parametrize(("steps", "warmup"), [(20, 4), (7, 2), (10, 0)])
def test_course_is_that_of_transformers(steps: int, warmup: int) -> None:
    """After the warm-up the same; during it one step ahead, since theirs wastes step 0 on 0."""
    ours, theirs = shares(steps, warmup / steps), shares_of_transformers(steps, warmup)
    assert ours[warmup:] == pytest.approx(theirs[warmup:])
    assert ours[:warmup] == pytest.approx(theirs[1 : warmup + 1])


@pytest.mark.parametrize("steps", [1, 2, 3, 10, 999])
@pytest.mark.parametrize("warmup_fraction", [0.0, 0.1, 0.5, 1.0])
def test_every_step_counts_and_the_rise_and_fall_are_steady(
    steps: int, warmup_fraction: float
) -> None:
    course = shares(steps, warmup_fraction)
    peak = course.index(max(course))
    assert all(0 < share <= 1 for share in course)
    assert max(course) == pytest.approx(1)
    assert course[: peak + 1] == sorted(course[: peak + 1])
    assert course[peak:] == sorted(course[peak:], reverse=True)
