"""A sweep as a visitor's job: watched, stopped, kept beside their runs, taken home."""

from __future__ import annotations

import json
import threading
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest

from lab.config import RunConfig
from lab.sweep.config import SweepConfig
from lab.sweep.folder import read_sweep
from lab.sweep.single import PointMoment, PointStep
from lab.training.loop import TrainStep
from lab.ui.sweeps_view import brief_status, rank_choices, status_value, view_charts, view_live
from lab.visits.jobs import Job, Snapshot
from lab.visits.laboratory import Laboratory, Visitor
from lab.visits.service_config import OWN_MACHINE
from lab.visits.sweep_state import PACKED, REPORT, Sweeping
from lab.visits.sweeps import SweepWatch, drop_former, make_sweep
from lab.words import find_words
from tests.ui.tiny_sweeps import SOON, tiny_sweep, watch_sweep

pytestmark = pytest.mark.usefixtures("one_thread")

ENGLISH, KOREAN = find_words("en"), find_words("ko")


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
    assert watched[-1].error is None
    return watched[-1].result


def test_a_sweep_takes_no_place_of_a_run(visitor: Visitor, done: Sweeping) -> None:
    assert visitor.job is None
    assert visitor.sweep.snapshot().result is done
    assert visitor.has_something


def test_its_points_come_one_after_another(watched: list[Snapshot], done: Sweeping) -> None:
    counts = [len(s.result.points) for s in watched if s.result is not None]
    assert counts == sorted(counts)
    assert counts[-1] == done.planned == 4
    assert [p.key for p in done.points] == [p.key for p in read_sweep(done.folder).points]
    assert done.point is None


def test_its_status_says_which_point_and_how_far(watched: list[Snapshot]) -> None:
    told = [status_value(s, ENGLISH) for s in watched]
    said = [value["text"] for value in told]
    assert any("point 2 of 4, rank 4, seed 0, " in text for text in said)
    assert said[-1].startswith("Sweep: 4 points in ")
    shares = [value["fraction"] for value in told if value["fraction"] is not None]
    assert shares == sorted(shares)
    briefly = list(dict.fromkeys(brief_status(s, ENGLISH)["text"] for s in watched))
    assert [text for text in briefly if "point" in text] == [
        *(f"Sweep: point {k + 1} of 4, rank {(2, 4)[k % 2]}, seed {k // 2}" for k in range(4)),
        said[-1],
    ]
    assert "랭크 훑기" in status_value(watched[-1], KOREAN)["text"]


def test_curves_grow_while_a_point_trains(watched: list[Snapshot], done: Sweeping) -> None:
    states = [s.result for s in watched if s.result is not None and s.result.point is not None]
    live = view_live(states[0], ENGLISH["ranks"])
    assert live["ranks"] == [2, 4]
    whole = view_live(done, ENGLISH["ranks"])
    assert [len(curve["steps"]) for curve in whole["curves"]] == [2] * 4
    assert all(curve["loss"] for curve in whole["curves"])


def test_the_answer_stands_apart_from_the_charts(done: Sweeping) -> None:
    said, charts = view_charts(done, ENGLISH)
    assert said["kind"] == "verdict"
    assert "2 seeds" in said["texts"][0]
    assert charts["said"] == []
    assert [row["rank"] for row in charts["rows"]] == [2, 4]
    assert said["aside"].startswith("a-bert on captions-en-ko: ranks 2, 4, seeds: 2. alpha = c·r")
    nothing, none = view_charts(replace(done, points=()), ENGLISH)
    assert (nothing["texts"], none) == ([], None)


def test_points_in_one_pass_are_told_together(config: SweepConfig, done: Sweeping) -> None:
    """As a device with room for all ranks runs them: their events come in turn."""
    shown: list[Sweeping] = []
    watch = SweepWatch(config, Sweeping(done.settings, done.folder, 4), shown.append)
    of = done.points[:2]
    for index in range(2):
        for point in of:
            watch.note(PointMoment(point.key, point.curve[index]))
            watch.note(PointStep(point.key, train_step(index + 1)))
    assert [curve["loss"] for curve in view_live(watch.now, ENGLISH["ranks"])["curves"]] == [
        [1.0, 1.0]
    ] * 2
    snapshot = Snapshot(0, "running", None, (), 0, False, watch.now, None)
    told, briefly = status_value(snapshot, ENGLISH), brief_status(snapshot, ENGLISH)
    assert told["text"] == "Sweep: 2 of 4 points in one pass, seed 0, step 2 of 4"
    assert told["fraction"] == 2 * (2 / 4) / 4
    assert briefly["text"] == "Sweep: 2 of 4 points in one pass, seed 0"
    watch.end_point(of[0])
    assert [point.key for point in watch.now.under_way.values()] == [of[1].key]
    assert watch.now.losses[of[0].key] == [(1, 1.0), (2, 1.0)]


def train_step(number: int) -> TrainStep:
    return TrainStep(number, 4, 1, 1.0, 1e-3, 1.0, 0.07, 1.0, 1.0)


def test_it_is_taken_home_whole(done: Sweeping) -> None:
    assert done.is_packed
    with zipfile.ZipFile(done.folder / PACKED) as packed:
        names = set(packed.namelist())
        assert len(json.loads(packed.read("sweep.json"))) == 4
    adapters = {f"points/{p.key}/adapter/adapter_model.safetensors" for p in done.points}
    assert names >= {"settings.json", REPORT, *adapters}
    assert 'lang="ko"' in (done.folder / REPORT).read_text(encoding="utf-8")


@pytest.fixture
def stopped(laboratory: Laboratory, config: SweepConfig) -> Job:
    """Another visitor's sweep, stopped at the first step of its second point."""
    visitor = laboratory.visitor("")
    job = make_sweep(laboratory, visitor, config)
    publish = job.publish

    def stop_then(state: Sweeping) -> None:
        publish(state)
        if state is not None and len(state.points) == 1 and state.point is not None:
            job.stop()

    job.publish = stop_then
    laboratory.submit(visitor, job)
    laboratory.queue.wait(job, SOON)
    return job


def test_a_stopped_sweep_keeps_the_points_that_are_there(stopped: Job) -> None:
    snapshot = stopped.snapshot()
    assert (snapshot.state, len(snapshot.result.points)) == ("done", 1)
    assert (snapshot.result.folder / PACKED).is_file()
    told = status_value(snapshot, ENGLISH)
    assert "stopped; the 1 finished points of 4 are kept" in told["text"]


def test_a_sweep_that_waits_says_so_and_one_that_fails_why(
    laboratory: Laboratory, config: SweepConfig
) -> None:
    gate = threading.Event()
    other, visitor = laboratory.visitor(""), laboratory.visitor("")
    laboratory.submit(other, Job(lambda *_: gate.wait(SOON)))
    base = replace(config.base, model="no-such-model")
    job = make_sweep(laboratory, visitor, replace(config, base=base))
    laboratory.submit(visitor, job)
    assert "Waiting: 1" in status_value(job.snapshot(), ENGLISH)["text"]
    gate.set()
    told = status_value(laboratory.queue.wait(job, SOON), ENGLISH)
    assert told["level"] == "error"
    assert "no-such-model" in told["text"]


def test_where_runs_are_bounded_a_new_sweep_takes_the_place_of_the_last(tmp_path: Path) -> None:
    former = Job(lambda *_: None, kind="sweep")
    for kept, is_there in ((None, True), (3, False)):
        laboratory = Laboratory(tmp_path, service=replace(OWN_MACHINE, runs_kept=kept))
        (tmp_path / former.id).mkdir(exist_ok=True)
        drop_former(laboratory, former)
        drop_former(laboratory, None)
        assert (tmp_path / former.id).exists() == is_there


def test_ranks_beyond_the_layers_say_so() -> None:
    names = {rank: name for name, rank in rank_choices(64, ENGLISH["ranks"])}
    assert names[64] == "64"
    assert names[128] == "128, more than the smallest ticked layer holds (64)"
    assert all(name == str(rank) for name, rank in rank_choices(None, ENGLISH["ranks"]))
