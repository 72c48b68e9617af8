"""Ctrl-C and SIGTERM as requests to stop a run and keep what it has learned."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def stop_on_interrupt(
    tell: Callable[[str], None], is_stopped: Callable[[], bool] = lambda: False
) -> Iterator[Callable[[], bool]]:
    """Within it, the first Ctrl-C makes the yielded function answer True; a second one breaks
    off as usual. tell: is given a line that says so. is_stopped: another reason to answer so."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        signal.signal(signal.SIGINT, signal.default_int_handler)
        tell("Stopping after this step; what was learned is kept. Ctrl-C again: break off.")

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield lambda: asked or is_stopped()
    finally:
        signal.signal(signal.SIGINT, before)


@contextmanager
def finish_on_termination(tell: Callable[[str], None]) -> Iterator[Callable[[], bool]]:
    """Within it, SIGTERM (of `docker stop`, of a batch system) ends nothing by itself: the yielded
    function answers True from then on, and what is being written is finished."""
    asked = False

    def ask(number: int, frame: FrameType | None) -> None:
        nonlocal asked
        asked = True
        tell("Terminated: ending after this step; what was learned is being saved.")

    before = signal.signal(signal.SIGTERM, ask)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGTERM, before)
