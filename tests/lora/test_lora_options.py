"""The options that choose layers, ranks and scaling, held to PEFT."""

from __future__ import annotations

import dataclasses
import json

import pytest
from lora_families import FAMILIES, build
from peft_twin import check_files, check_losses

from lab.errors import ConfigError, TargetError
from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    count_parameters,
    find_lora_layers,
    predict_parameters,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:fan_in_fan_out is set to:UserWarning"),
]

OPTIONS = {
    "rslora": {"use_rslora": True},
    "ranks": {"rank_pattern": {"layer.0.attention.self.query": 2, "value": 7}},
    "first_wins": {"rank_pattern": {r"layer\.[12]\..*query": 1, "query": 6}},
    "alphas": {"alpha_pattern": {r"layer\.\d.*value": 3.5, "^encoder.*query": 9}},
    "ranks_of_rslora": {"use_rslora": True, "rank_pattern": {"query": 9, "intermediate.dense": 1}},
    "excluded_names": {"exclude_modules": ("1.attention.self.value", "query")},
    "excluded_regex": {"exclude_modules": r".*\.0\..*|.*query"},
    "blocks": {"layers_to_transform": (0, 2)},
    "one_block": {"layers_to_transform": 1},
    "named_blocks": {"layers_to_transform": (1,), "layers_pattern": ("blocks", "layer")},
}
options = pytest.mark.parametrize("option", OPTIONS)


def _config(option: str) -> LoRAConfig:
    return LoRAConfig(r=4, lora_alpha=6, target_modules=FAMILIES["bert"].targets, **OPTIONS[option])


@options
def test_twenty_steps_give_the_losses_of_peft(option):
    check_losses("bert", _config(option))


@options
def test_files_mean_the_same_in_peft_and_here(option, tmp_path):
    check_files("bert", _config(option), tmp_path)


def test_blocks_that_open_the_path_need_their_list_s_name(tmp_path):
    config = LoRAConfig(target_modules=("c_attn",), layers_to_transform=(0, 2), layers_pattern="h")
    check_files("gpt2", config, tmp_path)
    nameless = dataclasses.replace(config, layers_pattern=())
    with pytest.raises(TargetError, match="layers_pattern"):
        apply_lora_to_model(build("gpt2"), nameless)


@options
def test_the_cost_is_known_before(option):
    model, config = build("bert"), _config(option)
    expected = predict_parameters(model, config)
    assert count_parameters(apply_lora_to_model(model, config)) == expected


@options
def test_settings_survive_json_and_stay_frozen(option):
    config = _config(option)
    text = json.dumps(dataclasses.asdict(config))
    assert LoRAConfig(**json.loads(text)) == config
    assert hash(LoRAConfig(**json.loads(text))) == hash(config)


def test_a_mapping_given_is_not_the_one_kept():
    ranks = {"query": 2}
    config = LoRAConfig(rank_pattern=ranks)
    ranks["query"] = 3
    assert config.rank_pattern == (("query", 2),)


def test_each_layer_has_its_rank_and_scaling():
    model = apply_lora_to_model(build("bert"), _config("ranks_of_rslora"))
    layers = find_lora_layers(model)
    assert layers["encoder.layer.1.attention.self.query"].lora_A.shape == (9, 16)
    assert layers["encoder.layer.1.attention.self.query"].scaling == 2.0
    assert layers["encoder.layer.1.attention.self.value"].scaling == 3.0


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rank_pattern": {"nope": 2}}, "rank_pattern 'nope'.*leave it out"),
        ({"alpha_pattern": {"key": 2}}, "alpha_pattern 'key'"),
        ({"exclude_modules": ("query", "dense", "value")}, "is left"),
        ({"layers_to_transform": (7,)}, "is left"),
    ],
)
def test_options_that_mean_nothing_in_the_model_are_refused(settings, message):
    model = build("bert")
    printed = str(model)
    with pytest.raises(TargetError, match=message):
        apply_lora_to_model(model, LoRAConfig(target_modules=("query", "dense"), **settings))
    assert str(model) == printed


@pytest.mark.parametrize(
    "settings",
    [
        {"rank_pattern": {"query": 1.5}},
        {"rank_pattern": {"(": 1}},
        {"rank_pattern": "query"},
        {"rank_pattern": 3},
        {"alpha_pattern": {"query": 0}},
        {"exclude_modules": "("},
        {"init_lora_weights": "olora"},
        {"lora_dropout_on": "weights"},
        {"layers_to_transform": (-1,)},
        {"layers_to_transform": ("1",)},
        {"layers_to_transform": (1,), "target_modules": ".*query"},
        {"layers_pattern": ("h",)},
        {"layers_to_transform": (1,), "layers_pattern": ("(",)},
    ],
)
def test_settings_check_themselves(settings):
    (name, _), *_ = settings.items()
    with pytest.raises(ConfigError, match=name if len(settings) == 1 else "layers"):
        LoRAConfig(**settings)
