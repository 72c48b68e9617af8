"""Work in a thread that ends with it."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def in_own_thread(work: Callable[[], T]) -> T:
    """What `work` returns, or what it raises, from a thread of its own.

    torch's products on a CPU run on a team of threads that belongs to whoever called them, for as
    long as that thread lives. A page's handlers live on, and beside their teams GNU's OpenMP counts
    more threads than cores and lets every team wait asleep: training then takes 1.4 times as long.
    """
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(work).result()
