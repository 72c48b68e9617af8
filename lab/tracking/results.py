"""What a run ended with, as trackers take it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.runs import Run, read_run
from lab.tracking.names import final_values

if TYPE_CHECKING:
    from PIL.Image import Image

    from lab.analysis.projection import Maps


@dataclass(frozen=True)
class Results:
    """A run's results.

    summary: name -> final number.
    failed: whether it ended in an error; what was learned until then is kept all the same.
    adapter: the folder with PEFT's files; report: the page with the figures; None: there is none.
    pictures: name -> figure.
    about: what the adapter's artifact says of itself.
    """

    summary: Mapping[str, float]
    failed: bool = False
    adapter: Path | None = None
    report: Path | None = None
    pictures: Mapping[str, Image] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


def read_results(folder: Path, maps: Sequence[Maps] = ()) -> Results:
    """The results of a run that was saved to `folder`.

    maps: of its held-out pairs, drawn as pictures. Raises DataError when the folder holds none.
    """
    from lab.tracking.figures import draw_maps, draw_metrics

    run, report = read_run(folder), folder / "report.html"
    pictures = {f"figures/maps_{each.method}": draw_maps(each) for each in maps}
    return Results(
        summary={**final_values(run.metrics), **_facts(run)},
        failed=run.record["status"] == "failed",
        adapter=run.adapter,
        report=report if report.is_file() else None,
        pictures={"figures/metrics": draw_metrics(run.metrics), **pictures},
        about={name: run.record[name] for name in ("model", "data", "versions", "status")},
    )


def _facts(run: Run) -> dict[str, float]:
    """Parameters and seconds, which sweeps weigh results against."""
    model, seconds = run.record["model"], run.record["seconds"]
    return {
        "trainable_parameters": model["trainable_parameters"],
        "parameters": model["parameters"],
        **{f"seconds/{stage}": value for stage, value in seconds.items()},
    }
