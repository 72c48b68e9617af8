"""Input tensors, and the pictures that are kept."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
import torch

from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.encoders import Encoder, load_encoder
from lab.training.inputs import InputPipeline
from lab.training.tensor_store import TensorStore

CPU = torch.device("cpu")


@pytest.fixture
def encoder(checkpoints: dict[str, Path]) -> Encoder:
    return load_encoder(checkpoints["clip"])


@pytest.fixture
def pairs(image_pairs: Path) -> PairDataset:
    return load_pairs(str(image_pairs))


@pytest.mark.parametrize("in_memory", [0, 1 << 20, 3 * 32 * 32 * 4 + 1])
@pytest.mark.parametrize("in_file", [0, 1 << 20, 3 * 32 * 32 * 4 + 1])
def test_inputs_are_the_encoders_own_whatever_is_kept(
    encoder: Encoder, pairs: PairDataset, in_memory: int, in_file: int
) -> None:
    pipeline = InputPipeline(encoder, CPU, TensorStore(in_memory, in_file))
    for batch in ([0, 1, 2], [2, 1], [3, 0]):
        for side, items in (("a", [pairs.a[i] for i in batch]), ("b", [pairs.b[i] for i in batch])):
            given, expected = pipeline(items, side), encoder.preprocess(items, side)
            assert given.keys() == expected.keys()
            assert all(torch.equal(given[name], expected[name]) for name in expected)


@pytest.mark.parametrize(
    ("in_memory", "in_file", "times"),
    [(2, 0, [1, 1, 3]), (0, 2, [1, 1, 3]), (1, 1, [1, 1, 3]), (1, 9, [1, 1, 1])],
)
def test_picture_is_prepared_once_while_there_is_room(
    in_memory: int,
    in_file: int,
    times: list[int],
    encoder: Encoder,
    pairs: PairDataset,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    prepared: list[str] = []
    preprocess = type(encoder).preprocess

    def count(self: Encoder, items: Sequence, *rest: object) -> dict:
        prepared.extend(item.key for item in items)
        return preprocess(self, items, *rest)

    one = encoder.preprocess([pairs.a[0]], "a")["pixel_values"].nbytes
    monkeypatch.setattr(type(encoder), "preprocess", count)
    pipeline = InputPipeline(encoder, CPU, TensorStore(in_memory * one, in_file * one))
    for _ in range(3):
        pipeline(pairs.a[:3], "a")
    assert [prepared.count(picture.key) for picture in pairs.a[:3]] == times


def test_pictures_not_to_be_kept_are_not(encoder: Encoder, pairs: PairDataset) -> None:
    store = TensorStore()
    InputPipeline(encoder, CPU, store)(pairs.a[:3], "a", keep=False)
    assert all(store.get(picture.key) is None for picture in pairs.a[:3])


def test_cuda_copies_from_pinned_memory_without_waiting(
    encoder: Encoder, pairs: PairDataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    pinned: list[torch.Tensor] = []
    told: list[tuple] = []

    def pin(self: torch.Tensor) -> torch.Tensor:
        pinned.append(self)
        return self

    def to(self: torch.Tensor, device: torch.device, non_blocking: bool) -> torch.Tensor:
        told.append((device.type, non_blocking, any(self is tensor for tensor in pinned)))
        return self

    pipeline = InputPipeline(encoder, torch.device("cuda"), TensorStore())
    inputs = encoder.preprocess(pairs.b[:2], "b")
    monkeypatch.setattr(
        encoder.tokenizer.__class__, "__call__", lambda self, texts, multiple_of: inputs
    )
    monkeypatch.setattr(torch.Tensor, "pin_memory", pin)
    monkeypatch.setattr(torch.Tensor, "to", to)
    assert pipeline(pairs.b[:2], "b") == inputs
    assert told == [("cuda", True, True)] * 2
