"""Runs: those that have finished, and some of them side by side."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from lab.ui.components import Note, RunComparison, RunsTable
from lab.words import Words


@dataclass(frozen=True)
class RunsTab:
    """tab: computes nothing until it is selected; note: what became of a button's press."""

    tab: gr.Tab
    table: RunsTable
    note: Note
    comparison: RunComparison


def build_runs_tab(tab: gr.Tab, words: Words) -> RunsTab:
    """Lay out the tab."""
    table = RunsTable(empty=words["empty"], elem_id="runs")
    note = Note(elem_id="runs-note")
    return RunsTab(tab, table, note, RunComparison(elem_id="run-comparison"))
