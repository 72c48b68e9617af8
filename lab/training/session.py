"""An encoder gets fresh LoRA layers, and one training run over them from first step to last.

Knows nothing about baselines, comparisons or files.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.config import RunConfig, TrainConfig
from lab.data.dataset import PairDataset
from lab.data.splits import split
from lab.encoders.base import Encoder
from lab.errors import TrainingError
from lab.lora import apply_lora_to_model, copy_sharing_parameters, mark_only_lora_as_trainable
from lab.training.caches import Caches
from lab.training.checkpoint import Checkpoints
from lab.training.loop import TrainStep, finetune
from lab.training.rng import RandomStream
from lab.training.world import ALONE, World


@dataclass(frozen=True)
class Training:
    """What a run did. error: why it broke off; was_stopped: somebody asked for an early end."""

    steps: tuple[TrainStep, ...]
    error: str | None
    was_stopped: bool


def inject(encoder: Encoder, config: RunConfig) -> Encoder:
    """A copy of the encoder with fresh LoRA layers, sharing every frozen weight with it.

    The first weights depend on the run's seeds alone.
    """
    module = copy_sharing_parameters(encoder.module)
    with RandomStream(config.train.draws_from).active():
        apply_lora_to_model(module, config.lora)
    mark_only_lora_as_trainable(module, config.lora.bias)
    return encoder.with_module(module)


def train(
    encoder: Encoder,
    pairs: PairDataset,
    config: TrainConfig,
    report: Callable[[TrainStep], None],
    should_stop: Callable[[], bool],
    caches: Caches | None = None,
    world: World = ALONE,
    checkpoints: Checkpoints | None = None,
) -> Training:
    """Run `finetune` to its end, with validation pairs set aside if the settings ask for some.

    caches, world, checkpoints: see `finetune`.
    A TrainingError before the first step is raised; later ones leave something to keep.
    """
    validation = None
    if config.validation_fraction > 0:
        pairs, validation = split(pairs, config.seed, config.validation_fraction)
    steps: list[TrainStep] = []
    error = None
    stop = _Remembered(should_stop)
    try:
        for step in finetune(
            encoder,
            pairs,
            config,
            validation=validation,
            caches=caches,
            should_stop=stop,
            world=world,
            checkpoints=checkpoints,
        ):
            steps.append(step)
            report(step)
    except TrainingError as caught:
        if not steps:
            raise
        error = str(caught)
    was_stopped = stop.said_so and steps[-1].step < steps[-1].steps
    return Training(tuple(steps), error, was_stopped)


class _Remembered:
    """Asks whether to stop, and knows afterwards whether the answer was yes during training.

    After training it may be yes too, when nothing is left to stop.
    """

    def __init__(self, should_stop: Callable[[], bool]) -> None:
        self._should_stop = should_stop
        self.said_so = False

    def __call__(self) -> bool:
        self.said_so = self._should_stop()
        return self.said_so
