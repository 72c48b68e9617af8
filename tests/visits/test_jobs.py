"""Jobs in the background: order, stopping, errors, and watchers that miss nothing."""

from __future__ import annotations

import threading

import pytest

from lab.errors import LabError
from lab.experiment import Progress
from lab.visits.job_queue import JobQueue
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory

SOON = 10.0  # seconds


def test_jobs_run_one_after_another_and_know_how_many_are_ahead() -> None:
    queue, gate, order = JobQueue(), threading.Event(), []

    def first(report, should_stop):
        gate.wait(SOON)
        order.append("first")

    jobs = [queue.submit(Job(first))]
    jobs += [queue.submit(Job(lambda *_, k=k: order.append(k))) for k in ("second", "third")]
    assert jobs[2].snapshot().ahead == 2
    gate.set()
    assert queue.wait(jobs[2], SOON).state == "done"
    assert order == ["first", "second", "third"]


def test_a_stopped_job_keeps_what_it_has() -> None:
    queue = JobQueue()

    def work(report, should_stop):
        while not should_stop():
            report(Progress("training", 0.5))
        return "kept"

    job = queue.submit(Job(work))
    job.stop()
    snapshot = queue.wait(job, SOON)
    assert (snapshot.state, snapshot.result, snapshot.stopping) == ("done", "kept", True)


def test_an_expected_error_is_told_and_the_queue_goes_on() -> None:
    queue = JobQueue()

    def fails(report, should_stop):
        raise LabError("lower the learning rate")

    failed = queue.wait(queue.submit(Job(fails)), SOON)
    assert (failed.state, str(failed.error)) == ("failed", "lower the learning rate")
    assert queue.wait(queue.submit(Job(lambda *_: 1)), SOON).result == 1


def test_an_unexpected_error_tells_nothing_of_the_machine(capsys: pytest.CaptureFixture) -> None:
    def breaks(report, should_stop):
        raise RuntimeError("/secret/path")

    queue = JobQueue()
    failed = queue.wait(queue.submit(Job(breaks)), SOON)
    assert failed.state == "failed"
    assert "/secret" not in str(failed.error)
    assert "/secret/path" in capsys.readouterr().err  # the log has it


def test_a_watcher_sees_every_change_of_version() -> None:
    job = Job(lambda *_: None)
    version = job.snapshot().version
    job.publish("half")
    job.wait_for_change(version, SOON)
    assert job.snapshot().result == "half"
    assert job.snapshot().version > version


def test_a_visitor_runs_one_job_at_a_time(tmp_path) -> None:
    laboratory, gate = Laboratory(tmp_path), threading.Event()
    visitor = laboratory.visitor(None)
    assert laboratory.visitor(visitor.id) is visitor
    assert laboratory.visitor("made up") is not visitor
    job = laboratory.submit(visitor, Job(lambda *_: gate.wait(SOON)))
    with pytest.raises(LabError, match="under way"):
        laboratory.submit(visitor, Job(lambda *_: 1))
    gate.set()
    laboratory.queue.wait(job, SOON)
    assert laboratory.submit(visitor, Job(lambda *_: 1))
