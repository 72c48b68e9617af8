"""The hub's cache on disk: what is counted, what is chosen to go, and what goes with it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from lab.encoders.hub_cache import (
    CachedModel,
    choose_outdated,
    count_bytes,
    list_models,
    mark_ours,
    mark_used,
    remove,
)


def put(cache: Path, name: str, content: bytes = b"", shared: str = "") -> Path:
    """A repository as the hub's library keeps it, its weights in the common store or its own."""
    folder = cache / name
    for place in ("blobs", "snapshots/commit", "refs"):
        (folder / place).mkdir(parents=True)
    blob = folder / "blobs" / "etag"
    if shared:
        blob.symlink_to(Path("../../blobs", shared[:2], shared))
    else:
        blob.write_bytes(content)
    (folder / "snapshots/commit/model.safetensors").symlink_to("../../blobs/etag")
    mark_ours(folder)
    return folder


def share(cache: Path, name: str, content: bytes) -> Path:
    payload = cache / "blobs" / name[:2] / name
    payload.parent.mkdir(parents=True)
    payload.write_bytes(content)
    return payload


def model(name: str, used_at: float, **files: int) -> CachedModel:
    return CachedModel(Path(name), used_at, files)


def test_a_file_counts_once_however_many_link_to_it(tmp_path: Path) -> None:
    share(tmp_path, "abc", bytes(100))
    put(tmp_path, "models--o--one", shared="abc")
    put(tmp_path, "models--o--two", shared="abc")
    left = put(tmp_path, "models--o--three", bytes(20))
    (left / "blobs" / "other.incomplete").write_bytes(bytes(3))
    (left / "snapshots/commit/gone").symlink_to("../../blobs/gone")
    assert count_bytes(list_models(tmp_path)) == 123


def test_the_longest_unused_is_first(tmp_path: Path) -> None:
    folders = [put(tmp_path, f"models--o--{name}") for name in "abc"]
    for folder, time in zip(folders, (1, 2, 3), strict=True):
        os.utime(folder, (time, time))
    mark_used(folders[0])
    mark_used(tmp_path / "models--o--nowhere")
    assert [one.folder for one in list_models(tmp_path)] == [folders[1], folders[2], folders[0]]
    assert list_models(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("most", "spared", "gone"),
    [
        (60, (), ""),
        (59, (), "a"),
        (49, (), "ab"),
        (30, ("b",), "ac"),
        (0, (), "abc"),
        (19, ("b",), None),
        (-1, (), None),
    ],
)
def test_so_many_go_as_make_room_and_none_where_they_do_not(
    most: int, spared: tuple[str, ...], gone: str | None
) -> None:
    models = [model("a", 1, x=10), model("b", 2, y=20), model("c", 3, z=30)]
    outdated = choose_outdated(models, most, {Path(name) for name in spared})
    assert outdated == (None if gone is None else [models["abc".index(name)] for name in gone])


def test_no_choice_where_one_file_is_all_of_two() -> None:
    models = [model("a", 1, x=10), model("b", 2, x=10)]
    assert choose_outdated(models, 5, ()) == models


def test_shared_weights_go_with_the_last_that_links_to_them(tmp_path: Path) -> None:
    alone = share(tmp_path, "abc", bytes(100))
    common = share(tmp_path, "def", bytes(100))
    put(tmp_path, "models--o--alone", shared="abc")
    put(tmp_path, "models--o--common", shared="def")
    kept = put(tmp_path, "datasets--o--pairs", shared="def")
    assert all(map(remove, list_models(tmp_path)))
    assert not alone.exists()
    assert (kept / "snapshots/commit/model.safetensors").read_bytes() == bytes(100)
    assert common.exists()
    assert {path.name for path in tmp_path.iterdir()} == {"blobs", "datasets--o--pairs"}


def test_a_removal_that_is_cut_short_leaves_no_half_of_a_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = put(tmp_path, "models--o--a", bytes(7))
    with monkeypatch.context() as patched:
        patched.setattr(shutil, "rmtree", lambda *_, **__: None)
        assert remove(list_models(tmp_path)[0])
    assert not folder.exists()
    (left,) = list_models(tmp_path)
    assert count_bytes([left]) == 7  # still counted, and the next to go
    assert remove(left)
    assert not remove(left)
    assert list(tmp_path.iterdir()) == []
