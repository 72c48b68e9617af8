"""A sweep's charts in a real browser: one colour a rank, bars of an error, marks, plain words."""

from __future__ import annotations

import pytest
from demo_sweep import RANKS, curves, sweep
from demo_values import HOSTILE
from playwright.sync_api import Page, expect

from tests.ui.components.conftest import open_gallery

SWEEP = "document.querySelector('#sweep .lab-chart').__lab"
CURVES = "document.querySelector('#curves .lab-chart').__lab"
PANELS, FRONT, PLANE, PAPER = 5, 5, 6, 7  # places among the plots


@pytest.fixture(scope="module")
def value() -> dict:
    return sweep()


@pytest.fixture
def drawn(still: Page) -> Page:
    still.wait_for_selector("#sweep .main-svg")
    still.wait_for_selector("#curves .main-svg")
    return still


def test_what_the_points_say_stands_first(drawn: Page, value: dict) -> None:
    chart = drawn.locator("#sweep")
    expect(chart.locator(".lab-note-verdict")).to_have_text(value["said"])
    expect(chart.locator(".lab-finding").first).to_have_text(value["left_out"][0])


def test_every_curve_has_the_colour_of_its_rank(drawn: Page) -> None:
    told = curves()
    plots = drawn.evaluate(f"{CURVES}.plots().map((p) => p.data.map((t) => t.line.color))")
    assert len(plots) == 4
    colours = dict(zip((c["rank"] for c in told["curves"]), plots[0], strict=False))
    assert len(set(colours.values())) == len(RANKS)
    for colours_of in plots:
        assert colours_of == [colours[c["rank"]] for c in told["curves"]]
    legend = drawn.locator("#curves .lab-legend .lab-entry")
    expect(legend).to_have_text([f"r = {rank}" for rank in RANKS])


def test_curves_are_drawn_as_they_were_measured(drawn: Page) -> None:
    first = curves()["curves"][0]
    shown = drawn.evaluate(f"{CURVES}.plots().map((p) => [p.data[0].x, p.data[0].y])")
    assert shown[0] == [first["loss_steps"], first["loss"]]
    assert shown[1] == [first["steps"], first["recall"]]


def test_ranks_lie_on_a_log_axis_with_a_bar_of_one_error(drawn: Page, value: dict) -> None:
    axis, dots, mean = drawn.evaluate(
        f"""(() => {{ const p = {SWEEP}.plots()[0], [dots, mean] = p.data;
        return [[p.layout.xaxis.type, p.layout.xaxis.tickvals], dots.y,
          [mean.x, mean.y, mean.error_y.array]]; }})()"""
    )
    line = value["panels"][0]["lines"][0]
    assert axis == ["log", list(RANKS)]
    assert dots == [seed for at in line for seed in at["values"]]
    assert mean == [[at[name] for at in line] for name in ("rank", "mean", "error")]


def test_the_base_is_told_and_drawn_where_it_is_near(drawn: Page, value: dict) -> None:
    levels = drawn.evaluate(f"{SWEEP}.plots().slice(0, {PANELS}).map((p) => p.layout.shapes)")
    drawn_at = [[shape["y0"] for shape in shapes] for shapes in levels]
    near = [panel["metric"] in ("uniformity_across",) for panel in value["panels"]]
    assert [bool(ys) for ys in drawn_at] == near
    notes = drawn.locator("#sweep .lab-sweep-triple .lab-sweep-note")
    expect(notes.first).to_have_text("higher is better · before training 0.110")


def test_the_front_is_filled_and_the_rest_stand_back(drawn: Page, value: dict) -> None:
    marker = drawn.evaluate(f"{SWEEP}.plots()[{FRONT}].data[1].marker")
    on = [row["on_front"] for row in value["rows"]]
    assert [opacity == 1 for opacity in marker["opacity"]] == on
    assert ["open" not in symbol for symbol in marker["symbol"]] == on


def test_the_plane_shows_theory_and_the_base_or_the_ranks_alone(drawn: Page, value: dict) -> None:
    names = f"{SWEEP}.plots()[{PLANE}].data.map((t) => [t.x, t.y])"
    words, marks = value["words"], value["marks"]
    whole = drawn.evaluate(names)
    assert whole[:3] == [[[x], [y]] for y, x in (*marks.values(), value["base"])]
    drawn.locator("#sweep").get_by_role("button", name=words["near"]).click()
    drawn.wait_for_function(f"{SWEEP}.plots()[{PLANE}].data.length === 1")
    rows = value["rows"]
    columns = [[row[name] for row in rows] for name in ("uniformity", "alignment")]
    assert drawn.evaluate(names) == [columns]
    drawn.locator("#sweep").get_by_role("button", name=words["whole"]).press("Enter")
    drawn.wait_for_function(f"{SWEEP}.plots()[{PLANE}].data.length === 4")


def test_the_papers_table_stands_beside_with_its_caveat(drawn: Page, value: dict) -> None:
    chart = drawn.locator("#sweep")
    expect(chart).to_contain_text(value["words"]["paper_note"])
    details = chart.locator("details")
    details.locator("summary").press("Enter")
    rows = details.locator("tbody tr")
    expect(rows).to_have_count(11)
    expect(rows.nth(2)).to_have_text("41.1870.38")
    details.locator("summary").press("Enter")


def test_the_numbers_are_in_a_table_too(drawn: Page, value: dict) -> None:
    rows = drawn.locator("#sweep table").first.locator("tbody tr")
    expect(rows).to_have_count(len(RANKS))
    first = value["rows"][0]
    expect(rows.first).to_contain_text(f"{first['recall']:.3f} ± {first['error']:.3f}")


def test_another_set_of_layers_is_a_line_of_its_own_and_its_name_a_text(shown: Page) -> None:
    shown.locator("#lines").click()
    expect(shown.locator("#sweep .lab-note-verdict")).to_have_count(2)
    expect(shown.locator("#sweep .lab-sweep-legend").last).to_contain_text(HOSTILE)
    assert shown.locator("#sweep img, #sweep b").count() == 0
    assert shown.evaluate("window.hostile === undefined")
    symbols = shown.evaluate(
        f"{SWEEP}.plots()[0].data.filter((t) => t.mode !== 'markers').map((t) => t.marker.symbol)"
    )
    assert len(set(symbols)) == len(symbols) == 2


def test_it_follows_the_theme_and_fits_a_narrow_screen(page: Page, address: str) -> None:
    open_gallery(page, address, "dark")
    page.wait_for_selector("#sweep .main-svg")
    colour = f"{CURVES}.plots()[0].data[0].line.color"
    dark = page.evaluate(colour)
    page.set_viewport_size({"width": 420, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth") <= 420
    lefts = page.locator("#sweep figure").evaluate_all(
        "nodes => nodes.map((n) => Math.round(n.getBoundingClientRect().left))"
    )
    assert len(set(lefts)) == 1
    named = f"{SWEEP}.plots()[{PAPER}].layout.xaxis.tickvals.length"
    page.wait_for_function(f"{named} < 11")
    page.evaluate("document.body.classList.remove('dark')")
    page.wait_for_function(f"was => {colour} !== was", arg=dark)


def test_without_a_sweep_both_say_so(shown: Page) -> None:
    shown.locator("#nothing").click()
    expect(shown.locator("#sweep")).to_have_text("No points yet.")
    expect(shown.locator("#curves")).to_have_text("No sweep yet.")
