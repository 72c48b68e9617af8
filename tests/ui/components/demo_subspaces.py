"""Adapters that share a few planted directions and fill the rest of their rank by themselves."""

from __future__ import annotations

from typing import Any

import torch
from demo_values import HOSTILE, WORDS

from lab.charts.subspace_values import Trained, TrainedPair, subspaces_value
from lab.lora.amplification import amplification
from lab.lora.factors import Factors
from lab.lora.shared_directions import compare_factors

WIDTH, SHARED = 96, 3
UNTRAINED = "layers.1.fc1"
PATHS = ("layers.0.q_proj", "layers.0.v_proj", UNTRAINED, HOSTILE)


def _adapter(rank: int, seed: int) -> dict[str, Factors]:
    draw = torch.Generator().manual_seed(1000 * seed + rank)
    planted = torch.randn(SHARED, WIDTH, generator=torch.Generator().manual_seed(7))
    strengths = torch.tensor([12.0, 6.0, 3.0])[:, None]
    made = {}
    for path in PATHS:
        own = torch.randn(rank, WIDTH, generator=draw)
        mixed = torch.randn(rank, SHARED, generator=draw) @ (strengths * planted) / rank**0.5
        b = torch.randn(WIDTH, rank, generator=draw)
        zero = path == UNTRAINED and seed == 1
        made[path] = Factors(own + mixed, 0 * b if zero else b, 0.1)
    return made


def _trained(rank: int, seed: int) -> Trained:
    weight = torch.randn(WIDTH, WIDTH, generator=torch.Generator().manual_seed(3))
    layers = _adapter(rank, seed).items()
    return Trained(rank, seed, {path: amplification(weight, factors) for path, factors in layers})


def subspaces() -> dict[str, Any]:
    """Two ranks, two seeds of each, and two ranks of one seed."""
    chosen = [((4, 0), (32, 1)), ((32, 0), (32, 1)), ((4, 0), (4, 1)), ((4, 0), (32, 0))]
    pairs = [
        TrainedPair(*(_trained(*one) for one in pair), compare_factors(*map(_of, pair)))
        for pair in chosen
    ]
    return subspaces_value(pairs, WORDS["subspaces"])


def _of(chosen: tuple[int, int]) -> dict[str, Factors]:
    return _adapter(*chosen)
