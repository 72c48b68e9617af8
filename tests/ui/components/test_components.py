"""All components in a real browser: words, updates, themes, widths, hostile texts."""

from __future__ import annotations

import gallery
import pytest
from playwright.sync_api import Page, expect

from lab.ui import components as ui

# Korean letters, so that nothing between Python and the glyphs loses them.
KOREAN = "마름모"


def test_every_one_is_drawn_and_hostile_texts_stay_texts(still: Page) -> None:
    for name in ("tree", "preview", "changes", "maps", "matrices"):
        assert still.locator(f"#{name} img").count() == 0
    expect(still.locator("#tree")).to_contain_text(gallery.HOSTILE)
    expect(still.locator("#preview")).to_contain_text(gallery.HOSTILE)
    expect(still.locator("#changes")).to_contain_text(KOREAN)
    assert still.evaluate("window.hostile === undefined")


def test_none_is_a_plain_sentence_and_a_value_comes_back(shown: Page) -> None:
    shown.locator("#nothing").click()
    for name, sentence in {
        "status": "Ready.",
        "maps": f"No maps yet. {gallery.HOSTILE}",
        "balance": "No balance yet.",
        "groups": "No groups yet.",
        "metrics": "No numbers yet.",
        "matrices": "No similarities yet.",
        "changes": "No changes yet.",
        "loss": "No run yet.",
        "tree": "No model yet.",
        "rank": "No layer yet.",
        "preview": "No pairs yet.",
    }.items():
        expect(shown.locator(f"#{name}")).to_have_text(sentence)
    shown.locator("#more").click()
    shown.wait_for_selector("#loss .main-svg")
    expect(shown.locator("#rank")).to_contain_text("512 × 64")
    shown.locator("#umap").click()
    shown.wait_for_selector("#maps .main-svg")
    assert shown.evaluate("window.hostile === undefined")


def test_updates_keep_the_nodes(shown: Page) -> None:
    kept = ("#loss .lab-plot", "#tree .lab-code", "#rank svg", "#status .lab-track")
    for selector in kept:
        shown.evaluate("s => { document.querySelector(s).mark = 1; }", selector)
    shown.locator("#more").click()
    expect(shown.locator("#status")).to_contain_text("Comparing")
    expect(shown.locator("#tree .lab-on")).to_have_count(2)
    shown.wait_for_function("document.querySelector('#loss .lab-plot').data[0].x.length === 320")
    for selector in kept:
        assert shown.evaluate("s => document.querySelector(s).mark", selector) == 1


def test_a_chart_in_a_hidden_tab_fits_when_it_is_shown(still: Page) -> None:
    still.get_by_role("tab", name="Hidden").click()
    plot = still.locator("#hidden .lab-plot")
    plot.wait_for()
    still.wait_for_function(
        "(() => { const p = document.querySelector('#hidden .lab-plot');"
        " return p.offsetWidth > 0 && p._fullLayout.width === p.offsetWidth; })()"
    )


def test_status_is_read_out_by_stage(shown: Page) -> None:
    bar = shown.locator("#status").get_by_role("progressbar")
    expect(bar).to_have_attribute("aria-valuenow", "40")
    expect(shown.locator("#status").get_by_role("status")).to_have_text("Training")
    shown.locator("#more").click()
    expect(shown.locator("#status").get_by_role("status")).to_have_text("Comparing")
    assert bar.get_attribute("aria-valuenow") is None


def test_the_factors_are_drawn_to_scale(shown: Page) -> None:
    def sizes() -> list[tuple[float, float]]:
        boxes = shown.locator("#rank rect").evaluate_all(
            "nodes => nodes.map((n) => [parseFloat(n.style.width), parseFloat(n.style.height)])"
        )
        return [tuple(box) for box in boxes]

    shown.locator("#more").click()
    expect(shown.locator("#rank")).to_contain_text("512 × 64")
    (w_wide, w_high), (b_wide, b_high), (a_wide, a_high) = sizes()
    assert w_high / w_wide == pytest.approx(512 / 128)
    assert (b_high, a_wide) == (w_high, w_wide)
    assert b_wide / w_high == pytest.approx(64 / 512)
    assert a_high == b_wide


def test_dark_charts_are_drawn_in_dark_colours(shown_dark: Page) -> None:
    text = shown_dark.evaluate("document.querySelector('#loss .lab-plot')._fullLayout.font.color")
    assert text == "#e6eaef"


def test_switching_the_theme_redraws(shown: Page) -> None:
    shown.evaluate("document.body.classList.add('dark')")
    shown.wait_for_function(
        "document.querySelector('#loss .lab-plot')._fullLayout.font.color === '#e6eaef'"
    )


@pytest.mark.parametrize("width", [1280, 420])
def test_nothing_scrolls_sideways(shown: Page, width: int) -> None:
    shown.set_viewport_size({"width": width, "height": 900})
    shown.wait_for_function(
        "() => { const p = document.querySelector('#maps .lab-plot');"
        " return p._fullLayout.width === p.offsetWidth; }"
    )
    # The other charts follow a moment later.
    shown.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)
    wide = shown.evaluate(
        "width => [...document.querySelectorAll('.lab-chart *')].filter((node) =>"
        " !node.closest('.lab-code, svg, .lab-plot') && node.getBoundingClientRect().right > width)"
        ".map((node) => node.className)",
        width,
    )
    assert wide == []


def test_scripts_may_be_kept_because_their_names_change_with_them(
    still: Page, address: str
) -> None:
    sources = still.evaluate("[...document.scripts].map((s) => s.src)")
    lab = [source for source in sources if "/lab-" in source]
    assert lab
    assert all("?v=" in source for source in lab)
    answer = still.request.get(next(source for source in lab if "core.js" in source))
    assert answer.ok
    assert "immutable" in answer.headers["cache-control"]
    assert not still.request.get(f"{address}lab-static/..%2f..%2fwords.py").ok


def test_templates_are_constant_and_nothing_comes_back() -> None:
    for name in ui.__all__:
        if name == "vendor_routes":
            continue
        component = getattr(ui, name)(render=False)
        assert component.html_template == '<div class="lab-chart"></div>'
        assert component.css_template == ""
        assert component.preprocess({"path": "/etc/passwd"}) is None


def test_the_empty_sentence_is_data_and_no_event_of_gradios() -> None:
    """An event would hold the whole page, and gradio copies what it sends at every visit."""
    for name in ui.__all__:
        if name != "vendor_routes":
            config = getattr(ui, name)(empty="None yet.", render=False).get_config()
            assert config["empty"] == "None yet."
