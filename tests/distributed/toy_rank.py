"""One of W processes that train toy runs together; what each ends with goes into FOLDER.

    python toy_rank.py FOLDER RANK W

Run by test_group.py, which compares with one process.
"""

from __future__ import annotations

import sys
from pathlib import Path

import torch
import torch.distributed as dist
from toy_encoder import ToyEncoder, adapted_encoder, adapter_of, make_pairs

from lab.config import TrainConfig
from lab.errors import TrainingError
from lab.training.loop import finetune
from lab.training.trainer import Trainer
from lab.training.world import World

PAIRS = make_pairs(30)
BASE = TrainConfig(epochs=2, batch_size=7, learning_rate=0.01)  # for two processes, an odd number
RUNS = {
    "plain": {},
    "learned temperature": {"learn_temperature": True, "loraplus_ratio": 4.0},
    "gradient caching": {"micro_batch_size": 2},
    "validation": {"validation_fraction": 0.2, "patience": 1},
    "clipped": {"max_grad_norm": 1e-3},
}
FIRST_BATCHES = (2, 3, 7, 30)


def changed(**changes: object) -> TrainConfig:
    """The base settings with some changed."""
    return TrainConfig(**{**vars(BASE), **changes})


def warm_encoder(dropout: float = 0.0) -> ToyEncoder:
    """With factors that are not zero, so that both have a gradient."""
    encoder = adapted_encoder(dropout)
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        torch.manual_seed(2)
        for parameter in encoder.module.parameters():
            if parameter.requires_grad:
                parameter.add_(0.3 * torch.randn_like(parameter))
    return encoder


def gradients(world: World, batch_size: int) -> list[torch.Tensor]:
    """Of the first step, over a batch of so many pairs, before it is clipped."""
    config = changed(batch_size=batch_size, learn_temperature=True, max_grad_norm=1e9)
    trainer = Trainer(warm_encoder(), PAIRS, config, world=world)
    trainer.step(trainer.plan[0][0])
    return [parameter.grad.clone() for parameter in trainer.parameters]


def trained(world: World, name: str) -> dict[str, object]:
    """A whole run: its numbers step by step, and its adapter."""
    encoder, config = warm_encoder(), changed(**RUNS[name])
    pairs, validation = PAIRS, None
    if config.validation_fraction:
        pairs, validation = PAIRS.subset(range(6, 30)), PAIRS.subset(range(6))
    steps = list(finetune(encoder, pairs, config, validation=validation, world=world))
    numbers = [(s.loss, s.grad_norm, s.temperature, s.validation_loss or 0.0) for s in steps]
    return {"numbers": torch.tensor(numbers), "adapter": adapter_of(encoder)}


def dropped(world: World) -> dict[str, torch.Tensor]:
    """The adapter of a run with dropout."""
    encoder = warm_encoder(dropout=0.3)
    list(finetune(encoder, PAIRS, BASE, world=world))
    return adapter_of(encoder)


def asked_to_stop(world: World, rank: int) -> int:
    """How many steps a run takes when process `rank` alone wants it to end after the second."""
    steps = 0

    def should_stop() -> bool:
        return world.rank == rank and steps == 2

    for step in finetune(warm_encoder(), PAIRS, BASE, should_stop=should_stop, world=world):
        steps = step.step
    return steps


def overflowed(world: World) -> tuple[str, dict[str, torch.Tensor]]:
    """Why a run ends in which the last process computes nonsense, and what adapter is left."""
    encoder = warm_encoder()
    run = finetune(encoder, PAIRS, BASE, world=world)
    next(run)
    if world.rank == world.size - 1:
        encoder.module[0].base_layer.weight.data.fill_(torch.inf)
    try:
        list(run)
    except TrainingError as error:
        return str(error), adapter_of(encoder)
    return "", {}


def deserted(world: World) -> tuple[int, str]:
    """Steps taken, and what the first process is told, when the others leave after the second.

    The last thing that they do together.
    """
    steps = []
    try:
        for step in finetune(warm_encoder(), PAIRS, BASE, world=world):
            steps.append(step)
            if world.rank > 0 and len(steps) == 2:
                break
    except TrainingError as error:
        return len(steps), str(error)
    return len(steps), ""


def everything(world: World) -> dict[str, object]:
    """What is compared."""
    return {
        "gradients": {size: gradients(world, size) for size in FIRST_BATCHES},
        "runs": {name: trained(world, name) for name in RUNS},
        "dropped": dropped(world),
        "stopped": [asked_to_stop(world, rank) for rank in (0, 1)],
        "overflowed": overflowed(world),
    }


def main(folder: Path, rank: int, size: int) -> None:
    """Join, train, leave."""
    from lab.distributed.group import Group

    torch.set_num_threads(1)
    meeting = f"file://{folder / 'meeting'}"
    dist.init_process_group("gloo", init_method=meeting, rank=rank, world_size=size)
    world = Group(torch.device("cpu"))
    told = {**everything(world), "deserted": deserted(world)}
    torch.save(told, folder / f"{rank}.pt")
    dist.destroy_process_group()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
