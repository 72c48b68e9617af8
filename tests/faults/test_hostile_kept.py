"""Files of finished runs that are damaged, or that somebody else wrote, checksums and all."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from servers import Keep

from lab.visits.kept_file import NAME, find_kept, write_kept
from lab.visits.laboratory import Laboratory
from lab.visits.uploads import HOME
from lab.visits.visitors import Visitor, hash_id

pytestmark = pytest.mark.usefixtures("one_thread")


def restarted(laboratory: Laboratory) -> Laboratory:
    return Laboratory(laboratory.runs_folder)


def rewrite(folder: Path, visitor: Visitor, change: Callable[[dict[str, Any]], Any]) -> None:
    """Somebody writes a file of their own, checksum and all."""
    (kept,) = find_kept(folder.parent, visitor.id)
    values = kept.read()
    values = change(values) or values
    write_kept(folder, visitor.id, "run", values)


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


def test_what_somebody_else_wrote_is_left_out(laboratory: Laboratory, keep: Keep) -> None:
    visitor = laboratory.visitor("")
    folder = keep(laboratory, visitor)
    written = (folder / NAME).read_bytes()
    for number, change in enumerate(HOSTILE):
        rewrite(folder, visitor, change)
        again = restarted(laboratory).welcome(visitor.id)
        assert (again.id, again.runs) == (visitor.id, ()), number
        (folder / NAME).write_bytes(written)
    assert len(restarted(laboratory).welcome(visitor.id).runs) == 1


def test_an_upload_outside_its_folder_is_none(
    laboratory: Laboratory, keep: Keep, tmp_path: Path
) -> None:
    visitor = laboratory.visitor("")
    folder = keep(laboratory, visitor)
    secret = tmp_path / "secret.csv"
    secret.write_text("a,b\n")
    inside = laboratory.runs_folder / HOME / uuid.uuid4().hex
    inside.mkdir(parents=True)
    (inside / "link.csv").symlink_to(secret)
    for path in (str(secret), "../../secret.csv", f"{inside.name}/link.csv", "x/y", ""):
        rewrite(folder, visitor, put("uploads", value={"mine.csv": path}))
        again = restarted(laboratory).welcome(visitor.id)
        assert (len(again.runs), again.uploads) == (1, {})


HEADS = [b"", b"{}", b"null\n{}", b"[" * 2000, b"x" * 5000, b'{"visitor": 1}\n', b"\xff\xfe"]
HEADS += [b'{"visitor": "HASH"}\n', b'["HASH"]\n', b'"HASH"' + b"[" * 900]


@pytest.mark.parametrize("content", HEADS)
def test_a_first_line_that_is_none_hides_nobody_else(
    laboratory: Laboratory, keep: Keep, content: bytes
) -> None:
    visitor = laboratory.visitor("")
    broken, _ = keep(laboratory, visitor), keep(laboratory, visitor)
    (broken / NAME).write_bytes(content.replace(b"HASH", hash_id(visitor.id).encode()))
    assert len(restarted(laboratory).welcome(visitor.id).runs) == 1


def test_a_byte_of_the_second_line_tells(laboratory: Laboratory, keep: Keep) -> None:
    visitor = laboratory.visitor("")
    file = keep(laboratory, visitor) / NAME
    head, line = file.read_bytes().split(b"\n", 1)
    file.write_bytes(head + b"\n" + line.replace(b'"number": 1', b'"number": 2'))
    assert restarted(laboratory).welcome(visitor.id).runs == ()
