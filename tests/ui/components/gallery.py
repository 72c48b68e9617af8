"""All components on one page, with values made by the lab's own rooms.

To look at it: python tests/ui/components/gallery.py, then open the address it prints.
"""

from __future__ import annotations

from typing import Any

import gradio as gr
from demo_subspaces import subspaces
from demo_sweep import curves, sweep, two_lines
from demo_values import HOSTILE, WORDS, Demo

from lab.charts import neighbour_values
from lab.ui import components as ui

MODEL_LINES = (
    ("CLIPModel(", None),
    ("  (text_model): CLIPTextTransformer(", None),
    ("    (layers): ModuleList(", None),
    ("      (0-5): 6 x CLIPEncoderLayer(", None),
    ("        (self_attn): CLIPAttention(", None),
    ("          (k_proj): Linear(in_features=128, out_features=128, bias=True)", "k_proj"),
    ("          (v_proj): Linear(in_features=128, out_features=128, bias=True)", "v_proj"),
    ("          (q_proj): Linear(in_features=128, out_features=128, bias=True)", "q_proj"),
    ("        )", None),
    ("        (mlp): CLIPMLP(", None),
    ("          (fc1): Linear(in_features=128, out_features=512, bias=True)", "fc1"),
    ("          (fc2): Linear(in_features=512, out_features=128, bias=True)", "fc2"),
    ("        )", None),
    ("      )", None),
    ("    )", None),
    ("  )", None),
    (")", None),
)


def layers(*on: str) -> dict[str, Any]:
    return {
        "lines": [
            {"text": text, "match": match, "on": match in on and match is not None}
            for text, match in MODEL_LINES
        ]
        + [{"text": HOSTILE, "match": None, "on": False}]
    }


def rank(r: int) -> dict[str, Any]:
    caption = "{name}: {trained} trained beside {frozen} frozen parameters ({share}%)"
    return {"out": 512, "in": 128, "r": r, "name": "fc1", "caption": caption}


def status(text: str, fraction: float | None, level: str, left: str = "") -> dict[str, Any]:
    return {"text": text, "fraction": fraction, "left": left, "level": level}


def lay_out(demo: Demo) -> dict[str, Any]:
    """Every component, by its id."""
    made: dict[str, Any] = {}

    def show(name: str, component: type, value: Any, empty: str = "") -> None:
        made[name] = component(value, elem_id=name, empty=empty)

    verdict = {"kind": "verdict", "texts": [demo.comparison.verdict("image", "text")]}
    show("status", ui.StatusLine, status("Training", 0.4, "running", "about 12 s"), "Ready.")
    show("note", ui.Note, verdict)
    show("maps", ui.LinkedMaps, demo.maps("pca"), f"No maps yet. {HOSTILE}")
    show("overlap", ui.OverlapHistogram, neighbour_values.overlap_awaited(WORDS["overlap"]))
    show("neighbours", ui.NeighbourLists, None, "No item yet.")
    show("balance", ui.Balance, demo.balance(), "No balance yet.")
    show("groups", ui.GroupTable, demo.groups(), "No groups yet.")
    show("metrics", ui.MetricsTable, demo.metrics(), "No numbers yet.")
    show("matrices", ui.SimilarityMatrices, demo.matrices(), "No similarities yet.")
    show("subspaces", ui.SharedSubspaces, subspaces(), "No adapters yet.")
    show("curves", ui.SweepCurves, curves(), "No sweep yet.")
    show("sweep", ui.RankSweep, sweep(), "No points yet.")
    show("changes", ui.PairList, demo.changes(), "No changes yet.")
    with gr.Row():
        with gr.Column(min_width=320):
            show("loss", ui.LossChart, demo.loss(150), "No run yet.")
        with gr.Column(min_width=320):
            show("tree", ui.LayerTree, layers("q_proj"), "No model yet.")
    show("rank", ui.RankPicture, rank(8), "No layer yet.")
    show("preview", ui.PairPreview, demo.preview(), "No pairs yet.")
    with gr.Tab("Shown"):
        gr.Markdown("The chart is in the other tab.")
    with gr.Tab("Hidden"):
        show("hidden", ui.LossChart, demo.loss(400), "No run yet.")
    return made


def build(demo: Demo | None = None) -> gr.Blocks:
    """The page. Buttons change values the way the lab's own page does."""
    demo = demo or Demo()
    with gr.Blocks(title="Gallery") as page:
        with gr.Row():
            clicked = gr.Textbox(label="clicked", elem_id="clicked")
            umap = gr.Button("UMAP arrives", elem_id="umap")
            more = gr.Button("Next state", elem_id="more")
            lines = gr.Button("Two sets of layers", elem_id="lines")
            nothing = gr.Button("Empty all", elem_id="nothing")
        made = lay_out(demo)
        every = [made[name] for name in made if name not in ("overlap", "neighbours")]

        def on_click(event: gr.EventData) -> str:
            return str(event.index)

        def on_point(event: gr.EventData) -> dict[str, Any]:
            return demo.neighbours(event.index)

        def on_more() -> tuple[Any, ...]:
            return (
                status("Comparing", None, "running"),
                demo.loss(320),
                layers("q_proj", "v_proj"),
                rank(64),
            )

        quiet = {"show_progress": "hidden", "queue": False}
        made["maps"].point_click(on_click, None, clicked, **quiet)
        made["maps"].point_click(on_point, None, made["neighbours"], **quiet)
        made["overlap"].look(demo.overlap, None, made["overlap"], **quiet)
        lines.click(two_lines, None, made["sweep"], **quiet)
        umap.click(lambda: demo.maps("pca", "umap"), None, made["maps"], **quiet)
        changed = [made[name] for name in ("status", "loss", "tree", "rank")]
        more.click(on_more, None, changed, **quiet)
        nothing.click(lambda: [None] * len(every), None, every, **quiet)
    return page


def launch(page: gr.Blocks, **options: Any) -> str:
    """Serve it on a free port of this machine; returns its address."""
    _, address, _ = page.launch(
        server_name="127.0.0.1",
        quiet=True,
        ssr_mode=False,
        run_history=False,
        theme=gr.themes.Base(font=["system-ui", "sans-serif"]),
        app_kwargs={"routes": ui.vendor_routes()},
        **options,
    )
    return address


if __name__ == "__main__":
    launch(build())
