"""An outcome goes to disk: adapter, records and report; and a stored run comes back as a model.

After an adapter is written it is read back into a fresh copy of the base, and the largest
difference to the embeddings of the trained model is measured and kept in run.json.
"""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timezone
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from lab import runs
from lab.config import ProjectionConfig
from lab.errors import DataError
from lab.experiment import Outcome, Progress, Report, no_report

if TYPE_CHECKING:
    from lab.analysis.projection import Maps
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder

CHECKED_PAIRS = 64  # enough to catch a wrong key or scale, quick on any model


@dataclass(frozen=True)
class Saved:
    """Where a run was written, how far the adapter read back is from the trained one, and the
    maps of its report."""

    folder: Path
    largest_difference: float
    maps: Sequence[Maps] = ()


def save_outcome(
    outcome: Outcome,
    folder: str | Path,
    report: Report = no_report,
    maps: Sequence[Maps] | None = None,
    language: str = "en",
) -> Saved:
    """Write the run's folder (see lab.runs), whole or not at all.

    maps: of the held-out pairs, for the report; None: laid out here, by PCA and by UMAP.
    language: of the report.
    Raises DataError when the folder already holds something.
    """
    from lab.report import report_data, write_report

    if maps is None:
        report(Progress("layout"))
        maps = layout_maps(outcome)
    report(Progress("saving"))
    folder = Path(folder)
    with runs.new_run_folder(folder) as scratch:
        difference = write_records(scratch, outcome, language)
        write_report(scratch / "report.html", report_data(outcome, maps, difference, language))
    report(Progress("saving", 1.0))
    return Saved(folder, difference, tuple(maps))


def write_records(folder: Path, outcome: Outcome, language: str = "en") -> float:
    """Write all of a run's folder but its report: enough for `read_run` and for taking it home.

    -> the largest difference of the adapter read back.
    """
    from lab.lora import save_adapter
    from lab.report.card import write_card

    adapter = folder / "adapter"
    save_adapter(adapter, outcome.encoder.module, outcome.config.lora, outcome.encoder.name)
    difference = largest_difference(outcome, adapter)
    write_card(adapter, outcome, difference, language)
    runs.write_steps(folder / "steps.jsonl", outcome.steps)
    runs.write_json(folder / "metrics.json", describe_metrics(outcome))
    runs.write_json(folder / runs.RUN_NAME, describe_run(outcome, difference))
    return difference


def largest_difference(outcome: Outcome, adapter: Path) -> float:
    """Read the adapter's files into a fresh copy of the base; the largest |difference| of the
    held-out pairs' normalised embeddings to those of the trained model (at most 64 pairs)."""
    from lab.lora import copy_sharing_parameters, load_adapter

    base = outcome.baseline.encoder
    module = copy_sharing_parameters(base.module)
    load_adapter(adapter, module)
    pairs = _checked_pairs(outcome.baseline.test)
    return _difference(base.with_module(module), outcome.encoder, pairs)


def layout_maps(outcome: Outcome) -> list[Maps]:
    """The held-out pairs' maps, by PCA and by UMAP, and how far they can be believed."""
    from lab.analysis.map_reading import measure_maps
    from lab.analysis.projection import project

    both = outcome.baseline.before.stacked(), outcome.after.stacked()
    seed = outcome.config.train.seed
    configs = (ProjectionConfig(method=method, seed=seed) for method in ("pca", "umap"))
    return [measure_maps(*both, project(*both, config), config) for config in configs]


def describe_metrics(outcome: Outcome) -> dict[str, Any]:
    """metrics.json: the comparison, recall@1 by each column of the upload that groups pairs, and
    what became of the control set."""
    from lab.analysis.groups import find_groups

    comparison = outcome.comparison
    columns = find_groups(outcome.baseline.test)
    groups = {name: asdict(comparison.by_group(labels)) for name, labels in columns.items()}
    control = {} if outcome.forgetting is None else {"control": outcome.forgetting.as_json()}
    return {**comparison.as_json(), **({"groups": groups} if groups else {}), **control}


def describe_run(outcome: Outcome, difference: float) -> dict[str, Any]:
    """run.json: what was asked, on what, with which versions, and how it ended."""
    baseline, dataset = outcome.baseline, outcome.baseline.dataset
    return {
        "format": runs.FORMAT,
        "status": outcome.status,
        "error": outcome.error,
        "finished_at": datetime.now(timezone.utc).isoformat(timespec="seconds"),
        "seed": outcome.config.train.seed,
        "config": runs.config_as_json(outcome.config),
        "model": {
            "name": outcome.encoder.name,
            "family": outcome.encoder.family,
            "pooling": outcome.encoder.pooling,
            "trainable_parameters": outcome.trainable,
            "parameters": outcome.total,
        },
        "data": {
            "name": dataset.name,
            "sha256": dataset.digest,
            "pairs": len(dataset),
            "train": len(baseline.train),
            "test": len(baseline.test),
            "rejected": len(dataset.rejected),
        },
        "control": _describe_control(outcome),
        "steps": _describe_steps(outcome),
        "seconds": {stage: round(value, 6) for stage, value in outcome.seconds.items()},
        "adapter_reloaded_largest_difference": difference,
        "versions": find_versions(),
        "device": str(next(outcome.encoder.module.parameters()).device),
        "precision": outcome.precision,
    }


def _describe_steps(outcome: Outcome) -> dict[str, int]:
    last = outcome.steps[-1]
    shrunk = last.micro_batch_size is not None  # the memory did not suffice for more
    fewer = {"micro_batch_size": last.micro_batch_size} if shrunk else {}
    return {"done": last.step, "planned": last.steps, **fewer}


def _describe_control(outcome: Outcome) -> dict[str, Any] | None:
    if outcome.control is None:
        return None
    pairs = outcome.control.pairs
    return {"name": pairs.name, "sha256": pairs.digest, "pairs": len(pairs)}


def find_versions() -> dict[str, str]:
    """The versions that a run's numbers depend on."""
    from lab import __version__

    return {
        "lora_lab": __version__,
        "python": platform.python_version(),
        **{package: version(package) for package in ("torch", "transformers", "numpy")},
    }


def export_merged(run: runs.Run, out: Path) -> float | None:
    """Write the run's model with W + ΔW as its weights; it loads like any model folder.

    -> the largest difference of its embeddings, read back, to those of base plus adapter; None
    when the run's pairs are no longer there to measure it on.
    Raises DataError when `out` holds something, ModelError or AdapterError when the parts do
    not load.
    """
    from lab.encoders import load_encoder
    from lab.lora import load_adapter, merge_into_base

    config = run.config
    encoder = load_encoder(config.model, config.pooling)
    load_adapter(run.adapter, encoder.module)
    encoder.module.eval()
    merged = encoder.with_module(merge_into_base(encoder.module))
    with runs.new_run_folder(out) as scratch:
        merged.save(scratch)
        reread = load_encoder(str(scratch), config.pooling)
        pairs = _find_pairs(run)
        return None if pairs is None else _difference(reread, encoder, _checked_pairs(pairs))


def _find_pairs(run: runs.Run) -> PairDataset | None:
    """The run's pairs, if they are still where they were."""
    from lab.data import load_pairs

    config = run.config
    try:
        return load_pairs(config.pairs, config.a_column, config.b_column)
    except DataError:
        return None


def _checked_pairs(pairs: PairDataset) -> PairDataset:
    return pairs.subset(range(min(CHECKED_PAIRS, len(pairs))))


def _difference(one: Encoder, other: Encoder, pairs: PairDataset) -> float:
    from lab.analysis.embeddings import compute_embeddings

    sets = [
        compute_embeddings(encoder, pairs, device=next(encoder.module.parameters()).device)
        for encoder in (one, other)
    ]
    return float(max(np.abs(sets[0].a - sets[1].a).max(), np.abs(sets[0].b - sets[1].b).max()))
