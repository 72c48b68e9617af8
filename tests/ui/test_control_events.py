"""The page's control set: uploaded, chosen, measured once, and never a path of this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.config import RunConfig
from lab.errors import LabError
from lab.ui.events.control import ControlEvents
from lab.ui.events.matrices import MatrixEvents
from lab.visits.laboratory import Laboratory, Visitor

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def laboratory(tmp_path_factory: pytest.TempPathFactory) -> Laboratory:
    return Laboratory(tmp_path_factory.mktemp("runs"))


@pytest.fixture
def visitor(laboratory: Laboratory) -> Visitor:
    return laboratory.visitor(None)


def write_pairs(folder: Path, count: int = 12) -> str:
    file = folder / "known.csv"
    rows = [f"first text {i},second text {i}\n" for i in range(count)]
    file.write_text("en,ko\n" + "".join(rows), encoding="utf-8")
    return str(file)


def test_an_upload_becomes_the_choice(laboratory, visitor, tmp_path) -> None:
    shown, status = ControlEvents(laboratory, "ko").on_upload(write_pairs(tmp_path), visitor.id)
    assert shown["value"] == "known.csv"
    assert [value for _, value in shown["choices"]] == ["auto", "none", "known.csv"]
    assert status is None


def test_an_upload_without_pairs_says_why(laboratory, visitor, tmp_path) -> None:
    _, status = ControlEvents(laboratory, "en").on_upload(write_pairs(tmp_path, 0), visitor.id)
    assert status["level"] == "error"
    assert visitor.uploads == {}


def test_the_base_is_measured_once_for_any_number_of_runs(
    laboratory, visitor, checkpoints, tmp_path
) -> None:
    ControlEvents(laboratory, "en").on_upload(write_pairs(tmp_path), visitor.id)
    config = RunConfig(str(checkpoints["bert"]), "captions-en-ko", control="known.csv")
    told: list[object] = []
    baseline = laboratory.prepared.baseline(visitor, config, told.append)
    one = laboratory.prepared.control(visitor, config, baseline, told.append)
    assert len(one.pairs) == 12
    heard = len(told)
    assert laboratory.prepared.control(visitor, config, baseline, told.append) is one
    assert len(told) == heard


def test_a_name_is_never_a_path(laboratory, visitor, checkpoints, tmp_path) -> None:
    path = write_pairs(tmp_path)
    config = RunConfig(str(checkpoints["bert"]), "captions-en-ko", control=path)
    baseline = laboratory.prepared.baseline(visitor, config, lambda _: None)
    prepared = laboratory.prepared
    for ask in (prepared.check_control, lambda *a: prepared.control(*a, lambda _: None)):
        with pytest.raises(LabError, match="upload it again"):
            ask(visitor, config, baseline)


def test_a_control_set_of_the_other_kind_is_refused_before_the_run(
    laboratory, visitor, checkpoints
) -> None:
    config = RunConfig(str(checkpoints["bert"]), "captions-en-ko", control="shapes-en")
    baseline = laboratory.prepared.baseline(visitor, config, lambda _: None)
    with pytest.raises(LabError, match="holds image-text pairs"):
        laboratory.prepared.check_control(visitor, config, baseline)


@pytest.mark.parametrize("asker", ["", "somebody else", None])
def test_matrices_are_the_visitors_own(laboratory, asker) -> None:
    assert MatrixEvents(laboratory, "en").on_seen(asker) is None
