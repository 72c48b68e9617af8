"""Token features -> one embedding, as pure functions of features and mask.

Letters: B batch, T tokens, D features. The mask is 1 at tokens and 0 at padding.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def pool_mean(features: Tensor, mask: Tensor) -> Tensor:
    """Mean over the tokens."""
    weights = mask.unsqueeze(-1).to(features.dtype)  # (B, T, 1)
    return (features * weights).sum(1) / weights.sum(1).clamp(min=1e-9)  # (B, D)


def pool_mean_sqrt(features: Tensor, mask: Tensor) -> Tensor:
    """Sum over the tokens, divided by the square root of their number."""
    weights = mask.unsqueeze(-1).to(features.dtype)  # (B, T, 1)
    return (features * weights).sum(1) / weights.sum(1).clamp(min=1e-9).sqrt()  # (B, D)


def pool_weighted_mean(features: Tensor, mask: Tensor) -> Tensor:
    """Mean weighted by position, from 1 at the first token (Muennighoff 2022, SGPT)."""
    positions = mask.cumsum(1) * mask  # (B, T)
    weights = positions.unsqueeze(-1).to(features.dtype)  # (B, T, 1)
    return (features * weights).sum(1) / weights.sum(1).clamp(min=1e-9)  # (B, D)


def pool_max(features: Tensor, mask: Tensor) -> Tensor:
    """Largest value of each feature over the tokens."""
    hidden = mask.unsqueeze(-1) == 0  # (B, T, 1)
    return features.masked_fill(hidden, float("-inf")).max(1).values  # (B, D)


def pool_first(features: Tensor, mask: Tensor) -> Tensor:
    """The first token, [CLS]; padding may stand on either side."""
    first = mask.to(torch.int32).argmax(1)  # (B,)
    return features[torch.arange(len(features), device=features.device), first]  # (B, D)


def pool_last(features: Tensor, mask: Tensor) -> Tensor:
    """The last token, found by the mask; the only one that a causal model has seen all from."""
    positions = torch.arange(mask.shape[1], device=mask.device)  # (T,)
    last = (positions * (mask > 0)).argmax(1)  # (B,)
    return features[torch.arange(len(features), device=features.device), last]  # (B, D)


POOLINGS: dict[str, Callable[[Tensor, Tensor], Tensor]] = {
    "mean": pool_mean,
    "cls": pool_first,
    "last": pool_last,
    "max": pool_max,
    "mean_sqrt": pool_mean_sqrt,
    "weighted_mean": pool_weighted_mean,
}
