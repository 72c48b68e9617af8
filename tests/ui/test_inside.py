"""Inside ΔW in a real browser: the update layer by layer, and a slider over its strength."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.conftest import Watch, fresh

LOADED, TRAINED = 120_000, 240_000  # milliseconds, for machines that have other things to do
TABS = {"en": "Inside ΔW", "ko": "ΔW 들여다보기"}
# Where the map's points are across the screen, and where λ puts them.
DRAWN = """() => [...document.querySelectorAll("#strength .scatterlayer .point")]
  .filter((node) => node.closest("figure") === document.querySelectorAll("#strength figure")[1])
  .map((node) => Number(/translate\\(([^, ]+)/.exec(node.getAttribute("transform"))[1]))"""
MEANT = """() => {
  const chart = document.querySelector("#strength .lab-chart").__lab, [, map] = chart.plots();
  return chart.places().map(([x]) => map._fullLayout.xaxis.d2p(x));
}"""


@pytest.fixture(scope="module")
def visitor(browser_of: Callable[[str], BrowserContext]) -> Iterator[BrowserContext]:
    """One visitor for the whole file: the run that the first test makes is the others' too."""
    with fresh(browser_of("en-GB")) as visitor:
        yield visitor


@pytest.fixture(scope="module")
def watched(visitor: BrowserContext) -> Watch:
    """Their page, left open from test to test."""
    return Watch(visitor.new_page())


@pytest.fixture
def page(watched: Watch) -> Iterator[Page]:
    """That page; it must not err in any test."""
    yield watched.page
    assert not watched.troubles, "\n".join(watched.troubles)


def open_tab(page: Page, language: str = "en") -> None:
    name = TABS[language]
    tab = page.get_by_role("tab", name=name)
    if not tab.is_visible():  # gradio folds the tabs that do not fit into a menu
        page.locator("#tabs .overflow-menu > button").click()
        tab = page.locator("#tabs .overflow-dropdown button", has_text=name)
    tab.click()


def run_once(page: Page) -> None:
    """One short epoch through few layers."""
    for box in page.locator("#layers input[type=checkbox]").all():
        box.set_checked("q_proj" in box.locator("xpath=..").inner_text())
    page.locator("#settings button").first.click()
    page.locator("#epochs input").fill("1")
    page.locator("#epochs input").press("Tab")
    page.locator("#start").click()
    expect(page.locator("#metrics table").first).to_be_visible(timeout=TRAINED)
    expect(page.locator("#status")).to_contain_text("Finished", timeout=TRAINED)


def test_before_a_run_it_says_what_will_stand_here(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#start")).to_be_enabled(timeout=LOADED)
    open_tab(page)
    expect(page.locator("#spectra")).to_contain_text("No update yet")
    expect(page.locator("#measure")).to_be_hidden()


def test_a_run_is_read_layer_by_layer_and_a_cell_opens_its_spectrum(page: Page) -> None:
    run_once(page)
    open_tab(page)
    tables = page.locator("#spectra table")
    expect(tables).to_have_count(2, timeout=LOADED)
    expect(page.locator("#spectra figcaption")).to_have_text(["text tower", "image tower"])
    expect(page.locator("#spectra")).to_contain_text("Over 8 layers ΔW is")
    first = tables.first.locator("button").first
    first.click()
    card = page.locator("#spectra .lab-spectrum")
    expect(card).to_contain_text("q_proj of block 0, text tower")
    expect(card).to_contain_text("of 8 directions are used")
    expect(card.locator(".lab-sigma i")).to_have_count(8)
    first.press("ArrowRight")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("q_proj of block 1, text tower")
    expect(tables.first.locator("button").first).to_contain_text("%")
    page.get_by_role("button", name="Stable rank").click()
    expect(tables.first.locator("button").first).not_to_contain_text("%")


def test_the_strengths_are_measured_and_the_points_follow_the_slider(page: Page) -> None:
    expect(page.locator("#strength-about")).to_contain_text("Takes about")
    page.locator("#measure").click()
    expect(page.locator("#measure-status")).to_contain_text("Measured at 7", timeout=TRAINED)
    strength = page.locator("#strength")
    expect(strength.locator(".main-svg").first).to_be_visible()
    expect(strength.locator("table")).to_contain_text("English control set")
    trained = page.evaluate(DRAWN)
    assert trained == pytest.approx(page.evaluate(MEANT), abs=0.1)
    slider = strength.locator("input[type=range]")
    slider.fill("0")
    expect(strength.locator("output")).to_have_text("0")
    base = page.evaluate(DRAWN)
    assert base == pytest.approx(page.evaluate(MEANT), abs=0.1)
    assert base != pytest.approx(trained, abs=0.1)
    expect(strength.locator(".lab-strength-line button")).to_be_disabled()
    cells = strength.locator("tbody tr").nth(1).locator("td")
    assert cells.nth(0).inner_text() == cells.nth(1).inner_text()
    slider.press("ArrowRight")
    expect(strength).to_contain_text("Read off the lines between λ = 0 and λ = 0.25")
    slider.fill("1")
    expect(strength).to_contain_text("Measured at this strength")
    assert cells.nth(1).inner_text().lstrip("▲▼ ") == cells.nth(2).inner_text()
    expect(strength.locator(".lab-chosen:visible")).to_have_count(2)


def test_the_chosen_adapter_goes_home(page: Page) -> None:
    page.locator("#strength input[type=range]").fill("0.75")
    button = page.get_by_role("button", name="Adapter at λ = 0.75 for PEFT")
    with page.expect_download() as download:
        button.click()
    assert download.value.suggested_filename == "tiny-clip-lora-0.75.zip"
    with zipfile.ZipFile(download.value.path()) as adapter:
        assert set(adapter.namelist()) == {"adapter_config.json", "adapter_model.safetensors"}
        assert json.loads(adapter.read("adapter_config.json"))["lora_alpha"] == 0.75 * 16


@pytest.mark.parametrize("width", [1280, 420])
def test_all_of_it_is_korean_too_and_fits(
    watched: Watch, page: Page, address: str, width: int
) -> None:
    watched.leaves_streams = True
    page.goto("about:blank")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(f"{address}?lang=ko")
    expect(page.locator("#metrics table").first).to_be_attached(timeout=LOADED)
    open_tab(page, "ko")
    expect(page.locator("#spectra figcaption").first).to_have_text("텍스트 타워", timeout=LOADED)
    expect(page.locator("#measure-status")).to_contain_text("측정했습니다")
    expect(page.locator("#strength .main-svg").first).to_be_visible()
    page.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
