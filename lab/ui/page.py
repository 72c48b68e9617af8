"""The page: sidebar and tabs laid out, every event wired to its handler, and nothing else."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import gradio as gr
from gradio.events import Dependency

from lab.ui.events.by_name import by_name
from lab.ui.events.control import wire_control
from lab.ui.events.explorer import wire_explorer
from lab.ui.events.go_on import wire_go_on
from lab.ui.events.inside import wire_inside
from lab.ui.events.maps import wire_maps
from lab.ui.events.matrices import wire_matrices
from lab.ui.events.ranks import wire_ranks
from lab.ui.events.run_watch import RunWatcher
from lab.ui.events.runs import wire_runs
from lab.ui.guide import build_guide
from lab.ui.handlers import Handlers
from lab.ui.header import build_header
from lab.ui.selection import Selection
from lab.ui.serving.language import page_path
from lab.ui.serving.sparse_blocks import SparseBlocks
from lab.ui.sidebar import Sidebar, build_sidebar
from lab.ui.strengths import Measurements
from lab.ui.tabs.comparison import build_comparison_tab
from lab.ui.tabs.explorer import ExplorerTab, build_explorer_tab
from lab.ui.tabs.inside import build_inside_tab
from lab.ui.tabs.layers import build_layers_tab
from lab.ui.tabs.pairs import build_pairs_tab
from lab.ui.tabs.ranks import build_ranks_tab
from lab.ui.tabs.runs import build_runs_tab
from lab.ui.tabs.take_home import build_take_home_tab
from lab.ui.tabs.training import build_training_tab
from lab.ui.theme import FOLD_ON_PHONES
from lab.visits.laboratory import Laboratory
from lab.words import LANGUAGES, Words, find_words

HOUR, DAY = 3600, 24 * 3600  # seconds
# Of the inputs visitor, selection, at and others: when it is, by the page's own clock.
NOW = "(visitor, selection, at, ...others) => [visitor, selection, performance.now(), ...others]"


def build(laboratory: Laboratory) -> gr.Blocks:
    """The page over a laboratory, once a language; launching it is the caller's."""
    kept = int(laboratory.service.keep_seconds or DAY)
    blocks = SparseBlocks(title="LoRA Lab", delete_cache=(min(kept, HOUR), kept))
    measurements = Measurements(laboratory.queue)
    for language, name in LANGUAGES.items():
        path = page_path(language)
        with blocks.route(name, path, show_in_navbar=False) if path else blocks:
            _build_page(blocks, laboratory, language, measurements)
    return blocks


def _build_page(
    blocks: gr.Blocks, laboratory: Laboratory, language: str, measurements: Measurements
) -> None:
    words = find_words(language)
    visitor = gr.BrowserState("", storage_key="lora-lab", secret="lora-lab")
    with gr.Sidebar(width=380, elem_id="sidebar"):
        sidebar = build_sidebar(words)
    device = build_header(words["page"], language)
    build_guide(words)
    tabs = _build_tabs(words)
    wire_inside(tabs.pop("inside"), visitor, laboratory, language, measurements)
    components = {**_sidebar_components(sidebar), **tabs}
    runs, ranks = components.pop("runs"), components.pop("ranks")
    components |= {"visitor": visitor, "device": device}
    selection = gr.State(Selection())
    handlers = Handlers(laboratory, language)
    watcher = RunWatcher(laboratory, language)
    changed = _wire(blocks, sidebar, components, selection, handlers, watcher)
    asked = [visitor, selection, *sidebar.form.components()]
    explorer = ExplorerTab(components["tab_try"], components["explorer"])
    wire_explorer(explorer, asked, laboratory, language)
    wire_runs(runs, components, selection, laboratory, language, handlers)
    wire_ranks(ranks, blocks, sidebar, visitor, selection, changed, laboratory, language)
    wire_maps(components, visitor, laboratory, language)
    wire_control(sidebar, visitor, laboratory, language)
    wire_go_on(blocks, components, laboratory, language, watcher)
    wire_matrices(components["matrices"], visitor, laboratory, language)


def _build_tabs(words: Mapping[str, Words]) -> dict[str, Any]:
    page = words["page"]
    with gr.Tabs(selected="compare", elem_id="tabs") as tabs:
        with gr.Tab(page["tab_pairs"], id="pairs"):
            pairs = build_pairs_tab(page)
        with gr.Tab(page["tab_layers"], id="layers"):
            layers = build_layers_tab(page)
        with gr.Tab(page["tab_training"], id="training"):
            training = build_training_tab(words)
        with gr.Tab(page["tab_compare"], id="compare"):
            compare = build_comparison_tab(words)
        with gr.Tab(words["explorer"]["tab"], id="try") as tried:
            explorer = build_explorer_tab(tried, words["explorer"])
        with gr.Tab(words["inside"]["tab"], id="inside") as inside_tab:
            inside = build_inside_tab(inside_tab, words)
        with gr.Tab(words["runs"]["tab"], id="runs") as runs_tab:
            runs = build_runs_tab(runs_tab, words["runs"])
        with gr.Tab(words["ranks"]["tab"], id="ranks") as ranks_tab:
            ranks = build_ranks_tab(ranks_tab, words)
        with gr.Tab(page["tab_take"], id="take"):
            take = build_take_home_tab(words)
    return {
        "tabs": tabs,
        "preview": pairs.preview,
        "tree": layers.tree,
        "picture": layers.picture,
        "training_status": training.status,
        "go_on": training.go_on,
        "loss": training.loss,
        **vars(compare),
        "tab_try": explorer.tab,
        "explorer": explorer.explorer,
        "runs": runs,
        "inside": inside,
        "ranks": ranks,
        "take_note": take.note,
        "adapter": take.adapter,
        "report": take.report,
        "run": take.run,
        "command": take.command,
        "peft_code": take.peft_code,
        "loading": take.loading,
    }


def _sidebar_components(sidebar: Sidebar) -> dict[str, Any]:
    around = {name: item for name, item in vars(sidebar).items() if name != "form"}
    return {**vars(sidebar.form), **around}


def _wire(
    blocks: gr.Blocks,
    sidebar: Sidebar,
    components: dict[str, Any],
    selection: gr.State,
    handlers: Handlers,
    watcher: RunWatcher,
) -> list[Dependency]:
    """Every event of the page. Only a person's own input starts one, never an update.

    -> those that change what a run is: the model, its pairs, a setting. What else depends on them
    comes after them: of two listeners that wait for their last event, each would wake the other.
    """
    form, visitor = sidebar.form, components["visitor"]
    everything = list(components.values())
    inputs = [visitor, selection, *form.components()]

    def run(handler: Callable, **options: Any) -> dict[str, Any]:
        return {
            "fn": by_name(handler, components),
            "outputs": everything,
            "show_progress": "hidden",
            "api_visibility": "private",
            **options,
        }

    # Several at once: a choice does not wait for the one before it, which then shows nothing.
    timed = [visitor, selection, sidebar.at, *form.components()]
    choose = run(
        handlers.on_choose, inputs=timed, js=NOW, concurrency_limit=4, trigger_mode="multiple"
    )
    watch = run(watcher.on_watch, inputs=visitor, concurrency_limit=None)
    rank = run(handlers.on_rank, inputs=inputs, trigger_mode="always_last")
    count = run(handlers.on_count, inputs=inputs, trigger_mode="always_last")
    sent = [visitor, selection, sidebar.at, sidebar.upload, *form.components()]
    upload = run(handlers.on_upload, inputs=sent, js=NOW)

    opened = blocks.load(**run(handlers.on_open, inputs=visitor))
    chosen = [opened.success(**choose), sidebar.upload.upload(**upload)]
    chosen[0].then(**watch)
    choices = (form.model, form.pooling, form.pairs, form.a_column, form.b_column)
    chosen += [control.input(**choose) for control in choices]
    others = [item.input for item in form.components() if item not in (*choices, form.r)]
    counted = [form.r.input(**rank), gr.on(others, **count)]
    started = sidebar.start.click(**run(handlers.on_start, inputs=[visitor, *form.components()]))
    started.success(**watch)
    for event in (blocks.load, sidebar.start.click):
        event(None, None, None, js=FOLD_ON_PHONES, api_visibility="private")
    sidebar.stop.click(
        handlers.on_stop, visitor, None, queue=False, show_progress="hidden",
        api_visibility="private",
    )  # fmt: skip
    return chosen + counted
