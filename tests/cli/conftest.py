from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from command_line import Lab, call

from lab.analysis.projection import Maps
from lab.config import RunConfig
from lab.experiment import Outcome


@pytest.fixture(autouse=True)
def _quiet(one_thread: None) -> None:
    """Every test here on one thread."""


@pytest.fixture(autouse=True)
def _no_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    """UMAP compiles for longer than these runs take; tests of the maps are elsewhere."""

    def layout(outcome: Outcome) -> list[Maps]:
        points = np.zeros((len(outcome.baseline.before.stacked()), 2), dtype=np.float32)
        return [Maps(points, points, "pca")]

    monkeypatch.setattr("lab.archive.layout_maps", layout)


@pytest.fixture
def lab(capsys: pytest.CaptureFixture[str]) -> Lab:
    """lab("models"): the command's exit code and what it printed."""
    return partial(call, capsys)


@pytest.fixture
def arguments(config_of: dict[str, RunConfig], tmp_path: Path) -> dict[str, list[object]]:
    """Family -> the arguments of a short run into tmp_path/run."""
    return {
        family: [
            *("finetune", "--model", config.model, "--pairs", config.pairs, "--epochs", 1),
            *("--targets", ",".join(config.lora.target_modules), "--out", tmp_path / "run"),
        ]
        for family, config in config_of.items()
    }
