"""What may be downloaded from the hub: how large one model, and the cache's together.

Each model here takes a bit more than 1 MB: 2 MB as a sentence says it, and two fit into 3 MB.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import pytest
from fake_hub import FakeHub, conversion
from tiny_checkpoints import write_bert

from lab.encoders import hub_cache, hub_room, load_encoder
from lab.encoders.hub_cache import mark_ours
from lab.encoders.hub_room import MB, HubRoom
from lab.errors import LabError, ModelError
from lab.visits.complaints import phrase
from lab.visits.laboratory import Laboratory
from lab.visits.service_config import ServiceConfig
from lab.words import find_words

NAMES = [f"someone/{letter}" for letter in "abcde"]
A, B, C, *_ = NAMES


@pytest.fixture
def hub(hub: FakeHub, tmp_path: Path) -> FakeHub:
    """A hub with the models NAMES."""
    folder = write_bert(tmp_path / "repository")
    (folder / "filler.txt").write_bytes(bytes(MB))
    hub.repositories.update({name: {"main": folder} for name in NAMES})
    return hub


def own_folder(hub: FakeHub, name: str) -> Path:
    """A copy of a repository, to change."""
    folder = hub.repositories[name]["main"]
    copy = shutil.copytree(folder, folder.with_name("of-" + name.rpartition("/")[2]))
    hub.repositories[name] = {"main": copy}
    return copy


def files_asked(hub: FakeHub, name: str = "") -> list[str]:
    return [path for path in hub.asked if path.startswith(name) and "/resolve/" in path]


def cached(cache: Path) -> set[str]:
    return {folder.name.replace("models--", "").replace("--", "/") for folder in cache.glob("m*")}


def bytes_in(cache: Path) -> int:
    return hub_cache.count_bytes(hub_cache.list_models(cache))


def wait_until(is_so: Callable[[], object]) -> None:
    end = monotonic() + 20
    while not is_so():
        assert monotonic() < end
        sleep(0.005)


@pytest.mark.parametrize("room", [HubRoom(model_mb=1), HubRoom(cache_mb=1), HubRoom(1, 20)])
def test_too_large_a_model_is_refused_before_a_file_is_asked_for(
    room: HubRoom, hub: FakeHub, cache: Path
) -> None:
    (cache / "models--someone--kept").mkdir(parents=True)
    with pytest.raises(
        ModelError, match=f"'{A}' takes 2 MB, and a model may take at most 1 MB here; choose a"
    ):
        load_encoder(A, room=room)
    assert files_asked(hub) == []
    assert cached(cache) == {"someone/kept"}


def test_what_is_not_downloaded_does_not_count(hub: FakeHub) -> None:
    folder = own_folder(hub, A)
    (folder / "filler.txt").unlink()
    (folder / "onnx").mkdir()
    for name in ("onnx/model.txt", "pytorch_model.bin", "picture.png"):
        (folder / name).write_bytes(bytes(MB))
    assert load_encoder(A, room=HubRoom(model_mb=1)).dim == 16


def test_a_conversion_counts_as_its_own_files_do(hub: FakeHub) -> None:
    converted, small = hub.repositories[A]["main"], own_folder(hub, A)
    (small / "filler.txt").unlink()
    (small / "model.safetensors").rename(small / "pytorch_model.bin")
    hub.repositories[A]["refs/pr/1"] = converted
    hub.discussions[A] = [conversion(A, 1)]
    with pytest.raises(ModelError, match=f"'{A}' takes 2 MB"):
        load_encoder(A, room=HubRoom(model_mb=1))
    assert files_asked(hub) == []
    assert load_encoder(A, room=HubRoom(model_mb=2)).dim == 16


def test_a_file_without_a_size_is_refused(hub: FakeHub) -> None:
    hub.unmeasured = ".safetensors"
    with pytest.raises(ModelError, match=f"the hub does not say how large '{A}' is"):
        load_encoder(A, room=HubRoom(model_mb=9))
    assert files_asked(hub) == []


def test_a_file_that_the_description_leaves_out_counts(hub: FakeHub) -> None:
    """The hub's list ends somewhere when there are very many files; the download's does not."""
    hub.undescribed = "filler.txt"
    with pytest.raises(ModelError, match=f"'{A}' takes 2 MB"):
        load_encoder(A, room=HubRoom(model_mb=1))


def test_the_longest_unused_goes(hub: FakeHub, cache: Path) -> None:
    room = HubRoom(cache_mb=3)
    for name in (A, B, A, C):
        load_encoder(name, room=room)
    assert cached(cache) == {A, C}
    assert bytes_in(cache) <= 3 * MB


def test_one_in_use_stays(hub: FakeHub, cache: Path) -> None:
    room = HubRoom(cache_mb=2)
    load_encoder(A, room=room)
    with room.use(A), pytest.raises(ModelError, match=f"no room for '{B}' beside .* try again"):
        load_encoder(B, room=room)
    assert cached(cache) == {A}
    load_encoder(B, room=room)
    assert cached(cache) == {B}


def test_only_what_the_lab_has_downloaded_goes(hub: FakeHub, cache: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere/weights").write_bytes(bytes(9 * MB))
    for folder in ("datasets--p/blobs", "spaces--p", "own", "models--theirs", "models--ours"):
        (cache / folder).mkdir(parents=True)
        (cache / folder / "weights").write_bytes(bytes(2 * MB))
    (cache / "models--linked").symlink_to(tmp_path / "elsewhere")
    (cache / "models--file").write_bytes(bytes(9 * MB))
    mark_ours(cache / "models--ours")
    before = set(cache.iterdir()) - {cache / "models--ours"}
    load_encoder(A, room=HubRoom(cache_mb=2))
    assert set(cache.glob("[!.C]*")) == before | {cache / "models--someone--a"}
    assert (cache / "models--linked/weights").is_file()


def test_downloads_at_the_same_time_keep_within_the_limit(hub: FakeHub, cache: Path) -> None:
    room = HubRoom(cache_mb=3)
    hub.is_open.clear()
    with ThreadPoolExecutor(5) as threads:
        asked = [threads.submit(load_encoder, name, room=room) for name in NAMES]
        try:
            wait_until(lambda: sum(map(Future.done, asked)) == 3)
        finally:
            hub.is_open.set()
    errors = [one.exception() for one in asked]
    assert errors.count(None) == 2
    assert all(error is None or "no room" in str(error) for error in errors)
    assert bytes_in(cache) <= 3 * MB
    for name in NAMES:  # those two hold no place any more
        assert load_encoder(name, room=room).dim == 16
        assert bytes_in(cache) <= 3 * MB


def test_who_asks_for_what_another_downloads_finds_it(hub: FakeHub, cache: Path) -> None:
    room = HubRoom(cache_mb=2)
    with ThreadPoolExecutor(2) as threads:
        asked = [threads.submit(load_encoder, A, room=room) for _ in range(2)]
        assert [one.result().dim for one in asked] == [16, 16]
    assert len(files_asked(hub)) == len(set(files_asked(hub))) * 2  # its head, then its body


def break_off(hub: FakeHub, room: HubRoom) -> None:
    """A's download, before its weights and after all else has come."""
    hub.withheld = ".safetensors"
    with pytest.raises(ModelError, match="broke off"):
        load_encoder(A, room=room)
    hub.withheld, hub.asked = "\0", []


def test_a_broken_off_download_frees_its_place(hub: FakeHub, cache: Path) -> None:
    room = HubRoom(cache_mb=2)
    break_off(hub, room)
    assert bytes_in(cache) > MB  # what had come by then
    load_encoder(B, room=room)
    assert cached(cache) == {B}


@pytest.mark.parametrize(("cache_mb", "is_kept"), [(3, True), (2, False)])
def test_a_broken_off_download_goes_on_where_both_fit(
    cache_mb: int, is_kept: bool, hub: FakeHub, cache: Path
) -> None:
    room = HubRoom(cache_mb=cache_mb)
    break_off(hub, room)
    assert load_encoder(A, room=room).dim == 16
    assert is_kept != any(path.endswith("filler.txt") for path in hub.asked)


@pytest.mark.parametrize(("cache_mb", "fits"), [(4, True), (3, False)])
def test_what_goes_on_counts_once_with_what_was_left(
    cache_mb: int, fits: bool, hub: FakeHub
) -> None:
    room = HubRoom(cache_mb=cache_mb)
    break_off(hub, room)
    hub.is_open.clear()
    with ThreadPoolExecutor(2) as threads:
        asked = []
        for name in (A, B):
            asked.append(threads.submit(load_encoder, name, room=room))
            wait_until(lambda name=name: files_asked(hub, name) or asked[-1].done())
        hub.is_open.set()
    assert [one.exception() is None for one in asked] == [True, fits]


def test_without_limits_nothing_is_counted_or_removed(
    hub: FakeHub, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("list_models", "mark_used", "remove"):
        monkeypatch.setattr(hub_room, name, None)
    hub.unmeasured = "filler.txt"
    for name in (A, B):
        load_encoder(name)
        load_encoder(name, room=HubRoom())
    assert cached(cache) == {A, B}


def test_a_model_in_the_cache_loads_whatever_its_size(
    hub: FakeHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    load_encoder(A)
    hub.asked.clear()
    monkeypatch.setattr(hub_room, "list_models", None)
    assert load_encoder(A, room=HubRoom(1, 1)).dim == 16
    assert hub.asked == []


def test_a_visitor_is_told_so_in_korean(hub: FakeHub, tmp_path: Path) -> None:
    service = ServiceConfig(model_mb=1)
    laboratory = Laboratory(tmp_path / "runs", open_folders=False, service=service)
    with pytest.raises(LabError) as refused:
        laboratory.prepared.encoder(A, None)
    assert phrase(refused.value, find_words("ko")) == (
        f"'{A}': 크기가 2 MB인 모델입니다. 여기서는 모델 하나가 1 MB를 넘을 수 없습니다. 더 작은 "
        "모델을 선택하세요."
    )
