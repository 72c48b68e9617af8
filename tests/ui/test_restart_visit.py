"""The server is killed and comes back: what a visitor finds again, and what they go on with."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.ui.conftest import Watch
from tests.ui.serve import ROOT, _wait, free_port
from tests.ui.test_ranks_visit import ask, see_the_answer
from tests.ui.test_visit import LOADED, TRAINED, choose_tab, open_settings, set_number

SOON = 60.0  # seconds


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


def fine_tune_and_sweep(page: Page) -> None:
    open_settings(page)
    set_number(page, "#epochs", 1)
    page.locator("#start").click()
    expect(page.locator("#stop")).to_be_visible()
    expect(page.locator("#status")).to_contain_text("Finished", timeout=TRAINED)
    ask(page)
    page.locator("#sweep-start").click()
    see_the_answer(page)


def find_the_run(page: Page) -> None:
    choose_tab(page, "Runs")
    row = page.locator("#runs tbody tr")
    expect(row).to_contain_text("Run 1", timeout=LOADED)
    with page.expect_download() as download:
        row.get_by_role("link", name="Adapter").click()
    assert zipfile.is_zipfile(download.value.path())
    open_settings(page)
    row.get_by_role("button", name="Use these settings").click()
    expect(page.locator("#runs-note")).to_contain_text("Run 1", timeout=LOADED)
    expect(page.locator("#epochs input").first).to_have_value("1")


def find_the_sweep(page: Page) -> None:
    choose_tab(page, "Rank lab")
    expect(page.locator("#sweep-go-on")).to_be_hidden()
    see_the_answer(page)
    with page.expect_download() as download:
        page.locator("#sweep-packed").click()
    assert zipfile.is_zipfile(download.value.path())


def test_visitor_finds_what_was_finished_after_a_restart(
    page: Page, watch: Watch, tmp_path: Path
) -> None:
    watch.leaves_streams = True
    runs, port = tmp_path / "runs", free_port()
    address = f"http://127.0.0.1:{port}/"
    with served(runs, port) as process:
        open_training(page, address)
        fine_tune_and_sweep(page)
        page.goto("about:blank")
        process.kill()
    with served(runs, port):
        open_training(page, address)
        expect(page.locator("#go-on")).to_be_hidden()
        find_the_run(page)
        find_the_sweep(page)


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
