"""Where runs are logged to: the one setting, and the tracker that it means."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Literal, get_args

from lab.checks import check, check_choice
from lab.errors import TrackingError
from lab.tracking.tracker import Tracker

Tool = Literal["trackio", "wandb", "tensorboard"]
TOOLS: tuple[Tool, ...] = get_args(Tool)  # each is also the name of its package


@dataclass(frozen=True)
class Tracking:
    """Where runs are logged to.

    tool: "trackio" (on this machine, no account), "wandb" (Weights & Biases; WANDB_MODE=offline
        keeps it on this machine) or "tensorboard".
    project: the heading that runs are compared under.
    folder: where wandb and tensorboard write; None: where they usually do (`wandb`, `runs`).
        Trackio has one place for all, which it reads from TRACKIO_DIR.
    """

    tool: Tool
    project: str = "lora-lab"
    folder: Path | None = None

    def __post_init__(self) -> None:
        check_choice("track", self.tool, TOOLS)
        check(
            re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}", self.project) is not None,
            "track_project",
            self.project,
            "choose up to 100 letters from A to Z, digits, dots, dashes and underscores",
        )


def make_tracker(tracking: Tracking) -> Tracker:
    """A tracker for one run; nothing is written before the run starts.

    Raises TrackingError when the tool is not installed, or cannot be used as it is set up.
    """
    if find_spec(tracking.tool) is None:
        raise TrackingError(
            f"logging to {tracking.tool} needs a package that is not installed; "
            f"run pip install {tracking.tool}"
        )
    if tracking.tool == "trackio":
        from lab.tracking.to_trackio import TrackioTracker

        return TrackioTracker()
    if tracking.tool == "wandb":
        from lab.tracking.to_wandb import WandbTracker

        return WandbTracker(tracking.folder)
    from lab.tracking.to_tensorboard import TensorBoardTracker

    return TensorBoardTracker(tracking.folder or Path("runs"))
