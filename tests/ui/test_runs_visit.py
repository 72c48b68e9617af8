"""A visit in a real browser: queries of one's own, two runs side by side, settings taken back."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Page, expect

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

HOSTILE = '<img src=x onerror="window.ran=1"> ${window.ran=2} {{7*7}}'


def test_a_visitor_searches_trains_twice_and_compares(
    page: Page, address: str, tmp_path: Path
) -> None:
    open_lab(page, address)
    choose_tab(page, "Runs")
    expect(page.locator("#runs")).to_contain_text("No finished run yet")
    search_the_base(page)
    mine = tmp_path / "my-shapes.zip"
    mine.write_bytes(upload_of_shapes())
    upload_file(page, mine)
    expect(page.locator("#preview")).to_contain_text("48 pairs", timeout=LOADED)
    open_settings(page)
    fine_tune(page, rank=8)
    search_before_and_after(page, tmp_path / "query.png")
    choose_tab(page, "Runs")
    expect(page.locator("#runs")).to_contain_text("One run so far")
    fine_tune(page, rank=4)
    compare_both(page)
    take_settings_back(page)
    download_the_first(page)


def fine_tune(page: Page, rank: int) -> None:
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    set_number(page, "#epochs", 1)
    set_number(page, "#rank", rank)
    expect(page.locator("#totals")).to_contain_text(f"{TRAINABLE[rank]} of ", timeout=LOADED)
    page.locator("#start").click()
    expect(page.locator("#stop")).to_be_visible(timeout=LOADED)
    expect(page.locator("#start")).to_be_visible(timeout=TRAINED)
    expect(page.locator("#status")).to_contain_text("Finished", timeout=LOADED)


TRAINABLE = {8: "147,456", 4: "73,728"}


def search_the_base(page: Page) -> None:
    choose_tab(page, "Try it")
    hits = page.locator("#explorer .lab-hit")
    expect(hits).to_have_count(10, timeout=LOADED)
    expect(page.locator("#explorer")).to_contain_text("before any training")
    expect(page.locator("#explorer .lab-query")).to_contain_text("of 256")
    expect(page.locator("#explorer .lab-hits-after")).to_have_count(0)


def search_before_and_after(page: Page, picture: Path) -> None:
    choose_tab(page, "Try it")
    explorer = page.locator("#explorer")
    expect(explorer.locator(".lab-hits-after .lab-hit").first).to_be_visible(timeout=LOADED)
    expect(explorer.locator(".lab-query")).to_contain_text("The right answer: place")
    expect(explorer.locator(".lab-hit-right").first).to_contain_text("right answer")

    box = explorer.locator("input[type=search]")
    box.fill(HOSTILE)
    box.press("Enter")
    expect(explorer.locator(".lab-query .lab-text")).to_have_text(HOSTILE, timeout=LOADED)
    assert explorer.locator("img").count() == 0
    assert page.evaluate("window.ran") is None
    expect(explorer.locator(".lab-hits-before .lab-tile").first).to_be_visible()

    noise = np.random.default_rng(0).integers(0, 256, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(noise).save(picture)
    explorer.locator("input[type=file]").set_input_files(picture)
    expect(explorer.locator(".lab-query .lab-text")).to_have_text("query.png", timeout=LOADED)
    among = explorer.get_by_role("group", name="Search among")
    expect(among.get_by_role("button", pressed=True)).to_have_text("text")
    expect(explorer.locator(".lab-hits-after .lab-tile")).to_have_count(0)
    among.get_by_role("button", name="image").click()
    expect(explorer.locator(".lab-hits-after .lab-tile").first).to_be_visible(timeout=LOADED)

    picture.write_bytes(b"no picture")
    explorer.locator("input[type=file]").set_input_files(picture)
    expect(explorer.locator(".lab-note-error").last).to_contain_text("not a picture")
    explorer.locator(".lab-suggestions button").nth(1).click()
    expect(explorer.locator(".lab-query")).to_contain_text("The right answer", timeout=LOADED)


def compare_both(page: Page) -> None:
    choose_tab(page, "Runs")
    rows = page.locator("#runs tbody tr")
    expect(rows).to_have_count(2, timeout=LOADED)
    expect(rows.first).to_contain_text("Run 2")
    comparison = page.locator("#run-comparison")
    expect(comparison.locator(".main-svg").first).to_be_visible(timeout=LOADED)
    expect(comparison.locator(".lab-multiples figure")).to_have_count(3)
    settings = comparison.locator("table").first.locator("tbody tr")
    expect(settings).to_have_text(["rank r84"])
    rows.first.get_by_role("checkbox").uncheck()
    expect(comparison.locator("table")).to_have_count(0, timeout=LOADED)
    rows.first.get_by_role("checkbox").check()
    expect(comparison.locator("table")).to_have_count(2, timeout=LOADED)


def take_settings_back(page: Page) -> None:
    """From another model with its own layers and pairs to those of the first run."""
    page.locator("#pairs input").click()
    page.get_by_role("option", name="shapes-ko").click()
    expect(page.locator("#status")).not_to_contain_text("Finished", timeout=LOADED)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    model = page.locator("#model input")
    model.fill("tiny-bert")
    model.press("Enter")
    expect(page.locator("#layers")).to_contain_text("query", timeout=LOADED)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    page.locator("#runs tbody tr").last.get_by_role("button", name="Use these settings").click()
    expect(page.locator("#runs-note")).to_contain_text("Run 1", timeout=LOADED)
    expect(page.locator("#totals")).to_contain_text(f"{TRAINABLE[8]} of ")
    expect(page.locator("#layers")).to_contain_text("q_proj")
    assert page.locator("#pairs input").input_value() == "my-shapes.zip"
    assert page.locator("#rank input[type=number]").input_value() == "8"
    assert page.locator("#epochs input").input_value() == "1"
    expect(page.locator("#start")).to_be_enabled()


def download_the_first(page: Page) -> None:
    with page.expect_download() as download:
        page.locator("#runs tbody tr").last.get_by_role("link", name="Adapter").click()
    with zipfile.ZipFile(io.BytesIO(Path(download.value.path()).read_bytes())) as adapter:
        card = adapter.read("README.md").decode()
    assert "library_name" in card
    assert "my-shapes" in card
