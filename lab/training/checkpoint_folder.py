"""A run's checkpoints on disk: one file that is replaced whole, in a folder of its own.

DIR.partial/
  checkpoint.safetensors   the tensors; in its header, as JSON, all else and whose run it is
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import load_file, save

from lab.durable import write_whole
from lab.errors import DataError
from lab.training.checkpoint import State, put_together, take_apart

NAME = "checkpoint.safetensors"
FORMAT = "1"
EVERY = 10.0  # seconds
SHARE = 0.01  # of a run's time goes into checkpoints at most


def _ignore(_: Exception) -> None:
    """Nobody asked to be told."""


class CheckpointFolder:
    """See lab.training.checkpoint.Checkpoints.

    run: what tells this run from any other, as JSON has it.
    every: seconds between two checkpoints, or more where writing one is slow.
    tell: given the error of the first checkpoint that could not be written; the run goes on.
    """

    def __init__(
        self,
        folder: Path,
        run: Mapping[str, Any],
        every: float = EVERY,
        tell: Callable[[Exception], None] = _ignore,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.folder = folder
        self._run = json.loads(json.dumps(run))
        self._every, self._tell, self._clock = every, tell, clock
        self._due = clock() + every

    def read(self) -> State | None:
        """The state that was written last; None when there is none that is whole.

        Raises DataError for one of another run.
        """
        header = self._read_header()
        return header and put_together(load_file(self.folder / NAME), header["state"])

    def steps_kept(self) -> tuple[int, int] | None:
        """(steps done, steps in all) at the checkpoint; None when there is none that is whole.

        Raises DataError for one of another run.
        """
        header = self._read_header()
        return header and count_steps(header)

    def offer(self, make: Callable[[], State]) -> None:
        """Write the state that `make` gives, if it is time to."""
        if self._clock() >= self._due:
            self.keep(make)

    def keep(self, make: Callable[[], State]) -> None:
        """Write it."""
        began = self._clock()
        try:
            self._write(make())
        except (OSError, SafetensorError) as error:
            with suppress(OSError):  # an older one may be in it
                self.folder.rmdir()
            self._tell(error)
            self._tell = _ignore
        ended = self._clock()
        self._due = ended + max(self._every, (ended - began) / SHARE)

    def remove(self) -> None:
        """The run is saved, and will not go on."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def _read_header(self) -> dict[str, Any] | None:
        header = read_header(self.folder)
        if header is not None and header["run"] != self._run:
            raise DataError(
                f"{self.folder.name!r} holds the checkpoint of a run with other settings, pairs or "
                "base weights; give those it was begun with, name another folder, or remove this "
                "one to begin anew"
            )
        return header

    def _write(self, state: State) -> None:
        tensors, rest = take_apart(state)
        tensors = {name: tensor.cpu().contiguous() for name, tensor in tensors.items()}
        header = {"format": FORMAT, "run": json.dumps(self._run), "state": json.dumps(rest)}
        self.folder.mkdir(parents=True, exist_ok=True)
        write_whole(self.folder / NAME, save(tensors, header))


def read_header(folder: Path) -> dict[str, Any] | None:
    """{"run": ..., "state": without its tensors} of the checkpoint in a folder; None when there
    is none, or none that is whole."""
    path = folder / NAME
    if not path.is_file():
        return None
    try:
        with safe_open(path, "np") as file:
            told = file.metadata() or {}
        if told.get("format") != FORMAT:
            return None
        return {name: json.loads(told[name]) for name in ("run", "state")}
    except (OSError, SafetensorError, ValueError, KeyError):
        return None


def count_steps(header: Mapping[str, Any]) -> tuple[int, int]:
    """(steps done, steps in all) of what `read_header` gives."""
    last = json.loads(header["state"]["steps"].splitlines()[-1])
    return last["step"], last["steps"]
