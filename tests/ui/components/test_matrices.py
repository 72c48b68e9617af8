"""The similarity matrices in a real browser: one cell on all three, two orders, two views."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from playwright.sync_api import Locator, Page, expect

PLOTS = "document.querySelector('#matrices .lab-chart').__lab.plots()"


@pytest.fixture
def matrices(still: Page) -> Iterator[Locator]:
    """As they are at first, and afterwards again."""
    shown = still.locator("#matrices")
    shown.scroll_into_view_if_needed()
    yield shown
    shown.locator(".lab-matrix").first.press("Escape")
    for first in ("image with text", "like beside like"):
        shown.get_by_role("button", name=first).click()


def numbers(page: Page, matrix: int) -> list[list[float]]:
    return page.evaluate(f"k => {PLOTS}[k].data[0].z", matrix)


def test_pointing_rings_one_cell_on_all_three_and_says_its_items(still: Page, matrices) -> None:
    holder, said = matrices.locator(".lab-matrix").nth(1), matrices.locator(".lab-compared")
    expect(said).to_contain_text("Point at a cell")
    holder.hover()
    expect(said).to_contain_text("→")
    expect(said.locator(".lab-tile")).to_have_count(1)  # a picture and a text
    expect(matrices.locator(".lab-cell:visible")).to_have_count(3)
    expect(matrices).to_contain_text("An even sample: 150 of 200 pairs.")


def test_a_click_keeps_a_cell_and_keys_go_on_from_it(still: Page, matrices) -> None:
    holder, said = matrices.locator(".lab-matrix").first, matrices.locator(".lab-compared")
    holder.click(position={"x": 120, "y": 60})
    kept = said.inner_text()
    still.mouse.move(2, 2)
    expect(said).to_have_text(kept, use_inner_text=True)
    holder.press("ArrowDown")
    expect(said).not_to_have_text(kept, use_inner_text=True)
    holder.press("Escape")
    expect(said).to_contain_text("Point at a cell")


def test_the_cell_says_what_its_matrices_hold(still: Page, matrices) -> None:
    holder, said = matrices.locator(".lab-matrix").first, matrices.locator(".lab-compared")
    holder.focus()
    still.keyboard.press("ArrowRight")  # to the first cell: a pair's two items
    expect(said).to_contain_text("a pair")
    before, after = (numbers(still, k)[0][0] for k in range(2))
    expect(said).to_contain_text(f"{before:.2f} → {after:.2f}")


def test_clusters_stand_together_and_pairs_stay_on_the_diagonal(still: Page, matrices) -> None:
    ordered = numbers(still, 1)
    matrices.get_by_role("button", name="as given").click()
    given = numbers(still, 1)
    assert ordered != given
    size = len(given)
    diagonals = [sorted(rows[k][k] for k in range(size)) for rows in (given, ordered)]
    assert diagonals[0] == diagonals[1]

    def steps(rows: list[list[float]]) -> float:
        """How much neighbours differ."""
        return sum(abs(x - y) for row in rows for x, y in pairwise(row))

    assert steps(ordered) < steps(given) / 2


def test_all_with_all_is_symmetric_with_itself_on_the_diagonal(still: Page, matrices) -> None:
    matrices.get_by_role("button", name="all with all").click()
    rows = numbers(still, 0)
    assert [row[k] for k, row in enumerate(rows)] == [1] * len(rows)
    assert rows == [list(column) for column in zip(*rows, strict=True)]
    expect(matrices).to_contain_text("An even sample: 75 of 200 pairs.")
    matrices.locator(".lab-matrix").first.focus()
    still.keyboard.press("ArrowRight")
    expect(matrices.locator(".lab-compared")).to_contain_text("the same item")
    expect(matrices.locator(".lab-compared .lab-tile")).to_have_count(2)


def test_before_and_after_share_one_scale_and_the_difference_is_even(still: Page, matrices) -> None:
    limits = still.evaluate(f"{PLOTS}.map((p) => [p.data[0].zmin, p.data[0].zmax])")
    assert limits[0] == limits[1]
    assert limits[2][0] == -limits[2][1]
