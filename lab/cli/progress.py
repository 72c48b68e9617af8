"""Progress on a terminal (one line that is rewritten) or in a log (plain lines, few)."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from lab.experiment import Progress

if TYPE_CHECKING:
    from lab.training.loop import TrainStep

WORDS = {
    "pairs": "Reading the pairs",
    "model": "Loading the model",
    "baseline": "Embedding the held-out pairs before training",
    "control": "Embedding the control set",
    "training": "Training",
    "embedding": "Embedding the held-out pairs after training",
    "comparing": "Comparing",
    "layout": "Laying out the maps",
    "saving": "Saving",
}
WIDTH = 16  # characters of the bar
LOG_EVERY = 5.0  # seconds between plain lines of one stage


class ProgressPrinter:
    """Shows Progress and TrainStep records as they come; call it with each.

    A context manager: the line that is being rewritten ends with it. Falls silent when the
    reader of the stream has gone, since the run it tells of goes on.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = sys.stderr if stream is None else stream
        self._terminal = self._stream.isatty()
        self._stage: str | None = None
        self._said = 0.0
        self._is_heard = True

    def __enter__(self) -> ProgressPrinter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._terminal and self._stage is not None:
            self._write("\n")

    def __call__(self, event: Progress | TrainStep) -> None:
        if isinstance(event, Progress):
            self._show(event.stage, event.fraction, "")
        else:
            self._show("training", event.step / event.steps, describe_step(event))

    def say(self, line: str) -> None:
        """A line of its own that stays."""
        if self._terminal and self._stage is not None:
            self._write("\n")
        self._stage = None
        self._write(line + "\n")

    def _show(self, stage: str, fraction: float | None, note: str) -> None:
        is_new = stage != self._stage
        if self._terminal:
            line = f"{WORDS[stage]} {_bar(fraction)} {note}"
            # A longer line would wrap, and only its last row would be rewritten.
            line = line[: shutil.get_terminal_size().columns - 1]
            end = "\n" if is_new and self._stage is not None else ""
            self._write(f"{end}\r\x1b[K{line}")
        elif is_new or fraction == 1.0 or time.monotonic() - self._said > LOG_EVERY:
            percent = "" if fraction is None else f" {fraction:.0%}"
            self._write(f"{WORDS[stage]}{percent} {note}".rstrip() + "\n")
            self._said = time.monotonic()
        self._stage = stage

    def _write(self, text: str) -> None:
        if not self._is_heard:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except BrokenPipeError:
            self._is_heard = False


def describe_step(step: TrainStep) -> str:
    """Step, loss, time left, in words."""
    return f"step {step.step}/{step.steps}, loss {step.loss:.3f}, {describe_left(step)}"


def describe_left(step: TrainStep) -> str:
    """The time left, in words."""
    seconds = round(step.seconds_left)
    return f"{seconds // 60} min {seconds % 60} s left" if seconds >= 60 else f"{seconds} s left"


def _bar(fraction: float | None) -> str:
    if fraction is None:
        return "…"
    full = round(WIDTH * fraction)
    return f"[{'█' * full}{'░' * (WIDTH - full)}] {fraction:4.0%}"
