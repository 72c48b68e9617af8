"""Runs that cannot go on: what they say, and what they leave behind."""

from __future__ import annotations

import dataclasses
import math

import pytest
import torch
from toy_encoder import ToyEncoder, adapted_encoder, adapter_of, base_encoder, equal, make_pairs

from lab.config import TrainConfig
from lab.data.pair import Pair
from lab.errors import DataError, TrainingError
from lab.training.loop import finetune

CONFIG = TrainConfig(epochs=3, batch_size=8, learning_rate=0.01)


def spoil(encoder: ToyEncoder, monkeypatch: pytest.MonkeyPatch, forwards: int) -> None:
    """From forward pass number `forwards` on, embeddings are not numbers."""
    count = 0
    embed = type(encoder).embed

    def embed_or_spoil(self: ToyEncoder, inputs: object, side: str) -> torch.Tensor:
        nonlocal count
        count += 1
        embedded = embed(self, inputs, side)
        return embedded * math.nan if count >= forwards else embedded

    monkeypatch.setattr(type(encoder), "embed", embed_or_spoil)


def watch(encoder: ToyEncoder, adapters: list[dict]) -> None:
    """Run to the end; `adapters` gets the adapter after each step."""
    for _ in finetune(encoder, make_pairs(), CONFIG):
        adapters.append(adapter_of(encoder))


def test_non_finite_loss_keeps_the_adapter_whose_loss_was_last_finite(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = adapted_encoder()
    spoil(encoder, monkeypatch, forwards=2 * 4 + 1)  # step 5
    adapters: list[dict] = []
    with pytest.raises(
        TrainingError, match=r"after step 4 of 9.*lower the learning rate"
    ) as caught:
        watch(encoder, adapters)
    assert "\n" not in str(caught.value)
    assert not encoder.module.training
    # Step 4's loss was that of step 3's adapter; what step 4 made of it is not known to be good.
    assert equal(adapter_of(encoder), adapters[2])


def test_last_update_is_looked_at_too(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = adapted_encoder()
    spoil(encoder, monkeypatch, forwards=2 * 9 + 1)
    adapters: list[dict] = []
    with pytest.raises(TrainingError, match="after step 9 of 9"):
        watch(encoder, adapters)
    assert equal(adapter_of(encoder), adapters[7])


def test_non_finite_gradient_is_not_taken() -> None:
    encoder = adapted_encoder()
    encoder.module[2].lora_B.register_hook(lambda gradient: gradient * math.inf)
    before = adapter_of(encoder)
    with pytest.raises(TrainingError, match="the gradient became"):
        list(finetune(encoder, make_pairs(), CONFIG))
    assert equal(adapter_of(encoder), before)


def test_full_memory_is_told_with_the_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    def embed(self: object, inputs: object, side: str) -> torch.Tensor:
        raise torch.OutOfMemoryError("CUDA out of memory.\nTried to allocate")

    encoder = adapted_encoder()
    monkeypatch.setattr(type(encoder), "embed", embed)
    for micro in (None, 3):
        config = dataclasses.replace(CONFIG, micro_batch_size=micro)
        with pytest.raises(TrainingError, match=r"one pair of a batch of 8.*lower the batch size"):
            list(finetune(encoder, make_pairs(), config))


def test_what_cannot_be_trained_is_refused() -> None:
    with pytest.raises(TrainingError, match="apply LoRA"):
        next(finetune(base_encoder(), make_pairs(), CONFIG))
    alike = dataclasses.replace(make_pairs(), pairs=tuple(Pair("x", f"{i}", i) for i in range(9)))
    for pairs in (alike, make_pairs(1)):
        with pytest.raises(DataError, match="cannot make a batch"):
            next(finetune(adapted_encoder(), pairs, CONFIG))
        with pytest.raises(DataError, match="cannot make a batch"):
            next(finetune(adapted_encoder(), make_pairs(), CONFIG, validation=pairs))


def test_adapter_that_no_embedding_passes_through_is_refused() -> None:
    encoder = adapted_encoder()
    encoder.module.requires_grad_(False)
    encoder.module.unused = torch.nn.Parameter(torch.zeros(1))
    with pytest.raises(TrainingError, match="choose target_modules"):
        next(finetune(encoder, make_pairs(), CONFIG))
