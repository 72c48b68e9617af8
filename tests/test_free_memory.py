"""How much memory there is is told as the system tells it."""

from __future__ import annotations

import sys
from pathlib import Path

import psutil
import pytest

from lab import memory

ON_LINUX = sys.platform == "linux"
MB = 1 << 20


@pytest.fixture
def container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where a container's limit and usage are looked for."""
    files = str(tmp_path / "limit"), str(tmp_path / "taken")
    monkeypatch.setattr(memory, "CONTAINERS", (files,))
    return tmp_path


@pytest.mark.usefixtures("container")
def test_a_machine_without_containers_has_what_psutil_finds() -> None:
    if ON_LINUX:
        told = psutil.virtual_memory()
        assert memory.find_all() == told.total
        assert memory.find_free() == pytest.approx(told.available, abs=200 * MB)
        held = psutil.Process().memory_info()
        assert memory.find_held() == pytest.approx(held.rss - held.shared, abs=20 * MB)


@pytest.mark.parametrize("limit", ["max\n", f"{100 * MB}\n"])
def test_a_container_has_what_it_was_given(limit: str, container: Path) -> None:
    whole = memory.find_all()
    (container / "limit").write_text(limit)
    (container / "taken").write_text(f"{90 * MB}\n")
    if ON_LINUX and limit != "max\n":
        assert memory.find_all() == 100 * MB
        assert 10 * MB <= memory.find_free() <= 100 * MB  # files at hand are free
    else:
        assert memory.find_all() == whole


def test_elsewhere_nothing_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    assert memory.find_all() is None
    assert memory.find_free() is None
    assert memory.find_held() == 0
