"""The processes of a run beside the first: they train along; it reports, compares and saves."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING

from lab.config import RunConfig
from lab.errors import DistributedError
from lab.training.world import World

if TYPE_CHECKING:
    from lab.data.dataset import PairDataset
    from lab.encoders.base import Encoder
    from lab.training.loop import TrainStep

HEX_DIGITS = 12  # 48 bits, which a 64-bit float holds


def check_same_run(world: World, dataset: PairDataset, config: RunConfig) -> None:
    """Raise DistributedError where this process read other pairs or settings than the first.

    Model and pairs may have other names on another machine.
    """
    settings = f"{dataset.digest} {config.lora} {config.train} {config.test_fraction}"
    own = int(hashlib.sha256(settings.encode()).hexdigest()[:HEX_DIGITS], 16)
    if list(world.agree([own])) != [own]:
        raise DistributedError(
            "this process read other pairs or settings than the first; give each the same command "
            "and the same files"
        )


def follow(
    encoder: Encoder,
    dataset: PairDataset,
    config: RunConfig,
    world: World,
    should_stop: Callable[[], bool],
) -> None:
    """Train along from the first step to the last, telling nobody.

    should_stop: asked as in the first process, whose answer counts. Raises LabError as the
    first process does where there is nothing to train.
    """
    from lab.data.splits import split
    from lab.training.device import find_device
    from lab.training.session import inject, train

    encoder.module.to(find_device(config.train.device))
    pairs, _ = split(dataset, config.train.seed, config.test_fraction)
    adapted = inject(encoder, config)
    train(adapted, pairs, config.train, _tell_nobody, should_stop, world=world)


def _tell_nobody(_: TrainStep) -> None:
    pass
