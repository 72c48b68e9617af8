"""Memory that is free again, and the system that could use it."""

from __future__ import annotations

import ctypes
import gc
import sys


def give_back() -> None:
    """Let the system have what nobody here needs any more.

    glibc keeps what many threads have freed, and a server that was busy once would look full for
    good. Elsewhere there is nothing to do.
    """
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None) if sys.platform == "linux" else None
    if trim is not None:
        gc.collect()
        trim(0)
