"""What a run cost on pairs that it never saw."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from lab.analysis.embeddings import EmbeddingSet
from lab.analysis.forgetting import Forgetting, compare_hits, measure_after, measure_base
from lab.analysis.recall import Hits, find_hits
from lab.analysis.verdict import in_english
from lab.data.dataset import PairDataset
from lab.data.pair import Pair

COUNT = 30


class NumberEncoder:
    """Text "7 ..." is the unit vector 7; the first `lost` numbers look like the one after them."""

    name, family, kind, towers, dim, pooling = "numbers", "bert", "text-text", {}, COUNT, "mean"

    def __init__(self, lost: int) -> None:
        self.module, self._lost = nn.Identity(), lost

    def preprocess(self, items: Sequence[str], side: str) -> dict[str, Tensor]:
        numbers = [int(item.split()[0]) for item in items]
        is_lost = [side == "b" and number < self._lost for number in numbers]
        return {"x": torch.tensor([n + lost for n, lost in zip(numbers, is_lost, strict=True)])}

    def embed(self, inputs: Mapping[str, Tensor], side: str) -> Tensor:
        return torch.eye(COUNT)[inputs["x"]]

    def with_module(self, module: nn.Module) -> NumberEncoder:
        raise NotImplementedError


def _pairs(count: int = COUNT, name: str = "numbers") -> PairDataset:
    pairs = (Pair(f"{i} one", f"{i} other", i) for i in range(count))
    return PairDataset(name, "text-text", tuple(pairs))


def measure(before: int, after: int, **options) -> Forgetting:
    """On numbers, of which the two encoders have lost so many."""
    return measure_after(
        measure_base(NumberEncoder(before), _pairs(), **options), NumberEncoder(after), **options
    )


def test_a_loss_is_measured_in_both_directions():
    shares: list[float] = []
    found = measure(0, 12, progress=shares.append)
    assert (found.name, found.count) == ("numbers", COUNT)
    assert found.before.mean.value == 1
    # Text 12 of the second side stays itself, but ties with 11, which counts against it.
    assert found.after.b_to_a.value == pytest.approx((COUNT - 12) / COUNT)
    assert found.after.a_to_b.value == pytest.approx((COUNT - 13) / COUNT)
    for direction in ("a_to_b", "b_to_a", "mean"):
        before, after, change = (
            getattr(moment, direction) for moment in (found.before, found.after, found.change)
        )
        assert change.value == pytest.approx(after.value - before.value)
        assert change.low < change.value < change.high < 0
        assert after.low < after.value < after.high
    halves = (found.after.a_to_b.value, found.after.b_to_a.value)
    assert found.after.mean.value == pytest.approx(sum(halves) / 2)
    assert max(found.p_values.values()) < 1e-3
    moments = shares[: len(shares) // 2], shares[len(shares) // 2 :]
    assert all(told == sorted(told) and told[-1] == 1 for told in moments)
    assert json.loads(json.dumps(found.as_json()))["count"] == COUNT


@pytest.mark.parametrize(
    ("before", "after", "kind", "word"),
    [
        (0, 12, "fell", "fell from 1.00"),
        (12, 0, "rose", "rose from 0.58"),
        (1, 2, "chance", "went from 0.95"),
        (5, 5, "same", "stayed at 0.82"),
    ],
)
def test_the_verdict_joins_that_of_the_held_out_pairs(
    before: int, after: int, kind: str, word: str
):
    found = measure(before, after)
    for direction in ("a_to_b", "b_to_a", "mean"):
        verdict = found.verdict(direction)
        assert (verdict.kind, verdict.direction, verdict.pairs) == (kind, direction, COUNT)
        assert verdict.before == getattr(found.before, direction).value
        assert verdict.after == getattr(found.after, direction).value
    verdicts = {direction: found.verdict(direction) for direction in found.p_values}
    sentence = in_english(verdicts, "one", "other", {found.name: found.verdict()})
    assert f"on the numbers control set it {word}" in sentence


def test_the_interval_is_of_pairs_and_not_of_their_directions():
    """Both directions of a pair are lost together: as wide as for one direction alone."""
    ones, zeros = np.ones(COUNT, dtype=int), np.zeros(COUNT, dtype=int)
    lost = np.where(np.arange(COUNT) < 10, zeros, ones)
    found = compare_hits("c", Hits(ones, ones), Hits(lost, lost))
    assert found.change.mean == found.change.a_to_b == found.change.b_to_a


def test_hits_are_the_largest_of_their_row_and_column(unit_rows):
    a, b = unit_rows(50, 4, seed=1), unit_rows(50, 4, seed=2)
    keys = tuple(map(str, range(50)))
    found = find_hits(EmbeddingSet(a, b, keys, keys))
    similarity = a @ b.T
    np.testing.assert_array_equal(found.a_to_b, similarity.argmax(axis=1) == np.arange(50))
    np.testing.assert_array_equal(found.b_to_a, similarity.argmax(axis=0) == np.arange(50))
    np.testing.assert_array_equal(found.sum, found.a_to_b + found.b_to_a)
    assert 0 < found.sum.mean() < 2
