"""Batches of pairs -> embeddings of one side, computing only what can change.

Knows nothing about losses, optimizers or LoRA. Letters: B batch, D embedding.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from lab.config import Precision
from lab.data.batches import text_length
from lab.data.dataset import PairDataset
from lab.data.pair import Item, Side
from lab.encoders.base import Encoder
from lab.training.device import autocast, choose_precision
from lab.training.inputs import InputPipeline


class Embedder:
    """An encoder during one run, with what it need not compute again.

    A side that no trainable parameter has a part in (CLIP's vision tower under an adapter of
    its text tower) is embedded once a run, in eval mode, and looked up by key after that.
    Autograd tells which side that is: its embeddings ask for no gradient in a training step.

    micro_batch_size: the most items that are in the network at once; None: a whole batch.
    """

    def __init__(
        self, encoder: Encoder, precision: Precision, micro_batch_size: int | None = None
    ) -> None:
        self._encoder = encoder
        self._precision = choose_precision(precision, encoder.module)
        self._micro_batch_size = micro_batch_size
        self._device = next(encoder.module.parameters()).device
        self._inputs = InputPipeline(encoder, self._device)
        self._known: dict[Side, dict[str, Tensor]] = {}  # frozen side -> key -> (D,)

    def __call__(self, pairs: PairDataset, batch: Sequence[int], side: Side) -> Tensor:
        """Embeddings (B, D) of one side of a batch of pairs; gradients flow if enabled."""
        items, keys = (pairs.a, pairs.a_keys) if side == "a" else (pairs.b, pairs.b_keys)
        items, keys = [items[i] for i in batch], [keys[i] for i in batch]
        if side not in self._known:
            embedded = self._embed(items, side)
            if embedded.requires_grad or not torch.is_grad_enabled():
                return embedded
            self._known[side] = {}
        return self._look_up(items, keys, self._known[side], side)

    def _embed(self, items: Sequence[Item], side: Side, keep: bool = True) -> Tensor:
        """Chunk by chunk: the same embeddings and gradients with one chunk's graph in memory.

        Gradient caching (Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under
        Memory Limited Setup", section 3.2): embed without a graph, let the loss of the whole
        batch give each embedding its gradient, then embed each chunk again with a graph and
        pass its gradients on. That is a checkpoint around each chunk, which also draws the same
        dropout again. Inputs are made inside, for those of a large batch would fill the memory.
        """
        size = self._micro_batch_size
        if size is None or len(items) <= size:
            return self._embed_chunk(items, side, keep)
        embed = self._embed_chunk
        if torch.is_grad_enabled():
            embed = partial(checkpoint, self._embed_chunk, use_reentrant=False)
        # Longest first: items of like length share a chunk, and pad each other little.
        order = sorted(range(len(items)), key=lambda i: -text_length(items[i]))
        chunks = [order[start : start + size] for start in range(0, len(order), size)]
        rows = torch.cat([embed([items[i] for i in chunk], side, keep) for chunk in chunks])
        return rows[np.argsort(order)]  # (B, D)

    def _embed_chunk(self, items: Sequence[Item], side: Side, keep: bool) -> Tensor:
        inputs = self._inputs(items, side, keep)
        with autocast(self._device, self._precision):
            return self._encoder.embed(inputs, side)  # (B, D)

    @torch.no_grad()
    def _look_up(
        self, items: Sequence[Item], keys: Sequence[str], known: dict[str, Tensor], side: Side
    ) -> Tensor:
        new = {key: item for key, item in zip(keys, items, strict=True) if key not in known}
        if new:
            with _eval_mode(self._encoder.module):
                # The embedding is kept; what it was made of will not be asked for again.
                embedded = self._embed(list(new.values()), side, keep=False)
            known.update(zip(new, embedded, strict=True))
        return torch.stack([known[key] for key in keys])  # (B, D)


@contextmanager
def _eval_mode(module: nn.Module) -> Iterator[None]:
    was_training = module.training
    module.eval()
    try:
        yield
    finally:
        module.train(was_training)
