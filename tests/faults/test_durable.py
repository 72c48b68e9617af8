"""What is on disk is whole, or is said not to be."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from lab.durable import SUMS_NAME, find_damaged, write_whole
from lab.errors import DataError
from lab.runs import check_is_free, checkpoint_folder, new_run_folder


def fill(folder: Path) -> None:
    (folder / "run.json").write_text("{}")
    (folder / "adapter").mkdir()
    (folder / "adapter" / "weights").write_bytes(bytes(range(256)))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with new_run_folder(tmp_path / "run") as scratch:
        fill(scratch)
    return tmp_path / "run"


def test_sums_are_those_that_coreutils_reads(folder: Path) -> None:
    lines = (folder / SUMS_NAME).read_text().splitlines()
    told = dict(reversed(line.split("  ")) for line in lines)
    assert told == {
        name: hashlib.sha256((folder / name).read_bytes()).hexdigest()
        for name in ("run.json", "adapter/weights")
    }
    if shutil.which("sha256sum"):
        check = subprocess.run(["sha256sum", "--check", "--quiet", SUMS_NAME], cwd=folder)
        assert check.returncode == 0


def test_damaged_file_is_named(folder: Path) -> None:
    assert find_damaged(folder) is None
    (folder / "added-later").write_text("x")
    assert find_damaged(folder) is None
    weights = folder / "adapter" / "weights"
    content = weights.read_bytes()
    for damaged in (content[:-1], b"\x01" + content[1:], b""):
        weights.write_bytes(damaged)
        assert find_damaged(folder) == "adapter/weights"
    weights.unlink()
    assert find_damaged(folder) == "adapter/weights"


@pytest.mark.parametrize("line", ["0  /etc/passwd", "0  ../secret", "nonsense", "0  a/../../b"])
def test_sums_lead_nowhere_else(tmp_path: Path, line: str) -> None:
    (tmp_path / SUMS_NAME).write_text(line + "\n")
    assert find_damaged(tmp_path) == SUMS_NAME


def test_folder_without_sums_has_none_to_check(tmp_path: Path) -> None:
    fill(tmp_path)
    assert find_damaged(tmp_path) is None


def test_file_is_replaced_whole_or_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "file"
    write_whole(file, b"first")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"second")
    assert file.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [file]


def test_all_is_on_the_disk_before_it_gets_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """fsync of every file and folder, then the rename, then fsync of the folder around."""
    done: list[int | str] = []  # i-nodes: names change
    fsync, replace = os.fsync, os.replace

    def note_sync(descriptor: int) -> None:
        fsync(descriptor)
        done.append(os.fstat(descriptor).st_ino)

    def note_replace(source: Path, target: Path) -> None:
        replace(source, target)
        done.append("rename")

    monkeypatch.setattr(os, "fsync", note_sync)
    monkeypatch.setattr(os, "replace", note_replace)
    with new_run_folder(tmp_path / "run") as scratch:
        fill(scratch)
    folder, at = tmp_path / "run", done.index("rename")
    assert set(done[:at]) == {path.stat().st_ino for path in (folder, *folder.rglob("*"))}
    assert done[at + 1 :] == [tmp_path.stat().st_ino]


def test_what_a_killed_process_was_writing_goes(tmp_path: Path) -> None:
    left = tmp_path / f".run.{'0' * 32}.partial"
    others = [tmp_path / f".run.more.{'0' * 32}.partial", tmp_path / "run.partial"]
    for path in (left, *others):
        path.mkdir()
    with new_run_folder(tmp_path / "run") as scratch:
        fill(scratch)
    assert not left.exists()
    assert all(path.exists() for path in others)


def test_checkpoints_lie_beside_the_run_or_inside_a_folder_that_is_there(tmp_path: Path) -> None:
    assert checkpoint_folder(tmp_path / "run") == tmp_path / "run.partial"
    (tmp_path / "run").mkdir()
    inside = checkpoint_folder(tmp_path / "run")
    inside.mkdir()
    assert inside.parent == tmp_path / "run"
    check_is_free(tmp_path / "run")  # they do not fill it
    (tmp_path / "run" / "mine").touch()
    with pytest.raises(DataError):
        check_is_free(tmp_path / "run")
