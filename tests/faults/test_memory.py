"""A step that runs out of memory is taken again in smaller chunks."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from faults import Ending, ending
from torch import Tensor

from lab.analysis.embeddings import compute_embeddings
from lab.config import RunConfig
from lab.data import load_pairs
from lab.encoders import load_encoder
from lab.encoders.text import TextEncoder
from lab.errors import ModelError, TrainingError
from lab.memory import is_out_of_memory

CPU_SAYS = (
    "[enforce fail at alloc_cpu.cpp:128] err == 0. DefaultCPUAllocator: can't allocate memory: you "
    "tried to allocate 8388608000 bytes. Error code 12 (Cannot allocate memory)"
)
ERRORS = {
    "gpu": lambda: torch.OutOfMemoryError("CUDA out of memory. Tried to allocate 20.00 MiB"),
    "cpu": lambda: RuntimeError(CPU_SAYS),
    "numpy": lambda: MemoryError("Unable to allocate 7.45 GiB for an array"),
}


@pytest.fixture(autouse=True)
def _quiet(one_thread: None) -> None:
    """The same order of additions in every run."""


def hold_at_most(
    monkeypatch: pytest.MonkeyPatch, pairs: int, error: Callable[[], Exception], after: int = 0
) -> None:
    """The memory suffices for so many pairs in the network, or for any of the first passes."""
    embed, passes = TextEncoder.embed, 0

    def embed_or_fail(self: TextEncoder, inputs: dict[str, Tensor], side: str) -> Tensor:
        nonlocal passes
        passes += 1
        rows = embed(self, inputs, side)
        if len(rows) > pairs and passes > after:
            raise error()
        return rows

    monkeypatch.setattr(TextEncoder, "embed", embed_or_fail)


def train(config: RunConfig, **changes: Any) -> Ending:
    train = dataclasses.replace(config.train, precision="fp32", **changes)
    return ending(dataclasses.replace(config, train=train))


@pytest.mark.parametrize("error", ERRORS.values(), ids=ERRORS)
def test_step_is_taken_again_in_smaller_chunks(
    error: Callable[[], Exception],
    config_of: dict[str, RunConfig],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = config_of["bert"]  # with dropout in the network
    asked = train(config, micro_batch_size=2)
    assert {step.micro_batch_size for step in asked.steps} == {None}
    hold_at_most(monkeypatch, 3, error)
    shrunk = train(config)
    assert {step.micro_batch_size for step in shrunk.steps} == {2}  # half of half of 8
    assert [step.loss for step in shrunk.steps] == [step.loss for step in asked.steps]
    assert all(torch.equal(shrunk.adapter[name], asked.adapter[name]) for name in asked.adapter)


def test_it_may_happen_in_the_middle_of_a_run(
    config_of: dict[str, RunConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_at_most(monkeypatch, 4, ERRORS["cpu"], after=7)  # passes: two a step
    steps = train(config_of["bert"]).steps
    assert [step.micro_batch_size for step in steps] == [None] * 3 + [4] * (len(steps) - 3)


def test_memory_for_no_pair_at_all_ends_the_run_with_the_way_out(
    config_of: dict[str, RunConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_at_most(monkeypatch, 0, ERRORS["gpu"])
    with pytest.raises(TrainingError, match="choose a smaller model or a lower r"):
        train(config_of["bert"])


def test_other_errors_are_nobodys_memory(
    config_of: dict[str, RunConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    hold_at_most(monkeypatch, 0, lambda: RuntimeError("shapes differ"))
    with pytest.raises(RuntimeError, match="shapes differ"):
        train(config_of["bert"])


def test_what_torch_says_on_this_cpu_is_understood() -> None:
    with pytest.raises(RuntimeError) as caught:
        torch.empty(1 << 60, dtype=torch.uint8)
    assert is_out_of_memory(caught.value)


def test_step_that_has_begun_to_change_parameters_is_not_taken_again(
    config_of: dict[str, RunConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise ERRORS["gpu"]()

    monkeypatch.setattr(torch.optim.AdamW, "step", fail)
    with pytest.raises(TrainingError, match="ran out of memory"):
        train(config_of["bert"])


def test_embedding_the_held_out_pairs_takes_as_many_as_there_is_memory_for(
    config_of: dict[str, RunConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    encoder, pairs = load_encoder(config_of["bert"].model), load_pairs(config_of["bert"].pairs)
    whole = compute_embeddings(encoder, pairs)
    hold_at_most(monkeypatch, 5, ERRORS["cpu"])
    small = compute_embeddings(encoder, pairs)
    np.testing.assert_allclose(small.stacked(), whole.stacked(), atol=1e-6)
    hold_at_most(monkeypatch, 0, ERRORS["gpu"])
    with pytest.raises(ModelError, match="a single text or picture; choose a smaller model"):
        compute_embeddings(encoder, pairs)
