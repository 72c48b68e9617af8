"""InfoNCE against its definition, written out slowly, and against another package's."""

from __future__ import annotations

import math
import warnings

import pytest
import torch
from torch import Tensor

from lab.training.losses import info_nce, info_nce_blocks


def draw(count: int = 6, width: int = 5) -> tuple[Tensor, Tensor]:
    generator = torch.Generator().manual_seed(count)
    a, b = torch.randn(2, count, width, generator=generator, dtype=torch.float64)
    return 3 * a, b + a


def slow_info_nce(a: Tensor, b: Tensor, temperature: float) -> float:
    """-log of the partner's share among all candidates, each way, in plain loops."""

    def cosine(x: Tensor, y: Tensor) -> float:
        return float(x @ y / (x.norm() * y.norm()))

    def one_way(queries: Tensor, answers: Tensor) -> float:
        total = 0.0
        for i, query in enumerate(queries):
            shares = [math.exp(cosine(query, answer) / temperature) for answer in answers]
            total -= math.log(shares[i] / sum(shares))
        return total / len(queries)

    return (one_way(a, b) + one_way(b, a)) / 2


@pytest.mark.parametrize("temperature", [0.05, 0.5, 5.0])
@pytest.mark.parametrize("count", [2, 6])
def test_loss_is_its_definition(count: int, temperature: float) -> None:
    a, b = draw(count)
    expected = slow_info_nce(a, b, temperature)
    assert info_nce(a, b, temperature).item() == pytest.approx(expected, rel=1e-5, abs=1e-6)


def test_loss_is_that_of_sentence_transformers_in_both_directions() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the package warns about what it imports itself
        from sentence_transformers.sentence_transformer.losses import MultipleNegativesRankingLoss

    a, b = (tensor.float() for tensor in draw())
    theirs = MultipleNegativesRankingLoss(
        model=torch.nn.Identity(),
        scale=1 / 0.05,
        directions=("query_to_doc", "doc_to_query"),
        partition_mode="per_direction",
    ).compute_loss_from_embeddings([a, b], labels=torch.empty(0))
    torch.testing.assert_close(info_nce(a, b, 0.05), theirs)


def test_sides_may_be_swapped_and_lengths_do_not_count() -> None:
    a, b = draw()
    loss = info_nce(a, b, 0.1)
    torch.testing.assert_close(info_nce(b, a, 0.1), loss)
    torch.testing.assert_close(info_nce(a * 7, b / 7, 0.1), loss)


def test_collapsed_encoder_scores_the_log_of_the_batch() -> None:
    same = torch.ones(8, 4)
    assert info_nce(same, same, 0.07).item() == pytest.approx(math.log(8))


def test_gradient_flows_to_both_sides_and_the_temperature() -> None:
    a, b = (tensor.float().requires_grad_() for tensor in draw())
    temperature = torch.tensor(0.1, requires_grad=True)
    info_nce(a, b, temperature).backward()
    assert all(tensor.grad.abs().sum() > 0 for tensor in (a, b, temperature))


def test_half_precision_features_are_compared_in_single() -> None:
    a, b = draw()
    loss = info_nce(a.bfloat16(), b.bfloat16(), 0.05)
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, info_nce(a.bfloat16().float(), b.bfloat16().float(), 0.05))


def test_block_losses_are_each_blocks_own() -> None:
    a, b = torch.randn(3, 6, 5), torch.randn(3, 6, 5)
    temperatures = torch.tensor([0.05, 0.1, 1.0])
    expected = [info_nce(a[k], b[k], temperatures[k]) for k in range(3)]
    torch.testing.assert_close(info_nce_blocks(a, b, temperatures), torch.stack(expected))
    for one, other in ((a, b[0]), (b[0], a)):  # a side that all share
        wide = [tensor.expand(3, 6, 5) for tensor in (one, other)]
        shared = info_nce_blocks(one, other, temperatures)
        torch.testing.assert_close(shared, info_nce_blocks(*wide, temperatures))
