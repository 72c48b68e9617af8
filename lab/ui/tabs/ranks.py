"""Rank lab: one run at many ranks, and which of them is enough."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import gradio as gr

from lab.sweep.config import SweepConfig
from lab.ui.components import Note, RankSweep, SharedSubspaces, StatusLine, SweepCurves
from lab.ui.components.slider import Slider
from lab.ui.sweep_form import MOST_SEEDS, RULES, SweepForm
from lab.ui.sweeps_view import rank_choices
from lab.words import Words


@dataclass(frozen=True)
class RanksTab:
    """tab: what is selected; form: what is varied; the rest shows what came of it.

    go_on: with a sweep that a restart interrupted.
    others: what compares two points, shown once there are two.
    """

    tab: gr.Tab
    form: SweepForm
    plan: Note
    start: gr.Button
    stop: gr.Button
    go_on: gr.Button
    progress: StatusLine
    said: Note
    curves: SweepCurves
    charts: RankSweep
    packed: gr.DownloadButton
    report: gr.DownloadButton
    others: gr.Column
    first: gr.Dropdown
    second: gr.Dropdown
    compare: gr.Button
    compared: Note
    subspaces: SharedSubspaces
    command: gr.Code

    def shown(self) -> dict[str, Any]:
        """Every component by name, those of the form among them; not the tab itself."""
        around = {name: item for name, item in vars(self).items() if name not in ("tab", "form")}
        return {**vars(self.form), **around}


def build_ranks_tab(tab: gr.Tab, table: Mapping[str, Words]) -> RanksTab:
    """Lay out the tab: what is asked, the button, the answer, the way there, the charts."""
    words = table["ranks"]
    gr.Markdown(words["intro"], elem_classes="lab-info")
    form = _build_form(words)
    plan = Note(elem_id="sweep-plan")
    with gr.Row(elem_id="sweep-buttons"):
        start = gr.Button(
            words["start"], variant="primary", interactive=False, elem_id="sweep-start", scale=0,
            min_width=220,
        )  # fmt: skip
        stop = gr.Button(words["stop"], visible=False, elem_id="sweep-stop", scale=0, min_width=280)
    go_on = gr.Button(words["go_on"], visible=False, elem_id="sweep-go-on")
    progress = StatusLine(visible=False, elem_id="sweep-status")
    said = Note(elem_id="sweep-said")
    gr.Markdown(f"### {words['curves']}", elem_classes="lab-section")
    curves = SweepCurves(empty=words["empty_curves"], elem_id="sweep-curves")
    charts = RankSweep(empty=words["empty"], elem_id="sweep")
    with gr.Row(elem_id="sweep-files"):
        packed = gr.DownloadButton(words["take"], visible=False, elem_id="sweep-packed")
        report = gr.DownloadButton(words["take_report"], visible=False, elem_id="sweep-report")
    comparison = _build_comparison(words)
    command = gr.Code(
        label=words["command"], language="shell", interactive=False, elem_id="sweep-command"
    )
    return RanksTab(
        tab, form, plan, start, stop, go_on, progress, said, curves, charts, packed, report,
        **comparison, command=command,
    )  # fmt: skip


def _build_form(words: Words) -> SweepForm:
    ranks = gr.CheckboxGroup(
        rank_choices(None, words),
        value=list(SweepConfig.ranks),
        label=words["ranks"],
        info=words["ranks_info"],
        elem_id="sweep-ranks",
    )
    rule = gr.Radio(
        [(words[f"rule_{rule}"], rule) for rule in RULES],
        value=SweepConfig.alpha_rule,
        label=words["rule"],
        info=words["rule_info"],
        elem_id="sweep-rule",
        elem_classes="lab-stack",
    )
    with gr.Row():
        with gr.Column(min_width=280):
            seeds = Slider(
                1, MOST_SEEDS, SweepConfig.seeds, step=1, label=words["seeds"],
                info=words["seeds_info"], elem_id="sweep-seeds",
            )  # fmt: skip
        with gr.Column(min_width=280):
            stop_early = gr.Checkbox(
                False, label=words["stop_early"], info=words["stop_early_info"],
                elem_id="sweep-early",
            )  # fmt: skip
    with gr.Accordion(words["more"], open=False, elem_id="sweep-more"):
        rates = gr.Textbox(
            label=words["rates"], info=words["rates_info"], max_lines=1, elem_id="sweep-rates"
        )
        targets = gr.Dropdown(
            [], multiselect=True, allow_custom_value=True, label=words["targets"],
            info=words["targets_info"], elem_id="sweep-targets",
        )  # fmt: skip
    return SweepForm(ranks, rule, seeds, rates, targets, stop_early)


def _build_comparison(words: Words) -> dict[str, Any]:
    with gr.Column(visible=False, elem_id="sweep-others") as others:
        gr.Markdown(f"### {words['subspaces']}", elem_classes="lab-section")
        gr.Markdown(words["subspaces_info"], elem_classes="lab-info")
        with gr.Row():
            first = gr.Dropdown([], label=words["first"], elem_id="sweep-first")
            second = gr.Dropdown([], label=words["second"], elem_id="sweep-second")
        compare = gr.Button(words["compare"], elem_id="sweep-compare", scale=0, min_width=220)
        compared = Note(elem_id="sweep-compared")
        subspaces = SharedSubspaces(elem_id="sweep-subspaces")
    return {
        "others": others,
        "first": first,
        "second": second,
        "compare": compare,
        "compared": compared,
        "subspaces": subspaces,
    }
