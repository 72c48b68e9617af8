"""Many items in chunks of like length, which pad each other little.

Letters: B items, D embedding.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from lab.data.batches import text_length
from lab.data.pair import Item


def embed_in_chunks(
    embed: Callable[[Sequence[Item]], Tensor], items: Sequence[Item], size: int
) -> Tensor:
    """What `embed` makes of the items (B, D), in their order, `size` of them at a time.

    Longest first: the first chunk is the one that needs the most memory.
    """
    order = sorted(range(len(items)), key=lambda i: -text_length(items[i]))
    chunks = [order[start : start + size] for start in range(0, len(order), size)]
    rows = torch.cat([embed([items[i] for i in chunk]) for chunk in chunks])
    return rows[np.argsort(order)]
