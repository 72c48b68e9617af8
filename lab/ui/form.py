"""The sidebar's controls, and the settings that their values mean."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.data.bundled import BUNDLED_PAIRS
from lab.encoders.registry import CATALOGUE
from lab.ui.choices import LayerChoice
from lab.ui.components.slider import Slider
from lab.words import Words

MODEL = "tiny-clip"
PAIRS = "shapes-ko"
MAX_RANK = 256


@dataclass(frozen=True)
class RunForm:
    """Every control that says what a run is. The order of the fields is that of the values."""

    model: gr.Dropdown
    pooling: gr.Dropdown
    pairs: gr.Dropdown
    a_column: gr.Dropdown
    b_column: gr.Dropdown
    names: gr.CheckboxGroup
    parents: gr.CheckboxGroup
    towers: gr.CheckboxGroup
    first: gr.Slider
    last: gr.Slider
    r: gr.Slider
    alpha: gr.Number
    dropout: gr.Slider
    bias: gr.Radio
    epochs: gr.Number
    batch_size: gr.Number
    learning_rate: gr.Number
    temperature: gr.Number
    learn_temperature: gr.Checkbox
    validation_fraction: gr.Slider
    patience: gr.Number
    seed: gr.Number

    def components(self) -> list[Any]:
        """The controls in the order that `read_form` takes their values in."""
        return [getattr(self, field.name) for field in fields(self)]


def form_fields() -> list[str]:
    """The names of the form's values, in their order."""
    return [field.name for field in fields(RunForm)]


def read_form(values: tuple[Any, ...]) -> dict[str, Any]:
    """Values in the form's order -> by name."""
    return dict(zip(form_fields(), values, strict=True))


def read_layers(form: dict[str, Any]) -> LayerChoice:
    """The layers that are ticked."""
    return LayerChoice(
        names=tuple(form["names"] or ()),
        parents=tuple(form["parents"] or ()),
        towers=tuple(form["towers"] or ()),
        first=int(form["first"] or 0),
        last=int(form["last"] or 0),
    )


def read_config(form: dict[str, Any], targets: tuple[str, ...] | str) -> RunConfig:
    """The run that the form describes. Raises ConfigError for a value outside its range."""
    return RunConfig(
        model=(form["model"] or "").strip(),
        pairs=form["pairs"] or "",
        a_column=form["a_column"] or None,
        b_column=form["b_column"] or None,
        pooling=form["pooling"] or None,
        lora=LoRAConfig(
            r=int(form["r"] or 0),
            lora_alpha=float(form["alpha"] or 0),
            lora_dropout=float(form["dropout"] or 0),
            target_modules=targets,
            bias=form["bias"],
        ),
        train=TrainConfig(
            epochs=int(form["epochs"] or 0),
            batch_size=int(form["batch_size"] or 0),
            learning_rate=float(form["learning_rate"] or 0),
            temperature=float(form["temperature"] or 0),
            learn_temperature=bool(form["learn_temperature"]),
            validation_fraction=float(form["validation_fraction"] or 0),
            patience=int(form["patience"] or 0) or None,
            seed=int(form["seed"] or 0),
        ),
    )


@dataclass(frozen=True)
class Sidebar:
    """The form and what stands around it."""

    form: RunForm
    upload: gr.UploadButton
    narrow: gr.Accordion
    start: gr.Button
    stop: gr.Button
    totals: Any
    status: Any


def build_sidebar(words: Words) -> Sidebar:
    """Steps 1 to 4, read as one sentence: this model, these pairs, these layers, this rank."""
    from lab.ui.components import Note, StatusLine

    model, pooling = _build_model(words)
    pairs, upload, a_column, b_column = _build_pairs(words)
    names = gr.CheckboxGroup(
        [],
        label=words["layers"],
        info=words["layers_info"],
        elem_id="layers",
        elem_classes="lab-stack",
    )
    narrow, parents, towers, first, last = _build_narrowing(words)
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
    settings = _build_training(words)
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
    return Sidebar(form, upload, narrow, start, stop, totals, status)


def _build_model(words: Words) -> tuple[gr.Dropdown, gr.Dropdown]:
    model = gr.Dropdown(
        [(f"{row.name} · {row.title}" if row.bundled else row.name, row.name) for row in CATALOGUE],
        value=MODEL,
        label=words["model"],
        info=words["model_info"],
        allow_custom_value=True,
        elem_id="model",
    )
    pooling = gr.Dropdown([], label=words["pooling"], visible=False, elem_id="pooling")
    return model, pooling


def _build_pairs(words: Words) -> tuple[gr.Dropdown, gr.UploadButton, gr.Dropdown, gr.Dropdown]:
    pairs = gr.Dropdown(
        [(f"{row.name} · {row.title}", row.name) for row in BUNDLED_PAIRS],
        value=PAIRS,
        label=words["pairs"],
        elem_id="pairs",
    )
    upload = gr.UploadButton(
        words["upload"],
        file_types=[".csv", ".tsv", ".jsonl", ".ndjson", ".parquet", ".zip"],
        size="sm",
        elem_id="upload",
    )
    gr.Markdown(words["upload_info"], elem_classes="lab-info")
    with gr.Row():
        a_column = gr.Dropdown([], label=words["a_column"], visible=False, elem_id="a-column")
        b_column = gr.Dropdown([], label=words["b_column"], visible=False, elem_id="b-column")
    return pairs, upload, a_column, b_column


def _build_narrowing(words: Words) -> tuple[Any, ...]:
    with gr.Accordion(words["narrow"], open=False, elem_id="narrow") as narrow:
        parents = gr.CheckboxGroup([], label=words["parents"], visible=False, elem_id="parents")
        towers = gr.CheckboxGroup([], label=words["towers"], visible=False, elem_id="towers")
        with gr.Row():
            first = Slider(0, 1, 0, step=1, label=words["first"], elem_id="first")
            last = Slider(0, 1, 1, step=1, label=words["last"], elem_id="last")
    return narrow, parents, towers, first, last


def _build_training(words: Words) -> dict[str, Any]:
    with gr.Accordion(words["training"], open=False, elem_id="settings"):
        with gr.Row():
            epochs = gr.Number(10, label=words["epochs"], precision=0, minimum=1, elem_id="epochs")
            batch = gr.Number(
                64, label=words["batch_size"], precision=0, minimum=2, elem_id="batch"
            )
        with gr.Row():
            rate = gr.Number(1e-3, label=words["learning_rate"], minimum=0, elem_id="rate")
            temperature = gr.Number(
                0.07, label=words["temperature"], minimum=0, elem_id="temperature"
            )
        learn = gr.Checkbox(False, label=words["learn_temperature"])
        dropout = Slider(0, 0.9, 0, step=0.05, label=words["dropout"])
        bias = gr.Radio(["none", "lora_only", "all"], value="none", label=words["bias"])
        validation = Slider(0, 0.5, 0, step=0.05, label=words["validation_fraction"])
        patience = gr.Number(0, label=words["patience"], precision=0, minimum=0)
        seed = gr.Number(0, label=words["seed"], precision=0, minimum=0, elem_id="seed")
    return {
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
    }
