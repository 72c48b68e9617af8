"""The PEFT code of a run's settings, run with the real PEFT."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from peft import LoraConfig

from lab.cli.peft_code import as_peft_code
from lab.config import LoRAConfig
from lab.encoders import load_encoder
from lab.lora import apply_lora_to_model, copy_sharing_parameters, count_parameters

SETTINGS: list[dict[str, Any]] = [
    {"target_modules": ("query", "value")},
    {"target_modules": r".*\.(query|key)", "r": 3, "lora_alpha": 4.5},
    {"target_modules": ("query",), "lora_dropout": 0.1, "bias": "lora_only", "use_rslora": True},
    {"target_modules": ("query",), "use_dora": True},
    {"target_modules": ("query",), "init_lora_weights": "pissa", "r": 2},
    {
        "target_modules": ("query", "dense"),
        "rank_pattern": {"dense": 2},
        "exclude_modules": ("pooler.dense",),
    },
    {"target_modules": ("query",), "layers_to_transform": (1,), "layers_pattern": ("layer",)},
    {"target_modules": ("query",), "modules_to_save": ("pooler",), "alpha_pattern": {"query": 3}},
]


# PEFT 0.21 reads an attribute that transformers 5 renames.
@pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning")
@pytest.mark.parametrize("settings", SETTINGS)
def test_code_makes_the_same_adapter_in_peft(
    settings: dict[str, Any], checkpoints: dict[str, Path]
) -> None:
    config = LoRAConfig(**settings)
    base = load_encoder(checkpoints["bert"]).module
    names: dict[str, Any] = {"base": copy_sharing_parameters(base)}
    exec(as_peft_code(config), names)
    theirs, ours = names["model"], apply_lora_to_model(base, config)
    saved = 2 if config.modules_to_save else 1  # PEFT counts a saved module twice
    trainable, total = count_parameters(ours)
    if saved == 1:
        assert theirs.get_nb_trainable_parameters() == (trainable, total)
    else:
        assert theirs.get_nb_trainable_parameters()[0] == trainable
    made = names["config"]
    assert isinstance(made, LoraConfig)
    assert (made.r, made.lora_alpha) == (config.r, config.lora_alpha)
    assert (made.use_dora, made.use_rslora) == (config.use_dora, config.use_rslora)


def test_what_peft_cannot_express_is_said() -> None:
    config = LoRAConfig(target_modules=("q",), lora_dropout=0.25, lora_dropout_on="factors")
    code = as_peft_code(config)
    assert "lora_dropout=" not in code
    assert "# PEFT has no dropout on the factors (here 0.25)" in code
