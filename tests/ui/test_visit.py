"""A visit in a real browser, from the first page to the adapter in a visitor's hands."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import Watch

LOADED, TRAINED = 120_000, 240_000  # milliseconds, for machines that have other things to do
ROOT = Path(__file__).parents[2]


def open_lab(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#maps .main-svg").first).to_be_visible(timeout=LOADED)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)


def choose_tab(page: Page, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def set_number(page: Page, selector: str, value: object) -> None:
    box = page.locator(f"{selector} input[type=number]").first
    box.fill(str(value))
    box.press("Tab")


def open_settings(page: Page) -> None:
    page.locator("#settings button").first.click()
    expect(page.locator("#epochs input")).to_be_visible()


def upload_file(page: Page, path: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("#upload").click()
    chooser.value.set_files(path)


def upload_of_shapes(count: int = 48) -> bytes:
    """A visitor's ZIP: some drawn shapes with their Korean captions, one row without a picture."""
    packed = io.BytesIO()
    with (
        zipfile.ZipFile(ROOT / "assets/pairs/shapes-ko.zip") as shapes,
        zipfile.ZipFile(packed, "w") as mine,
    ):
        table = next(name for name in shapes.namelist() if name.endswith(".csv"))
        rows = list(csv.DictReader(io.StringIO(shapes.read(table).decode())))[:count]
        lines = ["file_name,caption"]
        for row in rows:
            mine.writestr(row["image"], shapes.read(row["image"]))
            lines.append(f"{row['image']},{row['ko']}")
        lines.append("missing.png,그림이 없다")
        mine.writestr("metadata.csv", "\n".join(lines))
    return packed.getvalue()


def test_the_first_page_shows_the_base_with_nothing_to_set(page: Page, address: str) -> None:
    open_lab(page, address)
    expect(page.locator("#model input")).to_have_value(re.compile("tiny-clip"))
    expect(page.locator("#totals")).to_contain_text("parameters train")
    expect(page.locator("#verdict")).to_contain_text("before any training")
    points = page.evaluate(
        "document.querySelector('#maps .lab-plot').data"
        ".filter((t) => t.mode === 'markers').reduce((n, t) => n + t.x.length, 0)"
    )
    assert points == 2 * 256


def test_totals_follow_every_tick_and_the_rank(page: Page, address: str) -> None:
    open_lab(page, address)
    before = page.locator("#totals").inner_text()
    boxes = page.locator("#layers input[type=checkbox]")
    for k in range(boxes.count()):
        boxes.nth(k).set_checked(k == 0)
    expect(page.locator("#totals")).not_to_have_text(before)
    label = page.locator("#layers label").first.inner_text()
    parameters = label.rpartition("·")[2].strip()
    expect(page.locator("#totals")).to_contain_text(f"{parameters} of ", timeout=15_000)
    set_number(page, "#rank", 4)
    halved = f"{int(parameters.replace(',', '')) // 2:,}"
    expect(page.locator("#totals")).to_contain_text(f"{halved} of ")
    choose_tab(page, "Layers")
    lit = page.locator("#tree .lab-on")
    expect(lit.first).to_contain_text(label.split(" ")[0])


def test_a_rank_beyond_the_layers_says_why_it_cannot_start(page: Page, address: str) -> None:
    open_lab(page, address)
    set_number(page, "#rank", 256)
    expect(page.locator("#totals")).to_contain_text("larger than a layer's smaller side")
    expect(page.locator("#start")).to_be_disabled()
    boxes = page.locator("#layers input[type=checkbox]")
    for k in range(boxes.count()):
        boxes.nth(k).set_checked(False)
    expect(page.locator("#totals")).to_contain_text("tick one at least")


def test_an_unknown_model_is_answered_with_the_way_out(page: Page, address: str) -> None:
    open_lab(page, address)
    model = page.locator("#model input")
    model.fill("no-such-model")
    model.press("Enter")
    expect(page.locator("#status")).to_contain_text("tiny-clip", timeout=30_000)
    expect(page.locator("#status")).to_contain_text("no-such-model")


def test_a_whole_visit_from_an_upload_to_the_adapter(
    page: Page, address: str, tmp_path: Path
) -> None:
    open_lab(page, address)
    mine = tmp_path / "my-shapes.zip"
    mine.write_bytes(upload_of_shapes())
    upload_file(page, mine)
    expect(page.locator("#preview")).to_contain_text("48 pairs", timeout=LOADED)
    expect(page.locator("#preview")).to_contain_text("Rows left out: 1")
    page.locator("#preview summary").click()
    expect(page.locator("#preview")).to_contain_text("Line 50")
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)

    open_settings(page)
    set_number(page, "#epochs", 16)  # so long that a busy page, too, draws the loss before the end
    page.locator("#start").click()
    expect(page.locator("#loss .main-svg").first).to_be_visible(timeout=TRAINED)
    expect(page.locator("#metrics table")).to_be_visible(timeout=TRAINED)
    expect(page.locator("#verdict")).to_contain_text("Recall@1")
    page.locator("#matrices").scroll_into_view_if_needed()
    expect(page.locator("#matrices .main-svg").nth(2)).to_be_attached()
    # UMAP's maps take the place of PCA's when they come, and its points are elsewhere.
    expect(page.locator("#status")).to_contain_text("Finished", timeout=TRAINED)
    ring_on_both_maps(page)

    expect(page.locator("#start")).to_be_enabled(timeout=TRAINED)
    choose_tab(page, "Take home")
    expect(page.locator("#command")).to_contain_text("python -m lab finetune")
    expect(page.locator("#take-note")).to_contain_text("read back")
    with page.expect_download() as download:
        page.locator("#download-adapter").click()
    with zipfile.ZipFile(download.value.path()) as adapter:
        assert set(adapter.namelist()) == {
            "adapter_config.json",
            "adapter_model.safetensors",
            "README.md",
        }
        config = json.loads(adapter.read("adapter_config.json"))
    assert config["peft_type"] == "LORA"


def ring_on_both_maps(page: Page) -> None:
    """Point at an item of the second map: a ring shows it on both, a card its text."""
    page.locator("#maps .lab-plot").nth(1).scroll_into_view_if_needed()
    at = page.evaluate(
        """() => {
          const plot = document.querySelectorAll('#maps .lab-plot')[1], full = plot._fullLayout;
          const trace = plot.data.find((t) => t.mode === 'markers');
          const box = plot.getBoundingClientRect();
          return { x: box.left + full.xaxis._offset + full.xaxis.d2p(trace.x[3]),
                   y: box.top + full.yaxis._offset + full.yaxis.d2p(trace.y[3]) };
        }"""
    )
    page.mouse.move(at["x"] - 4, at["y"] - 4)
    page.mouse.move(at["x"], at["y"], steps=4)
    expect(page.locator("#maps .lab-ring-0").nth(0)).to_be_visible()
    expect(page.locator("#maps .lab-ring-0").nth(1)).to_be_visible()
    expect(page.locator("#maps .lab-card .lab-text").first).to_be_visible()


def test_a_reload_finds_the_run_again_and_stop_keeps_it(
    watch: Watch, page: Page, address: str
) -> None:
    watch.leaves_streams = True
    open_lab(page, address)
    open_settings(page)
    set_number(page, "#epochs", 500)
    page.locator("#start").click()
    expect(page.locator("#training-status")).to_contain_text("step", timeout=TRAINED)
    page.reload()
    expect(page.locator("#stop")).to_be_visible(timeout=LOADED)
    page.locator("#stop").click()
    expect(page.locator("#metrics table")).to_be_visible(timeout=TRAINED)
    expect(page.locator("#status")).to_contain_text(
        "what was learned by then is kept", timeout=TRAINED
    )
    page.reload()
    expect(page.locator("#metrics table")).to_be_visible(timeout=LOADED)


def test_texts_of_an_upload_are_never_markup(page: Page, address: str, tmp_path: Path) -> None:
    hostile = ['<img src=x onerror="window.ran=1">', "${window.ran=2}", "{{7*7}}", "<b>bold</b>"]
    rows = [f"{text} {k},another text {k}" for k in range(4) for text in hostile]
    upload = tmp_path / "hostile.csv"
    with upload.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["sentence1", "sentence2"])
        writer.writerows([row.rsplit(",", 1) for row in rows])
    open_lab(page, address)
    page.locator("#model input").fill("tiny-bert")
    page.locator("#model input").press("Enter")
    upload_file(page, upload)  # while the model loads
    expect(page.locator("#preview")).to_contain_text("16 pairs", timeout=LOADED)
    expect(page.locator("#preview")).to_contain_text("<img src=x onerror")
    assert page.locator("#preview img").count() == 0
    assert page.evaluate("window.ran") is None


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_scrolls_sideways_on_a_phone(page: Page, address: str, scheme: str) -> None:
    page.set_viewport_size({"width": 420, "height": 900})
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    expect(page.locator("#maps .main-svg").first).to_be_attached(timeout=LOADED)
    expect(page.locator("#sidebar.open")).to_have_count(0)
    for tab in ("Pairs", "Layers", "Training", "Before / After", "Try it", "Runs", "Take home"):
        shown = page.get_by_role("tab", name=tab)
        if not shown.is_visible():  # gradio folds the tabs that do not fit into a menu
            page.locator("#tabs .overflow-menu > button").click()
            shown = page.locator("#tabs .overflow-dropdown button", has_text=tab)
        shown.click()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
