"""DoRA, held to PEFT and to its own formula."""

from __future__ import annotations

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, fingerprint
from peft_twin import check_files, check_losses, difference
from torch import nn
from transformers.pytorch_utils import Conv1D

from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    count_parameters,
    merge_into_base,
    merge_lora,
    predict_parameters,
    unmerge_lora,
)
from lab.lora.dora import DoRALayer

pytestmark = [
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:fan_in_fan_out is set to:UserWarning"),
]

families = pytest.mark.parametrize("name", ["bert", "gpt2", "clip"])


def _config(name: str, **settings) -> LoRAConfig:
    targets = FAMILIES[name].targets
    return LoRAConfig(r=4, lora_alpha=6, target_modules=targets, use_dora=True, **settings)


@families
@pytest.mark.parametrize("settings", [{}, {"lora_dropout": 0.3}, {"use_rslora": True}])
def test_twenty_steps_give_the_losses_of_peft(name, settings):
    check_losses(name, _config(name, **settings))


@families
@pytest.mark.parametrize("bias", ["none", "lora_only"])
def test_files_mean_the_same_in_peft_and_here(name, bias, tmp_path):
    check_files(name, _config(name, bias=bias), tmp_path)


@families
def test_merged_unmerged_and_plain_models_agree(name):
    embed, config = FAMILIES[name].embed, _config(name)
    model = apply_lora_to_model(build(name), config)
    draw_adapter(model, config)
    before = fingerprint(model)
    plain = merge_into_base(model)
    assert difference(model, plain, embed) < 1e-5
    merge_lora(model)
    assert difference(model, plain, embed) < 1e-5
    assert fingerprint(unmerge_lora(model)) == before


@families
@pytest.mark.parametrize("merge_weights", [False, True])
def test_it_starts_as_the_base_bit_for_bit(name, merge_weights):
    model, config = build(name), _config(name, merge_weights=merge_weights)
    expected = predict_parameters(model, config)
    apply_lora_to_model(model, config)
    assert difference(model, build(name), FAMILIES[name].embed) == 0
    assert count_parameters(model) == expected


@pytest.mark.parametrize("base", [nn.Linear(12, 20), Conv1D(20, 12)])
def test_the_output_is_that_of_the_formula(base):
    layer = DoRALayer(base, r=3, lora_alpha=5)
    for tensor in (layer.lora_B, layer.lora_magnitude_vector):
        nn.init.normal_(tensor)
    weight = base.weight if isinstance(base, nn.Linear) else base.weight.T  # (out, in)
    turned = weight + 5 / 3 * layer.lora_B @ layer.lora_A
    length = turned.square().sum(1).sqrt()
    x = torch.randn(6, 12)
    slow = x @ (layer.lora_magnitude_vector[:, None] * turned / length[:, None]).T + base.bias
    torch.testing.assert_close(layer(x), slow, rtol=0, atol=1e-5)


def test_autocast_changes_neither_the_norms_nor_what_is_merged():
    layer = DoRALayer(nn.Linear(12, 20), r=3)
    nn.init.normal_(layer.lora_B)
    expected = layer.full_weight()
    with torch.autocast("cpu", torch.bfloat16):
        assert torch.equal(layer.full_weight(), expected)
        assert layer(torch.randn(2, 12)).dtype == torch.bfloat16


def test_a_row_of_zeros_stays_finite():
    base = nn.Linear(4, 3)
    nn.init.zeros_(base.weight)
    layer = DoRALayer(base)
    layer(torch.randn(2, 4)).sum().backward()
    assert layer.lora_B.grad.isfinite().all()
    assert torch.equal(layer(torch.zeros(4)), base.bias)
