"""How long a job in a queue waits, as far as can be told. Pure arithmetic over seconds."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A job's place in the queue.

    ahead: jobs that are running or run before it; seconds: about how long until it begins, None
    where that of a job ahead is not known.
    """

    ahead: int = 0
    seconds: float | None = None


def expect_wait(
    running: Sequence[float | None], before: Sequence[float | None], at_once: int
) -> float | None:
    """Seconds until the next of `at_once` places is free for a job behind `before`.

    running: seconds left of the jobs that have a place; before: seconds that those take which
    come first, in their order. Each takes the place that is free first. None: unknown.
    """
    if None in running or None in before:
        return None
    free = [0.0] * max(0, at_once - len(running)) + [float(left) for left in running]
    heapq.heapify(free)
    for seconds in before:
        heapq.heapreplace(free, free[0] + seconds)
    return free[0]
