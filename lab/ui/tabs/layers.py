"""Layers: the printed model with the chosen layers lit, and W + BA to scale."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from lab.ui.components import LayerTree, RankPicture
from lab.words import Words


@dataclass(frozen=True)
class LayersTab:
    """tree: the printed model; picture: one chosen layer's W, B and A."""

    tree: LayerTree
    picture: RankPicture


def build_layers_tab(words: Words) -> LayersTab:
    """Lay out the tab."""
    with gr.Row():
        with gr.Column(scale=3, min_width=320):
            tree = LayerTree(empty=words["loading"], elem_id="tree")
        with gr.Column(scale=2, min_width=280):
            picture = RankPicture(empty=words["loading"], elem_id="rank-picture")
    return LayersTab(tree, picture)
