"""What the Runs tab shows, as plain values. Knows nothing about gradio."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lab.charts.runs_values import comparison_value, run_row
from lab.ui.handing_out import hand_out
from lab.visits.kept_runs import KEPT, KeptRun
from lab.words import Words

Table = Mapping[str, Words]


def view_runs(runs: Sequence[KeptRun], table: Table) -> dict[str, Any] | None:
    """The table, the newest run first; None while no run has finished."""
    words, controls = table["runs"], table["controls"]
    if not runs:
        return None
    note = words["one"] if len(runs) == 1 else words["kept"].format(limit=KEPT)
    return {
        "runs": [
            {**run_row(run.summary, words, controls), "files": _files(run)} for run in runs[::-1]
        ],
        "note": note,
        "words": {**words, "interval": table["metrics"]["interval"]},
    }


def _files(run: KeptRun) -> dict[str, str]:
    """What is still on disk of what the run left."""
    paths = {"adapter": run.files.adapter, "report": run.files.report, "run": run.files.run}
    handed = {name: hand_out(path) for name, path in paths.items()}
    return {name: path for name, path in handed.items() if path is not None}


def view_comparison(runs: Sequence[KeptRun], table: Table) -> dict[str, Any] | None:
    """Two or more runs side by side; None for fewer."""
    if len(runs) < 2:
        return None
    summaries = [run.summary for run in runs]
    return comparison_value(summaries, table["runs"], table["metrics"], table["sides"])
