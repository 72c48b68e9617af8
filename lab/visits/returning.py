"""Visitors of a process before this one: who they were, with what they find again."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from lab.visits.found_runs import read_kept_run
from lab.visits.found_sweeps import read_kept_sweep
from lab.visits.interrupted import find_interrupted
from lab.visits.jobs import Kind
from lab.visits.kept_file import KeptFile, find_kept
from lab.visits.kept_runs import KEPT
from lab.visits.uploads import find_uploads
from lab.visits.visitors import Visitor

Read = Callable[[KeptFile, Mapping[str, Any]], Any]


def find_visitor(home: Path, visitor_id: object) -> Visitor | None:
    """The visitor of this id with their finished runs, their newest sweep, and the uploads of these
    and of what was interrupted; None where nothing is theirs. home: the folder of all runs.

    What is not whole is left out.
    """
    if not isinstance(visitor_id, str) or not visitor_id:
        return None
    interrupted, kept = find_interrupted(home, visitor_id), find_kept(home, visitor_id)
    if not interrupted and not kept:
        return None
    runs = list(islice(_read_whole(kept, "run", read_kept_run, home), KEPT))
    sweeps = list(islice(_read_whole(kept, "sweep", read_kept_sweep, home), 1))
    uploads: dict[str, Path] = {}
    for theirs in [uploads for _, uploads in (*sweeps, *runs[::-1])]:
        uploads |= theirs  # of two with the same name, that of the newest
    for one in interrupted[::-1]:
        uploads |= one.uploads
    return Visitor(
        id=visitor_id,
        uploads=uploads,
        runs=tuple(sorted((run for run, _ in runs), key=lambda run: run.summary.number)),
        sweep=next((sweep for sweep, _ in sweeps), None),
    )


def _read_whole(
    kept: Sequence[KeptFile], kind: Kind, read: Read, home: Path
) -> Iterator[tuple[Any, dict[str, Path]]]:
    """Those that are whole, each with its uploads."""
    for one in kept:
        if one.head.kind != kind:
            continue
        try:
            values = one.read()
            yield read(one, values), find_uploads(home, values["uploads"])
        except Exception:  # whatever is wrong with one, the page comes with the others
            traceback.print_exc()
