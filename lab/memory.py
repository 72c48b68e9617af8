"""How much memory there is, and what running out of it looks like, on any device.

Linux promises a process more memory than there is, and ends it without a word once it takes what it
was promised. On a CPU running out is therefore seen before, or not at all. Sizes are in bytes.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

# The CPU's allocator raises a plain RuntimeError: on Linux and macOS, and on Windows; MPS's too.
SAID = (
    "can't allocate memory",
    "not enough memory",
    "MPS backend out of memory",
    "could not create a primitive",  # oneDNN, which multiplies on a CPU and has buffers of its own
)
# A container's limit and what it takes of it, by the kernel's newer and older books.
CONTAINERS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that there is no memory left, on a GPU or on the CPU."""
    import torch  # not at the head: a server starts, and a hub is asked, before torch is there

    if isinstance(error, torch.OutOfMemoryError | MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(text in str(error) for text in SAID)


def find_all() -> int | None:
    """What this machine has, or this container of it; None where that cannot be told."""
    if not _is_told():
        return None
    return min([_read_machine("MemTotal"), *(limit for limit, _ in _read_containers())])


def find_free() -> int | None:
    """What is left of it for whoever asks; None where that cannot be told.

    Files that the system keeps at hand count as free: it lets go of them.
    """
    if not _is_told():
        return None
    kept = max(0, _read_machine("MemAvailable") - _read_machine("MemFree"))
    left = [limit - max(0, taken - kept) for limit, taken in _read_containers()]
    return max(0, min([_read_machine("MemAvailable"), *left]))


def find_held() -> int:
    """What this process has of it, but for files; 0 where that cannot be told."""
    if not _is_told():
        return 0
    _, resident, shared, *_ = map(int, Path("/proc/self/statm").read_text().split())
    return (resident - shared) * os.sysconf("SC_PAGE_SIZE")


def _is_told() -> bool:
    return sys.platform == "linux"


def _read_machine(name: str) -> int:
    """A line of /proc/meminfo, such as "MemFree:  1024 kB"."""
    lines = Path("/proc/meminfo").read_text().splitlines()
    return next(int(line.split()[1]) << 10 for line in lines if line.startswith(name + ":"))


def _read_containers() -> list[tuple[int, int]]:
    """(limit, taken) of each that has a limit."""
    found = []
    for files in CONTAINERS:
        if all(os.path.isfile(file) for file in files):
            limit, taken = (Path(file).read_text().strip() for file in files)
            if limit.isdigit():  # "max" says that there is none
                found.append((int(limit), int(taken)))
    return found
