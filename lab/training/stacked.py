"""Batches of pairs -> embeddings under each of several adapters that share a frozen base.

Letters: K adapters, B batch, D embedding.
"""

from __future__ import annotations

from collections.abc import Mapping

from torch import Tensor

from lab.config import Precision
from lab.data.pair import Side
from lab.encoders.base import Encoder
from lab.training.caches import Caches
from lab.training.embedder import EMBEDDED, Embedder


class StackedEmbedder(Embedder):
    """An Embedder whose network carries K grouped adapters (lab.lora.grouped).

    In train mode every input goes in K times and comes out as K embeddings; a side that no adapter
    has a part in stays one. What runs in eval mode is what all share, and runs once.
    """

    def __init__(
        self,
        encoder: Encoder,
        precision: Precision,
        adapters: int,
        micro_batch_size: int | None = None,
        caches: Caches | None = None,
    ) -> None:
        if micro_batch_size is not None:
            micro_batch_size = max(1, micro_batch_size // adapters)  # the network holds K of each
        super().__init__(encoder, precision, micro_batch_size, caches)
        self._adapters, self._module = adapters, encoder.module

    def embed_tensors(self, tensors: Mapping[str, Tensor], side: Side) -> Tensor:
        """Embeddings (B, K, D), or (B, D) of a frozen side and in eval mode."""
        if EMBEDDED in tensors or not self._module.training:
            return super().embed_tensors(tensors, side)
        stacked = {name: tensor.repeat(self._times(tensor)) for name, tensor in tensors.items()}
        rows = super().embed_tensors(stacked, side)  # (K·B, D)
        return rows.unflatten(0, (self._adapters, -1)).transpose(0, 1)

    def _times(self, tensor: Tensor) -> list[int]:
        return [self._adapters, *[1] * (tensor.ndim - 1)]
