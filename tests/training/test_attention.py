"""Attention in fp32 within bf16: nearer to the truth than bf16's own, and in its type."""

from __future__ import annotations

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor

from lab.training.device import autocast

CPU = torch.device("cpu")


def draw(dtype: torch.dtype) -> list[Tensor]:
    """Query, key and value (2, 3, 7, 8)."""
    generator = torch.Generator().manual_seed(0)
    shape = (2, 3, 7, 8)
    made = [torch.randn(shape, generator=generator).bfloat16().to(dtype) for _ in range(3)]
    return [tensor.requires_grad_() for tensor in made]


def mask_of(kind: str) -> Tensor | None:
    """None, (2, 1, 7, 7) of bool, or the same of bf16 to be added."""
    if kind == "none":
        return None
    kept = torch.ones(2, 1, 7, 7, dtype=torch.bool).tril()
    if kind == "bool":
        return kept
    return torch.zeros(kept.shape, dtype=torch.bfloat16).masked_fill(~kept, -torch.inf)


@pytest.mark.parametrize("kind", ["none", "bool", "added"])
@pytest.mark.parametrize("named", [False, True])
def test_attention_is_fp32s_rounded_once(kind: str, named: bool) -> None:
    exact, low = draw(torch.float32), draw(torch.bfloat16)
    mask = mask_of(kind)
    wide = mask.float() if kind == "added" else mask
    expected = F.scaled_dot_product_attention(*exact, attn_mask=wide)
    with autocast(CPU, "bf16"):
        if named:
            names = dict(zip(("query", "key", "value"), low, strict=True))
            given = F.scaled_dot_product_attention(**names, attn_mask=mask)
        else:
            given = F.scaled_dot_product_attention(*low, attn_mask=mask)
        product = low[0] @ low[1].transpose(-1, -2)
    assert given.dtype == product.dtype == torch.bfloat16
    assert torch.equal(given, expected.bfloat16())
    given.float().square().sum().backward()
    expected.square().sum().backward()
    for one, other in zip(low, exact, strict=True):
        assert one.grad.dtype == torch.bfloat16
        torch.testing.assert_close(one.grad.float(), other.grad, atol=0.05, rtol=0.05)


def test_outside_it_attention_is_torchs_own() -> None:
    low = draw(torch.bfloat16)
    before = F.scaled_dot_product_attention(*low)
    with autocast(CPU, "bf16"):
        pass
    assert torch.equal(F.scaled_dot_product_attention(*low), before)
