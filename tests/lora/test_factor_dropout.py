"""Dropout on A and B themselves: the weight-space form, and what is said of it in the files."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from lora_families import FAMILIES, build, draw_adapter, train
from peft import PeftModel
from peft_twin import difference
from safetensors import safe_open
from torch import nn
from transformers.pytorch_utils import Conv1D

from lab.errors import ConfigError
from lab.lora import LoRAConfig, LoRALayer, apply_lora_to_model, load_adapter, save_adapter
from lab.lora.kinds import adapt_layer

pytestmark = pytest.mark.filterwarnings(
    "ignore:`is_gradient_checkpointing` is deprecated:FutureWarning"
)

CONFIG = LoRAConfig(
    r=4,
    lora_alpha=6,
    lora_dropout=0.3,
    lora_dropout_on="factors",
    target_modules=FAMILIES["bert"].targets,
)


def _layer(base: nn.Module) -> LoRALayer:
    layer = adapt_layer(base.requires_grad_(False), "query", CONFIG)
    nn.init.normal_(layer.lora_A)
    nn.init.normal_(layer.lora_B)
    return layer.train()


@pytest.mark.parametrize(
    ("base", "x"),
    [
        (nn.Linear(12, 20), torch.randn(6, 12)),
        (Conv1D(20, 12), torch.randn(6, 12)),
        (nn.Embedding(12, 20), torch.tensor([0, 3, 11])),
        (nn.Conv2d(3, 8, 3), torch.randn(2, 3, 5, 5)),
    ],
)
def test_it_is_the_layer_whose_factors_are_drawn(base, x):
    layer = _layer(base)
    torch.manual_seed(0)
    y = layer(x)
    torch.manual_seed(0)
    drawn = F.dropout(layer.lora_A, 0.3), F.dropout(layer.lora_B, 0.3)
    layer.eval()
    assert not torch.allclose(layer(x), y, atol=1e-3)
    layer.lora_A.data, layer.lora_B.data = drawn
    torch.testing.assert_close(layer(x), y, rtol=0, atol=1e-5)


def test_the_mean_over_draws_is_the_layer_without_dropout():
    layer, x = _layer(nn.Linear(12, 20)), torch.randn(1, 12)
    torch.manual_seed(0)
    with torch.no_grad():
        draws = torch.stack([layer(x) for _ in range(4000)])  # (draws, 1, out)
        error = (draws.mean(0) - layer.eval()(x)).abs()
    assert (error < 5 * draws.std(0) / 4000**0.5).all()


def test_nothing_as_large_as_the_input_is_kept_but_the_input():
    layer, x = _layer(nn.Linear(12, 20)), torch.randn(500, 12)
    kept: dict[int, int] = {}

    def keep(tensor: torch.Tensor) -> torch.Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        layer(x)
    large = [size for size in kept.values() if size >= x.numel()]  # a mask has a byte an entry
    assert sorted(large) == [500 * 4 * 4, 500 * 12 * 4]  # x Aᵀ and x


def test_the_files_mean_the_same_in_peft_and_say_what_it_cannot_express(tmp_path):
    model = apply_lora_to_model(build("bert"), CONFIG)
    draw_adapter(model, CONFIG)
    save_adapter(tmp_path, model, CONFIG, "tiny")
    theirs = PeftModel.from_pretrained(build("bert"), tmp_path)
    assert difference(model, theirs, FAMILIES["bert"].embed) < 1e-5
    assert theirs.peft_config["default"].lora_dropout == 0.3
    with safe_open(tmp_path / "adapter_model.safetensors", "pt") as file:
        assert "PEFT cannot express" in file.metadata()["note"]
    again = build("bert")
    assert load_adapter(tmp_path, again) == CONFIG
    assert difference(model, again, FAMILIES["bert"].embed) == 0


@pytest.mark.parametrize("start", [True, "pissa"])
def test_it_trains(start):
    config = LoRAConfig(
        lora_dropout=0.2,
        lora_dropout_on="factors",
        target_modules=CONFIG.target_modules,
        init_lora_weights=start,
    )
    torch.manual_seed(0)
    model = apply_lora_to_model(build("bert"), config).train()
    losses = train(model, FAMILIES["bert"].embed, steps=50)
    assert sum(losses[-5:]) < 0.95 * sum(losses[:5])


def test_it_does_not_go_with_dora():
    with pytest.raises(ConfigError, match="'input' beside use_dora"):
        LoRAConfig(lora_dropout_on="factors", use_dora=True)
