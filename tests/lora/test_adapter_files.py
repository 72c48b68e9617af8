"""Adapter files: whole or refused. What PEFT makes of them is in test_peft_parity.py."""

from __future__ import annotations

import json

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter, fingerprint
from safetensors.torch import load_file, save_file
from torch import nn

from lab.errors import AdapterError
from lab.lora import (
    LoRAConfig,
    adapter_bytes,
    apply_lora_to_model,
    count_parameters,
    load_adapter,
    load_lora_state_dict,
    lora_state_dict,
    merge_lora,
    save_adapter,
)

CONFIG = LoRAConfig(r=4, lora_alpha=6.5, lora_dropout=0.1, target_modules=("query", "value"))


@pytest.fixture
def adapted() -> nn.Module:
    model = apply_lora_to_model(build("bert"), CONFIG)
    draw_adapter(model, CONFIG)
    return model


@pytest.fixture
def folder(tmp_path, adapted):
    save_adapter(tmp_path / "adapter", adapted, CONFIG, "tiny-bert")
    return tmp_path / "adapter"


def test_two_files_and_nothing_else(folder):
    assert sorted(path.name for path in folder.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
    ]
    settings = json.loads((folder / "adapter_config.json").read_text())
    assert settings["base_model_name_or_path"] == "tiny-bert"
    assert settings["target_modules"] == ["query", "value"]


def test_saving_again_replaces_and_loading_leaves_the_generator_alone(folder, adapted):
    draw_adapter(adapted, CONFIG)
    save_adapter(folder, adapted, CONFIG, "tiny-bert")
    model = build("bert")
    state = torch.get_rng_state()
    assert load_adapter(folder, model) == CONFIG
    assert torch.equal(torch.get_rng_state(), state)
    expected = lora_state_dict(adapted)
    assert all(torch.equal(t, expected[name]) for name, t in lora_state_dict(model).items())


def test_the_predicted_size_is_about_that_on_disk(folder, adapted):
    size = sum(path.stat().st_size for path in folder.glob("*.safetensors"))
    tensors = len(lora_state_dict(adapted))
    assert adapter_bytes(count_parameters(adapted)[0], tensors) == pytest.approx(size, rel=0.25)


def _edit_settings(folder, **changes):
    path = folder / "adapter_config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def _edit_tensors(folder, edit):
    path = folder / "adapter_model.safetensors"
    tensors = load_file(path)
    edit(tensors)
    save_file(tensors, path)


FIRST = "base_model.model.encoder.layer.0.attention.self.query.lora_A.weight"


def _fill_with_nan(tensors):
    tensors[FIRST][0, 0] = float("nan")


def _narrow(tensors):
    tensors[FIRST] = tensors[FIRST][:, :3].contiguous()


def _cut(folder):
    path = folder / "adapter_model.safetensors"
    path.write_bytes(path.read_bytes()[:-5])


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda f: (f / "adapter_config.json").unlink(), "holds no adapter_config.json"),
        (lambda f: (f / "adapter_model.safetensors").unlink(), "holds no adapter_model.safe"),
        (lambda f: (f / "adapter_config.json").write_text("{"), "is not JSON"),
        (lambda f: (f / "adapter_config.json").write_bytes(b"\xff\xfe"), "is not JSON"),
        (lambda f: (f / "adapter_config.json").write_text("[]"), "no LoRA adapter"),
        (lambda f: _edit_settings(f, peft_type="IA3"), "no LoRA adapter"),
        (lambda f: _edit_settings(f, use_dora=True), "lacks encoder.*lora_magnitude_vector"),
        (lambda f: _edit_settings(f, use_qalora=True), "use_qalora"),
        (lambda f: _edit_settings(f, rank_pattern={"query": 0}), "rank_pattern.*choose"),
        (lambda f: _edit_settings(f, rank_pattern=7), "rank_pattern.*mapping"),
        (lambda f: _edit_settings(f, rank_pattern={"key": 4}), "'key' means none"),
        (lambda f: _edit_settings(f, exclude_modules=["encoder", 1]), "is not whole"),
        (lambda f: _edit_settings(f, layers_to_transform=["a"]), "layers_to_transform"),
        (lambda f: _edit_settings(f, layers_to_transform=[9]), "no target module is left"),
        (lambda f: _edit_settings(f, r="four"), "is not whole"),
        (lambda f: _edit_settings(f, r=0), "r = 0"),
        (lambda f: _edit_settings(f, target_modules=None), "does not say target_modules"),
        (lambda f: _edit_settings(f, target_modules=[]), "no target module"),
        (lambda f: _edit_settings(f, init_lora_weights="pissa_niter_4"), "'pissa_niter_4'"),
        (lambda f: _edit_settings(f, init_lora_weights="pissa", use_dora=True), "beside use_dora"),
        (lambda f: _edit_settings(f, lora_alpha=None), "does not say lora_alpha"),
        (lambda f: _edit_settings(f, target_modules=[1]), "is not whole"),
        (lambda f: _edit_settings(f, target_modules=["c_attn"]), "c_attn.*choose among query"),
        (lambda f: _edit_settings(f, target_modules=["query"]), "no place for"),
        (lambda f: _edit_settings(f, r=8), r"\(4, 16\).*\(8, 16\)"),
        (_cut, "is not whole"),
        (lambda f: _edit_tensors(f, _fill_with_nan), "NaN"),
        (lambda f: _edit_tensors(f, _narrow), r"\(4, 3\).*\(4, 16\)"),
        (lambda f: _edit_tensors(f, lambda tensors: tensors.pop(FIRST)), "lacks encoder.layer.0"),
    ],
)
def test_a_damaged_adapter_is_refused_and_the_model_left_as_it_was(folder, damage, message):
    damage(folder)
    model = build("bert")
    printed, before = str(model), fingerprint(model)
    with pytest.raises(AdapterError, match=message):
        load_adapter(folder, model)
    assert (str(model), fingerprint(model)) == (printed, before)


def test_an_interrupted_save_leaves_no_adapter_that_looks_whole(folder, adapted, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr("lab.lora.adapter_files.save", fail)
    with pytest.raises(OSError, match="disk full"):
        save_adapter(folder, adapted, CONFIG, "tiny-bert")
    with pytest.raises(AdapterError, match="holds no adapter_config"):
        load_adapter(folder, build("bert"))


def test_a_model_without_lora_is_not_saved(tmp_path):
    with pytest.raises(AdapterError, match="no LoRA to save"):
        save_adapter(tmp_path / "x", build("bert"), CONFIG, "tiny-bert")
    assert not (tmp_path / "x").exists()


def test_an_adapter_of_another_family_is_refused(folder):
    with pytest.raises(AdapterError, match=r"does not fit.*query.*c_attn"):
        load_adapter(folder, build("gpt2"))


def test_bf16_factors_are_read_into_fp32(folder):
    _edit_tensors(folder, lambda ts: ts.update({k: t.bfloat16() for k, t in ts.items()}))
    model = build("bert")
    load_adapter(folder, model)
    assert {t.dtype for t in lora_state_dict(model).values()} == {torch.float32}


def test_a_merged_model_merges_anew_when_a_state_is_loaded(adapted):
    merge_lora(adapted)
    embed = FAMILIES["bert"].embed
    state = {name: t.clone() * 2 for name, t in lora_state_dict(adapted).items()}
    with torch.no_grad():
        before = embed(adapted)
        load_lora_state_dict(adapted, state)
        after = embed(adapted)
        assert not torch.allclose(before, after, atol=1e-3)
        fresh = apply_lora_to_model(build("bert"), CONFIG)
        load_lora_state_dict(fresh, state)
        torch.testing.assert_close(after, embed(fresh), rtol=0, atol=1e-5)
