"""LoRA+'s groups, held to those of PEFT's optimizer."""

from __future__ import annotations

import pytest
import torch
from lora_families import FAMILIES, build, train
from peft.optimizers import create_loraplus_optimizer
from peft_twin import adapt_with_peft
from torch import nn

from lab.errors import ConfigError
from lab.lora import LoRAConfig, apply_lora_to_model, find_lora_layers, loraplus_groups

pytestmark = pytest.mark.filterwarnings(
    "ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"
)

SETTINGS = [
    {"target_modules": ("query", "attention.output.dense")},
    {"target_modules": ("query",), "bias": "all"},
    {"target_modules": ("query", "word_embeddings"), "use_dora": True},
    {"target_modules": ("query",), "modules_to_save": ("output.LayerNorm", "intermediate.dense")},
]


def _plain(name: str) -> str:
    """A parameter's name without what PEFT's wrappers add."""
    name = name.removeprefix("base_model.model.").replace(".modules_to_save.default", "")
    name = name.replace("lora_embedding_", "lora_")
    for part in ("lora_A", "lora_B", "lora_magnitude_vector"):
        name = name.replace(f"{part}.default.weight", part).replace(f"{part}.default", part)
    return name


def _named(model: nn.Module, groups: list[dict]) -> dict[str, tuple[float, float]]:
    """Parameter -> (learning rate, weight decay)."""
    names = {id(p): _plain(name) for name, p in model.named_parameters()}
    return {
        names[id(p)]: (group["lr"], group["weight_decay"])
        for group in groups
        for p in group["params"]
    }


@pytest.mark.parametrize("settings", SETTINGS)
def test_the_groups_are_those_of_peft(settings):
    config = LoRAConfig(r=4, **settings)
    theirs = adapt_with_peft(build("bert"), config)
    optimizer = create_loraplus_optimizer(
        theirs, torch.optim.AdamW, lr=1e-3, loraplus_lr_ratio=16, loraplus_weight_decay=0.1
    )
    ours = apply_lora_to_model(build("bert"), config)
    groups = _named(ours, loraplus_groups(ours, 1e-3, 16, weight_decay=0.1))
    assert groups == _named(theirs, optimizer.param_groups)
    trained = {_plain(name) for name, p in ours.named_parameters() if p.requires_grad}
    assert groups.keys() == trained


def test_b_learns_faster_and_training_gets_further():
    config = LoRAConfig(r=4, target_modules=FAMILIES["bert"].targets)
    last = []
    for ratio in (1, 16):
        torch.manual_seed(0)
        model = apply_lora_to_model(build("bert"), config)
        groups = loraplus_groups(model, 2e-4, ratio)
        factors = {id(layer.lora_B) for layer in find_lora_layers(model).values()}
        rates = {group["lr"] for group in groups for p in group["params"] if id(p) in factors}
        assert rates == {ratio * 2e-4}
        optimizer = torch.optim.AdamW(groups)
        last.append(train(model, FAMILIES["bert"].embed, steps=30, optimizer=optimizer)[-1])
    assert last[1] < last[0]


@pytest.mark.parametrize("ratio", [0, 0.5, -1, float("nan")])
def test_a_ratio_below_one_is_refused(ratio):
    with pytest.raises(ConfigError, match="choose at least 1"):
        loraplus_groups(nn.Linear(2, 2), 1e-3, ratio)
