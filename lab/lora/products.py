"""The product of an adapted layer, with a backward pass of its own.

Autograd would keep, for every adapted layer, what dropout left of the input, and its mask. Here it
is the input, which layers side by side share, and a mask is a seed or a byte an entry.

Letters: N rows of the input (all its leading dimensions), r rank.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import torch
import torch.nn.functional as F
from torch import Tensor

HALF = 1 << 15  # a 16-bit number is one of 2 · HALF
Mask = Tensor | int | None  # what is kept (N, in), the seed it is drawn from, or all


class Update(NamedTuple):
    """scaling · BA, with A (r, in) and B (out, r), on a share 1 - dropout of the input."""

    a: Tensor
    b: Tensor
    scaling: float
    dropout: float = 0.0


def adapted_linear(x: Tensor, weight: Tensor, bias: Tensor | None, update: Update) -> Tensor:
    """x Wᵀ + bias + s·dropout(x) AᵀBᵀ: (..., in) -> (..., out), with W (out, in).

    In the type of x, or that of an autocast around it; the gradients of A and B are in theirs. W
    gets none, so its full gradient is never formed.
    """
    a, b, scaling, p = update
    x = x.to(compute_dtype(x))
    return _AdaptedLinear.apply(x, weight, bias, a, b, scaling / (1 - p), p, _draw_mask(x, p))


def compute_dtype(x: Tensor) -> torch.dtype:
    """The type that products of x are computed in: that of an autocast around it, or its own."""
    kind = x.device.type
    return torch.get_autocast_dtype(kind) if torch.is_autocast_enabled(kind) else x.dtype


def _draw_mask(x: Tensor, p: float) -> Mask:
    """A mask for the rows of x, from torch's generators.

    On a GPU it is drawn once and kept, which is cheap there, and CUDA graphs know torch's generator
    but no other.
    """
    if not p:
        return None
    if x.device.type == "cuda":
        return torch.empty(_rows(x).shape, dtype=torch.bool, device=x.device).bernoulli_(1 - p)
    return int(torch.randint(1 << 62, ()))


def draw_kept(shape: torch.Size, p: float, seed: int, device: torch.device) -> Tensor:
    """What dropout keeps: True with probability 1 - p, the same for the same seed.

    Four 16-bit numbers are cut from each drawn 64-bit one, which is three times as fast on a CPU as
    torch's own Bernoulli; p is rounded to 1/65,536.
    """
    generator = torch.Generator(device).manual_seed(seed)
    words = torch.empty(-(-shape.numel() // 4), dtype=torch.int64, device=device)
    words.random_(-(1 << 63), None, generator=generator)
    numbers = words.view(torch.int16)[: shape.numel()].view(shape)
    dropped = min(round(p * 2 * HALF), 2 * HALF - 1)  # of 65,536; all would not fit 16 bits
    return numbers >= dropped - HALF


def _rows(x: Tensor) -> Tensor:
    return x.reshape(-1, x.shape[-1])  # (N, ...)


class _AdaptedLinear(torch.autograd.Function):
    """Both branches into one output; the mask is drawn again in the backward pass.

    Beside the frozen product and its gradient stand six thin ones, two forward and four backward.
    Merging first, x (W + s·BA)ᵀ, has six as well and measured alike (tests/benchmarks/RESULTS.md).
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        a: Tensor,
        b: Tensor,
        scaling: float,
        p: float,
        mask: Mask,
    ) -> Tensor:
        """(..., in) -> (..., out), in the type of x."""
        dtype = x.dtype
        weight, a, b = weight.to(dtype), a.to(dtype), b.to(dtype)
        with torch.autocast(x.device.type, enabled=False):
            rows = _rows(x)
            narrow = _drop(rows, _kept(rows, p, mask)) @ a.T  # (N, r)
            y = F.linear(x, weight, None if bias is None else bias.to(dtype))
            _rows(y).addmm_(narrow, b.T, alpha=scaling)
        ctx.save_for_backward(x, weight, a, b, narrow)
        ctx.settings = scaling, p, mask
        return y

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        """(..., out) -> the gradients of x, bias, A and B, each at its place in forward."""
        x, weight, a, b, narrow = ctx.saved_tensors
        scaling, p, mask = ctx.settings
        grad, rows = _rows(grad), _rows(x)  # (N, out), (N, in)
        kept = _kept(rows, p, mask)
        back = (grad @ b).mul_(scaling)  # (N, r)
        grad_a = back.T @ _drop(rows, kept)  # (r, in)
        grad_b = (grad.T @ narrow).mul_(scaling)  # (out, r)
        grad_x = None
        if ctx.needs_input_grad[0]:
            grad_x = _drop(back @ a, kept).addmm_(grad, weight).view_as(x)  # (..., in)
        grad_bias = grad.sum(0) if ctx.needs_input_grad[2] else None
        return grad_x, None, grad_bias, grad_a, grad_b, None, None, None


def _kept(rows: Tensor, p: float, mask: Mask) -> Tensor | None:
    """What the mask keeps (N, in); None: all."""
    return draw_kept(rows.shape, p, mask, rows.device) if isinstance(mask, int) else mask


def _drop(rows: Tensor, kept: Tensor | None) -> Tensor:
    """The rows with what is dropped set to 0; what is kept stays as large as it was."""
    # Several times as fast on a CPU as a product with what is True and False.
    return rows if kept is None else torch.where(kept, rows, 0.0)
