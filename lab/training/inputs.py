"""Input tensors for batches of items; a picture is decoded and resized once a run.

Texts are padded for every batch, to its own longest text; their tokenizer knows their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from lab.data.pair import Item, Picture, Side
from lab.encoders.base import Encoder
from lab.training.picture_store import PictureStore


class InputPipeline:
    """Items -> the encoder's input tensors on a device."""

    def __init__(
        self, encoder: Encoder, device: torch.device, pictures: PictureStore | None = None
    ) -> None:
        self._encoder = encoder
        self._device = device
        self._pictures = pictures or PictureStore()

    def __call__(self, items: Sequence[Item], side: Side, keep: bool = True) -> dict[str, Tensor]:
        """Input tensors of `items`, batch first, on the device.

        keep: whether pictures that are new are kept for a next time.
        """
        if _all_pictures(items) and keep:
            inputs = self._stack(items, side)
        else:
            inputs = self._encoder.preprocess(items, side)
        return {name: self._to_device(tensor) for name, tensor in inputs.items()}

    def _to_device(self, tensor: Tensor) -> Tensor:
        if self._device.type == "cuda":
            # From pinned memory the copy runs while the next inputs are prepared.
            return tensor.pin_memory().to(self._device, non_blocking=True)
        return tensor.to(self._device)

    def _stack(self, items: Sequence[Item], side: Side) -> Mapping[str, Tensor]:
        rows = [self._picture(item, side) for item in items]
        return {name: torch.cat([row[name] for row in rows]) for name in rows[0]}

    def _picture(self, item: Picture, side: Side) -> Mapping[str, Tensor]:
        inputs = self._pictures.get(item.key)
        if inputs is None:
            inputs = self._encoder.preprocess([item], side)
            self._pictures.put(item.key, inputs)
        return inputs


def _all_pictures(items: Sequence[Item]) -> bool:
    return all(isinstance(item, Picture) for item in items)
