"""How long a first visit takes: to the first page, and from the click to the comparison.

    python tests/benchmarks/first_visit.py

Starts `python app.py` three times on a machine that should be quiet, with a real browser each
time, and prints the medians: seconds until the page is visible, until the base's map is drawn, and
from *Fine-tune* to the finished comparison of the default run (UMAP still compiling beside it).
"""

from __future__ import annotations

import os
import platform
import shutil
import statistics
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Browser, expect, sync_playwright

from tests.ui.conftest import ARGUMENTS, BROWSERS
from tests.ui.serve import serve

RUNS = 3
PATIENCE = 600_000  # milliseconds


def visit(browser: Browser, scratch: Path) -> dict[str, float]:
    """One process, one browser context, one default run; -> seconds by name."""
    seconds = {}
    began = time.perf_counter()
    with serve(scratch / "runs") as address:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.goto(address)
        expect(page.locator("#title h1")).to_be_visible(timeout=PATIENCE)
        seconds["start of python to the visible page"] = time.perf_counter() - began
        expect(page.locator("#maps .main-svg").first).to_be_visible(timeout=PATIENCE)
        expect(page.locator("#start")).to_be_enabled(timeout=PATIENCE)
        seconds["start of python to the base's map"] = time.perf_counter() - began
        clicked = time.perf_counter()
        page.locator("#start").click()
        expect(page.locator("#metrics table")).to_be_visible(timeout=PATIENCE)
        seconds["click to the finished comparison"] = time.perf_counter() - clicked
        expect(page.locator("#status")).to_contain_text("Finished", timeout=PATIENCE)
        seconds["click to everything written, UMAP maps included"] = time.perf_counter() - clicked
    return seconds


def main() -> None:
    """Print a table of medians, with the range of the runs."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    visits = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        for _ in range(RUNS):
            with tempfile.TemporaryDirectory() as scratch:
                visits.append(visit(browser, Path(scratch)))
        browser.close()
    print(f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for name in visits[0]:
        values = [seconds[name] for seconds in visits]
        low, high = min(values), max(values)
        print(f"{name}: {statistics.median(values):.1f} s ({low:.1f} to {high:.1f})")


if __name__ == "__main__":
    main()
