"""A visit in a real browser: a sweep asked for, watched, read after a reload, taken home."""

from __future__ import annotations

import io
import json
import re
import zipfile
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.ui.conftest import Watch
from tests.ui.test_visit import (
    LOADED,
    TRAINED,
    choose_tab,
    open_lab,
    open_settings,
    set_number,
    upload_file,
    upload_of_shapes,
)


def test_a_visitor_sweeps_ranks_and_takes_the_points_home(
    watch: Watch, address: str, tmp_path: Path
) -> None:
    page = watch.page
    open_lab(page, address)
    mine = tmp_path / "my-shapes.zip"
    mine.write_bytes(upload_of_shapes())
    upload_file(page, mine)
    expect(page.locator("#preview")).to_contain_text("48 pairs", timeout=LOADED)
    open_settings(page)
    set_number(page, "#epochs", 1)
    ask(page)
    page.locator("#sweep-start").click()
    expect(page.locator("#sweep-stop")).to_be_visible(timeout=LOADED)
    expect(page.locator("#status")).to_contain_text("Sweep:", timeout=LOADED)
    see_the_answer(page)
    compare_two_points(page)
    watch.leaves_streams = True
    page.reload()
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    choose_tab(page, "Rank lab")
    see_the_answer(page)
    take_home(page)


def ask(page: Page) -> None:
    """Two ranks, one seed."""
    choose_tab(page, "Rank lab")
    expect(page.locator("#sweep-plan")).to_contain_text("Trainings: 18", timeout=LOADED)
    expect(page.locator("#sweep-ranks")).to_contain_text("256, more than")
    for rank in (16, 32, 64, 128, 256):
        label = page.locator("#sweep-ranks label").filter(has_text=re.compile(rf"^\s*{rank}\b"))
        label.locator("input").uncheck()
    set_number(page, "#sweep-seeds", 1)
    expect(page.locator("#sweep-plan")).to_contain_text("Trainings: 2.", timeout=LOADED)
    expect(page.locator("#sweep-command")).to_contain_text("--ranks 4,8")


def see_the_answer(page: Page) -> None:
    expect(page.locator("#sweep-status")).to_contain_text("2 points in", timeout=TRAINED)
    expect(page.locator("#sweep-said")).to_contain_text("with one seed", timeout=LOADED)
    expect(page.locator("#sweep .main-svg").first).to_be_visible(timeout=LOADED)
    expect(page.locator("#sweep-curves .main-svg").first).to_be_visible()
    expect(page.locator("#sweep table").first.locator("tbody tr")).to_have_count(2)
    expect(page.locator("#sweep-start")).to_be_visible()


def compare_two_points(page: Page) -> None:
    expect(page.locator("#sweep-first input")).to_have_value("r = 4 (seed 0)")
    expect(page.locator("#sweep-second input")).to_have_value("r = 8 (seed 0)")
    page.locator("#sweep-compare").click()
    subspaces = page.locator("#sweep-subspaces")
    expect(subspaces.locator(".main-svg").first).to_be_visible(timeout=LOADED)
    expect(subspaces).to_contain_text("r = 4 (seed 0) with r = 8 (seed 0)")


def take_home(page: Page) -> None:
    with page.expect_download() as download:
        page.locator("#sweep-packed").click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as packed:
        points = json.loads(packed.read("sweep.json"))
        report = packed.read("sweep.html")
    assert [(point["rank"], point["seed"], point["status"]) for point in points] == [
        (4, 0, "finished"),
        (8, 0, "finished"),
    ]
    opened = page.context.new_page()
    troubles: list[str] = []
    opened.on("pageerror", lambda error: troubles.append(str(error)))
    opened.on("request", lambda request: troubles.append(request.url))
    opened.set_content(report.decode())
    expect(opened.locator("#rankSweep .main-svg").first).to_be_visible(timeout=LOADED)
    expect(opened.locator("#sweepCurves .main-svg").first).to_be_visible()
    expect(opened.locator("#rankSweep")).to_contain_text("with one seed")
    assert not troubles
