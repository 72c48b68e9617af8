"""An adapter's spectra as values: panels by stack, cells by place, sentences that hold."""

from __future__ import annotations

import json
import math

import pytest

from lab.charts.spectrum_values import MOST_VALUES, percent, spectra_value
from lab.lora import UpdateSpectrum
from lab.words import find_words

WORDS = find_words()["spectra"]
TOWERS = {"text_model": "text tower"}
EVEN, ONE_SIDED = (0.5, 0.5, 0.5, 0.5), (2.0, 0.1, 0.05, 0.01)


def spectrum(path: str, values: tuple[float, ...] = EVEN, r: int = 4) -> UpdateSpectrum:
    return UpdateSpectrum(path, "Linear", 10.0, values, r)


SPECTRA = (
    spectrum("text_model.encoder.layers.0.self_attn.q_proj"),
    spectrum("text_model.encoder.layers.0.mlp.fc1", ONE_SIDED),
    spectrum("text_model.encoder.layers.1.self_attn.q_proj"),
    spectrum("vision_model.layers.0.fc1"),
    spectrum("text_projection"),
)


@pytest.fixture
def value() -> dict:
    return spectra_value(SPECTRA, TOWERS, WORDS)


def test_each_layer_stands_in_its_stack_at_its_block_and_name(value: dict) -> None:
    text, vision, outside = value["panels"]
    assert text == {
        "title": "text tower",
        "rows": ["q_proj", "fc1"],
        "columns": [0, 1],
        "cells": [[0, 2], [1, -1]],
    }
    assert (vision["title"], vision["cells"]) == ("vision_model.layers", [[3]])
    assert (outside["title"], outside["columns"]) == (WORDS["outside"], [None])
    assert json.loads(json.dumps(value)) == value


def test_names_that_end_alike_are_told_apart() -> None:
    paths = ("layer.0.attention.output.dense", "layer.0.output.dense")
    value = spectra_value([spectrum(path) for path in paths], {}, WORDS)
    (panel,) = value["panels"]
    assert panel["rows"] == ["attention.output.dense", "output.dense"]
    assert value["layers"][1]["label"] == "output.dense of block 0, layer"


def test_a_layer_says_whether_a_lower_rank_would_do(value: dict) -> None:
    said = {layer["path"]: layer["said"] for layer in value["layers"]}
    assert said[SPECTRA[0].path].startswith("4.0 of 4 directions are used: a lower rank")
    used = SPECTRA[1].effective_rank
    share = percent(SPECTRA[1].share_of(math.ceil(used)))
    assert said[SPECTRA[1].path] == WORDS["lower"].format(
        used=f"{used:.1f}", r=4, lower=math.ceil(used), share=share
    )


def test_methods_that_are_not_bound_to_the_rank_say_so() -> None:
    (layer,) = spectra_value([spectrum("q", (0.5,) * 9, r=4)], {}, WORDS)["layers"]
    assert layer["said"] == WORDS["unbound"].format(used="9.0", directions=9, r=4)


def test_an_update_of_zero_says_so() -> None:
    value = spectra_value([spectrum("q", (0.0, 0.0))], {}, WORDS)
    assert value["summary"] == WORDS["summary_zero"]
    assert value["layers"][0]["said"] == WORDS["unmoved"]


def test_the_summary_names_the_largest_and_the_middle(value: dict) -> None:
    largest = max(SPECTRA, key=lambda one: one.ratio)
    assert percent(largest.ratio) in value["summary"]
    assert "fc1 of block 0, text tower" in value["summary"]
    assert "4.0 of 4 directions" in value["summary"]


def test_long_spectra_are_cut_and_infinite_ratios_are_json() -> None:
    long = UpdateSpectrum("q", "Linear", 0.0, (1.0,) * (MOST_VALUES + 5), 4)
    (layer,) = spectra_value([long], {}, WORDS)["layers"]
    assert len(layer["values"]) == MOST_VALUES
    assert str(MOST_VALUES + 5) in layer["shown"]
    assert layer["ratio"] is None
    assert "∞" in layer["norms"]
    json.dumps(layer, allow_nan=False)


@pytest.mark.parametrize(
    ("share", "said"),
    [(0, "0%"), (0.00213, "0.21%"), (0.0213, "2.1%"), (0.0999, "10%"), (2, "200%")],
)
def test_percentages_have_two_digits(share: float, said: str) -> None:
    assert percent(share) == said
