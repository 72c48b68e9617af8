"""One run through all rooms: load, split, baseline, inject, train, embed again, compare.

The command line and the page are two doors to it. It reports what happens to whoever asks and
returns plain results; it knows nothing about files (see lab.archive) or about any page.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lab.baseline import Baseline, embed_pairs, is_finite, measure_baseline, measure_control
from lab.config import RunConfig
from lab.errors import TrainingError
from lab.progress import Progress, Report, Stopwatch, no_report

if TYPE_CHECKING:
    from lab.analysis.compare import Comparison
    from lab.analysis.embeddings import EmbeddingSet
    from lab.analysis.forgetting import ControlBaseline, Forgetting
    from lab.encoders.base import Encoder
    from lab.training.checkpoint import Checkpoints
    from lab.training.loop import TrainStep
    from lab.training.session import Training
    from lab.training.world import World

__all__ = [
    "Baseline",
    "Outcome",
    "Progress",
    "Report",
    "Status",
    "adapt",
    "conclude",
    "identify",
    "measure_baseline",
    "measure_control",
    "no_report",
    "run_experiment",
]

Status = Literal["finished", "stopped", "failed"]


@dataclass(frozen=True)
class Outcome:
    """A run's results.

    encoder: the adapted copy of the base (LoRA layers around the shared frozen weights).
    status: "stopped" keeps what was learned by then; "failed" keeps the last sound step.
    error: why it failed; None otherwise.
    trainable, total: parameter counts of the adapted module.
    precision: what training computed in, "fp32" or "bf16"; embeddings are compared in fp32.
    control: the control set as the base found it, and forgetting: what became of it; both None
        when the run has none.
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
    control: ControlBaseline | None = None
    forgetting: Forgetting | None = None

    def verdict(self) -> str:
        """One sentence of English: the held-out pairs, and the control set where there is one."""
        from lab.analysis.control_sets import call_control

        told = self.forgetting
        controls = {} if told is None else {call_control(told.name): told.verdict()}
        return self.comparison.verdict(*self.baseline.test.side_names, controls)


def _never() -> bool:
    return False


def run_experiment(
    config: RunConfig,
    *,
    report: Report = no_report,
    should_stop: Callable[[], bool] = _never,
    checkpoints: str | Path | None = None,
) -> Outcome:
    """The whole run from names to results. Raises LabError children, each with its way out.

    checkpoints: a folder for them; a run that left one there goes on where it was. Remove the
        folder once the outcome is saved.
    """
    from lab.training.checkpoint_folder import CheckpointFolder

    baseline = measure_baseline(config, report=report)
    control = measure_control(baseline, config, report=report)
    kept = None
    if checkpoints is not None:
        kept = CheckpointFolder(Path(checkpoints), identify(baseline, config))
    return adapt(baseline, config, report, should_stop, control, checkpoints=kept)


def identify(baseline: Baseline, config: RunConfig) -> dict[str, Any]:
    """What tells this run from any other, as JSON has it: settings, pairs and base weights."""
    from lab.runs import config_as_json
    from lab.training.fingerprint import fingerprint

    return {
        "config": config_as_json(config),
        "data": baseline.dataset.digest,
        "base": fingerprint(baseline.encoder.module),
    }


def adapt(
    baseline: Baseline,
    config: RunConfig,
    report: Report = no_report,
    should_stop: Callable[[], bool] = _never,
    control: ControlBaseline | None = None,
    world: World | None = None,
    checkpoints: Checkpoints | None = None,
) -> Outcome:
    """Train an adapter over the baseline's model and compare the held-out pairs.

    should_stop: asked after every training step; what was learned by then is kept.
    control: of `measure_control`; None: what the run forgets is not measured.
    world: the processes that train along, of which this is the first; None: this one alone.
    checkpoints: see lab.training.loop.finetune.
    A TrainingError after the first step ends as an Outcome of status "failed"; before it, it
    is raised, since there is nothing to keep.
    """
    from lab.training.session import inject, train
    from lab.training.world import ALONE

    clock = Stopwatch(report, baseline.seconds)
    encoder = inject(baseline.encoder, config)
    with clock("training"):
        training = train(
            encoder,
            baseline.train,
            config.train,
            report,
            should_stop,
            world=world or ALONE,
            checkpoints=checkpoints,
        )
    return conclude(baseline, config, encoder, training, clock, control)


def conclude(
    baseline: Baseline,
    config: RunConfig,
    encoder: Encoder,
    training: Training,
    clock: Stopwatch,
    control: ControlBaseline | None = None,
) -> Outcome:
    """Embed the held-out pairs again, with the encoder that was trained, and compare.

    clock: with the seconds that the training took. Raises TrainingError for embeddings that are
    not finite.
    """
    from lab.analysis.compare import compare
    from lab.lora import count_parameters
    from lab.training.device import choose_precision

    report = clock.report
    with clock("embedding"):
        after = embed_pairs(encoder, baseline.test, "embedding", report)
    if not is_finite(after):
        raise TrainingError(
            "with this adapter the held-out pairs' embeddings are not finite; lower the "
            "learning rate or alpha"
        )
    forgetting = None if control is None else _measure_forgetting(control, encoder, config, clock)
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
        control=control,
        forgetting=forgetting,
    )


def _measure_forgetting(
    control: ControlBaseline, encoder: Encoder, config: RunConfig, clock: Stopwatch
) -> Forgetting:
    from lab.analysis.forgetting import measure_after

    with clock("control"):
        device = next(encoder.module.parameters()).device
        return measure_after(control, encoder, device, seed=config.train.seed)
