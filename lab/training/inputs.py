"""Input tensors for batches of items; a picture is decoded and resized once a run.

Texts are tokenized for every batch, so that a batch is padded to its own longest text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from lab.data.pair import Item, Picture, Side
from lab.encoders.base import Encoder

CACHE_BYTES = 1 << 30  # about 1,700 pictures of 224 x 224 pixels in fp32


class InputPipeline:
    """Items -> the encoder's input tensors on a device, with pictures kept up to a size."""

    def __init__(
        self, encoder: Encoder, device: torch.device, cache_bytes: int = CACHE_BYTES
    ) -> None:
        self._encoder = encoder
        self._device = device
        self._room = cache_bytes
        self._pictures: dict[str, dict[str, Tensor]] = {}

    def __call__(self, items: Sequence[Item], side: Side, keep: bool = True) -> dict[str, Tensor]:
        """Input tensors of `items`, batch first, on the device.

        keep: whether pictures that are new are kept for a next time.
        """
        if _all_pictures(items) and keep:
            inputs = self._stack(items, side)
        else:
            inputs = self._encoder.preprocess(items, side)
        return {name: tensor.to(self._device) for name, tensor in inputs.items()}

    def _stack(self, items: Sequence[Item], side: Side) -> Mapping[str, Tensor]:
        rows = [self._picture(item, side) for item in items]
        return {name: torch.cat([row[name] for row in rows]) for name in rows[0]}

    def _picture(self, item: Item, side: Side) -> dict[str, Tensor]:
        known = self._pictures.get(item.key)
        if known is not None:
            return known
        inputs = self._encoder.preprocess([item], side)
        size = sum(tensor.nbytes for tensor in inputs.values())
        if size <= self._room:
            self._room -= size
            self._pictures[item.key] = inputs
        return inputs


def _all_pictures(items: Sequence[Item]) -> bool:
    return all(isinstance(item, Picture) for item in items)
