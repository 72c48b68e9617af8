"""Held to PEFT: the same training, and exported files that PEFT reads."""

from __future__ import annotations

import copy

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, train
from peft import LoraConfig, PeftModel, get_peft_model
from peft_twin import share_dropout
from torch import nn

from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    count_parameters,
    find_lora_layers,
    load_adapter,
    lora_state_dict,
    save_adapter,
)

pytestmark = [
    # PEFT 0.21 reads an attribute that transformers 5 renames.
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
    # PEFT has one flag for Linear and Conv1D and says so when it corrects it.
    pytest.mark.filterwarnings("ignore:fan_in_fan_out is set to:UserWarning"),
]

BIASES = ("none", "all", "lora_only")


def _adapt_with_peft(model: nn.Module, config: LoRAConfig) -> nn.Module:
    targets = config.target_modules
    return get_peft_model(
        model,
        LoraConfig(
            r=config.r,
            lora_alpha=config.lora_alpha,
            lora_dropout=config.lora_dropout,
            target_modules=targets if isinstance(targets, str) else list(targets),
            bias=config.bias,
        ),
    )


def _copy_initial_weights(peft_model: nn.Module, model: nn.Module) -> None:
    theirs = dict(peft_model.named_modules())
    for path, layer in find_lora_layers(model).items():
        factor = theirs[f"base_model.model.{path}"].lora_A["default"].weight
        layer.lora_A.data.copy_(factor)


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize(("r", "bias"), [(1, "none"), (4, "lora_only"), (24, "all")])
def test_fifty_steps_give_the_losses_of_peft(name, r, bias):
    family = FAMILIES[name]
    config = LoRAConfig(r=r, lora_alpha=2.0 * r, target_modules=family.targets, bias=bias)
    theirs = _adapt_with_peft(build(name), config).eval()
    ours = apply_lora_to_model(build(name), config)
    _copy_initial_weights(theirs, ours)
    assert count_parameters(ours) == theirs.get_nb_trainable_parameters()
    expected = train(theirs.base_model.model, family.embed, steps=50)
    losses = train(ours, family.embed, steps=50)
    assert losses == pytest.approx(expected, rel=0, abs=1e-5)
    assert losses[-1] < 0.98 * losses[0]


@pytest.mark.parametrize("r", [1, 4, 24])
def test_dropout_leaves_the_losses_of_peft_when_it_drops_the_same(r):
    family = FAMILIES["bert"]
    config = LoRAConfig(r=r, lora_dropout=0.3, target_modules=family.targets)
    theirs = _adapt_with_peft(build("bert"), config)
    ours = apply_lora_to_model(build("bert"), config)
    _copy_initial_weights(theirs, ours)
    share_dropout(theirs, ours)
    losses = []
    for model in (theirs.base_model.model, ours):
        torch.manual_seed(0)
        losses.append(train(model.train(), family.embed, steps=10))
    assert losses[1] == pytest.approx(losses[0], rel=0, abs=1e-5)


def _difference(a: nn.Module, b: nn.Module, name: str) -> float:
    with torch.no_grad():
        return (FAMILIES[name].embed(a) - FAMILIES[name].embed(b)).abs().max().item()


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("narrowed", [False, True])
@pytest.mark.parametrize("bias", BIASES)
def test_peft_reads_an_export_as_the_same_function(tmp_path, name, narrowed, bias):
    family = FAMILIES[name]
    targets = family.narrowed if narrowed else family.targets
    config = LoRAConfig(r=4, lora_alpha=6.0, target_modules=targets, bias=bias)
    model = apply_lora_to_model(build(name), config)
    draw_adapter(model, config)
    save_adapter(tmp_path, model, config, "tiny")
    theirs = PeftModel.from_pretrained(build(name), tmp_path)
    assert _difference(model, build(name), name) > 1e-3
    assert _difference(model, theirs, name) < 1e-5
    ours = build(name)
    assert load_adapter(tmp_path, ours) == config
    assert _difference(model, ours, name) == 0


@pytest.mark.parametrize("name", FAMILIES)
@pytest.mark.parametrize("bias", BIASES)
def test_an_adapter_that_peft_wrote_loads_as_the_same_function(tmp_path, name, bias):
    family = FAMILIES[name]
    config = LoRAConfig(r=4, lora_alpha=6.0, target_modules=family.targets, bias=bias)
    theirs = _adapt_with_peft(build(name), config).eval()
    for parameter in theirs.parameters():
        if parameter.requires_grad:
            nn.init.normal_(parameter, std=0.3)
    theirs.save_pretrained(tmp_path)
    ours = build(name)
    load_adapter(tmp_path, ours)
    assert _difference(ours, build(name), name) > 1e-3
    assert _difference(ours, theirs, name) < 1e-5


def test_a_mix_of_linear_and_conv1d_is_exported(tmp_path):
    class Mixed(nn.Module):
        def __init__(self):
            super().__init__()
            self.gpt2, self.head = build("gpt2"), nn.Linear(16, 16)

        def forward(self, **inputs):
            output = self.gpt2(**inputs)
            output.last_hidden_state = self.head(output.last_hidden_state)
            return output

    base = Mixed().eval()
    config = LoRAConfig(r=2, target_modules=("c_attn", "head"))
    model = apply_lora_to_model(copy.deepcopy(base), config)
    draw_adapter(model, config)
    save_adapter(tmp_path, model, config, "mixed")
    theirs = PeftModel.from_pretrained(base, tmp_path)
    assert _difference(model, theirs, "gpt2") < 1e-5


def test_the_files_hold_what_peft_itself_would_write(tmp_path):
    from safetensors.torch import load_file

    config = LoRAConfig(r=4, target_modules=("query",), bias="all")
    model = apply_lora_to_model(build("bert"), config)
    save_adapter(tmp_path / "ours", model, config, "tiny")
    _adapt_with_peft(build("bert"), config).save_pretrained(tmp_path / "theirs")
    ours, theirs = (
        load_file(tmp_path / who / "adapter_model.safetensors") for who in ("ours", "theirs")
    )
    assert {name: t.shape for name, t in ours.items()} == {n: t.shape for n, t in theirs.items()}
    assert len(ours) == len(lora_state_dict(model, "all"))
