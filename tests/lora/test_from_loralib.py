"""loralib's checkpoints, read as the functions loralib computes."""

from __future__ import annotations

from pathlib import Path

import loralib
import pytest
import torch
from lora_families import FAMILIES, build, fingerprint
from peft import PeftModel
from peft_twin import difference
from safetensors.torch import load_file, save_file
from torch import nn

from lab.errors import AdapterError
from lab.lora import find_lora_layers, load_loralib, merge_lora, save_adapter

pytestmark = pytest.mark.filterwarnings(
    "ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"
)

EMBED = FAMILIES["bert"].embed


def _replace(model: nn.Module, path: str, layer: nn.Module) -> None:
    parent, _, name = path.rpartition(".")
    base = model.get_submodule(path)
    layer.load_state_dict(base.state_dict(), strict=False)
    setattr(model.get_submodule(parent), name, layer)


def _loralib_bert(bias: str = "none") -> nn.Module:
    """BERT with layers of loralib, of two ranks, as if trained."""
    model = build("bert")
    table = loralib.Embedding(50, 16, r=4, lora_alpha=6, padding_idx=0, merge_weights=False)
    _replace(model, "embeddings.word_embeddings", table)
    for block, r in ((0, 4), (1, 4), (2, 2)):
        layer = loralib.Linear(16, 16, r=r, lora_alpha=6, merge_weights=False)
        _replace(model, f"encoder.layer.{block}.attention.self.query", layer)
    loralib.mark_only_lora_as_trainable(model, bias)
    for parameter in model.parameters():
        if parameter.requires_grad:
            nn.init.normal_(parameter, std=0.3)
    return model.eval()


def _save(model: nn.Module, path: Path, bias: str = "none") -> Path:
    save_file({k: v.clone() for k, v in loralib.lora_state_dict(model, bias).items()}, path)
    return path


@pytest.mark.parametrize("bias", ["none", "lora_only", "all"])
def test_a_checkpoint_means_what_it_means_in_loralib(bias, tmp_path):
    theirs = _loralib_bert(bias)
    path = _save(theirs, tmp_path / "model.safetensors", bias)
    ours = build("bert")
    config = load_loralib(path, ours, lora_alpha=6)
    assert config.bias == bias
    assert {layer.r for layer in find_lora_layers(ours).values()} == {2, 4}
    assert difference(ours, build("bert"), EMBED) > 1e-3
    assert difference(ours, theirs, EMBED) < 1e-5
    save_adapter(tmp_path / "peft", ours, config, "tiny")
    assert (
        difference(PeftModel.from_pretrained(build("bert"), tmp_path / "peft"), ours, EMBED) < 1e-5
    )
    assert difference(merge_lora(ours), theirs, EMBED) < 1e-5


@pytest.mark.parametrize(
    ("layer", "base", "shape"),
    [
        (
            loralib.Conv2d(3, 8, 3, r=2, lora_alpha=5, stride=2, padding=1, merge_weights=False),
            nn.Conv2d(3, 8, 3, stride=2, padding=1),
            (2, 3, 7, 7),
        ),
        (
            loralib.MergedLinear(
                6, 9, r=2, lora_alpha=5, enable_lora=[True] * 3, merge_weights=False
            ),
            nn.Linear(6, 9),
            (4, 6),
        ),
    ],
)
def test_products_of_another_form_become_one_of_higher_rank(layer, base, shape, tmp_path):
    for name, parameter in layer.named_parameters():
        if "lora_" in name:
            nn.init.normal_(parameter)
    weights = {name: t for name, t in layer.state_dict().items() if "lora_" not in name}
    base.load_state_dict({name.removeprefix("conv."): tensor for name, tensor in weights.items()})
    path = _save(nn.ModuleDict({"part": layer}), tmp_path / "model.safetensors")
    model = nn.Sequential()
    model.add_module("part", base.requires_grad_(False))
    load_loralib(path, model, lora_alpha=5)
    x = torch.randn(shape)
    assert not torch.allclose(model.part.base_layer(x), layer(x), atol=1e-2)
    torch.testing.assert_close(model(x), layer(x), rtol=0, atol=1e-4)


def test_a_merged_layer_with_parts_left_out_is_refused(tmp_path):
    layer = loralib.MergedLinear(6, 9, r=2, enable_lora=[True, False, True])
    path = _save(nn.ModuleDict({"part": layer}), tmp_path / "model.safetensors")
    model = nn.ModuleDict({"part": nn.Linear(6, 9)})
    with pytest.raises(AdapterError, match="some of its parts"):
        load_loralib(path, model, lora_alpha=1)
    assert not find_lora_layers(model)


def test_a_convolution_of_another_size_is_refused(tmp_path):
    layer = loralib.Conv2d(3, 4, 3, r=2)
    path = _save(nn.ModuleDict({"part": layer}), tmp_path / "model.safetensors")
    model = nn.ModuleDict({"part": nn.Conv2d(3, 4, 5)})
    with pytest.raises(AdapterError, match="has shape"):
        load_loralib(path, model, lora_alpha=1)
    assert not find_lora_layers(model)


def _without_b(state: dict[str, torch.Tensor]) -> None:
    del state[next(name for name in state if name.endswith("lora_B"))]


def _elsewhere(state: dict[str, torch.Tensor]) -> None:
    for factor in ("lora_A", "lora_B"):
        state[f"decoder.{factor}"] = state[f"embeddings.word_embeddings.{factor}"].clone()


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda state: state.clear(), "no tensor named .lora_A"),
        (_without_b, "lacks .*lora_B"),
        (lambda state: state.update(pooler=torch.zeros(1)), "no place for the adapter's pooler"),
        (_elsewhere, "no place for the adapter's decoder.lora_A"),
    ],
)
def test_a_checkpoint_that_does_not_fit_is_refused(damage, message, tmp_path):
    path = _save(_loralib_bert(), tmp_path / "model.safetensors")
    state = load_file(path)
    damage(state)
    save_file(state, path)
    model = build("bert")
    printed, before = str(model), fingerprint(model)
    with pytest.raises(AdapterError, match=message):
        load_loralib(path, model, lora_alpha=6)
    assert (str(model), fingerprint(model)) == (printed, before)


def test_a_file_that_is_not_whole_or_an_alpha_of_zero_is_refused(tmp_path):
    path = _save(_loralib_bert(), tmp_path / "model.safetensors")
    with pytest.raises(AdapterError, match="lora_alpha = 0"):
        load_loralib(path, build("bert"), lora_alpha=0)
    path.write_bytes(path.read_bytes()[:-5])
    with pytest.raises(AdapterError, match="not whole"):
        load_loralib(path, build("bert"), lora_alpha=6)
    with pytest.raises(AdapterError, match="not whole"):
        load_loralib(tmp_path / "nowhere.safetensors", build("bert"), lora_alpha=6)
