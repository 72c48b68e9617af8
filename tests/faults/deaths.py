"""Commands that are killed at a given moment, each in a process of its own.

They come from a fork server, which has imported what they need once and holds no threads.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import warnings
from collections.abc import Callable, Sequence
from contextlib import redirect_stderr
from pathlib import Path

PRELOADED = [
    "lab.cli.main",
    "lab.training.session",
    "lab.encoders.text",
    "lab.analysis.compare",
    "lab.analysis.forgetting",
    "lab.report",
    "transformers.models.bert.modeling_bert",
    "transformers.models.bert.tokenization_bert",
]
STEP = 3


def run_to_its_death(arguments: Sequence[str], moment: str, err: Path | None = None) -> int | None:
    """Run a command that something ends at a moment of MOMENTS; -> its exit code as Popen has it.

    err: a file for what it says.
    """
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOADED)
    process = context.Process(target=_die, args=(list(arguments), moment, err))
    process.start()
    process.join(120)
    return process.exitcode


def hurry(patch: Callable[[object, str, object], None]) -> None:
    """Checkpoints after every step, and no UMAP, which compiles. patch: a setattr."""
    import numpy as np

    import lab.archive
    from lab.analysis.projection import Maps
    from lab.training.checkpoint_folder import CheckpointFolder

    def layout(outcome: object) -> list[Maps]:
        points = np.zeros((len(outcome.baseline.before.stacked()), 2), dtype=np.float32)
        return [Maps(points, points, "pca")]

    patch(lab.archive, "layout_maps", layout)
    patch(CheckpointFolder, "offer", CheckpointFolder.keep)


def _die(arguments: list[str], moment: str, err: Path | None) -> None:
    import torch

    from lab.cli.main import main

    warnings.simplefilter("error")
    torch.set_num_threads(1)
    hurry(setattr)
    MOMENTS[moment]()
    with open(err or os.devnull, "w", encoding="utf-8") as said, redirect_stderr(said):
        code = main(arguments)
    sys.exit(code)


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _in_training() -> None:
    from lab.cli.progress import ProgressPrinter

    show = ProgressPrinter.__call__

    def show_or_die(self: ProgressPrinter, event: object) -> None:
        show(self, event)
        if getattr(event, "step", 0) == STEP:
            _kill()

    ProgressPrinter.__call__ = show_or_die


def _before_rename(is_meant: Callable[[Path], bool]) -> Callable[[], None]:
    """While something is being written: all its bytes are there, and not its name."""

    def prepare() -> None:
        replace, met = os.replace, 0

        def replace_or_die(source: Path, target: Path) -> None:
            nonlocal met
            met += is_meant(Path(target))
            if met and (Path(target).name == "run" or met == STEP):
                _kill()
            replace(source, target)

        os.replace = replace_or_die

    return prepare


def _limit_files() -> None:
    import resource

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))  # bytes


MOMENTS: dict[str, Callable[[], None]] = {
    "training": _in_training,
    "checkpoint": _before_rename(lambda target: target.name == "checkpoint.safetensors"),
    "save": _before_rename(lambda target: target.name == "run"),
    "file-limit": _limit_files,
}
