"""The pooling kernels against a loop over texts, on padding of either side."""

from __future__ import annotations

import pytest
import torch

from lab.encoders.pooling import KERNELS, pool

REFERENCE = {
    "mean": lambda rows: rows.mean(0),
    "cls": lambda rows: rows[0],
    "last": lambda rows: rows[-1],
    "lasttoken": lambda rows: rows[-1],
    "max": lambda rows: rows.max(0).values,
    "mean_sqrt_len_tokens": lambda rows: rows.sum(0) / len(rows) ** 0.5,
    "weightedmean": lambda rows: (
        sum((i + 1) * row for i, row in enumerate(rows)) / sum(range(1, len(rows) + 1))
    ),
}
MASK = torch.tensor([[1, 1, 1, 1, 1], [1, 1, 0, 0, 0], [1, 0, 0, 0, 0]])


@pytest.mark.parametrize("name", KERNELS)
@pytest.mark.parametrize("mask", [MASK, MASK.flip(1)], ids=["right", "left"])
def test_kernel_matches_loop(name: str, mask: torch.Tensor) -> None:
    hidden = torch.randn(3, 5, 4)
    expected = [REFERENCE[name](rows[keep.bool()]) for rows, keep in zip(hidden, mask, strict=True)]
    torch.testing.assert_close(KERNELS[name](hidden, mask), torch.stack(expected))


@pytest.mark.parametrize("name", KERNELS)
def test_padding_gets_no_gradient(name: str) -> None:
    hidden = torch.randn(3, 5, 4, requires_grad=True)
    KERNELS[name](hidden, MASK).sum().backward()
    assert hidden.grad is not None
    assert (hidden.grad[MASK == 0] == 0).all()


def test_several_poolings_stand_side_by_side() -> None:
    hidden = torch.randn(3, 5, 4, dtype=torch.bfloat16)
    both = pool(hidden, MASK, ["cls", "mean"])
    assert both.shape == (3, 8)
    assert both.dtype == torch.float32
    assert torch.equal(both[:, :4], hidden[:, 0].float())
