"""Names and what they match."""

from __future__ import annotations

import re

import pytest
import torch
from lora_families import FAMILIES, build
from peft import LoraConfig
from peft.tuners.tuners_utils import check_target_module_exists
from torch import nn
from transformers import CLIPConfig, CLIPModel

from lab.errors import TargetError
from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    count_parameters,
    find_leaf_names,
    find_target_modules,
    match_target_modules,
    predict_parameters,
    target_regex,
)


@pytest.mark.parametrize("name", FAMILIES)
def test_groups_hold_every_linear_layer_once(name):
    model = build(name)
    groups = find_target_modules(model)
    assert tuple(group.name for group in groups) == find_leaf_names(model)
    layers = {p for p, m in model.named_modules() if type(m).__name__ in ("Linear", "Conv1D")}
    paths = [path for group in groups for path in group.paths]
    assert sorted(paths) == sorted(layers)
    assert all(group.count == len(group.paths) for group in groups)


def test_gpt2_s_conv1d_is_told_from_linear_and_shaped_out_in():
    groups = {group.name: group for group in find_target_modules(build("gpt2"))}
    assert {group.kind for group in groups.values()} == {"Conv1D"}
    assert groups["c_attn"].shapes == ((48, 16, 3),)
    assert groups["c_attn"].layer_numbers == (0, 1, 2)


def test_one_name_of_four_layers_is_split_by_what_holds_them():
    groups = {group.name: group for group in find_target_modules(build("bert"))}
    parents = groups["dense"].by_parent
    assert [p.name for p in parents] == [
        "attention.output.dense",
        "intermediate.dense",
        "output.dense",
        "pooler.dense",
    ]
    assert [p.count for p in parents] == [3, 3, 3, 1]
    assert sorted(path for p in parents for path in p.paths) == sorted(groups["dense"].paths)
    assert groups["query"].by_parent == ()


@pytest.mark.parametrize("name", FAMILIES)
def test_the_regex_of_a_group_matches_exactly_its_layers(name):
    model = build(name)
    groups = find_target_modules(model)
    for group in [*groups, *(part for whole in groups for part in whole.by_parent)]:
        assert tuple(match_target_modules(model, target_regex([group.name]))) == group.paths
        inside = [p for p in group.paths if re.search(r"\.[12]\.", p)]
        if inside:
            regex = target_regex([group.name], layers=(1, 2))
            assert list(match_target_modules(model, regex)) == inside


def test_the_regex_narrows_by_tower_and_layer():
    model = build("clip")
    regex = target_regex(["q_proj", "fc1"], prefix="vision_model", layers=(0, 1))
    assert list(match_target_modules(model, regex)) == [
        f"vision_model.encoder.layers.{number}.{leaf}"
        for number in (0, 1)
        for leaf in ("self_attn.q_proj", "mlp.fc1")
    ]
    towers = [
        match_target_modules(model, target_regex(["q_proj"], prefix=prefix))
        for prefix in ("text_model", "vision_model")
    ]
    assert len(towers[0]) == len(towers[1]) == 3
    assert towers[0].keys().isdisjoint(towers[1])


@pytest.mark.parametrize(
    ("path", "names", "prefix", "layers", "matches"),
    [
        ("h.0.attn.c_attn", ["c_attn"], None, (0, 0), True),
        ("h.0.attn.c_attn", ["attn.c_attn"], "h", (0, 1), True),
        ("h.10.attn.c_attn", ["c_attn"], None, (0, 1), False),
        ("layers.1.experts.0.w1", ["w1"], None, (0, 0), False),
        ("layers.1.experts.0.w1", ["w1"], None, (1, 1), True),
        ("text_model.head.dense", ["text_model.head.dense"], "text_model", None, True),
        ("my_q_proj", ["q_proj"], None, None, False),
        ("q_proj", ["q_proj"], None, None, True),
        ("q_proj", ["q_proj"], None, (0, 3), False),
        ("a.qxproj", ["q.proj"], None, None, False),
    ],
)
def test_the_regex_on_single_paths(path, names, prefix, layers, matches):
    regex = target_regex(names, prefix=prefix, layers=layers)
    assert bool(re.fullmatch(regex, path)) is matches


@pytest.mark.parametrize("name", FAMILIES)
def test_matching_is_peft_s(name):
    model = build(name)
    for targets in (FAMILIES[name].targets, FAMILIES[name].narrowed):
        config = LoraConfig(target_modules=targets)
        theirs = [
            path for path, _ in model.named_modules() if check_target_module_exists(config, path)
        ]
        assert list(match_target_modules(model, targets)) == theirs


@pytest.mark.parametrize("targets", [("nope",), ("query", "nope"), "nope", "quer", ("uery",)])
def test_a_name_without_a_layer_is_an_error_that_lists_the_names(targets):
    wrong = targets if isinstance(targets, str) else targets[-1]
    with pytest.raises(TargetError, match=f"{wrong}.*query, key, value, dense"):
        match_target_modules(build("bert"), targets)


def test_no_choice_and_no_layers_are_errors():
    with pytest.raises(TargetError, match="choose among query"):
        match_target_modules(build("bert"), ())
    with pytest.raises(TargetError, match="no Linear or Conv1D"):
        match_target_modules(nn.Sequential(nn.ReLU()), ("query",))


@pytest.mark.parametrize("targets", [("attention",), ".*attention.*", ("LayerNorm",)])
def test_a_match_of_another_kind_is_an_error(targets):
    with pytest.raises(TargetError, match="LoRA goes on Linear"):
        match_target_modules(build("bert"), targets)


def test_an_adapted_model_is_refused():
    model = apply_lora_to_model(build("bert"), LoRAConfig(target_modules=("query",)))
    for call in (find_target_modules, lambda m: match_target_modules(m, ("base_layer",))):
        with pytest.raises(TargetError, match="already carries LoRA"):
            call(model)


def test_torch_s_own_attention_is_refused_since_it_bypasses_its_output_layer():
    model = nn.ModuleDict({"attention": nn.MultiheadAttention(8, 2)})
    assert find_leaf_names(model) == ()
    with pytest.raises(TargetError, match="NonDynamicallyQuantizableLinear"):
        match_target_modules(model, ("out_proj",))


def test_torch_s_own_encoder_is_refused_since_its_fast_path_passes_lora_by():
    model = nn.TransformerEncoder(nn.TransformerEncoderLayer(8, 2, batch_first=True), 1)
    with pytest.raises(TargetError, match="TransformerEncoderLayer"):
        match_target_modules(model, ("linear1",))


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("bias", ["none", "all", "lora_only"])
def test_predicted_parameters_are_those_after_injection(name, bias):
    model = build(name)
    for targets in (FAMILIES[name].targets, FAMILIES[name].narrowed):
        config = LoRAConfig(r=3, target_modules=targets, bias=bias)
        predicted = predict_parameters(model, config)
        assert predicted == count_parameters(apply_lora_to_model(build(name), config))


def test_the_cost_of_groups_adds_up_to_the_whole():
    model = build("clip")
    groups = find_target_modules(model)
    config = LoRAConfig(r=5, target_modules=find_leaf_names(model))
    assert sum(group.parameters(5) for group in groups) == predict_parameters(model, config)[0]


def test_vit_b_32_counts_what_peft_counts(capsys):
    from lab.lora import print_trainable_parameters

    with torch.device("meta"):
        model = CLIPModel(CLIPConfig())
    config = LoRAConfig(r=16, target_modules=("q_proj", "k_proj", "v_proj", "out_proj"))
    assert predict_parameters(model, config) == (1_966_080, 153_243_393)
    assert count_parameters(apply_lora_to_model(model, config)) == (1_966_080, 153_243_393)
    print_trainable_parameters(model)
    assert capsys.readouterr().out == (
        "trainable params: 1,966,080 || all params: 153,243,393 || trainable%: 1.2830\n"
    )
