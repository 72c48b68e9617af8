"""SIGTERM (of `docker stop`, of a service manager): what is being written is finished, and a run
that trains keeps its state, to be gone on with when the lab is there again."""

from __future__ import annotations

import signal
import time
from types import FrameType

from lab.visits.interrupted import Restarting
from lab.visits.laboratory import Laboratory

PATIENCE = 15.0  # seconds; `docker stop` itself waits for 10


def end_on_termination(laboratory: Laboratory) -> None:
    """From now on SIGTERM ends the process once no run has anything left to lose."""

    def end(number: int, frame: FrameType | None) -> None:
        let_go(laboratory)
        raise KeyboardInterrupt  # as Ctrl-C: gradio closes its server

    signal.signal(signal.SIGTERM, end)


def let_go(laboratory: Laboratory, seconds: float = PATIENCE) -> None:
    """Ask every run to end, and return when they have, or after so many seconds."""
    laboratory.is_ending.set()
    jobs = [job for visitor in laboratory.visitors.all() for job in visitor.jobs_under_way()]
    for job in jobs:
        if not job.withdraw(Restarting()):
            job.stop()
    until = time.monotonic() + seconds
    while any(not job.is_over for job in jobs) and time.monotonic() < until:
        time.sleep(0.05)
