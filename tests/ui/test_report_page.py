"""report.html in a real browser: opened from disk, offline, with texts that would like to run.

It lies here, and not beside the report's other tests, for the browser: one process can drive one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from lab.analysis.projection import project
from lab.config import ProjectionConfig, RunConfig
from lab.experiment import run_experiment
from lab.report import report_data, write_report

HOSTILE = (
    '<img src=x onerror="window.hostile=1"><b>bold</b></script><script>window.hostile=2</script>'
)
CHARTS = ("metrics", "maps", "matrices", "changes", "loss")
PLACE_OF = """([side, item]) => {
  const plot = document.getElementById("maps").__lab.plots()[side], full = plot._fullLayout;
  const points = plot.data.find((trace) => trace.meta === 0), box = plot.getBoundingClientRect();
  return [box.x + full.xaxis._offset + full.xaxis.d2p(points.x[item]),
          box.y + full.yaxis._offset + full.yaxis.d2p(points.y[item])];
}"""


@pytest.fixture(scope="module")
def report(
    one_thread: None, config_of: dict[str, RunConfig], tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """The report of a short run whose held-out texts, model and pairs have hostile names."""
    outcome = run_experiment(config_of["clip"])
    baseline = outcome.baseline
    pairs = tuple(replace(pair, b=f"{HOSTILE} {pair.b}") for pair in baseline.test.pairs)
    test = replace(baseline.test, pairs=pairs, side_names=(HOSTILE, f"b {HOSTILE}"))
    outcome = replace(
        outcome,
        baseline=replace(baseline, test=test, dataset=replace(baseline.dataset, name=HOSTILE)),
        config=replace(outcome.config, model=HOSTILE),
        encoder=replace(outcome.encoder, name=HOSTILE),
    )
    both = baseline.before.stacked(), outcome.after.stacked()
    maps = [project(*both, ProjectionConfig(method="pca"))]
    file = tmp_path_factory.mktemp("report") / "report.html"
    write_report(file, report_data(outcome, maps, difference=0.0))
    return file


@pytest.fixture(params=["light", "dark"])
def opened(request: pytest.FixtureRequest, browser: Browser, report: Path) -> Iterator[Page]:
    """The report, drawn; fails on any page error, console message or request but for itself."""
    visitor = browser.new_context(
        viewport={"width": 1280, "height": 900}, color_scheme=request.param, offline=True
    )
    page = visitor.new_page()
    troubles: list[str] = []
    page.on("pageerror", lambda error: troubles.append(f"page error: {error}"))
    page.on("console", lambda message: troubles.append(f"console: {message.text}"))
    page.on("request", lambda asked: troubles.append(f"request: {asked.url}"))
    page.goto(report.as_uri())
    expect(page.locator("#loss .main-svg").first).to_be_visible()
    yield page
    visitor.close()
    assert troubles == [f"request: {report.as_uri()}"]


def test_every_part_is_drawn(opened: Page) -> None:
    for name in CHARTS:
        expect(opened.locator(f"#{name} > *").first).to_be_visible()
    assert opened.locator("#matrices .main-svg").count() >= 3
    expect(opened.locator("#metrics table")).to_contain_text("Recall@1")
    expect(opened.locator("pre.lab-code")).to_contain_text("PeftModel.from_pretrained")


def test_it_follows_the_systems_theme(opened: Page) -> None:
    is_dark = opened.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    channels = opened.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g)")
    assert (sum(map(int, channels)) < 3 * 64) == is_dark


def test_pointing_at_an_item_rings_it_on_both_maps_and_shows_it(opened: Page) -> None:
    opened.locator("#maps").scroll_into_view_if_needed()
    opened.mouse.move(*opened.evaluate(PLACE_OF, ["after", 0]))
    for ring in opened.locator("#maps .lab-ring-0").all():
        expect(ring).to_be_visible()
    card = opened.locator("#maps .lab-card")
    expect(card).to_contain_text("onerror")
    expect(card.locator(".lab-tile").first).to_be_visible()


def test_hostile_texts_stay_texts(opened: Page) -> None:
    opened.locator("#maps").scroll_into_view_if_needed()
    opened.mouse.move(*opened.evaluate(PLACE_OF, ["before", 0]))
    opened.locator("#matrices .lab-plot").first.hover()
    expect(opened.locator("h1")).to_contain_text("<b>bold</b>")
    assert opened.evaluate("window.hostile") is None
    assert opened.locator("img").count() == 0
    assert opened.locator("b").count() == 0


@pytest.mark.parametrize("width", [1280, 420])
def test_nothing_is_wider_than_the_screen(opened: Page, width: int) -> None:
    opened.set_viewport_size({"width": width, "height": 900})
    expect(opened.locator("#loss .main-svg").first).to_be_visible()
    # The charts are drawn anew a moment after the window has changed.
    opened.wait_for_function("width => document.documentElement.scrollWidth <= width", arg=width)


def test_it_forbids_itself_any_request(browser: Browser, report: Path) -> None:
    """The policy is in force: what is from elsewhere is refused before it is asked for."""
    page = browser.new_page()  # not the watched one: the browser tells of the refusal
    page.goto(report.as_uri())
    refused = page.evaluate(
        """() => new Promise((tell) => {
          document.addEventListener("securitypolicyviolation", (e) => tell(e.violatedDirective));
          fetch("https://example.com/").catch(() => setTimeout(() => tell("none"), 500));
        })"""
    )
    page.close()
    assert refused == "connect-src"
