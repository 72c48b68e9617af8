"""Points that cannot be expected to win end early, if asked: the median rule.

Golovin et al. 2017, "Google Vizier", section 3.2.1: a trial ends where its best value so far is
below the median of the averages that finished trials had by the same step.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean, median

from lab.sweep.point import HeldOut, SweepPoint

FEWEST = 3  # points that a median is taken of


class MedianRule:
    """Compares a curve with those of the points that ran to their end."""

    def __init__(self, points: Iterable[SweepPoint] = ()) -> None:
        self._curves = [point.curve for point in points if point.status == "finished"]

    def add(self, point: SweepPoint) -> None:
        """A point that has ended; only whole ones are compared with."""
        if point.status == "finished":
            self._curves.append(point.curve)

    def is_hopeless(self, curve: Sequence[HeldOut]) -> bool:
        """Whether the best recall so far is below the median at the curve's last epoch."""
        trained = [moment for moment in curve if moment.step]
        if not trained or len(self._curves) < FEWEST:
            return False
        averages = [_average(other, trained[-1].epoch) for other in self._curves]
        return max(moment.recall for moment in trained) < median(averages)


def _average(curve: Sequence[HeldOut], epoch: int) -> float:
    return fmean(moment.recall for moment in curve if 0 < moment.epoch <= epoch)
