"""PiSSA over a base that is never written, held to PEFT, which writes it."""

from __future__ import annotations

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, fingerprint, train
from peft import PeftModel
from peft_twin import adapt_with_peft, check_files, check_losses, difference
from torch import nn
from transformers.pytorch_utils import Conv1D

from lab.errors import TargetError
from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    load_adapter,
    merge_into_base,
    merge_lora,
    remove_lora,
    save_adapter,
)
from lab.lora.pissa import PiSSALayer

pytestmark = [
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:fan_in_fan_out is set to:UserWarning"),
    # What PEFT cannot do because it writes the residual over the base.
    pytest.mark.filterwarnings("ignore:PiSSA changes the base weights:UserWarning"),
    pytest.mark.filterwarnings("ignore:Using Rank-Stabilized LoRA with rank_pattern:UserWarning"),
]

families = pytest.mark.parametrize("name", ["bert", "gpt2", "clip"])
SETTINGS = [
    {},
    {"use_rslora": True, "rank_pattern": {r".*\.0\..*": 2}},
    {"alpha_pattern": {r".*\.1\..*": 9.5}},
]


def _config(name: str, **settings) -> LoRAConfig:
    given = {"r": 4, "lora_alpha": 6, "target_modules": FAMILIES[name].targets} | settings
    return LoRAConfig(init_lora_weights="pissa", **given)


@families
@pytest.mark.parametrize("settings", [*SETTINGS, {"lora_dropout": 0.3}])
def test_twenty_steps_give_the_losses_of_peft(name, settings):
    check_losses(name, _config(name, **settings))


@families
@pytest.mark.parametrize("settings", SETTINGS)
def test_files_mean_the_same_in_peft_on_the_untouched_base(name, settings, tmp_path):
    check_files(name, _config(name, **settings), tmp_path)


@families
def test_what_peft_converted_to_plain_lora_loads(name, tmp_path):
    theirs = adapt_with_peft(build(name), _config(name))
    theirs.peft_config["default"].init_lora_weights = True  # as PEFT's guide has it
    theirs.save_pretrained(tmp_path / "start")
    theirs.peft_config["default"].init_lora_weights = "pissa"
    for path, parameter in theirs.named_parameters():
        if "lora_" in path:
            nn.init.normal_(parameter, std=0.3)
    start = str(tmp_path / "start")
    theirs.save_pretrained(tmp_path / "end", path_initial_model_for_weight_conversion=start)
    ours = build(name)
    load_adapter(tmp_path / "end", ours)
    assert difference(ours, theirs, FAMILIES[name].embed) < 1e-5


@families
def test_training_and_merging_leave_the_base_as_it_was(name, tmp_path):
    base = build(name)
    before, config, embed = fingerprint(base), _config(name), FAMILIES[name].embed
    model = apply_lora_to_model(base, config)
    assert difference(model, build(name), embed) == 0
    train(model, embed, steps=3)
    plain = merge_into_base(model)
    assert difference(model, build(name), embed) > 1e-4
    assert difference(model, plain, embed) < 1e-5
    save_adapter(tmp_path, model, config, "tiny")
    assert difference(model, PeftModel.from_pretrained(build(name), tmp_path), embed) < 1e-5
    assert difference(merge_lora(model), plain, embed) < 1e-5
    assert fingerprint(remove_lora(model)) == before


@pytest.mark.parametrize("base", [nn.Linear(12, 20), Conv1D(20, 12)])
def test_the_start_is_the_best_product_of_its_rank(base):
    layer = PiSSALayer(base, r=3, lora_alpha=5)
    weight = layer.to_rows(base.weight)
    rest = weight - 5 / 3 * layer.lora_B @ layer.lora_A
    singular = torch.linalg.svdvals(weight)
    torch.testing.assert_close(torch.linalg.svdvals(rest)[:9], singular[3:])
    torch.testing.assert_close(layer.lora_A.norm(dim=1), layer.lora_B.norm(dim=0))


def test_a_sharing_copy_starts_from_the_same_weight():
    config = _config("bert")
    models = [apply_lora_to_model(build("bert"), config) for _ in range(2)]
    draw_adapter(models[0], config)
    models[1].load_state_dict(models[0].state_dict())
    assert difference(models[0], models[1], FAMILIES["bert"].embed) == 0


def test_a_rank_above_the_weight_s_own_is_refused_before_anything_changes():
    model = build("bert")
    printed = str(model)
    with pytest.raises(TargetError, match="at most 16"):
        apply_lora_to_model(model, _config("bert", rank_pattern={"value": 17}))
    assert str(model) == printed
