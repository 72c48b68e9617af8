"""A run that was interrupted goes on by itself when the same command is given again."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from lab.cli.arguments import blame
from lab.errors import DataError

if TYPE_CHECKING:
    from lab.config import RunConfig
    from lab.experiment import Baseline
    from lab.training.checkpoint_folder import CheckpointFolder
    from lab.training.world import World


def keep_checkpoints(
    out: Path, baseline: Baseline, config: RunConfig, say: Callable[[str], None], world: World
) -> CheckpointFolder:
    """Where the run that will be `out` keeps its checkpoints; says whether it goes on from one.

    Raises BadArgumentError when there is one of another run.
    """
    from lab.experiment import identify
    from lab.runs import checkpoint_folder
    from lab.training.checkpoint_folder import CheckpointFolder

    def tell(error: Exception) -> None:
        say(f"warning: a checkpoint could not be written ({error}); the run goes on without")

    folder = checkpoint_folder(out)
    checkpoints = CheckpointFolder(folder, identify(baseline, config), tell=tell)
    if world.size > 1:  # none is read or written
        return checkpoints
    with blame("--out", out, DataError):
        steps = checkpoints.steps_kept()
    if steps is not None:
        done, all_ = steps
        say(f"A run was interrupted here after step {done} of {all_} or later: it goes on there.")
    elif folder.exists():
        say(f"warning: {folder} holds no checkpoint that can be read; the run begins anew")
    return checkpoints
