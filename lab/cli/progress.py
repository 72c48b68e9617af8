"""Progress on a terminal (one line that is rewritten) or in a log (plain lines, few)."""

from __future__ import annotations

import sys
import time
from typing import TextIO

from lab.experiment import Progress

WORDS = {
    "pairs": "Reading the pairs",
    "model": "Loading the model",
    "baseline": "Embedding the held-out pairs before training",
    "training": "Training",
    "embedding": "Embedding the held-out pairs after training",
    "comparing": "Comparing",
    "saving": "Saving",
}
WIDTH = 24  # characters of the bar
LOG_EVERY = 5.0  # seconds between plain lines of one stage


class ProgressPrinter:
    """Shows Progress and TrainStep records as they come; call it with each."""

    def __init__(self, stream: TextIO = sys.stderr) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._stage: str | None = None
        self._said = 0.0

    def __call__(self, event: object) -> None:
        if isinstance(event, Progress):
            self._show(event.stage, event.fraction, "")
        else:
            self._show("training", event.step / event.steps, describe_step(event))

    def _show(self, stage: str, fraction: float | None, note: str) -> None:
        is_new = stage != self._stage
        if is_new and self._terminal and self._stage is not None:
            self._stream.write("\n")
        self._stage = stage
        if self._terminal:
            self._stream.write(f"\r\x1b[K{WORDS[stage]} {_bar(fraction)} {note}")
        elif is_new or fraction == 1.0 or time.monotonic() - self._said > LOG_EVERY:
            percent = "" if fraction is None else f" {fraction:.0%}"
            self._stream.write(f"{WORDS[stage]}{percent} {note}".rstrip() + "\n")
            self._said = time.monotonic()
        self._stream.flush()

    def close(self) -> None:
        """End the line that is being rewritten."""
        if self._terminal and self._stage is not None:
            self._stream.write("\n")


def describe_step(step: object) -> str:
    """A TrainStep in words: step, loss, time left."""
    return f"step {step.step}/{step.steps}, loss {step.loss:.3f}, {describe_left(step)}"


def describe_left(step: object) -> str:
    """The time left of a TrainStep, in words."""
    seconds = round(step.seconds_left)
    return f"{seconds // 60} min {seconds % 60} s left" if seconds >= 60 else f"{seconds} s left"


def _bar(fraction: float | None) -> str:
    if fraction is None:
        return "…"
    full = round(WIDTH * fraction)
    return f"[{'█' * full}{'░' * (WIDTH - full)}] {fraction:4.0%}"
