"""Runs as TensorBoard's event files: `tensorboard --logdir runs/PROJECT` shows them.

TensorBoard has no page and no artifacts: figures are pictures, and the adapter's place is a text.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from lab.tracking.names import Scalar, as_file_name, flat_config
from lab.tracking.results import Results
from lab.tracking.tracker import Start

if TYPE_CHECKING:
    from torch.utils.tensorboard import SummaryWriter


class TensorBoardTracker:
    """One run as a folder, folder/PROJECT[/GROUP]/NAME."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._writer: SummaryWriter | None = None
        self._config: dict[str, Scalar] = {}
        self._last = 0

    def start(self, start: Start) -> str:
        """Open the run's event file and show its settings as a text."""
        from torch.utils.tensorboard import SummaryWriter

        project = self._folder / start.project
        home = project / as_file_name(start.group) if start.group else project
        self._config = flat_config(start.config)
        self._writer = SummaryWriter(str(_free(home / as_file_name(start.name))))
        self._writer.add_text("config", _table(self._config))
        return f"tensorboard --logdir {project}"

    def step(self, step: int, values: Mapping[str, float]) -> None:
        """One scalar a value."""
        self._last = step
        for name, value in values.items():
            self._writer.add_scalar(_tag(name), value, step)

    def finish(self, results: Results) -> None:
        """Final values as scalars and in the HParams table; the figures as pictures."""
        for name, value in results.summary.items():
            self._writer.add_scalar(_tag(name), value, self._last)
        self._add_hparams(results)
        for name, picture in results.pictures.items():
            self._writer.add_image(name, np.asarray(picture), self._last, dataformats="HWC")
        if results.adapter is not None:
            self._writer.add_text("adapter", f"`{results.adapter}`", self._last)

    def _add_hparams(self, results: Results) -> None:
        """What SummaryWriter.add_hparams writes, in this run's own event file: it would open
        another, and TensorBoard reads one file a folder at a time."""
        from torch.utils.tensorboard.summary import hparams

        shown = {name: value for name, value in self._config.items() if value is not None}
        final = {_tag(name): value for name, value in results.summary.items()}
        for summary in hparams(shown, final):
            self._writer.file_writer.add_summary(summary)

    def close(self, *, failed: bool) -> None:
        """Write what is left and close the file."""
        if self._writer is not None:
            if failed:
                self._writer.add_text("status", "failed", self._last)
            self._writer.close()


def _tag(name: str) -> str:
    """`recall_at_1`: torch would write recall@1 as recall_1, and the HParams table, which it
    leaves as it is, would not find it."""
    return name.replace("@", "_at_")


def _free(folder: Path) -> Path:
    """The folder, or with -2, -3 ... where a run of that name is there: two runs in one folder
    would be drawn as one line."""
    number, free = 1, folder
    while free.exists():
        number += 1
        free = folder.with_name(f"{folder.name}-{number}")
    return free


def _table(config: Mapping[str, Scalar]) -> str:
    rows = (f"| {name} | `{value}` |" for name, value in config.items() if value is not None)
    return "\n".join(["| setting | value |", "|---|---|", *rows])
