"""Before / After: the verdict, two linked maps, the numbers, similarities, the pairs that moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from lab.ui.components import (
    Balance,
    GroupTable,
    LinkedMaps,
    MetricsTable,
    Note,
    PairList,
    SimilarityMatrices,
)
from lab.ui.tabs.map_tools import MapTools, build_map_tools
from lab.words import Words


@dataclass(frozen=True)
class ComparisonTab(MapTools):
    """All of the comparison; `details` is shown once there is something after."""

    verdict: Note
    maps: LinkedMaps
    details: gr.Column
    balance: Balance
    metrics: MetricsTable
    groups: GroupTable
    matrices: SimilarityMatrices
    changes: PairList


def build_comparison_tab(table: Mapping[str, Words]) -> ComparisonTab:
    """Lay out the tab. table: every place's words."""
    words = table["page"]
    verdict = Note({"texts": [words["loading"]], "kind": "faint"}, elem_id="verdict")
    maps = LinkedMaps(empty=words["loading"], elem_id="maps")
    with gr.Column(visible=False) as details:
        tools = build_map_tools(table)
        gr.Markdown(f"### {words['section_numbers']}", elem_classes="lab-section")
        balance = Balance(elem_id="balance")
        metrics = MetricsTable(elem_id="metrics")
        groups = GroupTable(elem_id="groups")
        gr.Markdown(f"### {words['section_matrices']}", elem_classes="lab-section")
        matrices = SimilarityMatrices(empty=words["matrices_wait"], elem_id="matrices")
        gr.Markdown(f"### {words['section_changes']}", elem_classes="lab-section")
        changes = PairList(elem_id="changes")
    return ComparisonTab(
        *vars(tools).values(), verdict, maps, details, balance, metrics, groups, matrices, changes
    )
