"""Takes the README's screenshots: `make screenshots`. A real run on the bundled pairs, every tab.

Needs nothing but what `make test` needs. The pictures go to assets/screenshots/.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

from tests.ui.conftest import ARGUMENTS, BROWSERS
from tests.ui.serve import serve
from tests.ui.test_visit import set_number

FOLDER = Path(__file__).parents[1] / "assets" / "screenshots"
TABS = {
    "Pairs": "pairs",
    "Layers": "layers",
    "Training": "training",
    "Before / After": "before-after",
    "Try it": "try-it",
    "Inside ΔW": "inside",
    "Runs": "runs",
    "Rank lab": "rank-lab",
    "Take home": "take-home",
}
PATIENCE = 300_000  # milliseconds


def run_once(page: Page, address: str) -> None:
    """Open the lab, fine-tune with what is filled in, wait until all is written."""
    page.goto(address)
    expect(page.locator("#maps .main-svg").first).to_be_attached(timeout=PATIENCE)
    expect(page.locator("#start")).to_be_enabled(timeout=PATIENCE)
    page.locator("#start").click()
    expect(page.locator("#status")).to_contain_text("Finished", timeout=PATIENCE)
    page.wait_for_timeout(1_000)


def sweep_once(page: Page) -> None:
    """Sweep four ranks over two seeds, in short trainings; the form is then as it was."""
    page.get_by_role("tab", name="Rank lab").click()
    for rank in (64, 128, 256):
        label = page.locator("#sweep-ranks label").filter(has_text=re.compile(rf"^\s*{rank}\b"))
        label.locator("input").uncheck()
    set_number(page, "#sweep-seeds", 2)
    page.locator("#settings button").first.click()
    epochs = page.locator("#epochs input").input_value()
    set_number(page, "#epochs", 2)
    expect(page.locator("#sweep-plan")).to_contain_text("Trainings: 8.", timeout=PATIENCE)
    page.locator("#sweep-start").click()
    expect(page.locator("#sweep-status")).to_contain_text("8 points in", timeout=PATIENCE)
    set_number(page, "#epochs", int(epochs))
    page.locator("#settings button").first.click()


def take(page: Page, prefix: str) -> None:
    """One picture a tab."""
    for tab, name in TABS.items():
        shown = page.get_by_role("tab", name=tab)
        if not shown.is_visible():
            page.locator("#tabs .overflow-menu > button").click()
            shown = page.locator("#tabs .overflow-dropdown button", has_text=tab)
        shown.click()
        if name == "rank-lab":  # what was found stands below what is asked
            page.locator("#sweep-said").evaluate("node => node.scrollIntoView()")
        page.mouse.move(2, 2)
        page.wait_for_timeout(800)
        page.screenshot(path=FOLDER / f"{prefix}-{name}.png", full_page=prefix == "narrow")


def main() -> None:
    """A wide visitor makes the run; a narrow one with the same storage looks at it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, BROWSERS)), None)
        browser = playwright.chromium.launch(executable_path=path, args=list(ARGUMENTS))
        with serve(Path(scratch) / "runs") as address:
            context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB")
            page = context.new_page()
            run_once(page, address)
            sweep_once(page)
            take(page, "wide")
            page.set_viewport_size({"width": 420, "height": 900})
            page.reload()
            expect(page.locator("#metrics table")).to_be_attached(timeout=PATIENCE)
            page.wait_for_timeout(3_000)
            take(page, "narrow")
        browser.close()


if __name__ == "__main__":
    main()
