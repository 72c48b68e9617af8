"""A visitor's last sweep after a restart: its curves, its charts, and its files to take home."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from servers import SOON

from lab.config import RunConfig
from lab.ui.events.points import PointEvents
from lab.ui.events.sweep_watch import SweepWatcher
from lab.ui.sweeps_view import view_charts, view_live
from lab.visits.kept_file import NAME
from lab.visits.laboratory import Laboratory
from lab.visits.sweep_state import REPORT, Sweeping
from lab.visits.sweeps import drop_former, make_sweep
from lab.words import find_words
from tests.ui.tiny_sweeps import tiny_sweep

pytestmark = pytest.mark.usefixtures("one_thread")
ENGLISH = find_words("en")


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory, config_of: dict[str, RunConfig]) -> Laboratory:
    """A laboratory whose only visitor has finished a sweep of two ranks."""
    laboratory = Laboratory(tmp_path_factory.mktemp("lab") / "runs")
    visitor = laboratory.visitor("")
    config = replace(tiny_sweep(config_of["bert"]), seeds=1)
    job = laboratory.submit(visitor, make_sweep(laboratory, visitor, config))
    assert laboratory.queue.wait(job, SOON).state == "done"
    return laboratory


@pytest.fixture
def visitor_id(before: Laboratory) -> str:
    return before.visitors.all()[0].id


@pytest.fixture
def done(before: Laboratory, visitor_id: str) -> Sweeping:
    return before.visitor(visitor_id).sweep.snapshot().result


@pytest.fixture
def now(before: Laboratory) -> Laboratory:
    return Laboratory(before.runs_folder)


def test_a_visitor_finds_their_sweep_again(
    now: Laboratory, before: Laboratory, visitor_id: str, done: Sweeping
) -> None:
    again = now.welcome(visitor_id).sweep
    assert again.id == before.visitor(visitor_id).sweep.id
    state = again.snapshot().result
    assert state.points == done.points
    assert view_charts(state, ENGLISH) == view_charts(done, ENGLISH)
    assert view_live(state, ENGLISH["ranks"]) == view_live(done, ENGLISH["ranks"])


def test_a_page_that_opens_shows_it(now: Laboratory, visitor_id: str) -> None:
    """Whether its visitor was greeted before or is not known yet."""
    _, shown = SweepWatcher(now, "en").on_watch(visitor_id)
    assert shown["progress"]["value"]["text"].startswith("Sweep: 2 points in ")
    assert shown["packed"]["visible"]
    assert Path(shown["report"]["value"]).name == REPORT
    keys = [shown[name]["value"] for name in ("first", "second")]
    *_, told = PointEvents(now, "en").on_compare(visitor_id, *keys)
    assert told["subspaces"]["pairs"]


def test_it_is_its_visitors_alone(now: Laboratory, done: Sweeping) -> None:
    for stranger in ("", "0" * 32, None, done.folder.name):
        assert not now.recall(stranger)
        assert now.welcome(stranger).sweep is None


def damage(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-2] + b"xx")


def list_more(file: Path) -> None:
    file.write_text(json.dumps(2 * json.loads(file.read_text("utf-8"))), "utf-8")


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("sweep.json", list_more),
        ("settings.json", damage),
        (REPORT, damage),
        ("points/r002-seed0/adapter/adapter_model.safetensors", damage),
        ("points/r004-seed0/steps.jsonl", damage),
        (NAME, damage),
        ("sweep.json", Path.unlink),
    ],
)
def test_one_that_is_not_whole_is_left_out(
    now: Laboratory, visitor_id: str, done: Sweeping, name: str, change: Callable[[Path], None]
) -> None:
    file = done.folder / name
    content = file.read_bytes()
    change(file)
    try:
        again = now.welcome(visitor_id)
        assert (again.id, again.sweep) == (visitor_id, None)
        assert list(SweepWatcher(now, "en").on_watch(visitor_id)) == [{}]
    finally:
        file.write_bytes(content)


def test_a_new_one_takes_its_place_where_runs_are_bounded(
    now: Laboratory, visitor_id: str, done: Sweeping
) -> None:
    now.service = replace(now.service, runs_kept=3)
    drop_former(now, now.welcome(visitor_id).sweep)
    assert not done.folder.exists()
