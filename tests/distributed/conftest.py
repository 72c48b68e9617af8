from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.append(str(Path(__file__).parents[1] / "training"))  # its toy encoder costs nothing


@pytest.fixture(autouse=True)
def _quiet(one_thread: None) -> None:
    """Every test here on one thread."""
