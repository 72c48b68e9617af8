"""A made-up sweep: recall rises with the rank, uniformity turns, seeds differ a little."""

from __future__ import annotations

from typing import Any

import numpy as np
from demo_values import HOSTILE, WORDS

from lab.sweep.config import SweepConfig
from lab.sweep.point import HeldOut, SweepPoint
from lab.sweep.view import smooth_losses, view_curves, view_ranks

RANKS, SEEDS, EPOCHS, STEPS = SweepConfig.ranks, 3, 6, 40
SETTINGS = {
    "config": {"ranks": list(RANKS)},
    "before": {
        "a_to_b": {"recall@1": 0.1},
        "b_to_a": {"recall@1": 0.12},
        "alignment": 1.4,
        "uniformity_a": -2.1,
        "uniformity_b": -2.3,
        "uniformity_across": -2.9,
        "modality_gap": 0.7,
    },
    "marks": {
        "alignment": {"collapse": 0.0, "sphere": 2.0},
        "uniformity_across": {"collapse": 0.0, "sphere": -3.94},
    },
}


def point(rank: int, seed: int, targets: str = "q_proj", **changes: Any) -> SweepPoint:
    draw = np.random.default_rng(1000 * seed + rank)
    size = np.log2(rank / 4)
    recall = 0.6 + 0.22 * (1 - np.exp(-size / 2)) + 0.01 * draw.standard_normal()
    uniformity = -2.6 - 0.18 * size + 0.03 * size**2 + 0.01 * draw.standard_normal()
    metrics = {
        "recall@1": float(recall),
        "alignment": float(0.5 - 0.02 * size + 0.004 * draw.standard_normal()),
        "uniformity": float(uniformity),
        "uniformity_across": float(uniformity - 0.2),
        "modality_gap": float(0.3 - 0.01 * size + 0.01 * draw.standard_normal()),
    }
    shares = [1 - np.exp(-3 * epoch / EPOCHS) for epoch in range(EPOCHS + 1)]
    curve = tuple(
        HeldOut(
            step=STEPS * epoch,
            epoch=epoch,
            recall=0.11 + share * (metrics["recall@1"] - 0.11),
            alignment=1.4 + share * (metrics["alignment"] - 1.4),
            uniformity=-2.2 + share * (metrics["uniformity"] + 2.2),
        )
        for epoch, share in enumerate(shares)
    )
    values: dict[str, Any] = {
        "alpha": 2.0 * rank,
        "scaling": 2.0,
        "learning_rate": 0.001,
        "targets": targets,
        "parameters": 18_432 * rank,
        "steps": STEPS * EPOCHS,
        "epochs": EPOCHS,
        "seconds": 30.0,
        "status": "finished",
        "error": None,
        "metrics": metrics,
        "curve": curve,
        **changes,
    }
    key = f"r{rank:03d}-seed{seed}"
    return SweepPoint(key=key, rank=rank, seed=seed, **values)


def points() -> list[SweepPoint]:
    """All that finished, and one that was ended early."""
    whole = [point(rank, seed) for seed in range(SEEDS) for rank in RANKS]
    return [*whole, point(4, SEEDS, status="stopped early", epochs=2)]


def sweep() -> dict[str, Any]:
    """One learning rate, one set of layers."""
    return view_ranks(SETTINGS, points(), WORDS)


def two_lines() -> dict[str, Any]:
    """Another set of layers, of a hostile name, with one seed."""
    others = [point(rank, 0, HOSTILE, parameters=9_000 * rank) for rank in RANKS[:4]]
    return view_ranks(SETTINGS, [*points(), *others], WORDS)


def curves(count: int | None = None) -> dict[str, Any]:
    """Of the first so many points."""
    shown = points()[:count]
    return view_curves(SETTINGS, shown, {p.key: _losses(p) for p in shown}, WORDS["ranks"])


def _losses(of: SweepPoint) -> list[tuple[int, float]]:
    draw = np.random.default_rng(of.seed)
    steps = range(1, STEPS * EPOCHS + 1)
    return smooth_losses(
        [(k, 0.4 + 3 * np.exp(-k / 50) + 0.1 * draw.standard_normal()) for k in steps]
    )
