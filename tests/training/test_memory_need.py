"""Where a CPU's memory would not suffice, a step has fewer pairs in the network at once."""

from __future__ import annotations

import dataclasses
from weakref import ref

import pytest
import torch
from torch import Tensor, nn
from toy_encoder import WIDTH, ToyEncoder, adapted_encoder, adapter_of, equal, make_pairs

from lab.config import RunConfig, TrainConfig
from lab.data import load_pairs
from lab.encoders import load_encoder
from lab.errors import TrainingError
from lab.training import memory_need
from lab.training.loop import finetune
from lab.training.memory_need import MORE, SPARED, fit_batch
from lab.training.session import inject
from lab.training.trainer import Trainer

BATCH, NUMBERS = 32, 10_000
CONFIG = TrainConfig(epochs=2, batch_size=BATCH, precision="fp32")


class Wide(nn.Module):
    """Keeps so many numbers of each item for its backward pass, and next to nothing beside."""

    def __init__(self) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1))
        self.made: list[ref[Tensor]] = []

    def forward(self, x: Tensor) -> Tensor:
        wide = (self.weight * x[:, :1]).expand(-1, NUMBERS).exp()  # exp keeps its result
        self.made.append(ref(wide))
        return wide[:, :WIDTH]


def leave(monkeypatch: pytest.MonkeyPatch, free: float | None) -> None:
    """So many bytes are free for what is kept."""
    needed = (free or 0) * MORE
    told = None if free is None else needed + min(SPARED, needed)
    monkeypatch.setattr(memory_need, "find_free", lambda: told)


@pytest.mark.parametrize(
    ("pairs_kept", "expected"), [(65, None), (63, 16), (17, 16), (15, 8), (1.1, 1), (0.5, 0)]
)
def test_a_batch_is_halved_until_it_fits(
    pairs_kept: float, expected: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a whole batch both sides are kept, of a chunk one."""
    leave(monkeypatch, pairs_kept * 4 * (NUMBERS + 1))
    assert fit_batch(ToyEncoder(Wide()), make_pairs(40), CONFIG) == expected


def test_what_was_asked_for_stays_where_it_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    config = dataclasses.replace(CONFIG, micro_batch_size=12)
    for pairs_kept, expected in ((1000, 12), (13, 12), (11, 6)):
        leave(monkeypatch, pairs_kept * 4 * (NUMBERS + 1))
        assert fit_batch(ToyEncoder(Wide()), make_pairs(40), config) == expected


def test_where_nobody_can_tell_the_settings_stand(monkeypatch: pytest.MonkeyPatch) -> None:
    leave(monkeypatch, None)
    assert fit_batch(ToyEncoder(Wide()), make_pairs(), CONFIG) is None


def test_a_frozen_side_keeps_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    leave(monkeypatch, 1)
    frozen = ToyEncoder(Wide().requires_grad_(False))
    assert fit_batch(frozen, make_pairs(), CONFIG) is None


def test_measuring_leaves_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    """With dropout, whose numbers are those of the steps."""
    results = []
    for free in (None, 1e12):
        leave(monkeypatch, free)
        encoder = adapted_encoder(dropout=0.3)
        list(finetune(encoder, make_pairs(), CONFIG))
        results.append(adapter_of(encoder))
    assert equal(*results)


def test_what_was_measured_is_gone_afterwards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph that holds its own results would stay for good: no collector looks into it."""
    leave(monkeypatch, 1e12)
    module = Wide()
    fit_batch(ToyEncoder(module), make_pairs(), CONFIG)
    assert len(module.made) == 2  # sides
    assert {made() for made in module.made} == {None}


def test_what_is_kept_is_what_autograd_keeps(config_of: dict[str, RunConfig]) -> None:
    """Against the slow obvious count: every tensor of a larger batch's graph, weights left out."""
    config = config_of["bert"]
    encoder = load_encoder(config.model)
    adapted = inject(encoder, config)
    pairs = load_pairs(config.pairs)
    longest = sorted(pairs.b, key=len)[-1]
    each = memory_need._measure(adapted, [longest] * 2, "b", CONFIG)
    kept = [memory_need._count_kept(adapted, [longest] * count, "b", CONFIG) for count in (4, 12)]
    assert kept[1] - kept[0] == pytest.approx(8 * each, rel=0.1)  # a mask is kept once


def test_a_run_that_would_not_fit_is_trained_in_chunks_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, chunked = adapted_encoder(), adapted_encoder()
    asked = list(finetune(whole, make_pairs(), dataclasses.replace(CONFIG, micro_batch_size=4)))
    monkeypatch.setattr("lab.training.trainer.fit_batch", lambda *_: 4)
    told = list(finetune(chunked, make_pairs(), CONFIG))
    assert {step.micro_batch_size for step in told} == {4}
    assert [step.loss for step in told] == [step.loss for step in asked]
    assert equal(adapter_of(whole), adapter_of(chunked))


def test_a_run_of_which_not_a_pair_fits_ends_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    leave(monkeypatch, 1)
    with pytest.raises(TrainingError, match="choose a smaller model or a lower r"):
        Trainer(ToyEncoder(Wide()), make_pairs(), CONFIG)
