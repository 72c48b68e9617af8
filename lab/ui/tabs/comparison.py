"""Before / After: the verdict, two linked maps, the numbers, similarities, the pairs that moved."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from lab.ui.components import LinkedMaps, MetricsTable, Note, PairList, SimilarityMatrices
from lab.words import Words


@dataclass(frozen=True)
class ComparisonTab:
    """All of the comparison; `details` is shown once there is something after."""

    verdict: Note
    maps: LinkedMaps
    details: gr.Column
    metrics: MetricsTable
    matrices: SimilarityMatrices
    changes: PairList


def build_comparison_tab(words: Words) -> ComparisonTab:
    """Lay out the tab."""
    verdict = Note({"texts": [words["loading"]], "kind": "faint"}, elem_id="verdict")
    maps = LinkedMaps(empty=words["loading"], elem_id="maps")
    with gr.Column(visible=False) as details:
        gr.Markdown(f"### {words['section_numbers']}", elem_classes="lab-section")
        metrics = MetricsTable(elem_id="metrics")
        gr.Markdown(f"### {words['section_matrices']}", elem_classes="lab-section")
        matrices = SimilarityMatrices(elem_id="matrices")
        gr.Markdown(f"### {words['section_changes']}", elem_classes="lab-section")
        changes = PairList(elem_id="changes")
    return ComparisonTab(verdict, maps, details, metrics, matrices, changes)
