"""What runs over one frozen base and the same pairs can share: it depends on no adapter.

A sweep's runs differ in rank, alpha or first weights. What a picture is as a tensor, what a tower
without adapters makes of an item, and what comes out of the blocks below the lowest adapted one is
the same in all of them.
"""

from __future__ import annotations

from collections import defaultdict

import torch
from torch import Tensor

from lab.data.pair import Side
from lab.training.tensor_store import MEMORY_BYTES, TensorStore

HIDDEN_BYTES = 1 << 28  # 5,000 texts of 16 tokens at H = 768; the rest goes into a file


class Caches:
    """Prepared pictures, frozen sides' embeddings and lower blocks' outputs, as they come up.

    All of one base on one device. What was computed in one precision is not taken for another's.
    """

    def __init__(self) -> None:
        self._pictures: TensorStore | None = None
        self._hidden: dict[tuple[str, int, str], TensorStore] = defaultdict(
            lambda: TensorStore(HIDDEN_BYTES)
        )
        self._embedded: dict[tuple[Side, str], dict[str, Tensor]] = defaultdict(dict)

    def pictures(self, device: torch.device) -> TensorStore:
        """The store of prepared pictures, on the device."""
        if self._pictures is None:
            self._pictures = TensorStore(_room(device))
        return self._pictures

    def hidden(self, stack: str, count: int, precision: str) -> TensorStore:
        """The store of what the first `count` blocks of a stack give."""
        return self._hidden[stack, count, precision]

    def embedded(self, side: Side, precision: str) -> dict[str, Tensor]:
        """A side without adapters: key of an item -> its embedding (D,)."""
        return self._embedded[side, precision]


def _room(device: torch.device) -> int:
    """Bytes for prepared pictures: on a GPU they lie in its own memory, up to a quarter of it."""
    if device.type == "cuda":
        return torch.cuda.mem_get_info(device)[0] // 4
    return MEMORY_BYTES
