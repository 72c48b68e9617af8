"""The components that show a visitor's finished runs."""

from __future__ import annotations

from typing import Any

from gradio.data_classes import FileData

from lab.ui.components.base import Chart


class RunsTable(Chart):
    """All finished runs. Value: {"runs": [row], "note", "words"}; None: there is none yet.

    row: of lab.charts.runs_values.run_row, and "files": {"adapter", "report", "run"} as paths,
        which gradio copies to where a browser may fetch them.
    pick_runs(handler): gr.EventData has "numbers", those that are ticked.
    use_settings(handler): gr.EventData has "number". Both come from a browser: to be checked.
    """

    chart = "runs"
    sends = ("pick_runs", "use_settings")

    def postprocess(self, value: Any) -> dict[str, Any] | None:
        """The value with its paths as files to fetch."""
        if value is None:
            return None
        runs = [{**run, "files": _as_files(run["files"])} for run in value["runs"]]
        return {**value, "runs": runs}


def _as_files(paths: dict[str, str]) -> dict[str, Any]:
    return {name: FileData(path=path).model_dump() for name, path in paths.items()}


class RunComparison(Chart):
    """Some runs side by side. Value: lab.charts.runs_values.comparison_value."""

    chart = "runComparison"
    plotly = True
