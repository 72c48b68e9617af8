"""Whether this process is one of several that were launched for one run, and how it joins them.

`accelerate launch` (and torchrun) start them and tell each by its environment which it is.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from importlib.util import find_spec
from typing import TYPE_CHECKING

from lab.errors import DistributedError
from lab.training.world import ALONE, World

if TYPE_CHECKING:
    import torch

# The first process measures the base while the others wait for its embeddings. Whoever dies is
# noticed by the launcher, which ends the others, so that nobody waits in vain.
LONGEST_WAIT = timedelta(days=1)


def is_launched() -> bool:
    """Whether this process has others beside it."""
    return int(os.environ.get("WORLD_SIZE", "1")) > 1


@contextmanager
def joined(device: str) -> Iterator[World]:
    """Within it, this process is one of the world's; alone where nobody launched others.

    device: as TrainConfig has it. On CUDA each process gets a GPU of its own, which is "cuda" for
    it from then on. Leaves when all have come to the end; not so when an error ends the block.
    Raises DistributedError when Accelerate is missing, or a machine has more processes than GPUs.
    """
    if not is_launched():
        yield ALONE
        return
    if find_spec("accelerate") is None:
        raise DistributedError(
            "training in several processes needs a package that is not installed; "
            "run pip install accelerate"
        )
    import torch.distributed as dist

    from lab.distributed.group import Group

    try:
        group = Group(_start(on_cpu=runs_on_cpu(device)))
        yield group
        group.wait()
    finally:
        if dist.is_initialized():
            dist.destroy_process_group()


def runs_on_cpu(device: str) -> bool:
    """Whether launched processes compute on the CPU: asked to, or there is no GPU."""
    import torch

    return device == "cpu" or not torch.cuda.is_available()


def _start(*, on_cpu: bool) -> torch.device:
    import torch
    from accelerate import PartialState

    if not on_cpu:
        place, gpus = int(os.environ.get("LOCAL_RANK", "0")), torch.cuda.device_count()
        if place >= gpus:
            raise DistributedError(
                f"this machine has {gpus} GPUs and was given more processes; launch as many as "
                "there are GPUs"
            )
    return PartialState(cpu=on_cpu, timeout=LONGEST_WAIT).device
