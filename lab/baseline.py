"""A run's starting point: the base as it is, on the held-out pairs and on a control set.

It serves any number of runs on the same choice.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.config import RunConfig
from lab.errors import DataError, LabError, ModelError
from lab.progress import Progress, Report, Stage, Stopwatch, no_report

if TYPE_CHECKING:
    from lab.analysis.embeddings import EmbeddingSet
    from lab.analysis.forgetting import ControlBaseline
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder

TIMED_PAIRS = 32  # enough for a batch, little beside the whole
LONG = 0.5  # seconds; timing again would keep a visitor waiting


@dataclass(frozen=True)
class Baseline:
    """All that is known before training: it serves any number of runs on the same choice.

    encoder: the frozen base; its module is shared by every run and never written.
    train, test: the split; the test pairs are never trained on.
    before: the test pairs, embedded by the base.
    seconds: stage -> time it took; "pair" -> time that embedding one pair takes, warm.
    """

    encoder: Encoder
    dataset: PairDataset
    train: PairDataset
    test: PairDataset
    before: EmbeddingSet
    seconds: Mapping[str, float]


def measure_baseline(
    config: RunConfig,
    *,
    encoder: Encoder | None = None,
    dataset: PairDataset | None = None,
    report: Report = no_report,
) -> Baseline:
    """Load what is not given, split the pairs, and embed the held-out ones with the base."""
    from lab.data import load_pairs
    from lab.data.splits import split
    from lab.encoders import load_encoder
    from lab.training.device import find_device

    clock = Stopwatch(report)
    if dataset is None:
        with clock("pairs"):
            dataset = load_pairs(
                config.pairs,
                config.a_column,
                config.b_column,
                progress=lambda share: report(Progress("pairs", share)),
            )
    if encoder is None:
        with clock("model"):
            encoder = load_encoder(config.model, config.pooling)
    check_kinds_agree(encoder, dataset)
    encoder.module.to(find_device(config.train.device))
    train, test = split(dataset, config.train.seed, config.test_fraction)
    with clock("baseline"):
        before = embed_pairs(encoder, test, "baseline", report)
    if not is_finite(before):
        raise ModelError(
            f"{encoder.name!r} gives embeddings that are not finite; choose another model"
        )
    seconds = {**clock.seconds, "pair": time_pair(encoder, test)}
    return Baseline(encoder, dataset, train, test, before, seconds)


def measure_control(
    baseline: Baseline,
    config: RunConfig,
    *,
    pairs: PairDataset | None = None,
    report: Report = no_report,
) -> ControlBaseline | None:
    """What the base finds of the control set; None when the run has none.

    pairs: the control set, where it is not found by its name. Those that share an item with the
    run's own are left out. Raises DataError where too few are left, or they are of another kind;
    for "auto" such a run has none.
    """
    from lab.analysis.control_sets import find_control
    from lab.analysis.forgetting import measure_base

    try:
        control = find_control(config.control, baseline.dataset, pairs)
    except DataError:
        if config.control == "auto":
            return None
        raise
    if control is None:
        return None
    report(Progress("control"))
    encoder = baseline.encoder
    device = next(encoder.module.parameters()).device
    return measure_base(encoder, control, device, lambda share: report(Progress("control", share)))


def time_pair(encoder: Encoder, pairs: PairDataset) -> float:
    """Seconds that embedding one pair takes once everything is warm, over up to 32 pairs.

    The least of three times, unless one takes long: whatever else the machine does adds to them.
    """
    timed = pairs.subset(range(min(TIMED_PAIRS, len(pairs))))
    seconds: list[float] = []
    while len(seconds) < 3 and sum(seconds) < LONG:
        began = time.perf_counter()
        embed_pairs(encoder, timed, "baseline", no_report)
        seconds.append(time.perf_counter() - began)
    return min(seconds) / len(timed)


def check_kinds_agree(encoder: Encoder, dataset: PairDataset) -> None:
    """Raise LabError when the model takes other pairs than these."""
    if encoder.kind != dataset.kind:
        raise LabError(
            f"{encoder.name!r} takes {encoder.kind} pairs, {dataset.name!r} holds {dataset.kind} "
            "pairs; choose a model or pairs of the other kind"
        )


def embed_pairs(encoder: Encoder, pairs: PairDataset, stage: Stage, report: Report) -> EmbeddingSet:
    """The pairs' embeddings, on the device where the encoder is; tells `report` how far it is."""
    from lab.analysis.embeddings import compute_embeddings

    device = next(encoder.module.parameters()).device
    return compute_embeddings(
        encoder,
        pairs,
        device=device,
        progress=lambda share: report(Progress(stage, share)),
    )


def is_finite(embeddings: EmbeddingSet) -> bool:
    """Whether every number in them is."""
    import numpy as np

    return bool(np.isfinite(embeddings.a).all() and np.isfinite(embeddings.b).all())
