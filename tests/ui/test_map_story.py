"""The comparison's maps and neighbours as they are wired to a visitor's run, in a real browser."""

from __future__ import annotations

from collections.abc import Iterator

import gradio as gr
import pytest
from playwright.sync_api import Page, expect

from lab.analysis.map_reading import measure_maps
from lab.analysis.projection import project
from lab.config import ProjectionConfig, RunConfig
from lab.experiment import run_experiment
from lab.ui.components import vendor_routes
from lab.ui.events.maps import wire_maps
from lab.ui.tabs.comparison import build_comparison_tab
from lab.ui.updates import comparison
from lab.visits.jobs import Job
from lab.visits.laboratory import Laboratory
from lab.visits.results import Result
from lab.words import find_words
from tests.ui.serve import free_port

DONE = 60_000  # milliseconds; UMAP compiles first


@pytest.fixture(scope="module")
def address(
    one_thread: None, config_of: dict[str, RunConfig], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The comparison's tab alone; whoever opens it has a run that is over, with PCA's maps."""
    outcome = run_experiment(config_of["clip"])
    both, pca = (
        (outcome.baseline.before.stacked(), outcome.after.stacked()),
        ProjectionConfig("pca"),
    )
    result = Result(outcome, (measure_maps(*both, project(*both, pca), pca),))
    laboratory, words = Laboratory(tmp_path_factory.mktemp("runs")), find_words("en")
    with gr.Blocks() as blocks:
        visitor = gr.State("")
        tab = vars(build_comparison_tab(words))
        wire_maps(tab, visitor, laboratory, "en")
        shown = comparison(result, words)

        def open_page() -> list:
            one = laboratory.visitor(None)
            one.job = Job(lambda report, should_stop: result)
            one.job.run()
            return [one.id, *shown.values()]

        blocks.load(open_page, None, [visitor, *(tab[name] for name in shown)])
    _, served, _ = blocks.launch(
        server_name="127.0.0.1", server_port=free_port(), quiet=True, ssr_mode=False,
        run_history=False, prevent_thread_lock=True, app_kwargs={"routes": vendor_routes()},
    )  # fmt: skip
    yield served
    blocks.close()


def test_a_visitor_looks_at_neighbours_and_lays_umap_out(page: Page, address: str) -> None:
    page.goto(address)
    expect(page.locator("#maps .main-svg").first).to_be_visible(timeout=DONE)
    expect(page.locator("#maps")).to_contain_text("How far to trust these maps")
    expect(page.locator("#maps")).to_contain_text("UMAP is on its way")

    page.locator("#overlap").scroll_into_view_if_needed()
    expect(page.locator("#overlap .lab-bars button").first).to_be_visible()
    expect(page.locator("#neighbours .lab-near")).to_have_count(2)  # of the first suggestion
    advised = page.locator("#overlap .lab-advice .lab-chip")
    advised.last.click()
    item = advised.last.get_attribute("title")
    expect(page.locator("#neighbours .lab-near-head")).to_contain_text(item or "")
    expect(page.locator("#maps .lab-card")).to_contain_text(item or "")

    page.locator("#layout button").first.click()
    page.locator("#n-neighbors input[type=number]").fill("4")
    page.locator("#n-neighbors input[type=number]").press("Tab")
    page.locator("#again").click()
    expect(page.locator("#layout-note")).to_contain_text("Laid out anew", timeout=DONE)
    expect(page.get_by_role("button", name="UMAP", exact=True)).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(page.locator("#maps")).to_contain_text("further than such noise")
    expect(page.locator("#maps .lab-card")).to_contain_text(item or "")  # what was chosen stays
