"""A sweep's progress on a terminal or in a log: which point, and how far it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lab.cli.progress import ProgressPrinter

if TYPE_CHECKING:
    from lab.sweep.point import SweepPoint


class SweepPrinter(ProgressPrinter):
    """Shows what `run_sweep` reports; call it with each."""

    def __call__(self, event: Any) -> None:
        """A Progress, a training step of a point, or a moment of its curve."""
        step = getattr(event, "step", None)
        if step is not None:
            super().__call__(step)
        elif not hasattr(event, "moment"):  # the curve is for those who draw
            super().__call__(event)

    def end_point(self, point: SweepPoint, number: int, count: int) -> None:
        """A line that stays for each point that is there."""
        recall = f"recall@1 {point.metrics['recall@1']:.3f}" if point.is_measured else "no result"
        self.say(f"{number}/{count} {point.key}: {recall}, {point.status}, {point.seconds:.1f} s")

    def say_stopping(self, _: str) -> None:
        """What Ctrl-C does to a sweep."""
        self.say(
            "Stopping; finished points are kept, and this one is begun anew next time. Ctrl-C "
            "again: break off."
        )
