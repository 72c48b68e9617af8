"""One run through all rooms: load, split, baseline, inject, train, embed again, compare.

The command line and the page are two doors to it. It reports what happens to whoever asks and
returns plain results; it knows nothing about files (see lab.archive) or about any page.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lab.config import RunConfig
from lab.errors import LabError, ModelError, TrainingError

if TYPE_CHECKING:
    from lab.analysis.compare import Comparison
    from lab.analysis.embeddings import EmbeddingSet
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder
    from lab.training.loop import TrainStep

Stage = Literal[
    "model", "pairs", "baseline", "training", "embedding", "comparing", "layout", "saving"
]
Status = Literal["finished", "stopped", "failed"]


@dataclass(frozen=True)
class Progress:
    """Where a run is: its stage, and how much of that stage is done (0 to 1; None: unknown)."""

    stage: Stage
    fraction: float | None = None


Report = Callable[["Progress | TrainStep"], None]
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


@dataclass(frozen=True)
class Outcome:
    """A run's results.

    encoder: the adapted copy of the base (LoRA layers around the shared frozen weights).
    status: "stopped" keeps what was learned by then; "failed" keeps the last sound step.
    error: why it failed; None otherwise.
    trainable, total: parameter counts of the adapted module.
    precision: what training computed in, "fp32" or "bf16"; embeddings are compared in fp32.
    """

    config: RunConfig
    baseline: Baseline
    encoder: Encoder
    steps: tuple[TrainStep, ...]
    after: EmbeddingSet
    comparison: Comparison
    status: Status
    error: str | None
    trainable: int
    total: int
    precision: str
    seconds: Mapping[str, float]


def no_report(_: Progress | TrainStep) -> None:
    """Nobody asked to be told."""


def _never() -> bool:
    return False


def run_experiment(
    config: RunConfig, *, report: Report = no_report, should_stop: Callable[[], bool] = _never
) -> Outcome:
    """The whole run from names to results. Raises LabError children, each with its way out."""
    return adapt(measure_baseline(config, report=report), config, report, should_stop)


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

    clock = _Stopwatch(report)
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
        before = _embed(encoder, test, "baseline", report)
    if not is_finite(before):
        raise ModelError(
            f"{encoder.name!r} gives embeddings that are not finite; choose another model"
        )
    seconds = {**clock.seconds, "pair": time_pair(encoder, test)}
    return Baseline(encoder, dataset, train, test, before, seconds)


def time_pair(encoder: Encoder, pairs: PairDataset) -> float:
    """Seconds that embedding one pair takes once everything is warm, over up to 32 pairs.

    The least of three times, unless one takes long: whatever else the machine does adds to them.
    """
    timed = pairs.subset(range(min(TIMED_PAIRS, len(pairs))))
    seconds: list[float] = []
    while len(seconds) < 3 and sum(seconds) < LONG:
        began = time.perf_counter()
        _embed(encoder, timed, "baseline", no_report)
        seconds.append(time.perf_counter() - began)
    return min(seconds) / len(timed)


def check_kinds_agree(encoder: Encoder, dataset: PairDataset) -> None:
    """Raise LabError when the model takes other pairs than these."""
    if encoder.kind != dataset.kind:
        raise LabError(
            f"{encoder.name!r} takes {encoder.kind} pairs, {dataset.name!r} holds {dataset.kind} "
            "pairs; choose a model or pairs of the other kind"
        )


def adapt(
    baseline: Baseline,
    config: RunConfig,
    report: Report = no_report,
    should_stop: Callable[[], bool] = _never,
) -> Outcome:
    """Train an adapter over the baseline's model and compare the held-out pairs.

    should_stop: asked after every training step; what was learned by then is kept.
    A TrainingError after the first step ends as an Outcome of status "failed"; before it, it
    is raised, since there is nothing to keep.
    """
    from lab.analysis.compare import compare
    from lab.lora import count_parameters
    from lab.training.device import choose_precision
    from lab.training.session import inject, train

    clock = _Stopwatch(report, baseline.seconds)
    encoder = inject(baseline.encoder, config)
    with clock("training"):
        training = train(encoder, baseline.train, config.train, report, should_stop)
    with clock("embedding"):
        after = _embed(encoder, baseline.test, "embedding", report)
    if not is_finite(after):
        raise TrainingError(
            "with this adapter the held-out pairs' embeddings are not finite; lower the "
            "learning rate or alpha"
        )
    with clock("comparing"):
        comparison = compare(baseline.before, after, seed=config.train.seed)
    trainable, total = count_parameters(encoder.module)
    return Outcome(
        config=config,
        baseline=baseline,
        encoder=encoder,
        steps=training.steps,
        after=after,
        comparison=comparison,
        status="failed" if training.error else "stopped" if training.was_stopped else "finished",
        error=training.error,
        trainable=trainable,
        total=total,
        precision=choose_precision(config.train.precision, encoder.module),
        seconds=clock.seconds,
    )


def _embed(encoder: Encoder, pairs: PairDataset, stage: Stage, report: Report) -> EmbeddingSet:
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


class _Stopwatch:
    """Announces each stage and keeps how long it took."""

    def __init__(self, report: Report, seconds: Mapping[str, float] | None = None) -> None:
        self._report = report
        self.seconds: dict[str, float] = dict(seconds or {})

    @contextmanager
    def __call__(self, stage: Stage) -> Iterator[None]:
        self._report(Progress(stage))
        began = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - began
