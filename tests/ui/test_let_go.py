"""A visitor whose result was let go of, to make room in memory: there is none for the page."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.ui.events.inside import InsideEvents
from lab.ui.events.maps import MapEvents
from lab.ui.events.matrices import MatrixEvents
from lab.ui.events.strength import StrengthEvents
from lab.ui.strengths import Measurements
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory, Visitor
from lab.words import find_words


@pytest.fixture
def laboratory(tmp_path: Path) -> Laboratory:
    return Laboratory(tmp_path)


@pytest.fixture
def visitor(laboratory: Laboratory) -> Visitor:
    """One whose page still shows a result that the lab has no more."""
    visitor = laboratory.visitor(None)
    visitor.job = Job(lambda *_: "a result")
    visitor.job.run()
    assert visitor.let_go()
    return visitor


def test_questions_about_it_are_answered_as_where_there_is_none(
    laboratory: Laboratory, visitor: Visitor
) -> None:
    maps = MapEvents(laboratory, "en")
    assert maps.on_point(visitor.id, {"index": 0, "side": "a"}) is None
    assert maps.on_look(visitor.id) == (None, None)
    ((_, note),) = maps.on_layout(visitor.id, 5, 0.1, "cosine")
    assert find_words("en")["layout"]["no_run"] in str(note)
    assert MatrixEvents(laboratory, "en").on_seen(visitor.id) is None
    (inside,) = InsideEvents(laboratory, "en").on_show(visitor.id)
    assert inside["spectra"] is None


def test_its_strengths_are_neither_measured_nor_written(
    laboratory: Laboratory, visitor: Visitor
) -> None:
    strengths = StrengthEvents(laboratory, "en", Measurements(laboratory.queue))
    assert list(strengths.on_measure(visitor.id)) == []
    (shown,) = strengths.on_show(visitor.id)
    assert shown["explorer"] is None
    assert strengths.on_export(0.5, visitor.id) == {"adapter": None}
    assert strengths.on_stop(visitor.id) is None


def test_a_run_that_found_nothing_yet_is_not_let_go_of(laboratory: Laboratory) -> None:
    visitor = laboratory.visitor(None)
    assert not visitor.let_go()
    visitor.job = Job(lambda *_: "a result")
    assert not visitor.let_go()
    assert visitor.job is not None
