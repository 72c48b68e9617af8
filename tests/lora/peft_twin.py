"""The same adapter twice, by PEFT and by the lab, and what must then be equal."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, train
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor, nn

from lab.lora import (
    LoRAConfig,
    LoRALayer,
    apply_lora_to_model,
    count_parameters,
    find_lora_layers,
    load_adapter,
    save_adapter,
)
from lab.lora.pissa import as_plain_lora
from lab.lora.products import draw_kept
from lab.lora.saved import choose_saved_modules

SHARED = (
    "r",
    "lora_alpha",
    "lora_dropout",
    "bias",
    "use_dora",
    "init_lora_weights",
    "use_rslora",
    "rank_pattern",
    "alpha_pattern",
    "exclude_modules",
    "layers_to_transform",
    "layers_pattern",
    "modules_to_save",
    "target_modules",
)


def peft_config(config: LoRAConfig, **more: object) -> LoraConfig:
    """The lab's settings as PEFT's own object."""
    values = {name: getattr(config, name) for name in SHARED}
    plain = {n: list(v) if isinstance(v, tuple) else v for n, v in values.items()}
    pairs = {name: dict(values[name]) for name in ("rank_pattern", "alpha_pattern")}
    given = {name: value for name, value in (plain | pairs).items() if value or name == "bias"}
    return LoraConfig(**given, **more)


def adapt_with_peft(model: nn.Module, config: LoRAConfig, **more: object) -> PeftModel:
    """PEFT's model of the same adapter, in eval mode."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "fan_in_fan_out is set to", UserWarning)
        return get_peft_model(model, peft_config(config, **more)).eval()


def copy_factors(peft_model: nn.Module, model: nn.Module) -> None:
    """The lab's layers get PEFT's first factors."""
    theirs = dict(peft_model.named_modules())
    for path, layer in find_lora_layers(model).items():
        twin = theirs[f"base_model.model.{path}"]
        for name, file in layer.file_names().items():
            tensor = getattr(twin, file.removesuffix(".weight"))["default"]
            getattr(layer, name).data.copy_(getattr(tensor, "weight", tensor))


class DropoutAsDrawnHere(nn.Module):
    """What the lab's product drops, for PEFT's layer: the same seed drawn, the same mask of it."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        seed = int(torch.randint(1 << 62, ()))
        kept = draw_kept(
            torch.Size((x.numel() // x.shape[-1], x.shape[-1])), self.p, seed, x.device
        )
        return x * kept.view_as(x) / (1 - self.p)


def share_dropout(peft_model: nn.Module, model: nn.Module) -> None:
    """PEFT drops what the lab drops, where the lab draws masks of its own."""
    theirs = dict(peft_model.named_modules())
    for path, layer in find_lora_layers(model).items():
        if type(layer) is LoRALayer and isinstance(layer.dropout, nn.Dropout):
            twin = theirs[f"base_model.model.{path}"]
            twin.lora_dropout["default"] = DropoutAsDrawnHere(layer.dropout.p)


def check_losses(name: str, config: LoRAConfig, steps: int = 20) -> None:
    """The same layers and parameters, and after the same start the same losses within 1e-5."""
    family = FAMILIES[name]
    theirs = adapt_with_peft(build(name), config)
    ours = apply_lora_to_model(build(name), config)
    if config.init_lora_weights is True:  # else the weights themselves say them
        copy_factors(theirs, ours)
    share_dropout(theirs, ours)
    trainable, total = theirs.get_nb_trainable_parameters()
    # PEFT counts a saved module twice: as it trains and as the base has it.
    saved = choose_saved_modules(build(name), config.modules_to_save).values()
    twice = sum(p.numel() for module in saved for p in module.parameters())
    assert count_parameters(ours) == (trainable, total - twice)
    losses = []
    for model in (theirs.base_model.model, ours):
        torch.manual_seed(0)
        model.train(config.lora_dropout > 0)
        losses.append(train(model, family.embed, steps))
    assert losses[1] == pytest.approx(losses[0], rel=0, abs=1e-5)
    assert losses[1][-1] < 0.99 * losses[1][0]


def check_files(name: str, config: LoRAConfig, folder: Path) -> None:
    """What the lab writes PEFT reads as the same function, and what PEFT writes the lab reads."""
    embed = FAMILIES[name].embed
    ours = apply_lora_to_model(build(name), config)
    draw_adapter(ours, config)
    save_adapter(folder / "ours", ours, config, "tiny")
    assert difference(ours, build(name), embed) > 1e-3
    assert difference(ours, PeftModel.from_pretrained(build(name), folder / "ours"), embed) < 1e-5
    again = build(name)
    assert load_adapter(folder / "ours", again) == as_plain_lora(config)
    # PiSSA's start is taken off as a product of its own here, within one of twice the rank there.
    assert difference(ours, again, embed) <= (0 if config.init_lora_weights is True else 1e-5)
    theirs = adapt_with_peft(build(name), config)
    for parameter in theirs.parameters():
        if parameter.requires_grad:
            nn.init.normal_(parameter, std=0.3)
    theirs.save_pretrained(folder / "theirs")
    ours = build(name)
    load_adapter(folder / "theirs", ours)
    assert difference(ours, theirs, embed) < 1e-5


def difference(a: nn.Module, b: nn.Module, embed: Callable[[nn.Module], Tensor]) -> float:
    """The largest difference between two models' embeddings."""
    with torch.no_grad():
        outputs = [embed(a), embed(b)]
    return (outputs[0] - outputs[1]).abs().max().item()
