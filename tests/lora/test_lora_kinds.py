"""Embedding and Conv2d layers, held to PEFT and to the weight they mean."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, fingerprint, train
from peft_twin import check_files, check_losses, difference
from safetensors.torch import load_file, save_file
from torch import nn

from lab.errors import AdapterError, TargetError
from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    count_parameters,
    find_leaf_names,
    find_lora_layers,
    find_target_modules,
    load_adapter,
    merge_into_base,
    merge_lora,
    predict_parameters,
    remove_lora,
    save_adapter,
)
from lab.lora.kinds import adapt_layer

pytestmark = [
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:fan_in_fan_out is set to:UserWarning"),
]

TARGETS = {
    "bert": ("word_embeddings", "position_embeddings", "query"),
    "gpt2": ("wte", "c_attn"),
    "clip": ("patch_embedding", "token_embedding", "text_projection"),
    "distilbert": r"embeddings\..*_embeddings",
}
families = pytest.mark.parametrize("name", TARGETS)
methods = pytest.mark.parametrize("use_dora", [False, True])


def _config(name: str, **settings) -> LoRAConfig:
    return LoRAConfig(r=4, lora_alpha=6, target_modules=TARGETS[name], **settings)


@families
@methods
@pytest.mark.parametrize("settings", [{}, {"lora_dropout": 0.3}, {"bias": "all"}])
def test_twenty_steps_give_the_losses_of_peft(name, use_dora, settings):
    check_losses(name, _config(name, use_dora=use_dora, **settings))


@families
@methods
@pytest.mark.parametrize("settings", [{}, {"use_rslora": True, "bias": "lora_only"}])
def test_files_mean_the_same_in_peft_and_here(name, use_dora, settings, tmp_path):
    check_files(name, _config(name, use_dora=use_dora, **settings), tmp_path)


@families
@methods
def test_merged_unmerged_and_plain_models_agree_and_the_base_stays(name, use_dora):
    embed, config = FAMILIES[name].embed, _config(name, use_dora=use_dora)
    base = build(name)
    before, expected = fingerprint(base), predict_parameters(base, config)
    model = apply_lora_to_model(base, config)
    assert count_parameters(model) == expected
    assert difference(model, build(name), embed) == 0
    train(model, embed, steps=2)
    draw_adapter(model, config)
    plain = merge_into_base(model)
    assert difference(model, plain, embed) < 1e-5
    assert difference(merge_lora(model), plain, embed) < 1e-5
    assert str(plain) == str(build(name))
    assert fingerprint(remove_lora(model)) == before


@methods
@pytest.mark.parametrize(
    "base",
    [
        nn.Conv2d(3, 8, 3, stride=2, padding=1),
        nn.Conv2d(3, 8, (1, 5), padding="same", bias=False),
        nn.Conv2d(3, 8, 1),
    ],
)
def test_a_convolution_is_that_with_the_full_kernel(base, use_dora):
    config = LoRAConfig(r=2, target_modules=("conv",), use_dora=use_dora)
    layer = adapt_layer(base.requires_grad_(False), "conv", config)
    x = torch.randn(2, 3, 7, 7)
    assert torch.equal(layer(x), base(x))
    for name in layer.file_names():
        nn.init.normal_(getattr(layer, name), std=0.3)
    y = nn.functional.conv2d(x, layer.full_weight(), base.bias, base.stride, base.padding)
    torch.testing.assert_close(layer(x), y, rtol=0, atol=1e-5)


def test_the_row_of_the_padding_gets_no_gradient():
    base = nn.Embedding(5, 4, padding_idx=0).requires_grad_(False)
    layer = adapt_layer(base, "table", LoRAConfig(r=2, target_modules=("table",)))
    layer(torch.tensor([0, 1, 1])).sum().backward()
    assert not layer.lora_A.grad[:, 0].any()
    assert layer.lora_A.grad[:, 1].any()


def test_factors_stay_fp32_over_bf16():
    config = replace(_config("clip"), target_modules=("token_embedding", "patch_embedding"))
    model = apply_lora_to_model(build("clip").to(torch.bfloat16), config)
    layers = find_lora_layers(model)
    for layer, x in zip(
        layers.values(), (torch.tensor([1, 2]), torch.randn(1, 3, 8, 8).bfloat16()), strict=True
    ):
        assert layer(x).dtype == torch.bfloat16
        assert layer.lora_A.dtype == torch.float32


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(4, 4, 3, groups=2),
        nn.Conv2d(4, 4, 3, dilation=2),
        nn.Conv2d(4, 4, 3, padding=1, padding_mode="circular"),
        nn.Embedding(3, 4, max_norm=1.0),
    ],
)
def test_layers_whose_update_would_not_be_theirs_are_refused(layer):
    model = nn.ModuleDict({"first": nn.Linear(4, 4), "part": layer})
    printed = str(model)
    with pytest.raises(TargetError, match="choose"):
        apply_lora_to_model(model, LoRAConfig(target_modules=("first", "part")))
    assert str(model) == printed


def test_pissa_has_no_start_for_them():
    with pytest.raises(TargetError, match=r"wte is of kind Embedding.*choose"):
        apply_lora_to_model(build("gpt2"), _config("gpt2", init_lora_weights="pissa"))


def test_the_list_of_layers_to_choose_from_stays_that_of_products():
    model = build("clip")
    assert "patch_embedding" not in find_leaf_names(model)
    assert {group.kind for group in find_target_modules(model)} == {"Linear"}


def test_a_copy_of_the_base_s_own_table_in_the_file_must_be_equal(tmp_path):
    # PEFT adds it where an embedding of a language model is adapted.
    config = _config("gpt2")
    model = apply_lora_to_model(build("gpt2"), config)
    draw_adapter(model, config)
    save_adapter(tmp_path, model, config, "tiny")
    path = tmp_path / "adapter_model.safetensors"
    name = "base_model.model.wte.base_layer.weight"
    for factor, fits in ((1, True), (2, False)):
        save_file(load_file(path) | {name: factor * model.wte.weight}, path)
        again = build("gpt2")
        if fits:
            load_adapter(tmp_path, again)
            assert difference(again, model, FAMILIES["gpt2"].embed) == 0
        else:
            with pytest.raises(AdapterError, match=r"wte.base_layer.weight.*another base"):
                load_adapter(tmp_path, again)
    assert json.loads((tmp_path / "adapter_config.json").read_text())["fan_in_fan_out"]
