"""A page that watches a waiting sweep is answered now and then, or its going is not noticed."""

from __future__ import annotations

import itertools
import threading
from pathlib import Path

import pytest

from lab.ui import updates
from lab.ui.events.sweep_watch import SweepWatcher
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory


def test_a_sweep_that_waits_breaks_its_silence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(updates, "LONGEST_SILENCE", 0.1)
    laboratory, ends = Laboratory(tmp_path), threading.Event()
    busy = laboratory.submit(laboratory.visitor(None), Job(lambda report, stop: ends.wait(60)))
    waits = laboratory.visitor(None)
    laboratory.submit(waits, Job(lambda report, stop: None, kind="sweep"))
    watching = SweepWatcher(laboratory, "en").on_watch(waits.id)
    try:
        answers = list(itertools.islice(watching, 4))
        assert [bool(answer) for answer in answers] == [False, True, False, False]
    finally:
        watching.close()
        ends.set()
        laboratory.queue.wait(busy, 60)
