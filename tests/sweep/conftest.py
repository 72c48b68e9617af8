from __future__ import annotations

from pathlib import Path

import pytest

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.sweep.config import SweepConfig


@pytest.fixture(autouse=True)
def _quiet(one_thread: None) -> None:
    """Every test here on one thread."""


@pytest.fixture(scope="session")
def sweep(checkpoints: dict[str, Path], image_pairs: Path) -> SweepConfig:
    """Two ranks with two seeds on a tiny CLIP: four points."""
    base = RunConfig(
        str(checkpoints["clip"]),
        str(image_pairs),
        LoRAConfig(r=4, lora_alpha=8, target_modules=("q_proj", "v_proj")),
        TrainConfig(epochs=3, batch_size=6, learning_rate=0.02),
    )
    return SweepConfig(base, ranks=(4, 2), seeds=2)
