"""Modules that train whole beside LoRA, held to PEFT, over a base that is never written."""

from __future__ import annotations

import copy

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, fingerprint, train
from peft import LoraConfig, PeftModel, get_peft_model
from peft_twin import check_files, check_losses, difference
from torch import nn

from lab.errors import TargetError
from lab.lora import (
    LoRAConfig,
    apply_lora_to_model,
    copy_sharing_parameters,
    count_parameters,
    find_lora_layers,
    load_adapter,
    lora_state_dict,
    mark_only_lora_as_trainable,
    merge_into_base,
    merge_lora,
    predict_parameters,
    remove_lora,
    save_adapter,
)

pytestmark = [
    pytest.mark.filterwarnings("ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"),
    pytest.mark.filterwarnings("ignore:fan_in_fan_out is set to:UserWarning"),
]

SAVED = {
    "bert": ("attention.output", "1.intermediate"),
    "gpt2": ("ln_1", "ln_f", "1.attn.c_proj"),
    "clip": ("text_model.final_layer_norm", "visual_projection"),
    "distilbert": ("word_embeddings",),
}
families = pytest.mark.parametrize("name", SAVED)


def _config(name: str, **settings) -> LoRAConfig:
    targets = FAMILIES[name].targets
    return LoRAConfig(
        r=4, lora_alpha=6, target_modules=targets, modules_to_save=SAVED[name], **settings
    )


@families
@pytest.mark.parametrize("settings", [{}, {"bias": "lora_only"}, {"use_dora": True}])
def test_twenty_steps_give_the_losses_of_peft(name, settings):
    check_losses(name, _config(name, **settings))


@families
@pytest.mark.parametrize("settings", [{}, {"bias": "lora_only"}, {"bias": "all"}])
def test_files_mean_the_same_in_peft_and_here(name, settings, tmp_path):
    check_files(name, _config(name, **settings), tmp_path)


@families
@pytest.mark.parametrize("bias", ["none", "all"])
def test_the_base_is_never_written_and_comes_back(name, bias):
    embed, config = FAMILIES[name].embed, _config(name, bias=bias)
    base = build(name)
    before, expected = fingerprint(base), predict_parameters(base, config)
    model = apply_lora_to_model(copy_sharing_parameters(base), config)
    assert count_parameters(model) == expected
    assert difference(model, base, embed) == 0
    train(model, embed, steps=3)
    assert fingerprint(base) == before
    draw_adapter(model, config)
    plain = merge_into_base(model)
    assert difference(model, plain, embed) < 1e-5
    assert difference(merge_lora(model), plain, embed) < 1e-5
    assert plain.state_dict().keys() == base.state_dict().keys()
    assert not any("saved" in name for m in plain.modules() for name in vars(m))
    restored = remove_lora(model)
    assert fingerprint(restored) == before
    assert not any(p.requires_grad for p in restored.parameters())
    apply_lora_to_model(restored, LoRAConfig(target_modules=config.target_modules))
    assert not any("LayerNorm" in key or "ln_" in key for key in lora_state_dict(restored))


def test_marking_again_keeps_the_modules_trainable():
    model = apply_lora_to_model(build("bert"), _config("bert"))
    trained = {name for name, p in model.named_parameters() if p.requires_grad}
    mark_only_lora_as_trainable(model)
    assert {name for name, p in model.named_parameters() if p.requires_grad} == trained
    assert "encoder.layer.0.attention.output.LayerNorm.weight" in trained
    paths = set(find_lora_layers(model))
    assert paths == {
        path for path in paths if "attention.output" not in path and "1.intermediate" not in path
    }


class _Normed(nn.Module):
    """A layer whose norm keeps running statistics."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.body, self.norm = nn.Linear(4, 4), nn.BatchNorm1d(4)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.norm(self.body(x))


def test_running_statistics_are_the_adapter_s_own_and_are_saved(tmp_path):
    base, x = _Normed(), torch.randn(8, 4)
    untouched = copy.deepcopy(base.state_dict())
    config = LoRAConfig(r=2, target_modules=("body",), modules_to_save=("norm",))
    model = apply_lora_to_model(base, config)
    model.train()(x)
    model.eval()
    nn.init.normal_(model.norm.weight)
    assert not torch.equal(model.norm.running_mean, untouched["norm.running_mean"])
    expected = model(x)
    save_adapter(tmp_path / "ours", model, config, "")
    theirs = PeftModel.from_pretrained(_Normed(), tmp_path / "ours").eval()
    torch.testing.assert_close(theirs(x), expected, rtol=0, atol=1e-5)
    remove_lora(model)
    state = model.state_dict()
    assert state.keys() == untouched.keys()
    assert all(torch.equal(state[name], tensor) for name, tensor in untouched.items())
    theirs.save_pretrained(tmp_path / "theirs")
    load_adapter(tmp_path / "theirs", model)
    torch.testing.assert_close(model.eval()(x), expected, rtol=0, atol=1e-5)


def test_names_that_peft_adds_of_its_own_are_passed_over(tmp_path):
    theirs = get_peft_model(
        _Normed(), LoraConfig(target_modules=["body"], modules_to_save=["norm", "score"])
    )
    theirs.save_pretrained(tmp_path)
    assert load_adapter(tmp_path, _Normed()).modules_to_save == ("norm", "score")


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("nope",), "ends in nope"),
        (("encoder.layer",), "list of modules"),
        (("layer.0", "layer.0.output"), "lies in"),
        (("encoder",), "is left"),
    ],
)
def test_modules_that_cannot_be_saved_are_refused(names, message):
    model = build("bert")
    printed = str(model)
    config = LoRAConfig(target_modules=("query",), modules_to_save=names)
    with pytest.raises(TargetError, match=message):
        apply_lora_to_model(model, config)
    assert str(model) == printed
