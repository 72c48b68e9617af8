"""How token features (B, T, H) become one vector per text: pure kernels, right by the mask alone.

The names and formulas are those of sentence-transformers' Pooling module; padding may stand on
either side. Every text must have at least one real token.
Letters: B batch, T tokens, H hidden size.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Kernel = Callable[[Tensor, Tensor], Tensor]


def mean(hidden: Tensor, mask: Tensor) -> Tensor:
    """Average of the real tokens. hidden (B, T, H), mask (B, T) of 0 and 1 -> (B, H)."""
    return _sum(hidden, mask) / _count(mask)


def mean_sqrt_len(hidden: Tensor, mask: Tensor) -> Tensor:
    """Sum of the real tokens over the square root of their number."""
    return _sum(hidden, mask) / _count(mask).sqrt()


def weighted_mean(hidden: Tensor, mask: Tensor) -> Tensor:
    """Average of the real tokens, the i-th weighted with i (Muennighoff 2022, SGPT, section 3)."""
    place = mask.cumsum(dim=1) * mask  # (B, T): 1, 2, 3 ... over the real tokens
    return _sum(hidden, place) / place.sum(dim=1, keepdim=True)


def maximum(hidden: Tensor, mask: Tensor) -> Tensor:
    """Largest value of every feature over the real tokens."""
    return hidden.masked_fill(mask.unsqueeze(-1) == 0, float("-inf")).amax(dim=1)


def cls(hidden: Tensor, mask: Tensor) -> Tensor:
    """The first real token."""
    return _take(hidden, mask.int().argmax(dim=1))


def last(hidden: Tensor, mask: Tensor) -> Tensor:
    """The last real token: in a causal model the only one that has seen the whole text."""
    return _take(hidden, mask.shape[1] - 1 - mask.int().flip(1).argmax(dim=1))


KERNELS: dict[str, Kernel] = {
    "mean": mean,
    "cls": cls,
    "last": last,
    "lasttoken": last,
    "max": maximum,
    "mean_sqrt_len_tokens": mean_sqrt_len,
    "weightedmean": weighted_mean,
}


def pool(hidden: Tensor, mask: Tensor, names: Sequence[str]) -> Tensor:
    """The named poolings side by side, in fp32: (B, T, H) -> (B, len(names) * H)."""
    hidden = hidden.float()
    return torch.cat([KERNELS[name](hidden, mask) for name in names], dim=-1)


def _sum(hidden: Tensor, weights: Tensor) -> Tensor:
    return (hidden * weights.unsqueeze(-1).to(hidden.dtype)).sum(dim=1)  # (B, H)


def _count(mask: Tensor) -> Tensor:
    return mask.sum(dim=1, keepdim=True)  # (B, 1)


def _take(hidden: Tensor, index: Tensor) -> Tensor:
    return hidden[torch.arange(len(hidden), device=hidden.device), index]  # (B, H)
