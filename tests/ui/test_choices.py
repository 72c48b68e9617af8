"""Ticks and sliders in terms of the model: targets, cost, the lit lines of the printed model."""

from __future__ import annotations

import re

import pytest

from lab.config import LoRAConfig
from lab.encoders import load_encoder
from lab.errors import LabError
from lab.lora import apply_lora_to_model, count_parameters, match_target_modules
from lab.ui.choices import (
    LayerChoice,
    choose_targets,
    count_cost,
    find_layers,
    print_layers,
)


@pytest.fixture(scope="module", params=["tiny-clip", "tiny-gpt2", "tiny-bert", "tiny-sentence"])
def encoder(request: pytest.FixtureRequest):
    return load_encoder(request.param)


def everything(layers) -> LayerChoice:
    names = tuple(group.name for group in layers.groups)
    return LayerChoice(names, layers.parents, tuple(layers.towers), 0, layers.last)


def test_all_ticked_is_a_plain_list_of_names(encoder) -> None:
    layers = find_layers(encoder)
    targets = choose_targets(layers, everything(layers))
    assert targets == tuple(group.name for group in layers.groups)


def test_what_is_no_layer_is_no_tick(encoder) -> None:
    layers = find_layers(encoder)
    every, slow = everything(layers), ("(.+)+$",)
    more = LayerChoice(
        every.names + slow, every.parents + slow, every.towers + slow, 0, layers.last
    )
    assert choose_targets(layers, more) == choose_targets(layers, every)


def test_the_cost_is_what_injection_then_has(encoder) -> None:
    from lab.lora import copy_sharing_parameters

    layers = find_layers(encoder)
    config = LoRAConfig(r=4, target_modules=choose_targets(layers, everything(layers)))
    cost = count_cost(encoder, config)
    adapted = apply_lora_to_model(copy_sharing_parameters(encoder.module), config)
    assert (cost.trainable, cost.total) == count_parameters(adapted)


def test_a_layer_range_takes_only_those_layers(encoder) -> None:
    layers = find_layers(encoder)
    whole = everything(layers)
    first = LayerChoice(whole.names, whole.parents, whole.towers, 0, 0)
    paths = match_target_modules(encoder.module, choose_targets(layers, first))
    numbers = {re.search(r"\.(\d+)\.", f".{path}.")[1] for path in paths}
    assert numbers == {"0"}


def test_one_tower_takes_only_its_paths() -> None:
    encoder = load_encoder("tiny-clip")
    layers = find_layers(encoder)
    choice = LayerChoice(("q_proj",), (), ("text",), 0, layers.last)
    paths = match_target_modules(encoder.module, choose_targets(layers, choice))
    assert paths
    assert all(path.startswith("text_model.") for path in paths)


def test_a_parent_narrows_a_name_that_stands_for_several_layers() -> None:
    encoder = load_encoder("tiny-bert")
    layers = find_layers(encoder)
    choice = LayerChoice(("dense",), ("attention.output.dense",), (), 0, layers.last)
    paths = match_target_modules(encoder.module, choose_targets(layers, choice))
    assert len(paths) == layers.last + 1
    assert all(path.endswith(".attention.output.dense") for path in paths)


def test_nothing_ticked_says_what_to_do(encoder) -> None:
    with pytest.raises(LabError, match="tick one at least"):
        choose_targets(find_layers(encoder), LayerChoice(()))


@pytest.mark.parametrize("sent", ["(.+)+$", ".*", "encoder.layer.0"])
def test_what_is_no_tick_box_ticks_nothing(encoder, sent: str) -> None:
    """Names and parents are compared with those there are; none becomes an expression."""
    layers = find_layers(encoder)
    with pytest.raises(LabError, match="tick one at least"):
        choose_targets(layers, LayerChoice((sent,), (sent,), tuple(layers.towers)))
    whole = everything(layers)
    more = LayerChoice((*whole.names, sent), (*whole.parents, sent), whole.towers, 0, layers.last)
    assert choose_targets(layers, more) == choose_targets(layers, whole)


@pytest.mark.parametrize("ends", [(-(10**15), 0), (-(10**15), 10**15), (0, 10**15)])
def test_a_range_ends_where_the_layers_do(encoder, ends: tuple[int, int]) -> None:
    """At once: numbers that no layer has are not counted through."""
    layers = find_layers(encoder)
    whole = everything(layers)
    first, last = ends
    same = LayerChoice(whole.names, whole.parents, whole.towers, 0, min(last, layers.last))
    asked = LayerChoice(whole.names, whole.parents, whole.towers, first, last)
    assert choose_targets(layers, asked) == choose_targets(layers, same)


@pytest.mark.parametrize("ends", [(1, 0), (-2, -1), (10**15, 10**15)])
def test_a_range_without_layers_is_told(encoder, ends: tuple[int, int]) -> None:
    layers = find_layers(encoder)
    whole = everything(layers)
    with pytest.raises(LabError, match="the first comes after the last"):
        choose_targets(layers, LayerChoice(whole.names, whole.parents, whole.towers, *ends))


def test_the_lit_lines_are_those_that_match(encoder) -> None:
    layers = find_layers(encoder)
    name = layers.groups[0].name
    lines = print_layers(encoder, LoRAConfig(target_modules=(name,)))
    lit = [line["text"] for line in lines if line["on"]]
    assert lit
    assert all(f"({name}):" in text for text in lit)
    assert "\n".join(line["text"] for line in lines) == str(encoder.module)
