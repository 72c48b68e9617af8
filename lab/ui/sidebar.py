"""The sidebar: the form's controls and what stands around them, laid out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import gradio as gr

from lab.data.bundled import BUNDLED_PAIRS
from lab.encoders.registry import CATALOGUE
from lab.ui.components.changing import ChangingCheckboxGroup, ChangingDropdown
from lab.ui.components.slider import Slider
from lab.ui.form import RunForm
from lab.ui.guide import explain
from lab.ui.variants import build_variants
from lab.words import Words

MODEL = "tiny-clip"
PAIRS = "shapes-ko"
MAX_RANK = 256
FILE_TYPES = [".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".zip"]
BIASES = ("none", "lora_only", "all")


@dataclass(frozen=True)
class Sidebar:
    """The form and what stands around it. at: where the page says when an event was; unseen."""

    form: RunForm
    at: gr.Number
    upload: gr.UploadButton
    control_upload: gr.UploadButton
    narrow: gr.Accordion
    start: gr.Button
    stop: gr.Button
    totals: Any
    status: Any


def in_words(names: Sequence[str], words: Words) -> list[tuple[str, str]]:
    """Choices of a control: what each name means, where the table says so, and the name."""
    return [(words.get(name, name), name) for name in names]


def bundled_pairs(choices: Words) -> list[tuple[str, str]]:
    """The bundled pairs as choices."""
    return [(f"{row.name} · {choices[row.name]}", row.name) for row in BUNDLED_PAIRS]


def control_choices(uploads: Iterable[str], words: Words) -> list[tuple[str, str]]:
    """The control sets as choices: the lab's own, none, a visitor's uploads."""
    own = ((words[name], name) for name in ("auto", "none"))
    return [*own, *((upload, upload) for upload in uploads)]


def build_sidebar(table: Mapping[str, Words]) -> Sidebar:
    """Steps 1 to 4, read as one sentence: this model, these pairs, these layers, this rank."""
    from lab.ui.components import Note, StatusLine

    words, choices = table["page"], table["choices"]
    model, pooling = _build_model(words, choices)
    explain("model", table["help"])
    pairs, upload, a_column, b_column = _build_pairs(words, choices)
    explain("pairs", table["help"])
    names = ChangingCheckboxGroup(
        [],
        label=words["layers"],
        info=words["layers_info"],
        elem_id="layers",
        elem_classes="lab-stack",
    )
    narrow, parents, towers, first, last = _build_narrowing(words)
    explain("layers", table["help"])
    r = Slider(
        1,
        MAX_RANK,
        8,
        step=1,
        label=f"{words['lora']}: {words['r']}",
        info=words["r_info"],
        elem_id="rank",
    )
    alpha = gr.Number(
        16, label=words["alpha"], info=words["alpha_info"], minimum=0, elem_id="alpha"
    )
    explain("lora", table["help"])
    settings, control_upload = _build_training(table)
    settings |= build_variants(table["variants"])
    with gr.Column(elem_id="run-bar"):
        totals = Note(elem_id="totals")
        start = gr.Button(
            words["start"], variant="primary", size="lg", interactive=False, elem_id="start"
        )
        stop = gr.Button(
            words["stop"], variant="secondary", size="lg", visible=False, elem_id="stop"
        )
        status = StatusLine(elem_id="status")
    form = RunForm(
        model,
        pooling,
        pairs,
        a_column,
        b_column,
        names,
        parents,
        towers,
        first,
        last,
        r,
        alpha,
        **settings,
    )
    at = gr.Number(visible=False)
    return Sidebar(form, at, upload, control_upload, narrow, start, stop, totals, status)


def _build_model(words: Words, choices: Words) -> tuple[gr.Dropdown, gr.Dropdown]:
    model = gr.Dropdown(
        [
            (f"{row.name} · {choices[row.name]}" if row.bundled else row.name, row.name)
            for row in CATALOGUE
        ],
        value=MODEL,
        label=words["model"],
        info=words["model_info"],
        allow_custom_value=True,
        elem_id="model",
    )
    pooling = ChangingDropdown([], label=words["pooling"], visible=False, elem_id="pooling")
    return model, pooling


def _build_pairs(
    words: Words, choices: Words
) -> tuple[gr.Dropdown, gr.UploadButton, gr.Dropdown, gr.Dropdown]:
    pairs = ChangingDropdown(
        bundled_pairs(choices), value=PAIRS, label=words["pairs"], elem_id="pairs"
    )
    upload = gr.UploadButton(
        words["upload"],
        file_types=FILE_TYPES,
        size="sm",
        elem_id="upload",
    )
    gr.Markdown(words["upload_info"], elem_classes="lab-info")
    with gr.Row():
        a_column = ChangingDropdown([], label=words["a_column"], visible=False, elem_id="a-column")
        b_column = ChangingDropdown([], label=words["b_column"], visible=False, elem_id="b-column")
    return pairs, upload, a_column, b_column


def _build_narrowing(words: Words) -> tuple[Any, ...]:
    with gr.Accordion(words["narrow"], open=False, elem_id="narrow") as narrow:
        parents = ChangingCheckboxGroup(
            [], label=words["parents"], visible=False, elem_id="parents"
        )
        towers = ChangingCheckboxGroup([], label=words["towers"], visible=False, elem_id="towers")
        with gr.Row():
            first = Slider(0, 1, 0, step=1, label=words["first"], elem_id="first")
            last = Slider(0, 1, 1, step=1, label=words["last"], elem_id="last")
    return narrow, parents, towers, first, last


def _build_training(table: Mapping[str, Words]) -> tuple[dict[str, Any], gr.UploadButton]:
    words, choices = table["page"], table["choices"]
    with gr.Accordion(words["training"], open=False, elem_id="settings"):
        explain("training", table["help"])
        with gr.Row():
            epochs = gr.Number(10, label=words["epochs"], precision=0, minimum=1, elem_id="epochs")
            batch = gr.Number(
                64,
                label=words["batch_size"],
                info=words["batch_info"],
                precision=0,
                minimum=2,
                elem_id="batch",
            )
        with gr.Row():
            rate = gr.Number(1e-3, label=words["learning_rate"], minimum=0, elem_id="rate")
            temperature = gr.Number(
                0.07, label=words["temperature"], minimum=0, elem_id="temperature"
            )
        learn = gr.Checkbox(False, label=words["learn_temperature"])
        dropout = Slider(0, 0.9, 0, step=0.05, label=words["dropout"])
        bias = gr.Radio(in_words(BIASES, choices), value=BIASES[0], label=words["bias"])
        validation = Slider(0, 0.5, 0, step=0.05, label=words["validation_fraction"])
        patience = gr.Number(0, label=words["patience"], precision=0, minimum=0)
        seed = gr.Number(0, label=words["seed"], precision=0, minimum=0, elem_id="seed")
        control, control_upload = _build_control(table["forgetting"])
    settings = {
        "dropout": dropout,
        "bias": bias,
        "epochs": epochs,
        "batch_size": batch,
        "learning_rate": rate,
        "temperature": temperature,
        "learn_temperature": learn,
        "validation_fraction": validation,
        "patience": patience,
        "seed": seed,
        "control": control,
    }
    return settings, control_upload


def _build_control(words: Words) -> tuple[gr.Dropdown, gr.UploadButton]:
    control = ChangingDropdown(
        control_choices((), words),
        value="auto",
        label=words["control"],
        info=words["control_info"],
        elem_id="control",
    )
    upload = gr.UploadButton(
        words["upload"], file_types=FILE_TYPES, size="sm", elem_id="control-upload"
    )
    return control, upload
