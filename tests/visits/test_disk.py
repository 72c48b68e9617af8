"""What is kept on disk, of whom and for how long: by age, number and size, never what is in use."""

from __future__ import annotations

import os
import re
import time
import uuid
from dataclasses import replace
from pathlib import Path

import pytest

from lab.errors import DataError, LabError
from lab.ui.handing_out import hand_out
from lab.visits.complaints import phrase
from lab.visits.disk import choose_outdated, list_runs, remove, remove_outdated
from lab.visits.housekeeping import tidy
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory
from lab.visits.service_config import MB, ServiceConfig
from lab.visits.uploads import HOME
from lab.visits.visitors import Visitors
from lab.words import find_words

NOW = 1_000_000.0
PAIRS = "en,ko\n" + "".join(f"a cat number {i},고양이 {i}\n" for i in range(12))


def write_run(home: Path, age: float, size: int = 10, name: str = "") -> str:
    """A folder as a run leaves it, so many seconds and bytes; -> its name."""
    folder = home / (name or uuid.uuid4().hex)
    (folder / "adapter").mkdir(parents=True)
    file = folder / "adapter" / "weights"
    file.write_bytes(b"x" * size)
    for path in (file, folder / "adapter", folder):
        os.utime(path, (NOW - age, NOW - age))
    return folder.name


def names(home: Path) -> set[str]:
    return {path.name for path in home.iterdir()}


def test_the_old_go_and_what_the_lab_did_not_write_stays(tmp_path: Path) -> None:
    old, young = write_run(tmp_path, 101), write_run(tmp_path, 99)
    partial = write_run(tmp_path, 101, name=f".{uuid.uuid4().hex}.{uuid.uuid4().hex}.partial")
    mine = write_run(tmp_path, 5000, name="my-own-folder")
    (tmp_path / uuid.uuid4().hex).symlink_to(tmp_path / mine)
    gone = remove_outdated(tmp_path, ServiceConfig(keep_seconds=100), (), NOW)
    assert {folder.name for folder in gone} == {old, partial}
    assert {young, mine} <= names(tmp_path)
    assert (tmp_path / mine / "adapter" / "weights").is_file()


def test_the_oldest_go_first_until_number_and_size_are_within_limits(tmp_path: Path) -> None:
    runs = [write_run(tmp_path, age, size=MB) for age in (50, 40, 30, 20, 10)]
    stored = list_runs(tmp_path)
    assert [run.folder.name for run in stored] == runs
    for limits, removed in (
        ({"all_runs_kept": 3}, runs[:2]),
        ({"all_runs_mb": 4}, runs[:2]),  # folders take a little space too
        ({"all_runs_kept": 4, "keep_seconds": 25}, runs[:3]),
        ({}, []),
    ):
        outdated = choose_outdated(stored, ServiceConfig(**limits), (), NOW)
        assert [run.folder.name for run in outdated] == removed


def test_what_is_being_written_stays_however_old(tmp_path: Path) -> None:
    job = uuid.uuid4().hex
    folder = write_run(tmp_path, 500, name=job)
    partial = write_run(tmp_path, 500, name=f".{job}.{uuid.uuid4().hex}.partial")
    assert remove_outdated(tmp_path, ServiceConfig(keep_seconds=1), {job}, NOW) == []
    assert names(tmp_path) == {folder, partial}


def test_without_limits_nothing_goes(tmp_path: Path) -> None:
    write_run(tmp_path, 10**6)
    assert remove_outdated(tmp_path, ServiceConfig(), (), NOW) == []


def test_a_download_goes_on_when_its_run_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRADIO_TEMP_DIR", str(tmp_path / "cache"))
    file = tmp_path / "runs" / write_run(tmp_path / "runs", 0) / "adapter" / "weights"
    handed = hand_out(file)
    assert hand_out(file) == handed  # one address, however often it is shown
    assert file.parent.parent.name not in handed
    with Path(handed).open("rb") as download:
        assert remove(file.parents[1])
        assert download.read() == b"x" * 10
    assert hand_out(file) is None
    assert not remove(file.parents[1])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "mine.csv"
    path.write_text(PAIRS, encoding="utf-8")
    return path


def kept(laboratory: Laboratory) -> list[Path]:
    home = laboratory.runs_folder / HOME
    return [path for path in home.rglob("*") if path.is_file()]


def test_uploads_are_the_lab_s_own_and_go_with_their_visitor(tmp_path: Path, file: Path) -> None:
    laboratory = Laboratory(tmp_path / "runs", service=ServiceConfig(keep_seconds=0.05))
    visitor = laboratory.visitor(None)
    name, dataset = laboratory.take_upload(visitor, file)
    file.unlink()  # as gradio clears its own copy away
    assert name == "mine.csv"
    assert len(dataset) == 12
    assert [path.read_text("utf-8") for path in kept(laboratory)] == [PAIRS]
    assert visitor.id not in str(visitor.uploads[name])  # which would be to give it away
    time.sleep(0.06)
    tidy(laboratory)
    assert kept(laboratory) == []
    assert laboratory.visitor(visitor.id).id != visitor.id
    with pytest.raises(LabError, match="upload it again"):
        laboratory.prepared.dataset(laboratory.visitor(None), name, None, None)


def test_who_waits_for_a_run_is_not_forgotten(tmp_path: Path, file: Path) -> None:
    laboratory = Laboratory(tmp_path / "runs", service=ServiceConfig(keep_seconds=0.05))
    visitor = laboratory.visitor(None)
    laboratory.take_upload(visitor, file)
    job = Job(lambda report, should_stop: [time.sleep(0.01) for _ in iter(should_stop, True)])
    laboratory.submit(visitor, job)
    time.sleep(0.06)
    tidy(laboratory)
    assert len(kept(laboratory)) == 1
    assert laboratory.visitor(visitor.id) is visitor
    job.stop()


def test_an_upload_without_pairs_leaves_no_file(tmp_path: Path, file: Path) -> None:
    laboratory = Laboratory(tmp_path / "runs")
    visitor = laboratory.visitor(None)
    file.write_text("en,ko\na,b\n", encoding="utf-8")
    with pytest.raises(DataError):
        laboratory.take_upload(visitor, file)
    assert kept(laboratory) == []
    assert visitor.uploads == {}


@pytest.mark.parametrize(
    ("limits", "told"),
    [
        ({"uploads": 1}, "1 files"),
        ({"upload_mb": 1}, "1 MB"),
        ({"all_uploads_mb": 1}, "all visitors may take 1 MB"),
    ],
)
def test_uploads_are_bounded_by_number_and_size(
    tmp_path: Path,
    file: Path,
    limits: dict[str, int],
    told: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("lab.visits.uploads.MB", 1.5 * file.stat().st_size)
    laboratory = Laboratory(tmp_path / "runs", service=ServiceConfig(**limits))
    visitor = laboratory.visitor(None)
    laboratory.take_upload(visitor, file)
    with pytest.raises(LabError, match=told) as refusal:
        laboratory.take_upload(visitor, file)
    assert re.search(r"\d+", told)[0] in phrase(refusal.value, find_words("ko"))
    assert len(kept(laboratory)) == 1


def test_uploads_that_are_alike_are_not_shared(tmp_path: Path, file: Path) -> None:
    laboratory = Laboratory(tmp_path / "runs")
    one, other = laboratory.visitor(None), laboratory.visitor(None)
    for visitor, name in ((one, "secret-name.csv"), (other, "mine.csv")):
        laboratory.take_upload(visitor, file.rename(tmp_path / name))
        file.write_text(PAIRS, encoding="utf-8")
    prepared = laboratory.prepared
    keys = {prepared._owner(one, "secret-name.csv"), prepared._owner(other, "mine.csv")}
    assert keys == {one.id, other.id}
    assert prepared.dataset(other, "mine.csv", None, None).name == "mine.csv"
    assert prepared._owner(other, "shapes-ko") == ""  # bundled pairs are everybody's


def test_of_a_visitor_s_runs_only_the_newest_keep_their_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from types import SimpleNamespace as Any

    laboratory = Laboratory(tmp_path, service=ServiceConfig(runs_kept=2))
    visitor = laboratory.visitor(None)
    folders = [tmp_path / write_run(tmp_path, 0) for _ in range(4)]

    def add_run(runs, result, form):
        return (*runs, Any(files=Any(run=result / "whole.zip")))

    monkeypatch.setattr("lab.visits.laboratory.add_run", add_run)
    monkeypatch.setattr("lab.visits.laboratory.write_run", lambda visitor, run: None)
    for folder in folders:
        laboratory.keep_run(visitor, folder, {})
    assert [folder.is_dir() for folder in folders] == [False, False, True, True]
    assert len(visitor.runs) == 4  # their numbers can still be compared


def test_of_too_many_visitors_those_with_nothing_are_forgotten_first() -> None:
    clock, left = iter(range(100)), []
    visitors = Visitors(3, left.append, lambda: next(clock))
    rich = visitors.greet(None)
    rich.uploads = {"mine.csv": Path("mine.csv")}
    poor, newer = visitors.greet("made up"), visitors.greet(None)
    assert visitors.greet(poor.id) is poor
    newest = visitors.greet(["no", "id"])
    assert left == [newer]  # heard of the longest ago, of those with nothing to lose
    assert {visitor.id for visitor in visitors.all()} == {rich.id, poor.id, newest.id}


def test_an_upload_of_a_lab_before_goes_at_its_age(tmp_path: Path, file: Path) -> None:
    before = Laboratory(tmp_path / "runs")
    before.take_upload(before.visitor(None), file)
    now = Laboratory(tmp_path / "runs", service=ServiceConfig(keep_seconds=3600))
    tidy(now)
    assert len(kept(now)) == 1
    for path in [*kept(now), *(path.parent for path in kept(now))]:
        os.utime(path, (0, 0))
    tidy(replace_service(now, keep_seconds=None))
    assert len(kept(now)) == 1
    tidy(now)
    assert kept(now) == []


def replace_service(laboratory: Laboratory, **limits: float | None) -> Laboratory:
    """Another laboratory over the same folder."""
    return Laboratory(laboratory.runs_folder, service=replace(laboratory.service, **limits))
