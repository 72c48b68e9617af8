"""One device and many who want it: places, expected waits, time granted, and who has left."""

from __future__ import annotations

import contextlib
import itertools
import random
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from lab.errors import LabError
from lab.ui.events.run_watch import RunWatcher
from lab.ui.handlers import Handlers
from lab.ui.views import status_value
from lab.visits.complaints import Complaint, phrase
from lab.visits.job_queue import JobQueue
from lab.visits.jobs import Job, Terms
from lab.visits.laboratory import Laboratory
from lab.visits.service_config import ServiceConfig
from lab.visits.waiting import expect_wait
from lab.words import find_words

SOON = 20.0  # seconds
ENGLISH, KOREAN = find_words("en"), find_words("ko")


def serve_by_hand(running: list[float], before: list[float], at_once: int) -> float:
    """When the next place is free, found by letting the time pass from one ending to the next."""
    busy, waiting, now = list(running), list(before), 0.0
    while True:
        while waiting and len(busy) < at_once:
            busy.append(waiting.pop(0))
        if len(busy) < at_once:
            return now
        step = min(busy)
        now += step
        busy.remove(step)
        busy = [left - step for left in busy]


@pytest.mark.parametrize("seed", range(20))
def test_the_expected_wait_is_that_of_letting_the_time_pass(seed: int) -> None:
    draw = random.Random(seed)
    at_once = draw.randint(1, 4)
    running = [draw.uniform(0, 50) for _ in range(draw.randint(0, at_once))]
    before = [draw.uniform(0, 50) for _ in range(draw.randint(0, 8) if running else 0)]
    expected = serve_by_hand(running, before, at_once)
    assert expect_wait(running, before, at_once) == pytest.approx(expected)


@pytest.mark.parametrize(("running", "before"), [([None], []), ([1.0], [2.0, None])])
def test_nothing_is_promised_where_one_ahead_is_unknown(running, before) -> None:
    assert expect_wait(running, before, 1) is None


def wait_until(holds) -> None:
    end = time.monotonic() + SOON
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.005)


def begin(queue: JobQueue, job: Job) -> Job:
    """Submit a job and wait until it runs."""
    queue.submit(job)
    wait_until(lambda: not job.is_queued)
    return job


def until_stopped(report, should_stop) -> str:
    while not should_stop():
        time.sleep(0.005)
    return "kept"


def test_the_wait_follows_the_pace_of_what_runs_and_the_estimates_before() -> None:
    queue = JobQueue()
    first = begin(queue, Job(until_stopped, estimate=30.0))
    second, third = (queue.submit(Job(lambda *_: 1, estimate=40.0)) for _ in range(2))
    wait = third.snapshot().wait
    assert 60 < wait <= 70
    first.report(SimpleNamespace(seconds_left=500.0))  # slower than it was thought
    assert third.snapshot().wait == pytest.approx(540.0)
    assert (second.snapshot().ahead, third.snapshot().ahead) == (1, 2)
    first.stop()
    assert queue.wait(third, SOON).state == "done"


def test_the_status_says_place_and_wait_in_both_languages() -> None:
    queue = JobQueue()
    first = begin(queue, Job(until_stopped, estimate=300.0))
    second = queue.submit(Job(lambda *_: 1, estimate=1.0))
    told = status_value(second.snapshot(), ENGLISH)
    assert (told["text"], told["left"]) == ("Waiting: 1 before yours", "begins in about 5 min")
    assert "5분" in status_value(second.snapshot(), KOREAN)["left"]
    first.stop()


def test_two_at_a_time_where_the_service_says_so() -> None:
    queue, both = JobQueue(at_once=2), threading.Barrier(2, timeout=SOON)
    jobs = [queue.submit(Job(lambda *_: both.wait())) for _ in range(2)]
    assert {queue.wait(job, SOON).state for job in jobs} == {"done"}


def test_what_is_withdrawn_never_runs_and_those_behind_move_up() -> None:
    queue, ran = JobQueue(), []
    first = begin(queue, Job(until_stopped))
    second = queue.submit(Job(lambda *_: ran.append("second")))
    third = queue.submit(Job(lambda *_: ran.append("third")))
    assert second.withdraw(Complaint("withdrawn"))
    assert third.snapshot().ahead == 1
    assert second.snapshot().state == "failed"
    assert not first.withdraw(Complaint("withdrawn"))  # it has begun
    first.stop()
    queue.wait(third, SOON)
    assert ran == ["third"]


def test_who_has_left_leaves_the_queue_and_the_device() -> None:
    queue, here = JobQueue(), {"first": True, "second": True}
    terms = {name: Terms(lambda name=name: here[name]) for name in here}
    first = begin(queue, Job(until_stopped, terms=terms["first"]))
    second = queue.submit(Job(until_stopped, terms=terms["second"]))
    third = queue.submit(Job(lambda *_: "ran"))
    here["second"] = False
    assert third.snapshot().ahead == 1
    assert "gone" in str(second.snapshot().error)
    here["first"] = False
    assert queue.wait(third, SOON).result == "ran"
    assert (first.snapshot().result, first.snapshot().stopped_by) == ("kept", "left")


def test_a_run_ends_when_its_time_is_over_and_keeps_what_it_has() -> None:
    queue = JobQueue()
    job = queue.submit(Job(until_stopped, estimate=90.0, terms=Terms(seconds=0.05)))
    assert job.seconds_left() == 0.05  # whoever waits behind it need not wait for longer
    ended = queue.wait(job, SOON)
    assert (ended.state, ended.result, ended.stopped_by) == ("done", "kept", "time")


def test_a_visitor_has_so_many_runs_and_the_queue_so_many_places(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path, service=ServiceConfig(waiting=2))
    jobs, refused = [], []
    for _ in range(3):
        visitor = laboratory.visitor(None)
        jobs.append(laboratory.submit(visitor, Job(until_stopped)))
        wait_until(lambda: not jobs[0].is_queued)
        with pytest.raises(LabError, match="1 run under way"):
            laboratory.submit(visitor, Job(until_stopped))
    with pytest.raises(LabError, match="2 runs wait") as refusal:
        laboratory.submit(laboratory.visitor(None), Job(until_stopped))
    refused.append(phrase(refusal.value, KOREAN))
    assert "2개" in refused[0]
    for job in jobs:
        job.stop()


def test_two_clicks_at_once_start_one_run(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path)
    visitor, gate, started = laboratory.visitor(None), threading.Barrier(4, timeout=SOON), []

    def click() -> None:
        gate.wait()
        with contextlib.suppress(LabError):
            started.append(laboratory.submit(visitor, Job(until_stopped)))

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join(SOON)
    assert len(started) == 1
    started[0].stop()


def test_a_page_that_watches_keeps_its_run_and_a_silent_one_loses_it(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path, service=ServiceConfig(grace_seconds=2.0))
    stays, goes = laboratory.visitor(None), laboratory.visitor(None)
    running = laboratory.submit(stays, Job(until_stopped))
    waiting = laboratory.submit(goes, Job(until_stopped))
    watching = RunWatcher(laboratory).on_watch(stays.id)
    for _ in itertools.takewhile(lambda _: not waiting.is_over, watching):
        waiting.snapshot()  # whoever looks at the queue, the one who left leaves it
    assert waiting.is_over
    assert not running.snapshot().stopping
    watching.close()
    assert laboratory.queue.wait(running, SOON).stopped_by == "left"


def test_stop_takes_a_run_that_waits_out_of_the_queue(tmp_path: Path) -> None:
    laboratory = Laboratory(tmp_path)
    first = laboratory.submit(laboratory.visitor(None), Job(until_stopped))
    waits = laboratory.visitor(None)
    second = laboratory.submit(waits, Job(until_stopped))
    Handlers(laboratory).on_stop(waits.id)
    *_, last = RunWatcher(laboratory).on_watch(waits.id)
    assert "left the queue before it began" in last["status"]["text"]
    assert second.is_over
    assert last["start"]["visible"]  # another can be started
    assert not first.snapshot().stopping
    first.stop()
