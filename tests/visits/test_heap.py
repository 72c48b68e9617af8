"""Memory that was freed is the system's again."""

from __future__ import annotations

import ctypes
import gc
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lab.visits.heap import give_back, put_aside, share_heaps

PAGE = 4096  # bytes
BLOCKS, EACH = 40_000, 2_000  # 80 MB in blocks that malloc gives, not the system
HAS_GLIBC = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "malloc_trim")


def resident() -> int:
    """Bytes of this process in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * PAGE


def fill_and_free() -> bytes:
    """Leave one block on top of all that is freed: it keeps the heap from shrinking by itself."""
    blocks = [bytes(EACH) for _ in range(BLOCKS)]
    return blocks[-1]


def test_what_a_thread_has_freed_is_given_back() -> None:
    with ThreadPoolExecutor(1) as thread:
        give_back()
        before = resident() if HAS_GLIBC else 0
        left = thread.submit(fill_and_free).result()
        give_back()
        after = resident() if HAS_GLIBC else 0
    assert len(left) == EACH
    assert after - before < BLOCKS * EACH / 4


def test_what_was_put_aside_is_gone_through_no_more() -> None:
    put_aside()
    try:
        assert gc.get_freeze_count() > 0
        kept = len(gc.get_objects())
        cycle: list = []
        cycle.append(cycle)
        del cycle
        assert gc.collect() >= 1  # what came after is found
        assert kept < gc.get_freeze_count()
    finally:
        gc.unfreeze()


def test_elsewhere_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    share_heaps()
    give_back()
