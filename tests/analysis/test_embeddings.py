"""compute_embeddings over an encoder that counts what it is asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lab.analysis.embeddings import compute_embeddings
from lab.data.dataset import PairDataset
from lab.data.pair import Pair, Side
from lab.encoders.base import Encoder
from lab.errors import ModelError


class LetterModel(nn.Module):
    """Counts of letters through a Linear, with dropout that must be off."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.linear, self.dropout = nn.Linear(26, 8), nn.Dropout(0.5)

    def forward(self, counts: Tensor) -> Tensor:
        return self.linear(self.dropout(counts))


class LetterEncoder:
    name, family, kind, towers, dim, pooling = "letters", "bert", "text-text", {}, 8, "mean"

    def __init__(self) -> None:
        self.module = LetterModel()
        self.batches: list[list[str]] = []

    def preprocess(self, items: Sequence[str], side: Side) -> dict[str, Tensor]:
        self.batches.append(list(items))
        counts = [[item.count(chr(97 + i)) for i in range(26)] for item in items]
        return {"counts": torch.tensor(counts, dtype=torch.float32)}

    def embed(self, inputs: Mapping[str, Tensor], side: Side) -> Tensor:
        return 3 * self.module(inputs["counts"])

    def with_module(self, module: nn.Module) -> Encoder:
        raise NotImplementedError


@pytest.fixture
def encoder() -> LetterEncoder:
    return LetterEncoder()


@pytest.fixture
def pairs() -> PairDataset:
    texts = [("a cat", "eine katze"), ("a dog", "ein hund"), ("a cat", "katze"), ("fish", "fisch")]
    return PairDataset("t", "text-text", tuple(Pair(a, b, i) for i, (a, b) in enumerate(texts)))


def test_rows_have_length_one_and_the_order_of_the_pairs(encoder, pairs) -> None:
    made = compute_embeddings(encoder, pairs, batch_size=2)
    encoder.module.eval()
    for rows, items in ((made.a, pairs.a), (made.b, pairs.b)):
        direct = encoder.embed(encoder.preprocess(items, "a"), "a").detach().numpy()
        np.testing.assert_allclose(
            rows, direct / np.linalg.norm(direct, axis=1, keepdims=True), atol=1e-6
        )
    assert made.stacked().shape == (8, 8)
    assert (made.a_keys, made.b_keys) == (pairs.a_keys, pairs.b_keys)


def test_each_distinct_item_is_embedded_once(encoder, pairs) -> None:
    made = compute_embeddings(encoder, pairs, batch_size=2)
    seen = [item for batch in encoder.batches for item in batch]
    assert sorted(seen) == sorted({*pairs.a, *pairs.b})
    np.testing.assert_array_equal(made.a[0], made.a[2])


@pytest.mark.parametrize("training", [True, False])
def test_the_modules_mode_comes_back_also_after_an_error(encoder, pairs, training) -> None:
    encoder.module.train(training)
    compute_embeddings(encoder, pairs)
    assert encoder.module.training is training
    nn.init.constant_(encoder.module.linear.bias, float("nan"))
    with pytest.raises(ModelError, match="'letters' gives embeddings that are not finite"):
        compute_embeddings(encoder, pairs)
    assert encoder.module.training is training


def test_progress_rises_to_one(encoder, pairs) -> None:
    shares: list[float] = []
    compute_embeddings(encoder, pairs, batch_size=1, progress=shares.append)
    assert shares == sorted(shares)
    assert shares[-1] == 1
