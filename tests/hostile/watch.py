"""What a reader does while it reads: requests, files written, pickles opened, memory.

Python tells its audit hooks (PEP 578) of every socket, file, process and pickle it opens. A hook
cannot be taken out again, so there is one for the whole session, deaf until it is asked to listen.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

FORBIDDEN = (
    "socket.connect",
    "socket.getaddrinfo",
    "socket.gethostbyname",
    "socket.sendto",
    "subprocess.Popen",
    "os.system",
    "os.exec",
    "os.posix_spawn",
    "os.link",
    "os.symlink",
    "os.mkdir",
    "os.rename",
    "os.remove",
    "pickle.find_class",
    "urllib.Request",
)
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_listening: list[list[str]] = []


def _hear(event: str, arguments: tuple[Any, ...]) -> None:
    if not _listening:
        return
    if event in FORBIDDEN:
        _listening[-1].append(f"{event} {arguments}")
    elif event == "open":
        path, _, flags = arguments
        # Python's own cache of compiled modules is no file of an upload.
        if isinstance(flags, int) and flags & WRITING and "__pycache__" not in str(path):
            _listening[-1].append(f"open {path}")


sys.addaudithook(_hear)


@contextmanager
def listen() -> Iterator[list[str]]:
    """Collects what was done that no reader may do: connect, write, start a process, unpickle."""
    heard: list[str] = []
    _listening.append(heard)
    try:
        yield heard
    finally:
        _listening.pop()


def restart_peak() -> int:
    """Bytes in memory now; Linux measures the peak anew from here."""
    forget = Path("/proc/self/clear_refs")
    if forget.exists():
        forget.write_text("5")
    return peak_bytes()


def peak_bytes() -> int:
    """The most bytes that were in memory (since `restart_peak` on Linux, else of the session)."""
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text().splitlines()
        return next(int(line.split()[1]) << 10 for line in lines if line.startswith("VmHWM"))
    unit = 1 if sys.platform == "darwin" else 1 << 10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit
