"""One layer: its algebra, its start, its merging."""

from __future__ import annotations

import loralib
import pytest
import torch
from torch import nn
from transformers.pytorch_utils import Conv1D

from lab.errors import TargetError
from lab.lora import LoRALayer


def _base(kind: str, dtype: torch.dtype = torch.float32) -> nn.Module:
    torch.manual_seed(0)
    layer = nn.Linear(12, 20) if kind == "Linear" else Conv1D(20, 12)
    nn.init.normal_(layer.weight)
    return layer.to(dtype).requires_grad_(False)


def _trained(kind: str, dtype: torch.dtype = torch.float32, **settings) -> LoRALayer:
    layer = LoRALayer(_base(kind, dtype), **settings)
    nn.init.normal_(layer.lora_B)
    return layer


both = pytest.mark.parametrize("kind", ["Linear", "Conv1D"])


@both
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("merge_weights", [False, True])
def test_untrained_output_is_the_base_s_bit_for_bit(kind, dtype, merge_weights):
    base = _base(kind, dtype)
    layer = LoRALayer(base, r=4, merge_weights=merge_weights)
    for shape in [(12,), (5, 12), (2, 3, 12), (0, 12)]:
        x = torch.randn(shape, dtype=dtype)
        for mode in (True, False):
            assert torch.equal(layer.train(mode)(x), base(x))


@both
@pytest.mark.parametrize("r", [1, 4, 30])
def test_output_is_that_of_the_base_plus_delta(kind, r):
    layer = _trained(kind, r=r, lora_alpha=3.0)
    x = torch.randn(6, 12)
    weight = layer.base_layer.weight.clone()
    weight += layer.delta_weight()
    slow = x @ (weight if kind == "Conv1D" else weight.T) + layer.bias
    torch.testing.assert_close(layer(x), slow, rtol=0, atol=2e-4)
    expected = 3.0 / r * layer.lora_B @ layer.lora_A  # (out, in)
    delta = layer.delta_weight()
    torch.testing.assert_close(delta.T if kind == "Conv1D" else delta, expected)


def test_a_is_drawn_as_nn_linear_draws_its_weight():
    torch.manual_seed(0)
    expected = nn.Linear(12, 4, bias=False).weight
    base = _base("Linear")
    torch.manual_seed(0)
    layer = LoRALayer(base, r=4)
    assert torch.equal(layer.lora_A, expected)
    assert not layer.lora_B.any()


@both
def test_merged_and_unmerged_agree_and_the_base_is_not_written(kind):
    layer = _trained(kind)
    x, before = torch.randn(6, 12), layer.base_layer.weight.clone()
    expected = layer(x)
    layer.merge()
    assert layer.merged
    torch.testing.assert_close(layer(x), expected, rtol=0, atol=1e-5)
    once = layer.weight
    layer.merge()
    assert torch.equal(layer.weight, once)
    layer.unmerge()
    assert torch.equal(layer(x), expected)
    assert torch.equal(layer.base_layer.weight, before)


@both
def test_toggling_in_bf16_does_not_drift(kind):
    layer = _trained(kind, torch.bfloat16, merge_weights=True)
    weights = []
    for _ in range(200):
        layer.eval()
        weights.append(layer.weight)
        layer.train()
    assert torch.equal(weights[0], weights[-1])
    assert torch.equal(layer.base_layer.weight, _base(kind, torch.bfloat16).weight)


def test_training_always_unmerges():
    layer = _trained("Linear", merge_weights=False)
    layer.eval()
    assert not layer.merged
    layer.merge()
    layer.train()
    assert not layer.merged
    layer(torch.randn(2, 12)).sum().backward()
    assert layer.lora_A.grad.any()


def test_the_merged_weight_moves_with_the_layer_and_is_in_no_state_dict():
    layer = _trained("Linear")
    layer.merge()
    assert layer.to(torch.float64).weight.dtype == torch.float64
    assert set(layer.state_dict()) == {
        "lora_A",
        "lora_B",
        "base_layer.weight",
        "base_layer.bias",
    }


@both
def test_factors_stay_fp32_over_a_bf16_base(kind):
    layer = _trained(kind, torch.bfloat16)
    y = layer(torch.randn(3, 12, dtype=torch.bfloat16))
    assert y.dtype == torch.bfloat16
    y.sum().backward()
    assert layer.lora_A.grad.dtype == layer.lora_B.grad.dtype == torch.float32


def test_autocast_gives_its_own_type():
    layer = _trained("Linear")
    with torch.autocast("cpu", torch.bfloat16):
        y = layer(torch.randn(3, 12))
    assert y.dtype == torch.bfloat16
    assert layer.lora_B.dtype == torch.float32


def test_dropout_acts_on_the_low_rank_branch_alone():
    layer = _trained("Linear", lora_dropout=0.9)
    x = torch.randn(4, 12)
    assert not torch.equal(layer(x), layer(x))
    nn.init.zeros_(layer.lora_B)
    assert torch.equal(layer(x), layer.base_layer(x))
    assert torch.equal(layer.eval()(x), layer.base_layer(x))


@both
def test_attributes_that_models_read_are_the_base_s(kind):
    base = _base(kind)
    layer = LoRALayer(base)
    assert layer.weight is base.weight
    assert layer.bias is base.bias
    assert (layer.in_features, layer.out_features) == (12, 20)
    with pytest.raises((AttributeError, KeyError)):
        layer.weight = base.weight


@pytest.mark.parametrize("other", [nn.Embedding(3, 4), nn.Conv1d(3, 4, 1), nn.LayerNorm(4)])
def test_other_layers_are_refused_by_name(other):
    with pytest.raises(TargetError, match=type(other).__name__):
        LoRALayer(other)


@pytest.mark.parametrize("r", [1, 4, 16])
def test_training_gives_the_losses_of_loralib(r):
    theirs = loralib.Linear(12, 20, r=r, lora_alpha=5, merge_weights=False)
    base = nn.Linear(12, 20)
    base.load_state_dict({"weight": theirs.weight, "bias": theirs.bias})
    ours = LoRALayer(base.requires_grad_(False), r=r, lora_alpha=5)
    ours.lora_A.data.copy_(theirs.lora_A)
    loralib.mark_only_lora_as_trainable(theirs)
    x, goal = torch.randn(8, 12), torch.randn(8, 20)
    histories = []
    for layer in (theirs, ours):
        optimizer = torch.optim.AdamW([p for p in layer.parameters() if p.requires_grad], lr=1e-2)
        history = []
        for _ in range(50):
            optimizer.zero_grad()
            loss = (layer(x) - goal).square().mean()
            loss.backward()
            optimizer.step()
            history.append(loss.item())
        histories.append(history)
    assert histories[1] == pytest.approx(histories[0], rel=0, abs=1e-5)
