"""The work of one job: a run from baseline to files, its results published as they come."""

from __future__ import annotations

import uuid
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.config import ProjectionConfig, RunConfig
from lab.experiment import Outcome, Progress, Report, adapt, identify
from lab.visits.disk import remove
from lab.visits.interrupted import Restarting, Visit
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.results import Files, Result

if TYPE_CHECKING:
    from lab.archive import Saved


def make_job(
    laboratory: Laboratory,
    visitor: Visitor,
    config: RunConfig,
    language: str = "en",
    form: Mapping[str, Any] | None = None,
    estimate: float | None = None,
    job_id: str | None = None,
) -> Job:
    """A job that fine-tunes, compares and saves.

    language: of the report. form: the controls' values, kept with the visitor's finished runs.
    estimate: seconds that it takes, about, for those who wait behind it. job_id: of the run that it
    goes on with; None: a new one.
    """

    def work(report: Report, should_stop: Callable[[], bool]) -> Result:
        from lab.archive import save_outcome

        with visit.gone_unless_broken_off():
            remove(visit.result)  # there if the server ended between its saving and its keeping
            outcome = _train(laboratory, visitor, config, visit.partial, report, should_stop)
            result = _draw(outcome, job.publish, report)
            saved = save_outcome(outcome, visit.result, report, result.maps, language)
            result = replace(result, files=pack(saved, outcome.baseline.encoder.name))
            laboratory.keep_run(visitor, result, form or {})
        return result

    home, job_id = laboratory.runs_folder, job_id or uuid.uuid4().hex
    visit = Visit(home, job_id, visitor, config, language, form or {})
    hooks = {"on_queued": visit.note, "on_withdrawn": visit.withdraw}
    job = Job(work, job_id, settings=config, estimate=estimate, **hooks)
    return job


def _train(
    laboratory: Laboratory,
    visitor: Visitor,
    config: RunConfig,
    partial: Path,
    report: Report,
    should_stop: Callable[[], bool],
) -> Outcome:
    """From the baseline, or from the checkpoint in `partial`, to the comparison."""
    from lab.training.checkpoint_folder import CheckpointFolder

    baseline = laboratory.prepared.baseline(visitor, config, report)
    control = laboratory.prepared.control(visitor, config, baseline, report)
    checkpoints = CheckpointFolder(partial, identify(baseline, config))
    outcome = adapt(baseline, config, report, should_stop, control, checkpoints=checkpoints)
    if outcome.status == "stopped" and laboratory.is_ending.is_set():
        raise Restarting
    return outcome


def _draw(outcome: Outcome, publish: Callable[[Result], None], report: Report) -> Result:
    """The comparison, published with its PCA map as soon as it is there, again when UMAP's map is,
    and when it is known how far the maps can be believed."""
    from lab.analysis.map_reading import measure_maps
    from lab.analysis.projection import project

    before, after = outcome.baseline.before.stacked(), outcome.after.stacked()
    pca = project(before, after, ProjectionConfig(method="pca"))
    publish(Result(outcome, (pca,)))
    report(Progress("layout"))
    drawn = ProjectionConfig(method="umap", seed=outcome.config.train.seed)
    maps = (pca, project(before, after, drawn))
    publish(Result(outcome, maps))
    result = Result(outcome, tuple(measure_maps(before, after, m, drawn) for m in maps))
    publish(result)
    return result


def pack(saved: Saved, model: str) -> Files:
    """The run's files as they are downloaded; two ZIPs beside the run's own files."""
    folder = saved.folder
    name = "".join(c if c.isalnum() or c in "-." else "-" for c in model)
    adapter, whole = folder / f"{name}-lora.zip", folder / f"{name}-run.zip"
    members = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    _zip(adapter, folder / "adapter", [path for path in members if path.parent.name == "adapter"])
    _zip(whole, folder, members)
    return Files(adapter, whole, folder / "report.html", saved.largest_difference)


def _zip(target: Path, base: Path, members: list[Path]) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in members:
            archive.write(path, path.relative_to(base).as_posix())
