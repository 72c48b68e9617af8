"""Where memory is tight, what was kept goes: what can be made anew, then whose owner left first."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from weakref import ref

import pytest

from lab.visits import making_room
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory
from lab.visits.making_room import FULL, TIGHT
from lab.visits.service_config import MB, ServiceConfig
from lab.visits.visitors import Visitor

LIMIT = 1000
EACH = 100  # MB that a visitor's result takes


class Lab:
    """A laboratory whose memory is what its results take, and something beside."""

    def __init__(self, home: Path, beside: float, patch: pytest.MonkeyPatch) -> None:
        self.laboratory = Laboratory(
            home, service=ServiceConfig(memory_mb=LIMIT, grace_seconds=60.0)
        )
        self.now = 0.0
        self.laboratory.visitors._clock = lambda: self.now
        self.beside, self.given_back = beside, 0
        patch.setattr(making_room, "find_held", self._held)
        patch.setattr(making_room, "give_back", self._give_back)

    def visit(self, at: float, work: Any = lambda *_: "result", run: bool = True) -> Visitor:
        """A visitor who was heard of last at this time, and whose run has ended."""
        self.now = at
        visitor = self.laboratory.visitor(None)
        visitor.job = Job(work)
        if run:
            visitor.job.run()
        return visitor

    def _held(self) -> float:
        results = [v.job and v.job.snapshot().result for v in self.laboratory.visitors.all()]
        return (self.beside + EACH * sum(result is not None for result in results)) * MB

    def _give_back(self) -> None:
        self.given_back += 1


def with_results(visitors: list[Visitor]) -> list[bool]:
    return [visitor.job is not None for visitor in visitors]


def test_those_away_longest_are_let_go_of_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(tmp_path, LIMIT * TIGHT - 1.5 * EACH, monkeypatch)
    visitors = [lab.visit(at) for at in (2.0, 0.0, 1.0)]
    lab.now = 100.0
    lab.laboratory.make_room()
    assert with_results(visitors) == [True, False, False]


def test_nothing_goes_while_there_is_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab = Lab(tmp_path, LIMIT * TIGHT - EACH, monkeypatch)
    visitor = lab.visit(0.0)
    lab.now = 100.0
    lab.laboratory.make_room()
    assert visitor.job is not None
    assert not lab.given_back


def test_a_result_that_is_looked_at_goes_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(tmp_path, LIMIT * TIGHT, monkeypatch)
    visitors = [lab.visit(0.0), lab.visit(100.0)]
    lab.laboratory.make_room()
    assert with_results(visitors) == [False, True]
    lab.beside = LIMIT * FULL
    lab.laboratory.make_room()
    assert with_results(visitors) == [False, False]


def test_runs_under_way_and_what_was_said_of_failed_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lab = Lab(tmp_path, 2.0 * LIMIT, monkeypatch)

    def fail(*_: object) -> None:
        raise MemoryError

    waiting, failed = lab.visit(0.0, run=False), lab.visit(0.0, fail)
    lab.now = 100.0
    lab.laboratory.make_room()
    assert with_results([waiting, failed]) == [True, True]
    assert "memory is full" in str(failed.job.snapshot().error)


def test_what_can_be_made_anew_goes_before_any_result(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever asked for it while memory was tight already has it all the same."""
    lab = Lab(tmp_path, 0.0, monkeypatch)
    visitor, prepared = lab.visit(0.0), lab.laboratory.prepared
    for_nobody = ref(prepared.dataset(visitor, "captions-en-ko", None, None))
    assert for_nobody() is not None
    lab.now, lab.beside = 100.0, LIMIT * TIGHT - EACH / 2
    asked_for = prepared.dataset(visitor, "captions-en-ko", "ko", "en")
    assert for_nobody() is None
    assert asked_for.side_names == ("ko", "en")
    assert visitor.job is None  # that was not enough


def test_without_a_limit_nothing_is_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look() -> int:
        raise AssertionError

    monkeypatch.setattr(making_room, "find_held", look)
    Laboratory(tmp_path).make_room()
