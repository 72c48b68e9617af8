"""Pairs through an encoder, once per distinct item.

Letters: N pairs, D embedding.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
import torch.nn.functional as F

from lab.data.batches import text_length
from lab.data.dataset import PairDataset
from lab.data.pair import Item, Side
from lab.encoders.base import Encoder
from lab.errors import ModelError
from lab.memory import is_out_of_memory


@dataclass(frozen=True)
class EmbeddingSet:
    """Both sides of N pairs, each row of length 1.

    a, b: (N, D) float32; a_keys, b_keys: equal for equal items.
    """

    a: np.ndarray
    b: np.ndarray
    a_keys: tuple[str, ...]
    b_keys: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.a)

    def stacked(self) -> np.ndarray:
        """(2N, D): all of a, then all of b."""
        return np.concatenate([self.a, self.b])


def compute_embeddings(
    encoder: Encoder,
    pairs: PairDataset,
    *,
    batch_size: int = 64,
    device: torch.device | str = "cpu",
    progress: Callable[[float], None] | None = None,
    known: Mapping[Side, np.ndarray] | None = None,
) -> EmbeddingSet:
    """Embed both sides of the pairs in eval mode; the module's mode is put back afterwards.

    Items are embedded longest text first within each side's distinct items, so that a batch
    pads little. progress: called with the share of items that are done.
    known: sides (N, D) that are there already, and not embedded again.
    Raises ModelError when an embedding is not finite: no metric of it would mean anything.
    """
    rows = dict(known or {})
    sides = {"a": (pairs.a, pairs.a_keys), "b": (pairs.b, pairs.b_keys)}
    asked = {side: of for side, of in sides.items() if side not in rows}
    done = _Counter(sum(len(set(keys)) for _, keys in asked.values()), progress)
    was_training = encoder.module.training
    encoder.module.eval()
    try:
        for side, (items, keys) in asked.items():
            rows[side] = _embed_side(encoder, items, keys, side, batch_size, device, done)
    finally:
        encoder.module.train(was_training)
    return EmbeddingSet(rows["a"], rows["b"], pairs.a_keys, pairs.b_keys)


class _Counter:
    def __init__(self, total: int, progress: Callable[[float], None] | None) -> None:
        self._total, self._progress, self._count = total, progress, 0

    def add(self, count: int) -> None:
        self._count += count
        if self._progress is not None:
            self._progress(self._count / self._total)


@torch.no_grad()
def _embed_side(
    encoder: Encoder,
    items: Sequence[Item],
    keys: Sequence[str],
    side: Side,
    batch_size: int,
    device: torch.device | str,
    done: _Counter,
) -> np.ndarray:
    first = {key: i for i, key in reversed(list(enumerate(keys)))}  # key -> its first item
    order = sorted(first.values(), key=lambda i: -text_length(items[i]))
    row_of = {keys[i]: row for row, i in enumerate(order)}

    def embed(batch: Sequence[int]) -> np.ndarray:
        made = encoder.preprocess([items[i] for i in batch], side)
        inputs = {name: tensor.to(device) for name, tensor in made.items()}
        return F.normalize(encoder.embed(inputs, side).float(), dim=-1).cpu().numpy()  # (B, D)

    blocks = []
    for block in _in_batches(embed, order, batch_size, encoder.name):
        if not np.isfinite(block).all():
            raise ModelError(
                f"{encoder.name!r} gives embeddings that are not finite numbers; choose another "
                "model, or train with a lower learning rate"
            )
        blocks.append(block)
        done.add(len(block))
    return np.concatenate(blocks)[[row_of[key] for key in keys]]  # (N, D)


def _in_batches(
    embed: Callable[[Sequence[int]], np.ndarray], order: Sequence[int], size: int, model: str
) -> Iterator[np.ndarray]:
    """`embed` of `size` at a time, or of as many as the memory holds."""
    start = 0
    while start < len(order):
        batch = order[start : start + size]
        try:
            block = embed(batch)
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error):
                raise
            block = None  # what the error holds of the memory goes with it
        if block is not None:
            yield block
            start += len(batch)
        elif len(batch) == 1:
            raise ModelError(
                f"the device ran out of memory with {model!r} and a single text or picture; choose "
                "a smaller model, or shorten the texts"
            )
        else:
            size = len(batch) // 2
