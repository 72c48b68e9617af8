"""Contrastive losses on features. Knows nothing about models, data or optimizers.

Letters: B batch, D embedding, K adapters.
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


def info_nce_blocks(a: Tensor, b: Tensor, temperatures: Tensor) -> Tensor:
    """The `info_nce` of each of K adapters on embeddings of its own (K,).

    a, b: (K, B, D), or (B, D) where all have the same; temperatures: (K,).
    Only an adapter's own pairs are its negatives: of the similarities of all with all, the blocks
    on the diagonal, and no other is computed.
    """
    a = F.normalize(a.float(), dim=-1)
    b = F.normalize(b.float(), dim=-1)
    logits = a @ b.mT / temperatures[:, None, None]  # (K, B, B)
    log_shares = logits.log_softmax(dim=-1) + logits.log_softmax(dim=-2)
    return -log_shares.diagonal(dim1=-2, dim2=-1).mean(dim=-1) / 2
