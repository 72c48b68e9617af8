"""The server goes away and comes back: whose run was interrupted, and how they go on with it."""

from __future__ import annotations

import json
import os
import shutil
import threading
from pathlib import Path

import pytest
from servers import SOON, STEP, Killed, Server, finish, kill

from lab.runs import read_run
from lab.training.loop import TrainStep
from lab.ui.events.go_on import GoOnEvents
from lab.visits.disk import list_runs
from lab.visits.ending import let_go
from lab.visits.interrupted import NAME, Restarting
from lab.words import find_words

pytestmark = pytest.mark.usefixtures("flat_maps")


def test_visitor_goes_on_with_the_run_and_it_ends_as_it_would_have(server: Server) -> None:
    server.laboratory.submit(server.visitor, server.job())
    whole = finish(server.laboratory, server.visitor)
    killed = server.job()
    kill(killed)
    now = server.restarted()
    events = GoOnEvents(now, "en")
    visitor = now.welcome(server.visitor.id)
    assert visitor.id == server.visitor.id
    text = find_words("en")["page"]["go_on_after"].format(done=STEP - 1, steps=8)
    assert events.on_offer(visitor.id) | {"visible": True, "value": text} == events.on_offer(
        visitor.id
    )
    shown = events.on_go_on(visitor.id)
    assert shown["stop"]["visible"]
    folder = finish(now, visitor)
    assert folder.name == killed.id
    weights = Path("adapter", "adapter_model.safetensors")
    assert (folder / weights).read_bytes() == (whole / weights).read_bytes()
    assert read_run(folder).metrics == read_run(whole).metrics
    assert visitor.runs[-1].form == {"r": 4}
    assert not now.interrupted(visitor.id)  # nor is it offered again
    assert not events.on_offer(visitor.id)["visible"]
    assert read_run(whole)  # what had finished is there


def test_run_is_its_visitors_alone_and_its_folder_does_not_tell_whose(server: Server) -> None:
    job = server.job()
    kill(job)
    now = server.restarted()
    file = now.runs_folder / f"{job.id}.partial" / NAME
    assert server.visitor.id not in file.read_text()
    hashed = json.loads(file.read_text())["visitor"]
    for stranger in ("", "0" * 32, hashed, None, 7, ["x"], job.id):
        assert now.interrupted(stranger) == []
        assert now.welcome(stranger).id != server.visitor.id
        assert not GoOnEvents(now, "en").on_offer(stranger)["visible"]
    other = now.welcome("")
    assert GoOnEvents(now, "en").on_go_on(other.id) == {
        "go_on": {"__type__": "update", "visible": False}
    }
    assert other.job is None


def test_run_that_is_under_way_is_not_offered(server: Server) -> None:
    laboratory, visitor = server.laboratory, server.visitor
    kill(job := server.job())
    assert [run.id for run in laboratory.interrupted(visitor.id)] == [job.id]
    visitor.under_way = (job,)
    assert laboratory.interrupted(visitor.id) == []


def test_what_is_damaged_or_of_another_version_is_passed_over(server: Server) -> None:
    kill(job := server.job())
    now = server.restarted()
    file = now.runs_folder / f"{job.id}.partial" / NAME
    visit = json.loads(file.read_text())
    for content in ("", "[]", "null", "{}", json.dumps({**visit, "config": {"new": 1}})):
        file.write_text(content)
        assert now.interrupted(server.visitor.id) == []


def test_run_that_cannot_go_on_says_so_and_is_offered_no_more(server: Server) -> None:
    kill(server.job())
    now = server.restarted()
    visitor = now.welcome(server.visitor.id)
    now.uploads.forget(visitor)  # the file that it read
    GoOnEvents(now, "en").on_go_on(visitor.id)
    snapshot = now.queue.wait(visitor.job, SOON)
    assert snapshot.state == "failed"
    assert not now.interrupted(visitor.id)


def test_termination_keeps_the_state_of_what_trains(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    laboratory, visitor, job = server.laboratory, server.visitor, server.job()
    take, trains = job.report, threading.Event()

    def report(event: object) -> None:
        take(event)
        if isinstance(event, TrainStep) and event.step == STEP:
            version = job.snapshot().version
            trains.set()
            job.wait_for_change(version, SOON)  # until it is asked to stop

    monkeypatch.setattr(job, "report", report)
    laboratory.submit(visitor, job)
    assert trains.wait(SOON)
    let_go(laboratory, SOON)
    assert isinstance(job.snapshot().error, Restarting)
    (run,) = server.restarted().interrupted(visitor.id)
    assert run.id == job.id


def test_checkpoints_are_counted_and_go_with_the_runs(server: Server) -> None:
    kill(job := server.job())
    (stored,) = list_runs(server.laboratory.runs_folder)
    assert stored.folder.name == f"{job.id}.partial"


def test_kill_during_an_upload_leaves_what_was_there(
    server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def copy_half(source: Path, target: Path) -> None:
        content = Path(source).read_bytes()
        Path(target).write_bytes(content[: len(content) // 2])
        raise Killed

    def refuse(*_: object) -> None:
        raise OSError(18, "Invalid cross-device link")

    server.laboratory.submit(server.visitor, server.job())
    whole = finish(server.laboratory, server.visitor)
    kill(server.job())
    monkeypatch.setattr(os, "link", refuse)
    monkeypatch.setattr(shutil, "copyfile", copy_half)
    file = tmp_path / "more.csv"
    file.write_text("en,ko\n" + "a,b\n" * 100)
    with pytest.raises(Killed):
        server.laboratory.take_upload(server.visitor, file)
    now = server.restarted()
    assert list(now.welcome(server.visitor.id).uploads) == [server.config.pairs]  # whole
    assert read_run(whole)
