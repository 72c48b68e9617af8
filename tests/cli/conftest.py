from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _quiet(one_thread: None) -> None:
    """Every test here on one thread."""
