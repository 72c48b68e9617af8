"""The two linked maps in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import gallery
import pytest
from playwright.sync_api import Page, expect

PointAt = Callable[[Page, str, int], None]
RINGS = """() => [...document.querySelectorAll("#maps .lab-ring")]
  .map((ring) => getComputedStyle(ring).display === "block")"""
METHOD = "document.querySelector('#maps .lab-chart').__lab.method()"


@pytest.mark.parametrize(("side", "item"), [("before", 5), ("after", 205)])
def test_hover_rings_the_item_and_its_partner_on_both(
    still: Page, point_at: PointAt, side: str, item: int
) -> None:
    point_at(still, side, item)
    expect(still.locator("#maps .lab-chart")).to_have_attribute("data-shown", str(item))
    assert still.evaluate(RINGS) == [True] * 4


def test_the_card_shows_picture_text_and_rank(still: Page, point_at: PointAt) -> None:
    point_at(still, "after", 5)
    card = still.locator("#maps .lab-card")
    expect(card).to_contain_text("rank of the right answer")
    tile = card.locator(".lab-tile").first
    expect(tile).to_be_visible()
    assert "data:image/webp" in tile.evaluate("node => node.style.backgroundImage")


def test_rings_go_when_the_mouse_leaves(still: Page, point_at: PointAt) -> None:
    point_at(still, "before", 5)
    still.mouse.move(2, 2)
    expect(still.locator("#maps .lab-chart")).to_have_attribute("data-shown", "-1")
    assert still.evaluate(RINGS) == [False] * 4


def test_click_keeps_the_item_and_tells_python(shown: Page, point_at: PointAt) -> None:
    point_at(shown, "after", 205)
    shown.mouse.down()
    shown.mouse.up()
    expect(shown.locator("#clicked textarea")).to_have_value("205")
    shown.mouse.move(2, 2)
    expect(shown.locator("#maps .lab-chart")).to_have_attribute("data-shown", "205")


def test_keys_reach_every_part(shown: Page) -> None:
    shown.locator("#maps .lab-holder").nth(1).focus()
    shown.keyboard.press("ArrowRight")
    first = shown.locator("#maps .lab-chart").get_attribute("data-shown")
    shown.keyboard.press("ArrowUp")
    expect(shown.locator("#maps .lab-chart")).not_to_have_attribute("data-shown", first or "")
    shown.keyboard.press("Enter")
    kept = shown.locator("#maps .lab-chart").get_attribute("data-shown")
    expect(shown.locator("#clicked textarea")).to_have_value(kept or "")
    shown.keyboard.press("Escape")
    expect(shown.locator("#maps .lab-chart")).to_have_attribute("data-shown", "-1")


def test_a_later_umap_is_shown_and_keeps_the_node_and_the_item(
    shown: Page, point_at: PointAt
) -> None:
    umap = shown.get_by_role("button", name="UMAP", exact=True)
    expect(umap).to_be_disabled()
    expect(shown.locator("#maps")).to_contain_text("UMAP is on its way")
    point_at(shown, "after", 7)
    shown.mouse.down()
    shown.mouse.up()
    shown.evaluate("document.querySelector('#maps .lab-plot').mark = 1")
    shown.locator("#umap").click()
    expect(umap).to_have_attribute("aria-pressed", "true")
    assert shown.evaluate("document.querySelector('#maps .lab-plot').mark") == 1
    expect(shown.locator("#maps .lab-chart")).to_have_attribute("data-shown", "7")
    expect(shown.locator("#maps")).not_to_contain_text("UMAP is on its way")


def test_a_chosen_layout_stays_chosen(shown: Page) -> None:
    shown.get_by_role("button", name="PCA", exact=True).click()
    shown.locator("#umap").click()
    expect(shown.get_by_role("button", name="UMAP", exact=True)).to_be_enabled()
    assert shown.evaluate(METHOD) == "pca"


def test_a_control_keeps_the_focus_it_was_used_with(shown: Page) -> None:
    lines = shown.get_by_label("Lines between pairs")
    lines.focus()
    shown.keyboard.press("Space")
    expect(lines).to_be_focused()
    expect(lines).to_be_checked()
    traces = "document.querySelector('#maps .lab-plot').data.length"
    shown.wait_for_function(f"{traces} === 3")


def test_colours_by_change_say_what_they_mean(shown: Page) -> None:
    shown.get_by_label("Colour by").select_option("change")
    expect(shown.locator("#maps .lab-legend")).to_contain_text("rank lost")
    colours = "document.querySelector('#maps .lab-plot').data[0].marker.color"
    assert len(shown.evaluate(colours)) == 200


def test_pictures_are_squares_and_texts_circles(still: Page) -> None:
    symbols = "document.querySelector('#maps .lab-plot').data.map((t) => t.marker.symbol)"
    assert still.evaluate(symbols) == ["square", "circle"]


def test_both_maps_share_their_axes_also_when_zoomed(shown: Page, point_at: PointAt) -> None:
    ranges = """() => Object.values(document.querySelector("#maps .lab-chart").__lab.plots())
      .map((plot) => plot._fullLayout.xaxis.range.map((v) => v.toFixed(3)).join())"""
    first = shown.evaluate(ranges)
    assert first[0] == first[1]
    point_at(shown, "before", 5)
    shown.mouse.down()
    box = shown.locator("#maps .lab-holder").first.bounding_box()
    assert box
    shown.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2, steps=5)
    shown.mouse.up()
    shown.wait_for_function(f"({ranges})()[0] !== {first[0]!r}")
    shown.wait_for_function(f"new Set(({ranges})()).size === 1")


def test_a_hostile_text_is_only_text(still: Page) -> None:
    still.evaluate("document.querySelector('#maps .lab-chart').__lab.show(200)")
    expect(still.locator("#maps .lab-card")).to_contain_text(gallery.HOSTILE)
    expect(still.locator("#maps .lab-card img")).to_have_count(0)
    assert still.evaluate("window.hostile === undefined")
