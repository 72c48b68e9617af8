from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.distance import cosine

from lab.analysis.movement import moved_in_space, share_beyond


def test_movement_in_space_is_scipys_cosine_distance(unit_rows) -> None:
    before, after = unit_rows(20, 12, seed=1), unit_rows(20, 12, seed=2)
    expected = [cosine(a, b) for a, b in zip(before, after, strict=True)]
    np.testing.assert_allclose(moved_in_space(before, after), expected, atol=1e-6)
    np.testing.assert_allclose(moved_in_space(before, -before), 2, atol=1e-6)
    assert (moved_in_space(before, before) >= 0).all()


def test_the_share_beyond_the_floor() -> None:
    floor = np.linspace(0, 1, 101)
    assert share_beyond(floor, floor) == pytest.approx(5 / 101)
    assert share_beyond(np.array([0.5, 0.9, 2, 3]), floor) == 0.5
    assert share_beyond(np.array([0.0, 0.1]), np.zeros(2)) == 0.5
