"""The server is killed under a visitor's run, comes back, and the visitor goes on with it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.ui.conftest import Watch
from tests.ui.serve import ROOT, _wait, free_port

LOADED, SOON = 120_000, 60.0  # milliseconds; seconds


@contextmanager
def served(runs: Path, port: int) -> Iterator[subprocess.Popen]:
    """The page on a port of its own, which a browser knows again after a restart."""
    variables = {"PORT": str(port), "LAB_RUNS": str(runs), "HF_HUB_OFFLINE": "1"}
    log = runs.parent / "app.log"
    with log.open("w") as output:
        process = subprocess.Popen(
            [sys.executable, "app.py"],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=output,
            stderr=output,
        )
    try:
        _wait(f"http://127.0.0.1:{port}/", process, log)
        yield process
    finally:
        process.kill()
        process.wait()


def wait_for_checkpoint(runs: Path, newer_than: float = 0.0) -> float:
    """-> when the checkpoint was written, as soon as there is a newer one."""
    end = time.monotonic() + SOON
    while time.monotonic() < end:
        for file in runs.glob("*.partial/checkpoint.safetensors"):
            if file.stat().st_mtime > newer_than:
                return file.stat().st_mtime
        time.sleep(0.2)
    raise AssertionError("no checkpoint was written")


def open_training(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    page.get_by_role("tab", name="Training").click()


def test_visitor_goes_on_after_a_restart(page: Page, watch: Watch, tmp_path: Path) -> None:
    watch.leaves_streams = True
    runs, port = tmp_path / "runs", free_port()
    address = f"http://127.0.0.1:{port}/"
    with served(runs, port) as process:
        open_training(page, address)
        expect(page.locator("#go-on")).to_be_hidden()
        page.locator("#settings button").first.click()
        page.locator("#epochs input").first.fill("500")
        page.locator("#epochs input").first.press("Tab")
        page.locator("#start").click()
        written = wait_for_checkpoint(runs)
        page.goto("about:blank")  # a page that polls a dead server only tells of that
        process.kill()
    with served(runs, port) as process:
        open_training(page, address)
        expect(page.locator("#go-on")).to_contain_text("interrupted after step")
        page.locator("#go-on").click()
        expect(page.locator("#go-on")).to_be_hidden()
        expect(page.locator("#stop")).to_be_visible()
        written = wait_for_checkpoint(runs, newer_than=written)
        page.goto("about:blank")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=SOON) == 0
    assert list(runs.glob("*.partial/checkpoint.safetensors"))  # to go on with once more
