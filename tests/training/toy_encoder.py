"""An encoder that costs nothing: two Linear layers over a text's own random vector."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import torch
from torch import Tensor, nn

from lab.config import LoRAConfig
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.lora import apply_lora_to_model, lora_state_dict

WIDTH = 8


@dataclass(frozen=True)
class ToyEncoder:
    """See lab.encoders.base.Encoder. A text's vector depends on its SHA-256 alone."""

    module: nn.Module
    name: str = "toy"
    family: str = "bert"
    kind: str = "text-text"
    towers: Mapping[str, str] = field(default_factory=dict)
    dim: int = WIDTH
    pooling: str = "mean"

    def preprocess(
        self, items: Sequence[str], side: str, multiple_of: int = 1
    ) -> dict[str, Tensor]:
        digests = [hashlib.sha256(item.encode()).digest() for item in items]
        rows = [np.random.default_rng(list(digest)).standard_normal(WIDTH) for digest in digests]
        return {"x": torch.tensor(np.stack(rows), dtype=torch.float32)}

    def embed(self, inputs: Mapping[str, Tensor], side: str) -> Tensor:
        return self.module(inputs["x"])

    def with_module(self, module: nn.Module) -> ToyEncoder:
        return replace(self, module=module)


def base_encoder() -> ToyEncoder:
    """Frozen, in eval mode, the same every time."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        module = nn.Sequential(nn.Linear(WIDTH, 16), nn.Tanh(), nn.Linear(16, WIDTH))
    return ToyEncoder(module.eval().requires_grad_(False))


def adapted_encoder(dropout: float = 0.0, **settings: object) -> ToyEncoder:
    """The base with fresh LoRA on both layers, the same every time."""
    encoder = base_encoder()
    config = LoRAConfig(r=4, target_modules=("0", "2"), lora_dropout=dropout, **settings)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(1)
        apply_lora_to_model(encoder.module, config)
    return encoder


def make_pairs(count: int = 24, repeats: int = 1) -> PairDataset:
    """Pairs of texts; each first text stands in `repeats` pairs."""
    pairs = (Pair(f"query {i // repeats}", f"answer {i}", i + 2) for i in range(count))
    return PairDataset("toys", "text-text", tuple(pairs))


def adapter_of(encoder: ToyEncoder) -> dict[str, Tensor]:
    """Copies of the adapter's tensors."""
    return {name: t.detach().clone() for name, t in lora_state_dict(encoder.module).items()}


def equal(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    """Bit for bit."""
    return one.keys() == other.keys() and all(torch.equal(one[n], other[n]) for n in one)
