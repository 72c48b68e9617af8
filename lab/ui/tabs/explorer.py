"""Try it: a query of the visitor's own against the held-out pairs."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from lab.ui.components import Explorer
from lab.words import Words


@dataclass(frozen=True)
class ExplorerTab:
    """tab: computes nothing until it is selected; explorer: the query and its answers."""

    tab: gr.Tab
    explorer: Explorer


def build_explorer_tab(tab: gr.Tab, words: Words) -> ExplorerTab:
    """Lay out the tab."""
    return ExplorerTab(tab, Explorer(empty=words["empty"], elem_id="explorer"))
