from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _quiet(one_thread: None) -> None:
    """Every test here on one thread."""


@pytest.fixture(autouse=True)
def _plenty_of_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Passes through the network are counted here: none is made to find out what fits."""
    monkeypatch.setattr("lab.training.memory_need.find_free", lambda: None)
