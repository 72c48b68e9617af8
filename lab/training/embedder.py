"""Batches of pairs -> embeddings of one side, computing only what can change.

Knows nothing about losses, optimizers or LoRA. Letters: B batch, D embedding.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

from lab.config import Precision
from lab.data.dataset import PairDataset
from lab.data.pair import Item, Side, item_key
from lab.encoders.base import Encoder
from lab.training.caches import Caches
from lab.training.chunks import embed_in_chunks
from lab.training.device import autocast, choose_precision, waits_for_products
from lab.training.inputs import InputPipeline
from lab.training.lower_layers import HIDDEN, LowerLayers, find_lower_layers
from lab.training.tensor_store import TensorStore

EMBEDDED = "embedded"  # the name of what is an embedding already, among input tensors
TEXT_CHUNK = 32  # texts at a time on two cores: batches of 64 captions pad 23%, these 11%


@dataclass(frozen=True)
class SideBatch:
    """One side of a batch of pairs.

    tensors: the network's inputs on the device, or embeddings (B, D) under EMBEDDED; None when
    inputs are made on the way, chunk by chunk.
    """

    items: Sequence[Item]
    keys: Sequence[str]
    side: Side
    tensors: Mapping[str, Tensor] | None


class Embedder:
    """An encoder during one run, with what it need not compute again.

    A side that no trainable parameter has a part in (CLIP's vision tower under an adapter of
    its text tower) is embedded once a run, in eval mode, and looked up by key after that.
    Autograd tells which side that is: its embeddings ask for no gradient in a training step.
    Blocks below the lowest adapted one are run once for each item, too (LowerLayers).

    micro_batch_size: the most items that are in the network at once; None: a whole batch.
    caches: what earlier runs over the same base have computed; None: an own, empty one.
    """

    def __init__(
        self,
        encoder: Encoder,
        precision: Precision,
        micro_batch_size: int | None = None,
        caches: Caches | None = None,
    ) -> None:
        self._encoder = encoder
        self._precision = choose_precision(precision, encoder.module)
        self._micro_batch_size = micro_batch_size
        self._device = next(encoder.module.parameters()).device
        self._caches = Caches() if caches is None else caches
        self._inputs = InputPipeline(encoder, self._device, self._caches.pictures(self._device))
        self._known: dict[Side, dict[str, Tensor]] = {}  # frozen side -> key -> (D,)
        self._splits_texts = waits_for_products(encoder.module)
        self._stacks = find_lower_layers(encoder.module, self._hidden_store)
        self._lower: dict[Side, LowerLayers | None] = {}

    @property
    def keeps(self) -> bool:
        """Whether anything of an item is computed once and looked up after that."""
        return bool(self._known) or any(self._lower.values())

    def limit(self, micro_batch_size: int) -> None:
        """From now on at most so many items are in the network at once."""
        self._micro_batch_size = micro_batch_size

    def __call__(self, pairs: PairDataset, batch: Sequence[int], side: Side) -> Tensor:
        """Embeddings (B, D) of one side of a batch of pairs; gradients flow if enabled."""
        return self.embed(self.prepare(pairs, batch, side))

    def prepare(self, pairs: PairDataset, batch: Sequence[int], side: Side) -> SideBatch:
        """What can be done ahead: inputs on the device, or the embeddings of a frozen side."""
        items, keys = (pairs.a, pairs.a_keys) if side == "a" else (pairs.b, pairs.b_keys)
        items, keys = [items[i] for i in batch], [keys[i] for i in batch]
        if side in self._known:
            tensors = {EMBEDDED: self._look_up(items, keys, side)}
        elif self._chunk_size(items) < len(items):
            self._find_lower(items, side)  # not within a checkpoint, which would count its tensors
            tensors = None
        else:
            tensors = self._make_tensors(items, side)
        return SideBatch(items, keys, side, tensors)

    def embed(self, batch: SideBatch) -> Tensor:
        """Embeddings (B, D) of what was prepared."""
        if batch.tensors is None:
            rows = self._embed_items(batch.items, batch.side)
        else:
            rows = self.embed_tensors(batch.tensors, batch.side)
        if rows.requires_grad or batch.side in self._known or not torch.is_grad_enabled():
            return rows
        self._known[batch.side] = self._caches.embedded(batch.side, self._precision)
        return self._look_up(batch.items, batch.keys, batch.side)

    def embed_tensors(self, tensors: Mapping[str, Tensor], side: Side) -> Tensor:
        """(B, D) of SideBatch.tensors: a function of the numbers alone, so that a graph holds."""
        if EMBEDDED in tensors:
            return tensors[EMBEDDED]
        if HIDDEN not in tensors:
            return self._run(tensors, side)
        inputs = {name: tensor for name, tensor in tensors.items() if name != HIDDEN}
        with self._lower[side].skipped(tensors[HIDDEN]):
            return self._run(inputs, side)

    def _run(self, inputs: Mapping[str, Tensor], side: Side) -> Tensor:
        with autocast(self._device, self._precision):
            return self._encoder.embed(inputs, side)

    def _run_in_eval(self, side: Side, inputs: Mapping[str, Tensor]) -> Tensor:
        with _eval_mode(self._encoder.module):
            return self._run(inputs, side)

    def _make_tensors(self, items: Sequence[Item], side: Side) -> dict[str, Tensor]:
        """The network's inputs, and what its lower blocks gave for them if they are skipped."""
        inputs = self._inputs(items, side)
        lower = self._find_lower(items, side)
        if lower is None:
            return inputs
        keys = [item_key(item) for item in items]
        return {**inputs, HIDDEN: lower.hidden(keys, inputs, partial(self._run_in_eval, side))}

    def _hidden_store(self, stack: str, count: int) -> TensorStore:
        return self._caches.hidden(stack, count, self._precision)

    def _find_lower(self, items: Sequence[Item], side: Side) -> LowerLayers | None:
        if side not in self._lower:
            self._lower[side] = None
            if self._stacks:
                run = partial(self._run_in_eval, side, self._inputs(items[:2], side))
                self._lower[side] = next((s for s in self._stacks if s.probe(run)), None)
        return self._lower[side]

    def _chunk_size(self, items: Sequence[Item]) -> int:
        size = self._micro_batch_size or len(items)
        splits = self._splits_texts and isinstance(items[0], str)
        # More cores share larger products.
        return min(size, TEXT_CHUNK * max(1, torch.get_num_threads() // 2)) if splits else size

    def _embed_items(self, items: Sequence[Item], side: Side, keep: bool = True) -> Tensor:
        """Chunk by chunk: the same embeddings and gradients with less padding or less memory.

        Gradient caching (Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under
        Memory Limited Setup", section 3.2): embed without a graph, let the loss of the whole
        batch give each embedding its gradient, then embed each chunk again with a graph and
        pass its gradients on. That is a checkpoint around each chunk, which also draws the same
        dropout again. Inputs are made inside, for those of a large batch would fill the memory.
        """
        embed = partial(self._embed_chunk, side=side, keep=keep)
        limit = self._micro_batch_size or len(items)
        if limit < len(items) and torch.is_grad_enabled():
            embed = partial(checkpoint, embed, use_reentrant=False)
        return embed_in_chunks(embed, items, self._chunk_size(items))

    def _embed_chunk(self, items: Sequence[Item], side: Side, keep: bool) -> Tensor:
        tensors = self._make_tensors(items, side) if keep else self._inputs(items, side, keep)
        return self.embed_tensors(tensors, side)  # (B, D)

    @torch.no_grad()
    def _look_up(self, items: Sequence[Item], keys: Sequence[str], side: Side) -> Tensor:
        known = self._known[side]
        new = {key: item for key, item in zip(keys, items, strict=True) if key not in known}
        if new:
            with _eval_mode(self._encoder.module):
                # The embedding is kept; what it was made of will not be asked for again.
                embedded = self._embed_items(list(new.values()), side, keep=False)
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
