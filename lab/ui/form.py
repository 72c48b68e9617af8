"""What a run's controls are, and the settings that their values mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import gradio as gr

from lab.config import LoRAConfig, RunConfig, TrainConfig
from lab.ui.choices import LayerChoice

LISTS = {"names", "parents", "towers", "methods"}
TEXTS = {"model", "pooling", "pairs", "a_column", "b_column", "bias", "control"}
TEXTS |= {"dropout_on", "precision"}
LARGEST = 1e15  # of a number; no setting comes near


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
    control: gr.Dropdown
    methods: gr.CheckboxGroup
    dropout_on: gr.Radio
    loraplus_ratio: gr.Number
    precision: gr.Radio
    micro_batch_size: gr.Number

    def components(self) -> list[Any]:
        """The controls in the order that `read_form` takes their values in."""
        return [getattr(self, field.name) for field in fields(self)]


def form_fields() -> list[str]:
    """The names of the form's values, in their order."""
    return [field.name for field in fields(RunForm)]


def read_form(values: tuple[Any, ...]) -> dict[str, Any]:
    """Values in the form's order -> by name; None where a browser sent what is none."""
    sent = zip(form_fields(), values, strict=True)
    return {name: value if _may_be(name, value) else None for name, value in sent}


def _may_be(name: str, value: Any) -> bool:
    """Whether a control of this name can have such a value."""
    if name in LISTS:
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    if name in TEXTS:
        return isinstance(value, str)
    return isinstance(value, int | float) and abs(value) < LARGEST


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
        control=form["control"] or "auto",
        lora=LoRAConfig(
            r=int(form["r"] or 0),
            lora_alpha=float(form["alpha"] or 0),
            lora_dropout=float(form["dropout"] or 0),
            target_modules=targets,
            bias=form["bias"],
            lora_dropout_on=form["dropout_on"] or "input",
            **_read_methods(form["methods"] or ()),
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
            loraplus_ratio=float(form["loraplus_ratio"] or 1),
            precision=form["precision"] or "auto",
            micro_batch_size=int(form["micro_batch_size"] or 0) or None,
        ),
    )


def _read_methods(ticked: Sequence[str]) -> dict[str, Any]:
    return {
        "use_rslora": "rslora" in ticked,
        "use_dora": "dora" in ticked,
        "init_lora_weights": "pissa" if "pissa" in ticked else True,
    }
