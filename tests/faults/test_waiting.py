"""Runs and sweeps that waited, or were just being kept, when the server ended."""

from __future__ import annotations

import threading
import zipfile
from dataclasses import replace

import pytest
from servers import SOON, Killed, Server, finish, kill

from lab.runs import read_run
from lab.sweep.folder import read_sweep
from lab.ui.events.go_on import GoOnEvents
from lab.ui.events.sweep_go_on import SweepGoOnEvents
from lab.visits import sweeps, work
from lab.visits.complaints import Complaint
from lab.visits.ending import let_go
from lab.visits.interrupted import NAME
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory
from lab.visits.sweep_state import PACKED
from lab.visits.sweeps import make_sweep
from lab.visits.work import make_job
from lab.words import find_words
from tests.ui.tiny_sweeps import tiny_sweep

pytestmark = pytest.mark.usefixtures("flat_maps")
ENGLISH = find_words("en")


@pytest.fixture
def busy(server: Server) -> Server:
    """A server whose device is taken."""
    ends = threading.Event()
    other = server.laboratory.visitor("")
    job = server.laboratory.submit(other, Job(lambda *_: ends.wait(SOON)))
    yield server
    ends.set()
    server.laboratory.queue.wait(job, SOON)


def sweep_of(server: Server, laboratory: Laboratory | None = None) -> Job:
    config = replace(tiny_sweep(server.config), seeds=1)
    return make_sweep(laboratory or server.laboratory, server.visitor, config)


def test_a_run_that_waited_begins_anew(busy: Server) -> None:
    job = busy.laboratory.submit(busy.visitor, busy.job())
    assert not busy.laboratory.interrupted(busy.visitor.id)  # it waits
    now = busy.restarted()
    visitor, events = now.welcome(busy.visitor.id), GoOnEvents(now, "en")
    assert list(visitor.uploads) == [busy.config.pairs]
    offered = events.on_offer(visitor.id)
    assert (offered["visible"], offered["value"]) == (True, ENGLISH["page"]["go_on"])
    events.on_go_on(visitor.id)
    assert finish(now, visitor).name == job.id
    assert visitor.runs[0].form == {"r": 4}
    assert not now.interrupted(visitor.id)
    job.withdraw(Complaint("withdrawn"))


def test_whatever_a_browser_sent_is_written_down(server: Server) -> None:
    form = {"bias": "\ud800 \x00 한글"}
    make_job(server.laboratory, server.visitor, server.config, form=form).on_queued()
    (found,) = server.restarted().interrupted(server.visitor.id)
    assert found.form == form


@pytest.mark.parametrize("reason", ["withdrawn", "left_queue"])
def test_a_run_that_left_the_queue_is_not_offered(busy: Server, reason: str) -> None:
    job = busy.laboratory.submit(busy.visitor, busy.job())
    assert list(busy.laboratory.runs_folder.glob(f"{job.id}.partial/{NAME}"))
    job.withdraw(Complaint(reason))
    assert not list(busy.laboratory.runs_folder.glob("*.partial"))
    assert not busy.restarted().recall(busy.visitor.id)


def test_termination_keeps_what_waits(busy: Server) -> None:
    run = busy.laboratory.submit(busy.visitor, busy.job())
    let_go(busy.laboratory, 0.0)
    assert [found.id for found in busy.restarted().interrupted(busy.visitor.id)] == [run.id]


def test_a_run_gone_on_with_that_leaves_the_queue_keeps_its_checkpoint(server: Server) -> None:
    kill(job := server.job())
    job.withdraw(Complaint("withdrawn"))
    (found,) = server.laboratory.interrupted(server.visitor.id)
    assert found.done is not None


def test_a_run_refused_leaves_nothing(busy: Server) -> None:
    busy.laboratory.submit(busy.visitor, waits := busy.job())
    with pytest.raises(Complaint):
        busy.laboratory.submit(busy.visitor, busy.job())
    assert [path.stem for path in busy.laboratory.runs_folder.glob("*.partial")] == [waits.id]
    waits.withdraw(Complaint("withdrawn"))


def test_a_server_that_ends_between_saving_and_keeping_loses_no_run(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Killed

    job = server.job()
    job.on_queued()
    with monkeypatch.context() as patch:
        patch.setattr(work, "pack", die)
        with pytest.raises(Killed):
            job.work(lambda event: None, lambda: False)
    metrics = read_run(server.laboratory.runs_folder / job.id).metrics
    now = server.restarted()
    visitor = now.welcome(server.visitor.id)
    assert visitor.runs == ()
    GoOnEvents(now, "en").on_go_on(visitor.id)
    folder = finish(now, visitor)
    assert (folder.name, read_run(folder).metrics) == (job.id, metrics)
    assert len(server.restarted().welcome(visitor.id).runs) == 1


def test_a_server_that_ends_after_keeping_offers_nothing(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = server.job()
    monkeypatch.setattr("lab.visits.interrupted.remove", lambda folder: None)
    server.laboratory.submit(server.visitor, job)
    finish(server.laboratory, server.visitor)
    assert (server.laboratory.runs_folder / f"{job.id}.partial").is_dir()
    now = server.restarted()
    assert now.interrupted(server.visitor.id) == []
    assert len(now.welcome(server.visitor.id).runs) == 1


def test_a_sweep_that_waited_begins_anew(busy: Server) -> None:
    job = busy.laboratory.submit(busy.visitor, sweep_of(busy))
    now = busy.restarted()
    visitor, events = now.welcome(busy.visitor.id), SweepGoOnEvents(now, "en")
    assert now.interrupted(visitor.id) == []  # no run is offered
    offered = events.on_offer(visitor.id)["go_on"]
    assert (offered["visible"], offered["value"]) == (True, ENGLISH["ranks"]["go_on"])
    assert not events.on_offer(now.visitor("").id)["go_on"]["visible"]
    assert events.on_go_on(visitor.id)["stop"]["visible"]
    state = now.queue.wait(visitor.sweep, SOON).result
    assert state.folder.name == job.id
    assert len(state.points) == state.planned == 2
    assert not events.on_offer(visitor.id)["go_on"]["visible"]
    job.withdraw(Complaint("withdrawn"))


def test_a_sweep_that_was_killed_goes_on_where_it_was(server: Server) -> None:
    job = sweep_of(server)

    def die_at_the_second(state: object) -> None:
        if len(state.points) == 1 and state.point is not None:
            raise Killed

    job.publish = die_at_the_second
    job.on_queued()
    with pytest.raises(Killed):
        job.work(lambda event: None, lambda: False)
    (first,) = read_sweep(server.laboratory.runs_folder / job.id).points
    now = server.restarted()
    visitor, events = now.welcome(server.visitor.id), SweepGoOnEvents(now, "en")
    text = ENGLISH["ranks"]["go_on_after"].format(done=1, planned=2)
    assert events.on_offer(visitor.id)["go_on"]["value"] == text
    events.on_go_on(visitor.id)
    state = now.queue.wait(visitor.sweep, SOON).result
    assert state.points[0] == first
    assert state.losses.keys() == {point.key for point in state.points}
    assert all(state.losses.values())


def test_a_sweep_that_was_packed_is_not_packed_into_itself(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(*_: object) -> None:
        raise Killed

    job = sweep_of(server)
    job.on_queued()
    with monkeypatch.context() as patch:
        patch.setattr(sweeps, "write_sweep", die)
        with pytest.raises(Killed):
            job.work(lambda event: None, lambda: False)
    now = server.restarted()
    visitor = now.welcome(server.visitor.id)
    assert visitor.sweep is None
    SweepGoOnEvents(now, "en").on_go_on(visitor.id)
    state = now.queue.wait(visitor.sweep, SOON).result
    with zipfile.ZipFile(state.folder / PACKED) as packed:
        assert PACKED not in packed.namelist()
    assert server.restarted().welcome(visitor.id).sweep.id == job.id


def test_termination_keeps_a_sweep_to_go_on_with(server: Server) -> None:
    laboratory, job = server.laboratory, sweep_of(server)
    publish, trains = job.publish, threading.Event()

    def tell(state: object) -> None:
        publish(state)
        if state is not None and state.point is not None:
            trains.set()

    job.publish = tell
    laboratory.submit(server.visitor, job)
    assert trains.wait(SOON)
    let_go(laboratory, SOON)
    (found,) = server.restarted().interrupted(server.visitor.id, "sweep")
    assert found.id == job.id
