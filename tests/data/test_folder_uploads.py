"""Folders as uploads: what is there, links and pipes, limits."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from upload_files import (
    caption_table,
    encode,
    noise,
    picture_members,
)

from lab.data import load_pairs, read_pairs
from lab.data.limits import Limits
from lab.errors import DataError


def write_folder(folder: Path, members: dict[str, bytes | str]) -> Path:
    for name, data in members.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def test_nothing_there(tmp_path: Path) -> None:
    for name in (str(tmp_path / "none.csv"), "no-such-pairs", "x" * 5_000, "a\0b"):
        with pytest.raises(DataError, match="there are no pairs"):
            load_pairs(name)
        with pytest.raises(DataError, match="there is no file or folder"):
            read_pairs(name)


def test_links_and_pipes_in_a_folder_are_not_read(tmp_path: Path) -> None:
    secret = tmp_path / "secret.png"
    secret.write_bytes(encode(noise()))
    folder = write_folder(tmp_path / "u", dict(picture_members()))
    (folder / "link.png").symlink_to(secret)
    (folder / "linked").symlink_to(tmp_path)
    os.mkfifo(folder / "pipe.png")
    names = [f"{i}.png" for i in range(10)] + ["link.png", "linked/secret.png", "pipe.png"]
    (folder / "t.csv").write_text(caption_table(names), "utf-8")
    found = {row.line: row.reason for row in read_pairs(folder).rejected}
    assert list(found) == [12, 13, 14]
    assert "is a link" in found[12]
    assert "there is no picture" in found[13]


def test_limits_of_a_folder(tmp_path: Path) -> None:
    members = {**picture_members(), "t.csv": caption_table([f"{i}.png" for i in range(10)])}
    folder = write_folder(tmp_path / "u", members)
    with pytest.raises(DataError, match="more than 10 files"):
        read_pairs(folder, limits=Limits(members=10))
    with pytest.raises(DataError, match="'u' unpacks to more than"):
        read_pairs(folder, limits=Limits(unpacked_bytes=1_000))
    with pytest.raises(DataError, match=r"'t.csv' is larger"):
        read_pairs(folder, limits=Limits(table_bytes=100))
    with pytest.raises(DataError, match=r"'t.csv' is larger"):
        read_pairs(folder / "t.csv", limits=Limits(file_bytes=100))
