"""Which ranks a model's layers have room for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lab.config import LoRAConfig

if TYPE_CHECKING:
    from lab.encoders.base import Encoder


def largest_rank(encoder: Encoder, lora: LoRAConfig) -> int:
    """The rank above which an update of the smallest chosen layer is no richer.

    Raises TargetError for targets that the model lacks.
    """
    from lab.lora import layer_shape, match_target_modules

    layers = match_target_modules(encoder.module, lora.target_modules)
    return min(min(layer_shape(layer)) for layer in layers.values())


def fitting(ranks: Sequence[int], largest: int) -> tuple[int, ...]:
    """The ranks that the smallest layer has room for."""
    return tuple(r for r in ranks if r <= largest)
