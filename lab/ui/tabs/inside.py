"""Inside ΔW: the update layer by layer, and what it does when it acts weaker or stronger."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from lab.ui.components import Note, StatusLine, StrengthExplorer, UpdateSpectra
from lab.words import Words


@dataclass(frozen=True)
class InsideTab:
    """tab: what is selected; strengths: shown once there is a run, with all that is below it.

    adapter: never seen; it hands over the file that the explorer's button asked for.
    """

    tab: gr.Tab
    status: StatusLine
    spectra: UpdateSpectra
    strengths: gr.Column
    about: Note
    measure: gr.Button
    stop: gr.Button
    measuring: StatusLine
    explorer: StrengthExplorer
    adapter: gr.DownloadButton


def build_inside_tab(tab: gr.Tab, table: Mapping[str, Words]) -> InsideTab:
    """Lay out the tab."""
    words = table["inside"]
    gr.Markdown(f"### {words['layers']}", elem_classes="lab-section")
    status = StatusLine(visible=False, elem_id="spectra-status")
    spectra = UpdateSpectra(empty=words["empty"], elem_id="spectra")
    with gr.Column(visible=False) as strengths:
        gr.Markdown(f"### {words['strength']}", elem_classes="lab-section")
        about = Note(elem_id="strength-about")
        with gr.Row(elem_id="strength-buttons"):
            measure = gr.Button(words["measure"], elem_id="measure", scale=0, min_width=220)
            stop = gr.Button(
                words["stop"], visible=False, elem_id="measure-stop", scale=0, min_width=220
            )
        measuring = StatusLine(visible=False, elem_id="measure-status")
        explorer = StrengthExplorer(elem_id="strength")
        adapter = gr.DownloadButton(elem_id="strength-adapter", elem_classes="lab-unseen")
    return InsideTab(
        tab, status, spectra, strengths, about, measure, stop, measuring, explorer, adapter
    )
