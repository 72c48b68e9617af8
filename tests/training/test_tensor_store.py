"""Pictures past the memory's share: a file that comes back bit for bit and goes by itself."""

from __future__ import annotations

import gc
import io
import shutil
from pathlib import Path

import pytest
import torch
from torch import Tensor

from lab.training.tensor_store import TensorStore


def picture(seed: int) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    pixels = torch.randn(1, 3, 4, 5, generator=generator)
    return {"pixel_values": pixels, "size": torch.tensor([[4, 5 + seed]])}


def is_whole(store: TensorStore, seed: int) -> bool:
    found, expected = store.get(str(seed)), picture(seed)
    return found is not None and all(torch.equal(found[name], expected[name]) for name in expected)


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[io.FileIO]:
    """The temporary files that are made."""
    made: list[io.FileIO] = []

    def make(buffering: int) -> io.FileIO:
        made.append(open(tmp_path / f"{len(made)}", "w+b", buffering=buffering))  # noqa: SIM115
        return made[-1]

    monkeypatch.setattr("tempfile.TemporaryFile", make)
    return made


def test_what_comes_back_is_what_was_put_in(files: list[io.FileIO]) -> None:
    store = TensorStore(memory_bytes=3 * 256)
    for seed in range(9):
        store.put(str(seed), picture(seed))
    assert all(is_whole(store, seed) for seed in (8, 3, 0, 5, 1, 2, 4, 6, 7))
    assert store.get("nobody's") is None
    assert len(files) == 1


def test_file_is_made_when_needed_and_closed_at_the_end(files: list[io.FileIO]) -> None:
    roomy = TensorStore()
    roomy.put("0", picture(0))
    assert not files
    store = TensorStore(memory_bytes=0)
    store.put("0", picture(0))
    assert not files[0].closed
    del store
    gc.collect()
    assert files[0].closed


def test_full_disk_is_no_more_than_a_full_store(
    files: list[io.FileIO], monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TensorStore(memory_bytes=0)
    store.put("0", picture(0))

    class Full(io.FileIO):
        def write(self, data: memoryview) -> int:
            raise OSError(28, "No space left on device")

    store._file._file = full = Full(files[0].name, "r+")
    for seed in (1, 2):
        store.put(str(seed), picture(seed))
        assert store.get(str(seed)) is None
    assert is_whole(store, 0)
    full.close()


def test_half_the_free_disk_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: shutil._ntuple_diskusage(0, 0, 1000))
    store = TensorStore(memory_bytes=0)
    for seed in range(3):
        store.put(str(seed), picture(seed))  # 256 bytes each
    assert [store.get(str(seed)) is not None for seed in range(3)] == [True, False, False]
