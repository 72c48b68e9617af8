from __future__ import annotations

from pathlib import Path

import pytest
from deaths import hurry

from lab.config import RunConfig


@pytest.fixture(scope="session")
def settings(config_of: dict[str, RunConfig]) -> list[str]:
    """Of a short run with dropout, a learned temperature and a patience."""
    config = config_of["bert"]
    return [
        *("finetune", "--model", config.model, "--pairs", config.pairs, "--epochs", "2"),
        *("--targets", ",".join(config.lora.target_modules), "--batch-size", "8"),
        *("--dropout", "0.2", "--learn-temperature", "--patience", "1", "--precision", "fp32"),
    ]


@pytest.fixture
def arguments(settings: list[str], tmp_path: Path) -> list[str]:
    """The settings, and tmp_path/run to write to."""
    return [*settings, "--out", str(tmp_path / "run")]


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs in this process keep each step and draw no maps."""
    hurry(monkeypatch.setattr)
