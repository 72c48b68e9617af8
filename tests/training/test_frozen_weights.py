"""Frozen weights in bf16: autocast's own numbers, and everything as it was afterwards."""

from __future__ import annotations

import pytest
import torch

from lab.config import LoRAConfig, RunConfig
from lab.data import load_pairs
from lab.encoders import Encoder, load_encoder
from lab.lora.layer import layer_kind
from lab.training.frozen_weights import PRODUCTS, kept_in_bf16
from lab.training.session import inject

LAYERS = r".*(q_proj|c_attn|query)"
METHODS = [{}, {"use_dora": True}, {"init_lora_weights": "pissa"}, {"bias": "all"}]


def adapt(config: RunConfig, **lora: object) -> tuple[Encoder, Encoder]:
    """The base, and an adapted copy that shares its tensors."""
    settings = LoRAConfig(r=2, target_modules=LAYERS, **lora)
    base = load_encoder(config.model)
    return base, inject(base, RunConfig(config.model, config.pairs, settings, config.train))


def embed(encoder: Encoder, config: RunConfig) -> torch.Tensor:
    pairs = load_pairs(config.pairs)
    inputs = encoder.preprocess(list(pairs.b[:4]), "b")
    with torch.autocast("cpu", torch.bfloat16):
        return encoder.embed(inputs, "b")


@pytest.mark.parametrize("family", ["clip", "gpt2", "bert", "sentence"])
@pytest.mark.parametrize("lora", METHODS)
def test_numbers_are_those_of_autocast(
    family: str, lora: dict, config_of: dict[str, RunConfig]
) -> None:
    _, encoder = adapt(config_of[family], **lora)
    encoder.module.eval()
    trained = [p for p in encoder.module.parameters() if p.requires_grad]
    expected = embed(encoder, config_of[family])
    gradients = torch.autograd.grad(expected.sum(), trained, allow_unused=True)
    with kept_in_bf16(encoder.module):
        given = embed(encoder, config_of[family])
        ours = torch.autograd.grad(given.sum(), trained, allow_unused=True)
    torch.testing.assert_close(given, expected, atol=0, rtol=0)
    for one, other in zip(ours, gradients, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            torch.testing.assert_close(one, other, atol=0, rtol=0)


def test_base_and_adapted_copy_are_afterwards_what_they_were(
    config_of: dict[str, RunConfig],
) -> None:
    base, encoder = adapt(config_of["bert"])
    parameters = dict(encoder.module.named_parameters())
    values = {name: p.detach().clone() for name, p in base.module.named_parameters()}
    with kept_in_bf16(encoder.module):
        kinds = {layer_kind(m): m.weight.dtype for m in encoder.module.modules() if layer_kind(m)}
    assert kinds["Linear"] == torch.bfloat16
    assert all(kinds[kind] == torch.bfloat16 for kind in PRODUCTS if kind in kinds)
    assert kinds["Embedding"] == torch.float32
    assert all(p is parameters[name] for name, p in encoder.module.named_parameters())
    assert all(torch.equal(p, values[name]) for name, p in base.module.named_parameters())
