"""A visitor's finished runs after a restart: as they were, theirs alone, and none but the whole."""

from __future__ import annotations

import dataclasses
import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from servers import Keep

from lab.analysis.projection import Maps
from lab.experiment import Outcome
from lab.ui.runs_view import view_comparison, view_runs
from lab.visits import kept_file
from lab.visits.found_runs import read_summary
from lab.visits.kept_file import NAME, find_kept
from lab.visits.kept_runs import KEPT, add_run
from lab.visits.laboratory import Laboratory
from lab.visits.results import Result
from lab.visits.service_config import ServiceConfig
from lab.visits.typed_json import write_json
from lab.visits.visitors import hash_id
from lab.words import find_words

pytestmark = pytest.mark.usefixtures("one_thread")
TABLE = find_words()


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


def test_a_summary_comes_back_from_json_as_it_was(outcome: Outcome, pca: Maps) -> None:
    lora = dataclasses.replace(outcome.config.lora, rank_pattern={"query": 2}, lora_alpha=8)
    config = dataclasses.replace(outcome.config, lora=lora)
    result = Result(dataclasses.replace(outcome, config=config), (pca,), Any)
    summary = add_run((), result, {})[0].summary
    assert summary.control is not None
    assert same(read_summary(json.loads(write_json(dataclasses.asdict(summary)))), summary)


def test_a_visitor_finds_their_runs_again(laboratory: Laboratory, keep: Keep) -> None:
    visitor = laboratory.visitor("")
    for _ in range(2):
        keep(laboratory, visitor)
    now = restarted(laboratory)
    again = now.welcome(visitor.id)
    assert again is not visitor
    assert again.id == visitor.id
    assert same(again.runs, visitor.runs)
    assert view_runs(again.runs, TABLE) == view_runs(visitor.runs, TABLE)
    assert view_runs(again.runs, TABLE)["runs"][0]["files"].keys() == {"adapter", "report", "run"}
    assert view_comparison(again.runs, TABLE) == view_comparison(visitor.runs, TABLE)
    assert now.welcome(visitor.id) is again
    keep(now, again)
    assert [run.summary.number for run in now.visitor(visitor.id).runs] == [1, 2, 3]


def test_they_are_their_visitors_alone(laboratory: Laboratory, keep: Keep) -> None:
    owner, other = laboratory.visitor(""), laboratory.visitor("")
    keep(laboratory, owner)
    theirs = keep(laboratory, other)
    now = restarted(laboratory)
    assert [run.files.run.parent for run in now.welcome(other.id).runs] == [theirs]
    hashed = hash_id(owner.id)
    for stranger in ("", "0" * 32, hashed, None, 7, ["x"], theirs.name, "\ud800"):
        assert not now.recall(stranger)
        assert now.welcome(stranger).runs == ()
    for file in laboratory.runs_folder.rglob("*"):
        assert not file.is_file() or owner.id.encode() not in file.read_bytes()


def test_the_newest_come_back_and_those_that_were_removed_do_not(
    laboratory: Laboratory, keep: Keep
) -> None:
    laboratory = restarted(laboratory, runs_kept=3)
    visitor = laboratory.visitor("")
    for _ in range(5):
        keep(laboratory, visitor)
    found = restarted(laboratory).welcome(visitor.id).runs
    assert [run.summary.number for run in found] == [3, 4, 5]


def test_no_more_come_back_than_were_remembered(
    laboratory: Laboratory, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor = laboratory.visitor("")
    folder = keep(laboratory, visitor)
    kept = find_kept(laboratory.runs_folder, visitor.id)
    monkeypatch.setattr("lab.visits.returning.find_kept", lambda *_: kept * (KEPT + 1))
    assert len(restarted(laboratory).welcome(visitor.id).runs) == KEPT
    assert folder.is_dir()


def test_the_upload_that_a_run_read_is_there_too(
    laboratory: Laboratory, keep: Keep, outcome: Outcome, text_pairs: Path
) -> None:
    visitor = laboratory.visitor("")
    laboratory.take_upload(visitor, text_pairs)
    (path,) = visitor.uploads.values()
    visitor.uploads = {outcome.config.pairs: path, "another.csv": path}
    keep(laboratory, visitor)
    assert restarted(laboratory).welcome(visitor.id).uploads == {outcome.config.pairs: path}


def test_a_run_that_is_damaged_is_left_out(laboratory: Laboratory, keep: Keep) -> None:
    visitor = laboratory.visitor("")
    broken, whole = keep(laboratory, visitor), keep(laboratory, visitor)
    file = broken / "adapter" / "adapter_model.safetensors"
    file.write_bytes(file.read_bytes()[:-1] + b"x")
    (run,) = restarted(laboratory).welcome(visitor.id).runs
    assert run.files.run.parent == whole


def test_a_full_disk_loses_no_run_while_the_lab_runs(
    laboratory: Laboratory, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(kept_file, "write_whole", full)
    visitor = laboratory.visitor("")
    keep(laboratory, visitor)
    assert len(visitor.runs) == 1
    assert not restarted(laboratory).recall(visitor.id)


def test_what_is_taken_home_does_not_tell_whose_it_is(laboratory: Laboratory, keep: Keep) -> None:
    visitor = laboratory.visitor("")
    keep(laboratory, visitor)
    with zipfile.ZipFile(visitor.runs[0].files.run) as packed:
        assert NAME not in packed.namelist()


def test_for_a_stranger_only_first_lines_are_read(
    laboratory: Laboratory, keep: Keep, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read(self: Any) -> None:
        raise AssertionError("a second line was read")

    keep(laboratory, laboratory.visitor(""))
    monkeypatch.setattr(kept_file.KeptFile, "read", read)
    now = restarted(laboratory)
    assert not now.recall("0" * 32)
