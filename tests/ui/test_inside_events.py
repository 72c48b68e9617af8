"""The events of Inside ΔW for visitors without a run, and what a browser may not ask for."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from lab.ui.events.inside import InsideEvents
from lab.ui.events.strength import StrengthEvents
from lab.ui.strengths import Measurements, read_strength
from lab.visits.laboratory import Laboratory


@pytest.fixture
def laboratory(tmp_path: Path) -> Laboratory:
    return Laboratory(tmp_path / "runs")


def test_without_a_run_there_is_nothing_to_measure(laboratory: Laboratory) -> None:
    events = StrengthEvents(laboratory, "en", Measurements(laboratory.queue))
    stranger = laboratory.visitor("")
    assert list(events.on_measure(stranger.id)) == []
    assert events.on_export(0.5, stranger.id) == {"adapter": None}
    events.on_stop(stranger.id)
    *_, last = InsideEvents(laboratory, "en").on_show(stranger.id)
    assert last["spectra"] is None


@pytest.mark.parametrize("asked", [0.05, 0.75, 1, 1.5])
def test_a_strength_is_a_number_above_0_up_to_the_slider_s_end(asked: float) -> None:
    assert read_strength(asked) == asked


@pytest.mark.parametrize(
    "asked", [None, "0.5", True, [1], {}, 0, -1, 1.51, math.nan, math.inf, 10**400]
)
def test_all_else_is_none(asked: object) -> None:
    assert read_strength(asked) is None
