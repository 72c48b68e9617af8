"""Into a model and off again, over a base that is never written."""

from __future__ import annotations

import copy

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, fingerprint, train
from torch import nn

from lab.errors import ConfigError, TargetError
from lab.lora import (
    LoRAConfig,
    LoRALayer,
    apply_lora_to_model,
    copy_sharing_parameters,
    count_parameters,
    find_lora_layers,
    lora_state_dict,
    mark_only_lora_as_trainable,
    merge_into_base,
    merge_lora,
    remove_lora,
    unmerge_lora,
)

BIASES = ("none", "all", "lora_only")
families = pytest.mark.parametrize("name", FAMILIES)


def _config(name: str, **settings) -> LoRAConfig:
    return LoRAConfig(**{"r": 4, "target_modules": FAMILIES[name].targets} | settings)


@torch.no_grad()
def _embed(model: nn.Module, name: str) -> torch.Tensor:
    return FAMILIES[name].embed(model)


@families
@pytest.mark.parametrize("merge_weights", [False, True])
def test_injection_leaves_the_output_as_it_was_bit_for_bit(name, merge_weights):
    base = build(name)
    expected = _embed(base, name)
    model = apply_lora_to_model(base, _config(name, merge_weights=merge_weights))
    assert torch.equal(_embed(model, name), expected)
    assert all(layer.merged is merge_weights for layer in find_lora_layers(model).values())


@families
@pytest.mark.parametrize("bias", BIASES)
def test_training_a_sharing_copy_never_writes_the_base(name, bias):
    base = build(name)
    before, expected = fingerprint(base), _embed(base, name)
    model = apply_lora_to_model(copy_sharing_parameters(base), _config(name, bias=bias))
    first = {key: tensor.clone() for key, tensor in lora_state_dict(model, bias).items()}
    train(model.train(), FAMILIES[name].embed, steps=3)
    merge_lora(model.eval())
    state = lora_state_dict(model, bias)
    changed = {key for key in state if not torch.equal(state[key], first[key])}
    assert any(key.endswith("lora_B") for key in changed)
    assert any(key.endswith("bias") for key in changed) is (bias != "none")
    assert fingerprint(base) == before
    assert torch.equal(_embed(base, name), expected)
    assert not any(p.requires_grad for p in base.parameters())
    restored = remove_lora(model)
    assert fingerprint(restored) == before
    assert torch.equal(_embed(restored, name), expected)


@families
def test_a_copy_takes_no_memory_for_weights_and_keeps_flags_to_itself(name):
    base = build(name)
    copied = copy_sharing_parameters(base)
    ours, theirs = dict(copied.named_parameters()), dict(base.named_parameters())
    assert ours.keys() == theirs.keys()
    assert all(ours[path].data_ptr() == theirs[path].data_ptr() for path in ours)
    copied.requires_grad_(True).to(torch.float64)
    assert not any(p.requires_grad or p.dtype != torch.float32 for p in theirs.values())


def test_tied_parameters_stay_tied_in_a_copy():
    base = nn.Sequential(nn.Embedding(5, 4), nn.Linear(4, 5, bias=False))
    base[1].weight = base[0].weight
    copied = copy_sharing_parameters(base)
    assert copied[1].weight is copied[0].weight
    assert count_parameters(copied) == count_parameters(base)


@families
@pytest.mark.parametrize("bias", BIASES)
def test_merged_unmerged_and_plain_models_agree(name, bias):
    config = _config(name, bias=bias)
    model = apply_lora_to_model(build(name), config)
    draw_adapter(model, config)
    expected, before = _embed(model, name), fingerprint(model)
    torch.testing.assert_close(_embed(merge_lora(model), name), expected, rtol=0, atol=1e-5)
    plain = merge_into_base(model)
    assert torch.equal(_embed(unmerge_lora(model), name), expected)
    assert fingerprint(model) == before
    torch.testing.assert_close(_embed(plain, name), expected, rtol=0, atol=1e-5)
    assert not find_lora_layers(plain)
    untouched = build(name)
    assert plain.state_dict().keys() == untouched.state_dict().keys()
    assert str(plain) == str(untouched)


def test_the_seed_decides_the_factors():
    states = []
    for _ in range(2):
        model = build("bert")
        torch.manual_seed(7)
        states.append(lora_state_dict(apply_lora_to_model(model, _config("bert"))))
    assert all(torch.equal(states[0][key], states[1][key]) for key in states[0])


def test_failed_targets_change_nothing():
    model = build("bert")
    printed, before = str(model), fingerprint(model)
    with pytest.raises(TargetError):
        apply_lora_to_model(model, _config("bert", target_modules=("query", "nope")))
    assert (str(model), fingerprint(model)) == (printed, before)


class _Twins(nn.Module):
    """Two heads that are one layer."""

    def __init__(self) -> None:
        super().__init__()
        self.left = nn.Linear(6, 6)
        self.right = self.left
        self.other = nn.Linear(6, 6)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.other(self.left(x)) + self.right(x)


def test_a_shared_layer_gets_one_update_on_every_path():
    model = _Twins()
    printed = str(model)
    apply_lora_to_model(model, LoRAConfig(r=2, target_modules=("left", "right")))
    assert isinstance(model.left, LoRALayer)
    assert model.left is model.right
    assert count_parameters(model)[0] == 2 * (6 + 6)
    assert list(lora_state_dict(model)) == ["left.lora_A", "left.lora_B"]
    remove_lora(model)
    assert str(model) == printed
    assert model.left is model.right


def test_a_shared_layer_adapted_on_one_path_stays_plain_on_the_other():
    model = apply_lora_to_model(_Twins(), LoRAConfig(r=2, target_modules=("left",)))
    assert isinstance(model.left, LoRALayer)
    assert model.left.base_layer is model.right


def test_factors_lie_on_the_base_s_device():
    model = nn.ModuleDict({"a": nn.Linear(3, 3, device="meta"), "b": nn.Linear(3, 3)})
    apply_lora_to_model(model, LoRAConfig(target_modules=("a", "b")))
    for layer in model.values():
        assert layer.lora_A.device == layer.lora_B.device == layer.base_layer.weight.device


def test_an_adapted_model_survives_a_deep_copy():
    config = _config("bert", bias="all")
    model = apply_lora_to_model(build("bert"), config)
    draw_adapter(model, config)
    twin = copy.deepcopy(model)
    assert torch.equal(_embed(twin, "bert"), _embed(model, "bert"))
    assert fingerprint(remove_lora(twin)) == fingerprint(build("bert"))


@pytest.mark.parametrize("bias", BIASES)
def test_only_the_chosen_parameters_train(bias):
    model = apply_lora_to_model(build("bert"), _config("bert", target_modules=("query",)))
    mark_only_lora_as_trainable(model, bias)
    trained = {path for path, p in model.named_parameters() if p.requires_grad}
    biases = {path for path in trained if path.endswith("bias")}
    assert trained - biases == set(lora_state_dict(model))
    every = {path for path, _ in model.named_parameters() if path.endswith("bias")}
    adapted = {path for path in every if path.endswith("query.base_layer.bias")}
    assert biases == {"none": set(), "all": every, "lora_only": adapted}[bias]


def test_marking_needs_lora_and_a_known_setting():
    with pytest.raises(TargetError, match="apply_lora_to_model"):
        mark_only_lora_as_trainable(build("bert"))
    model = apply_lora_to_model(build("bert"), _config("bert"))
    with pytest.raises(ConfigError, match="'some'"):
        mark_only_lora_as_trainable(model, "some")


def test_biases_that_are_one_tensor_stay_one():
    model = nn.ModuleDict({"a": nn.Linear(3, 4), "b": nn.Linear(5, 4)})
    model["b"].bias = model["a"].bias
    original = model["a"].bias
    apply_lora_to_model(model, LoRAConfig(target_modules=("a", "b"), bias="all"))
    assert model["a"].bias is model["b"].bias
    assert model["a"].bias is not original
    remove_lora(model)
    assert model["a"].bias.data_ptr() == model["b"].bias.data_ptr() == original.data_ptr()
