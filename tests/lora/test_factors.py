"""Factors read from an adapter's files, without its model."""

from __future__ import annotations

import json

import pytest
import torch
from lora_families import FAMILIES, build, draw_adapter
from safetensors.torch import load_file, save_file
from torch import nn

from lab.errors import AdapterError
from lab.lora import LoRAConfig, apply_lora_to_model, find_lora_layers, save_adapter
from lab.lora.factors import read_factors


def _saved(folder, name: str, **settings):
    config = LoRAConfig(r=4, lora_alpha=6, target_modules=FAMILIES[name].targets, **settings)
    model = apply_lora_to_model(build(name), config)
    draw_adapter(model, config)
    save_adapter(folder, model, config, name)
    return model


@pytest.mark.parametrize("name", ["clip", "gpt2", "bert"])
@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"use_rslora": True, "rank_pattern": [("0", 3)], "alpha_pattern": [("0", 5)]},
        {"init_lora_weights": "pissa"},
        {"use_dora": True},
    ],
    ids=str,
)
def test_the_factors_of_a_file_make_the_update_of_its_layer(tmp_path, name, settings):
    targets = FAMILIES[name].targets
    if "rank_pattern" in settings:
        settings = settings | {
            "rank_pattern": [(targets[0], 3)],
            "alpha_pattern": [(targets[0], 5)],
        }
    model = _saved(tmp_path, name, **settings)
    layers, factors = find_lora_layers(model), read_factors(tmp_path)
    assert set(factors) == set(layers)
    for path, (a, b, scaling) in factors.items():
        update = layers[path].to_rows(layers[path].delta_weight()).detach()
        torch.testing.assert_close(scaling * b @ a, update, rtol=1e-5, atol=1e-6)


class _Pictures(nn.Module):
    """A layer of each kind that is no matrix product."""

    def __init__(self) -> None:
        super().__init__()
        self.words, self.pixels = nn.Embedding(9, 5), nn.Conv2d(2, 6, 3)

    def forward(self, x):
        return self.pixels(x)


def test_embeddings_and_convolutions_are_read_as_matrices(tmp_path):
    config = LoRAConfig(r=3, target_modules=("words", "pixels"))
    model = apply_lora_to_model(_Pictures().requires_grad_(False), config)
    draw_adapter(model, config)
    save_adapter(tmp_path, model, config, "pictures")
    factors, layers = read_factors(tmp_path), find_lora_layers(model)
    for path, (a, b, scaling) in factors.items():
        update = layers[path].to_rows(layers[path].delta_weight()).detach()
        torch.testing.assert_close(scaling * b @ a, update, rtol=1e-5, atol=1e-6)


def test_a_file_of_peft_s_own_pissa_lacks_what_its_update_is(tmp_path):
    _saved(tmp_path, "bert")
    path = tmp_path / "adapter_config.json"
    settings = json.loads(path.read_text()) | {"init_lora_weights": "pissa"}
    path.write_text(json.dumps(settings))
    with pytest.raises(AdapterError, match="starts from its base's weights"):
        read_factors(tmp_path)


def _nan(tensors, name):
    tensors[name][0, 0] = float("nan")


def _narrow(tensors, name):
    tensors[name] = tensors[name][:, :2].contiguous()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (lambda tensors, name: tensors.pop(name), "the adapter lacks .*lora_B"),
        (_nan, "holds NaN"),
        (_narrow, "another rank"),
        (lambda tensors, name: tensors.clear(), "holds no LoRA factors"),
    ],
)
def test_files_that_are_not_whole_are_refused(tmp_path, edit, message):
    _saved(tmp_path, "bert")
    path = tmp_path / "adapter_model.safetensors"
    tensors = load_file(path)
    edit(tensors, next(name for name in tensors if "lora_B" in name))
    save_file(tensors, path)
    with pytest.raises(AdapterError, match=message):
        read_factors(tmp_path)
