"""Batches larger than memory: chunk by chunk, with the gradients of the whole."""

from __future__ import annotations

import dataclasses
import weakref
from collections.abc import Callable

import pytest
import torch
from test_loop_failures import spoil
from torch import Tensor
from toy_encoder import ToyEncoder, adapted_encoder, adapter_of, equal, make_pairs

from lab.config import RunConfig, TrainConfig
from lab.data import load_pairs
from lab.data.dataset import PairDataset
from lab.data.pair import Pair
from lab.encoders import load_encoder
from lab.errors import TrainingError
from lab.training.embedder import Embedder
from lab.training.loop import finetune
from lab.training.session import inject
from lab.training.trainer import Trainer

CONFIG = TrainConfig(epochs=1, batch_size=12, learning_rate=0.01, learn_temperature=True)


def gradients(micro: int | None, dropout: float = 0.0) -> list[Tensor]:
    """Of one step's batch, before clipping; the temperature's last."""
    trainer = Trainer(
        adapted_encoder(dropout),
        make_pairs(),
        dataclasses.replace(CONFIG, micro_batch_size=micro, max_grad_norm=1e9),
    )
    trainer.step(trainer.plan[0][0])
    return [parameter.grad for parameter in trainer.parameters]


def test_chunks_hold_items_of_like_length(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["x" * length for length in (5, 1, 9, 3, 7, 2)]
    pairs = PairDataset("p", "text-text", tuple(Pair(t, t + "!", 2) for t in texts))
    chunks: list[list[int]] = []
    preprocess = ToyEncoder.preprocess

    def watch(self: ToyEncoder, items: list[str], *rest: object) -> dict[str, Tensor]:
        chunks.append([len(item) for item in items])
        return preprocess(self, items, *rest)

    monkeypatch.setattr(ToyEncoder, "preprocess", watch)
    encoder, batch = adapted_encoder(), [2, 0, 5, 1, 4, 3]
    with torch.no_grad():
        given = Embedder(encoder, "fp32", 4)(pairs, batch, "a")
        assert chunks == [[9, 7, 5, 3], [2, 1]]
        torch.testing.assert_close(given, Embedder(encoder, "fp32")(pairs, batch, "a"))


def keep_every_graph(monkeypatch: pytest.MonkeyPatch) -> None:
    """The slow obvious version: the same chunks, their graphs all in memory."""

    def call(function: Callable, *arguments: object, use_reentrant: bool) -> Tensor:
        return function(*arguments)

    monkeypatch.setattr("lab.training.embedder.checkpoint", call)


@pytest.mark.parametrize("micro", [1, 5, 6, 11, 12, 99])
def test_gradients_are_those_of_the_whole_batch(micro: int) -> None:
    for given, expected in zip(gradients(micro), gradients(None), strict=True):
        torch.testing.assert_close(given, expected, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("micro", [1, 5, 6])
def test_dropout_is_drawn_the_same_again(micro: int, monkeypatch: pytest.MonkeyPatch) -> None:
    cached, without = gradients(micro, dropout=0.5), gradients(micro)
    keep_every_graph(monkeypatch)
    for given, expected in zip(cached, gradients(micro, dropout=0.5), strict=True):
        torch.testing.assert_close(given, expected, atol=1e-5, rtol=1e-5)
    assert not all(map(torch.allclose, cached, without))


def test_run_with_dropout_is_that_of_kept_graphs_to_the_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    config = dataclasses.replace(CONFIG, epochs=3, micro_batch_size=5)

    def run() -> tuple[list[float], ToyEncoder]:
        encoder = adapted_encoder(0.3)
        return [step.loss for step in finetune(encoder, make_pairs(), config)], encoder

    (losses, encoder), (again, same) = run(), run()
    assert losses == again
    assert equal(adapter_of(encoder), adapter_of(same))
    keep_every_graph(monkeypatch)
    assert losses == pytest.approx(run()[0], abs=1e-5)


@pytest.mark.parametrize("family", ["clip", "gpt2", "bert", "sentence"])
def test_every_family_trains_as_with_kept_graphs(
    family: str, config_of: dict[str, RunConfig], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The networks' own dropout included, which all but CLIP's have."""
    config = config_of[family]
    base, pairs = load_encoder(config.model), load_pairs(config.pairs)

    def losses() -> list[float]:
        train = dataclasses.replace(config.train, micro_batch_size=3)
        return [step.loss for step in finetune(inject(base, config), pairs, train)]

    cached = losses()
    keep_every_graph(monkeypatch)
    assert cached == pytest.approx(losses(), abs=1e-5)


def test_side_that_is_frozen_is_embedded_in_chunks_too(config_of: dict[str, RunConfig]) -> None:
    config = config_of["clip"]
    text_only = dataclasses.replace(config.lora, target_modules=r"text_model\..*\.q_proj")
    config = dataclasses.replace(config, lora=text_only)
    base, pairs = load_encoder(config.model), load_pairs(config.pairs)
    sizes: list[int] = []
    base.module.vision_model.register_forward_hook(
        lambda module, inputs, output: sizes.append(len(output.pooler_output))
    )
    train = dataclasses.replace(config.train, micro_batch_size=3)
    list(finetune(inject(base, config), pairs, train))
    assert max(sizes) == 3
    assert sum(sizes) == len(pairs) + 8  # the first batch tells that nothing there trains


@pytest.mark.parametrize(("micro", "most"), [(None, 24), (4, 4)])
def test_one_chunks_activations_are_in_memory(micro: int | None, most: int) -> None:
    encoder = adapted_encoder()
    alive: list[weakref.ref] = []
    largest = 0

    def count(module: torch.nn.Module, inputs: tuple, output: Tensor) -> None:
        nonlocal largest
        alive.append(weakref.ref(output))
        rows = (activation() for activation in alive)
        largest = max(largest, sum(len(row) for row in rows if row is not None))

    encoder.module[1].register_forward_hook(count)
    trainer = Trainer(encoder, make_pairs(), dataclasses.replace(CONFIG, micro_batch_size=micro))
    trainer.step(trainer.plan[0][0])
    assert largest == most


def test_non_finite_loss_leaves_the_adapter_as_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    encoder = adapted_encoder()
    before = adapter_of(encoder)
    spoil(encoder, monkeypatch, forwards=1)
    config = dataclasses.replace(CONFIG, micro_batch_size=4)
    with pytest.raises(TrainingError, match="the loss became nan after step 0"):
        list(finetune(encoder, make_pairs(), config))
    assert equal(adapter_of(encoder), before)
