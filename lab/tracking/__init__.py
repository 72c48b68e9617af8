"""Runs in the books of an experiment tracker: Trackio, Weights & Biases or TensorBoard.

    with tracked(Tracking("trackio"), config, report, name="my-run") as run:
        outcome = adapt(baseline, config, run)
        saved = save_outcome(outcome, folder, run)
        run.finish(lambda: read_results(saved.folder, saved.maps))

None of the three is needed to run the lab; each is imported where a run is logged to it, and
nowhere else. Knows nothing about models, training or any page: it hands on what they report.
"""

from __future__ import annotations

from lab.tracking.points import TrackedPoints
from lab.tracking.results import Results, read_results
from lab.tracking.run import TrackedRun, tracked
from lab.tracking.tracker import Start, Tracker
from lab.tracking.tracking import TOOLS, Tool, Tracking, make_tracker

__all__ = [
    "TOOLS",
    "Results",
    "Start",
    "Tool",
    "TrackedPoints",
    "TrackedRun",
    "Tracker",
    "Tracking",
    "make_tracker",
    "read_results",
    "tracked",
]
