"""Input tensors for batches of items; a picture is decoded and resized once a run.

Texts are padded for every batch, to its own longest text; their tokenizer knows their ids.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from lab.data.pair import Item, Picture, Side
from lab.encoders.base import Encoder
from lab.training.tensor_store import TensorStore

CUDA_MULTIPLE = 8  # of text lengths: a step's graph holds for one shape of its inputs


class InputPipeline:
    """Items -> the encoder's input tensors on a device.

    pictures: where the prepared ones are kept.
    """

    def __init__(self, encoder: Encoder, device: torch.device, pictures: TensorStore) -> None:
        self._encoder = encoder
        self._device = device
        self._pictures = pictures

    def __call__(self, items: Sequence[Item], side: Side, keep: bool = True) -> dict[str, Tensor]:
        """Input tensors of `items`, batch first, on the device.

        keep: whether pictures that are new are kept for a next time.
        """
        if keep and _all_pictures(items):
            return self._stack(items, side)
        return self._preprocess(items, side)

    def _preprocess(self, items: Sequence[Item], side: Side) -> dict[str, Tensor]:
        multiple = CUDA_MULTIPLE if self._device.type == "cuda" else 1
        inputs = self._encoder.preprocess(items, side, multiple)
        return {name: self._to_device(tensor) for name, tensor in inputs.items()}

    def _to_device(self, tensor: Tensor) -> Tensor:
        if self._device.type == "cuda" and tensor.device.type == "cpu":
            # From pinned memory the copy runs while the next inputs are prepared.
            return tensor.pin_memory().to(self._device, non_blocking=True)
        return tensor.to(self._device)

    def _stack(self, items: Sequence[Item], side: Side) -> dict[str, Tensor]:
        rows = [self._picture(item, side) for item in items]
        return {name: torch.cat([self._to_device(row[name]) for row in rows]) for name in rows[0]}

    def _picture(self, item: Picture, side: Side) -> Mapping[str, Tensor]:
        inputs = self._pictures.get(item.key)
        if inputs is None:
            inputs = self._preprocess([item], side)
            self._pictures.put(item.key, inputs)
        return inputs


def _all_pictures(items: Sequence[Item]) -> bool:
    return all(isinstance(item, Picture) for item in items)
