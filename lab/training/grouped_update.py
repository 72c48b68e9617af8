"""One optimizer step of several adapters on the embeddings of one batch.

Each has its own settings, temperature and gradient norm; what they share is the backward pass.
Letters: K adapters, B batch, D embedding.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from lab.training.losses import info_nce_blocks
from lab.training.update import Update, pass_back


class GroupedUpdate:
    """The updates of K adapters that share no parameter."""

    def __init__(self, updates: Sequence[Update]) -> None:
        self._updates = updates

    def losses(self, a: Tensor, b: Tensor) -> Tensor:
        """InfoNCE of each adapter (K,) on embeddings (B, K, D), or (B, D) where all share them."""
        temperatures = torch.stack([update.temperature() for update in self._updates])
        return info_nce_blocks(_by_adapter(a), _by_adapter(b), temperatures)

    def __call__(self, a: Tensor, b: Tensor) -> Tensor:
        """Embeddings -> loss, gradient norm before clipping, temperature after of each: (K, 3).

        Raises TrainingError when no gradient leads to them.
        """
        losses = self.losses(a, b)
        for update in self._updates:
            update.optimizer.zero_grad(set_to_none=True)
        # A parameter has a part in its own adapter's loss alone, so the sum's gradients are each's.
        pass_back(losses.sum())
        norms = torch.stack([update.descend() for update in self._updates])
        temperatures = torch.stack([update.temperature().detach() for update in self._updates])
        return torch.stack([losses.detach(), norms, temperatures], dim=1)


def _by_adapter(rows: Tensor) -> Tensor:
    return rows.transpose(0, 1) if rows.ndim == 3 else rows  # (K, B, D), (B, D)
