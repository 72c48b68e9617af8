"""How many pairs a step may have in the network, by the memory that is left on a CPU.

A GPU says when it is full, and the step is taken again. A CPU's system may promise what it does not
have and end the process, so it is asked before. Letters: B pairs of a batch.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor, UntypedStorage
from torch.autograd.graph import saved_tensors_hooks

from lab.config import TrainConfig
from lab.data.batches import text_length
from lab.data.dataset import PairDataset
from lab.data.pair import Item, Side
from lab.encoders.base import Encoder
from lab.memory import find_free
from lab.training.device import autocast, choose_precision

# Beside what is kept for the backward pass, a step has gradients of it and products on the way:
# 1.1 to 1.4 times as much was measured, over all (tests/benchmarks/memory_need.py).
MORE = 1.5
CPU = torch.device("cpu")
SPARED = 512 << 20  # bytes for all else that the process does meanwhile; half of what is less


def fit_batch(encoder: Encoder, pairs: PairDataset, config: TrainConfig) -> int | None:
    """The most pairs in the network at once: as the settings say, or half as many, or half of these
    and so on, down to 0 where not even one fits. None: a whole batch.

    Measured by the longest of the pairs. On a GPU the settings stand.
    """
    asked = config.micro_batch_size
    free = find_free() if _is_on_cpu(encoder) else None
    if free is None:
        return asked
    each = [_measure(encoder, items, side, config) for side, items in _longest(pairs).items()]
    left = (free - min(SPARED, free / 2)) / MORE
    whole = min(config.batch_size, len(pairs))
    in_chunks = asked is not None and asked < whole
    if not in_chunks and sum(each) * whole <= left:
        return asked
    size = asked if in_chunks else whole // 2
    while size and max(each) * size > left:  # of chunks, one side at a time
        size //= 2
    return size


def _is_on_cpu(encoder: Encoder) -> bool:
    return next(encoder.module.parameters()).device.type == "cpu"


def _longest(pairs: PairDataset) -> dict[Side, Sequence[Item]]:
    sides: dict[Side, Sequence[Item]] = {"a": pairs.a, "b": pairs.b}
    return {side: sorted(items, key=text_length)[-2:] for side, items in sides.items()}


def _measure(encoder: Encoder, items: Sequence[Item], side: Side, config: TrainConfig) -> float:
    """Bytes of each item that are kept for the backward pass."""
    return _count_kept(encoder, items, side, config) / len(items)


def _count_kept(encoder: Encoder, items: Sequence[Item], side: Side, config: TrainConfig) -> int:
    weights = {tensor.untyped_storage().data_ptr() for tensor in encoder.module.parameters()}
    kept: dict[int, UntypedStorage] = {}  # by address, of which none is used twice meanwhile

    def note(tensor: Tensor) -> None:
        """In the graph's place: given what it made itself, a graph would hold itself for good."""
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage

    was_training = encoder.module.training
    encoder.module.eval()  # no dropout, which would draw the numbers of the steps to come
    precision = choose_precision(config.precision, encoder.module)
    try:
        inputs = encoder.preprocess(items, side)
        with saved_tensors_hooks(note, lambda nothing: nothing), autocast(CPU, precision):
            encoder.embed(inputs, side)
    finally:
        encoder.module.train(was_training)
    return sum(storage.nbytes() for storage in kept.values())
