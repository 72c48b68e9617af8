"""Tables of numbers in a real browser: in words, with what they mean, by group, and their price."""

from __future__ import annotations

import gallery
from playwright.sync_api import Page, expect


def test_metrics_say_direction_and_gain_in_words(still: Page) -> None:
    rows = still.locator("#metrics tbody tr").filter(has_text="Median rank")
    expect(rows.first).to_contain_text("lower is better")
    expect(rows.first).to_contain_text("better")
    recall = still.locator("#metrics tbody tr").filter(has_text="Recall@1").first
    expect(recall.locator("td").nth(1)).to_contain_text("1.00")
    expect(recall).to_contain_text("paired test: p < 0.001")
    assert recall.locator("td").first.evaluate(
        "node => getComputedStyle(node).fontVariantNumeric"
    ) == "tabular-nums"  # fmt: skip


def test_geometry_has_its_marks(still: Page) -> None:
    uniformity = still.locator("#metrics tbody tr").filter(has_text="Uniformity, text")
    expect(uniformity).to_contain_text("0: all on one point · −3.88: spread evenly")


def test_a_key_opens_what_a_metric_is(still: Page) -> None:
    what = still.locator("#metrics .lab-what").nth(3)
    mark = what.locator("summary")
    assert mark.get_attribute("aria-label") == "What is nDCG@10?"
    expect(what.locator("p")).to_be_hidden()
    mark.press("Enter")
    expect(what.locator("p")).to_contain_text("less the further down it stands")
    mark.press("Enter")
    expect(what.locator("p")).to_be_hidden()


def test_the_balance_shows_what_was_won_and_what_it_cost(still: Page) -> None:
    new, control = still.locator("#balance .lab-balance").all()
    expect(new).to_contain_text("200 held out of " + gallery.HOSTILE)
    expect(new).to_contain_text("▲ rose")
    expect(control).to_contain_text("English control set")
    expect(control).to_contain_text("1.00 → 0.88 ▼ fell")
    left = {
        moment: control.locator(f".lab-balance-{moment}").evaluate("node => node.style.left")
        for moment in ("before", "after")
    }
    assert left == {"before": "100%", "after": "87.5%"}


def test_groups_are_told_by_direction(still: Page) -> None:
    groups = still.locator("#groups")
    rows = groups.locator("tbody tr")
    expect(rows).to_have_count(5)  # a head and four labels
    expect(groups).to_contain_text(gallery.HOSTILE)
    expect(groups).to_contain_text("50 pairs")
    first = groups.locator("tr.lab-group th").first
    expect(first).to_have_text("Given the image, find the text")
    groups.get_by_label("Direction").select_option(label="Given the text, find the image")
    expect(first).to_have_text("Given the text, find the image")
    assert groups.locator("b").count() == 0
