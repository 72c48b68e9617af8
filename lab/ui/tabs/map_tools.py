"""Below the maps: UMAP's settings, and what stands near what in the original space."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import gradio as gr

from lab.config import ProjectionConfig
from lab.ui.components import NeighbourLists, Note, OverlapHistogram
from lab.ui.components.slider import Slider
from lab.words import Words

METRICS = ("cosine", "euclidean")


@dataclass(frozen=True)
class MapTools:
    """Settings of a new layout and the note on it; every item's overlap, one item's neighbours."""

    n_neighbors: Slider
    min_dist: Slider
    metric: gr.Radio
    again: gr.Button
    layout_note: Note
    overlap: OverlapHistogram
    neighbours: NeighbourLists


def build_map_tools(words: Mapping[str, Words]) -> MapTools:
    """Lay them out. words: the whole table."""
    layout, near = words["layout"], words["neighbours"]
    settings = _build_settings(layout)
    gr.Markdown(f"### {near['title']}", elem_classes="lab-section")
    overlap = OverlapHistogram(elem_id="overlap")
    neighbours = NeighbourLists(empty=near["empty"], elem_id="neighbours")
    return MapTools(*settings, overlap, neighbours)


def _build_settings(words: Words) -> tuple[Slider, Slider, gr.Radio, gr.Button, Note]:
    start = ProjectionConfig()
    with gr.Accordion(words["title"], open=False, elem_id="layout"):
        gr.Markdown(words["info"], elem_classes="lab-info")
        with gr.Row():
            n_neighbors = Slider(
                2, 200, start.n_neighbors, step=1, label=words["n_neighbors"],
                info=words["n_neighbors_info"], elem_id="n-neighbors",
            )  # fmt: skip
            min_dist = Slider(
                0, 1, start.min_dist, step=0.01, label=words["min_dist"],
                info=words["min_dist_info"], elem_id="min-dist",
            )  # fmt: skip
            metric = gr.Radio(
                [(words[name], name) for name in METRICS], value=start.metric,
                label=words["metric"], elem_id="metric",
            )  # fmt: skip
        with gr.Row(equal_height=True):
            again = gr.Button(words["again"], size="sm", scale=0, min_width=160, elem_id="again")
            note = Note(elem_id="layout-note")
    return n_neighbors, min_dist, metric, again, note
