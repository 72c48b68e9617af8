"""A finished run, written down and found again: as equal as it was, or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from lab.analysis.projection import Maps
from lab.charts.run_summary import RunSummary
from lab.charts.runs_values import comparison_value, run_row
from lab.durable import sync
from lab.runs import read_run
from lab.visits.kept_file import KeptFile, write_kept
from lab.visits.kept_runs import KeptRun
from lab.visits.results import Files
from lab.visits.typed_json import NotAsWrittenError, read_as, read_fields
from lab.visits.uploads import list_uploads
from lab.visits.visitors import Visitor
from lab.words import find_words


def write_run(visitor: Visitor, run: KeptRun) -> None:
    """Write down in the run's folder what the page remembers of it.

    On a full disk it is remembered for as long as the lab runs.
    """
    files, config = run.files, run.summary.config
    values = {
        "summary": asdict(run.summary),
        "form": dict(run.form),
        "files": {name: getattr(files, name).name for name in ("adapter", "run", "report")},
        "difference": files.difference,
        "uploads": list_uploads(visitor, (config.pairs, config.control)),
    }
    with suppress(OSError):
        for path in (files.adapter, files.run):  # the others were synced with the folder
            sync(path)
        write_kept(files.run.parent, visitor.id, "run", values)


def read_kept_run(kept: KeptFile, values: Mapping[str, Any]) -> KeptRun:
    """The run of a folder, with what `write_run` wrote there.

    Raises an error of some kind where the run is not whole, or cannot be shown.
    """
    read_run(kept.folder)
    summary = read_summary(values["summary"])
    _check_can_be_shown(summary)
    names = read_as(dict[str, str], values["files"])
    if any(Path(name).name != name for name in names.values()):
        raise NotAsWrittenError(names)
    paths = {name: kept.folder / file for name, file in names.items()}
    files = Files(**paths, difference=read_as(float, values["difference"]))
    return KeptRun(summary, read_as(dict[str, Any], values["form"]), files)


def read_summary(value: Any) -> RunSummary:
    """What `asdict` and JSON made of a summary. Raises NotAsWrittenError where it is none."""
    return read_fields(RunSummary, value, steps=_read_steps, pca=_read_maps)


def _read_steps(value: Any) -> Any:
    from lab.training.loop import TrainStep  # loads torch

    return read_as(tuple[TrainStep, ...], value)


def _read_maps(value: Any) -> Maps:
    before, after = (read_as(np.ndarray, value[name]) for name in ("before", "after"))
    if before.shape != after.shape or before.shape != (len(before), 2):
        raise NotAsWrittenError(Maps)
    return Maps(before, after, "pca")


def _check_can_be_shown(summary: RunSummary) -> None:
    """Raise what showing it would: it may be of a version that told other things of a run."""
    words = find_words()
    run_row(summary, words["runs"], words["controls"])
    comparison_value([summary] * 2, words["runs"], words["metrics"], words["sides"])
