"""A tracker that fails is told of once, and the run goes on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest
from tracked_runs import Finished

from lab.errors import LabError, TrackingError
from lab.experiment import Progress
from lab.tracking import Results, Start, Tracking, run, tracked
from lab.words import find_words
from lab.words.translate import translate

MOMENTS = ("start", "step", "finish", "close")


@dataclass
class Book:
    """A tracker that keeps what it is told, and breaks at one moment."""

    breaks_at: str | None = None
    told: list[tuple] = field(default_factory=list)

    def _tell(self, moment: str, *what: object) -> None:
        self.told.append((moment, *what))
        if moment == self.breaks_at:
            raise OSError(28, "No space left on device")

    def start(self, start: Start) -> str:
        self._tell("start", start)
        return "the shelf"

    def step(self, step: int, values: Mapping[str, float]) -> None:
        self._tell("step", step, values)

    def finish(self, results: Results) -> None:
        self._tell("finish", results)

    def close(self, *, failed: bool) -> None:
        self._tell("close", failed)

    def moments(self) -> list[str]:
        return [moment for moment, *_ in self.told]


@pytest.fixture
def shelve(monkeypatch: pytest.MonkeyPatch) -> Callable[[Book], Book]:
    """Makes a book the tracker of every run."""

    def shelve(book: Book) -> Book:
        monkeypatch.setattr(run, "make_tracker", lambda _: book)
        return book

    return shelve


TRACKING = Tracking("tensorboard")
RESULTS = Results({"after/alignment": 0.5})


def go(finished: Finished, events: list, told: list, tracking: Tracking | None = TRACKING) -> str:
    """A whole run."""
    outcome = finished.outcome
    with tracked(tracking, outcome.config, events.append, name="run", tell=told.append) as tracker:
        tracker(Progress("training"))
        for step in outcome.steps:
            tracker(step)
        tracker.finish(lambda: RESULTS)
    return tracker.where


def test_a_run_is_told_in_order_and_handed_on(finished: Finished, shelve: Callable) -> None:
    book, events, told = shelve(Book()), [], []
    steps = finished.outcome.steps
    assert go(finished, events, told) == "the shelf"
    assert book.moments() == ["start", *["step"] * len(steps), "finish", "close"]
    assert book.told[0][1] == Start("lora-lab", "run", finished.outcome.config)
    assert [number for moment, number, *_ in book.told if moment == "step"] == [
        step.step for step in steps
    ]
    assert book.told[-2:] == [("finish", RESULTS), ("close", False)]
    assert events == [Progress("training"), *steps]
    assert told == []


@pytest.mark.parametrize("moment", MOMENTS)
def test_a_broken_tracker_is_told_once_and_the_run_goes_on(
    moment: str, finished: Finished, shelve: Callable
) -> None:
    book, events, told = shelve(Book(moment)), [], []
    assert go(finished, events, told) is None
    assert events == [Progress("training"), *finished.outcome.steps]
    (error,) = told
    assert isinstance(error, TrackingError)
    assert "No space left on device" in str(error)
    assert book.moments().count(moment) == 1 + (moment == "close")  # tried once more, to let go
    assert book.moments()[-1] == "close"


def test_results_that_cannot_be_read_are_told_too(finished: Finished, shelve: Callable) -> None:
    book, told = shelve(Book()), []

    def read() -> Results:
        raise ValueError

    config = finished.outcome.config
    with tracked(TRACKING, config, lambda _: None, name="run", tell=told.append) as tracker:
        tracker.finish(read)
    assert "ValueError" in str(told[0])
    assert book.told[-1] == ("close", True)


def test_a_run_without_results_is_closed(finished: Finished, shelve: Callable) -> None:
    book = shelve(Book())
    with tracked(TRACKING, finished.outcome.config, lambda _: None, name="run"):
        pass
    assert book.told[1:] == [("close", False)]


def test_an_error_in_the_run_closes_it_as_failed(finished: Finished, shelve: Callable) -> None:
    book = shelve(Book())
    with (
        pytest.raises(KeyboardInterrupt),
        tracked(TRACKING, finished.outcome.config, lambda _: None, name="run"),
    ):
        raise KeyboardInterrupt
    assert book.told[1:] == [("close", True)]


def test_a_run_that_ended_in_an_error_is_closed_as_failed(
    finished: Finished, shelve: Callable
) -> None:
    book = shelve(Book())
    with tracked(TRACKING, finished.outcome.config, lambda _: None, name="run") as tracker:
        tracker.finish(lambda: Results({}, failed=True))
    assert book.told[-1] == ("close", True)


def test_without_a_tracker_a_run_is_only_handed_on(finished: Finished) -> None:
    events: list = []
    assert go(finished, events, [], tracking=None) is None
    assert events == [Progress("training"), *finished.outcome.steps]


def test_what_reports_raise_ends_the_run_as_before(finished: Finished, shelve: Callable) -> None:
    """Only trackers are forgiven: a page that stops a run raises out of its report."""
    shelve(Book())

    def stop(_: object) -> None:
        raise LabError("stopped")

    with (
        pytest.raises(LabError, match="stopped"),
        tracked(TRACKING, finished.outcome.config, stop, name="run") as tracker,
    ):
        tracker(Progress("training"))


def test_what_is_told_has_its_korean(finished: Finished, shelve: Callable) -> None:
    shelve(Book("start"))
    told: list = []
    go(finished, [], told)
    said = translate(str(told[0]), find_words("ko"))
    assert said.startswith("실행을 더는 기록할 수 없습니다([Errno 28]")
