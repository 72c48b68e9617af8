"""Memory that is free again, and the system that could use it. glibc alone; elsewhere nothing."""

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


def give_back(is_idle: bool = True) -> None:
    """Let the system have what nobody here needs any more.

    The heaps keep what was freed, and a server that was busy once would look full for good.
    is_idle: look for cycles too, which stops everything else here for half a second.
    """
    if (trim := _find("malloc_trim")) is not None:
        if is_idle:
            gc.collect()
        trim(0)


def _find(name: str) -> Callable[..., int] | None:
    """A function of the C library, if it is there."""
    return getattr(ctypes.CDLL(None), name, None) if sys.platform == "linux" else None
