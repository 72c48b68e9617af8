"""The rank lab's events: what is asked is planned, begun, shown after a reload, and compared."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest

from lab.config import RunConfig
from lab.sweep.config import SweepConfig
from lab.ui.events import ranks
from lab.ui.events.points import PointEvents
from lab.ui.events.ranks import RanksEvents
from lab.ui.events.sweep_watch import SweepWatcher
from lab.ui.form import form_fields
from lab.ui.selection import Selection
from lab.ui.sweeps_view import point_choices
from lab.visits.jobs import Job, Snapshot
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.sweep_state import REPORT, Sweeping
from lab.words import find_words
from tests.ui.test_handlers import BLANK
from tests.ui.tiny_sweeps import SOON, tiny_sweep, watch_sweep

pytestmark = pytest.mark.usefixtures("one_thread")

ENGLISH = find_words("en")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return Laboratory(tmp_path_factory.mktemp("lab") / "runs")


@pytest.fixture(scope="module")
def config(config_of: dict[str, RunConfig]) -> SweepConfig:
    return tiny_sweep(config_of["bert"])


@pytest.fixture(scope="module")
def visitor(laboratory: Laboratory) -> Visitor:
    return laboratory.visitor("")


@pytest.fixture(scope="module")
def watched(laboratory: Laboratory, visitor: Visitor, config: SweepConfig) -> list[Snapshot]:
    return watch_sweep(laboratory, visitor, config)


@pytest.fixture
def done(watched: list[Snapshot]) -> Sweeping:
    return watched[-1].result


def test_points_are_compared_when_asked(
    laboratory: Laboratory, visitor: Visitor, done: Sweeping
) -> None:
    events = PointEvents(laboratory, "en")
    keys = [key for _, key in point_choices(done, ENGLISH["ranks"])]
    *_, told = events.on_compare(visitor.id, keys[0], keys[1])
    pairs = told["subspaces"]["pairs"]
    assert [pair["name"] for pair in pairs] == [
        "r = 2 (seed 0) with r = 4 (seed 0)",
        "r = 4 (seed 0) with r = 4 (seed 1)",
    ]
    assert pairs[0]["beside"] == 1
    assert pairs[0]["layers"][0]["amplification"]
    *_, refused = events.on_compare(visitor.id, keys[0], "else")
    assert "choose two different finished points" in refused["compared"]["texts"][0]
    assert list(events.on_compare(laboratory.visitor("").id, keys[0], keys[1])) == [{}]


def values(form: dict[str, Any], asked: list[Any]) -> list[Any]:
    return [*(form.get(name) for name in form_fields()), *asked]


def test_a_page_without_a_sweep_is_left_as_it_is(laboratory: Laboratory) -> None:
    watcher, events = SweepWatcher(laboratory, "en"), RanksEvents(laboratory, "en")
    assert list(watcher.on_watch("")) == [{}]
    assert list(watcher.on_watch(laboratory.visitor("").id)) == [{}]
    assert not laboratory.visitors.knows("")
    events.on_stop(laboratory.visitor("").id)


def test_a_reload_shows_the_sweep_that_is_there(
    laboratory: Laboratory, visitor: Visitor, done: Sweeping
) -> None:
    _, shown = SweepWatcher(laboratory, "ko").on_watch(visitor.id)
    assert shown["status"]["text"].startswith("랭크 훑기")
    assert shown["charts"]["rows"]
    assert shown["packed"]["visible"]
    assert Path(shown["report"]["value"]).name == REPORT
    assert [shown[name]["value"] for name in ("first", "second")] == ["r002-seed0", "r004-seed0"]


def test_a_sweep_is_planned_begun_and_withdrawn(
    laboratory: Laboratory, config: SweepConfig
) -> None:
    model, pairs = config.base.model, config.base.pairs
    form = {**BLANK, "model": model, "pairs": pairs, "names": ["query"], "first": 0, "last": 9}
    events, visitor = RanksEvents(laboratory, "en"), laboratory.visitor("")
    given = values(form, [[4, 8], "fixed", 1, "", [], False])
    assert events.on_plan(visitor.id, Selection(), *given) == {}
    selection = Selection()
    selection.show({"model": model, "pairs": pairs})
    told = events.on_plan(visitor.id, selection, *given)
    assert told["plan"]["texts"][0].startswith("Trainings: 2.")
    assert "--alpha-rule fixed" in told["command"]
    assert told["start"]["interactive"]
    wrong = events.on_plan(visitor.id, selection, *values(form, [[], "fixed", 1, "", [], False]))
    assert wrong["plan"]["kind"] == "error"
    nothing = values({**form, "names": []}, [[4], "fixed", 1, "", [], False])
    assert "no layer" in events.on_plan(visitor.id, selection, *nothing)["plan"]["texts"][0]

    gate = threading.Event()
    laboratory.submit(laboratory.visitor(""), Job(lambda *_: gate.wait(SOON)))
    begun = events.on_start(visitor.id, *given)
    assert begun["stop"]["visible"]
    again = events.on_start(visitor.id, *given)
    assert "under way" in again["plan"]["texts"][0]
    events.on_stop(visitor.id)
    *_, last = SweepWatcher(laboratory, "en").on_watch(visitor.id)
    assert "left the queue" in last["status"]["text"]
    gate.set()
    assert "reload" in events.on_start("nobody", *given)["plan"]["texts"][0]


def test_a_plan_of_before_a_tick_does_not_undo_that_of_the_tick(
    laboratory: Laboratory, config: SweepConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, pairs = config.base.model, config.base.pairs
    form = {**BLANK, "model": model, "pairs": pairs, "names": ["query"], "first": 0, "last": 9}
    events, visitor = RanksEvents(laboratory, "en"), laboratory.visitor("")
    selection, newer = Selection(), []
    selection.show({"model": model, "pairs": pairs})
    older, ticked = (values(form, [ranks, "fixed", 1, "", [], False]) for ranks in ([4, 8], [4]))
    prepare = ranks.prepare

    def slow(*arguments: Any) -> Any:
        monkeypatch.setattr(ranks, "prepare", prepare)
        newer.append(events.on_plan(visitor.id, selection, *ticked))
        return prepare(*arguments)

    monkeypatch.setattr(ranks, "prepare", slow)
    assert events.on_plan(visitor.id, selection, *older) == {}
    assert newer[0]["plan"]["texts"][0].startswith("Trainings: 1.")
