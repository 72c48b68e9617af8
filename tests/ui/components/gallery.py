"""All components on one page, with values made by the lab's own rooms.

To look at it: python tests/ui/components/gallery.py, then open the address it prints.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import gradio as gr
import numpy as np

from lab.analysis.compare import compare
from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.projection import Maps
from lab.analysis.similarity import similarity_matrices
from lab.charts import values
from lab.charts.sprite import make_sprite
from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.training.loop import TrainStep
from lab.ui import components as ui
from lab.words import find_words

HOSTILE = (
    '<img src=x onerror="window.hostile=1"><b>bold</b> ${window.hostile=2} {{value}} </script>'
)
WORDS = find_words()
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


def embeddings(pairs: PairDataset, noise: float) -> EmbeddingSet:
    """Made-up embeddings: the two items of a pair lie about `noise` apart."""
    draw = np.random.default_rng(0)
    count, width = len(pairs), 64
    centres = 3 * draw.standard_normal((8, width))
    a = centres[np.arange(count) % 8] + draw.standard_normal((count, width))
    b = a + noise * draw.standard_normal((count, width))
    a, b = (x / np.linalg.norm(x, axis=1, keepdims=True) for x in (a, b))
    return EmbeddingSet(a.astype("f4"), b.astype("f4"), pairs.a_keys, pairs.b_keys)


def layout(embedded: EmbeddingSet, turn: float) -> np.ndarray:
    """(2N, 2): the embeddings on two fixed axes; turn makes another method's map of it."""
    both = np.concatenate([embedded.a, embedded.b])
    plane = np.random.default_rng(1).standard_normal((both.shape[1], 2))
    x = both @ plane
    return np.sign(x) * np.abs(x) ** turn


class Demo:
    """The values, made once."""

    def __init__(self, name: str = "shapes-ko", count: int = 200) -> None:
        chosen = load_pairs(name).subset(range(count))
        first = chosen.pairs[0]
        first_item = first.a if chosen.kind == "image-text" else HOSTILE
        hostile = Pair(first_item, HOSTILE, line=first.line)
        self.pairs = replace(chosen, pairs=(hostile, *chosen.pairs[1:]))
        self.before, self.after = embeddings(self.pairs, 3.0), embeddings(self.pairs, 0.7)
        self.comparison = compare(self.before, self.after)

    def maps(self, *methods: str) -> dict[str, Any]:
        turns = {"pca": 1.0, "umap": 0.5}
        made = [
            Maps(layout(self.before, turns[m]), layout(self.after, turns[m]), m) for m in methods
        ]
        awaited = () if "umap" in methods else ("umap",)
        return values.maps_value(self.pairs, made, self.comparison, WORDS["maps"], awaited=awaited)

    def loss(self, done: int, total: int = 400) -> dict[str, Any]:
        draw = np.random.default_rng(2)
        curve = 0.8 + 3.2 * np.exp(-np.arange(total) / 90) + 0.15 * draw.standard_normal(total)
        steps = [
            TrainStep(
                step=i + 1,
                steps=total,
                epoch=i // 40 + 1,
                loss=float(curve[i]),
                learning_rate=1e-3,
                grad_norm=1.0,
                temperature=0.07,
                seconds=i / 10,
                seconds_left=(total - i) / 10,
                validation_loss=float(curve[i] + 0.2) if (i + 1) % 40 == 0 else None,
            )
            for i in range(done)
        ]
        return values.loss_value(steps, total, WORDS["loss"], batch_size=64)

    def matrices(self) -> dict[str, Any]:
        made = similarity_matrices(self.before, self.after, limit=150)
        return values.matrices_value(
            self.pairs, made, WORDS["matrices"], WORDS["matrices"]["sample"]
        )

    def metrics(self) -> dict[str, Any]:
        return values.metrics_value(self.comparison, self.pairs.side_names, WORDS["metrics"])

    def changes(self) -> dict[str, Any]:
        return values.changes_value(self.pairs, self.comparison, WORDS["changes"])

    def preview(self) -> dict[str, Any]:
        shown = self.pairs.subset(range(24))
        sprite = make_sprite(shown.a)
        return {
            "summary": f"{len(self.pairs):,} pairs of pictures and texts",
            "sprite": sprite,
            "pairs": [
                {
                    "tile": sprite["index"][i] if sprite else -1,
                    "texts": [pair.b] if sprite else [pair.a, pair.b],
                    "extra": [],
                }
                for i, pair in enumerate(shown.pairs)
            ],
            "findings": [
                {
                    "level": "warning",
                    "title": "17 texts come more than once",
                    "way_out": "Equal texts stay on one side of the split; nothing to do.",
                },
                {
                    "level": "error",
                    "title": "r = 64 is larger than the smaller side of q_proj (48)",
                    "way_out": "Choose r of 48 or less.",
                },
                {"level": "note", "title": "Few pairs", "way_out": f"Add some. {HOSTILE}"},
            ],
            "rejected_title": "3 rows were left out",
            "rejected": [f"Line {n}: the picture cannot be read. {HOSTILE}" for n in (4, 17, 58)],
        }


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


def build(demo: Demo | None = None) -> gr.Blocks:
    """The page. Buttons change values the way the lab's own page does."""
    demo = demo or Demo()
    with gr.Blocks(title="Gallery") as page:
        with gr.Row():
            clicked = gr.Textbox(label="clicked", elem_id="clicked")
            umap = gr.Button("UMAP arrives", elem_id="umap")
            more = gr.Button("Next state", elem_id="more")
            nothing = gr.Button("Empty all", elem_id="nothing")
        run = ui.StatusLine(
            status("Training", 0.4, "running", "about 12 s"), elem_id="status", empty="Ready."
        )
        note = ui.Note(
            {"kind": "verdict", "texts": [demo.comparison.verdict("image", "text")]},
            elem_id="note",
        )
        maps = ui.LinkedMaps(demo.maps("pca"), elem_id="maps", empty=f"No maps yet. {HOSTILE}")
        metrics = ui.MetricsTable(demo.metrics(), elem_id="metrics", empty="No numbers yet.")
        matrices = ui.SimilarityMatrices(
            demo.matrices(), elem_id="matrices", empty="No similarities yet."
        )
        changes = ui.PairList(demo.changes(), elem_id="changes", empty="No changes yet.")
        with gr.Row():
            with gr.Column(min_width=320):
                loss = ui.LossChart(demo.loss(150), elem_id="loss", empty="No run yet.")
            with gr.Column(min_width=320):
                tree = ui.LayerTree(layers("q_proj"), elem_id="tree", empty="No model yet.")
        picture = ui.RankPicture(rank(8), elem_id="rank", empty="No layer yet.")
        preview = ui.PairPreview(demo.preview(), elem_id="preview", empty="No pairs yet.")
        with gr.Tab("Shown"):
            gr.Markdown("The chart is in the other tab.")
        with gr.Tab("Hidden"):
            hidden = ui.LossChart(demo.loss(400), elem_id="hidden", empty="No run yet.")
        every = [run, note, maps, metrics, matrices, changes, loss, tree, picture, preview, hidden]

        def on_click(event: gr.EventData) -> str:
            return str(event.index)

        def on_more() -> tuple[Any, ...]:
            return (
                status("Comparing", None, "running"),
                demo.loss(320),
                layers("q_proj", "v_proj"),
                rank(64),
            )

        quiet = {"show_progress": "hidden", "queue": False}
        maps.point_click(on_click, None, clicked, **quiet)
        umap.click(lambda: demo.maps("pca", "umap"), None, maps, **quiet)
        more.click(on_more, None, [run, loss, tree, picture], **quiet)
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
