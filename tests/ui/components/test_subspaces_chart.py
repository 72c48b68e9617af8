"""Shared subspaces in a real browser: choices, one cell on every panel, the table, plain words."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from demo_subspaces import UNTRAINED, subspaces
from playwright.sync_api import Locator, Page, expect

from tests.ui.components.conftest import open_gallery

CHART = "document.querySelector('#subspaces .lab-chart').__lab"
HOSTILE_PATH = 3


@pytest.fixture(scope="module")
def value() -> dict:
    return subspaces()


@pytest.fixture
def chart(still: Page) -> Iterator[Locator]:
    """As it is at first, and afterwards again."""
    shown = still.locator("#subspaces")
    shown.scroll_into_view_if_needed()
    yield shown
    shown.get_by_label("Adapters").select_option(index=0)
    shown.get_by_label("Layer").select_option(index=0)
    for first in ("A", "all directions"):
        shown.get_by_role("button", name=first, exact=True).click()
    still.mouse.move(2, 2)


def titles(chart: Locator) -> list[str]:
    return chart.locator("figure:visible figcaption").all_inner_texts()


def test_two_ranks_stand_beside_two_seeds_and_chance(chart: Locator, value: dict) -> None:
    pair = value["pairs"][0]
    assert titles(chart) == [
        pair["name"],
        value["pairs"][pair["beside"]]["name"],
        value["words"]["random"],
    ]
    expect(chart.locator(".lab-lead")).to_have_text(pair["said"]["A"])
    chart.get_by_label("Adapters").select_option(index=1)
    assert titles(chart) == [value["pairs"][1]["name"], value["words"]["random"]]
    expect(chart.locator(".lab-lead")).to_have_text(value["pairs"][1]["said"]["A"])


def test_every_panel_is_drawn_on_one_scale(still: Page, chart: Locator) -> None:
    still.wait_for_selector("#subspaces .main-svg")
    scales = still.evaluate(
        f"{CHART}.plots().map((p) => [p.data[0].zmin, p.data[0].zmax, p.data[0].colorscale])"
    )
    assert len(scales) == 3
    assert scales[0] == scales[1] == scales[2]
    assert scales[0][:2] == [0, 1]


def test_the_panels_hold_the_grids(still: Page, chart: Locator, value: dict) -> None:
    panel = still.evaluate(f"{CHART}.panels()[0]")
    grid = value["pairs"][0]["layers"][0]["grids"]["A"]
    chance = value["chances"][grid["chance"]]
    assert (panel["i"], panel["j"]) == (list(chance["i"]), list(chance["j"]))
    assert [len(row) for row in panel["phi"]] == [len(panel["j"])] * len(panel["i"])
    flat = [round(255 * phi) for row in panel["phi"] for phi in row]
    assert flat == list(base64.b64decode(grid["phi"]))


def test_the_corner_has_a_number_in_each_cell(still: Page, chart: Locator) -> None:
    chart.get_by_role("button", name="the first 8").click()
    panels = still.evaluate(f"{CHART}.panels()")
    assert [(len(p["i"]), len(p["j"])) for p in panels] == [(4, 8), (8, 8), (4, 8)]
    told = f"{panels[0]['phi'][0][0]:.2f}"
    expect(chart.locator(".heatmap-label").first).to_have_text(told)


def test_keys_step_over_one_cell_on_every_panel(still: Page, chart: Locator) -> None:
    said, holder = chart.locator(".lab-said"), chart.locator(".lab-matrix").first
    expect(said).to_contain_text("Point at a cell")
    holder.focus()
    for _ in range(2):
        still.keyboard.press("ArrowRight")
    still.keyboard.press("ArrowDown")
    expect(said).to_contain_text("The first 2 with the first 2 directions")
    expect(chart.locator(".lab-cell:visible")).to_have_count(3)
    phi = still.evaluate(f"{CHART}.panels().map((p) => p.phi[1][1])")
    expect(said.locator(".lab-rank")).to_have_text([f"φ = {number:.2f}" for number in phi])
    still.keyboard.press("Escape")
    expect(said).to_contain_text("Point at a cell")


def test_pointing_says_the_cell_under_the_mouse(still: Page, chart: Locator) -> None:
    chart.locator(".lab-matrix").nth(1).hover()
    i, j = still.evaluate(f"{CHART}.at()")
    expect(chart.locator(".lab-said")).to_contain_text(f"The first {i} with the first {j}")
    still.mouse.move(2, 2)
    expect(chart.locator(".lab-said")).to_contain_text("Point at a cell")


def test_another_matrix_has_its_own_sentence_and_meaning(chart: Locator, value: dict) -> None:
    chart.get_by_role("button", name="B", exact=True).click()
    expect(chart.locator(".lab-lead")).to_have_text(value["pairs"][0]["said"]["B"])
    expect(chart).to_contain_text(value["words"]["B_means"])
    assert value["words"]["A_means"] not in chart.inner_text()


def test_a_layer_whose_matrix_is_zero_says_so(chart: Locator, value: dict) -> None:
    chart.get_by_label("Layer").select_option(UNTRAINED)
    chart.get_by_role("button", name="B", exact=True).click()
    expect(chart).to_contain_text(value["words"]["no_directions"])
    expect(chart.locator(".lab-matrix:visible")).to_have_count(0)


def test_the_table_is_that_of_the_layer(chart: Locator, value: dict) -> None:
    for layer in (0, 1):
        chart.get_by_label("Layer").select_option(index=layer)
        told = value["pairs"][0]["layers"][layer]["amplification"]
        cells = [text for row in told for text in row]
        expect(chart.locator("table tr:not(.lab-group) > *")).to_have_text(cells)


def test_hostile_paths_stay_texts_and_a_common_seed_is_said(
    still: Page, chart: Locator, value: dict
) -> None:
    chart.get_by_label("Layer").select_option(index=HOSTILE_PATH)
    assert chart.locator("img, b").count() == 0
    assert still.evaluate("window.hostile === undefined")
    chart.get_by_label("Adapters").select_option(index=3)
    expect(chart).to_contain_text(value["words"]["same_seed"].format(seed=0))
    assert chart.get_by_label("Layer").input_value() == value["pairs"][0]["layers"][3]["path"]


def test_how_to_read_it_opens_by_key(chart: Locator, value: dict) -> None:
    expect(chart.locator("details p").first).to_be_hidden()
    chart.locator("summary").press("Enter")
    expect(chart.locator("details p")).to_have_text(
        [value["words"][f"read_{k}"] for k in range(1, 7)]
    )
    chart.locator("summary").press("Enter")


def test_it_is_redrawn_in_dark_and_stands_in_one_column_on_a_narrow_screen(
    page: Page, address: str
) -> None:
    open_gallery(page, address, "dark")
    page.wait_for_selector("#subspaces .main-svg")
    lowest = page.evaluate(f"{CHART}.plots()[0].data[0].colorscale[0][1]")
    page.set_viewport_size({"width": 420, "height": 900})
    lefts = page.locator("#subspaces figure").evaluate_all(
        "nodes => nodes.map((n) => n.getBoundingClientRect().left)"
    )
    assert len(set(lefts)) == 1
    page.evaluate("document.body.classList.remove('dark')")
    page.wait_for_function(
        f"low => {CHART}.plots()[0].data[0].colorscale[0][1] !== low", arg=lowest
    )
