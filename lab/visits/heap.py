"""Memory that is free again, and the system that could use it."""

from __future__ import annotations

import ctypes
import gc
import sys
from collections.abc import Callable

HEAPS = 2
M_ARENA_MAX = -8  # malloc.h


def share_heaps() -> None:
    """Let threads share a few heaps.

    A server's threads come and go; each would leave what it freed in a heap of its own, 8 for each
    core, where no other thread finds it.
    """
    if (tune := _find("mallopt")) is not None:
        tune(M_ARENA_MAX, HEAPS)


def put_aside() -> None:
    """What is there now stays: cycles are looked for in what comes after it alone.

    Libraries are 660,000 objects, and to go through them stops everything else for 0.3 s.
    """
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Let the system have what nobody here needs any more.

    The heaps keep what was freed, and a server that was busy once would look full for good.
    """
    gc.collect()
    if (trim := _find("malloc_trim")) is not None:
        trim(0)


def _find(name: str) -> Callable[..., int] | None:
    """A function of the C library, if it is there."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
