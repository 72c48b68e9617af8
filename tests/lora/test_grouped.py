"""Several adapters over one frozen layer: each answers, and learns, as it would alone."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
import torch
from torch import Tensor, nn
from transformers.pytorch_utils import Conv1D

from lab.config import LoRAConfig
from lab.lora import apply_lora_to_model, copy_sharing_parameters, find_lora_layers
from lab.lora.grouped import GroupedLoRALayer, grouped
from lab.lora.grouped_product import SMALL, find_buckets
from lab.lora.layer import LoRALayer

IN, OUT, ROWS = 7, 5, 6
RANKS = (2, 3, SMALL + 8, 2 * SMALL, 1)  # three buckets


def make_layers(base: nn.Module, ranks: Sequence[int] = RANKS) -> list[LoRALayer]:
    """Trained a little: B is not zero. Every second one's scaling is another."""
    generator = torch.Generator().manual_seed(0)
    layers = [LoRALayer(base, r, lora_alpha=2.0 + i % 2) for i, r in enumerate(ranks)]
    for layer in layers:
        layer.lora_B.data = torch.randn(layer.lora_B.shape, generator=generator) / layer.r
    return layers


def linear(kind: type) -> nn.Module:
    torch.manual_seed(0)
    return (nn.Linear(IN, OUT) if kind is nn.Linear else Conv1D(OUT, IN)).requires_grad_(False)


def learn(y: Tensor, x: Tensor, layers: Sequence[LoRALayer]) -> list[Tensor]:
    """Gradients of a loss that asks each row for something else."""
    goal = torch.linspace(-1, 1, y.numel(), dtype=y.dtype).view(y.shape)
    factors = [factor for layer in layers for factor in (layer.lora_A, layer.lora_B)]
    return list(torch.autograd.grad((y - goal).square().sum(), [x, *factors]))


@pytest.mark.parametrize("kind", [nn.Linear, Conv1D])
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_answers_and_gradients_are_those_of_each_layer_alone(kind, dtype) -> None:
    base = linear(kind)
    layers = make_layers(base)
    x = torch.randn(len(layers) * ROWS, 4, IN, dtype=dtype, requires_grad=True)
    parts = zip(layers, x.chunk(len(layers)), strict=True)
    alone = torch.cat([layer(part) for layer, part in parts])
    expected = learn(alone, x, layers)
    together = GroupedLoRALayer(base, layers)(x)
    torch.testing.assert_close(together, alone, rtol=1e-5, atol=1e-6)
    for mine, theirs in zip(learn(together, x, layers), expected, strict=True):
        torch.testing.assert_close(mine, theirs, rtol=1e-5, atol=1e-4)


def test_nothing_but_what_asks_for_it_gets_a_gradient() -> None:
    base = linear(nn.Linear)
    layers = make_layers(base)
    x = torch.randn(len(layers) * ROWS, IN)
    GroupedLoRALayer(base, layers)(x).sum().backward()
    assert x.grad is None
    assert base.weight.grad is None
    assert all(layer.lora_A.grad.shape == layer.lora_A.shape for layer in layers)


def test_gradients_lie_where_the_product_left_them_and_as_their_factors_lie() -> None:
    """The fused optimizer of a GPU asks for the latter."""
    layers = make_layers(linear(nn.Linear), (2, 3, 1))
    GroupedLoRALayer(linear(nn.Linear), layers)(torch.randn(3 * ROWS, IN)).sum().backward()
    assert len({layer.lora_B.grad.untyped_storage().data_ptr() for layer in layers}) == 1
    for factor in (factor for layer in layers for factor in (layer.lora_A, layer.lora_B)):
        moments = torch.zeros_like(factor, memory_format=torch.preserve_format)  # as AdamW does
        assert factor.grad.stride() == moments.stride() == factor.stride()


def test_in_eval_mode_the_base_answers_alone() -> None:
    base = linear(nn.Linear)
    layer = GroupedLoRALayer(base, make_layers(base)).eval()
    x = torch.randn(3, IN)  # no multiple of the adapters
    assert torch.equal(layer(x), base(x))


@pytest.mark.parametrize(
    "ranks", [RANKS, (4, 8, 16, 32, 64, 128, 256), (256, 4, 256), (8,) * 5, (33, 66, 67)]
)
def test_buckets_hold_everyone_once_and_pad_little(ranks: tuple[int, ...]) -> None:
    buckets = [ranks[members] for members in find_buckets(ranks)]
    assert sum(buckets, ()) == ranks
    for bucket in buckets:
        assert max(bucket) <= max(SMALL, 2 * min(bucket))
    for one, after in pairwise(buckets):
        joined = (*one, after[0])
        assert max(joined) > max(SMALL, 2 * min(joined))


def make_models(ranks: Sequence[int] = (2, 3, SMALL + 8)) -> tuple[nn.Module, list[nn.Module]]:
    """A frozen base whose first layer stands in two places, and models that share it."""
    torch.manual_seed(0)
    shared = nn.Linear(IN, IN)
    base = nn.Sequential(shared, nn.Tanh(), shared, nn.Linear(IN, OUT)).requires_grad_(False)
    models = [copy_sharing_parameters(base) for _ in ranks]
    for model, r in zip(models, ranks, strict=True):
        apply_lora_to_model(model, LoRAConfig(r=r, target_modules=("0", "2", "3")))
    return base, models


def test_grouped_model_trains_the_models_own_parameters_and_padding_stays_zero() -> None:
    base, models = make_models()
    before = [tensor.clone() for tensor in base.parameters()]
    parameters = [p for model in models for p in model.parameters() if p.requires_grad]
    optimizer = torch.optim.AdamW(parameters, lr=0.1)
    x = torch.randn(ROWS, IN)
    with grouped(models) as model:
        layers = [layer for layer in model.modules() if isinstance(layer, GroupedLoRALayer)]
        assert len(layers) == 2  # one of them stands in two places
        for _ in range(3):
            optimizer.zero_grad()
            model(x.repeat(3, 1)).square().sum().backward()
            optimizer.step()
        answers = model(x.repeat(3, 1)).chunk(3)
        for one, answer in zip(models, answers, strict=True):
            torch.testing.assert_close(one(x), answer)
        for layer in layers:
            ranks = [len(factor) for factor in layer.lora_A]
            for bucket in layer.buckets:
                for a, b, r in zip(bucket.a, bucket.b, ranks[bucket.members], strict=True):
                    assert a[:r].any()
                    assert b[:r].any()
                    assert not a[r:].any()
                    assert not b[r:].any()
    assert all(map(torch.equal, base.parameters(), before))


def test_afterwards_every_factor_has_memory_of_its_own() -> None:
    _, models = make_models()
    with grouped(models):
        inside = [p.detach().clone() for model in models for p in model.parameters()]
    factors = [
        factor
        for model in models
        for layer in find_lora_layers(model).values()
        for factor in (layer.lora_A, layer.lora_B)
    ]
    assert len({factor.untyped_storage().data_ptr() for factor in factors}) == len(factors)
    for factor in factors:
        assert factor.is_contiguous()
        assert factor.untyped_storage().nbytes() == factor.numel() * factor.element_size()
    outside = [p for model in models for p in model.parameters()]
    assert all(map(torch.equal, inside, outside))
