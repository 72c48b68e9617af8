"""The real page as `python app.py` serves it, in a process of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
STARTED_WITHIN = 120  # seconds; machines that run tests may be slow


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def serve(runs_folder: Path, **settings: str) -> Iterator[str]:
    """The page's address, while the process runs. settings: environment variables beside."""
    port = free_port()
    environment = {
        **os.environ,
        "PORT": str(port),
        "LAB_RUNS": str(runs_folder),
        "HF_HUB_OFFLINE": "1",
        "NO_PROXY": "127.0.0.1,localhost",
        **settings,
    }
    log = runs_folder.parent / "app.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environment, stdout=output, stderr=output
        )
        try:
            yield _wait(f"http://127.0.0.1:{port}/", process, log)
        finally:
            process.terminate()
            process.wait(timeout=20)


def _wait(address: str, process: subprocess.Popen, log: Path) -> str:
    end = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"app.py ended at once:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return address
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"app.py did not answer:\n{log.read_text()}")
