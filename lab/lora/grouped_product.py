"""The products of several adapters over one frozen weight, with a backward pass of their own.

Their inputs are stacked, so that the frozen product is one for all. The thin products are batched
ones over a bucket: neighbours of like rank, padded with zero rows to the largest of them. A zero
row of A and B adds nothing, gets no gradient from its partner, and nobody writes to it.

Letters: K adapters, G of them in a bucket, N rows of one adapter's input, r rank, R a bucket's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from lab.lora.products import compute_dtype

# Padding to it costs a GPU less than the launches of another bucket (tests/benchmarks/RESULTS.md).
SMALL = 256


@dataclass(frozen=True, eq=False)
class Bucket:
    """Adapters that stand side by side.

    members: which of the K they are.
    a (G, R, in), b (G, R, out): the factors A and Bᵀ, each padded below its own rank.
    scaling: (G, 1, 1).
    """

    members: slice
    a: Tensor
    b: Tensor
    scaling: Tensor


def find_buckets(ranks: Sequence[int]) -> list[slice]:
    """Runs of neighbours in which none is padded to more than twice its rank, or to SMALL."""
    starts = [0]
    for i in range(len(ranks)):
        members = ranks[starts[-1] : i + 1]
        if max(members) > max(SMALL, 2 * min(members)):
            starts.append(i)
    return [slice(*ends) for ends in pairwise([*starts, len(ranks)])]


def grouped_linear(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    buckets: Sequence[Bucket],
    factors: Sequence[Tensor],
) -> Tensor:
    """x_k Wᵀ + bias + s_k·x_k A_kᵀ B_kᵀ, one adapter after another: (K·N, ..., in) -> (..., out).

    factors: A_1 ... A_K, B_1 ... B_K, views of the buckets' tensors; the gradients go to them.
    W and the bias get none. In the type of x, or that of an autocast around it.
    """
    return _GroupedLinear.apply(x.to(compute_dtype(x)), weight, bias, buckets, *factors)


class _GroupedLinear(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor,
        bias: Tensor | None,
        buckets: Sequence[Bucket],
        *factors: Tensor,
    ) -> Tensor:
        """(K·N, ..., in) -> (K·N, ..., out), in the type of x."""
        dtype, count = x.dtype, len(factors) // 2
        weight = weight.to(dtype)
        kept = []
        with torch.autocast(x.device.type, enabled=False):
            y = F.linear(x, weight, None if bias is None else bias.to(dtype))
            xs, ys = _apart(x, count), _apart(y, count)
            for bucket in buckets:
                a, b = bucket.a.to(dtype), bucket.b.to(dtype)
                narrow = torch.bmm(xs[bucket.members], a.mT).mul_(bucket.scaling)  # (G, N, R)
                ys[bucket.members].baddbmm_(narrow, b)
                kept += [a, b, narrow]
        ctx.save_for_backward(x, weight, *kept)
        ctx.buckets, ctx.ranks = buckets, [factor.shape[0] for factor in factors[:count]]
        return y

    @staticmethod
    def backward(ctx: Any, grad: Tensor) -> tuple[Tensor | None, ...]:
        """(K·N, ..., out) -> the gradients of x, of every A and of every B."""
        x, weight, *kept = ctx.saved_tensors
        count = len(ctx.ranks)
        grads, xs = _apart(grad, count), _apart(x, count)  # (K, N, out), (K, N, in)
        grad_x = grads @ weight if ctx.needs_input_grad[0] else None  # (K, N, in)
        grads_a, grads_b = [], []
        for i, bucket in enumerate(ctx.buckets):
            a, b, narrow = kept[3 * i : 3 * i + 3]
            ours, ranks = grads[bucket.members], ctx.ranks[bucket.members]
            back = torch.bmm(ours, b.mT).mul_(bucket.scaling)  # (G, N, R)
            grad_a = torch.bmm(back.mT, xs[bucket.members]).to(bucket.a.dtype)  # (G, R, in)
            grad_b = torch.bmm(narrow.mT, ours).to(bucket.b.dtype)  # (G, R, out)
            grads_a += [one[:r] for one, r in zip(grad_a, ranks, strict=True)]
            grads_b += [one[:r].T for one, r in zip(grad_b, ranks, strict=True)]
            if grad_x is not None:
                grad_x[bucket.members].baddbmm_(back, a)
        grad_x = None if grad_x is None else grad_x.view_as(x)
        return grad_x, None, None, None, *grads_a, *grads_b


def _apart(rows: Tensor, count: int) -> Tensor:
    return rows.reshape(count, -1, rows.shape[-1])  # (K, N, ...)
