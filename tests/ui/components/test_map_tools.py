"""The maps' tools in a real browser: marks, colours, the way from before to after, neighbours."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from demo_values import HOSTILE, Demo
from playwright.sync_api import BrowserContext, Page, expect

from tests.ui.components.conftest import open_gallery
from tests.ui.conftest import Watch

PointAt = Callable[[Page, str, int], None]
STATE = "document.querySelector('#maps .lab-chart').__lab.state()"
FADED = """() => [...document.querySelectorAll("#maps .lab-plot")].map((plot) =>
  plot.data.flatMap((trace) => trace.selectedpoints || []).length)"""
HOVER_BUDGET = 50  # milliseconds from the mouse to the ring
# Milliseconds from each of some pointer events to all rings in place, the middle one of them.
HOVER = """async () => {
  const holder = document.querySelector("#big .lab-holder"), chart = document.querySelector("#big");
  const box = holder.getBoundingClientRect(), spent = [];
  for (let k = 0; k < 40; k++) {
    const share = 0.2 + 0.015 * k;
    const at = { clientX: box.left + box.width * share, clientY: box.top + box.height / 2 };
    const began = performance.now(), before = chart.dataset.shown;
    holder.dispatchEvent(new PointerEvent("pointermove", { ...at, bubbles: true }));
    chart.getBoundingClientRect();  // the browser lays out what has changed
    if (chart.dataset.shown !== before) spent.push(performance.now() - began);
    await new Promise(requestAnimationFrame);
  }
  return spent.sort((a, b) => a - b)[Math.floor(spent.length / 2)];
}"""


@pytest.fixture(scope="module")
def opened(gallery_visitor: BrowserContext, address: str) -> Watch:
    """One gallery for all tests here."""
    watch = Watch(gallery_visitor.new_page())
    open_gallery(watch.page, address, "light")
    return watch


@pytest.fixture
def tools(opened: Watch) -> Iterator[Page]:
    """That gallery, with nothing chosen or marked; it must not err."""
    page = opened.page
    page.bring_to_front()
    page.mouse.move(2, 2)
    yield page
    page.evaluate("document.dispatchEvent(new CustomEvent('lab-mark', { detail: {} }))")
    page.evaluate("document.querySelector('#maps .lab-chart').__lab.keep(-1)")
    page.get_by_label("Colour by").select_option("side")
    assert not opened.troubles, "\n".join(opened.troubles)


def marked(page: Page) -> int:
    """How many items are marked; the same on both maps."""
    page.wait_for_function(f"(new Set(({FADED})())).size === 1")
    return page.evaluate(FADED)[0]


def test_a_search_marks_what_it_finds_and_enter_goes_through_it(tools: Page) -> None:
    box = tools.locator("#maps input[type=search]")
    box.fill("빨간")
    expect(tools.locator("#maps .lab-list")).to_contain_text("marked on both maps")
    texts = tools.evaluate("document.querySelectorAll('#maps .lab-chip').length")
    assert texts > 0
    assert marked(tools) >= texts
    box.press("Enter")
    expect(tools.locator("#maps .lab-card")).to_contain_text("빨간")
    box.fill("no such text")
    expect(tools.locator("#maps .lab-list")).to_have_text("No text on the maps holds that.")
    box.fill("")
    expect(tools.locator("#maps .lab-list")).to_be_hidden()
    assert marked(tools) == 0


def test_a_hostile_text_that_is_found_stays_a_text(tools: Page) -> None:
    tools.locator("#maps input[type=search]").fill("onerror")
    expect(tools.locator("#maps .lab-chip", has_text=HOSTILE)).to_be_visible()
    assert tools.locator("#maps img").count() == 0
    assert tools.evaluate("window.hostile") is None


def test_a_loop_marks_what_is_inside_on_both_maps(tools: Page) -> None:
    button = tools.get_by_role("button", name="Draw a loop")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    box = tools.locator("#maps .lab-holder").first.bounding_box()
    assert box
    corners = [(0.02, 0.02), (0.5, 0.02), (0.5, 0.98), (0.02, 0.98)]
    x, y = (lambda c: box["x"] + box["width"] * c[0]), (lambda c: box["y"] + box["height"] * c[1])
    tools.mouse.move(x(corners[0]), y(corners[0]))
    tools.mouse.down()
    for corner in corners[1:]:
        tools.mouse.move(x(corner), y(corner), steps=4)
    tools.mouse.up()
    expect(tools.locator("#maps .lab-list")).to_contain_text("Inside the loop")
    left = tools.evaluate(
        """() => {
          const plot = document.querySelector("#maps .lab-plot"), { xaxis } = plot._fullLayout;
          const x = plot.data.filter((t) => t.meta !== undefined).flatMap((t) => t.x);
          return x.filter((at) => xaxis._offset + xaxis.d2p(at) < plot.clientWidth / 2).length;
        }"""
    )
    assert marked(tools) == pytest.approx(left, abs=2)
    tools.get_by_role("button", name="Clear").click()
    assert marked(tools) == 0


def test_a_groups_legend_marks_its_items(tools: Page) -> None:
    tools.get_by_label("Colour by").select_option("cluster")
    entry = tools.locator("#maps .lab-legend button").first
    expect(entry).to_have_text("cluster 1")
    entry.click()
    size = tools.evaluate(
        """() => {
          const traces = document.querySelector("#maps .lab-plot").data
            .filter((trace) => trace.meta !== undefined);
          const colours = traces.flatMap((trace) => trace.marker.color), counts = {};
          for (const colour of colours) counts[colour] = (counts[colour] || 0) + 1;
          return Math.max(...Object.values(counts));
        }"""
    )
    assert marked(tools) == size
    expect(tools.locator("#maps .lab-list")).to_contain_text("cluster 1")


@pytest.mark.parametrize("colour", ["moved", "travelled"])
def test_distances_colour_every_item_and_say_what_they_mean(tools: Page, colour: str) -> None:
    tools.get_by_label("Colour by").select_option(colour)
    colours = "document.querySelectorAll('#maps .lab-plot')[1].data.map((t) => t.marker.color)"
    tools.wait_for_function(f"Array.isArray({colours}[0])")
    assert [len(part) for part in tools.evaluate(colours)] == [200, 200]
    tools.evaluate("document.querySelector('#maps .lab-chart').__lab.show(205)")
    expect(tools.locator("#maps .lab-card")).to_contain_text("distance moved")


def test_the_map_after_grows_out_of_the_one_before(tools: Page) -> None:
    slider = tools.get_by_label("The map after, on its way")
    places = """() => [...document.querySelectorAll("#maps .lab-plot")].map((plot) =>
      [...plot.querySelectorAll(".scatterlayer .point")].map((n) => n.getAttribute("transform")))"""
    before, after = tools.evaluate(places)
    slider.fill("0")
    tools.wait_for_function(f"{STATE}.share === 0")
    now = tools.evaluate(places)
    assert now[1] == now[0] == before
    expect(slider).to_have_attribute("aria-valuetext", "0% of the way")
    tools.get_by_role("button", name="Play").click()
    tools.wait_for_function(f"{STATE}.share > 0 && {STATE}.share < 1")
    tools.wait_for_function(f"{STATE}.share === 1")
    assert tools.evaluate(places) == [before, after]


def test_trails_lead_to_the_places_after(tools: Page) -> None:
    tools.get_by_label("Trails from before").check()
    tools.wait_for_function("document.querySelectorAll('#maps .lab-plot')[1].data.length === 3")
    ends = tools.evaluate(
        """() => {
          const [before, after] = [...document.querySelectorAll("#maps .lab-plot")];
          const trails = after.data.find((trace) => trace.mode === "lines");
          return [trails.x.slice(0, 2), [before.data[0].x[0], after.data[1].x[0]]];
        }"""
    )
    assert ends[0] == ends[1]


def test_neighbours_are_shown_for_the_item_that_is_chosen_and_lead_on(
    tools: Page, point_at: PointAt
) -> None:
    point_at(tools, "after", 205)
    tools.mouse.down()
    tools.mouse.up()
    text = tools.locator("#maps .lab-card .lab-text").first.inner_text()
    expect(tools.locator("#neighbours .lab-near-head .lab-text")).to_have_text(text)
    lists = tools.locator("#neighbours .lab-near")
    expect(lists.first.locator("li")).to_have_count(10)
    expect(tools.locator("#neighbours")).to_contain_text("of 10 kept")
    kept = lists.first.locator(".lab-state", has_text="= kept").count()
    assert lists.nth(1).locator(".lab-state", has_text="= kept").count() == kept
    assert lists.first.locator(".lab-state", has_text="− lost").count() == 10 - kept
    assert lists.nth(1).locator(".lab-state", has_text="+ gained").count() == 10 - kept
    tools.get_by_role("button", name="on its own side").click()
    expect(tools.get_by_role("button", name="on its own side")).to_be_focused()
    lists.first.locator("button").first.click()
    expect(tools.locator("#maps .lab-chart")).not_to_have_attribute("data-shown", "205")


def test_bars_mark_items_by_drag_and_by_key_and_suggestions_choose_one(tools: Page) -> None:
    tools.locator("#overlap").scroll_into_view_if_needed()
    bars = tools.locator("#overlap .lab-bars button:not(:disabled)")
    expect(bars.first).to_be_visible()
    counts = [int(text) for text in bars.locator("small").all_inner_texts()]
    assert sum(counts) == 400
    first, third = bars.nth(0).bounding_box(), bars.nth(2).bounding_box()
    assert first
    assert third
    tools.mouse.move(first["x"] + 5, first["y"] + first["height"] - 5)
    tools.mouse.down()
    tools.mouse.move(third["x"] + 5, third["y"] + third["height"] - 5, steps=12)
    tools.mouse.up()
    assert marked(tools) == sum(counts[:3])
    bars.nth(1).focus()
    tools.keyboard.press("Enter")
    expect(bars.nth(1)).to_have_attribute("aria-pressed", "true")
    assert marked(tools) == counts[1]
    tools.keyboard.press("Enter")
    assert marked(tools) == 0
    tools.locator("#overlap .lab-advice .lab-chip").first.click()
    expect(tools.locator("#neighbours .lab-near").first).to_be_visible()


def test_a_ring_follows_the_mouse_at_once_among_4000_points(tools: Page) -> None:
    value = Demo().maps("pca")
    many = """(value) => {
      const times = Math.ceil(2000 / (value.side.length / 2)), spread = (list) =>
        [0, 1].flatMap((k) => Array.from({ length: times }, (_, n) =>
          list.slice(k * list.length / 2, (k + 1) * list.length / 2)
            .map(([x, y]) => [x + Math.sin(n + x), y + Math.cos(n * y)])).flat());
      const map = value.maps.pca, texts = [0, 1].flatMap((k) =>
        Array.from({ length: 2000 }, (_, i) => value.text[(i % 200) + 200 * k]));
      const pca = { before: spread(map.before), after: spread(map.after) };
      const big = { ...value, maps: { pca },
        side: texts.map((_, i) => Number(i >= 2000)), text: texts, sprite: null, ranks: null,
        scales: [], groups: [] };
      const root = document.body.appendChild(document.createElement("div"));
      root.id = "big"; root.className = "lab-chart"; root.style.width = "1000px";
      window.Lab.maps(root).update(big);
      root.scrollIntoView();
      return texts.length;
    }"""
    assert tools.evaluate(many, value) == 4000
    tools.wait_for_function("document.querySelectorAll('#big .point').length === 8000")
    spent = tools.evaluate(HOVER)
    tools.evaluate("document.getElementById('big').remove()")
    print(f"hover to ring at 4,000 points: {spent:.1f} ms")
    assert spent < HOVER_BUDGET
