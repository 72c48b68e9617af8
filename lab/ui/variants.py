"""The sidebar's last fold: variants of LoRA, and how a run uses memory and precision."""

from __future__ import annotations

from typing import Any

import gradio as gr

from lab.words import Words

METHODS = ("rslora", "dora", "pissa")
PLACES = ("input", "factors")
PRECISIONS = ("auto", "fp32", "bf16")


def build_variants(words: Words) -> dict[str, Any]:
    """Lay the fold out; -> the form's controls in it, by their names there."""
    with gr.Accordion(words["fold"], open=False, elem_id="variants"):
        methods = gr.CheckboxGroup(
            [(words[name], name) for name in METHODS],
            label=words["methods"],
            elem_id="methods",
            elem_classes="lab-stack",
        )
        dropout_on = gr.Radio(
            [(words[f"dropout_{place}"], place) for place in PLACES],
            value="input",
            label=words["dropout_on"],
            elem_id="dropout-on",
        )
        ratio = gr.Number(
            1,
            label=words["loraplus_ratio"],
            info=words["loraplus_info"],
            minimum=1,
            elem_id="loraplus-ratio",
        )
        precision = gr.Radio(
            [(words.get(f"precision_{name}", name), name) for name in PRECISIONS],
            value="auto",
            label=words["precision"],
            info=words["precision_info"],
            elem_id="precision",
        )
        micro = gr.Number(
            0,
            label=words["micro_batch_size"],
            info=words["micro_info"],
            precision=0,
            minimum=0,
            elem_id="micro-batch",
        )
    return {
        "methods": methods,
        "dropout_on": dropout_on,
        "loraplus_ratio": ratio,
        "precision": precision,
        "micro_batch_size": micro,
    }
