"""A sweep that has ended, written down as its visitor's and found again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from lab.durable import find_damaged, sync
from lab.sweep.folder import SETTINGS_NAME, SWEEP_NAME, read_sweep
from lab.sweep.view import read_losses, view_curves, view_ranks
from lab.visits.jobs import Job
from lab.visits.kept_file import KeptFile, write_kept
from lab.visits.sweep_state import PACKED, REPORT, Sweeping
from lab.visits.typed_json import NotAsWrittenError, read_as
from lab.visits.uploads import list_uploads
from lab.visits.visitors import Visitor
from lab.words import find_words

LISTED = (SETTINGS_NAME, SWEEP_NAME, REPORT)  # the points have checksums of their own


def write_sweep(visitor: Visitor, state: Sweeping) -> None:
    """Write down in the sweep's folder whose it is.

    On a full disk it is remembered for as long as the lab runs.
    """
    base = state.settings["config"]["base"]
    with suppress(OSError):
        for name in (*LISTED, PACKED):
            sync(state.folder / name)
        values = {
            "sha256": _hash_listed(state.folder),
            "uploads": list_uploads(visitor, (base["pairs"], base["control"])),
        }
        write_kept(state.folder, visitor.id, "sweep", values)


def read_kept_sweep(kept: KeptFile, values: Mapping[str, Any]) -> Job:
    """The sweep of a folder, as a job that is over.

    Raises an error of some kind where it is not whole, or cannot be shown.
    """
    if read_as(dict[str, str], values["sha256"]) != _hash_listed(kept.folder):
        raise NotAsWrittenError(LISTED)
    sweep = read_sweep(kept.folder)
    losses = read_losses(kept.folder, sweep.points)
    state = Sweeping(
        sweep.settings, kept.folder, len(sweep.config), sweep.points, losses, is_packed=True
    )
    for key in (point.key for point in sweep.points):
        is_inside = Path(key).name == key
        if not is_inside or find_damaged(kept.folder / "points" / key) is not None:
            raise NotAsWrittenError(key)
    _check_can_be_shown(state)
    job = Job(lambda report, should_stop: state, id=kept.folder.name, kind="sweep")
    job.run()
    return job


def _hash_listed(folder: Path) -> dict[str, str]:
    return {name: hashlib.sha256((folder / name).read_bytes()).hexdigest() for name in LISTED}


def _check_can_be_shown(state: Sweeping) -> None:
    """Raise what showing it would: it may be of a version that told other things of a sweep."""
    words = find_words()
    view_ranks(state.settings, state.points, words)
    view_curves(state.settings, state.points, state.losses, words["ranks"])
