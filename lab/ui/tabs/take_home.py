"""Take home: the adapter, the report, and the same run without the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from lab.ui.components import Note
from lab.words import Words


@dataclass(frozen=True)
class TakeHomeTab:
    """note: how the adapter was checked; three downloads; the run as a command, its adapter as
    PEFT's settings, and the code that loads it."""

    note: Note
    adapter: gr.DownloadButton
    report: gr.DownloadButton
    run: gr.DownloadButton
    command: gr.Code
    peft_code: gr.Code
    loading: gr.Code


def build_take_home_tab(table: Mapping[str, Words]) -> TakeHomeTab:
    """Lay out the tab."""
    words = table["page"]
    note = Note({"texts": [words["take_empty"]], "kind": "faint"}, elem_id="take-note")
    with gr.Row():
        adapter = gr.DownloadButton(
            words["adapter"], interactive=False, variant="primary", elem_id="download-adapter"
        )
        report = gr.DownloadButton(words["report"], interactive=False, elem_id="download-report")
        run = gr.DownloadButton(words["whole_run"], interactive=False, elem_id="download-run")
    command = gr.Code(
        label=words["code"], language="shell", interactive=False, wrap_lines=True, elem_id="command"
    )
    peft_code = gr.Code(
        label=table["variants"]["peft_code"],
        language="python",
        interactive=False,
        wrap_lines=True,
        elem_id="peft-code",
    )
    loading = gr.Code(
        label=words["load_code"],
        language="python",
        interactive=False,
        wrap_lines=True,
        visible=False,
        elem_id="loading",
    )
    return TakeHomeTab(note, adapter, report, run, command, peft_code, loading)
