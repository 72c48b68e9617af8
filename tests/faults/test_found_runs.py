"""A visitor's finished runs after a restart: as they were, theirs alone, and none but the whole."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from lab.config import ProjectionConfig, RunConfig
from lab.experiment import Outcome, run_experiment
from lab.ui import kept_file
from lab.ui.found_runs import read_summary
from lab.ui.kept_file import NAME, find_kept
from lab.ui.kept_runs import KEPT, add_run
from lab.ui.laboratory import Laboratory
from lab.ui.runs_view import view_comparison, view_runs
from lab.ui.service_config import ServiceConfig
from lab.ui.typed_json import write_json
from lab.ui.uploads import HOME
from lab.ui.views import Result
from lab.ui.visitors import Visitor, hash_id
from lab.ui.work import pack
from lab.words import find_words

pytestmark = pytest.mark.usefixtures("one_thread")
TABLE = find_words()
FORM = {"model": "tiny-bert", "r": 4, "names": ["query"]}


@pytest.fixture(scope="module")
def outcome(one_thread: None, config_of: dict[str, RunConfig]) -> Outcome:
    return run_experiment(config_of["bert"])


@pytest.fixture(scope="module")
def maps(outcome: Outcome) -> Any:
    from lab.analysis.projection import project

    before, after = outcome.baseline.before.stacked(), outcome.after.stacked()
    return project(before, after, ProjectionConfig(method="pca"))


@pytest.fixture
def finish(outcome: Outcome, maps: Any) -> Callable[[Laboratory, Visitor], Path]:
    """What a job does at its end; -> the run's folder."""
    from lab.archive import save_outcome

    def work(laboratory: Laboratory, visitor: Visitor) -> Path:
        folder = laboratory.runs_folder / uuid.uuid4().hex
        saved = save_outcome(outcome, folder, maps=(maps,))
        result = Result(outcome, (maps,), pack(saved, "tiny-bert"))
        laboratory.keep_run(visitor, result, FORM)
        return folder

    return work


@pytest.fixture
def laboratory(tmp_path: Path) -> Laboratory:
    return Laboratory(tmp_path / "runs")


def restarted(laboratory: Laboratory, **limits: Any) -> Laboratory:
    return Laboratory(laboratory.runs_folder, service=ServiceConfig(**limits))


def same(one: Any, other: Any) -> bool:
    """Whether two results are equal, arrays and all, and of the same types."""
    if type(one) is not type(other):
        return False
    if isinstance(one, np.ndarray):
        return one.dtype == other.dtype and np.array_equal(one, other)
    if dataclasses.is_dataclass(one):
        return same(vars(one), vars(other))
    if isinstance(one, dict):
        return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
    if isinstance(one, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    return one == other


def test_a_summary_comes_back_from_json_as_it_was(outcome: Outcome, maps: Any) -> None:
    lora = dataclasses.replace(outcome.config.lora, rank_pattern={"query": 2}, lora_alpha=8)
    config = dataclasses.replace(outcome.config, lora=lora)
    result = Result(dataclasses.replace(outcome, config=config), (maps,), Any)
    summary = add_run((), result, {})[0].summary
    assert summary.control is not None
    assert same(read_summary(json.loads(write_json(dataclasses.asdict(summary)))), summary)


def test_a_visitor_finds_their_runs_again(
    laboratory: Laboratory, finish: Callable[..., Path]
) -> None:
    visitor = laboratory.visitor("")
    for _ in range(2):
        finish(laboratory, visitor)
    now = restarted(laboratory)
    again = now.welcome(visitor.id)
    assert again is not visitor
    assert again.id == visitor.id
    assert same(again.runs, visitor.runs)
    assert view_runs(again.runs, TABLE) == view_runs(visitor.runs, TABLE)
    assert view_runs(again.runs, TABLE)["runs"][0]["files"].keys() == {"adapter", "report", "run"}
    assert view_comparison(again.runs, TABLE) == view_comparison(visitor.runs, TABLE)
    assert now.welcome(visitor.id) is again
    finish(now, again)
    assert [run.summary.number for run in now.visitor(visitor.id).runs] == [1, 2, 3]


def test_they_are_their_visitors_alone(laboratory: Laboratory, finish: Callable[..., Path]) -> None:
    owner, other = laboratory.visitor(""), laboratory.visitor("")
    finish(laboratory, owner)
    theirs = finish(laboratory, other)
    now = restarted(laboratory)
    assert [run.files.run.parent for run in now.welcome(other.id).runs] == [theirs]
    hashed = hash_id(owner.id)
    for stranger in ("", "0" * 32, hashed, None, 7, ["x"], theirs.name, "\ud800"):
        assert not now.recall(stranger)
        assert now.welcome(stranger).runs == ()
    for file in laboratory.runs_folder.rglob("*"):
        assert not file.is_file() or owner.id.encode() not in file.read_bytes()


def test_the_newest_come_back_and_those_that_were_removed_do_not(
    laboratory: Laboratory, finish: Callable[..., Path]
) -> None:
    laboratory = restarted(laboratory, runs_kept=3)
    visitor = laboratory.visitor("")
    for _ in range(5):
        finish(laboratory, visitor)
    found = restarted(laboratory).welcome(visitor.id).runs
    assert [run.summary.number for run in found] == [3, 4, 5]


def test_no_more_come_back_than_were_remembered(
    laboratory: Laboratory, finish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = laboratory.visitor("")
    folder = finish(laboratory, visitor)
    kept = find_kept(laboratory.runs_folder, visitor.id)
    monkeypatch.setattr("lab.ui.returning.find_kept", lambda *_: kept * (KEPT + 1))
    assert len(restarted(laboratory).welcome(visitor.id).runs) == KEPT
    assert folder.is_dir()


def test_the_upload_that_a_run_read_is_there_too(
    laboratory: Laboratory, finish: Callable[..., Path], outcome: Outcome, text_pairs: Path
) -> None:
    visitor = laboratory.visitor("")
    laboratory.take_upload(visitor, text_pairs)
    (path,) = visitor.uploads.values()
    visitor.uploads = {outcome.config.pairs: path, "another.csv": path}
    finish(laboratory, visitor)
    assert restarted(laboratory).welcome(visitor.id).uploads == {outcome.config.pairs: path}


def test_a_run_that_is_damaged_is_left_out(
    laboratory: Laboratory, finish: Callable[..., Path]
) -> None:
    visitor = laboratory.visitor("")
    broken, whole = finish(laboratory, visitor), finish(laboratory, visitor)
    file = broken / "adapter" / "adapter_model.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    (run,) = restarted(laboratory).welcome(visitor.id).runs
    assert run.files.run.parent == whole


def rewrite(folder: Path, visitor: Visitor, change: Callable[[dict[str, Any]], Any]) -> None:
    """Somebody writes a file of their own, checksum and all."""
    (kept,) = find_kept(folder.parent, visitor.id)
    values = kept.read()
    values = change(values) or values
    kept_file.write_kept(folder, visitor.id, "run", values)


def put(*path: str, value: Any) -> Callable[[dict[str, Any]], None]:
    def change(values: dict[str, Any]) -> None:
        *way, last = path
        for name in way:
            values = values[name]
        values[last] = value

    return change


HOSTILE = [
    put("summary", "number", value="1"),
    put("summary", "number", value=True),
    put("summary", "number", value=10**40),
    put("summary", "seconds", value=10**400),
    put("summary", "finished_at", value="yesterday"),
    put("summary", "finished_at", value="2026-01-01T00:00:00"),
    put("summary", "status", value="unheard of"),
    put("summary", "kind", value="text"),
    put("summary", "config", "train", "epochs", value=-1),
    put("summary", "config", "model", value={"a": 1}),
    put("summary", "comparison", "ranks_before", "a_to_b", value=[[1], [2, 3]]),
    put("summary", "comparison", "ranks_before", value={}),
    put("summary", "comparison", "after", "a_to_b", value={}),
    put("summary", "pca", "before", value=[[0.0, 0.0]]),
    put("summary", "pca", "after", value=[["<img>", "x"]]),
    put("summary", "steps", value=[{"step": 1}]),
    put("summary", value=[]),
    put("files", "run", value="../../secret.zip"),
    put("files", "report", value="/etc/passwd"),
    put("files", "more", value="a.zip"),
    put("form", value=[1]),
    put("difference", value="small"),
    put("uploads", value={"mine.csv": 7}),
    lambda values: {"nothing": 1},
]


def test_what_somebody_else_wrote_is_left_out(
    laboratory: Laboratory, finish: Callable[..., Path]
) -> None:
    visitor = laboratory.visitor("")
    folder = finish(laboratory, visitor)
    written = (folder / NAME).read_bytes()
    for number, change in enumerate(HOSTILE):
        rewrite(folder, visitor, change)
        again = restarted(laboratory).welcome(visitor.id)
        assert (again.id, again.runs) == (visitor.id, ()), number
        (folder / NAME).write_bytes(written)
    assert len(restarted(laboratory).welcome(visitor.id).runs) == 1


def test_an_upload_outside_its_folder_is_none(
    laboratory: Laboratory, finish: Callable[..., Path], tmp_path: Path
) -> None:
    visitor = laboratory.visitor("")
    folder = finish(laboratory, visitor)
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n")
    inside = laboratory.runs_folder / HOME / uuid.uuid4().hex
    inside.mkdir(parents=True)
    (inside / "link.csv").symlink_to(secret)
    for path in (str(secret), "../../secret.csv", f"{inside.name}/link.csv", "x/y", ""):
        rewrite(folder, visitor, put("uploads", value={"mine.csv": path}))
        again = restarted(laboratory).welcome(visitor.id)
        assert (len(again.runs), again.uploads) == (1, {})


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"null\n{}", b"[" * 2000, b"x" * 5000, b'{"visitor": 1}\n', b"\xff\xfe"],
)
def test_a_first_line_that_is_none_hides_nobody_else(
    laboratory: Laboratory, finish: Callable[..., Path], content: bytes
) -> None:
    visitor = laboratory.visitor("")
    broken, _ = finish(laboratory, visitor), finish(laboratory, visitor)
    (broken / NAME).write_bytes(content)
    assert len(restarted(laboratory).welcome(visitor.id).runs) == 1


def test_a_byte_of_the_second_line_tells(
    laboratory: Laboratory, finish: Callable[..., Path]
) -> None:
    visitor = laboratory.visitor("")
    file = finish(laboratory, visitor) / NAME
    head, line = file.read_bytes().split(b"\n", 1)
    file.write_bytes(head + b"\n" + line.replace(b'"number": 1', b'"number": 2'))
    assert restarted(laboratory).welcome(visitor.id).runs == ()


def test_a_full_disk_loses_no_run_while_the_lab_runs(
    laboratory: Laboratory, finish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_file, "write_whole", full)
    visitor = laboratory.visitor("")
    finish(laboratory, visitor)
    assert len(visitor.runs) == 1
    assert not restarted(laboratory).recall(visitor.id)


def test_what_is_taken_home_does_not_tell_whose_it_is(
    laboratory: Laboratory, finish: Callable[..., Path]
) -> None:
    import zipfile

    visitor = laboratory.visitor("")
    finish(laboratory, visitor)
    with zipfile.ZipFile(visitor.runs[0].files.run) as packed:
        assert NAME not in packed.namelist()


def test_for_a_stranger_only_first_lines_are_read(
    laboratory: Laboratory, finish: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(self: Any) -> None:
        raise AssertionError("a second line was read")

    finish(laboratory, laboratory.visitor(""))
    monkeypatch.setattr(kept_file.KeptFile, "read", read)
    now = restarted(laboratory)
    assert not now.recall("0" * 32)
