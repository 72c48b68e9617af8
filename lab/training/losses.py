"""Contrastive losses on features. Knows nothing about models, data or optimizers.

Letters: B batch, D embedding.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor


def info_nce(a: Tensor, b: Tensor, temperature: float | Tensor) -> Tensor:
    """Symmetric InfoNCE with in-batch negatives, the mean of both directions (a scalar).

    a, b: (B, D) embeddings, row i of one belonging to row i of the other; any length.
    temperature: divides the cosine similarities (its inverse is CLIP's logit scale).

    Also known as CLIP's loss (Radford et al. 2021, figure 3), NT-Xent, and multiple negatives
    ranking loss. A collapsed encoder scores log B.
    """
    a = F.normalize(a.float(), dim=-1)
    b = F.normalize(b.float(), dim=-1)
    logits = a @ b.T / temperature  # (B, B)
    partner = torch.arange(len(a), device=a.device)  # (B,)
    return (F.cross_entropy(logits, partner) + F.cross_entropy(logits.T, partner)) / 2
